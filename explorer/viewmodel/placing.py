"""Where a structure is drawn: at its own position, or by attachment, or nowhere.

Rules (DESIGN.md section 2): a grouping without an address stands at its support, or between its
members where no source names the support; a CPTS, and whoever has only a perimeter, at a point of
that perimeter; a legal entity at its main establishment, or between them where there are many;
what has only a commune, or a position that an older source gives elsewhere, at the middle of the
commune. All of these are marked. Nothing is placed by guess:
what is left is listed beside the map.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import shapely
from pyproj import Transformer

from explorer.viewmodel.model import Placement
from graph.dates import earliest
from graph.identifiers import fold, split_ref
from graph.model import Membership, Structure
from graph.projection import insiders
from graph.vocabulary import SERVICE_RULES

LAMBERT_93 = "EPSG:2154"
MAX_MAIN_CANDIDATES = 3
"""Above this number of like establishments, an entity stands between them."""

NEAR_COMMUNE = 1_000.0
"""Metres from its commune beyond which a position is an older one, left aside."""

LOCAL_LEVELS = frozenset({"commune", "arrondissement", "intercommunalite", "cpts", "set"})
"""Perimeters in which a point says something; one in the middle of a région would not."""

PERIMETER_FIRST = frozenset({"CPTS"})
"""Kinds whose address is not where they act (the seat of CPTS Paris 14 is in the 13th)."""


class Place(NamedTuple):
    """A position in metres, how it was found, and how precise it is."""

    x: float
    y: float
    placement: Placement
    precision: str


class Geography(NamedTuple):
    """Polygons known, by territory reference, in metres."""

    shapes: Mapping[str, shapely.Geometry]


@cache
def from_degrees(crs: str) -> Transformer:
    """Return the transformation from WGS84 longitude and latitude to `crs`."""
    return Transformer.from_crs("EPSG:4326", crs, always_xy=True)


class Placer:
    """Places structures, each at most once.

    Parameters
    ----------
    structures : mapping of id to Structure
        Those known; attachments are looked up in it.
    memberships : sequence of Membership
        Memberships that hold on the date.
    geography : Geography
        Polygons of the territories that structures name (communes, perimeters).
    crs : str
        Projection of the result, metres.
    """

    def __init__(
        self,
        structures: Mapping[str, Structure],
        memberships: Sequence[Membership],
        geography: Geography,
        crs: str = LAMBERT_93,
    ) -> None:
        self._structures = structures
        self._memberships = insiders(memberships)
        self._geography = geography
        self._own = {
            key: place
            for key, place in _project(structures.values(), crs).items()
            if self._believable(structures[key], place)
        }
        self._sites: dict[str, list[Structure]] = defaultdict(list)
        for item in structures.values():
            if item.legal_entity and item.id in self._own:
                self._sites[item.legal_entity].append(item)

    def place(self, key: str) -> Place | None:
        """Return where the structure `key` is drawn, None if no source gives a place."""
        structure = self._structures.get(key)
        if structure is None:
            return None
        if structure.kind in PERIMETER_FIRST and (place := self._perimeter(structure)):
            return place
        return (
            self._own.get(key)
            or self._grouping(key)
            or self._main_establishment(structure)
            or self._commune(structure)
            or self._perimeter(structure)
        )

    def _believable(self, structure: Structure, place: Place) -> bool:
        """Tell whether a position lies in or near the commune that the structure is in today."""
        commune = self._geography.shapes.get(f"commune:{structure.commune}")
        if commune is None:
            return True
        return bool(shapely.dwithin(commune, shapely.Point(place.x, place.y), NEAR_COMMUNE))

    def _grouping(self, key: str) -> Place | None:
        members = [item for item in self._memberships if item.group == key]
        supports = [item.member for item in members if item.role == "support"]
        if self._structures[key].kind in {"FILIERE", "INSTANCE", "RESEAU"}:
            return None
        standing_at = supports or [item.member for item in members]
        found = [place for member in standing_at if (place := self._standalone(member))]
        return _between(found)

    def _standalone(self, key: str) -> Place | None:
        structure = self._structures.get(key)
        if structure is None:
            return None
        return self._own.get(key) or self._main_establishment(structure)

    def main_establishment(self, entity: str) -> str | None:
        """Return the establishment at which the legal entity `entity` stands, None if it does not.

        The one that bears its name, else the earliest opened of those alike, in the entity's own
        commune first; None where the entity has a position, no positioned establishment, or too
        many to name one.
        """
        structure = self._structures.get(entity)
        if structure is None or entity in self._own:
            return None
        alike = self._like_establishments(structure)
        namesakes = [item for item in alike if fold(item.name or "") == fold(structure.name or "")]
        if structure.name and len(namesakes) == 1:
            return namesakes[0].id
        if not alike or len(alike) > MAX_MAIN_CANDIDATES:
            return None
        return min(alike, key=lambda item: _seniority(item, structure)).id

    def _like_establishments(self, entity: Structure) -> list[Structure]:
        sites = self._sites.get(entity.id, [])
        return [item for item in sites if item.kind == entity.kind] or sites

    def _main_establishment(self, structure: Structure) -> Place | None:
        if main := self.main_establishment(structure.id):
            return _between([self._own[main]])
        return _between([self._own[item.id] for item in self._like_establishments(structure)])

    def _commune(self, structure: Structure) -> Place | None:
        if structure.commune is None:
            return None
        return self._point_in([f"commune:{structure.commune}"], "place", "commune")

    def _perimeter(self, structure: Structure) -> Place | None:
        if SERVICE_RULES.get(structure.kind or "") != "perimeter":
            return None
        local = [ref for ref in structure.covers if split_ref(ref)[0] in LOCAL_LEVELS]
        return self._point_in(local, "rattachement", "rattachement")

    def _point_in(self, refs: Sequence[str], placement: Placement, precision: str) -> Place | None:
        shapes = [self._geography.shapes[ref] for ref in refs if ref in self._geography.shapes]
        if not shapes:
            return None
        point = shapely.point_on_surface(shapely.union_all(shapes))
        return Place(point.x, point.y, placement, precision)


def needed_territories(structures: Sequence[Structure]) -> frozenset[str]:
    """Return the references of the territories whose polygon places or checks `structures`."""
    communes = {f"commune:{item.commune}" for item in structures if item.commune}
    return frozenset(communes.union(*(item.covers for item in structures)))


def _project(structures: Iterable[Structure], crs: str) -> dict[str, Place]:
    located = [item for item in structures if item.longitude is not None]
    if not located:
        return {}
    degrees = np.array([(item.longitude, item.latitude) for item in located], dtype=float)
    xs, ys = from_degrees(crs).transform(degrees[:, 0], degrees[:, 1])
    return {
        item.id: Place(float(x), float(y), "place", item.precision or "inconnue")
        for item, x, y in zip(located, xs, ys, strict=True)
    }


def _between(places: Sequence[Place]) -> Place | None:
    if not places:
        return None
    x = sum(place.x for place in places) / len(places)
    y = sum(place.y for place in places) / len(places)
    return Place(x, y, "rattachement", "rattachement")


def _seniority(site: Structure, entity: Structure) -> tuple[bool, str, str]:
    opened = earliest(site.opened).isoformat() if site.opened else "9999"
    return site.commune != entity.commune, opened, site.id
