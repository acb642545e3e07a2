"""Millimetres of a sheet to the units of a slide, and shapes cut at their window."""

from __future__ import annotations

from functools import reduce
from typing import NamedTuple

import shapely

from explorer.figures.drawing import Box, Place

EMU = 36_000
"""English metric units of a millimetre."""


class Fit(NamedTuple):
    """How a sheet is put on a slide: one scale both ways, then a shift in millimetres."""

    scale: float = 1.0
    left: float = 0.0
    top: float = 0.0

    def x(self, value: float) -> int:
        """Return a place across, in EMU."""
        return round((value * self.scale + self.left) * EMU)

    def y(self, value: float) -> int:
        """Return a place down, in EMU."""
        return round((value * self.scale + self.top) * EMU)

    def length(self, value: float) -> int:
        """Return a length in EMU."""
        return round(value * self.scale * EMU)

    def frame(self, box: Box) -> Frame:
        """Return a box in EMU."""
        return Frame(
            self.x(box.left), self.y(box.top), self.length(box.width), self.length(box.height)
        )


class Frame(NamedTuple):
    """A rectangle of a slide in EMU."""

    x: int
    y: int
    width: int
    height: int

    def with_(self, other: Frame) -> Frame:
        """Return the smallest frame around both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        right = max(self.x + self.width, other.x + other.width)
        bottom = max(self.y + self.height, other.y + other.height)
        return Frame(x, y, right - x, bottom - y)


def fit(sheet: tuple[float, float], slide: tuple[float, float]) -> Fit:
    """Return how a sheet of these sides (mm) fills a slide, whole and in the middle."""
    scale = min(slide[0] / sheet[0], slide[1] / sheet[1])
    return Fit(scale, (slide[0] - sheet[0] * scale) / 2, (slide[1] - sheet[1] * scale) / 2)


def cut_lines(points: tuple[Place, ...], clip: Box | None) -> list[tuple[Place, ...]]:
    """Return the parts of a line inside `clip`."""
    if clip is None or all(_inside(clip, place) for place in points):
        return [points]
    cut = shapely.clip_by_rect(shapely.LineString(points), *_sides(clip))
    parts = [part for part in shapely.get_parts(cut) if isinstance(part, shapely.LineString)]
    return [tuple((float(x), float(y)) for x, y in part.coords) for part in parts]


def cut_rings(rings: tuple[tuple[float, ...], ...], clip: Box | None) -> list[list[Place]]:
    """Return the rings of polygons, cut at `clip`."""
    paired = [list(zip(ring[::2], ring[1::2], strict=True)) for ring in rings]
    if clip is None or all(_inside(clip, place) for ring in paired for place in ring):
        return paired
    shapes: list[shapely.Geometry] = [
        part
        for ring in paired
        if len(ring) > 3  # noqa: PLR2004 - a closed ring has four places
        for part in shapely.get_parts(shapely.make_valid(shapely.Polygon(ring)))
        if isinstance(part, shapely.Polygon)
    ]
    if not shapes:
        return []
    # rings are drawn by the even-odd rule: what lies in a second ring is a hole
    cut = shapely.clip_by_rect(reduce(shapely.symmetric_difference, shapes), *_sides(clip))
    polygons = [part for part in shapely.get_parts(cut) if isinstance(part, shapely.Polygon)]
    return [
        [(float(x), float(y)) for x, y in ring.coords]
        for polygon in polygons
        for ring in (polygon.exterior, *polygon.interiors)
    ]


def _sides(clip: Box) -> tuple[float, float, float, float]:
    return clip.left, clip.top, clip.right, clip.bottom


def _inside(clip: Box, place: Place) -> bool:
    return clip.left <= place[0] <= clip.right and clip.top <= place[1] <= clip.bottom
