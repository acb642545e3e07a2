"""Sources: how each series describes them, and the node ``:Source`` that people see."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from graph.model import SourceRecord
from graph.store.encoding import encode
from graph.store.neo4j.server import Cypher
from graph.store.port import LoadBatch

RECORDS = """
MATCH (r:SourceRecord)
RETURN r.source, r.payload, r.load, r.series
"""
OF_SERIES = """
MATCH (r:SourceRecord)
WHERE r.series = $series AND r.source IS NOT NULL
RETURN r.source, r.payload, r.load
"""
REPLACED_BY = """
MATCH (r:ReplacedSource)
WHERE r.by_load = $load
RETURN r.source, r.load, r.payload
"""
CITED = """
UNWIND $ids AS id
MATCH (s:Source {id: id})
WHERE EXISTS { MATCH (s)<-[c:STATED_BY]-() WHERE c.series = $series }
RETURN s.id
"""
KEEP = """
UNWIND $rows AS r
OPTIONAL MATCH (o:SourceRecord {series: $series, source: r[0]})
CREATE (:ReplacedSource {by_load: $load, series: $series, source: r[0],
    load: o.load, payload: o.payload})
"""
WRITE = """
UNWIND $rows AS r
MERGE (o:SourceRecord {series: $series, source: r[0]})
SET o.payload = r[1], o.load = r[2]
MERGE (:Source {id: r[0]})
"""
REMOVE = """
UNWIND $rows AS r
MATCH (o:SourceRecord {series: $series, source: r[0]})
DELETE o
"""
SHOW = """
UNWIND $rows AS r
MERGE (s:Source {id: r[0]})
SET s += {family: r[1], title: r[2], publisher: r[3], date: r[4], licence: r[5], url: r[6],
    vintage: r[7], note: r[8]}
"""
HIDE = """
UNWIND $rows AS r
MATCH (s:Source {id: r[0]})
WHERE NOT EXISTS { (s)--() }
DELETE s
"""
SHOWN = ("id", "family", "title", "publisher", "date", "licence", "url", "vintage", "note")


def source_records(cypher: Cypher) -> dict[str, SourceRecord]:
    """Return the sources by id; where two series describe one differently, the latest loaded."""
    rows = sorted(cypher.rows(RECORDS), key=lambda row: (row[2], row[3]))
    return {ident: msgspec.json.decode(payload, type=SourceRecord) for ident, payload, _, _ in rows}


def write_sources(cypher: Cypher, batch: LoadBatch, load: int) -> set[str]:
    """Write the sources of `batch`; return those that changed.

    Those that the series no longer describes go once its claims are written, if none of them
    cites the source (see :func:`drop_sources`).
    """
    held = {ident: payload for ident, payload, _ in cypher.rows(OF_SERIES, series=batch.series)}
    stated = {source.id: encode(source) for source in batch.sources}
    changed = [ident for ident, payload in stated.items() if held.get(ident) != payload]
    _keep(cypher, changed, batch.series, load)
    if rows := [[ident, stated[ident], load] for ident in changed]:
        cypher.rows(WRITE, rows=rows, series=batch.series)
    return set(changed)


def drop_sources(cypher: Cypher, batch: LoadBatch, load: int) -> set[str]:
    """Drop the sources that `batch` does not describe and its series no longer cites."""
    held = {row[0] for row in cypher.rows(OF_SERIES, series=batch.series)}
    doubtful = sorted(held - {source.id for source in batch.sources})
    if not doubtful:
        return set()
    cited = {row[0] for row in cypher.rows(CITED, ids=doubtful, series=batch.series)}
    gone = [ident for ident in doubtful if ident not in cited]
    _keep(cypher, gone, batch.series, load)
    if gone:
        cypher.rows(REMOVE, rows=[[ident] for ident in gone], series=batch.series)
    return set(gone)


def replaced_by(cypher: Cypher, load: int) -> list[tuple[str, int | None, str | None]]:
    """Return how sources were described before a load: id, load, description (None if not)."""
    return [(ident, by, payload) for ident, by, payload in cypher.rows(REPLACED_BY, load=load)]


def restore_sources(
    cypher: Cypher, series: str, before: Collection[tuple[str, int | None, str | None]]
) -> None:
    """Put back how a series described sources: load and description, none if it did not."""
    kept = [[ident, payload, load] for ident, load, payload in before if payload is not None]
    gone = [[ident] for ident, _, payload in before if payload is None]
    if kept:
        cypher.rows(WRITE, rows=kept, series=series)
    if gone:
        cypher.rows(REMOVE, rows=gone, series=series)


def show_sources(cypher: Cypher, changed: Collection[str]) -> dict[str, SourceRecord]:
    """Write anew the nodes of sources that changed; return all sources as they are now."""
    records = source_records(cypher)
    if shown := [_row(records[ident]) for ident in changed if ident in records]:
        cypher.rows(SHOW, rows=shown)
    if hidden := [[ident] for ident in changed if ident not in records]:
        cypher.rows(HIDE, rows=hidden)
    return records


def _row(record: SourceRecord) -> list[Any]:
    return [getattr(record, name) for name in SHOWN]


def _keep(cypher: Cypher, ids: Collection[str], series: str, load: int) -> None:
    if ids:
        cypher.rows(KEEP, rows=[[ident] for ident in ids], series=series, load=load)
