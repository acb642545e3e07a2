"""From metres to millimetres of the sheet: what part is shown, scale bar, spreading, dense part."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from explorer.figures.drawing import Box, Place

Numbers = npt.NDArray[np.float64]

SHORTEST_SPAN = 4_000.0
"""Metres shown at least: one structure alone is no reason to show one street."""
BAR_SHARE = 0.26
"""Share of the map's width that the scale bar takes at most."""
_STEPS = (5.0, 2.0, 1.0)

CROWD = 6
"""Symbols crowded in one window from which it is drawn larger beside."""
CLOSE = 1.9
"""Symbols nearer than this many times their radii are crowded."""
MAGNIFIED = 3.0
INSET_SHARE = 0.42
"""Side of the inset, as a share of the shorter side of the map."""
_GOLDEN = math.pi * (3 - math.sqrt(5))
_SPREADING = 80
SPREAD_UP_TO = 1500


class Window(NamedTuple):
    """A part of the plane drawn in a box: `scale` is millimetres a metre, x and y its middle."""

    box: Box
    scale: float
    x: float
    y: float

    def at(self, x: float, y: float) -> Place:
        """Return where a place in metres is drawn."""
        left, top = self.box.middle
        return left + (x - self.x) * self.scale, top - (y - self.y) * self.scale

    def moved(self, metres: Numbers) -> Numbers:
        """Return places (n x 2) in metres as millimetres of the sheet."""
        middle = np.array(self.box.middle)
        return middle + (metres - (self.x, self.y)) * (self.scale, -self.scale)

    def part(self, box: Box, target: Box) -> Window:
        """Return the window that shows in `target` what this one shows in `box`."""
        x = self.x + (box.middle[0] - self.box.middle[0]) / self.scale
        y = self.y - (box.middle[1] - self.box.middle[1]) / self.scale
        return Window(target, self.scale * target.width / box.width, x, y)


def fitted(points: Numbers, box: Box, pad: float, shortest: float = SHORTEST_SPAN) -> Window:
    """Return the window of `box` that shows all `points` (n x 2, metres), `pad` millimetres inside.

    Parameters
    ----------
    points : array
        At least one.
    box : Box
        Where on the sheet.
    pad : float
        Empty border in millimetres.
    shortest : float
        Metres across which are shown at least.
    """
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    inner = box.grown(-min(pad, box.width / 4, box.height / 4))
    span = max(float(east - west), shortest), max(float(north - south), shortest / 2)
    scale = min(inner.width / span[0], inner.height / span[1])
    return Window(box, scale, float(west + east) / 2, float(south + north) / 2)


def bar_length(scale: float, width: float) -> float:
    """Return the round length in metres whose bar takes at most `width` millimetres."""
    longest = width / scale
    power = 10.0 ** math.floor(math.log10(longest))
    return next(step * power for step in _STEPS if step * power <= longest * (1 + 1e-9))


def spread(places: Numbers, radii: Numbers, weights: Numbers, gap: float) -> Numbers:
    """Return places at which symbols that lie on each other stand beside, the lighter moved.

    Those at the same place leave in directions of their own, always the same ones.

    Parameters
    ----------
    places : array
        n x 2, millimetres.
    radii, weights : array
        Radius of each symbol, and how firmly it holds its place.
    gap : float
        Millimetres between two.
    """
    if not 1 < len(places) <= SPREAD_UP_TO:
        return places
    turns = np.arange(len(places)) * _GOLDEN
    now = places + 1e-3 * np.column_stack([np.cos(turns), np.sin(turns)])
    need = radii[:, None] + radii[None] + gap
    share = weights[None] / (weights[:, None] + weights[None])
    for _ in range(_SPREADING):
        way = now[:, None] - now[None]
        apart = np.hypot(way[..., 0], way[..., 1])
        np.fill_diagonal(apart, np.inf)
        lack = np.maximum(need - apart, 0)
        if not lack.any():
            break
        now = now + (way / apart[..., None] * (lack * share)[..., None]).sum(axis=1) * 0.6
    return now


def dense_part(places: Numbers, radii: Numbers, box: Box) -> Box | None:
    """Return the part of the map where symbols crowd too much to be read; None if nowhere.

    It is a square of the size that the inset magnifies :data:`MAGNIFIED` times, around the
    symbol that has the most crowded ones around it.
    """
    side = INSET_SHARE * min(box.width, box.height) / MAGNIFIED
    if len(places) < CROWD:
        return None
    away = places[:, None] - places[None]
    apart = np.hypot(away[..., 0], away[..., 1])
    np.fill_diagonal(apart, np.inf)
    crowded = (apart < CLOSE * (radii[:, None] + radii[None])).any(axis=1)
    within = (np.abs(away) <= side / 2).all(axis=-1)
    counts = (within & crowded[None]).sum(axis=1)
    best = int(np.argmax(counts))
    if counts[best] < CROWD:
        return None
    inside = places[within[best] & crowded]
    middle = (inside.min(axis=0) + inside.max(axis=0)) / 2
    left = min(max(float(middle[0]) - side / 2, box.left), box.right - side)
    top = min(max(float(middle[1]) - side / 2, box.top), box.bottom - side)
    return Box(left, top, side, side)


def free_corner(box: Box, side: float, margin: float, places: Numbers, part: Box) -> Box:
    """Return the corner of `box` in which a square of `side` covers the fewest symbols."""
    found = []
    for down in (box.bottom - margin - side, box.top + margin):
        for across in (box.right - margin - side, box.left + margin):
            corner = Box(across, down, side, side)
            inside = (places >= (corner.left, corner.top)) & (
                places <= (corner.right, corner.bottom)
            )
            found.append((corner.overlaps(part), int(inside.all(axis=1).sum()), corner))
    return min(found, key=lambda item: item[:2])[2]
