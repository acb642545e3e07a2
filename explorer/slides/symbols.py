"""Symbols as PowerPoint's own shapes, and the places of each where a connector may be glued."""

from __future__ import annotations

from typing import NamedTuple

from explorer.figures.drawing import Box, Place, Symbol
from explorer.palette import SYMBOLS

Sites = tuple[tuple[int, float, float], ...]
"""Index of a connection site, and where it is in shares of the shape's box."""

_D = 0.1464
_FOUR: Sites = ((0, 0.5, 0.0), (1, 0.0, 0.5), (2, 0.5, 1.0), (3, 1.0, 0.5))


class Form(NamedTuple):
    """A preset shape: its name, its adjustments, where connectors hold it, and its sign in text."""

    preset: str
    sites: Sites
    sign: str
    hollow: str
    adjust: str = ""


FORMS: dict[str, Form] = {
    "dot": Form(
        "ellipse",
        (
            *((0, 0.5, 0.0), (1, _D, _D), (2, 0.0, 0.5), (3, _D, 1 - _D)),
            *((4, 0.5, 1.0), (5, 1 - _D, 1 - _D), (6, 1.0, 0.5), (7, 1 - _D, _D)),
        ),
        "●",
        "○",
    ),
    "square": Form("rect", _FOUR, "■", "□"),
    "triangle": Form(
        "triangle",
        (
            (0, 0.5, 0.0),
            (1, 0.25, 0.5),
            (2, 0.0, 1.0),
            (3, 0.5, 1.0),
            (4, 1.0, 1.0),
            (5, 0.75, 0.5),
        ),
        "▲",
        "△",
    ),
    "triangleDown": Form(
        "flowChartMerge",
        ((0, 0.5, 0.0), (1, 0.25, 0.5), (2, 0.5, 1.0), (3, 0.75, 0.5)),
        "▼",
        "▽",
    ),
    "diamond": Form("diamond", _FOUR, "◆", "◇"),
    "star": Form("star5", ((0, 0.5, 0.0),), "★", "☆"),
    "hexagon": Form("hexagon", ((0, 1.0, 0.5), (3, 0.0, 0.5)), "⬢", "⬡"),
    "cross": Form("plus", _FOUR, "✚", "✛", '<a:gd name="adj" fmla="val 32500"/>'),
}
"""Sites as PowerPoint numbers them in its preset shapes (ECMA-376, presetShapeDefinitions)."""


def box_of(symbol: Symbol) -> Box:
    """Return the box of a symbol on the sheet."""
    outline = SYMBOLS[symbol.symbol]
    if not outline:
        side = 2 * symbol.radius
        return Box(symbol.x - symbol.radius, symbol.y - symbol.radius, side, side)
    across = [x for x, _ in outline]
    up = [y for _, y in outline]
    return Box(
        symbol.x + min(across) * symbol.radius,
        symbol.y - max(up) * symbol.radius,
        (max(across) - min(across)) * symbol.radius,
        (max(up) - min(up)) * symbol.radius,
    )


def nearest_site(symbol: Symbol, towards: Place) -> tuple[int, Place]:
    """Return the connection site of `symbol` nearest to a place, and where it is."""
    box = box_of(symbol)
    sites = [
        (index, (box.left + x * box.width, box.top + y * box.height))
        for index, x, y in FORMS[symbol.symbol].sites
    ]
    return min(
        sites, key=lambda site: (site[1][0] - towards[0]) ** 2 + (site[1][1] - towards[1]) ** 2
    )
