"""What surrounds every figure: title, subtitle, logo, mark, and the small print at the foot."""

from __future__ import annotations

from typing import NamedTuple

from explorer.figures.drawing import POINT, Box, Group, Item, Line, Picture, Rect, Words
from explorer.figures.lettering import LEADING, balanced, baseline, clean, height_of, width_of, wrap
from explorer.figures.paper import Paper, Theme

TITLE_LINES, SUBTITLE_LINES, FOOT_LINES = 3, 2, 6
_SMALLER = 0.76
_FITTED = 0.82
"""Size to which a title may shrink to stand on one line."""
_LOGO_WIDTH, _LOGO_HEIGHT = 34.0, 13.0


class Logo(NamedTuple):
    """An image file as it was read, and its sides in pixels."""

    data: bytes
    width: int
    height: int
    alt: str


class Surroundings(NamedTuple):
    """What the sheet says around the figure, in words; `foot` is one paragraph a line."""

    title: str
    subtitle: str
    foot: tuple[str, ...]
    logo: Logo | None = None
    mark: str | None = None


class Sheet(NamedTuple):
    """The groups of what surrounds a figure, and the box that is left for it."""

    groups: tuple[Group, ...]
    body: Box


def surround(said: Surroundings, paper: Paper, theme: Theme) -> Sheet:
    """Return title and foot laid out on `paper`, and what remains between them."""
    inside = Box(0, 0, paper.width, paper.height).grown(-paper.margin)
    corner, taken = _corner(said, inside, paper, theme)
    head = Box(inside.left, inside.top, inside.width - taken.width, inside.height)
    title, top = _title(said, head, paper, theme)
    top = max(top, taken.bottom if taken.width else top)
    foot, bottom = _foot(said.foot, inside, paper, theme)
    gap = paper.mm(3.0)
    body = Box(inside.left, top + gap, inside.width, bottom - top - 2 * gap)
    return Sheet((Group(name="title", items=(*title, *corner)), foot), body)


def _title(
    said: Surroundings, head: Box, paper: Paper, theme: Theme
) -> tuple[tuple[Item, ...], float]:
    size = paper.size("title")
    lines = wrap(clean(said.title), size, head.width, bold=True)
    whole = width_of(clean(said.title), size, bold=True)
    if head.width < whole < head.width / _FITTED:
        size *= head.width / whole * 0.999
        lines = (clean(said.title),)
    if len(lines) > TITLE_LINES - 1:
        size *= _SMALLER
        lines = wrap(clean(said.title), size, head.width, most=TITLE_LINES, bold=True)
    # no single word on the last line
    lines = balanced(clean(said.title), size, len(lines), bold=True) or lines
    items: list[Item] = [
        Words(
            x=head.left,
            y=baseline(head.top, size, at),
            text=line,
            size=size,
            colour=theme.ink,
            bold=True,
            name="title",
        )
        for at, line in enumerate(lines)
    ]
    top = head.top + height_of(len(lines), size) + paper.mm(0.8)
    small = paper.size("subtitle")
    below = wrap(clean(said.subtitle), small, head.width, most=SUBTITLE_LINES)
    items += [
        Words(
            x=head.left,
            y=baseline(top, small, at),
            text=line,
            size=small,
            colour=theme.muted,
            name="subtitle",
        )
        for at, line in enumerate(below)
    ]
    return tuple(items), top + height_of(len(below), small)


def _corner(
    said: Surroundings, inside: Box, paper: Paper, theme: Theme
) -> tuple[tuple[Item, ...], Box]:
    """Return logo and mark, at the top right, and the room that they take."""
    items: list[Item] = []
    top, width = inside.top, 0.0
    if said.logo:
        scale = min(
            paper.mm(_LOGO_WIDTH) / said.logo.width, paper.mm(_LOGO_HEIGHT) / said.logo.height
        )
        sides = said.logo.width * scale, said.logo.height * scale
        box = Box(inside.right - sides[0], top, *sides)
        items.append(Picture(box=box, data=said.logo.data, alt=said.logo.alt, name="logo"))
        top, width = box.bottom + paper.mm(1.5), sides[0]
    if said.mark:
        size = paper.size("heading")
        wide = width_of(said.mark, size, bold=True) + paper.mm(5)
        box = Box(inside.right - wide, top, wide, height_of(1, size) + paper.mm(2))
        items += [
            Rect(box=box, stroke=theme.ink, width=0.8, radius=paper.mm(0.8), name="mark"),
            Words(
                x=box.middle[0],
                y=baseline(top + paper.mm(1), size),
                text=said.mark,
                size=size,
                colour=theme.ink,
                bold=True,
                align="center",
                name="mark",
            ),
        ]
        top, width = box.bottom, max(width, wide)
    taken = width + paper.mm(6) if width else 0.0
    return tuple(items), Box(inside.right - taken, inside.top, taken, top - inside.top)


def _foot(
    paragraphs: tuple[str, ...], inside: Box, paper: Paper, theme: Theme
) -> tuple[Group, float]:
    size = paper.size("foot")
    lines = [
        line
        for said in paragraphs
        for line in wrap(clean(said), size, inside.width, most=FOOT_LINES)
    ]
    top = inside.bottom - height_of(len(lines), size) if lines else inside.bottom
    items: list[Item] = [
        Line(
            points=((inside.left, top - paper.mm(1.4)), (inside.right, top - paper.mm(1.4))),
            colour=theme.rule,
            width=0.6,
            name="rule",
        )
    ]
    items += [
        Words(
            x=inside.left,
            y=baseline(top, size, at),
            text=line,
            size=size,
            colour=theme.muted,
            name="source",
        )
        for at, line in enumerate(lines)
    ]
    return Group(name="sources", items=tuple(items)), top - paper.mm(1.4)


def line_height(size: float) -> float:
    """Return the height of a line of letters of `size` points, in millimetres."""
    return size * LEADING * POINT
