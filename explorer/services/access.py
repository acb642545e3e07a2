"""How far people are from partners and from any supply, and who is nearest, from a store."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
import shapely

from explorer.services.coverage import population_of
from explorer.services.coverage_reading import CoverageGround, CoverageQuestion, read_ground
from graph.analysis.access import LIMITS, Distribution, distribution, nearest_costs
from graph.analysis.demand import Demand, Shape, demand_points
from graph.analysis.partnership import PARTNER_STATES
from graph.analysis.people import People, people_concerned
from graph.analysis.proximity import Travel
from graph.analysis.reach import positions, trips_to
from graph.analysis.service_areas import service_rule
from graph.analysis.situation import Offer, is_registered, kind_offers
from graph.analysis.travel import TimeTable, TravelTimes, Trips
from graph.identifiers import territory_ref
from graph.model import Record, Structure
from graph.store.port import GraphStore, StructureQuery, TerritoryQuery
from loaders.travel_table import check_places, read_travel_table

SIDES = ("partner", "supply")
"""Structures with an agreement; all that are known, the group's own sites among them."""

ONE_POINT = frozenset({"table", "router"})
"""Sources of costs that are asked about one point a commune."""


class Nearest(Record, frozen=True, kw_only=True):
    """The nearest structure of a commune: as the crow flies, in minutes, and how it is placed.

    `minutes` are of the travel times that were asked for, estimated where they are distances.
    `approximate` stands at the middle of its commune, `outside` in none of the territories asked.
    """

    id: str
    name: str
    km: float
    minutes: float | None
    approximate: bool
    outside: bool


class NearestRow(Record, frozen=True, kw_only=True):
    """A commune and a kind; None where none is known in what was read (`supply`: no register)."""

    commune: str
    name: str
    kind: str
    population: float | None
    basis: str
    partner: Nearest | None
    supply: Nearest | None


class Spread(Record, frozen=True, kw_only=True):
    """How far the people of a territory are from the nearest partner, or any supply."""

    territory: str
    name: str
    kind: str
    basis: str
    side: str
    known: Distribution


@dataclass(frozen=True)
class Distances:
    """Nearest of each commune and distributions, with what was used.

    `areal` are kinds that serve a zone or a perimeter: a distance to their seat means nothing.
    `unplaced` have no position, `timeless` are communes of which the table states no time.
    """

    question: CoverageQuestion
    times: TravelTimes
    read: CoverageGround
    limit: float
    rows: list[NearestRow]
    spreads: list[Spread]
    areal: tuple[str, ...] = ()
    approximate: tuple[str, ...] = ()
    unplaced: tuple[str, ...] = ()
    timeless: int = 0


def distances_of(
    store: GraphStore, question: CoverageQuestion, times: TravelTimes, limit: float | None = None
) -> Distances:
    """Return who is nearest to each commune, and how far the people of each territory are.

    Parameters
    ----------
    store : GraphStore
        Read as far around the territories as the limit reaches.
    question : CoverageQuestion
        Territories, kinds, people; the grid or one point a commune.
    times : TravelTimes
        Where costs come from.
    limit : float, optional
        How far one looks, in the unit of `times`: at least to the last band (30 km, 60 minutes).

    Raises
    ------
    UsageError
        A question or limit that cannot be meant.
    """
    farthest = max(times.check(limit) if limit is not None else 0, LIMITS[times.unit][-1])
    asked = as_asked(question, times, times.crow_km(farthest))
    read = read_ground(store, asked)
    kinds = [kind for kind in asked.kinds if service_rule(kind) == "place"]
    found = Distances(asked, times, read, farthest, [], [])
    everyone: dict[str, Structure] = {}
    for kind in kinds:
        looking = _Looking(found, kind, kind_offers(read.situation, kind, asked.activity))
        found.rows.extend(looking.rows())
        found.spreads.extend(looking.spreads())
        everyone |= {offer.structure.id: offer.structure for offer in looking.offers}
    placed = positions(everyone.values(), read.situation.atlas)
    codes = pd.Index(sorted(read.ground.communes), dtype=object)
    return replace(
        found,
        areal=tuple(kind for kind in asked.kinds if kind not in kinds),
        approximate=placed.approximate,
        unplaced=placed.missing,
        timeless=int((~times.known(codes)).sum()),
    )


def table_of(path: Path, store: GraphStore) -> TimeTable:
    """Return the travel times of a file of which the store knows every place.

    Raises
    ------
    InputError
        A table that cannot be used.
    """
    table = read_travel_table(path)
    ends = frozenset(table.ends)
    refs = frozenset(territory_ref("commune", code) for code in {*table.communes, *ends})
    held = store.territories(TerritoryQuery(ids=refs)) if refs else []
    structures = store.structures(StructureQuery(ids=ends)) if ends else []
    check_places(table, {item.code for item in held}, {item.id for item in structures})
    return table.times


