"""Reads of a store file: what people see, the claims beneath, the sources."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import cast

from graph.identifiers import split_ref
from graph.model import (
    Cooperation,
    Entity,
    EntityKind,
    Membership,
    SourceRecord,
    Structure,
    Territory,
    TerritoryClaim,
)
from graph.store.encoding import (
    CODES,
    decode_claim,
    decode_entity,
    encode,
    restore_polygon,
)
from graph.store.port import StoredClaim, StructureQuery, TerritoryQuery
from graph.store.rules import in_precedence, may_be_open
from graph.store.sqlite.keys import on_one_line
from graph.store.sqlite.resolver import source_records

SHOWN = """
SELECT coalesce(shown.payload, claim.payload), name.id
FROM {table} AS shown
LEFT JOIN claim ON claim.key = shown.claim
LEFT JOIN source_key AS name ON name.key = claim.source
WHERE {condition} ORDER BY shown.id
"""
"""`name.id` is the source of the only claim, null where the thing has a text of its own."""

SHOWN_STRUCTURES = """
SELECT coalesce(merged.payload, claim.payload), name.id
FROM structure AS shown
LEFT JOIN merged_structure AS merged ON merged.key = shown.key
LEFT JOIN claim ON claim.key = shown.key
LEFT JOIN source_key AS name ON name.key = claim.source
WHERE {condition}
"""
ONE_OF = "shown.{column} IN (SELECT value FROM json_each(?))"
NAMED = """
shown.key IN (
    SELECT about.key FROM json_each(?) AS wanted
    CROSS JOIN claim AS about ON about.kind = 0 AND about.id = wanted.value
    UNION ALL
    SELECT key FROM merged_structure WHERE id IN (SELECT value FROM json_each(?))
)
"""


def read_structures(connection: sqlite3.Connection, query: StructureQuery) -> list[Structure]:
    """Return the structures that `query` asks for, sorted by id."""
    conditions = Conditions()
    if query.ids:
        named = encode(sorted(query.ids))
        conditions.add(NAMED, named, named)
    conditions.one_of("kind", query.kinds)
    conditions.one_of("level", query.levels)
    conditions.one_of("legal_entity", query.legal_entities)
    if query.territories:
        conditions.one_of("commune", communes_of(connection, query.territories), always=True)
    found = cast("list[Structure]", shown(connection, "structure", conditions, SHOWN_STRUCTURES))
    day = query.open_on
    if day is not None:
        found = [item for item in found if may_be_open(item, day)]
    return sorted(found, key=lambda item: item.id)


def read_cooperations(connection: sqlite3.Connection, ids: frozenset[str]) -> list[Cooperation]:
    """Return the cooperations named (all if none is), sorted by id."""
    conditions = Conditions()
    conditions.one_of("id", ids)
    return cast("list[Cooperation]", shown(connection, "cooperation", conditions))


def read_memberships(connection: sqlite3.Connection) -> list[Membership]:
    """Return all memberships, sorted by id."""
    return cast("list[Membership]", shown(connection, "membership", Conditions()))


def read_territories(connection: sqlite3.Connection, query: TerritoryQuery) -> list[Territory]:
    """Return the territories that `query` asks for, sorted by id."""
    conditions = Conditions()
    conditions.one_of("id", query.ids)
    conditions.one_of("level", query.levels)
    conditions.one_of("code", query.codes)
    if query.parents:
        conditions.one_of("id", _children(connection, query.parents), always=True)
    found = cast("list[Territory]", shown(connection, "territory", conditions))
    restore_polygons(connection, found, wanted=query.geometry)
    return found


class Conditions:
    """Conditions of a query, all of which must hold."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self.values: list[str] = []

    def add(self, text: str, *values: str) -> None:
        """Add a condition with its values."""
        self._texts.append(text)
        self.values.extend(values)

    def one_of(self, column: str, allowed: Iterable[str], *, always: bool = False) -> None:
        """Ask for one of the values allowed; no value means no condition, unless `always`."""
        values = sorted(allowed)
        if values or always:
            self.add(ONE_OF.format(column=column), encode(values))

    @property
    def text(self) -> str:
        """The conditions as SQL."""
        return " AND ".join(self._texts) or "1"


def shown(
    connection: sqlite3.Connection, kind: EntityKind, conditions: Conditions, query: str = SHOWN
) -> list[Entity]:
    """Return the things of `kind` that meet `conditions`."""
    rows = connection.execute(
        query.format(table=kind, condition=conditions.text), conditions.values
    )
    return [decode_entity(kind, payload, source) for payload, source in rows]


def communes_of(connection: sqlite3.Connection, refs: Iterable[str]) -> set[str]:
    """Return the codes of the communes that lie in one of the territories named."""
    wanted = set(refs)
    members = TerritoryQuery(ids=frozenset(wanted))
    for territory in read_territories(connection, members):
        wanted.update(territory.members)
    codes = {code for level, code in map(split_ref, wanted) if level == "commune"}
    larger = {ref for ref in wanted if not ref.startswith("commune:")}
    return codes | {split_ref(ref)[1] for ref in _children(connection, larger, "commune")}


def _children(
    connection: sqlite3.Connection, parents: Iterable[str], level: str | None = None
) -> set[str]:
    """Return the references of the territories that have one of `parents` as parent."""
    wanted = frozenset(map(on_one_line, parents))
    if not wanted:
        return set()
    rows = connection.execute(
        "SELECT id, parents FROM territory WHERE :level IS NULL OR level = :level",
        {"level": level},
    )
    return {ident for ident, above in rows if not wanted.isdisjoint(above.split("\n"))}


def restore_polygons(
    connection: sqlite3.Connection,
    records: Sequence[Territory] | Sequence[TerritoryClaim],
    *,
    wanted: bool,
) -> None:
    """Put the polygons back in the place of their digests; leave them out if not `wanted`."""
    digests = {record.geometry for record in records if record.geometry is not None}
    polygons = {}
    if wanted:
        for digest in digests:
            row = connection.execute("SELECT wkb FROM geometry WHERE digest = ?", (digest,))
            polygons[digest] = row.fetchone()[0]
    for record in records:
        restore_polygon(record, polygons)


def read_claims(
    connection: sqlite3.Connection, kind: EntityKind, ids: Sequence[str]
) -> list[StoredClaim]:
    """Return every claim about the things named, in order of precedence for each."""
    wanted = list(dict.fromkeys(ids))
    rows = connection.execute(
        "SELECT series.id, claim.load, claim.payload"
        " FROM json_each(?) AS wanted"
        " CROSS JOIN claim ON claim.kind = ? AND claim.id = wanted.value"
        " JOIN series ON series.key = claim.series ORDER BY wanted.key, series.id",
        (encode(wanted), CODES[kind]),
    )
    about: dict[str, list[StoredClaim]] = {ident: [] for ident in wanted}
    for series, load, payload in rows:
        claim = decode_claim(payload)
        about[claim.id].append(StoredClaim(claim=claim, series=series, load_id=load))
    if kind == "territory":
        claims = [cast("TerritoryClaim", item.claim) for found in about.values() for item in found]
        restore_polygons(connection, claims, wanted=True)
    sources = source_records(connection)
    return [item for found in about.values() for item in in_precedence(found, sources)]


def read_sources(connection: sqlite3.Connection) -> list[SourceRecord]:
    """Return the sources of what is stored, sorted by id."""
    return sorted(source_records(connection).values(), key=lambda source: source.id)
