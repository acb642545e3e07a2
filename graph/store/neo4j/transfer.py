"""All that a store keeps, given out and taken in: the way from one store to another."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any, NamedTuple

import msgspec

from graph.errors import ConfirmationNeeded
from graph.model import EntityKind, SourceRecord, TerritoryClaim
from graph.store.encoding import (
    CODES,
    KINDS,
    code_of,
    decode_claim,
    encode,
    restore_polygon,
    without_polygon,
)
from graph.store.neo4j import claims, journal, sources
from graph.store.neo4j.claims import Written
from graph.store.neo4j.labels import split_entity
from graph.store.neo4j.loading import write_polygons
from graph.store.neo4j.materialise import Load, Tell, Touched, materialise
from graph.store.neo4j.server import Cypher, in_batches
from graph.store.port import ClaimState, LoadState, Progress, SourceState, StateItem

LOADS = "MATCH (l:Load) RETURN l.id, l.parts, l.undoable"
SOURCES = "MATCH (r:SourceRecord) RETURN r.source, r.series, r.payload, r.load"
SOURCES_BEFORE = """
MATCH (r:ReplacedSource) RETURN r.source, r.series, r.payload, r.load, r.by_load
"""
CLAIMS = """
MATCH (e:Entity)-[c:STATED_BY]->(s:Source) RETURN e.ref, c.series, s.id, c.payload, c.load
"""
CLAIMS_BEFORE = """
MATCH (h:ReplacedClaim) RETURN h.ref, h.series, h.source, h.payload, h.load, h.by_load
"""
POLYGONS = "MATCH (g:Geometry) RETURN g.digest, g.wkb"
COUNT_LOADS = "MATCH (l:Load) RETURN count(l)"
CLEAR = tuple(
    f"MATCH (n:{label}) DETACH DELETE n"
    for label in (
        *("Entity", "Source", "SourceRecord", "ReplacedSource", "ReplacedClaim", "Load"),
        "Geometry",
    )
)
ADD_LOADS = """
UNWIND $rows AS r
CREATE (l:Load {id: r[0], token: r[1], loader: r[2], series: r[3], loaded_at: r[4], file: r[5],
    checksum: r[6], parts: r[7], report: r[8], outcome: r[9], changed: r[10], undone: r[11],
    undoable: r[12]})
"""
ADD_SOURCES_BEFORE = """
UNWIND $rows AS r
CREATE (:ReplacedSource {source: r[0], series: r[1], payload: r[2], load: r[3], by_load: r[4]})
"""
ADD_CLAIMS_BEFORE = """
UNWIND $rows AS r
CREATE (:ReplacedClaim {ref: r[0], series: r[1], part: r[2], load: r[3], locator: r[4],
    stated: r[5], placed: r[6], payload: r[7], geometry: r[8], source: r[9], by_load: r[10]})
