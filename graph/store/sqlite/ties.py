"""Ties around structures in a store file: agreements, memberships, management."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator

from graph.model import Cooperation, EntityKind, Membership
from graph.store.holding import (
    cooperations_asked,
    in_status,
    may_be_managed,
    may_hold,
    states,
    ways_of,
)
from graph.store.port import (
    CooperationQuery,
    EgoQuery,
    Neighbourhood,
    Path,
    PathQuery,
    StructureQuery,
    TieFilter,
)
from graph.store.sqlite.reader import read_cooperations, read_memberships, read_structures
from graph.store.walk import Step, chains, reach

COOPERATION, STRUCTURE = "cooperation:", "structure:"


def read_selected(connection: sqlite3.Connection, query: CooperationQuery) -> list[Cooperation]:
    """Return the cooperations that `query` asks for, sorted by id."""
    known = read_cooperations(connection, frozenset())
    found = [item for item in known if states(item, query)]
    children = (item for item in known if item.parent is not None)
    return in_status(found, children, query.on, query.statuses)


def read_neighbourhood(connection: sqlite3.Connection, query: EgoQuery) -> Neighbourhood:
    """Return what lies around structures."""
    ties = Ties(connection, query.ties)
    distances, truncated = reach(query, lambda refs: (step.end for step in ties.beside(refs)))
    named = _ids(distances, "structure")
    agreements = _ids(distances, "cooperation")
    structures = StructureQuery(ids=named)
    return Neighbourhood(
        distances=distances,
        structures=tuple(read_structures(connection, structures) if named else ()),
        cooperations=tuple(ties.cooperations[ident] for ident in sorted(agreements)),
        memberships=tuple(item for item in ties.memberships if {item.member, item.group} <= named),
        truncated=truncated,
    )


def read_paths(connection: sqlite3.Connection, query: PathQuery) -> list[Path]:
    """Return chains between two structures."""
    return chains(query, Ties(connection, query.ties).beside)


def _ids(refs: Collection[str], kind: EntityKind) -> frozenset[str]:
    prefix = f"{kind}:"
    return frozenset(ref.removeprefix(prefix) for ref in refs if ref.startswith(prefix))


class Ties:
    """The ties that `ties` lets count. Agreements and memberships are few: they are read whole."""

    def __init__(self, connection: sqlite3.Connection, ties: TieFilter) -> None:
        ways = ways_of(ties)
        self._connection = connection
        self._on = ties.on
        self._managed = "MANAGED_BY" in ways
        self.cooperations: dict[str, Cooperation] = {}
        self.memberships: list[Membership] = []
        if "PARTY_TO" in ways:
            found = read_selected(connection, cooperations_asked(ties))
            self.cooperations = {item.id: item for item in found}
        if "MEMBER_OF" in ways:
            held = read_memberships(connection)
            self.memberships = [item for item in held if may_hold(item, self._on)]
        self._steps = self._known()

    def _known(self) -> dict[str, list[Step]]:
        steps: dict[str, list[Step]] = defaultdict(list)
        for item in self.cooperations.values():
            agreement = COOPERATION + item.id
            for party in item.parties:
                steps[STRUCTURE + party.structure].append(
                    Step(STRUCTURE + party.structure, "PARTY_TO", agreement)
                )
                steps[agreement].append(Step(agreement, "PARTY_TO", STRUCTURE + party.structure))
        for member in self.memberships:
            one, other = STRUCTURE + member.member, STRUCTURE + member.group
            steps[one].append(Step(one, "MEMBER_OF", other))
            steps[other].append(Step(other, "MEMBER_OF", one))
        return steps

    def beside(self, refs: Collection[str]) -> Iterator[Step]:
        """Yield the ties beside some nodes."""
        for ref in refs:
            yield from self._steps.get(ref, ())
        named = _ids(refs, "structure")
        if self._managed and named:
            yield from self._management(named)

    def _management(self, named: frozenset[str]) -> Iterator[Step]:
        below = read_structures(self._connection, StructureQuery(legal_entities=named))
        own = read_structures(self._connection, StructureQuery(ids=named))
        for item in below:
            if may_be_managed(item, self._on):
                yield Step(f"{STRUCTURE}{item.legal_entity}", "MANAGED_BY", STRUCTURE + item.id)
        for item in own:
            if item.legal_entity and may_be_managed(item, self._on):
                yield Step(STRUCTURE + item.id, "MANAGED_BY", f"{STRUCTURE}{item.legal_entity}")
