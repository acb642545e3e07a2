"""What a store file says of itself: its loads, its counts, its revision."""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import datetime

import msgspec

from graph.store.encoding import CODES
from graph.store.port import (
    UNSTATED,
    LoadOutcome,
    LoadRecord,
    ReadReport,
    SourceStatus,
    StoreStatus,
)
from graph.store.sqlite.reader import read_sources


def read_loads(connection: sqlite3.Connection) -> list[LoadRecord]:
    """Return the recorded loads, latest first."""
    rows = connection.execute(
        "SELECT load.id, load.loader, series.id, load.loaded_at, load.file, load.checksum,"
        " load.changed, load.undone, load.report, load.outcome"
        " FROM load JOIN series ON series.key = load.series ORDER BY load.id DESC"
    )
    return [_record(*row) for row in rows]


def _record(*row: str | int | None) -> LoadRecord:
    ident, loader, series, loaded_at, file, checksum, changed, undone, report, outcome = row
    return LoadRecord(
        id=int(ident or 0),
        loader=str(loader),
        series=str(series),
        loaded_at=datetime.fromisoformat(str(loaded_at)),
        file=None if file is None else str(file),
        checksum=None if checksum is None else str(checksum),
        changed=bool(changed),
        undone=bool(undone),
        report=msgspec.json.decode(str(report), type=ReadReport),
        outcome=msgspec.json.decode(str(outcome), type=LoadOutcome),
    )


def read_scopes(connection: sqlite3.Connection) -> dict[int, frozenset[str] | None]:
    """Return the parts that each load spoke of, by its number; None is its whole series."""
    rows = connection.execute("SELECT id, parts FROM load")
    return {
        ident: msgspec.json.decode(parts, type=frozenset[str]) if parts else None
        for ident, parts in rows
    }


def read_status(connection: sqlite3.Connection, url: str) -> StoreStatus:
    """Return counts by kind, level and source."""
    return StoreStatus(
        store=url,
        structures=_counts(connection, "SELECT kind, count(*) FROM structure GROUP BY kind"),
        cooperations=_count(connection, "SELECT count(*) FROM cooperation"),
        memberships=_count(connection, "SELECT count(*) FROM membership"),
        territories=_counts(connection, "SELECT level, count(*) FROM territory GROUP BY level"),
        sources=_source_statuses(connection),
    )


def _source_statuses(connection: sqlite3.Connection) -> list[SourceStatus]:
    counts: Counter[tuple[str, int]] = Counter()
    rows = connection.execute(
        "SELECT name.id, claim.kind, count(DISTINCT claim.id)"
        " FROM claim JOIN source_key AS name ON name.key = claim.source"
        " WHERE claim.kind IN (?, ?) GROUP BY claim.source, claim.kind",
        (CODES["structure"], CODES["cooperation"]),
    )
    for source, kind, count in rows:
        counts[source, kind] += count
    return [
        SourceStatus(
            source=source,
            structures=counts[source.id, CODES["structure"]],
            cooperations=counts[source.id, CODES["cooperation"]],
        )
        for source in read_sources(connection)
    ]


def _counts(connection: sqlite3.Connection, query: str) -> dict[str, int]:
    counts = {key if key is not None else UNSTATED: n for key, n in connection.execute(query)}
    return dict(sorted(counts.items()))


def _count(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])


def read_revision(connection: sqlite3.Connection) -> int:
    """Return a number that grows with every change of content."""
    return _count(connection, "SELECT value FROM meta WHERE name = 'revision'")
