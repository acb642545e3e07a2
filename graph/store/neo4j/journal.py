"""What a store says of itself: its marker (which is the lock of loads), its loads, its counts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from graph.errors import StoreError
from graph.model import EntityKind
from graph.store.encoding import encode
from graph.store.neo4j.schema import MARKER
from graph.store.neo4j.server import Cypher
from graph.store.neo4j.sources import source_records
from graph.store.port import (
    UNSTATED,
    LoadBatch,
    LoadOutcome,
    LoadRecord,
    ReadReport,
    SourceStatus,
    StoreStatus,
)
from graph.store.rules import KEPT_LOADS

LOCK = """
MATCH (m:Maillage {id: $marker})
SET m.writer = $token
RETURN m.loads
"""
"""Writing to the marker locks it until the transaction ends: one load at a time."""
UNLOCK = """
MATCH (m:Maillage {id: $marker})
SET m.loads = $load, m.revision = m.revision + $more
REMOVE m.writer
"""
RELEASE = "MATCH (m:Maillage {id: $marker}) REMOVE m.writer"
REVISION = "MATCH (m:Maillage {id: $marker}) RETURN m.revision"
RECORD = """
CREATE (l:Load {id: $id, token: $token, loader: $loader, series: $series, loaded_at: $loaded_at,
    file: $file, checksum: $checksum, parts: $parts, report: $report, outcome: $outcome,
    changed: $changed, undone: false, undoable: true})
"""
UNDO = """
MATCH (l:Load)
WHERE l.loader = $loader AND l.changed AND NOT l.undone
RETURN l.id, l.series, l.undoable ORDER BY l.id DESC LIMIT 1
"""
LATER = """
MATCH (l:Load)
WHERE l.series = $series AND l.id > $load AND l.changed AND NOT l.undone
RETURN max(l.loader)
"""
UNDONE = """
MATCH (l:Load {series: $series})
WHERE l.id >= $load AND NOT l.undone
SET l.undone = true
"""
OUTCOME_OF = "MATCH (l:Load {token: $token}) RETURN l.outcome"
LOADS = """
MATCH (l:Load)
RETURN l.id, l.loader, l.series, l.loaded_at, l.file, l.checksum, l.changed, l.undone, l.report,
    l.outcome
