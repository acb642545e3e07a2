"""How far people are from the nearest, band by band, and places within their reach.

Costs come from any :class:`graph.analysis.travel.TravelTimes`; supply outside a border counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, cast

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd

from graph.analysis.catchment import Bands, Method, accessibility
from graph.analysis.demand import Demand
from graph.analysis.elderly import LONGEST_MINUTES, PER_PEOPLE, beds_within_an_hour
from graph.analysis.reach import trips_to, weighted_quantiles
from graph.analysis.service_areas import Atlas, Communes
from graph.analysis.situation import Offer
from graph.analysis.travel import TravelTimes
from graph.model import Record

Floats = npt.NDArray[np.float64]
Approach = Literal["2sfca", "e2sfca", "3sfca", "drees"]
"""The floating catchments, and the logic of the official indicator of nursing homes."""

LIMITS: Mapping[str, tuple[float, ...]] = {
    "km": (2, 5, 10, 20, 30),
    "min": (5, 10, 15, 20, 30, 45, 60),
}
"""Inclusive limits of the bands that people are counted in."""

DECILES = tuple(tenth / 10 for tenth in range(1, 10))
PER_1000 = 1000


class Distribution(Record, frozen=True, kw_only=True):
    """How far the people of a territory are from the nearest structure.

    `within` is the share of people at most each limit away, `deciles` the least cost at or below
    which each tenth of them is; one that nobody in reach makes up is left out. All empty and
    `people` None where the population or the costs of one of its communes are not known.
    """

    territory: str
    people: float | None = None
    within: dict[float, float] = msgspec.field(default_factory=dict)
    deciles: dict[float, float] = msgspec.field(default_factory=dict)

    @property
    def median(self) -> float | None:
        """The cost at or below which half of the people are."""
        return self.deciles.get(0.5)


def nearest_costs(
    offers: Sequence[Offer], demand: Demand, atlas: Atlas, times: TravelTimes, limit: float
) -> Floats:
    """Return the cost from each point to the nearest offer; infinite beyond, NaN if not known."""
    found = times.nearest(trips_to(offers, demand, atlas), limit)
    cost = found["cost"].to_numpy(dtype=np.float64).copy()
    cost[~times.known(demand.points.ids)] = np.nan
    return cost


def distribution(
    ref: str, communes: Communes, demand: Demand, cost: Floats, limits: Sequence[float]
) -> Distribution:
    """Return how far the people of a territory are, from the `cost` of each point of demand."""
    here = np.asarray(demand.points.ids.isin(communes), dtype=np.bool_)
    people, apart = demand.people[here], cost[here]
    placed = set(demand.points.ids[here])
    if not communes or placed != communes or np.isnan(people).any() or np.isnan(apart).any():
        return Distribution(territory=ref)
    total = math.fsum(people)
    if not total:
        return Distribution(territory=ref, people=0.0)
    quantiles = weighted_quantiles(apart, people, DECILES)
    return Distribution(
        territory=ref,
        people=total,
        within={limit: math.fsum(people[apart <= limit]) / total for limit in limits},
        deciles={share: value for share, value in quantiles.items() if math.isfinite(value)},
    )


def places_in_reach(
    offers: Sequence[Offer],
    demand: Demand,
    atlas: Atlas,
    times: TravelTimes,
    approach: Approach,
    bands: Bands | None = None,
) -> Floats:
    """Return the places in reach of one person, at each point of demand.

    Parameters
    ----------
    offers : sequence of Offer
        Those with a capacity; each capacity is shared among all people of `demand` in reach.
    demand : Demand
        Points of the territories asked and of all around them: else it is too high at the borders.
    atlas : Atlas
        Where structures without a position sit.
    times : TravelTimes
        Costs; in minutes for ``drees``.
    approach : {'2sfca', 'e2sfca', '3sfca', 'drees'}
        The method; ``drees`` falls evenly to 60 minutes and takes no bands.
    bands : mapping of float to float, optional
        Weights by inclusive limit, in the unit of `times`.

    Returns
    -------
    array of float
        Places per person; NaN where people or costs are not known.
    """
    known = np.isfinite(demand.people) & times.known(demand.points.ids)
    people = pd.Series(demand.people[known], index=np.flatnonzero(known), dtype=np.float64)
    supply = pd.Series({offer.structure.id: float(offer.capacity or 0) for offer in offers})
    farthest = LONGEST_MINUTES if bands is None else max(cast("Mapping[float, float]", bands))
    cost = times.costs(trips_to(offers, demand, atlas), farthest)
    cost = cost[cost["origin"].isin(people.index)]
    if approach == "drees":
        found = beds_within_an_hour(cost, people, supply.astype(float)) / PER_PEOPLE
    else:
        method: Method = approach
        found = accessibility(cost, people, supply.astype(float), bands or {}, method)
    reached = np.full(len(demand.people), np.nan)
    reached[known] = found.to_numpy()
    return reached


def mean_over(communes: Communes, demand: Demand, reached: Floats) -> float | None:
    """Return the mean of `reached` over the people of a territory; None where it is not known."""
    here = np.asarray(demand.points.ids.isin(communes), dtype=np.bool_)
    people, values = demand.people[here], reached[here]
    if set(demand.points.ids[here]) != communes or np.isnan(values).any():
        return None
    total = math.fsum(people)
    return math.fsum(people * values) / total if total else None


class Ranked(NamedTuple):
    """A rank correlation (Spearman) of `n` communes; None where there is none to be had."""

    value: float | None
    n: int


LEAST_PAIRS = 3


def rank_correlation(ours: Sequence[float | None], theirs: Sequence[float | None]) -> Ranked:
    """Return the rank correlation of pairs of which both values are known (ties: mean rank)."""
    pairs = [(a, b) for a, b in zip(ours, theirs, strict=True) if a is not None and b is not None]
    frame = pd.DataFrame(pairs, columns=["ours", "theirs"], dtype=np.float64)
    if len(frame) < LEAST_PAIRS or (frame.max() == frame.min()).any():
        return Ranked(None, len(frame))
    ranks = frame.rank()
    return Ranked(float(ranks["ours"].corr(ranks["theirs"])), len(frame))
