"""Reads of what people see: the server filters, only the answer travels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from graph.model import (
    Cooperation,
    Entity,
    EntityKind,
    Membership,
    Structure,
    Territory,
    TerritoryClaim,
)
from graph.store.encoding import decode_claim, decode_entity, restore_polygon
from graph.store.holding import FINAL_STATUSES, in_status
from graph.store.neo4j.labels import entity_ref
from graph.store.neo4j.server import Cypher, in_batches
from graph.store.neo4j.sources import source_records
from graph.store.port import (
    UNSTATED,
    CooperationQuery,
    StoredClaim,
    StructureQuery,
    TerritoryQuery,
)
from graph.store.rules import in_precedence

TEXT = (
    "coalesce({n}.payload, head([({n})-[own:STATED_BY]->(:Source) | own.payload])),"
    " CASE WHEN {n}.payload IS NULL THEN head([({n})-[:STATED_BY]->(by:Source) | by.id]) END"
)
"""The text of a thing: its own, or that of its only claim, whose source is named beside it."""

IN_TERRITORIES = """
UNWIND $territories AS ref
OPTIONAL MATCH (named:Territory {id: ref})
UNWIND [ref] + coalesce(named.members, []) AS wanted
WITH DISTINCT wanted
CALL (wanted) {
    WITH wanted WHERE wanted STARTS WITH 'commune:'
    RETURN substring(wanted, 8) AS code
    UNION
    WITH wanted WHERE NOT wanted STARTS WITH 'commune:'
    MATCH (:Entity {ref: 'territory:' + wanted})<-[:PART_OF {by: 'parents'}]-(c:Territory)
    WHERE c.level = 'commune'
    RETURN c.code AS code
}
WITH DISTINCT code
MATCH (n:Structure {commune: code})
"""
STRUCTURES = "MATCH (n:Structure)\n"
STRUCTURE_CONDITIONS = {
    "ids": "n.id IN $ids",
    "kinds": "n.kind IN $kinds",
    "levels": "n.level IN $levels",
    "legal_entities": "n.legal_entity IN $legal_entities",
    "open_on": "n.open_until >= $open_on AND n.open_from <= $open_on",
}
COOPERATIONS = "MATCH (n:Cooperation)\n"
ABOUT_THEMES = """
UNWIND $themes AS theme
MATCH (:Entity {ref: 'theme:' + theme})<-[:ABOUT]-(n:Cooperation)
WITH DISTINCT n
"""
OF_PARTIES = """
UNWIND $parties AS party
MATCH (:Entity {ref: party})-[:PARTY_TO]->(n:Cooperation)
WITH DISTINCT n
"""
COOPERATION_CONDITIONS = {
    "ids": "n.id IN $ids",
    "types": "n.type IN $types",
    "on": "n.known_from <= $on",
}
NOT_OVER = "n.over_from > $on"
"""The days are bounds: whether a status holds is worked out on what they let through."""

OF_THEMES = "any(theme IN n.themes WHERE theme IN $themes)"

AMENDMENTS = f"""
UNWIND $rows AS r
MATCH (:Entity {{ref: r[0]}})<-[:AMENDS]-(n:Cooperation)
RETURN {TEXT.format(n="n")}
"""
MEMBERSHIPS = f"MATCH (n:Membership) RETURN {TEXT.format(n='n')}"
TERRITORIES = "MATCH (n:Territory)\n"
OF_PARENTS = """
UNWIND $parents AS parent
MATCH (:Entity {ref: parent})<-[:PART_OF {by: 'parents'}]-(n:Territory)
WITH DISTINCT n
"""
TERRITORY_CONDITIONS = {
    "ids": "n.id IN $ids",
    "levels": "n.level IN $levels",
    "codes": "n.code IN $codes",
}
POLYGONS = "UNWIND $rows AS r MATCH (g:Geometry {digest: r[0]}) RETURN g.digest, g.wkb"
CLAIMS = """
UNWIND $rows AS r
MATCH (e:Entity {ref: r[0]})-[c:STATED_BY]->(:Source)
RETURN c.series, c.load, c.payload
"""


def query_of(start: str, conditions: Iterable[str], answer: str) -> str:
    """Return Cypher of the fixed texts of this module; values only ever come as parameters."""
    asked = " AND ".join(conditions)
    return f"{start}{f'WHERE {asked}' if asked else ''}\nRETURN {answer}"


def structures_asked(query: StructureQuery, answer: str) -> tuple[str, dict[str, Any]]:
    """Return Cypher and values for `query`."""
    values = _values(query, STRUCTURE_CONDITIONS)
    conditions = [STRUCTURE_CONDITIONS[name] for name in values]
    start = IN_TERRITORIES if query.territories else STRUCTURES
    if query.territories:
        values["territories"] = sorted(query.territories)
    return query_of(start, conditions, answer), values


def read_structures(cypher: Cypher, query: StructureQuery) -> list[Structure]:
    """Return the structures that `query` asks for, sorted by id."""
    text, values = structures_asked(query, TEXT.format(n="n"))
    return cast("list[Structure]", _things("structure", cypher.rows(text, **values)))


def count_structures(cypher: Cypher, query: StructureQuery) -> dict[str, int]:
    """Return how many structures `query` asks for, by kind."""
    text, values = structures_asked(query, "n.kind, count(*)")
    found = ((kind or UNSTATED, count) for kind, count in cypher.rows(text, **values))
    return dict(sorted(found))


def cooperations_asked(query: CooperationQuery) -> tuple[str, dict[str, Any]]:
    """Return Cypher and values for those that may meet `query`."""
    values = _values(query, COOPERATION_CONDITIONS)
    conditions = [COOPERATION_CONDITIONS[name] for name in values]
    if query.on and query.statuses and query.statuses.isdisjoint(FINAL_STATUSES):
        conditions.append(NOT_OVER)
    start = COOPERATIONS
    if query.themes:
        values["themes"] = sorted(query.themes)
        start = ABOUT_THEMES
    if query.parties:
        values["parties"] = [entity_ref("structure", ident) for ident in sorted(query.parties)]
        conditions += [OF_THEMES] if query.themes else []
        start = OF_PARTIES
    return query_of(start, conditions, TEXT.format(n="n")), values


def read_cooperations(cypher: Cypher, query: CooperationQuery) -> list[Cooperation]:
    """Return the cooperations that `query` asks for, sorted by id."""
    text, values = cooperations_asked(query)
    found = cast("list[Cooperation]", _things("cooperation", cypher.rows(text, **values)))
    if query.on is None:
        return found
    return in_status(found, read_amendments(cypher, found), query.on, query.statuses)


def read_amendments(cypher: Cypher, found: Iterable[Cooperation]) -> list[Cooperation]:
    """Return the children of cooperations."""
    rows = in_batches(cypher, AMENDMENTS, ([entity_ref("cooperation", c.id)] for c in found))
    return cast("list[Cooperation]", _things("cooperation", rows))


def read_memberships(cypher: Cypher) -> list[Membership]:
    """Return all memberships, sorted by id."""
    return cast("list[Membership]", _things("membership", cypher.rows(MEMBERSHIPS)))


def territories_asked(query: TerritoryQuery) -> tuple[str, dict[str, Any]]:
    """Return Cypher and values for `query`."""
    values = _values(query, TERRITORY_CONDITIONS)
    conditions = [TERRITORY_CONDITIONS[name] for name in values]
    start = OF_PARENTS if query.parents else TERRITORIES
    if query.parents:
        values["parents"] = [entity_ref("territory", ref) for ref in sorted(query.parents)]
    return query_of(start, conditions, TEXT.format(n="n")), values


def read_territories(cypher: Cypher, query: TerritoryQuery) -> list[Territory]:
    """Return the territories that `query` asks for, sorted by id."""
    text, values = territories_asked(query)
    found = cast("list[Territory]", _things("territory", cypher.rows(text, **values)))
    restore_polygons(cypher, found, wanted=query.geometry)
    return found


def read_claims(cypher: Cypher, kind: EntityKind, ids: Sequence[str]) -> list[StoredClaim]:
    """Return every claim about the things named, in order of precedence for each."""
    about: dict[str, list[tuple[str, str, int]]] = {ident: [] for ident in dict.fromkeys(ids)}
    refs = ([entity_ref(kind, ident)] for ident in about)
    for series, load, payload in in_batches(cypher, CLAIMS, refs):
        about[decode_claim(payload).id].append((series, payload, load))
    found = {ident: [stored(*row) for row in sorted(rows)] for ident, rows in about.items()}
    if kind == "territory":
        claims = [item.claim for items in found.values() for item in items]
        restore_polygons(cypher, cast("list[TerritoryClaim]", claims), wanted=True)
    known = source_records(cypher)
    return [item for items in found.values() for item in in_precedence(items, known)]


def stored(series: str, payload: str, load: int) -> StoredClaim:
    """Return a claim as the store gives it, its polygon not put back yet."""
    return StoredClaim(claim=decode_claim(payload), series=series, load_id=load)


def restore_polygons(
    cypher: Cypher, records: Sequence[Territory] | Sequence[TerritoryClaim], *, wanted: bool
) -> None:
    """Put the polygons back in the place of their digests; leave them out if not `wanted`."""
    digests = {record.geometry for record in records if record.geometry is not None}
    polygons: dict[bytes, bytes] = {}
    if wanted and digests:
        rows = in_batches(cypher, POLYGONS, ([digest.hex()] for digest in digests))
        polygons = {bytes.fromhex(digest): wkb for digest, wkb in rows}
    for record in records:
        restore_polygon(record, polygons)


def _things(kind: EntityKind, rows: Iterable[Sequence[Any]]) -> list[Entity]:
    found = [decode_entity(kind, payload, source) for payload, source in rows]
    return sorted(found, key=lambda item: item.id)


def _values(query: object, conditions: Iterable[str]) -> dict[str, Any]:
    """Return the values that a query gives for conditions, lists sorted."""
    given = {name: getattr(query, name, None) for name in conditions}
    return {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in given.items()
        if value
    }
