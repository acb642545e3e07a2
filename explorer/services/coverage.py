"""Coverage of cooperation, from a store: who serves each territory, reach, whom to sign with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import msgspec
import numpy as np
import shapely

from explorer.services.coverage_reading import CoverageGround, CoverageQuestion, read_ground
from graph.analysis.coverage import CoverageRow, CoverageTable, coverage_table
from graph.analysis.demand import Demand, Shape, demand_points
from graph.analysis.people import People, Population, people_concerned
from graph.analysis.perimeters import PerimeterCover, perimeter_cover
from graph.analysis.plan_rules import Constraints
from graph.analysis.proximity import check_radius
from graph.analysis.reach import Reach, Within, positions, reach
from graph.analysis.service_areas import service_rule
from graph.analysis.situation import Situation, is_registered, kind_offers
from graph.analysis.suggestions import NO_RULE, Suggestion, field_of
from graph.analysis.travel import Crow, TravelTimes
from graph.analysis.watch import SILENT, Watch
from graph.errors import UsageError
from graph.store.port import GraphStore

STAYS = "stays"
"""The basis of a question that counts stays in place of people."""

MOST_SITES = 20
"""Agreements proposed at once: more is no plan, and equal optima become countless."""


@dataclass(frozen=True)
class CoverageAnswer:
    """The table of a question, and the reach of each row where a radius was asked for.

    `approximate` are structures placed at the middle of their commune, `unreachable` those without
    any position: both matter to distances only. `times` say where a reach in minutes comes from.
    """

    question: CoverageQuestion
    read: CoverageGround
    table: CoverageTable
    reached: dict[tuple[str, str], Reach] = field(default_factory=dict)
    approximate: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    times: TravelTimes | None = None

    @property
    def rows(self) -> list[CoverageRow]:
        """The rows by territory, then by kind."""
        return sorted(self.table.rows, key=lambda row: (row.territory, row.kind))

    @property
    def gaps(self) -> list[CoverageRow]:
        """The rows without a partner or a site of the group, most people concerned first."""
        found = [row for row in self.rows if row.state in {"no_supply", "unsigned", "linked"}]
        return sorted(found, key=lambda row: -(row.population or 0))


def coverage_of(
    store: GraphStore, question: CoverageQuestion, times: TravelTimes | None = None
) -> CoverageAnswer:
    """Return who serves each territory of `question`, and who is in reach of a partner.

    `times` are asked where the question is in minutes.

    Raises
    ------
    UsageError
        A focus, territory, level, kind, population, radius or time that cannot be meant.
    """
    if times is not None and question.minutes is not None:
        around = times.crow_km(times.check(question.minutes))
        question = msgspec.structs.replace(question, around_km=around)
    read = read_ground(store, question)
    situation, refs = read.situation, read.ground.refs
    table = coverage_table(
        situation, refs, question.kinds, population_of(read, question), question.activity
    )
    if question.stays:
        # places are shared among people, not among stays
        rows = [msgspec.structs.replace(row, places_per_1000=None) for row in table.rows]
        table = table._replace(rows=rows)
    limit = limit_of(question, times)
    if limit is None:
        return CoverageAnswer(question, read, table)
    demands = _Demands(read, question)
    reached = {
        (kind, item.territory): item
        for kind in question.kinds
        for item in reach(
            situation, refs, kind, demands.of(kind)[0], limit, activity=question.activity
        )
    }
    used = times if question.minutes is not None else None
    return CoverageAnswer(question, read, table, reached, *_placed(read, question), used)


def limit_of(question: CoverageQuestion, times: TravelTimes | None) -> float | Within | None:
    """Return how far is in reach: metres, or a time and where it comes from; None if not asked."""
    if question.minutes is not None and times is not None:
        return Within(question.minutes, times)
    return None if question.radius_km is None else check_radius(question.radius_km * 1000)


def costs_of(question: CoverageQuestion, times: TravelTimes | None) -> tuple[TravelTimes, float]:
    """Return where costs come from, and the limit in their unit, of a question that has one."""
    within = limit_of(question, times)
    if isinstance(within, Within):
        return within.times, within.limit
    return Crow(), check_radius(within or 0) / 1000


class Proposal(NamedTuple):
    """A suggestion, and what it takes to read it.

    `basis` says which people are counted (``total``, ``65``, ``75``), `names` are by id, `complete`
    tells whether a register of the kind is loaded: else there may be other structures.
    """

    suggestion: Suggestion
    basis: str
    names: dict[str, str]
    complete: bool


def suggestion_of(
    store: GraphStore,
    question: CoverageQuestion,
    kind: str,
    count: int,
    constraints: Constraints = NO_RULE,
) -> Proposal:
    """Return the `count` structures of `kind` to sign with, for the people of the territories.

    Raises
    ------
    UsageError
        A question that cannot be meant, no radius, a count that is none, no population known, or
        constraints that no choice respects.
    """
    check_count(count)
    return suggestion_in(read_ground(store, question), question, kind, count, constraints)


def suggestion_in(
    read: CoverageGround,
    question: CoverageQuestion,
    kind: str,
    count: int,
    constraints: Constraints = NO_RULE,
    watch: Watch = SILENT,
) -> Proposal:
    """Return :func:`suggestion_of` from what was read."""
    check_count(count)
    metres = check_radius((question.radius_km or 0) * 1000)
    demand, basis = demand_of(read, question, kind)
    if not np.nansum(demand.people):
        raise UsageError("coverage.no_people")
    able = field_of(with_activity(read, question), kind, demand, metres)
    found = able.choose(metres, count, constraints, watch)
    named = {site for sites in found.solutions for site in sites}
    named |= {*found.unsized, *found.unlocated}
    names = {s.id: s.name or s.id for s in read.situation.structures if s.id in named}
    complete = is_registered(read.situation.registers, kind, read.ground.communes)
    return Proposal(found, basis, names, complete)


def with_activity(read: CoverageGround, question: CoverageQuestion) -> Situation:
    """Return the situation with only the structures that have the activity asked about."""
    if question.activity is None:
        return read.situation
    able = [item for item in read.situation.structures if question.activity in item.activities]
    return replace(read.situation, structures=able)


def check_count(count: int) -> None:
    """Refuse a number of agreements that is none, or more than a plan.

    Raises
    ------
    UsageError
        Not 1 to :data:`MOST_SITES`.
    """
    if not 1 <= count <= MOST_SITES:
        raise UsageError("coverage.count", value=count, most=MOST_SITES)


def perimeters_of(read: CoverageGround, kinds: Sequence[str]) -> list[PerimeterCover]:
    """Return how the perimeters of each of `kinds` that has any part the territories read."""
    return [
        perimeter_cover(read.situation, ref, kind)
        for kind in kinds
        if service_rule(kind) != "place"
        for ref in read.ground.refs
    ]


def demand_of(read: CoverageGround, question: CoverageQuestion, kind: str) -> tuple[Demand, str]:
    """Return the points where those whom `kind` concerns are, and who they are."""
    return _Demands(read, question).of(kind)


def population_of(read: CoverageGround, question: CoverageQuestion) -> Population | People:
    """Return whom the question counts: people, or stays; a commune that no row names has none."""
    if not question.stays:
        return question.population
    codes = read.situation.atlas.commune_codes
    return People({code: question.stays.get(code, 0.0) for code in codes}, STAYS, STAYS)


class _Demands:
    """Points of demand of the communes asked about: one set for each population."""

    def __init__(self, read: CoverageGround, question: CoverageQuestion) -> None:
        self._atlas = read.situation.atlas
        self._communes = sorted(read.ground.communes)
        self._shape: Shape = question.demand
        self._population = population_of(read, question)
        self._made: dict[str, Demand] = {}

    def of(self, kind: str) -> tuple[Demand, str]:
        """Return the points where those whom `kind` concerns are, and who they are."""
        asked = self._population
        people = (
            asked
            if isinstance(asked, People)
            else people_concerned(self._atlas, self._communes, kind, asked)
        )
        if people.basis not in self._made:
            wkb = {code: self._atlas[f"commune:{code}"].geometry for code in self._communes}
            shapes = {code: shapely.from_wkb(each) if each else None for code, each in wkb.items()}
            self._made[people.basis] = demand_points(shapes, people.by_commune, self._shape)
        return self._made[people.basis], people.basis


def _placed(
    read: CoverageGround, question: CoverageQuestion
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who stands at the middle of a commune, and who nowhere, among those at a place."""
    offers = {
        offer.structure.id: offer.structure
        for kind in question.kinds
        if service_rule(kind) == "place"
        for offer in kind_offers(read.situation, kind, question.activity)
    }
    places = positions(offers.values(), read.situation.atlas)
    return places.approximate, places.missing
