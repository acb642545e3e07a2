"""The projection of a CPTS layer, told by where its polygons fall.

Layers declare their projection badly or not at all: GeoJSON in metres without a word, latitude
before longitude, Web Mercator. Each reading is tried, and believed where most polygons fall in
France (in the département that their row names, where it names one). If several readings do, the
layer is refused and the option ``crs`` asked for: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from loaders.cpts.overlay import departements

WGS84 = 4326
AGREEMENT = 0.5
"""Share of the polygons that must fall in France for a projection to be believed."""
SAMPLE = 200
METRES = (2154, 3857, 5490, 2972, 2975, 4471)
"""Lambert-93, Web Mercator, and the official projections overseas."""

Shapes = Sequence[BaseGeometry | None]
Pairs = np.ndarray[tuple[int, int], np.dtype[np.float64]]
"""Coordinates, one row a point."""


class Reading(NamedTuple):
    """One way to read coordinates: their projection, and whether latitude comes first."""

    epsg: int
    swapped: bool = False

    @property
    def label(self) -> str:
        """How a report names it."""
        return f"EPSG:{self.epsg}{' (latitude, longitude)' if self.swapped else ''}"


def find_reading(
    shapes: Shapes, places: Sequence[str | None], declared: int | None, asked: str | None
) -> Reading | None:
    """Return how to read the coordinates of a layer, None where that cannot be told.

    Parameters
    ----------
    shapes : sequence of geometry
        The polygons as the layer has them.
    places : sequence of str or None
        Département of each, where the layer states it.
    declared : int or None
        EPSG code that the layer declares.
    asked : str or None
        Projection that the person who loads states.
    """
    if asked is not None:
        return _asked(asked)
    drawn = [
        (s, p) for s, p in zip(shapes, places, strict=True) if s is not None and not s.is_empty
    ]
    sample = drawn[:: max(1, len(drawn) // SAMPLE)]
    points = np.array([shape.representative_point().coords[0][:2] for shape, _ in sample])
    stated = [place for _, place in sample]
    if declared and _share(points, stated, Reading(declared)) >= AGREEMENT:
        return Reading(declared)
    degrees = bool(len(points)) and bool((np.abs(points) <= [180, 180]).all())
    readings = (
        [Reading(WGS84), Reading(WGS84, swapped=True)] if degrees else [*map(Reading, METRES)]
    )
    held = [item for item in readings if _share(points, stated, item) >= AGREEMENT]
    return held[0] if len(held) == 1 else None


def to_degrees(shapes: Shapes, reading: Reading) -> list[BaseGeometry | None]:
    """Return the polygons in WGS84, longitude first."""
    transformer = Transformer.from_crs(reading.epsg, WGS84, always_xy=True)

    def turn(
        coordinates: Pairs,
    ) -> Pairs:
        first, second = coordinates.T
        east, north = (second, first) if reading.swapped else (first, second)
        return np.column_stack(transformer.transform(east, north))

    flat = [None if shape is None else shapely.force_2d(shape) for shape in shapes]
    return [None if shape is None else shapely.transform(shape, turn) for shape in flat]


def _asked(asked: str) -> Reading | None:
    try:
        code = CRS.from_user_input(asked).to_epsg()
    except CRSError:
        return None
    return Reading(code) if code else None


def _share(
    points: Pairs,
    stated: Sequence[str | None],
    reading: Reading,
) -> float:
    """Return the share of points that `reading` puts where they are said to be, or in France."""
    if not len(points):
        return 0.0
    transformer = Transformer.from_crs(reading.epsg, WGS84, always_xy=True)
    first, second = points.T
    east, north = (second, first) if reading.swapped else (first, second)
    longitude, latitude = transformer.transform(east, north)
    usable = np.isfinite(longitude) & np.isfinite(latitude)
    codes, tree = departements()
    at = shapely.points(np.where(usable, longitude, 0), np.where(usable, latitude, 0))
    which, where = tree.query(at, predicate="within")
    held = {
        int(k) for k, place in zip(which, where, strict=True) if stated[k] in (None, codes[place])
    }
    return len(held) / len(points)
