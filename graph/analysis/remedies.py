"""What would close a gap: who in reach of a territory could be signed with, and for how many."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from graph.analysis.demand import Demand
from graph.analysis.partnership import PARTNER_STATES, State
from graph.analysis.proximity import Points
from graph.analysis.reach import positions, weighted_quantiles
from graph.analysis.service_areas import Communes, service_rule
from graph.analysis.situation import Offer, Situation, kind_offers
from graph.analysis.suggestions import field_of
from graph.geography import NOWHERE
from graph.model import Record

Marks = npt.NDArray[np.bool_]
HALF = 0.5


class Remedy(Record, frozen=True, kw_only=True):
    """A structure to sign with, seen from a territory.

    `metres` is the distance at or below which half of the people of the territory live from it,
    None where it serves a zone or perimeter. `people_reached` are those in its reach,
    `people_gained` those of them that no partner reaches today. All three are None where the
    population or polygon of a commune of the territory is not known.
    """

    structure: str
    state: State
    capacity: float | None
    metres: float | None
    people_reached: float | None
    people_gained: float | None


class Remedies(Record, frozen=True, kw_only=True):
    """Who could close the gap of a kind in a territory, those that gain most people first.

    People are None where the population or polygon of one of its communes is not known. `nearest`
    is who stands nearest where nobody is in reach.
    """

    territory: str
    kind: str
    people: float | None
    people_covered: float | None
    found: tuple[Remedy, ...]
    nearest: Remedy | None = None


class _Seen(NamedTuple):
    """The points of a territory, their people, and which of them a partner reaches.

    `whole` tells that people and place of all of its communes are known.
    """

    points: Points
    people: npt.NDArray[np.float64]
    covered: Marks
    whole: bool

    def sum(self, rows: npt.NDArray[np.intp] | Marks) -> float | None:
        """Return the people of some points."""
        return float(self.people[rows].sum()) if self.whole else None


def remedies(
    situation: Situation,
    territory: str,
    kind: str,
    demand: Demand,
    radius: float,
    covering: Collection[State] = PARTNER_STATES,
) -> Remedies:
    """Return who could be signed with for the people of one territory.

    Parameters
    ----------
    situation : Situation
        What is known on the day; structures outside the territory count as well.
    territory : str
        Reference.
    kind : str
        Its rule decides who is in reach, as for :func:`graph.analysis.reach.reach`.
    demand : Demand
        Points where people are; only those of the territory are looked at.
    radius : float
        Metres as the crow flies (inclusive).
    covering : collection of State, optional
        States of those that serve already.

    Raises
    ------
    UsageError
        A radius that cannot be meant, a kind or territory that is not known.
    """
    communes = situation.atlas.communes(situation.atlas[territory].id)
    here = _of(demand, communes)
    field = field_of(situation, kind, here, radius, covering)
    every = kind_offers(situation, kind)
    free = [o for o in every if o.state != "own" and o.state not in covering]
    serving = {offer.structure.id for offer in every if offer.state in covering}
    rows = {str(k): v.to_numpy() for k, v in field.cost.groupby("destination")["origin"]}
    covered = np.zeros(len(here.people), dtype=bool)
    for ident in serving & rows.keys():
        covered[rows[ident]] = True
    whole = bool(communes) and not here.unplaced and not np.isnan(here.people).any()
    seen = _Seen(here.points, np.nan_to_num(here.people), covered, whole)
    reaching = [offer for offer in free if offer.structure.id in rows]
    found = [_remedy(o, kind, rows[o.structure.id], seen, situation) for o in reaching]
    ranked = sorted(found, key=lambda item: (-(item.people_gained or 0), item.structure))
    return Remedies(
        territory=territory,
        kind=kind,
        people=seen.sum(np.ones(len(covered), dtype=bool)),
        people_covered=seen.sum(covered),
        found=tuple(ranked),
        nearest=None if ranked else _nearest(free, kind, seen, situation),
    )


def _of(demand: Demand, communes: Communes) -> Demand:
    rows = demand.points.ids.isin(communes)
    points = demand.points
    return Demand(
        Points(points.ids[rows], points.x[rows], points.y[rows], points.zone[rows]),
        demand.people[rows],
        tuple(code for code in demand.unplaced if code in communes),
    )


def _remedy(
    offer: Offer, kind: str, rows: npt.NDArray[np.intp], seen: _Seen, situation: Situation
) -> Remedy:
    fresh = rows[~seen.covered[rows]]
    return Remedy(
        structure=offer.structure.id,
        state=offer.state,
        capacity=offer.capacity,
        metres=_half(offer, kind, seen, situation),
        people_reached=seen.sum(rows),
        people_gained=seen.sum(fresh),
    )


def _half(offer: Offer, kind: str, seen: _Seen, situation: Situation) -> float | None:
    """Return the distance within which half of the people live; None without one."""
    place = positions([offer.structure], situation.atlas).points
    same = seen.points.zone == place.zone[0]
    placed = service_rule(kind) == "place" and place.zone[0] != NOWHERE and same.any()
    if not placed or not seen.whole:
        return None
    apart = np.hypot(seen.points.x[same] - place.x[0], seen.points.y[same] - place.y[0])
    return weighted_quantiles(apart, seen.people[same], (HALF,)).get(HALF)


def _nearest(
    free: Collection[Offer], kind: str, seen: _Seen, situation: Situation
) -> Remedy | None:
    if service_rule(kind) != "place":
        return None
    nobody = np.empty(0, dtype=np.intp)
    known = [_remedy(offer, kind, nobody, seen, situation) for offer in free]
    placed = [item for item in known if item.metres is not None]
    return min(placed, key=lambda item: (item.metres or 0, item.structure), default=None)
