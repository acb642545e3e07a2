"""Kinds keep one colour and one symbol everywhere: canvas, legend, table, figures.

Eight families of kinds share a hue (after Okabe and Ito, darkened), and within a family the symbol
tells kinds apart, so colour never speaks alone; hues that some eyes confuse share no symbol, or
differ in lightness. Marks, and ties with their transparency, keep a
contrast of at least 3:1 on paper and land of both themes; a test computes it.

Symbols are polygons in a unit square, y upwards, sized to look equally heavy beside a disc of
radius 1. Browser, PNG, SVG and PowerPoint draw these same points.
"""

from __future__ import annotations

import math
from typing import NamedTuple

PAPERS: dict[str, dict[str, str]] = {
    "light": {
        "paper": "#F6F5F1",  # behind everything
        "land": "#ECEAE2",  # the territory looked at
        "thin": "#FFFFFF",  # communes
        "context": "#D0CEC6",  # outlines around the territory looked at
        "heavy": "#8C897C",  # départements and arrondissements
        "place": "#69665C",  # names of territories
        "ink": "#1B1F23",
        "muted": "#545D66",
        "rule": "#DAD8D1",
    },
    "dark": {
        "paper": "#13171B",
        "land": "#1A2025",
        "thin": "#2A3239",
        "context": "#2F373E",
        "heavy": "#6C757E",
        "place": "#9AA4AE",
        "ink": "#E9ECEF",
        "muted": "#AAB3BC",
        "rule": "#2C343B",
    },
}
"""What stands behind the marks, in each theme; figures use ``light``."""

LIFT = {"light": 0.0, "dark": 0.33}
"""Share of white mixed into the colours of marks in each theme."""

TIE_OPACITY = 0.8

BLUE = "#0B548F"
VERMILLION = "#BF4B08"
GREEN = "#097A5C"
PURPLE = "#8E4FA1"
OCHRE = "#8A6005"
SKY = "#1F7799"
ROSE = "#9C2758"
SLATE = "#5F6B76"

Polygon = tuple[tuple[float, float], ...]


class Mark(NamedTuple):
    """How a kind is drawn: a name of :data:`SYMBOLS` and a colour."""

    symbol: str
    colour: str


def _regular(corners: int, radius: float, turn: float = 90.0) -> Polygon:
    angles = (math.radians(turn + 360 * i / corners) for i in range(corners))
    return tuple((round(radius * math.cos(a), 4), round(radius * math.sin(a), 4)) for a in angles)


def _star(outer: float, inner: float) -> Polygon:
    points = zip(_regular(5, outer), _regular(5, inner, 126.0), strict=True)
    return tuple(point for pair in points for point in pair)


def _cross(arm: float, half: float) -> Polygon:
    quarter = ((half, arm), (half, half), (arm, half))
    turns = ((1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0))
    return tuple((a * x + b * y, c * x + d * y) for a, b, c, d in turns for x, y in quarter)


SYMBOLS: dict[str, Polygon] = {
    "dot": (),  # a disc of radius 1
    "square": _regular(4, 1.24, 45.0),
    "triangle": _regular(3, 1.34),
    "triangleDown": _regular(3, 1.34, 270.0),
    "diamond": _regular(4, 1.3),
    "star": _star(1.42, 0.62),
    "hexagon": _regular(6, 1.12),
    "cross": _cross(1.2, 0.42),
}
"""Unit outlines by name; the names are those of vis-network, and ``cross``."""

KIND_MARKS: tuple[tuple[str, Mark], ...] = (
    ("GHT", Mark("star", BLUE)),
    ("HOPITAL", Mark("dot", BLUE)),
    ("RESEAU", Mark("hexagon", BLUE)),
    ("FILIERE", Mark("diamond", BLUE)),
    ("CLINIQUE", Mark("square", VERMILLION)),
    ("GROUPE", Mark("star", VERMILLION)),
    ("GROUPEMENT", Mark("hexagon", VERMILLION)),
    ("CPTS", Mark("hexagon", GREEN)),
    ("CMS", Mark("diamond", GREEN)),
    ("CDS", Mark("dot", GREEN)),
    ("MSP", Mark("square", GREEN)),
    ("EHPAD", Mark("triangle", PURPLE)),
    ("EHPA", Mark("triangleDown", PURPLE)),
    ("RESIDENCE", Mark("square", PURPLE)),
    ("HAD", Mark("cross", OCHRE)),
    ("SSIAD", Mark("diamond", OCHRE)),
    ("SAD", Mark("triangleDown", OCHRE)),
    ("ACCUEIL_JOUR", Mark("dot", OCHRE)),
    ("DIALYSE", Mark("cross", SKY)),
    ("IMAGERIE", Mark("star", SKY)),
    ("DAC", Mark("cross", ROSE)),
    ("CLIC", Mark("triangle", ROSE)),
    ("MMG_SAMI", Mark("triangleDown", ROSE)),
    ("SAS", Mark("star", ROSE)),
    ("INSTITUTION", Mark("square", SLATE)),
    ("URPS", Mark("diamond", SLATE)),
    ("ASSOCIATION", Mark("hexagon", SLATE)),
    ("INSTANCE", Mark("triangle", SLATE)),
    ("GESTIONNAIRE", Mark("cross", SLATE)),
    ("AUTRE", Mark("dot", SLATE)),
)

_MARKS = dict(KIND_MARKS)

ROLE_SIZES: tuple[tuple[str, float], ...] = (
    ("focus", 12.0),
    ("focus_site", 9.0),
    ("partner", 6.5),
    ("neighbour", 5.5),
    ("supply", 4.0),
)
"""Radius in pixels by role (:data:`explorer.viewmodel.model.Role`)."""

SECONDARY_SITE = 4.5
"""Radius of an establishment of the group that its legal entity is drawn beside."""

GROUP_COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, OCHRE, SKY, ROSE)
"""Colours of groups that are no kinds, the largest first; a sign in the symbol goes with each."""

OTHER_GROUPS = "#3F454B"
"""Colour of the groups beyond :data:`GROUP_COLOURS`, taken together."""

NEUTRAL = SLATE
"""Colour of kinds in a legend where colour says something else, and of what has no group."""

SMALLEST, LARGEST = 4.0, 13.0
"""Radius in pixels of the least and the greatest value where structures are sized by a measure."""

SMALLEST_SIGNED = 7.0
"""The same where a sign must be read in the symbol."""

_SIZES = dict(ROLE_SIZES)


def mark(kind: str | None) -> Mark:
    """Return how `kind` is drawn; an unknown kind is drawn as ``AUTRE``."""
    return _MARKS.get(kind or "AUTRE", _MARKS["AUTRE"])


def size(role: str) -> float:
    """Return the radius in pixels of a node in this role."""
    return _SIZES[role]
