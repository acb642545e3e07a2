"""Which communes a structure serves: by its place, its intervention zone or its perimeter.

A seat is not coverage (DOMAIN.md): the rule of each kind is :data:`graph.vocabulary.SERVICE_RULES`,
and a kind that serves a zone or a perimeter serves what a source states, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal

import numpy as np
import shapely

from graph.errors import UsageError
from graph.identifiers import (
    departement_of_commune,
    departement_of_finess,
    is_finess,
    split_ref,
    territory_ref,
)
from graph.model import Structure, Territory
from graph.vocabulary import SERVICE_RULES

Rule = Literal["place", "zone", "perimeter"]
Communes = frozenset[str]


def service_rule(kind: str) -> Rule:
    """Return how structures of `kind` reach a territory."""
    rule: Rule = SERVICE_RULES.get(kind, "place")  # type: ignore[assignment]
    return rule


class Atlas:
    """The territories known, and the communes of each.

    Hierarchies overlap: a territory is the set of its communes, whatever its level. Members of a
    named set or perimeter may be territories of any level; one that only has a polygon holds the
    communes of which a point inside is in it.

    Parameters
    ----------
    territories : iterable of Territory
        Communes with their parents, and whatever other territories are asked about.
    """

    def __init__(self, territories: Iterable[Territory]) -> None:
        self.territories: Mapping[str, Territory] = {item.id: item for item in territories}
        self._communes: dict[str, Communes] = {}

    def __getitem__(self, ref: str) -> Territory:
        """Return the territory `ref`; raise UsageError where it is not known."""
        if ref not in self.territories:
            raise UsageError("unknown_territory", value=ref)
        return self.territories[ref]

    def communes(self, ref: str) -> Communes:
        """Return the codes of the communes of the territory `ref`, empty if it is not known."""
        if ref not in self._communes:
            self._communes[ref] = frozenset()  # a set that holds itself ends here
            self._communes[ref] = self._found(ref)
        return self._communes[ref]

    def _found(self, ref: str) -> Communes:
        level, code = split_ref(ref)
        known = self.territories.get(ref)
        if level == "commune" and known:
            return frozenset({code})
        if known and known.members:
            return frozenset().union(*(self.communes(member) for member in known.members))
        if ref in self._children:
            return self._children[ref]
        return self._inside(known.geometry) if known and known.geometry else frozenset()

    @cached_property
    def commune_codes(self) -> Communes:
        """Codes of every commune known."""
        return frozenset(item.code for item in self.territories.values() if item.level == "commune")

    def parents(self, commune: str, level: str) -> Communes:
        """Return the references of the territories of `level` that a commune is part of."""
        known = self.territories.get(territory_ref("commune", commune))
        return frozenset(
            ref for ref in (known.parents if known else ()) if split_ref(ref)[0] == level
        )

    @cached_property
    def _children(self) -> dict[str, Communes]:
        found: dict[str, set[str]] = defaultdict(set)
        for item in self.territories.values():
            if item.level == "commune":
                for parent in item.parents:
                    found[parent].add(item.code)
        return {ref: frozenset(codes) for ref, codes in found.items()}

    @cached_property
    def middles(self) -> Mapping[str, tuple[float, float]]:
        """A point inside each commune that has a polygon: longitude and latitude."""
        drawn = [
            item for item in self.territories.values() if item.level == "commune" and item.geometry
        ]
        shapes = shapely.from_wkb(np.array([item.geometry for item in drawn], dtype=object))
        spots = shapely.get_coordinates(shapely.point_on_surface(shapes)).tolist()
        return {item.code: (x, y) for item, (x, y) in zip(drawn, spots, strict=True)}

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(shapely.points(list(self.middles.values())))

    def _inside(self, geometry: bytes) -> Communes:
        codes = list(self.middles)
        inside = self._tree.query(shapely.from_wkb(geometry), predicate="contains")
        return frozenset(codes[place] for place in inside)


def home_departement(structure: Structure) -> str | None:
    """Return the code of the département where a structure is, None where nothing tells.

    Without a commune its FINESS number does: it is given where the establishment is.
    """
    if structure.commune:
        return departement_of_commune(structure.commune)
    return departement_of_finess(structure.id) if is_finess(structure.id) else None


def serves(structure: Structure, atlas: Atlas, rule: Rule) -> Communes | None:
    """Return the communes that a structure serves, None where no source states them.

    Parameters
    ----------
    structure : Structure
        Its commune is read where the rule is ``place``, its `covers` otherwise.
    atlas : Atlas
        The territories known.
    rule : {'place', 'zone', 'perimeter'}
        The rule of its kind.

    Returns
    -------
    frozenset of str or None
        Empty where what is stated is in no commune of the atlas.
    """
    if rule == "place":
        if structure.commune is None:
            return None
        return atlas.communes(territory_ref("commune", structure.commune))
    if not structure.covers:
        return None
    return frozenset().union(*(atlas.communes(ref) for ref in structure.covers))