def as_asked(question: CoverageQuestion, times: TravelTimes, around: float) -> CoverageQuestion:
    """Return the question read `around` km farther; tables and servers see a point a commune."""
    asked = msgspec.structs.replace(question, around_km=around)
    return msgspec.structs.replace(asked, demand="centroid") if times.by in ONE_POINT else asked


def people_at(read: CoverageGround, people: People, codes: Collection[str], shape: Shape) -> Demand:
    """Return the points where the people of the communes `codes` are."""
    atlas = read.situation.atlas
    held = {code: atlas[territory_ref("commune", code)].geometry for code in codes}
    shapes = {code: shapely.from_wkb(wkb) if wkb else None for code, wkb in held.items()}
    return demand_points(shapes, people.by_commune, shape)


class _Looking:
    """One kind, looked for from every commune."""

    def __init__(self, found: Distances, kind: str, offers: list[Offer]) -> None:
        self.offers = offers
        self._found = found
        self._kind = kind
        self._read = found.read
        asked = population_of(found.read, found.question)
        self._codes = sorted(found.read.ground.communes)
        self._people = (
            asked
            if isinstance(asked, People)
            else people_concerned(found.read.situation.atlas, self._codes, kind, asked)
        )

    def rows(self) -> Iterator[NearestRow]:
        """Yield the nearest partner and supply of each commune, from one point in it."""
        middles = people_at(self._read, self._people, self._codes, "centroid")
        atlas = self._read.situation.atlas
        sides = {side: self._nearest(side, middles) for side in SIDES}
        for code in self._codes:
            yield NearestRow(
                commune=code,
                name=atlas[territory_ref("commune", code)].name or code,
                kind=self._kind,
                population=self._people.by_commune.get(code),
                basis=self._people.basis,
                partner=sides["partner"].get(code),
                supply=sides["supply"].get(code) if self._registered({code}) else None,
            )

    def spreads(self) -> Iterator[Spread]:
        """Yield how far the people of each territory are."""
        demand = people_at(self._read, self._people, self._codes, self._found.question.demand)
        times, limit, atlas = self._found.times, self._found.limit, self._read.situation.atlas
        costs = {
            side: nearest_costs(self._side(side), demand, atlas, times, limit) for side in SIDES
        }
        # beyond what was read there may be nearer ones that nobody knows of
        costs["supply"][costs["supply"] > limit] = np.inf
        for ref in self._read.ground.refs:
            communes = atlas.communes(ref)
            for side, cost in costs.items():
                blind = side == "supply" and not self._registered(communes)
                known = distribution(ref, communes, demand, cost, LIMITS[times.unit])
                yield Spread(
                    territory=ref,
                    name=atlas[ref].name or ref,
                    kind=self._kind,
                    basis=self._people.basis,
                    side=side,
                    known=Distribution(territory=ref) if blind else known,
                )

    def _side(self, side: str) -> list[Offer]:
        return [o for o in self.offers if side == "supply" or o.state in PARTNER_STATES]

    def _registered(self, communes: Collection[str]) -> bool:
        return is_registered(self._read.situation.registers, self._kind, frozenset(communes))

    def _nearest(self, side: str, middles: Demand) -> dict[str, Nearest]:
        offers = {offer.structure.id: offer.structure for offer in self._side(side)}
        trips = trips_to(self._side(side), middles, self._read.situation.atlas)
        times, limit = self._found.times, self._found.limit
        found = times.nearest(trips, limit)
        rough = set(positions(offers.values(), self._read.situation.atlas).approximate)
        nearest = {}
        for row, (ident, cost) in enumerate(
            zip(found["destination"], found["cost"].to_numpy(), strict=True)
        ):
            if ident is None or not np.isfinite(cost) or (side == "supply" and cost > limit):
                continue
            item, km = offers[ident], _crow_km(trips, row, ident)
            estimated = float(Travel().minutes(np.array([km * 1000]))[0])
            nearest[str(middles.points.ids[row])] = Nearest(
                id=ident,
                name=item.name or ident,
                km=km,
                minutes=float(cost) if times.unit == "min" else estimated,
                approximate=ident in rough,
                outside=item.commune not in self._read.ground.communes,
            )
        return nearest


def _crow_km(trips: Trips, row: int, ident: str) -> float:
    place = trips.destinations.ids.get_loc(ident)
    ends, starts = trips.destinations, trips.origins
    return float(np.hypot(ends.x[place] - starts.x[row], ends.y[place] - starts.y[row])) / 1000
