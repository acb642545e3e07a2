"""Sheets and themes: formats, sizes of letters, colours in light and in grey for print."""

from __future__ import annotations

from typing import Literal, NamedTuple

from explorer.figures.drawing import Hatch
from explorer.palette import KIND_MARKS, PAPERS
from explorer.viewmodel.choropleth import SCALE, STATE_COLOURS

PAGES: tuple[tuple[str, float, float, float], ...] = (
    ("16:9", 338.667, 190.5, 1.2),
    ("A4", 297.0, 210.0, 1.0),
    ("A3", 420.0, 297.0, 1.4),
)
"""Format, long side and short side in millimetres, how large its letters are beside those of A4."""

ORIENTATIONS = ("landscape", "portrait")
THEMES = ("light", "grey")
Orientation = Literal["landscape", "portrait"]
ThemeName = Literal["light", "grey"]

SIZES: dict[str, float] = {
    "title": 15.5,
    "subtitle": 9.5,
    "heading": 8.5,
    "text": 8.0,
    "label": 7.6,
    "key": 7.0,
    "foot": 6.4,
    "place": 6.2,
}
"""Letters on A4, in points."""


class Paper(NamedTuple):
    """A sheet: its sides in millimetres, and the scale of its letters and symbols."""

    width: float
    height: float
    scale: float

    @property
    def landscape(self) -> bool:
        """Tell whether it is wider than high."""
        return self.width > self.height

    @property
    def margin(self) -> float:
        """Return the empty border in millimetres."""
        return 8.0 * self.scale

    def size(self, name: str) -> float:
        """Return the size of letters of :data:`SIZES` on this sheet, in points."""
        return round(SIZES[name] * self.scale, 2)

    def mm(self, value: float) -> float:
        """Return a length of A4 on this sheet."""
        return value * self.scale


class Theme(NamedTuple):
    """Colours of a sheet; `land` is the territory looked at, `paper` what lies around it."""

    name: str
    sheet: str
    paper: str
    land: str
    thin: str
    context: str
    heavy: str
    place: str
    ink: str
    muted: str
    rule: str
    accent: str
    tie: str


LIGHT = Theme(
    name="light",
    sheet="#FFFFFF",
    **{
        name: PAPERS["light"][name]
        for name in ("paper", "land", "thin", "context", "heavy", "place", "ink", "muted", "rule")
    },
    accent="#0B548F",
    tie="#4F6478",
)
GREY = Theme(
    name="grey",
    sheet="#FFFFFF",
    paper="#FFFFFF",
    land="#F0F0F0",
    thin="#FFFFFF",
    context="#C8C8C8",
    heavy="#808080",
    place="#5A5A5A",
    ink="#000000",
    muted="#4A4A4A",
    rule="#CFCFCF",
    accent="#000000",
    tie="#555555",
)
_THEMES = {theme.name: theme for theme in (LIGHT, GREY)}


class MarkInk(NamedTuple):
    """How a symbol is inked: inside, outline, and a core in the middle."""

    fill: str
    stroke: str
    core: str | None = None


class Shade(NamedTuple):
    """How a class of a map or a table is filled; `ink` is that of signs written upon it."""

    fill: str
    hatch: Hatch
    ink: str


_GREY_INKS = (
    MarkInk("#1A1A1A", "#1A1A1A"),
    MarkInk("#FFFFFF", "#1A1A1A"),
    MarkInk("#757575", "#757575"),
    MarkInk("#FFFFFF", "#1A1A1A", "#1A1A1A"),
)
"""Black, hollow, grey, hollow with a core: at most four kinds share a symbol."""

_GREY_STATES: dict[str, tuple[str, Hatch]] = {
    "agreed": ("#2B2B2B", ""),
    "attested": ("#8C8C8C", ""),
    "own": ("#2B2B2B", "dots"),
    "linked": ("#BDBDBD", ""),
    "unsigned": ("#E2E2E2", ""),
    "no_supply": ("#FFFFFF", "cross"),
    "unknown": ("#FFFFFF", "lines"),
}
_GREY_SCALE = ("#F2F2F2", "#CFCFCF", "#A3A3A3", "#6E6E6E", "#2E2E2E")
STATE_SIGNS: dict[str, str] = {
    "agreed": "●",
    "attested": "◐",
    "own": "■",
    "linked": "△",
    "unsigned": "○",
    "no_supply": "✕",
    "unknown": "?",
}
"""A sign a state, beside its colour."""


def paper_of(page: str, orientation: str) -> Paper:
    """Return the sheet of a format of :data:`PAGES`."""
    _, long, short, scale = next(item for item in PAGES if item[0] == page)
    return Paper(*((long, short) if orientation == "landscape" else (short, long)), scale)


def theme_of(name: str) -> Theme:
    """Return the theme `name`."""
    return _THEMES[name]


def mark_ink(kind: str, colour: str, theme: Theme) -> MarkInk:
    """Return how a kind is inked: in its colour, or in one of four greys by its symbol."""
    if theme.name != "grey":
        return MarkInk(colour, colour)
    marks = dict(KIND_MARKS)
    own = marks.get(kind, marks["AUTRE"])
    alike = [mark for _, mark in KIND_MARKS if mark.symbol == own.symbol]
    return _GREY_INKS[alike.index(own)]


def shade(key: str, colour: str, theme: Theme, *, hatched: bool = False) -> Shade:
    """Return how a class of the map is filled: a state by its name, a number by its colour."""
    if theme.name != "grey":
        return Shade(colour, "lines" if hatched else "", ink_on(colour))
    if key in _GREY_STATES:
        fill, hatch = _GREY_STATES[key]
        return Shade(fill, hatch, ink_on(fill))
    fill = _GREY_SCALE[SCALE.index(colour)] if colour in SCALE else colour
    return Shade(fill, "lines" if hatched else "", ink_on(fill))


def state_shade(state: str, theme: Theme) -> Shade:
    """Return how a state of coverage is filled."""
    return shade(state, STATE_COLOURS[state], theme, hatched=state == "unknown")


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#RRGGBB`` (WCAG 2.2)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)  # noqa: PLR2004 - sRGB
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink_on(colour: str) -> str:
    """Return black or white, whichever reads better on `colour`."""
    dark, light = "#000000", "#FFFFFF"
    return dark if contrast(dark, colour) >= contrast(light, colour) else light
