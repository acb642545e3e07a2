"""Which boxes, discs and lines of a sheet meet: many at once, in millimetres."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def boxes_meet(one: Numbers, other: Numbers, margin: float) -> Flags:
    """Return which boxes come closer than `margin`, a row for each of `one`."""
    a, b = one[:, None], other[None]
    across = (a[..., 0] < b[..., 2] + margin) & (b[..., 0] < a[..., 2] + margin)
    found: Flags = across & (a[..., 1] < b[..., 3] + margin) & (b[..., 1] < a[..., 3] + margin)
    return found


def discs_meet(boxes: Numbers, discs: Numbers, margin: float) -> Flags:
    """Return which boxes come closer to a disc than `margin`, a row for each box."""
    x, y = discs[:, 0][None], discs[:, 1][None]
    across = np.maximum(np.maximum(boxes[:, :1] - x, x - boxes[:, 2:3]), 0)
    down = np.maximum(np.maximum(boxes[:, 1:2] - y, y - boxes[:, 3:4]), 0)
    found: Flags = np.hypot(across, down) < discs[:, 2][None] + margin
    return found


def discs_on_segments(discs: Numbers, segments: Numbers, margin: float) -> Flags:
    """Return which discs a segment touches, a row for each segment; none where it is NaN."""
    start, way = segments[:, None, :2], segments[:, None, 2:] - segments[:, None, :2]
    to = discs[None, :, :2] - start
    length = np.maximum((way**2).sum(-1), 1e-12)
    along = np.clip((to * way).sum(-1) / length, 0, 1)
    away = np.hypot(*np.moveaxis(to - along[..., None] * way, -1, 0))
    found: Flags = away < discs[None, :, 2] + margin
    return found


def segments_cross_boxes(segments: Numbers, boxes: Numbers, margin: float) -> Flags:
    """Return which segments pass over a box, a row for each segment (Liang and Barsky 1984)."""
    low = np.full((len(segments), len(boxes)), 0.0)
    high = np.ones_like(low)
    outside = np.isnan(segments[:, :1]) & np.ones_like(low, dtype=bool)
    for axis in (0, 1):
        start = segments[:, axis][:, None]
        way = segments[:, axis + 2][:, None] - start
        near = boxes[None, :, axis] - margin - start
        far = boxes[None, :, axis + 2] + margin - start
        still = np.abs(way) < 1e-12  # noqa: PLR2004 - parallel to the side
        safe = np.where(still, 1.0, way)
        first, last = np.minimum(near / safe, far / safe), np.maximum(near / safe, far / safe)
        low = np.maximum(low, np.where(still, 0.0, first))
        high = np.minimum(high, np.where(still, 1.0, last))
        outside |= still & ((near > 0) | (far < 0))
    found: Flags = ~outside & (low < high)
    return found


def segments_meet(one: Numbers, other: Numbers) -> Flags:
    """Return which segments cross, a row for each of `one`; none where either is NaN."""
    a, b = one[:, None], other[None]

    def side(p: Numbers, q: Numbers, x: Numbers, y: Numbers) -> Numbers:
        turned: Numbers = (q[..., 0] - p[..., 0]) * (y - p[..., 1]) - (q[..., 1] - p[..., 1]) * (
            x - p[..., 0]
        )
        return turned

    starts, ends = a[..., :2], a[..., 2:]
    d1 = side(b[..., :2], b[..., 2:], a[..., 0], a[..., 1])
    d2 = side(b[..., :2], b[..., 2:], a[..., 2], a[..., 3])
    d3 = side(starts, ends, b[..., 0], b[..., 1])
    d4 = side(starts, ends, b[..., 2], b[..., 3])
    found: Flags = (d1 * d2 < 0) & (d3 * d4 < 0)
    return found


def ties_over(boxes: Numbers, ties: Numbers) -> Numbers:
    """Return how many ties pass over each box."""
    if not len(ties) or not len(boxes):
        return np.zeros(len(boxes))
    parts = [
        segments_cross_boxes(ties[at : at + 500], boxes, 0.0).sum(axis=0)
        for at in range(0, len(ties), 500)
    ]
    counted: Numbers = np.sum(parts, axis=0).astype(float)
    return counted
