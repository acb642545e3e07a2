"""All that a store file keeps, given out and taken in: the way from one store to another."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Iterator
from itertools import islice

import msgspec

from graph.errors import ConfirmationNeeded
from graph.model import AnyClaim, SourceRecord, TerritoryClaim
from graph.store.encoding import code_of, decode_claim, encode, without_polygon
from graph.store.port import ClaimState, LoadState, Progress, SourceState, StateItem
from graph.store.sqlite import writer
from graph.store.sqlite.journal import read_loads
from graph.store.sqlite.keys import Keys
from graph.store.sqlite.materialise import materialise
from graph.store.sqlite.reader import restore_polygons
from graph.store.sqlite.touched import Touched

CHUNK = 1_000
"""How many claims are held at once; polygons are large."""

LOADS = "SELECT id, parts, undoable FROM load"
SOURCES = """
SELECT name.id, series.id, source.payload, source.load, NULL FROM source
JOIN source_key AS name ON name.key = source.source JOIN series ON series.key = source.series
ORDER BY name.id, series.id
"""
SOURCES_BEFORE = """
SELECT name.id, series.id, old.payload, old.load, old.by_load FROM source_history AS old
JOIN source_key AS name ON name.key = old.source JOIN series ON series.key = old.series
ORDER BY old.by_load, name.id, series.id
"""
CLAIMS = """
SELECT claim.kind, claim.payload, series.id, claim.load, NULL FROM claim
JOIN source_key AS name ON name.key = claim.source JOIN series ON series.key = claim.series
ORDER BY claim.kind, claim.id, series.id, name.id
"""
CLAIMS_BEFORE = """
SELECT old.kind, old.payload, series.id, old.load, old.by_load FROM claim_history AS old
JOIN source_key AS name ON name.key = old.source JOIN series ON series.key = old.series
ORDER BY old.by_load, old.kind, old.id, series.id, name.id
"""

ADD_LOAD = """
INSERT INTO load (id, loader, series, loaded_at, file, checksum, parts, report, outcome, changed,
    undone, undoable)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
ADD_SOURCE = "INSERT INTO source (source, series, load, payload) VALUES (?, ?, ?, ?)"
ADD_SOURCE_BEFORE = """
INSERT INTO source_history (source, series, load, payload, by_load) VALUES (?, ?, ?, ?, ?)
"""
ADD_CLAIM = """
INSERT INTO claim (kind, id, series, source, part, load, payload) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
ADD_CLAIM_BEFORE = """
INSERT INTO claim_history (kind, id, series, source, part, load, payload, by_load)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
PLAIN_TABLES = """
SELECT name FROM sqlite_schema
WHERE type = 'table' AND name NOT IN ('meta', 'search') AND name NOT GLOB 'search_*'
    AND name NOT GLOB 'sqlite_*'
"""


def dump(connection: sqlite3.Connection) -> Generator[StateItem, None, None]:
    """Yield all that the file keeps, in the order that the port promises."""
    yield from _loads(connection)
    for query in (SOURCES, SOURCES_BEFORE):
        for ident, series, payload, load, by in connection.execute(query):
            source = msgspec.json.decode(payload, type=SourceRecord) if payload else None
            yield SourceState(id=ident, series=series, source=source, load_id=load, replaced_by=by)
    for query in (CLAIMS, CLAIMS_BEFORE):
        yield from _claims(connection, query)


def _loads(connection: sqlite3.Connection) -> Iterator[LoadState]:
    kept = {ident: values for ident, *values in connection.execute(LOADS)}
    for record in reversed(read_loads(connection)):
        parts, undoable = kept[record.id]
        yield LoadState(
            record=record,
            parts=msgspec.json.decode(parts, type=frozenset[str]) if parts else None,
            undoable=bool(undoable),
        )


def _claims(connection: sqlite3.Connection, query: str) -> Iterator[ClaimState]:
    rows = connection.execute(query)
    while chunk := list(islice(rows, CHUNK)):
        claims = [decode_claim(payload) for _, payload, *_ in chunk]
        drawn = [claim for claim in claims if isinstance(claim, TerritoryClaim)]
        restore_polygons(connection, drawn, wanted=True)
        for claim, (_, _, series, load, by) in zip(claims, chunk, strict=True):
            yield ClaimState(claim=claim, series=series, load_id=load, replaced_by=by)


def check_empty(connection: sqlite3.Connection, url: str) -> None:
    """Ask before anything is replaced.

    Raises
    ------
    ConfirmationNeeded
        A load was recorded here.
    """
    count = int(connection.execute("SELECT count(*) FROM load").fetchone()[0])
    if count:
        raise ConfirmationNeeded("store.not_empty", store=url, n=count)


def clear(connection: sqlite3.Connection) -> None:
    """Delete all that is kept; the revision goes on counting."""
    for (table,) in connection.execute(PLAIN_TABLES).fetchall():
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - a name from the schema
    connection.execute("INSERT INTO search (search) VALUES ('delete-all')")


def restore(connection: sqlite3.Connection, items: Iterable[StateItem], tell: Progress) -> None:
    """Write `items` in an empty file and work out what people see."""
    keys = Keys(connection)
    writing = _Writing(connection, keys)
    stream = iter(items)
    done = 0
    while chunk := list(islice(stream, CHUNK)):
        tell("progress.store.writing", done, None)
        writing.write(chunk)
        done += len(chunk)
    materialise(
        connection,
        keys,
        writing.touched(),
        (),
        lambda done, total: tell("progress.store.resolving", done, total),
    )
    writer.bump_revision(connection)


class _Writing:
    """Writes items as they come, and notes which things they speak of."""

    def __init__(self, connection: sqlite3.Connection, keys: Keys) -> None:
        self._connection = connection
        self._keys = keys
        self._written: list[tuple[int, AnyClaim]] = []

    def touched(self) -> Touched:
        """Return the things that the claims written speak of."""
        touched = Touched()
        touched.add(self._written)
        return touched

    def write(self, items: Iterable[StateItem]) -> None:
        for item in items:
            if isinstance(item, LoadState):
                self._load(item)
            elif isinstance(item, SourceState):
                self._source(item)
            else:
                self._claim(item)

    def _load(self, item: LoadState) -> None:
        load = item.record
        self._connection.execute(
            ADD_LOAD,
            (
                *(load.id, load.loader, self._keys.add_series(load.series)),
                *(load.loaded_at.isoformat(), load.file, load.checksum),
                None if item.parts is None else encode(sorted(item.parts)),
                *(encode(load.report), encode(load.outcome), load.changed),
                *(load.undone, item.undoable),
            ),
        )

    def _source(self, item: SourceState) -> None:
        key, series = self._keys.add_source(item.id), self._keys.add_series(item.series)
        payload = encode(item.source) if item.source else None
        values = (key, series, item.load_id, payload)
        if item.replaced_by is None:
            self._connection.execute(ADD_SOURCE, values)
        else:
            self._connection.execute(ADD_SOURCE_BEFORE, (*values, item.replaced_by))

    def _claim(self, item: ClaimState) -> None:
        polygons: dict[bytes, bytes] = {}
        claim = without_polygon(item.claim, polygons)
        writer.write_polygons(self._connection, polygons)
        values = (
            *(code_of(claim), claim.id, self._keys.add_series(item.series)),
            *(self._keys.add_source(claim.source), claim.part, item.load_id, encode(claim)),
        )
        if item.replaced_by is None:
            row = self._connection.execute(ADD_CLAIM, values).lastrowid
            self._written.append((int(row or 0), claim))
        else:
            self._connection.execute(ADD_CLAIM_BEFORE, (*values, item.replaced_by))