ORDER BY l.id DESC
"""
SCOPES = "MATCH (l:Load) RETURN l.id, l.parts"
OLD = """
MATCH (l:Load {series: $series})
WHERE l.changed AND NOT l.undone AND l.undoable
WITH l ORDER BY l.id DESC SKIP $kept
SET l.undoable = false
RETURN l.id
"""
FORGET_CLAIMS = "UNWIND $rows AS r MATCH (h:ReplacedClaim {by_load: r[0]}) DELETE h"
FORGET_SOURCES = "UNWIND $rows AS r MATCH (h:ReplacedSource {by_load: r[0]}) DELETE h"
STRUCTURES = "MATCH (s:Structure) RETURN s.kind, count(*)"
COOPERATIONS = "MATCH (c:Cooperation) RETURN count(c)"
MEMBERSHIPS = "MATCH (m:Membership) RETURN count(m)"
TERRITORIES = "MATCH (t:Territory) RETURN t.level, count(*)"
SPOKEN_OF = """
MATCH (s:Source)<-[:STATED_BY]-(e:Structure|Cooperation)
RETURN s.id, CASE WHEN e:Structure THEN 'structure' ELSE 'cooperation' END, count(DISTINCT e)
"""
UNUSED_POLYGONS = """
MATCH (g:Geometry)
WHERE NOT EXISTS { MATCH ()-[c:STATED_BY]->() WHERE c.geometry = g.digest }
AND NOT EXISTS { MATCH (h:ReplacedClaim) WHERE h.geometry = g.digest }
DELETE g
"""


class Taken(NamedTuple):
    """The lock of a store, taken by the load that will have `number`."""

    token: str
    number: int


def lock(cypher: Cypher, token: str) -> Taken:
    """Wait for the load that runs, if one does, and keep others waiting."""
    return Taken(token, int(cypher.rows(LOCK, marker=MARKER, token=token)[0][0]) + 1)


def unlock(cypher: Cypher, load: int, *, changed: bool) -> None:
    """Let the next load go once this one is kept; tell caches whether the content changed."""
    cypher.rows(UNLOCK, marker=MARKER, load=load, more=int(changed))


def release(cypher: Cypher) -> None:
    """Let the next load go; nothing was loaded."""
    cypher.rows(RELEASE, marker=MARKER)


def revision(cypher: Cypher) -> int:
    """Return a number that grows with every change of content."""
    return int(cypher.rows(REVISION, marker=MARKER)[0][0])


def record_load(
    cypher: Cypher, batch: LoadBatch, taken: Taken, outcome: LoadOutcome, *, changed: bool
) -> None:
    """Write down that `batch` was loaded, with its report and what it changed."""
    cypher.rows(
        RECORD,
        id=taken.number,
        token=taken.token,
        loader=batch.loader,
        series=batch.series,
        loaded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        file=batch.file,
        checksum=batch.checksum,
        parts=None if batch.parts is None else sorted(batch.parts),
        report=encode(batch.report),
        outcome=encode(outcome),
        changed=changed,
    )


def outcome_of(cypher: Cypher, token: str) -> LoadOutcome | None:
    """Return what a load changed; None if it was not kept."""
    found = cypher.rows(OUTCOME_OF, token=token)
    return msgspec.json.decode(found[0][0], type=LoadOutcome) if found else None


class LoadToUndo(NamedTuple):
    """The last load of a loader that changed something and stands."""

    id: int
    series: str


def load_to_undo(cypher: Cypher, loader: str) -> LoadToUndo:
    """Return the last load of `loader` that changed something and is not undone.

    Raises
    ------
    StoreError
        There is none, its before images are gone, or a later load built on it.
    """
    found = cypher.rows(UNDO, loader=loader)
    if not found:
        raise StoreError("store.nothing_to_undo", loader=loader)
    load, series, undoable = found[0]
    if not undoable:
        raise StoreError("store.undo_too_old", loader=loader, load=load)
    later = cypher.rows(LATER, series=series, load=load)[0][0]
    if later is not None:
        raise StoreError("store.undo_later", loader=loader, later=later, series=series)
    return LoadToUndo(load, series)


def mark_undone(cypher: Cypher, load: LoadToUndo) -> None:
    """Write down that a load, and those of its series that found it in place, are undone.

    Its before images go.
    """
    cypher.rows(UNDONE, load=load.id, series=load.series)
    forget(cypher, [load.id])


def prune_history(cypher: Cypher, series: str) -> bool:
    """Drop the before images of all but the latest loads of `series`; tell whether any went."""
    old = cypher.rows(OLD, series=series, kept=KEPT_LOADS)
    if old:
        forget(cypher, [row[0] for row in old])
    return bool(old)


def forget(cypher: Cypher, loads: list[int]) -> None:
    """Drop the before images of loads."""
    for text in (FORGET_CLAIMS, FORGET_SOURCES):
        cypher.rows(text, rows=[[load] for load in loads])


def drop_unused_polygons(cypher: Cypher) -> None:
    """Delete the polygons that no claim uses, nor a claim that an undo could restore."""
    cypher.rows(UNUSED_POLYGONS)


def read_loads(cypher: Cypher) -> list[LoadRecord]:
    """Return the recorded loads, latest first."""
    return [_record(row) for row in cypher.rows(LOADS)]


def _record(row: list[Any]) -> LoadRecord:
    ident, loader, series, loaded_at, file, checksum, changed, undone, report, outcome = row
    return LoadRecord(
        id=ident,
        loader=loader,
        series=series,
        loaded_at=datetime.fromisoformat(loaded_at),
        file=file,
        checksum=checksum,
        changed=changed,
        undone=undone,
        report=msgspec.json.decode(report, type=ReadReport),
        outcome=msgspec.json.decode(outcome, type=LoadOutcome),
    )


def read_scopes(cypher: Cypher) -> dict[int, frozenset[str] | None]:
    """Return the parts that each load spoke of, by its number; None is its whole series."""
    return {
        ident: None if parts is None else frozenset(parts) for ident, parts in cypher.rows(SCOPES)
    }


def read_status(cypher: Cypher, url: str) -> StoreStatus:
    """Return counts by kind, level and source."""
    return StoreStatus(
        store=url,
        structures=_counts(cypher.rows(STRUCTURES)),
        cooperations=cypher.rows(COOPERATIONS)[0][0],
        memberships=cypher.rows(MEMBERSHIPS)[0][0],
        territories=_counts(cypher.rows(TERRITORIES)),
        sources=_source_statuses(cypher),
    )


def _source_statuses(cypher: Cypher) -> list[SourceStatus]:
    counts: dict[tuple[str, EntityKind], int] = {
        (source, kind): count for source, kind, count in cypher.rows(SPOKEN_OF)
    }
    return [
        SourceStatus(
            source=source,
            structures=counts.get((ident, "structure"), 0),
            cooperations=counts.get((ident, "cooperation"), 0),
        )
        for ident, source in sorted(source_records(cypher).items())
    ]


def _counts(rows: list[list[Any]]) -> dict[str, int]:
    return dict(sorted((UNSTATED if key is None else key, count) for key, count in rows))
