"""Whom to sign with next: the unsigned structures that together serve the most people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from graph.analysis.demand import Demand
from graph.analysis.partnership import PARTNER_STATES, State
from graph.analysis.proximity import check_radius, pair_costs
from graph.analysis.reach import positions
from graph.analysis.service_areas import service_rule
from graph.analysis.siting import SitingRules, maximal_coverage
from graph.analysis.situation import Offer, Situation, kind_offers
from graph.model import Record


class Suggestion(Record, frozen=True, kw_only=True):
    """The structures of a kind to sign with, and what that changes.

    `candidates` are how many structures without agreement serve anybody here; `solutions` every
    set of them that does as well, sorted. `uncounted` are communes left out because their
    population or polygon is not known.
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
    uncounted: tuple[str, ...] = ()


def suggest(
    situation: Situation,
    kind: str,
    demand: Demand,
    radius: float,
    count: int,
    rules: SitingRules | None = None,
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
    rules : SitingRules, optional
        What else must hold of them.
    covering : collection of State, optional
        States of those that serve already; add ``own`` to count the group's own sites.

    Returns
    -------
    Suggestion
        Proven by the solver: no other choice covers more.

    Raises
    ------
    UsageError
        A radius that cannot be meant, a kind that is not known.
    ValueError
        A count that is none, or rules that no choice respects.
    """
    check_radius(radius)
    offers = kind_offers(situation, kind)
    known = ~np.isnan(demand.people)
    people = pd.Series(demand.people[known], index=np.flatnonzero(known))
    cost = _cost(offers, kind, demand, radius, situation)
    cost = cost[cost["origin"].isin(people.index)]
    reaching = set(cost["destination"])
    # the group's own sites are never signed with, whether or not they count as covering
    usable = [o for o in offers if o.state != "own" or o.state in covering]
    fixed = [o.structure.id for o in usable if o.state in covering and o.structure.id in reaching]
    cost = cost[cost["destination"].isin({offer.structure.id for offer in usable})]
    found = maximal_coverage(cost, people, radius, count, fixed, rules)
    before = maximal_coverage(cost, people, radius, 0, fixed).objective
    return Suggestion(
        kind=kind,
        count=count,
        radius=radius,
        candidates=cost["destination"].nunique() - len(fixed),
        people=float(people.sum()),
        people_covered_before=before,
        people_covered_after=found.objective,
        solutions=tuple(tuple(map(str, sites)) for sites in found.optima),
        truncated=found.truncated,
        uncounted=tuple(sorted({*demand.unplaced, *demand.points.ids[~known]})),
    )


def sensitivity(
    situation: Situation, kind: str, demand: Demand, radii: Sequence[float], count: int
) -> tuple[list[Suggestion], frozenset[str]]:
    """Return the suggestion at each radius, and the structures suggested at every one of them.

    A structure is suggested at a radius if any of the equal optima has it. What is suggested at
    one radius only is a fragile conclusion. A detour factor divides the radius: a radius of 5 km
    by road at a detour of 1.3 is 3.85 km here.

    Raises
    ------
    UsageError
        A radius that cannot be meant, a kind that is not known.
    """
    found = [suggest(situation, kind, demand, radius, count) for radius in radii]
    named = [frozenset(site for sites in each.solutions for site in sites) for each in found]
    return found, frozenset.intersection(*named) if named else frozenset()


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
