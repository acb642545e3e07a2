"""What a load replaced: the before images that it left, beside what it stated instead."""

from __future__ import annotations

import sqlite3
from typing import cast

import msgspec

from graph.model import EntityKind, SourceRecord, TerritoryClaim
from graph.store.encoding import CODES, decode_claim, statement
from graph.store.port import ReplacedClaim
from graph.store.sqlite.reader import restore_polygons

BEFORE = """
SELECT id, source, series, payload FROM claim_history
WHERE by_load = :load AND kind = :kind
"""
AFTER = """
SELECT id, source, payload FROM claim
WHERE series = :series AND kind = :kind AND load = :load
UNION ALL
SELECT id, source, payload FROM claim_history
WHERE series = :series AND kind = :kind AND load = :load AND by_load > :load
"""
SOURCE_THEN = """
SELECT payload FROM source_history
WHERE source = :source AND series = :series AND by_load >= :since ORDER BY by_load LIMIT 1
"""
SOURCE_NOW = "SELECT payload FROM source WHERE source = :source AND series = :series"


def read_replaced(
    connection: sqlite3.Connection, kind: EntityKind, load: int
) -> list[ReplacedClaim]:
    """Return the claims that `load` changed or removed, sorted by id and source."""
    values = {"load": load, "kind": CODES[kind]}
    before = connection.execute(BEFORE, values).fetchall()
    if not before:
        return []
    series = before[0][2]
    rows = connection.execute(AFTER, {**values, "series": series})
    after = {(ident, source): payload for ident, source, payload in rows}
    keys = sorted({source for _, source, _, _ in before})
    then = {key: _source(connection, key, series, load) for key in keys}
    since = {key: _source(connection, key, series, load + 1) for key in keys}
    found = [
        ReplacedClaim(
            before=decode_claim(payload),
            before_source=then[source],
            after=decode_claim(stated) if stated else None,
            after_source=since[source],
        )
        for ident, source, _, payload in before
        for stated in (after.get((ident, source)),)
        if stated is None or statement(stated) != statement(payload)
    ]
    found.sort(key=lambda item: (item.before.id, item.before.source))
    if kind == "territory":
        claims = (claim for item in found for claim in (item.before, item.after) if claim)
        restore_polygons(connection, [cast("TerritoryClaim", item) for item in claims], wanted=True)
    return found


def _source(
    connection: sqlite3.Connection, source: int, series: int, since: int
) -> SourceRecord | None:
    """Return a source as its series described it just before the load `since`."""
    values = {"source": source, "series": series, "since": since}
    row = connection.execute(SOURCE_THEN, values).fetchone()
    row = row or connection.execute(SOURCE_NOW, values).fetchone()
    return msgspec.json.decode(row[0], type=SourceRecord) if row and row[0] else None
