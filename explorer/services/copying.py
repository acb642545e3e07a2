"""Copying a whole network from one store to another: to a team server, to a laptop, as a backup."""

from __future__ import annotations

import os
from contextlib import closing
from urllib.parse import urlsplit

import msgspec

from graph.errors import InputError, UsageError
from graph.store.open import open_store, store_file
from graph.store.port import GraphStore, Progress

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
BOLT_PORT = 7687


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """What a copy wrote: counts are those of the store that was written."""

    source: str
    target: str
    loads: int
    structures: int
    cooperations: int
    memberships: int
    territories: int

    def as_json(self) -> dict[str, object]:
        """Return the document that ``maillage copy --json`` prints."""
        counts = ("loads", "structures", "cooperations", "memberships", "territories")
        named = {name: getattr(self, name) for name in counts}
        return {"from": self.source, "to": self.target, **named}


def copy_network(
    source_url: str | None,
    target_url: str,
    *,
    replace: bool = False,
    progress: Progress | None = None,
) -> Copied:
    """Write all that one store keeps in another one, evidence and history of loads included.

    Parameters
    ----------
    source_url : str or None
        The store to read (None: the one in the user's data folder). It stays as it is.
    target_url : str
        The store to write; it must be empty, or `replace` given.
    replace : bool
        Whether all that the target holds goes.
    progress : callable, optional
        Told how far the copy is.

    Raises
    ------
    UsageError
        Both addresses are of the same store.
    InputError
        There is no network to copy.
    ConfirmationNeeded
        The target is not empty and `replace` was not given.
    StoreError
        A store cannot be used. After any error the target is as it was.
    """
    file = store_file(source_url)
    if file is not None and not file.exists():
        raise InputError("copy.no_file", file=str(file))
    with closing(open_store(source_url)) as source:
        if not source.loads():
            raise InputError("copy.nothing", store=source.url)
        with closing(open_store(target_url)) as target:
            if place_of(source.url) == place_of(target.url):
                raise UsageError("copy.same", store=source.url)
            with closing(source.dump()) as items:
                target.restore(items, replace=replace, progress=progress)
            return _copied(source.url, target)


def place_of(url: str) -> tuple[str, ...]:
    """Return what two addresses of the same open store have in common.

    Links to a file, schemes (``bolt``, ``neo4j``) and names of this machine are looked through;
    other names of a server are not.
    """
    file = store_file(url)
    if file is not None:
        return ("file", os.path.normcase(file.resolve()))
    parts = urlsplit(url)
    host = "localhost" if parts.hostname in LOOPBACK else str(parts.hostname)
    port = parts.port or BOLT_PORT
    return ("server", host, str(port), parts.path.strip("/") or "neo4j")


def _copied(source: str, target: GraphStore) -> Copied:
    held = target.status()
    return Copied(
        source=source,
        target=target.url,
        loads=len(target.loads()),
        structures=sum(held.structures.values()),
        cooperations=held.cooperations,
        memberships=held.memberships,
        territories=sum(held.territories.values()),
    )
