"""Writes of one load: claims with their before images, sources, the record of the load."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from operator import attrgetter

from graph.model import AnyClaim
from graph.store.encoding import code_of, encode, encode_claims
from graph.store.port import LoadBatch, LoadOutcome
from graph.store.rules import KEPT_LOADS
from graph.store.sqlite import bulk
from graph.store.sqlite.compare import Difference
from graph.store.sqlite.keys import Keys
from graph.store.sqlite.touched import Touched

KEEP_CLAIM = """
INSERT INTO claim_history (by_load, kind, id, series, source, part, load, payload)
SELECT ?, kind, id, series, source, part, load, payload FROM claim WHERE key = ?
"""
KEEP_SOURCE = """
INSERT INTO source_history (by_load, source, series, load, payload)
SELECT :by_load, :source, :series, old.load, old.payload
FROM (SELECT 1) LEFT JOIN source AS old ON old.source = :source AND old.series = :series
"""
CLAIM = "claim (key, kind, id, series, source, part, load, payload)"
UNDO_TABLES = ("claim_history", "source_history")


def next_load(connection: sqlite3.Connection) -> int:
    """Return the number of the load that is being written (loads are never deleted)."""
    return int(connection.execute("SELECT coalesce(max(id), 0) + 1 FROM load").fetchone()[0])


def record_load(
    connection: sqlite3.Connection,
    keys: Keys,
    batch: LoadBatch,
    outcome: LoadOutcome,
    *,
    changed: bool,
) -> None:
    """Write down that `batch` was loaded, with its report and what it changed."""
    parts = None if batch.parts is None else encode(sorted(batch.parts))
    values = {
        "id": outcome.load_id,
        "loader": batch.loader,
        "series": keys.add_series(batch.series),
        "loaded_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "file": batch.file,
        "checksum": batch.checksum,
        "parts": parts,
        "report": encode(batch.report),
        "outcome": encode(outcome),
        "changed": changed,
    }
    connection.execute(
        "INSERT INTO load"
        " (id, loader, series, loaded_at, file, checksum, parts, report, outcome, changed)"
        " VALUES (:id, :loader, :series, :loaded_at, :file, :checksum, :parts, :report,"
        " :outcome, :changed)",
        values,
    )


def write_claims(
    connection: sqlite3.Connection, keys: Keys, found: Difference, series: int, load: int
) -> Touched:
    """Write what `found` says, keep what it replaces, and return what has to be resolved again."""
    changed = [*found.updated, *found.moved]
    replaced = [key for key, _ in changed] + [row.key for row in found.removed]
    connection.executemany(KEEP_CLAIM, ((load, key) for key in replaced))
    connection.executemany("DELETE FROM claim WHERE key = ?", ((row.key,) for row in found.removed))
    connection.executemany(
        "UPDATE claim SET part = ?, load = ?, payload = ? WHERE key = ?",
        ((claim.part, load, encode(claim), key) for key, claim in changed),
    )
    added = _insert(connection, keys, found.added, series, load)
    touched = Touched()
    touched.change(changed)
    touched.add(added)
    for row in found.removed:
        touched.forget(row.key, row.kind, row.id)
    return touched


def _insert(
    connection: sqlite3.Connection, keys: Keys, added: list[AnyClaim], series: int, load: int
) -> list[tuple[int, AnyClaim]]:
    first = int(connection.execute("SELECT coalesce(max(key), 0) + 1 FROM claim").fetchone()[0])
    sources = sorted({claim.source for claim in added})
    numbers = {source: keys.add_source(source) for source in sources}
    # Values that all rows share are written in the statement: binding them costs at each row.
    row = f"(?, ?, ?, {series:d}, ?, ?, {load:d}, CAST(? AS TEXT))"
    columns = (
        range(first, first + len(added)),
        map(code_of, added),
        map(attrgetter("id"), added),
        (numbers[claim.source] for claim in added),
        map(attrgetter("part"), added),
        _encoded(added),
    )
    with bulk.Writing(connection) as rows:
        rows.insert(CLAIM, row, columns)
    return list(zip(count(first), added, strict=False))


def _encoded(claims: Sequence[AnyClaim]) -> Iterator[bytes]:
    """Yield the text of each claim; that of a few hundred is held at a time."""
    for start in range(0, len(claims), bulk.ROWS):
        yield from encode_claims(claims[start : start + bulk.ROWS])


def write_polygons(connection: sqlite3.Connection, polygons: dict[bytes, bytes]) -> None:
    """Keep polygons that are not kept yet."""
    connection.executemany(
        "INSERT OR IGNORE INTO geometry (digest, wkb) VALUES (?, ?)", polygons.items()
    )


def write_sources(
    connection: sqlite3.Connection, keys: Keys, batch: LoadBatch, load: int
) -> set[str]:
    """Write the sources of `batch` and drop those that its series no longer cites.

    Returns
    -------
    set of str
        The sources of which the record changed.
    """
    series = keys.add_series(batch.series)
    held: dict[int, str] = dict(
        connection.execute("SELECT source, payload FROM source WHERE series = ?", (series,))
    )
    changed = set()
    for source in batch.sources:
        key, payload = keys.add_source(source.id), encode(source)
        if held.pop(key, None) != payload:
            _keep_source(connection, key, series, load)
            connection.execute(
                "INSERT OR REPLACE INTO source (source, series, load, payload) VALUES (?, ?, ?, ?)",
                (key, series, load, payload),
            )
            changed.add(source.id)
    for key in held.keys() - _cited(connection, series, held):
        _keep_source(connection, key, series, load)
        connection.execute("DELETE FROM source WHERE source = ? AND series = ?", (key, series))
        changed.add(keys.source_id(key))
    return changed


def _keep_source(connection: sqlite3.Connection, source: int, series: int, load: int) -> None:
    connection.execute(KEEP_SOURCE, {"by_load": load, "source": source, "series": series})


def _cited(connection: sqlite3.Connection, series: int, held: dict[int, str]) -> set[int]:
    """Return the sources of a series that its claims cite (asked only where some are in doubt)."""
    if not held:
        return set()
    rows = connection.execute("SELECT DISTINCT source FROM claim WHERE series = ?", (series,))
    return {int(source) for (source,) in rows}


def prune_history(connection: sqlite3.Connection, series: int) -> None:
    """Drop the before images of all but the latest loads of `series`."""
    old = connection.execute(
        "SELECT id FROM load WHERE series = ? AND changed = 1 AND undone = 0 AND undoable = 1"
        " ORDER BY id DESC LIMIT -1 OFFSET ?",
        (series, KEPT_LOADS),
    ).fetchall()
    connection.executemany("UPDATE load SET undoable = 0 WHERE id = ?", old)
    for table in UNDO_TABLES:
        connection.executemany(f"DELETE FROM {table} WHERE by_load = ?", old)  # noqa: S608


def bump_revision(connection: sqlite3.Connection) -> None:
    """Tell caches that the content changed."""
    connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'revision'")
