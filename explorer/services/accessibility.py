"""Places within reach of the people of territories, by floating catchment, from a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from explorer.services.access import ONE_POINT, SIDES, as_asked, people_at
from explorer.services.accessibility_table import AccessRow, AccessTable, ranks_of
from explorer.services.coverage_reading import CoverageGround, CoverageQuestion, read_ground
from graph.analysis.access import (
    Approach,
    Ranked,
    nearest_costs,
    places_in_reach,
)
from graph.analysis.bands import BandText, read_bands
from graph.analysis.demand import Demand
from graph.analysis.elderly import LONGEST_MINUTES, PER_PEOPLE
from graph.analysis.partnership import PARTNER_STATES
from graph.analysis.people import People, people_concerned
from graph.analysis.proximity import located, nearest
from graph.analysis.reach import positions
from graph.analysis.service_areas import service_rule
from graph.analysis.situation import Offer, is_registered, kind_offers
from graph.analysis.supply import CAPACITIES, doubtful_capacity
from graph.analysis.travel import TravelTimes
from graph.errors import UsageError
from graph.identifiers import territory_ref
from graph.store.port import GraphStore

Marks = npt.NDArray[np.bool_]
APPROACHES: tuple[Approach, ...] = ("2sfca", "e2sfca", "3sfca", "drees")
USUAL_BANDS: Mapping[str, str] = {
    "2sfca": "0-30:1 min",
    "e2sfca": "0-10:1; 10-20:0.68; 20-30:0.22 min",
    "3sfca": "0-10:0.962; 10-20:0.704; 20-30:0.377; 30-60:0.042 min",
}
"""Bands where none are asked for (Luo & Qi 2009; Wan et al. 2012)."""

THIRDS = ((1 / 3, 1.0), (2 / 3, 0.68), (1.0, 0.22))
"""Bands of the E2SFCA (Luo & Qi 2009), as shares of the radius or time of a question."""


@dataclass(frozen=True)
class Accessibility:
    """Places in reach by territory and by commune, with what was used.

    `counted` is ``places``, or ``structures`` where a kind has no capacity in any source; `per` the
    people that it is for. `silent` state no capacity and `doubtful` one that cannot be believed:
    both are left out. `why` says why there is no figure. `ranks` compare communes with official
    figures, by topic.
    """

    question: CoverageQuestion
    times: TravelTimes
    read: CoverageGround
    kind: str
    approach: Approach
    bands: BandText | None
    counted: str = "places"
    per: int = 1000
    basis: str = "total"
    rows: list[AccessRow] = field(default_factory=list)
    communes: list[AccessRow] = field(default_factory=list)
    silent: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    unknown_people: int = 0
    why: str | None = None
    ranks: dict[str, tuple[Ranked, str]] = field(default_factory=dict)

    @property
    def unregistered(self) -> bool:
        """Tell whether no complete register of the kind is loaded for some territory."""
        read = self.read
        return not all(
            is_registered(read.situation.registers, self.kind, read.situation.atlas.communes(ref))
            for ref in read.ground.refs
        )


def accessibility_of(
    store: GraphStore,
    question: CoverageQuestion,
    times: TravelTimes,
    kind: str,
    approach: Approach,
    bands: str | None = None,
) -> Accessibility:
    """Return the places in reach of the people of each territory, by floating catchment.

    Parameters
    ----------
    store : GraphStore
        Read around the territories too, since people of both sides of a border share places.
    question : CoverageQuestion
        Territories, level, people; the grid or one point a commune.
    times : TravelTimes
        Costs, in the unit of the bands.
    kind : str
        A kind at a place.
    approach : {'2sfca', 'e2sfca', '3sfca', 'drees'}
        The method; ``drees`` is for nursing homes, in minutes, without bands.
    bands : str, optional
        As :func:`graph.analysis.bands.read_bands` takes them; the usual ones of the method if None.

    Raises
    ------
    UsageError
        A method, kind, unit or bands that cannot be meant together.
    """
    chosen = bands_of(approach, bands)
    _check(times, kind, approach, chosen)
    farthest = times.check(chosen.farthest if chosen else LONGEST_MINUTES)
    one = msgspec.structs.replace(question.selection, kinds=frozenset({kind}))
    asked = with_neighbours(msgspec.structs.replace(question, selection=one), times, farthest)
    asked = msgspec.structs.replace(asked, stays={})
    begun = Accessibility(asked, times, read_ground(store, asked), kind, approach, chosen)
    return _filled(begun, _told(begun))


def with_neighbours(
    question: CoverageQuestion, times: TravelTimes, farthest: float
) -> CoverageQuestion:
    """Return the question read so far around that all who share places in reach are known."""
    # whoever shares the places of a structure in reach lives at most twice as far
    around = times.crow_km(farthest) * (1 if times.by in ONE_POINT else 2)
    return as_asked(question, times, around)


def places_by_thirds(
    read: CoverageGround, question: CoverageQuestion, times: TravelTimes, kind: str, limit: float
) -> Accessibility:
    """Return places within `limit` by E2SFCA, its bands thirds of it: the map and simulations.

    `read` must hold the neighbours (:func:`with_neighbours`). A kind that serves a zone or a
    perimeter, or of which no source states a capacity, has no figure; `why` says so.
    """
    bands = BandText({share * limit: weight for share, weight in THIRDS}, times.unit)
    asked = msgspec.structs.replace(question, stays={})
    begun = Accessibility(asked, times, read, kind, "e2sfca", bands)
    if service_rule(kind) != "place":
        return replace(begun, why="areal")
    told = _told(begun)
    if told.counted != "places":
        return replace(begun, why="no_capacity")
    return _filled(begun, told)


def bands_of(approach: str, bands: str | None) -> BandText | None:
    """Return the bands of a method: those asked for, else its usual ones; None for ``drees``."""
    if approach not in APPROACHES:
        raise UsageError("access.approach", value=approach, allowed=", ".join(APPROACHES))
    if approach == "drees":
        if bands:
            raise UsageError("access.drees_bands")
        return None
    return read_bands(bands or USUAL_BANDS[approach])


def _check(times: TravelTimes, kind: str, approach: str, bands: BandText | None) -> None:
    if service_rule(kind) != "place":
        raise UsageError("access.areal", value=kind)
    if approach == "drees" and kind != "EHPAD":
        raise UsageError("access.drees_kind", value=kind)
    unit = bands.unit if bands else "min"
    if unit != times.unit:
        raise UsageError("access.unit", asked=unit, given=times.unit)


class _Told(NamedTuple):
    """Offers whose places can be counted, and those that could not."""

    offers: list[Offer]
    counted: str
    silent: tuple[str, ...]
    doubtful: tuple[str, ...]
    unstated: list[Offer]


def _told(begun: Accessibility) -> _Told:
    """Return the offers with their places; one each where the kind has no capacity at all."""
    kind, activity = begun.kind, begun.question.activity
    offers = kind_offers(begun.read.situation, kind, activity)
    if kind not in CAPACITIES and activity is None:
        return _Told([offer._replace(capacity=1.0) for offer in offers], "structures", (), (), [])
    doubtful = {o.structure.id for o in offers if doubtful_capacity(o.structure, kind, activity)}
    silent = {o.structure.id for o in offers if o.capacity is None} - doubtful
    stated = [offer for offer in offers if offer.capacity is not None]
    unstated = [offer for offer in offers if offer.capacity is None]
    return _Told(stated, "places", tuple(sorted(silent)), tuple(sorted(doubtful)), unstated)


def _filled(begun: Accessibility, told: _Told) -> Accessibility:
    """Return the answer with its figures, or with why there are none."""
    read, times = begun.read, begun.times
    atlas, codes = read.situation.atlas, _codes_around(read, begun.question.around_km or 0)
    people = _people(read, codes, begun)
    demand = people_at(read, people, codes, begun.question.demand)
    near = _near_territories(begun, told.unstated)
    per = PER_PEOPLE if begun.approach == "drees" or told.counted == "structures" else 1000
    found = replace(
        begun,
        counted=told.counted,
        per=int(per),
        basis=people.basis,
        silent=tuple(ident for ident in told.silent if ident in near),
        doubtful=tuple(ident for ident in told.doubtful if ident in near),
        unknown_people=len(set(demand.points.ids[np.isnan(demand.people)])),
    )
    if not np.nansum(demand.people):
        return replace(found, why="no_people")
    if not told.offers:
        return replace(found, why=_why_nobody(found, told))
    bands = begun.bands.weights if begun.bands else None
    reached, unsure = {}, {}
    for side in SIDES:
        held = _of(side, told.offers)
        reached[side] = per * places_in_reach(held, demand, atlas, times, begun.approach, bands)
        unsure[side] = _silent_near(found, _of(side, told.unstated), demand)
    table = AccessTable(read, begun.kind, demand, reached, unsure)
    rows = [table.row(atlas[ref]) for ref in read.ground.refs]
    inside = sorted(read.ground.communes)
    communes = [table.row(atlas[territory_ref("commune", code)]) for code in inside]
    return replace(found, rows=rows, communes=communes, ranks=ranks_of(communes))


def _of(side: str, offers: Sequence[Offer]) -> list[Offer]:
    return [offer for offer in offers if side == "supply" or offer.state in PARTNER_STATES]


def _near_territories(begun: Accessibility, offers: list[Offer]) -> frozenset[str]:
    """Return the structures so near the territories asked that their places could count."""
    atlas, farthest = begun.read.situation.atlas, _farthest(begun)
    places = positions([offer.structure for offer in offers], atlas).points
    people = _people(begun.read, sorted(begun.read.ground.communes), begun)
    inside = people_at(begun.read, people, begun.read.ground.communes, begun.question.demand)
    apart = nearest(places, inside.points)["metres"].to_numpy()
    return frozenset(places.ids[apart <= 1000 * begun.times.crow_km(farthest)])


def _farthest(found: Accessibility) -> float:
    return found.bands.farthest if found.bands else LONGEST_MINUTES


def _silent_near(found: Accessibility, offers: list[Offer], demand: Demand) -> Marks:
    """Tell at which points a structure is in reach of which no usable capacity is stated."""
    if not offers:
        return np.zeros(len(demand.people), dtype=np.bool_)
    farthest = _farthest(found)
    near: Marks = (
        nearest_costs(offers, demand, found.read.situation.atlas, found.times, farthest) <= farthest
    )
    return near


def _why_nobody(found: Accessibility, told: _Told) -> str:
    """Return why no places can be counted: none stated, nobody there, or no register to say so."""
    if told.silent or told.doubtful:
        return "no_capacity"
    read = found.read
    known = is_registered(read.situation.registers, found.kind, read.ground.communes)
    return "nobody" if known else "no_supply"


def _people(read: CoverageGround, codes: Sequence[str], begun: Accessibility) -> People:
    """Return the people concerned, on a basis that is known of the neighbours as well.

    Places shared with neighbours of whom no one is 75 and over, for want of a source, would be too
    many.
    """
    atlas, asked = read.situation.atlas, begun.question.population
    return people_concerned(atlas, codes, begun.kind, asked)


def _codes_around(read: CoverageGround, km: float) -> list[str]:
    """Return the communes of the territories and those at most `km` from any of them."""
    middles = read.situation.atlas.middles
    index = pd.Index(list(middles), dtype=object)
    points = located(
        pd.Series([spot[0] for spot in middles.values()], index=index),
        pd.Series([spot[1] for spot in middles.values()], index=index),
    )
    inside = np.asarray(index.isin(read.ground.communes), dtype=np.bool_)
    near = set(read.ground.communes)
    for zone in np.unique(points.zone[inside]):
        rows = np.flatnonzero(points.zone == zone)
        spots = np.column_stack([points.x[rows], points.y[rows]])
        apart, _ = cKDTree(spots[inside[rows]]).query(spots, distance_upper_bound=km * 1000)
        near |= set(index[rows[np.isfinite(apart)]])
    return sorted(near)
