"""From metres to millimetres of the sheet: what part is shown, scale bar, spreading, dense part."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from explorer.figures.drawing import Box, Place

Numbers = npt.NDArray[np.float64]

SHORTEST_SPAN = 4_000.0
"""Metres shown at least: one structure alone is no reason to show one street."""
BAR_SHARE = 0.26
"""Share of the map's width that the scale bar takes at most."""
_STEPS = (5.0, 2.0, 1.0)

CROWD = 6
"""Symbols crowded in one window from which it is drawn larger beside."""
CLOSE = 1.5
"""Symbols whose middles are nearer than this many times their mean radius are crowded."""
MAGNIFIED, MOST_MAGNIFIED = 3.0, 14.0
INSET_SHARE = 0.42
"""Side of the inset, as a share of the shorter side of the map."""
_GOLDEN = math.pi * (3 - math.sqrt(5))
_SPREADING = 60
_TOUCHING = 0.02
FURTHEST = 2.6


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

    Those at the same place leave in directions of their own, always the same ones; none goes
    further than :data:`FURTHEST` of its radii.

    Parameters
    ----------
    places : array
        n x 2, millimetres.
    radii, weights : array
        Radius of each symbol, and how firmly it holds its place.
    gap : float
        Millimetres between two.
    """
    if len(places) < 2:  # noqa: PLR2004 - two make a crowd
        return places
    turns = np.arange(len(places)) * _GOLDEN
    now = places + 1e-3 * np.column_stack([np.cos(turns), np.sin(turns)])
    furthest = FURTHEST * radii
    for _ in range(_SPREADING):
        pairs = cKDTree(now).query_pairs(2 * float(radii.max()) + gap, output_type="ndarray")
        one, other = pairs[:, 0], pairs[:, 1]
        way = now[one] - now[other]
        apart = np.hypot(way[:, 0], way[:, 1])
        lack = np.maximum(radii[one] + radii[other] + gap - apart, 0)
        if not (lack > _TOUCHING).any():
            break
        push = way / np.maximum(apart, 1e-9)[:, None] * lack[:, None] * 0.7
        share = (weights[other] / (weights[one] + weights[other]))[:, None]
        moved = np.zeros_like(now)
        np.add.at(moved, one, push * share)
        np.add.at(moved, other, -push * (1 - share))
        away = now + moved - places
        far = np.maximum(np.hypot(away[:, 0], away[:, 1]) / furthest, 1.0)
        now = places + away / far[:, None]
    return now


def dense_part(places: Numbers, radii: Numbers, box: Box) -> Box | None:
    """Return the part of the map where symbols crowd too much to be read; None if nowhere.

    A square around the place that has the most crowded ones near it, as small as they allow; the
    inset shows it at least :data:`MAGNIFIED` times larger.

    Parameters
    ----------
    places : array
        n x 2 in millimetres, where structures are, not where they were moved.
    radii : array
        Radius of each symbol.
    box : Box
        Frame of the map.
    """
    inset = INSET_SHARE * min(box.width, box.height)
    most = inset / MAGNIFIED
    if len(places) < CROWD:
        return None
    tree = cKDTree(places)
    near = tree.query_ball_point(places, CLOSE * 2 * float(radii.max()))
    crowded = np.array(
        [any(_close(at, other, places, radii) for other in found) for at, found in enumerate(near)]
    )
    around = tree.query_ball_point(places, most / 2, p=np.inf)
    counts = [int(crowded[found].sum()) if crowded[at] else 0 for at, found in enumerate(around)]
    best = int(np.argmax(counts))
    if counts[best] < CROWD:
        return None
    inside = places[[i for i in around[best] if crowded[i]]]
    low, high = inside.min(axis=0), inside.max(axis=0)
    side = max(float((high - low).max()) * 1.3 + float(radii.max()), inset / MOST_MAGNIFIED)
    side = min(side, most)
    middle = (low + high) / 2
    left = min(max(float(middle[0]) - side / 2, box.left), box.right - side)
    top = min(max(float(middle[1]) - side / 2, box.top), box.bottom - side)
    return Box(left, top, side, side)


def _close(at: int, other: int, places: Numbers, radii: Numbers) -> bool:
    away = float(np.hypot(*(places[at] - places[other])))
    return at != other and away < CLOSE * float(radii[at] + radii[other]) / 2


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
