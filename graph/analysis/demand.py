"""Where people are: points on a 500 m grid inside each commune, or one point a commune.

No source at hand says where in a commune people live: its population is shared equally among its
points. What is computed from them is an estimate.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from graph.analysis.proximity import Points
from graph.errors import UsageError
from graph.geography import NOWHERE, projections_at, to_metres

Floats = npt.NDArray[np.float64]
Shape = Literal["grid", "centroid"]

SPACING = 500.0
"""Metres between two points of the grid."""


class Demand(NamedTuple):
    """Points of demand: `points.ids` are commune codes, `people` stand at each point.

    People are NaN where the population of a commune is not known. `unplaced` are communes without
    a polygon: no point can stand for them.
    """

    points: Points
    people: Floats
    unplaced: tuple[str, ...]


def demand_points(
    shapes: Mapping[str, BaseGeometry | None],
    people: Mapping[str, float | None],
    shape: Shape = "grid",
    spacing: float = SPACING,
) -> Demand:
    """Return the points of demand of communes.

    Parameters
    ----------
    shapes : mapping of commune code to polygon
        In WGS84 degrees; None or empty where none is known.
    people : mapping of commune code to number
        Population of each commune; None or absent where it is not known.
    shape : {'grid', 'centroid'}
        Points of a grid that are inside the polygon (a point of the polygon where none is), or
        one point a commune: its centroid if inside, else a point on it.
    spacing : float
        Metres between two points of the grid.

    Returns
    -------
    Demand

    Raises
    ------
    UsageError
        A spacing that is not above 0.
    """
    if not 0 < spacing < np.inf:
        raise UsageError("coverage.spacing", value=spacing)
    codes = sorted(code for code, area in shapes.items() if area is not None and not area.is_empty)
    areas, zone = _projected([shapes[code] for code in codes])
    placed = zone != NOWHERE
    spots = [_grid(area, spacing) if shape == "grid" else _middle(area) for area in areas[placed]]
    return _demand(np.array(codes, dtype=object)[placed], zone[placed], spots, shapes, people)


def _demand(
    codes: npt.NDArray[np.object_],
    zone: npt.NDArray[np.int64],
    spots: list[Floats],
    shapes: Mapping[str, object],
    people: Mapping[str, float | None],
) -> Demand:
    counts = np.array([len(each) for each in spots], dtype=np.intp)
    known = np.array([people.get(code) for code in codes], dtype=np.float64)
    x, y = np.concatenate([np.empty((0, 2)), *spots]).T
    ids = pd.Index(np.repeat(codes, counts), dtype=object)
    return Demand(
        points=Points(ids, x, y, np.repeat(zone, counts)),
        people=np.repeat(known / counts, counts),
        unplaced=tuple(sorted(set(shapes) - set(codes))),
    )


def _projected(
    areas: list[BaseGeometry | None],
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int64]]:
    """Return polygons in metres, and the projection of each."""
    shapes = np.array(areas, dtype=object)
    inside = shapely.point_on_surface(shapes)
    zone = projections_at(shapely.get_x(inside), shapely.get_y(inside))
    for epsg in np.unique(zone[zone != NOWHERE]):
        rows = zone == epsg
        shapes[rows] = shapely.transform(shapes[rows], partial(_moved, int(epsg)))
    return shapes, zone


def _moved(epsg: int, degrees: Floats) -> Floats:
    return np.column_stack(to_metres(epsg).transform(*degrees.T))


def _grid(area: BaseGeometry, spacing: float) -> Floats:
    """Return the centres of the cells of one common grid that are inside `area`."""
    west, south, east, north = area.bounds
    columns = np.arange(np.floor(west / spacing), np.ceil(east / spacing)) + 1 / 2
    rows = np.arange(np.floor(south / spacing), np.ceil(north / spacing)) + 1 / 2
    x, y = (each.ravel() * spacing for each in np.meshgrid(columns, rows))
    inside = shapely.contains_xy(area, x, y)
    if not inside.any():
        return _middle(area)
    return np.column_stack([x[inside], y[inside]])


def _middle(area: BaseGeometry) -> Floats:
    middle = area.centroid
    if not area.contains(middle):
        middle = area.point_on_surface()
    return np.array([[middle.x, middle.y]])
