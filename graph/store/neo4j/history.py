"""What a load replaced: the before images that it left, beside what it stated instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import msgspec

from graph.model import EntityKind, SourceRecord, TerritoryClaim
from graph.store.encoding import decode_claim, statement
from graph.store.neo4j.labels import split_entity
from graph.store.neo4j.reader import restore_polygons
from graph.store.neo4j.server import Cypher
from graph.store.port import ReplacedClaim

BEFORE = """
MATCH (h:ReplacedClaim)
WHERE h.by_load = $load
RETURN h.ref, h.source, h.series, h.payload
"""
AFTER = """
MATCH (e:Entity)-[c:STATED_BY]->(s:Source)
USING INDEX c:STATED_BY(series, load)
WHERE c.series = $series AND c.load = $load
RETURN e.ref, s.id, c.payload
"""
AFTER_REPLACED = """
MATCH (h:ReplacedClaim)
WHERE h.by_load > $load AND h.load = $load AND h.series = $series
RETURN h.ref, h.source, h.payload
"""
SOURCES_THEN = """
MATCH (r:ReplacedSource)
WHERE r.by_load >= $load AND r.series = $series
RETURN r.source, r.payload, r.by_load
"""
SOURCES_NOW = """
MATCH (r:SourceRecord)
WHERE r.series = $series AND r.source IS NOT NULL
RETURN r.source, r.payload
"""

Payloads = dict[str, str | None]
"""How a series describes its sources at a moment, by id."""


def read_replaced(cypher: Cypher, kind: EntityKind, load: int) -> list[ReplacedClaim]:
    """Return the claims that `load` changed or removed, sorted by id and source."""
    before = [row for row in cypher.rows(BEFORE, load=load) if split_entity(row[0])[0] == kind]
    if not before:
        return []
    values = {"series": before[0][2], "load": load}
    rows = cypher.rows(AFTER, **values) + cypher.rows(AFTER_REPLACED, **values)
    after = {(ref, source): payload for ref, source, payload in rows}
    then, since = _sources(cypher, values["series"], load)
    found = [
        ReplacedClaim(
            before=decode_claim(payload),
            before_source=_record(then, source),
            after=decode_claim(stated) if stated else None,
            after_source=_record(since, source),
        )
        for ref, source, _, payload in before
        for stated in (after.get((ref, source)),)
        if stated is None or statement(stated) != statement(payload)
    ]
    found.sort(key=lambda item: (item.before.id, item.before.source))
    if kind == "territory":
        claims = [claim for item in found for claim in (item.before, item.after) if claim]
        restore_polygons(cypher, cast("list[TerritoryClaim]", claims), wanted=True)
    return found


def _sources(cypher: Cypher, series: str, load: int) -> tuple[Payloads, Payloads]:
    """Return how a series described its sources just before and just after `load`."""
    now: Payloads = dict(map(tuple, cypher.rows(SOURCES_NOW, series=series)))
    replaced = cypher.rows(SOURCES_THEN, series=series, load=load)
    since = dict(now)
    then = dict(now)
    for source, payload, by in sorted(replaced, key=lambda row: -row[2]):
        then[source] = payload
        if by > load:
            since[source] = payload
    return then, since


def _record(payloads: Mapping[str, str | None], source: str) -> SourceRecord | None:
    payload = payloads.get(source)
    return msgspec.json.decode(payload, type=SourceRecord) if payload else None
