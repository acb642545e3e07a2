"""Places within reach of the people of territories, by floating catchment, from a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import msgspec
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from explorer.services.access import ONE_POINT, SIDES, as_asked, people_at
from explorer.services.accessibility_table import AccessRow, AccessTable, ranks_of
from explorer.services.coverage_reading import CoverageGround, CoverageQuestion, read_ground
from graph.analysis.access import (
    Approach,
    Ranked,
    places_in_reach,
)
from graph.analysis.bands import BandText, read_bands
from graph.analysis.elderly import LONGEST_MINUTES, PER_PEOPLE
from graph.analysis.partnership import PARTNER_STATES
from graph.analysis.people import People, people_concerned
from graph.analysis.proximity import located
from graph.analysis.service_areas import service_rule
from graph.analysis.situation import Offer, is_registered, kind_offers
from graph.analysis.supply import CAPACITIES, doubtful_capacity
from graph.analysis.travel import TravelTimes
from graph.errors import UsageError
from graph.identifiers import territory_ref
from graph.store.port import GraphStore

APPROACHES: tuple[Approach, ...] = ("2sfca", "e2sfca", "3sfca", "drees")
USUAL_BANDS: Mapping[str, str] = {
    "2sfca": "0-30:1 min",
    "e2sfca": "0-10:1; 10-20:0.68; 20-30:0.22 min",
    "3sfca": "0-10:0.962; 10-20:0.704; 20-30:0.377; 30-60:0.042 min",
}
"""Bands where none are asked for (Luo & Qi 2009; Wan et al. 2012)."""


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
    # whoever shares the places of a structure in reach lives at most twice as far
    around = times.crow_km(farthest) * (1 if times.by in ONE_POINT else 2)
    asked = msgspec.structs.replace(
        as_asked(question, times, around),
        selection=msgspec.structs.replace(question.selection, kinds=frozenset({kind})),
        stays={},
    )
    read = read_ground(store, asked)
    begun = Accessibility(asked, times, read, kind, approach, chosen)
    return _filled(begun, _told(begun), around)


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


def _told(begun: Accessibility) -> _Told:
    """Return the offers with their places; one each where the kind has no capacity at all."""
    kind, activity = begun.kind, begun.question.activity
    offers = kind_offers(begun.read.situation, kind, activity)
    if kind not in CAPACITIES and activity is None:
        return _Told([offer._replace(capacity=1.0) for offer in offers], "structures", (), ())
    doubtful = {o.structure.id for o in offers if doubtful_capacity(o.structure, kind, activity)}
    silent = {o.structure.id for o in offers if o.capacity is None} - doubtful
    stated = [offer for offer in offers if offer.capacity is not None]
    return _Told(stated, "places", tuple(sorted(silent)), tuple(sorted(doubtful)))


def _filled(begun: Accessibility, told: _Told, around: float) -> Accessibility:
    """Return the answer with its figures, or with why there are none."""
    read, times = begun.read, begun.times
    atlas, codes = read.situation.atlas, _codes_around(read, around)
    people = _people(read, codes, begun)
    demand = people_at(read, people, codes, begun.question.demand)
    per = PER_PEOPLE if begun.approach == "drees" or told.counted == "structures" else 1000
    found = replace(
        begun,
        counted=told.counted,
        per=int(per),
        basis=people.basis,
        silent=told.silent,
        doubtful=told.doubtful,
        unknown_people=len(set(demand.points.ids[np.isnan(demand.people)])),
    )
    if not np.nansum(demand.people):
        return replace(found, why="no_people")
    if not told.offers:
        return replace(found, why=_why_nobody(found, told))
    bands = begun.bands.weights if begun.bands else None
    reached = {}
    for side in SIDES:
        held = [o for o in told.offers if side == "supply" or o.state in PARTNER_STATES]
        reached[side] = per * places_in_reach(held, demand, atlas, times, begun.approach, bands)
    table = AccessTable(read, begun.kind, demand, reached)
    rows = [table.row(atlas[ref]) for ref in read.ground.refs]
    inside = sorted(read.ground.communes)
    communes = [table.row(atlas[territory_ref("commune", code)]) for code in inside]
    return replace(found, rows=rows, communes=communes, ranks=ranks_of(communes))


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
    many: where 65 and over is known of more communes, it is counted.
    """
    atlas, asked = read.situation.atlas, begun.question.population
    people = people_concerned(atlas, codes, begun.kind, asked)
    if asked != "concerned" or people.basis != "75":
        return people
    wider = people_concerned(atlas, codes, begun.kind, "65")
    return wider if _known(wider) > _known(people) else people


def _known(people: People) -> int:
    return sum(count is not None for count in people.by_commune.values())


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