"""


class Kept(NamedTuple):
    """What the server keeps, as texts: read at one moment, given out later."""

    loads: list[LoadState]
    sources: list[SourceState]
    claims: list[list[Any]]
    polygons: dict[bytes, bytes]


def read_kept(cypher: Cypher) -> Kept:
    """Read all that the store keeps."""
    kept = {ident: values for ident, *values in cypher.rows(LOADS)}
    loads = [
        LoadState(
            record=record,
            parts=None if kept[record.id][0] is None else frozenset(kept[record.id][0]),
            undoable=kept[record.id][1],
        )
        for record in reversed(journal.read_loads(cypher))
    ]
    described = [[*row, None] for row in cypher.rows(SOURCES)] + cypher.rows(SOURCES_BEFORE)
    stated = [[*row, None] for row in cypher.rows(CLAIMS)] + cypher.rows(CLAIMS_BEFORE)
    return Kept(
        loads,
        sorted(map(_source, described), key=_source_order),
        sorted(stated, key=_order),
        {bytes.fromhex(digest): wkb for digest, wkb in cypher.rows(POLYGONS)},
    )


def _source(row: list[Any]) -> SourceState:
    ident, series, payload, load, by = row
    record = msgspec.json.decode(payload, type=SourceRecord) if payload else None
    return SourceState(id=ident, series=series, source=record, load_id=load, replaced_by=by)


def _source_order(item: SourceState) -> tuple[int, str, str]:
    return item.replaced_by or 0, item.id, item.series


def _order(row: list[Any]) -> tuple[int, int, str, str, str]:
    ref, series, source, _, _, by = row
    kind, ident = split_entity(ref)
    return by or 0, CODES[kind], ident, series, source


def items(kept: Kept) -> Generator[StateItem, None, None]:
    """Yield what was read, in the order that the port promises."""
    yield from kept.loads
    yield from kept.sources
    for _, series, _, payload, load, by in kept.claims:
        claim = decode_claim(payload)
        if isinstance(claim, TerritoryClaim):
            restore_polygon(claim, kept.polygons)
        yield ClaimState(claim=claim, series=series, load_id=load, replaced_by=by)


def check_empty(cypher: Cypher, url: str) -> None:
    """Ask before anything is replaced.

    Raises
    ------
    ConfirmationNeeded
        A load was recorded here.
    """
    count = cypher.rows(COUNT_LOADS)[0][0]
    if count:
        raise ConfirmationNeeded("store.not_empty", store=url, n=count)


def clear(cypher: Cypher) -> None:
    """Delete all that is kept; the revision goes on counting."""
    for text in CLEAR:
        cypher.rows(text)


def restore(cypher: Cypher, stream: Iterable[StateItem], tell: Progress) -> None:
    """Write what `stream` gives in an empty store and work out what people see."""
    taking = _Taking(cypher, tell)
    for item in stream:
        taking.take(item)
    last = taking.write()
    known = sources.source_records(cypher)
    counted = Tell(
        lambda done, total: tell("progress.store.resolving", done, total), taking.touched.count()
    )
    materialise(Load(cypher, known, counted), taking.touched, ())
    sources.show_sources(cypher, known)
    journal.unlock(cypher, last, changed=True)


class _Taking:
    """Takes items as they come; what stands is written with the things it speaks of."""

    def __init__(self, cypher: Cypher, tell: Progress) -> None:
        self._cypher = cypher
        self._tell = tell
        self._loads: list[LoadState] = []
        self._sources: list[SourceState] = []
        self._replaced: list[tuple[Written, int]] = []
        self._polygons: dict[bytes, bytes] = {}
        self._taken = 0
        self.touched = Touched()

    def take(self, item: StateItem) -> None:
        if isinstance(item, LoadState):
            self._loads.append(item)
        elif isinstance(item, SourceState):
            self._sources.append(item)
        else:
            self._claim(item)
        self._taken += 1
        if self._taken % 1000 == 1:
            self._tell("progress.store.writing", self._taken - 1, None)

    def _claim(self, item: ClaimState) -> None:
        claim = without_polygon(item.claim, self._polygons)
        kind: EntityKind = KINDS[code_of(claim)]
        stated = Written(kind, claim, item.series, item.load_id)
        if item.replaced_by is None:
            self.touched.state([stated])
        else:
            self._replaced.append((stated, item.replaced_by))

    def write(self) -> int:
        """Write all but the claims that stand; return the number of the last load."""
        in_batches(self._cypher, ADD_LOADS, map(_load_row, self._loads))
        for series in sorted({item.series for item in self._sources}):
            stand = [
                (item.id, item.load_id, encode(item.source))
                for item in self._sources
                if item.series == series and item.replaced_by is None
            ]
            sources.restore_sources(self._cypher, series, stand)
        before = (item for item in self._sources if item.replaced_by is not None)
        in_batches(self._cypher, ADD_SOURCES_BEFORE, map(_source_row, before))
        in_batches(self._cypher, ADD_CLAIMS_BEFORE, map(_claim_row, self._replaced))
        standing = [item for stated in self.touched.things["territory"].values() for item in stated]
        write_polygons(self._cypher, self._polygons, [*standing, *(c for c, _ in self._replaced)])
        return max((item.record.id for item in self._loads), default=0)


def _load_row(item: LoadState) -> list[Any]:
    load = item.record
    return [
        *(load.id, f"restored:{load.id}", load.loader, load.series, load.loaded_at.isoformat()),
        *(load.file, load.checksum, None if item.parts is None else sorted(item.parts)),
        *(encode(load.report), encode(load.outcome), load.changed, load.undone, item.undoable),
    ]


def _source_row(item: SourceState) -> list[Any]:
    payload = encode(item.source) if item.source else None
    return [item.id, item.series, payload, item.load_id, item.replaced_by]


def _claim_row(item: tuple[Written, int]) -> list[Any]:
    stated, by = item
    return [stated.ref, *claims.fields_of(stated), stated.claim.source, by]
