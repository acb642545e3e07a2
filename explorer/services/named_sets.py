"""Named sets of communes made on the page: kept as a load like any other, and undone like one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from explorer.services.holdings import to_undo
from explorer.wording import joined
from graph.errors import UsageError
from graph.identifiers import territory_ref
from graph.messages import text
from graph.store.port import GraphStore, LoadRecord, TerritoryQuery
from loaders.territories.typed import Resolved, Unclear, set_code, typed_batch

LOADER = "ensembles"
_TYPED = "ensembles:saisie-"


def save_set(store: GraphStore, name: str, communes: Mapping[str, str]) -> str:
    """Keep a named set of communes; return its reference, usable anywhere a territory is.

    A set of the same name that was typed in before is replaced.

    Raises
    ------
    UsageError
        A name that is none or that another source has, or no commune.
    StoreError
        The store cannot be used; it is as it was.
    """
    batch = typed_batch(name, list(communes))
    ref = territory_ref("set", set_code(name))
    held = store.territories(TerritoryQuery(ids=frozenset({ref})))
    own = {source.id for source in batch.sources}
    others = [source for item in held for source in item.sources if source not in own]
    if others:
        raise UsageError("typed.taken", value=name, sources=", ".join(sorted(others)))
    store.apply(batch)
    return ref


def last_typed(store: GraphStore) -> LoadRecord | None:
    """Return the load of sets to undo where it was typed in, None where a file came after it."""
    found = to_undo(store.loads()).get(LOADER)
    return found.load if found and found.load.series.startswith(_TYPED) else None


class Undone(NamedTuple):
    """A set that is no more as it was typed in last: its name and its reference."""

    name: str
    ref: str


def undo_typed(store: GraphStore) -> Undone:
    """Undo the last set that was typed in; one that it had replaced is there again.

    Raises
    ------
    UsageError
        No set was typed in, or a file of sets was loaded after it.
    """
    last = last_typed(store)
    if last is None:
        raise UsageError("typed.nothing_to_undo")
    store.undo(LOADER)
    code = last.series.removeprefix(_TYPED)
    return Undone(last.file or code, territory_ref("set", code))


def unclear_words(item: Unclear, language: str) -> str:
    """Return why an entry was not taken, and what to write."""
    key = "ambiguous" if item.choices else "unknown"
    choices = joined(list(item.choices), language) if item.choices else ""
    return text(f"typed.{key}", language, value=item.entry, choices=choices)


def found_words(found: Resolved, language: str) -> str:
    """Return how many communes were understood, and which."""
    names = ", ".join(found.communes.values())
    return text("typed.found", language, n=len(found.communes), names=names)
