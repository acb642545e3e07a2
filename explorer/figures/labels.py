"""Names beside symbols: never on each other, on a symbol or over the frame; what is left is told.

Each name has places around its symbol (Imhof 1975: right and above first), close by, or further
away at the end of a leader. Names are placed from the most to the least important, the one with
the fewest free places first; one that finds none may push up to two others to other places; then
each moves to the best place that the others leave it. Best is: close, not crossed by ties, in few
lines. Nothing is drawn at random: the same figure has the same labels.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from explorer.figures.clearance import (
    Flags,
    Numbers,
    boxes_meet,
    discs_meet,
    discs_on_segments,
    segments_cross_boxes,
    segments_meet,
    ties_over,
)
from explorer.figures.drawing import Box, Place

GAP = 0.7
"""Millimetres between a symbol and its name."""
APART = 0.35
"""Millimetres between two names, and between a name and another symbol."""
REACHES = (2.5, 5.0, 8.5, 13.0, 19.0, 26.0)
"""Lengths of leaders in millimetres."""
FEW_REACHES = REACHES[:2]
MANY = 150
"""Names beyond which only short leaders are tried."""
_ANGLES = tuple(math.radians(22.5 * step) for step in range(16))
_SIDEWAYS = 0.35
_TIE_COST, _LEADER_COST, _LENGTH_COST, _LINES_COST = 1.4, 1.9, 0.16, 0.35
_ROUNDS = 3
_PUSHED, _TRIES = 2, 4

_NEAR: tuple[tuple[float, float, float], ...] = (
    (1, 0, 0.0),
    (1, -1, 0.1),
    (1, 1, 0.2),
    (-1, 0, 0.3),
    (-1, -1, 0.35),
    (-1, 1, 0.45),
    (0, -1, 0.4),
    (0, 1, 0.5),
    (1, -0.5, 0.15),
    (1, 0.5, 0.2),
    (-1, -0.5, 0.4),
    (-1, 0.5, 0.45),
)
"""Side of the symbol (right, below) and what the place costs."""


class Spot(NamedTuple):
    """A symbol to be named: its disc, the sizes that its name can have, its rank (0 first)."""

    key: str
    x: float
    y: float
    radius: float
    sizes: tuple[tuple[float, float], ...]
    rank: int = 0


class Around(NamedTuple):
    """What names must keep clear of, and ties, which they should.

    `discs` are ``x, y, radius``; `ties` and `leaders` are ``x0, y0, x1, y1``.
    """

    frame: Box
    discs: Numbers
    ties: Numbers
    boxes: tuple[Box, ...] = ()
    leaders: Numbers = np.empty((0, 4))


class Placed(NamedTuple):
    """Where a name stands: its box, which of its sizes, and its leader."""

    box: Box
    variant: int
    leader: tuple[Place, Place] | None


class _Choices(NamedTuple):
    """The places of one name: boxes (left, top, right, bottom), leaders, costs, sizes."""

    boxes: Numbers
    leaders: Numbers
    costs: Numbers
    variants: npt.NDArray[np.int64]


def place_labels(spots: Sequence[Spot], around: Around) -> dict[str, Placed]:
    """Return where names stand, by key; those that find no place are left out.

    Parameters
    ----------
    spots : sequence of Spot
        Symbols to be named, all among the discs of `around`.
    around : Around
        Frame, symbols, ties and boxes, in millimetres.
    """
    reaches = REACHES if len(spots) <= MANY else FEW_REACHES
    work = _Work({spot.key: _choices(spot, around, reaches) for spot in spots})
    order = sorted(spots, key=lambda s: (s.rank, len(work.choices[s.key].costs), s.key))
    left = [spot.key for spot in order if not work.settle(spot.key)]
    for _ in range(_TRIES):
        left = [key for key in left if not work.push(key)]
    for _ in range(_ROUNDS):
        for spot in order:
            work.improve(spot.key)
    return {key: work.placed(key) for key in sorted(work.chosen)}


class _Work:
    """Names placed so far, and those still without a place."""

    def __init__(self, choices: dict[str, _Choices]) -> None:
        self.choices = choices
        self.chosen: dict[str, int] = {}

    def settle(self, key: str) -> bool:
        """Give `key` its best free place."""
        own = self.choices[key]
        free = ~self._conflicts(own, [other for other in self.chosen if other != key]).any(axis=1)
        if not free.any():
            return False
        self.chosen[key] = int(np.flatnonzero(free)[np.argmin(own.costs[free])])
        return True

    def improve(self, key: str) -> None:
        """Move `key` where it stands better among the others."""
        if key in self.chosen:
            self.settle(key)

    def push(self, key: str) -> bool:
        """Place `key` where few others stand, if these find another place."""
        own, others = self.choices[key], list(self.chosen)
        if not others or not len(own.costs):
            return False
        conflicts = self._conflicts(own, others)
        for at in np.argsort(own.costs, kind="stable"):
            moved = [others[i] for i in np.flatnonzero(conflicts[at])]
            if len(moved) <= _PUSHED and self._exchanged(key, int(at), moved):
                return True
        return False

    def _exchanged(self, key: str, at: int, moved: list[str]) -> bool:
        before = dict(self.chosen)
        for other in moved:
            del self.chosen[other]
        self.chosen[key] = at
        if all(self.settle(other) for other in moved):
            return True
        self.chosen = before
        return False

    def _conflicts(self, own: _Choices, others: Sequence[str]) -> Flags:
        """Return for each place of `own` which of `others` it disturbs."""
        if not others:
            return np.zeros((len(own.costs), 1), dtype=bool)
        at = [self.chosen[other] for other in others]
        boxes = np.array([self.choices[o].boxes[i] for o, i in zip(others, at, strict=True)])
        leaders = np.array([self.choices[o].leaders[i] for o, i in zip(others, at, strict=True)])
        found = boxes_meet(own.boxes, boxes, APART)
        found |= segments_cross_boxes(leaders, own.boxes, APART).T
        found |= segments_cross_boxes(own.leaders, boxes, APART)
        return found | segments_meet(own.leaders, leaders)

    def placed(self, key: str) -> Placed:
        """Return the place of `key`."""
        own, at = self.choices[key], self.chosen[key]
        left, top, right, bottom = map(float, own.boxes[at])
        x0, y0, x1, y1 = map(float, own.leaders[at])
        leader = None if math.isnan(x0) else ((x0, y0), (x1, y1))
        return Placed(Box(left, top, right - left, bottom - top), int(own.variants[at]), leader)


def _choices(spot: Spot, around: Around, reaches: Sequence[float]) -> _Choices:
    rows = [
        row
        for variant, size in enumerate(spot.sizes)
        for row in (*_near(spot, size, variant), *_far(spot, size, variant, reaches))
    ]
    table = np.array(rows, dtype=float).reshape(-1, 10)
    boxes, leaders = table[:, :4], table[:, 4:8]
    kept = _allowed(spot, boxes, leaders, around)
    boxes, leaders, table = boxes[kept], leaders[kept], table[kept]
    costs = table[:, 8] + _TIE_COST * ties_over(boxes, around.ties)
    return _Choices(boxes, leaders, costs, table[:, 9].astype(np.int64))


def _near(spot: Spot, size: tuple[float, float], variant: int) -> Iterable[tuple[float, ...]]:
    width, height = size
    none = (math.nan,) * 4
    for side, below, cost in _NEAR:
        # a corner of the box may come closer to a disc than its side
        corner = abs(side * below) == 1
        reach = (spot.radius + GAP) * (0.75 if corner else 1.0)
        left = spot.x + side * reach - (width if side < 0 else 0 if side else width / 2)
        down = 0.0 if abs(below) < 1 else below * reach
        top = spot.y + down - height * (1 - below) / 2
        yield (left, top, left + width, top + height, *none, cost + variant * _LINES_COST, variant)


def _far(
    spot: Spot, size: tuple[float, float], variant: int, reaches: Sequence[float]
) -> Iterable[tuple[float, ...]]:
    width, height = size
    for reach in reaches:
        for angle in _ANGLES:
            across, down = math.cos(angle), math.sin(angle)
            start = (spot.x + spot.radius * across, spot.y + spot.radius * down)
            x = spot.x + (spot.radius + reach) * across
            y = spot.y + (spot.radius + reach) * down
            end = spot.radius + reach - APART
            stop = (spot.x + end * across, spot.y + end * down)
            if abs(across) > _SIDEWAYS:
                left, top = (x if across > 0 else x - width), y - height / 2
            else:
                left, top = x - width / 2, (y if down > 0 else y - height)
            cost = _LEADER_COST + _LENGTH_COST * reach + variant * _LINES_COST
            yield (left, top, left + width, top + height, *start, *stop, cost, variant)


def _allowed(spot: Spot, boxes: Numbers, leaders: Numbers, around: Around) -> Flags:
    """Tell which places are in the frame, clear of symbols, of boxes and of leaders."""
    frame, discs = around.frame, around.discs
    kept: Flags = (boxes[:, 0] >= frame.left) & (boxes[:, 2] <= frame.right)
    kept &= (boxes[:, 1] >= frame.top) & (boxes[:, 3] <= frame.bottom)
    if len(boxes):
        # only what is near can be met
        low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        reach = discs[:, 2] + APART
        near = (discs[:, 0] + reach >= low[0]) & (discs[:, 0] - reach <= high[0])
        near &= (discs[:, 1] + reach >= low[1]) & (discs[:, 1] - reach <= high[1])
        discs = discs[near]
    kept &= ~discs_meet(boxes, discs, APART).any(axis=1)
    apart = np.hypot(discs[:, 0] - spot.x, discs[:, 1] - spot.y) > 1e-6  # noqa: PLR2004 - its own
    kept &= ~discs_on_segments(discs[apart], leaders, APART / 2).any(axis=1)
    if around.boxes:
        taken = np.array([(b.left, b.top, b.right, b.bottom) for b in around.boxes])
        kept &= ~boxes_meet(boxes, taken, APART).any(axis=1)
        kept &= ~segments_cross_boxes(leaders, taken, APART).any(axis=1)
    if len(around.leaders):
        kept &= ~segments_cross_boxes(around.leaders, boxes, APART).any(axis=0)
        kept &= ~segments_meet(leaders, around.leaders).any(axis=1)
    return kept


def place_names(
    names: Sequence[tuple[str, Sequence[Box]]], around: Around, most_ties: int = 0
) -> dict[str, Box]:
    """Return where names of places stand: the first of their boxes that is free, by key.

    Parameters
    ----------
    names : sequence of (key, boxes)
        The most important first, with the boxes where each may stand.
    around : Around
        What they keep clear of.
    most_ties : int
        How many ties may pass over one.
    """
    found: dict[str, Box] = {}
    taken = list(around.boxes)
    for key, boxes in names:
        if not boxes:
            continue
        corners = np.array([(b.left, b.top, b.right, b.bottom) for b in boxes])
        free = _allowed(
            Spot(key, 0, 0, 0, ()),
            corners,
            np.full((len(boxes), 4), math.nan),
            around._replace(boxes=tuple(taken)),
        )
        crossed = ties_over(corners, around.ties)
        free &= crossed <= most_ties
        if free.any():
            best = int(np.flatnonzero(free)[np.argmin(crossed[free])])
            found[key] = boxes[best]
            taken.append(boxes[best])
    return found
