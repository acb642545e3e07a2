"""Symbols, ties and names in one box of the sheet: the map, its inset, the network alone."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import shapely

from explorer.figures.drawing import Box, Item, Line, Place, Symbol
from explorer.figures.lettering import (
    clean,
)
from explorer.figures.paper import Paper, Theme, mark_ink
from explorer.figures.window import Numbers, Window, spread
from explorer.palette import SYMBOLS, TIE_OPACITY
from explorer.viewmodel.model import Role, TieStyle, ViewNode, ViewTie

PIXEL = 0.2
"""Millimetres of A4 that a pixel of the screen's symbols is."""
RANKS: dict[Role, int] = {"focus": 0, "focus_site": 1, "partner": 2, "supply": 3}
COVERED = 0.055
"""Share of the map that symbols cover at most, before they are drawn smaller."""
SMALLEST = 0.4

TIE_WIDTH, MEMBER_WIDTH = 0.9, 1.8
"""Points of A4."""

DASHES: dict[TieStyle, tuple[float, ...]] = {
    "solid": (),
    "dashed": (4.5, 2.6),
    "inferred": (0.9, 2.4),
}
_EXTENTS: dict[str, float] = {
    name: max((math.hypot(x, y) for x, y in points), default=1.0)
    for name, points in SYMBOLS.items()
}
_WEIGHTS: dict[Role, float] = {"focus": 1.0, "focus_site": 16.0, "partner": 4.0, "supply": 1.0}


class Dot(NamedTuple):
    """A structure on the sheet; `reach` is how far its symbol and rings go from its middle."""

    node: ViewNode
    x: float
    y: float
    radius: float
    reach: float


def dots_of(
    nodes: Iterable[ViewNode],
    places: Mapping[str, Place],
    window: Window,
    paper: Paper,
    held: Collection[str] = (),
) -> list[Dot]:
    """Return the symbols of `nodes` that have a place in `window`, side by side, in drawing order.

    Parameters
    ----------
    nodes : iterable of ViewNode
        Structures.
    places : mapping of id to place
        Metres (or units of a layout).
    window : Window
        Where they are drawn.
    paper : Paper
        Sizes; symbols are smaller where they are many.
    held : collection of str
        Those not moved aside from each other: the inset shows them.
    """
    kept = sorted(
        (node for node in nodes if node.id in places), key=lambda node: (-RANKS[node.role], node.id)
    )
    if not kept:
        return []
    spots = window.moved(np.array([places[node.id] for node in kept], dtype=float))
    radii = np.array([paper.mm(node.size * PIXEL) for node in kept])
    radii *= _thinned(radii, window.box)
    reaches = np.array([_reach(node, float(r), paper) for node, r in zip(kept, radii, strict=True)])
    weights = np.array([_weight(node) for node in kept])
    free = np.array([node.id not in held for node in kept])
    spots[free] = spread(spots[free], reaches[free], weights[free], paper.mm(0.3))
    rows = zip(kept, spots, radii, reaches, strict=True)
    return [Dot(n, float(x), float(y), float(r), float(e)) for n, (x, y), r, e in rows]


def _thinned(radii: Numbers, box: Box) -> float:
    """Return how much smaller symbols are drawn, so that they cover no more than a share of it."""
    covered = float((np.pi * radii**2).sum())
    return float(min(1.0, max(SMALLEST, (COVERED * box.width * box.height / covered) ** 0.5)))


def _weight(node: ViewNode) -> float:
    return (
        0.02 if node.placement == "rattachement" and node.role == "partner" else _WEIGHTS[node.role]
    )


def _reach(node: ViewNode, radius: float, paper: Paper) -> float:
    ring = paper.mm(0.95) if node.role == "focus" else paper.mm(0.7)
    ringed = node.role in {"focus", "focus_site"} or approximate(node)
    around = ring if ringed else 0.0
    extent: float = _EXTENTS.get(node.symbol, 1.0)
    return radius * extent + around + paper.mm(0.15)


def approximate(node: ViewNode) -> str:
    """Return how a position that is not its own is marked: ``attached``, ``centroid`` or not."""
    if node.placement == "rattachement":
        return "attached"
    return "centroid" if node.precision == "commune" else ""


