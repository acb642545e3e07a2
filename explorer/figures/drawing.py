"""What stands where on a sheet, whoever draws it: Matplotlib today, PowerPoint shapes as well.

Places are millimetres from the top left corner, y downwards; lines and letters are in points, as
every program that draws them counts. Items are drawn in their order, later ones above.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from explorer.viewmodel.model import View

POINT = 25.4 / 72
"""Millimetres of a point."""

Align = Literal["left", "center", "right"]
Hatch = Literal["", "lines", "cross", "dots"]
Place = tuple[float, float]


class Box(NamedTuple):
    """A rectangle of the sheet."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return the right side."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Return the lower side."""
        return self.top + self.height

    @property
    def middle(self) -> Place:
        """Return the middle."""
        return self.left + self.width / 2, self.top + self.height / 2

    def grown(self, margin: float) -> Box:
        """Return the box with a margin around it; a negative one makes it smaller."""
        return Box(
            self.left - margin, self.top - margin, self.width + 2 * margin, self.height + 2 * margin
        )

    def overlaps(self, other: Box) -> bool:
        """Tell whether both have more than a side in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def holds(self, other: Box) -> bool:
        """Tell whether `other` is inside."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom

    def below(self, height: float) -> Box:
        """Return what is left of the box below its first `height`."""
        return Box(self.left, self.top + height, self.width, max(0.0, self.height - height))


class Rect(View, frozen=True, kw_only=True):
    """A rectangle; `width` of its outline in points, `radius` of its corners in millimetres."""

    box: Box
    fill: str | None = None
    stroke: str | None = None
    width: float = 0.5
    hatch: Hatch = ""
    opacity: float = 1.0
    radius: float = 0.0
    name: str = ""


class Area(View, frozen=True, kw_only=True):
    """Polygons with holes, drawn by the even-odd rule; nothing of it is seen outside `clip`."""

    rings: tuple[tuple[float, ...], ...]
    fill: str | None = None
    stroke: str | None = None
    width: float = 0.5
    hatch: Hatch = ""
    clip: Box | None = None
    name: str = ""


class Line(View, frozen=True, kw_only=True):
    """A line through places; `dash` alternates ink and gap in points.

    `ends` are the keys of the symbols that it joins, where it is a tie.
    """

    points: tuple[Place, ...]
    colour: str
    width: float = 0.5
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    clip: Box | None = None
    name: str = ""
    ends: tuple[str, str] | None = None


class Symbol(View, frozen=True, kw_only=True):
    """A symbol of :data:`explorer.palette.SYMBOLS`.

    `core` is the colour of a small disc in the middle of a hollow one; `rim` that of a thin edge
    around, which parts it from what is below. Symbols with one `key` stand for one structure; ties
    name it as their end.
    """

    x: float
    y: float
    radius: float
    symbol: str
    fill: str | None
    stroke: str
    width: float = 0.6
    dash: tuple[float, ...] = ()
    core: str | None = None
    rim: str | None = None
    clip: Box | None = None
    name: str = ""
    key: str = ""


class Words(View, frozen=True, kw_only=True):
    """One line of text: `y` is its baseline, `x` its left, middle or right by `align`."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    bold: bool = False
    align: Align = "left"
    turn: float = 0.0
    name: str = ""


class Picture(View, frozen=True, kw_only=True):
    """An image file in a box, never stretched; `alt` says what it is."""

    box: Box
    data: bytes
    alt: str
    name: str = ""


Item = Rect | Area | Line | Symbol | Words | Picture


class Group(View, frozen=True, kw_only=True):
    """Items that belong together, under a name (territories, ties, labels…)."""

    name: str
    items: tuple[Item, ...]


class Drawing(View, frozen=True, kw_only=True):
    """A sheet. `title` and `description` are its text alternative.

    `reading` is what a speaker would say of it, filters included.
    """

    width: float
    height: float
    background: str
    language: Literal["fr", "en"]
    title: str
    description: str
    reading: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()

    def items(self) -> Iterator[Item]:
        """Yield the items in drawing order."""
        for group in self.groups:
            yield from group.items

    def words(self) -> list[str]:
        """Return the texts of the sheet in drawing order."""
        return [item.text for item in self.items() if isinstance(item, Words)]
