"""What would change: partners added or removed, accessibility, and whether a choice holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd

from explorer.services.coverage import (
    CoverageAnswer,
    demand_of,
    population_of,
    with_activity,
)
from explorer.services.coverage_reading import CoverageGround, CoverageQuestion
from graph.analysis.catchment import accessibility
from graph.analysis.coverage import CoverageRow, coverage_table
from graph.analysis.demand import Demand
from graph.analysis.partnership import PARTNER_STATES
from graph.analysis.proximity import LARGEST_RADIUS, pair_costs
from graph.analysis.reach import Reach, positions, reach
from graph.analysis.service_areas import service_rule
from graph.analysis.situation import Offer, Situation, kind_offers, simulate
from graph.analysis.suggestions import Suggestion, sensitivity
from graph.model import Structure

BANDS = ((1 / 3, 1.0), (2 / 3, 0.68), (1.0, 0.22))
"""Bands of the E2SFCA (Luo & Qi 2009), as shares of the radius."""

RADII = (0.5, 1 / 1.3, 1.0, 1.5)
"""Radii at which a choice is tried again, as shares of the radius: half, the radius by road at a
detour of 1.3, itself, half as much again."""

_METRES = 1000.0


class Standing(NamedTuple):
    """One territory in one situation: its row, its reach, places per 1,000 people within reach."""

    row: CoverageRow
    reach: Reach
    access: float | None


@dataclass(frozen=True)
class Simulation:
    """A kind before and after, territory by territory; direct partners of the focus."""

    before: Mapping[str, Standing]
    after: Mapping[str, Standing]
    partners_before: int
    partners_after: int


class Sensitivity(NamedTuple):
    """The suggestion at each radius (km), and the structures suggested at every one."""

    radii_km: tuple[float, ...]
    found: list[Suggestion]
    stable: frozenset[str]


def simulation_of(
    answer: CoverageAnswer, kind: str, add: Collection[str], remove: Collection[str]
) -> Simulation:
    """Return a kind as it is, and as if agreements were signed with `add`, ended with `remove`.

    Raises
    ------
    UsageError
        A structure that is not known, or one in both.
    """
    read = answer.read
    changed = simulate(read.situation, add, remove)
    direct = {key for key, item in read.situation.network.partners.items() if item.via is None}
    return Simulation(
        before=_standings(read.situation, answer.question, read, kind),
        after=_standings(changed, answer.question, read, kind),
        partners_before=len(direct),
        partners_after=len((direct | set(add)) - set(remove)),
    )


def candidates(answer: CoverageAnswer, kind: str) -> tuple[list[Structure], list[Structure]]:
    """Return the structures of a kind to sign with, and the partners of today, by name."""
    offers = kind_offers(answer.read.situation, kind, answer.question.activity)
    unsigned = [o.structure for o in offers if o.state in {"unsigned", "linked"}]
    partners = [o.structure for o in offers if o.state in PARTNER_STATES]
    return _by_name(unsigned), _by_name(partners)


def access_of(
    situation: Situation,
    question: CoverageQuestion,
    read: CoverageGround,
    kind: str,
    *,
    partners: bool = True,
) -> dict[str, float | None]:
    """Return places within reach per 1,000 people, by territory (E2SFCA on distances).

    Only people of the territories asked about share the places: at the borders it is too high. None
    where the kind serves a zone or perimeter, or no capacity or population is known; 0 where there
    is nobody whose places could count.
    """
    # places are shared among people, whatever the question counts
    demand, _ = demand_of(read, msgspec.structs.replace(question, stays={}), kind)
    wanted = [
        offer
        for offer in kind_offers(situation, kind, question.activity)
        if offer.state in PARTNER_STATES or not partners
    ]
    offers = [offer for offer in wanted if offer.capacity is not None]
    known = np.isfinite(demand.people)
    refs = read.ground.refs
    if service_rule(kind) != "place" or (wanted and not offers) or not known.any():
        return dict.fromkeys(refs)
    reached = _catchments(demand, known, offers, situation, (question.radius_km or 0) * _METRES)
    found: dict[str, float | None] = {}
    for ref in refs:
        here = known & demand.points.ids.isin(read.ground.atlas.communes(ref))
        people = demand.people[here].sum()
        places = (demand.people[here] * reached[here]).sum()
        found[ref] = float(1000 * places / people) if people else None
    return found


def sensitivity_of(
    read: CoverageGround, question: CoverageQuestion, kind: str, count: int
) -> Sensitivity:
    """Return whom to sign with at other radii: a choice that changes with them is fragile."""
    asked = question.radius_km or 0
    kilometres = tuple(min(round(share * asked, 2), LARGEST_RADIUS / _METRES) for share in RADII)
    demand, _ = demand_of(read, question, kind)
    metres = [km * _METRES for km in kilometres]
    found, stable = sensitivity(with_activity(read, question), kind, demand, metres, count)
    return Sensitivity(kilometres, found, stable)


def _standings(
    situation: Situation, question: CoverageQuestion, read: CoverageGround, kind: str
) -> dict[str, Standing]:
    refs = read.ground.refs
    table = coverage_table(
        situation, refs, [kind], population_of(read, question), question.activity
    )
    demand, _ = demand_of(read, question, kind)
    metres = (question.radius_km or 0) * _METRES
    near = reach(situation, refs, kind, demand, metres, activity=question.activity)
    access = access_of(situation, question, read, kind)
    return {
        row.territory: Standing(row, found, access[row.territory])
        for row, found in zip(table.rows, near, strict=True)
    }


def _catchments(
    demand: Demand,
    known: npt.NDArray[np.bool_],
    offers: Sequence[Offer],
    situation: Situation,
    radius: float,
) -> npt.NDArray[np.float64]:
    """Return places per person at each point of demand."""
    numbered = replace(demand.points, ids=pd.RangeIndex(len(demand.people)))
    places = positions([offer.structure for offer in offers], situation.atlas)
    cost = pair_costs(numbered, places.points, radius)
    cost = cost.astype({"origin": np.intp, "destination": object})
    people = pd.Series(demand.people[known], index=np.flatnonzero(known))
    supply = pd.Series({offer.structure.id: float(offer.capacity or 0) for offer in offers})
    bands = {share * radius: weight for share, weight in BANDS}
    found = accessibility(cost[cost["origin"].isin(people.index)], people, supply, bands)
    return found.reindex(range(len(demand.people)), fill_value=0.0).to_numpy()


def _by_name(structures: Sequence[Structure]) -> list[Structure]:
    return sorted(structures, key=lambda item: ((item.name or item.id).casefold(), item.id))
