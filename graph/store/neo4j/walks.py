"""Neighbourhoods and chains, walked by the server."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from graph.model import Cooperation, EntityKind, Membership
from graph.store.encoding import decode_entity
from graph.store.holding import cooperations_asked, may_hold, ways_of
from graph.store.neo4j import reader
from graph.store.neo4j.labels import entity_ref, split_entity
from graph.store.neo4j.reader import TEXT, read_structures
from graph.store.neo4j.server import Cypher, in_batches
from graph.store.port import (
    CooperationQuery,
    EgoQuery,
    Neighbourhood,
    Path,
    PathQuery,
    StructureQuery,
    TieFilter,
)
from graph.store.walk import LONGEST, reach

TIE_HOLDS = """type({t}) IN $ways AND ($on IS NULL OR (
        ({t}.since_earliest IS NULL OR {t}.since_earliest <= $on)
        AND ({t}.until_latest IS NULL OR {t}.until_latest >= $on)))"""
NODE_COUNTS = """(NOT {n}:Cooperation OR (NOT {n}.id IN $refused
        AND ($on IS NULL OR {n}.known_from <= $on)
        AND ($themes IS NULL OR any(theme IN {n}.themes WHERE theme IN $themes))))"""
"""What is left out here cannot count; what is let through is looked at again by its status."""

AROUND = f"""
UNWIND $rows AS r
MATCH (a:Entity {{ref: r[0]}})-[t:PARTY_TO|MEMBER_OF|MANAGED_BY]-(b:Entity)
WHERE {TIE_HOLDS.format(t="t")} AND {NODE_COUNTS.format(n="b")}
RETURN DISTINCT b.ref
"""
MEMBERSHIPS_AMONG = f"""
UNWIND $rows AS r
MATCH (n:Membership {{member: r[0]}})
WHERE n.group IN $groups
RETURN {TEXT.format(n="n")}
"""
CHAIN_ANSWER = """
WITH DISTINCT [n IN nodes(p) | n.ref] AS passed, [t IN relationships(p) | type(t)] AS ways
ORDER BY size(passed), passed, ways LIMIT $limit
RETURN passed, ways
"""


def _chain(pattern: str, more: str = "") -> str:
    return (
        "MATCH (a:Entity {ref: $start}), (b:Entity {ref: $end})\n"
        f"MATCH p = {pattern}\n"
        f"WHERE all(t IN relationships(p) WHERE {TIE_HOLDS.format(t='t')})\n"
        f"    AND all(n IN nodes(p) WHERE {NODE_COUNTS.format(n='n')}){more}"
        f"{CHAIN_ANSWER}"
    )


_ONCE = "\n    AND all(n IN nodes(p) WHERE single(m IN nodes(p) WHERE m = n))"
_WAYS = "PARTY_TO|MEMBER_OF|MANAGED_BY"
SHORTEST = {
    longest: _chain(f"allShortestPaths((a)-[:{_WAYS}*1..{longest}]-(b))")
    for longest in range(1, LONGEST + 1)
}
EVERY = {
    longest: _chain(f"(a)-[:{_WAYS}*1..{longest}]-(b)", _ONCE) for longest in range(1, LONGEST + 1)
}


class Asked:
    """What a filter asks, and the cooperations that were found not to count under it."""

    def __init__(self, cypher: Cypher, ties: TieFilter) -> None:
        self._cypher = cypher
        self._ways = ways_of(ties)
        self._query = cooperations_asked(ties)
        self._taken: dict[str, Cooperation] = {}
        self._refused: set[str] = set()

    @property
    def values(self) -> dict[str, Any]:
        """The parameters that every query of this module takes."""
        return {
            "ways": list(self._ways),
            "on": self._query.on,
            "themes": sorted(self._query.themes) or None,
            "refused": sorted(self._refused),
        }

    def refuse(self, refs: Collection[str]) -> set[str]:
        """Look at the cooperations among `refs`; return those that do not count."""
        ids = {ident for kind, ident in map(split_entity, refs) if kind == "cooperation"}
        if unknown := frozenset(ids.difference(self._taken, self._refused)):
            asked = CooperationQuery(ids=unknown, on=self._query.on, statuses=self._query.statuses)
            self._taken |= {item.id: item for item in reader.read_cooperations(self._cypher, asked)}
            self._refused |= unknown.difference(self._taken)
        return {entity_ref("cooperation", ident) for ident in ids & self._refused}

    def cooperations(self, ids: Collection[str]) -> tuple[Cooperation, ...]:
        """Return cooperations that count, sorted by id."""
        return tuple(self._taken[ident] for ident in sorted(ids))

    def around(self, refs: Collection[str]) -> set[str]:
        """Return the nodes beside others whose ties count."""
        rows = in_batches(self._cypher, AROUND, ([ref] for ref in refs), values=self.values)
        found = {ref for (ref,) in rows}
        return found - self.refuse(found)

    def memberships(self, ids: Collection[str]) -> tuple[Membership, ...]:
        """Return the memberships that count between structures, sorted by id."""
        if "MEMBER_OF" not in self._ways:
            return ()
        values = {"groups": sorted(ids)}
        rows = in_batches(self._cypher, MEMBERSHIPS_AMONG, ([i] for i in ids), values=values)
        found = [cast("Membership", decode_entity("membership", *row)) for row in rows]
        held = (item for item in found if may_hold(item, self._query.on))
        return tuple(sorted(held, key=lambda item: item.id))


def read_neighbourhood(cypher: Cypher, query: EgoQuery) -> Neighbourhood:
    """Return what lies around structures: one query a level, so that no node is walked twice."""
    asked = Asked(cypher, query.ties)
    distances, truncated = reach(query, asked.around)
    named = _ids(distances, "structure")
    structures = read_structures(cypher, StructureQuery(ids=frozenset(named))) if named else ()
    return Neighbourhood(
        distances=distances,
        structures=tuple(structures),
        cooperations=asked.cooperations(_ids(distances, "cooperation")),
        memberships=asked.memberships(named),
        truncated=truncated,
    )


def read_paths(cypher: Cypher, query: PathQuery) -> list[Path]:
    """Return chains between two structures.

    The server leaves out what cannot count on the day; where a chain passes a cooperation whose
    status then turns out not to count, the question is asked again without it.
    """
    asked = Asked(cypher, query.ties)
    if query.start == query.end or min(query.limit, query.longest) < 1:
        return []
    text = (EVERY if query.every else SHORTEST)[min(query.longest, LONGEST)]
    ends = {
        "start": entity_ref("structure", query.start),
        "end": entity_ref("structure", query.end),
    }
    while True:
        rows = cypher.rows(text, **ends, **asked.values, limit=query.limit)
        if not asked.refuse({ref for passed, _ in rows for ref in passed}):
            return [Path(nodes=tuple(passed), ways=tuple(ways)) for passed, ways in rows]


def _ids(refs: Collection[str], kind: EntityKind) -> set[str]:
    return {ident for of, ident in map(split_entity, refs) if of == kind}
