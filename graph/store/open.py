"""From a store URL to a store."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from platformdirs import user_data_path

from graph.errors import StoreError
from graph.store.port import GraphStore
from graph.store.sqlite import SqliteStore

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_SQLITE = "sqlite:///"


def default_url() -> str:
    """Return the URL of the store in the user's data folder."""
    return f"{_SQLITE}{default_path().as_posix()}"


def default_path() -> Path:
    """Return the file of the store in the user's data folder."""
    return user_data_path("maillage", appauthor=False) / "maillage.db"


def open_store(url: str | None = None) -> GraphStore:
    """Open the store at `url`, making it if it does not exist.

    Parameters
    ----------
    url : str, optional
        ``sqlite:///file.db`` (relative), ``sqlite:////folder/file.db`` or
        ``sqlite:///C:/folder/file.db`` (absolute); or ``neo4j://host:7687[/database]`` (with
        ``+s`` encrypted), the credentials then in the environment. By default a file in the
        user's data folder.

    Raises
    ------
    StoreError
        The URL is of no store that this version knows, or the store cannot be used.
    """
    url = url or default_url()
    match = _SCHEME.match(url)
    opener = dict(STORES).get(match[1].lower() if match else "")
    if opener is None:
        # The address may hold a password: only its scheme is shown.
        shown = f"{match[1]}:…" if match and "@" in url else url
        raise StoreError("store.unknown_url", url=shown, example=default_url())
    return opener(url)


def store_file(url: str | None) -> Path | None:
    """Return the file of the store at `url`, whether it is there or not; None on a server."""
    url = url or default_url()
    if not url.lower().startswith(_SQLITE):
        return None
    return Path(url[len(_SQLITE) :]).expanduser().absolute()


def _open_sqlite(url: str) -> GraphStore:
    path = url[len(_SQLITE) :]
    if not url.lower().startswith(_SQLITE) or not path:
        raise StoreError("store.bad_sqlite_url", url=url, example=default_url())
    return SqliteStore(path)


def _open_neo4j(url: str) -> GraphStore:
    from graph.store.neo4j import Neo4jStore

    return Neo4jStore(url)


NEO4J_SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")

STORES: tuple[tuple[str, Callable[[str], GraphStore]], ...] = (
    ("sqlite", _open_sqlite),
    *((scheme, _open_neo4j) for scheme in NEO4J_SCHEMES),
)
"""Every store of this version: scheme of its URL, how it is opened."""
