"""The tables of a store file, their version, and how an older file becomes a current one.

Claims are kept as they were stated, one row each; what people see is resolved from them into one
table for each kind of thing. A thing with a single plain claim shares that claim's text instead
of repeating it: a structure then has the key of that claim, a thing of another kind names it in
`claim`. Structures that are resolved from several claims have negative keys, and their text in
``merged_structure``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from graph.errors import StoreError, cause_of
from graph.store.port import SCHEMA_VERSION

APPLICATION_ID = 0x4D61696C
"""Written in the file's header, so that a file of another program is told apart: ``Mail``."""

_SQLITE_MAGIC = b"SQLite format 3\0"
_PAGE_BYTES = 16_384
"""Claims are some hundred bytes each: larger pages make a load a tenth quicker to write."""

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('revision', 0);

CREATE TABLE series (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE TABLE source_key (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);

CREATE TABLE load (
    id INTEGER PRIMARY KEY,
    loader TEXT NOT NULL,
    series INTEGER NOT NULL REFERENCES series (key),
    loaded_at TEXT NOT NULL,
    file TEXT,
    checksum TEXT,
    parts TEXT,
    report TEXT NOT NULL,
    outcome TEXT NOT NULL,
    changed INTEGER NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0,
    undoable INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE source (
    source INTEGER NOT NULL REFERENCES source_key (key),
    series INTEGER NOT NULL REFERENCES series (key),
    load INTEGER NOT NULL REFERENCES load (id),
    payload TEXT NOT NULL,
    PRIMARY KEY (source, series)
) WITHOUT ROWID;
CREATE TABLE source_history (
    by_load INTEGER NOT NULL REFERENCES load (id),
    source INTEGER NOT NULL,
    series INTEGER NOT NULL,
    load INTEGER,
    payload TEXT
);
CREATE INDEX source_history_by_load ON source_history (by_load);

CREATE TABLE claim (
    key INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    id TEXT NOT NULL,
    series INTEGER NOT NULL REFERENCES series (key),
    source INTEGER NOT NULL REFERENCES source_key (key),
    part TEXT NOT NULL,
    load INTEGER NOT NULL REFERENCES load (id),
    payload TEXT NOT NULL
);
CREATE UNIQUE INDEX claim_about ON claim (kind, id, series, source);
CREATE INDEX claim_series ON claim (series);
CREATE TABLE claim_history (
    by_load INTEGER NOT NULL REFERENCES load (id),
    kind INTEGER NOT NULL,
    id TEXT NOT NULL,
    series INTEGER NOT NULL,
    source INTEGER NOT NULL,
    part TEXT NOT NULL,
    load INTEGER NOT NULL,
    payload TEXT NOT NULL
);
CREATE INDEX claim_history_by_load ON claim_history (by_load);

CREATE TABLE geometry (digest BLOB NOT NULL UNIQUE, wkb BLOB NOT NULL);

CREATE TABLE structure (
    key INTEGER PRIMARY KEY,
    kind TEXT,
    level TEXT,
    commune TEXT,
    legal_entity TEXT,
    name TEXT,
    words TEXT
);
CREATE TABLE merged_structure (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    payload TEXT NOT NULL
);
CREATE VIRTUAL TABLE search USING fts5 (
    name, words,
    content = 'structure', content_rowid = 'key', detail = 'column', columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO search (search, rank) VALUES ('hashsize', 33554432);
CREATE TABLE cooperation (id TEXT PRIMARY KEY, claim INTEGER, payload TEXT) WITHOUT ROWID;
CREATE TABLE membership (id TEXT PRIMARY KEY, claim INTEGER, payload TEXT) WITHOUT ROWID;
CREATE TABLE territory (
    id TEXT PRIMARY KEY,
    level TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT,
    parents TEXT NOT NULL,
    claim INTEGER,
    payload TEXT
) WITHOUT ROWID;
"""


class Migration(NamedTuple):
    """How a file of `version` becomes one of the next version."""

    version: int
    sql: str


MIGRATIONS: tuple[Migration, ...] = ()
"""One step for each older version; version 1 is the first."""


def check_file(path: Path, wait: float) -> None:
    """Refuse, without touching it, a file that is no store or is one of a newer version.

    Raises
    ------
    StoreError
        With what the file is.
    """
    try:
        magic = _first_bytes(path)
    except OSError as error:
        raise StoreError("store.cannot_open", path=str(path), why=cause_of(error)) from error
    if not magic:
        return
    if magic != _SQLITE_MAGIC:
        raise StoreError("store.foreign", path=str(path))
    # Read only: the last reader of a file opened for writing would tidy its log up.
    address = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(address, uri=True, timeout=wait)
    try:
        check_version(connection, path)
    finally:
        connection.close()


def _first_bytes(path: Path) -> bytes:
    """Return the start of a file, nothing if there is none."""
    if not path.exists():
        return b""
    with path.open("rb") as stream:
        return stream.read(len(_SQLITE_MAGIC))


def check_version(connection: sqlite3.Connection, path: Path) -> int:
    """Return the version of the file (0 if it is empty) after checking that it can be used."""
    application, version = _header(connection)
    if (application, version) == (0, 0):
        if not _has_tables(connection):
            return 0
        application, version = _header(connection)  # another process may have just made them
    if application != APPLICATION_ID:
        raise StoreError("store.foreign", path=str(path))
    if version > SCHEMA_VERSION:
        raise StoreError("store.newer", path=str(path), version=version, supported=SCHEMA_VERSION)
    return version


def prepare(
    connection: sqlite3.Connection,
    path: Path,
    migrations: Sequence[Migration] = MIGRATIONS,
    target: int = SCHEMA_VERSION,
) -> None:
    """Make the tables of a new file, or bring an older one to `target`, in one transaction."""
    if check_version(connection, path) == target:
        return
    connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")  # heeded while a file is empty
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it while we waited for the lock.
        version = check_version(connection, path)
        script = TABLES if version == 0 else _path_between(migrations, version, target, path)
        for statement in _statements(script if version != target else ""):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {target}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk ended it already
            connection.execute("ROLLBACK")
        raise


def _path_between(migrations: Sequence[Migration], version: int, target: int, path: Path) -> str:
    steps = {step.version: step.sql for step in migrations}
    missing = [number for number in range(version, target) if number not in steps]
    if missing:
        raise StoreError("store.older", path=str(path), version=version, supported=target)
    return ";\n".join(steps[number] for number in range(version, target))


def _statements(script: str) -> list[str]:
    return [statement for statement in script.split(";") if statement.strip()]


def _header(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return what the header says of the program and of the version."""
    # In this order: what another process has just made may then look older, never foreign.
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    return int(connection.execute("PRAGMA application_id").fetchone()[0]), version


def _has_tables(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is not None
