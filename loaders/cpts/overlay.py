"""Which communes a CPTS's polygon covers.

Rule: a commune is covered when at least half of its area is inside the polygon; or, since several
CPTS may share a city, when at least half of the polygon is inside the commune. A commune of which a
twentieth to a half is inside is *partial*: it is listed, and not covered. Areas are compared in
degrees: within one commune the ratio is that of square metres to less than a thousandth.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from graph.identifiers import fold
from loaders.territories.bundled import Row, bundled

COVERED = 0.5
"""Share of a commune's area (or of the polygon's) from which it is covered."""
PARTIAL = 0.05
"""Share from which a commune that is not covered, or not entirely, is worth naming."""


class Share(NamedTuple):
    """A commune and how much of it is inside a polygon."""

    code: str
    name: str
    share: float


class Coverage(NamedTuple):
    """What a polygon covers; `split` are the communes covered that are not inside entirely."""

    covered: tuple[Share, ...]
    partial: tuple[Share, ...]
    departement: str | None

    @property
    def split(self) -> tuple[Share, ...]:
        """Communes that are covered, but of which more than a twentieth is outside."""
        return tuple(item for item in self.covered if item.share < 1 - PARTIAL)


class _Communes(NamedTuple):
    rows: list[Row]
    tree: shapely.STRtree
    areas: np.ndarray[tuple[int], np.dtype[np.float64]]


def coverage_of(polygon: BaseGeometry) -> Coverage:
    """Return the communes that `polygon` (WGS84) covers, and the département most of it is in."""
    communes = _communes()
    near = np.sort(communes.tree.query(polygon, predicate="intersects"))
    inside = communes.areas[near].copy()
    shapely.prepare(polygon)
    cut = ~shapely.covers(polygon, communes.tree.geometries[near])  # the others are inside whole
    inside[cut] = shapely.area(shapely.intersection(communes.tree.geometries[near[cut]], polygon))
    shares = inside / communes.areas[near]
    own = inside / polygon.area if polygon.area else np.zeros(len(near))
    listed = [
        (Share(communes.rows[k].code, communes.rows[k].name, float(share)), float(part))
        for k, share, part in zip(near, shares, own, strict=True)
    ]
    by_departement: dict[str, float] = defaultdict(float)
    for k, area in zip(near, inside, strict=True):
        by_departement[communes.rows[k].departement or ""] += float(area)
    home = max(by_departement, key=lambda code: (by_departement[code], code), default="")
    covered = tuple(item for item, part in listed if max(item.share, part) >= COVERED)
    touched = tuple(item for item, _ in listed if item.share >= PARTIAL)
    partial = tuple(item for item in touched if item not in covered)
    return Coverage(covered, partial, home or None)


@cache
def _communes() -> _Communes:
    rows = [row for row in bundled().rows if row.level == "commune" and row.geometry]
    shapes = shapely.from_wkb([row.geometry for row in rows])
    return _Communes(rows, shapely.STRtree(shapes), shapely.area(shapes))


@cache
def departements() -> tuple[list[str], shapely.STRtree]:
    """Return the codes and polygons of the départements."""
    rows = [row for row in bundled().rows if row.level == "departement" and row.geometry]
    shapes = shapely.from_wkb([row.geometry for row in rows])
    return [row.code for row in rows], shapely.STRtree(shapes)


@cache
def territory_names() -> frozenset[str]:
    """Return the folded names of all territories, with and without their article."""
    names = {fold(row.name) for row in bundled().rows if row.level != "intercommunalite"}
    bare = {re.sub(r"^(?:les?|la|l) ", "", name) for name in names}
    return frozenset(names | bare | {"paris"})
