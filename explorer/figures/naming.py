"""Names of structures on a drawing: written, placed, numbered where they find no place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import shapely

from explorer.figures.clearance import Numbers, ties_over
from explorer.figures.drawing import Align, Box, Item, Line, Place, Rect, Words
from explorer.figures.labels import Around, Placed, Spot, place_labels
from explorer.figures.lettering import balanced, baseline, clean, height_of, widest, width_of, wrap
from explorer.figures.panel import RANKS, Dot
from explorer.figures.paper import Paper

SUPPLY_NAMED = 20
"""Structures without a tie are named where there are no more of them."""
LABEL_WIDTH = 46.0
LETTERS = ((35, 1.0), (80, 0.92), (10**9, 0.84))
"""Names up to which letters are so large."""
MOST_LABELS = 260
"""Names tried on one map; beyond, the map would be text only."""


class Label(NamedTuple):
    """Lines of a name where they stand."""

    key: str
    lines: tuple[str, ...]
    box: Box
    leader: tuple[Place, Place] | None
    size: float
    bold: bool


class Named(NamedTuple):
    """Names that found a place, numbers that stand for others, and who has neither."""

    labels: tuple[Label, ...]
    numbers: Mapping[str, int]
    unnamed: tuple[str, ...]

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Return the boxes of all names and numbers."""
        return tuple(label.box for label in self.labels)


def variants(label: str, size: float, width: float, *, bold: bool) -> tuple[tuple[str, ...], ...]:
    """Return the ways to write a name: on one line where it is short, on two, on three."""
    found: list[tuple[str, ...]] = []
    if width_of(label, size, bold=bold) <= width:
        found.append((label,))
    for lines in (2, 3):
        split = balanced(label, size, lines, bold=bold)
        if split and widest(split, size, bold=bold) <= width and len(label) > 9 * lines:
            found.append(split)
    return tuple(found) or (wrap(label, size, width, most=3, bold=bold),)


def name_dots(dots: Sequence[Dot], around: Around, paper: Paper, numbers: range) -> Named:
    """Return the names of `dots`; one of `numbers` stands for a name that finds no place.

    Structures without a tie are named only where they are few, and never numbered.
    """
    asked = _to_name(dots)
    smaller = next(scale for most, scale in LETTERS if len(asked) <= most)
    written = {dot.node.id: _written(dot, paper, smaller) for dot in asked}
    spots = [_spot(dot, written[dot.node.id]) for dot in asked[:MOST_LABELS]]
    found = place_labels(spots, around)
    labels = [_label(key, place, written[key]) for key, place in found.items()]
    rest = [dot for dot in asked if dot.node.id not in found and dot.node.role != "supply"]
    rest.sort(key=lambda dot: (RANKS[dot.node.role], clean(dot.node.label).casefold(), dot.node.id))
    taken = _kept_clear(around, labels)
    size = paper.size("key")
    widest_number: _Written = (size, True, (("8" * len(str(numbers.stop)),),))
    asked = rest[: min(MOST_LABELS, 2 * len(numbers))]
    small = place_labels([_spot(dot, widest_number) for dot in asked], taken)
    order = [dot.node.id for dot in asked if dot.node.id in small]
    given = dict(zip(order, numbers, strict=False))
    for key, number in given.items():
        labels.append(_label(key, small[key], (size, True, ((str(number),),))))
    unnamed = tuple(dot.node.id for dot in rest if dot.node.id not in given)
    return Named(tuple(labels), given, unnamed)


def _to_name(dots: Sequence[Dot]) -> list[Dot]:
    supply = sum(dot.node.role == "supply" for dot in dots)
    asked = [d for d in dots if d.node.role != "supply" or supply <= SUPPLY_NAMED]
    return sorted(asked, key=lambda dot: (RANKS[dot.node.role], dot.node.id))


_Written = tuple[float, bool, tuple[tuple[str, ...], ...]]
"""Size of the letters, whether they are bold, and the ways to break the lines."""


def _written(dot: Dot, paper: Paper, smaller: float) -> _Written:
    bold = dot.node.role in {"focus", "focus_site"}
    size = paper.size("label") * smaller * (1.1 if dot.node.role == "focus" else 1.0)
    label = clean(dot.node.label) or clean(dot.node.id)
    return size, bold, variants(label, size, paper.mm(LABEL_WIDTH) * smaller, bold=bold)


def _spot(dot: Dot, written: _Written) -> Spot:
    size, bold, ways = written
    sizes = tuple((widest(way, size, bold=bold), height_of(len(way), size)) for way in ways)
    return Spot(dot.node.id, dot.x, dot.y, dot.reach, sizes, RANKS[dot.node.role])


def _label(key: str, place: Placed, written: _Written) -> Label:
    size, bold, ways = written
    return Label(key, ways[place.variant], place.box, place.leader, size, bold)


def _kept_clear(around: Around, labels: Sequence[Label]) -> Around:
    leaders = [(*label.leader[0], *label.leader[1]) for label in labels if label.leader]
    rows = np.array(leaders, dtype=float).reshape(-1, 4)
    return around._replace(
        boxes=(*around.boxes, *(label.box for label in labels)),
        leaders=np.vstack([around.leaders, rows]),
    )


class Behind(NamedTuple):
    """What lies behind names: colours outside and inside the land, that of leaders, the lines."""

    paper: str
    land: str
    leader: str
    shape: shapely.Geometry | None
    lines: Numbers

    def plate(self, box: Box) -> str | None:
        """Return the colour of the plate that keeps a name legible, None where nothing crosses."""
        corners = np.array([(box.left, box.top, box.right, box.bottom)])
        if not ties_over(corners, self.lines)[0]:
            return None
        inside = self.shape is not None and shapely.intersects_xy(self.shape, *box.middle)
        return self.land if inside else self.paper


def label_items(
    named: Named, dots: Mapping[str, Dot], paper: Paper, ink: str, behind: Behind
) -> list[Item]:
    """Return leaders, plates where lines pass below, and names in `ink`."""
    items: list[Item] = [
        Line(
            points=label.leader,
            colour=behind.leader,
            width=0.5 * paper.scale,
            name=f"leader:{label.key}",
        )
        for label in named.labels
        if label.leader
    ]
    for label in named.labels:
        if colour := behind.plate(label.box):
            plate = Rect(
                box=label.box.grown(0.1), fill=colour, opacity=0.82, radius=0.6, name="plate"
            )
            items.append(plate)
        items += _label_items(label, dots[label.key], ink)
    return items


def _label_items(label: Label, dot: Dot, ink: str) -> list[Item]:
    align, x = _anchored(label, dot)
    return [
        Words(
            x=x,
            y=baseline(label.box.top, label.size, at),
            text=line,
            size=label.size,
            colour=ink,
            bold=label.bold,
            align=align,
            name=f"label:{label.key}",
        )
        for at, line in enumerate(label.lines)
    ]


def _anchored(label: Label, dot: Dot) -> tuple[Align, float]:
    """Return the side of the box at which lines begin: the one towards the symbol."""
    box = label.box
    if box.right <= dot.x:
        return "right", box.right
    return ("left", box.left) if box.left >= dot.x else ("center", box.middle[0])
