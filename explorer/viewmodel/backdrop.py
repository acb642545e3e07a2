"""The territories behind the network: polygons in metres, outlined by level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import shapely

from explorer.viewmodel.model import Fill, OutlineWeight, ViewTerritory
from explorer.viewmodel.placing import LAMBERT_93, from_degrees
from graph.model import Territory

Coordinates = npt.NDArray[np.float64]

DECIMALS = 0
"""Backdrop coordinates are rounded to the metre."""

HEAVY_LEVELS = frozenset({"arrondissement", "departement", "region"})


def shape_of(territory: Territory, crs: str = LAMBERT_93) -> shapely.Geometry | None:
    """Return the polygon of `territory` in `crs` (metres), None where none is known."""
    if territory.geometry is None:
        return None
    transformer = from_degrees(crs)

    def to_metres(degrees: Coordinates) -> Coordinates:
        return np.column_stack(transformer.transform(degrees[:, 0], degrees[:, 1]))

    return shapely.transform(shapely.from_wkb(territory.geometry), to_metres)


def backdrop(
    inside: Iterable[Territory],
    context: Iterable[Territory],
    crs: str = LAMBERT_93,
    named: frozenset[str] = frozenset({"commune", "arrondissement"}),
) -> tuple[ViewTerritory, ...]:
    """Return the polygons to draw, context first and the heavy outlines last.

    Parameters
    ----------
    inside : iterable of Territory
        The territory looked at: communes and what they make up, with geometry.
    context : iterable of Territory
        Neighbours drawn for orientation only.
    crs : str
        Projection of the result, metres.
    named : frozenset of str
        Levels whose names are written on the map.

    Returns
    -------
    tuple of ViewTerritory
        Territories without a polygon are left out.
    """
    drawn = [_drawn(item, "outside", crs, frozenset()) for item in context]
    ordered = sorted(inside, key=lambda item: (item.level in HEAVY_LEVELS, item.id))
    drawn += [_drawn(item, "inside", crs, named) for item in ordered]
    return tuple(item for item in drawn if item is not None)


def _drawn(
    territory: Territory, fill: Fill, crs: str, named: frozenset[str]
) -> ViewTerritory | None:
    shape = shape_of(territory, crs)
    if shape is None or shapely.is_empty(shape):
        return None
    outline: OutlineWeight = "heavy" if territory.level in HEAVY_LEVELS else "thin"
    at = shapely.point_on_surface(shape) if territory.level in named else None
    return ViewTerritory(
        ref=territory.id,
        level=territory.level,
        name=territory.name or territory.code,
        rings=_rings(shape),
        fill=fill,
        outline=outline,
        label_at=(at.x, at.y) if at is not None else None,
    )


def _rings(shape: shapely.Geometry) -> tuple[tuple[float, ...], ...]:
    parts: Sequence[shapely.Polygon] = [
        part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)
    ]
    rings = (ring for part in parts for ring in (part.exterior, *part.interiors))
    return tuple(
        tuple(round(float(value), DECIMALS) for value in shapely.get_coordinates(ring).ravel())
        for ring in rings
    )
