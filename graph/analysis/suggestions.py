"""Whom to sign with next: the unsigned structures that together serve the most people."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from graph.analysis.constraints import Ruled, ruled
from graph.analysis.covering import LONGEST_SECONDS
from graph.analysis.demand import Demand
from graph.analysis.partnership import PARTNER_STATES, State
from graph.analysis.plan_rules import Constraints
from graph.analysis.proximity import check_radius, pair_costs
from graph.analysis.reach import positions
from graph.analysis.service_areas import service_rule
from graph.analysis.siting import coverage_in_time
from graph.analysis.situation import Offer, Situation, kind_offers
from graph.analysis.watch import SILENT, Watch
from graph.model import Record

Marks = npt.NDArray[np.bool_]

NO_RULE = Constraints()


class Suggestion(Record, frozen=True, kw_only=True):
    """The structures of a kind to sign with, and what that changes.

    `candidates` are how many structures without agreement serve anybody here; `solutions` every
    set of them that does as well, sorted. `uncounted` are communes left out because their
    population or polygon is not known; `unsized` and `unlocated` candidates that were not chosen
    from, because a rule asks for a capacity or a territory that no source states. Where time ran
    out the choice is not `proven`: the best found, and no other reaches over `people_at_most`.
    """

    kind: str
    count: int
    radius: float
    candidates: int
    people: float
    people_covered_before: float
    people_covered_after: float
    solutions: tuple[tuple[str, ...], ...]
    truncated: bool
    proven: bool = True
    people_at_most: float | None = None
    uncounted: tuple[str, ...] = ()
    unsized: tuple[str, ...] = ()
    unlocated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """Who could serve whom within `radius` metres, the largest that can be asked about.

    `cost` has the pairs of a point of demand, by number, and a structure; `people` stand at each
    point of which the population is known; `offers` are by id, the group's own sites only where
    they count as serving.
    """

    situation: Situation
    kind: str
    radius: float
    cost: pd.DataFrame
    people: pd.Series
    offers: Mapping[str, Offer]
    covering: Collection[State]
    uncounted: tuple[str, ...]

    def within(self, radius: float) -> pd.DataFrame:
        """Return the pairs within `radius` metres; of a zone or perimeter, all of them.

        Raises
        ------
        UsageError
            A radius that cannot be meant.
        ValueError
            A radius beyond that of the field, where pairs are not known.
        """
        if check_radius(radius) > self.radius:
            raise ValueError(f"pairs are known within {self.radius} m only, not {radius} m")
        return self.cost[self.cost["cost"] <= radius]

    def choose(
        self,
        radius: float,
        count: int,
        constraints: Constraints = NO_RULE,
        watch: Watch = SILENT,
        seconds: float = LONGEST_SECONDS,
    ) -> Suggestion:
        """Return the best choice within `radius` metres, as :func:`suggest` does.

        `watch` is told of each optimum found, and can stop; after `seconds` nothing is proven.
        """
        cost = self.within(radius)
        reaching = {str(ident) for ident in cost["destination"].unique()}
        serving = {i for i, offer in self.offers.items() if offer.state in self.covering}
        fixed = sorted(serving & reaching)
        candidates = {ident: self.offers[ident] for ident in sorted(reaching - serving)}
        bound = self._ruled(constraints, candidates, count)
        found, proven, most = coverage_in_time(
            cost, self.people, radius, count, fixed, bound.rules, watch=watch, seconds=seconds
        )
        return Suggestion(
            kind=self.kind,
            count=count,
            radius=radius,
            candidates=len(candidates),
            people=float(self.people.sum()),
            people_covered_before=self.covered([()], radius)[0],
            people_covered_after=found.objective,
            solutions=tuple(tuple(map(str, sites)) for sites in found.optima),
            truncated=found.truncated,
            proven=proven,
            people_at_most=None if proven else most,
            uncounted=self.uncounted,
            unsized=bound.unsized,
            unlocated=bound.unlocated,
        )

    def covered(self, choices: Sequence[Sequence[str]], radius: float) -> list[float]:
        """Return how many people each of `choices`, beside those that serve already, reaches."""
        cost = self.within(radius)
        serving = {i for i, offer in self.offers.items() if offer.state in self.covering}
        here = cost["destination"].isin(serving)
        before = self.people.index.isin(cost.loc[here, "origin"])
        named = {site for sites in choices for site in sites}
        pairs = cost[cost["destination"].isin(named)]
        reached = {
            str(site): self.people.index.isin(rows)
            for site, rows in pairs.groupby("destination", observed=True)["origin"]
        }
        people = self.people.to_numpy()
        return [
            math.fsum(people[np.logical_or.reduce([before, *_those(reached, sites)])])
            for sites in choices
        ]

    def _ruled(
        self, constraints: Constraints, candidates: Mapping[str, Offer], count: int
    ) -> Ruled:
        known: dict[str, State | None] = dict.fromkeys(
            item.id for item in self.situation.structures
        )
        known |= {
            offer.structure.id: offer.state for offer in kind_offers(self.situation, self.kind)
        }
        return ruled(constraints, candidates, known, self.situation.atlas, count)


def _those(reached: Mapping[str, Marks], sites: Sequence[str]) -> list[Marks]:
    return [reached[site] for site in sites if site in reached]


def field_of(
    situation: Situation,
    kind: str,
    demand: Demand,
    radius: float,
    covering: Collection[State] = PARTNER_STATES,
) -> Field:
    """Return who could serve whom within `radius` metres.

    Raises
    ------
    UsageError
        A radius that cannot be meant, a kind that is not known.
    """
    check_radius(radius)
    # the group's own sites are never signed with, whether or not they count as covering
    usable = {
        offer.structure.id: offer
        for offer in kind_offers(situation, kind)
        if offer.state != "own" or offer.state in covering
    }
    known = ~np.isnan(demand.people)
    people = pd.Series(demand.people[known], index=np.flatnonzero(known))
    cost = _cost(list(usable.values()), kind, demand, radius, situation)
    return Field(
        situation=situation,
        kind=kind,
        radius=radius,
        cost=cost[cost["origin"].isin(people.index)],
        people=people,
        offers=usable,
        covering=covering,
        uncounted=tuple(sorted({*demand.unplaced, *demand.points.ids[~known]})),
    )


def suggest(
    situation: Situation,
    kind: str,
    demand: Demand,
    radius: float,
    count: int,
    constraints: Constraints = NO_RULE,
    covering: Collection[State] = PARTNER_STATES,
) -> Suggestion:
    """Return the `count` structures of a kind that, beside today's partners, serve the most people.

    Parameters
    ----------
    situation : Situation
        What is known on the day.
    kind : str
        A kind of structure. One that serves a zone or perimeter reaches the communes that it
        covers, whatever the radius.
    demand : Demand
        Points where the people are that count.
    radius : float
        Metres as the crow flies (inclusive).
    count : int
        How many to sign with; all candidates where there are fewer.
    constraints : Constraints, optional
        What else must hold of them.
    covering : collection of State, optional
        States of those that serve already; add ``own`` to count the group's own sites.

    Returns
    -------
    Suggestion
        Proven by the solver, no other choice covers more; or said not to be.

    Raises
    ------
    UsageError
        A radius that cannot be meant, a kind or structure that is not known, or constraints that
        no choice respects.
    ValueError
        A count that is none.
    """
    field = field_of(situation, kind, demand, radius, covering)
    return field.choose(radius, count, constraints)


def _cost(
    offers: Sequence[Offer], kind: str, demand: Demand, radius: float, situation: Situation
) -> pd.DataFrame:
    """Return the cost table from points of demand, by number, to the offers that serve them."""
    if service_rule(kind) == "place":
        numbered = replace(demand.points, ids=pd.RangeIndex(len(demand.people)))
        places = positions([offer.structure for offer in offers], situation.atlas)
        return pair_costs(numbered, places.points, radius).astype(
            {"origin": np.intp, "destination": object}
        )
    rows = pd.Series(np.arange(len(demand.people)), index=demand.points.ids)
    served = [
        pd.DataFrame({"origin": rows[rows.index.isin(offer.communes or ())].to_numpy()}).assign(
            destination=offer.structure.id, cost=0.0
        )
        for offer in offers
    ]
    empty = pd.DataFrame({"origin": rows.iloc[:0].to_numpy(), "destination": [], "cost": []})
    return pd.concat([empty.astype({"destination": object, "cost": float}), *served])
