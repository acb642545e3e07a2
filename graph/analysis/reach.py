"""People near a partner and near any supply, and how far the nearest is.

Supply outside the border of a territory counts: what matters is the distance. Positions are those
that sources state; a structure of which only the commune is known stands at the middle of it, and
is listed as approximate.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, cast

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd

from graph.analysis.demand import Demand
from graph.analysis.partnership import PARTNER_STATES, State
from graph.analysis.proximity import Points, check_radius, located, nearest
from graph.analysis.service_areas import Atlas, Communes, service_rule
from graph.analysis.situation import Offer, Situation, is_registered, kind_offers
from graph.analysis.travel import TravelTimes, Trips
from graph.model import Record, Structure

Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


class Reach(Record, frozen=True, kw_only=True):
    """People of a territory within reach, and the distance of its people to the nearest partner.

    All None where the population or the polygon of one of its communes is not known;
    `population_near_supply` also where no register of the kind is loaded. `metres` are quantiles
    of people, by share (0.5: half of them have a partner at most that near), empty where there is
    no partner and for kinds that serve a zone or a perimeter; `minutes` the same where the question
    is in minutes, without the shares that nobody within the time makes up.
    """

    territory: str
    population: float | None = None
    population_covered: float | None = None
    share_covered: float | None = None
    population_near_supply: float | None = None
    metres: dict[float, float] = msgspec.field(default_factory=dict)
    minutes: dict[float, float] = msgspec.field(default_factory=dict)


class Within(NamedTuple):
    """A limit in the unit of a source of costs, and that source."""

    limit: float
    times: TravelTimes


class Positions(NamedTuple):
    """Where structures stand. `approximate` stand at the middle of their commune."""

    points: Points
    approximate: tuple[str, ...]
    missing: tuple[str, ...]


def reach(
    situation: Situation,
    territories: Sequence[str],
    kind: str,
    demand: Demand,
    radius: float | Within,
    covering: Collection[State] = PARTNER_STATES,
    activity: str | None = None,
) -> list[Reach]:
    """Return who is in reach of a partner and of any supply, territory by territory.

    Parameters
    ----------
    situation : Situation
        What is known on the day; structures outside the territories count as well.
    territories : sequence of str
        References.
    kind : str
        Its rule decides: a place is near within `radius`; a zone or perimeter reaches the
        communes that it covers, whatever the distance.
    demand : Demand
        Points where people are, for all communes of the territories.
    radius : float or Within
        Metres as the crow flies, or another limit with where its costs come from (inclusive).
    covering : collection of State, optional
        States of a partner; add ``own`` to count the group's own sites.
    activity : str, optional
        Only structures with this activity.

    Returns
    -------
    list of Reach
        In the order of `territories`.

    Raises
    ------
    UsageError
        A radius that cannot be meant, a kind or territory that is not known.
    """
    within = radius if isinstance(radius, Within) else None
    limit = within.times.check(within.limit) if within else check_radius(cast("float", radius))
    atlas = situation.atlas
    offers = kind_offers(situation, kind, activity)
    partners = [offer for offer in offers if offer.state in covering]
    if service_rule(kind) == "place":
        apart = _apart(partners, demand, atlas, within)
        near, near_any = apart <= limit, _apart(offers, demand, atlas, within) <= limit
    else:
        apart = np.full(len(demand.people), np.inf)
        near, near_any = _served(partners, demand), _served(offers, demand)
    sums = _Sums(demand, atlas, timed=within is not None)
    found = []
    for ref in territories:
        communes = atlas.communes(atlas[ref].id)
        registered = is_registered(situation.registers, kind, communes)
        found.append(sums.reach(ref, near, near_any if registered else None, apart))
    return found


def _apart(offers: Sequence[Offer], demand: Demand, atlas: Atlas, within: Within | None) -> Floats:
    """Return metres, or the costs of `within`, to the nearest; NaN where a cost is not known."""
    if within is None:
        return distance_to(offers, demand, atlas)
    found = within.times.nearest(trips_to(offers, demand, atlas), within.limit)
    cost = found["cost"].to_numpy(dtype=np.float64).copy()
    cost[~within.times.known(demand.points.ids)] = np.nan
    return cost


def trips_to(offers: Sequence[Offer], demand: Demand, atlas: Atlas) -> Trips:
    """Return the trips from each point of demand to each of `offers`."""
    places = positions([offer.structure for offer in offers], atlas)
    communes = {offer.structure.id: offer.structure.commune for offer in offers}
    return Trips(demand.points, places.points, communes)


def distance_to(offers: Sequence[Offer], demand: Demand, atlas: Atlas) -> Floats:
    """Return the metres from each point of demand to the nearest offer; infinity if none."""
    places = positions([offer.structure for offer in offers], atlas)
    metres: Floats = nearest(demand.points, places.points)["metres"].to_numpy()
    return metres


def positions(structures: Iterable[Structure], atlas: Atlas) -> Positions:
    """Return where structures stand: their own position, else the middle of their commune."""
    known = list(structures)
    spots = np.array([(item.longitude, item.latitude) for item in known], dtype=np.float64).reshape(
        -1, 2
    )
    unplaced: Marks = np.isnan(spots[:, 0]) | np.isnan(spots[:, 1])
    middles = atlas.middles
    for row in np.flatnonzero(unplaced):
        spots[row] = middles.get(known[row].commune or "", (np.nan, np.nan))
    ids = pd.Index([item.id for item in known], dtype=object)
    points = located(pd.Series(spots[:, 0], index=ids), pd.Series(spots[:, 1], index=ids))
    missing = points.missing
    rough = [
        item.id
        for item, moved in zip(known, unplaced, strict=True)
        if (moved or item.precision == "commune") and item.id not in set(missing)
    ]
    return Positions(points, tuple(sorted(rough)), tuple(missing))


def nearest_partners(
    situation: Situation,
    kind: str,
    demand: Demand,
    covering: Collection[State] = PARTNER_STATES,
) -> pd.DataFrame:
    """Return the nearest partner of each point of demand: ``commune``, ``partner``, ``metres``.

    With one point a commune, this is the nearest partner of each commune. `partner` is NaN and
    `metres` infinite where there is none.
    """
    offers = kind_offers(situation, kind)
    partners = [offer.structure for offer in offers if offer.state in covering]
    found = nearest(demand.points, positions(partners, situation.atlas).points)
    return found.set_axis(["commune", "partner", "metres"], axis="columns")


def weighted_quantiles(
    values: Floats, weights: Floats, shares: Sequence[float] = QUANTILES
) -> dict[float, float]:
    """Return the least value at or below which at least each share of the weight lies.

    Returns
    -------
    dict of float to float
        Empty where there is no weight.
    """
    order = np.argsort(values, kind="stable")
    sums = np.cumsum(weights[order])
    if not len(sums) or sums[-1] <= 0:
        return {}
    # sums of equal shares of people fall short of round numbers by rounding alone
    places = np.searchsorted(sums, np.array(shares) * sums[-1] * (1 - 1e-12), side="left")
    return {share: float(values[order][place]) for share, place in zip(shares, places, strict=True)}


def _served(offers: Iterable[Offer], demand: Demand) -> Marks:
    """Tell for each point whether its commune is in the zone or perimeter of an offer."""
    served: Communes = frozenset().union(*(offer.communes or () for offer in offers))
    inside: Marks = demand.points.ids.isin(served)
    return inside


class _Sums:
    """Sums over the points of a territory: those of its communes."""

    def __init__(self, demand: Demand, atlas: Atlas, *, timed: bool = False) -> None:
        self._people = demand.people
        self._timed = timed
        self._atlas = atlas
        which, codes = pd.factorize(demand.points.ids)
        order = np.argsort(which, kind="stable")
        ends = np.cumsum(np.bincount(which, minlength=len(codes)))[:-1]
        self._rows = dict(zip(map(str, codes), np.split(order, ends), strict=True))

    def reach(self, ref: str, near: Marks, near_any: Marks | None, apart: Floats) -> Reach:
        """Return the reach of the territory `ref`; `near_any` is None where supply is unknown."""
        communes = self._atlas.communes(ref)
        rows = [self._rows[code] for code in sorted(communes & self._rows.keys())]
        here = np.concatenate([_NO_ROW, *rows])
        people = self._people[here]
        unknown = np.isnan(people).any() or np.isnan(apart[here]).any()
        if not communes or len(rows) < len(communes) or unknown:
            return Reach(territory=ref)
        total, covered = math.fsum(people), math.fsum(people[near[here]])
        spread = weighted_quantiles(apart[here], people)
        reached = np.isfinite(apart[here])
        return Reach(
            territory=ref,
            population=total,
            population_covered=covered,
            share_covered=covered / total if total else None,
            population_near_supply=None if near_any is None else math.fsum(people[near_any[here]]),
            metres=spread if reached.all() and not self._timed else {},
            minutes={share: cost for share, cost in spread.items() if math.isfinite(cost)}
            if self._timed
            else {},
        )


_NO_ROW = np.empty(0, dtype=np.intp)