def symbol_items(dot: Dot, paper: Paper, theme: Theme) -> list[Item]:
    """Return a symbol with its rings: the same signs as on screen."""
    node, how = dot.node, approximate(dot.node)
    ink = mark_ink(node.kind, node.colour, theme)
    items: list[Item] = []
    name = clean(node.label)
    if node.role in {"focus", "focus_site"}:
        items.append(
            Symbol(
                x=dot.x,
                y=dot.y,
                radius=dot.reach - paper.mm(0.3),
                symbol="dot",
                fill=theme.sheet,
                stroke=ink.stroke,
                width=paper.scale * (1.3 if node.role == "focus" else 0.8),
                name=f"ring:{node.id}",
                key=node.id,
            )
        )
    hollow = bool(how) and theme.name != "grey"
    if how and not hollow:
        ring = grey_ring(how, dot.x, dot.y, dot.reach - paper.mm(0.15), paper, theme)
        items.append(msgspec.structs.replace(ring, key=node.id))
    items.append(
        Symbol(
            x=dot.x,
            y=dot.y,
            radius=dot.radius,
            symbol=node.symbol,
            fill=theme.sheet if hollow else ink.fill,
            stroke=ink.stroke,
            width=paper.scale * (1.0 if hollow or ink.fill == "#FFFFFF" else 0.5),
            core=ink.stroke if hollow and how == "attached" else None if hollow else ink.core,
            rim=theme.sheet,
            name=name,
            key=node.id,
        )
    )
    return items


def grey_ring(how: str, x: float, y: float, radius: float, paper: Paper, theme: Theme) -> Symbol:
    """Return the ring that marks a position not its own where hollow symbols are kinds."""
    dash = (0.8 * paper.scale, 1.6 * paper.scale) if how == "centroid" else ()
    return Symbol(
        x=x,
        y=y,
        radius=radius,
        symbol="dot",
        fill=None,
        stroke=theme.ink,
        width=0.6 * paper.scale,
        dash=dash,
        name=f"ring:{how}",
    )


def tie_items(
    ties: Iterable[ViewTie], dots: Mapping[str, Dot], paper: Paper, theme: Theme, clip: Box
) -> list[Item]:
    """Return the ties between symbols, in the colour of the partner, as far as `clip` goes."""
    items: list[Item] = []
    for tie in ties:
        if tie.source not in dots or tie.target not in dots:
            continue
        ends = sorted((dots[tie.source], dots[tie.target]), key=lambda d: RANKS[d.node.role])
        part = _clipped(((ends[0].x, ends[0].y), (ends[1].x, ends[1].y)), clip)
        if part is None:
            continue
        member = tie.type == "membership"
        grey = theme.name == "grey" or member
        items.append(
            Line(
                points=part,
                colour=theme.tie if grey else ends[1].node.colour,
                width=(MEMBER_WIDTH if member else TIE_WIDTH) * paper.scale,
                dash=tuple(each * paper.scale for each in DASHES[tie.style]),
                opacity=1.0 if grey else TIE_OPACITY,
                name=clean(tie.label),
                ends=(ends[0].node.id, ends[1].node.id),
            )
        )
    return items


def _clipped(line: tuple[Place, Place], box: Box) -> tuple[Place, Place] | None:
    if all(box.left <= x <= box.right and box.top <= y <= box.bottom for x, y in line):
        return line
    inside = shapely.intersection(
        shapely.LineString(line), shapely.box(box.left, box.top, box.right, box.bottom)
    )
    if inside.is_empty or inside.geom_type != "LineString":
        return None
    (x0, y0), (x1, y1) = shapely.get_coordinates(inside)[[0, -1]]
    return (float(x0), float(y0)), (float(x1), float(y1))


def segments_of(items: Iterable[Item]) -> Numbers:
    """Return the lines among `items` as ``x0, y0, x1, y1``."""
    rows = [(*item.points[0], *item.points[-1]) for item in items if isinstance(item, Line)]
    return np.array(rows, dtype=float).reshape(-1, 4)


def discs_of(dots: Sequence[Dot]) -> Numbers:
    """Return symbols as ``x, y, radius``."""
    return np.array([(d.x, d.y, d.reach) for d in dots], dtype=float).reshape(-1, 3)
