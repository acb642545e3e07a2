"""Lists beside a figure (legend, numbered key, who has no place), flowed into columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from explorer.figures.drawing import Box, Item, Words
from explorer.figures.lettering import baseline, clean, height_of, width_of, wrap
from explorer.figures.paper import Paper, Theme

Sign = Callable[[float, float], tuple[Item, ...]]
"""Draws the sign of an entry around a point."""

LINES = 3
_SIGN_WIDTH = 7.0
_KEPT_WHOLE = 0.6


class Entry(NamedTuple):
    """A line of a list: a sign or a number, then words; a heading has neither."""

    label: str
    sign: Sign | None = None
    number: str = ""
    heading: bool = False
    size: str = "text"


class Listed(NamedTuple):
    """Items laid out, the lowest place reached, and how many entries found no room."""

    items: tuple[Item, ...]
    bottom: float
    left_out: int


def flow(
    entries: Sequence[Entry],
    box: Box,
    columns: int,
    paper: Paper,
    theme: Theme,
    more: Callable[[int], str],
) -> Listed:
    """Return `entries` in `columns` of `box`; where some find no room, the last line says how many.

    A heading stays with what follows it.
    """
    kept = list(entries)
    while True:
        said = [*kept, Entry(more(len(entries) - len(kept)))] if len(kept) < len(entries) else kept
        found = _laid(said, box, columns, paper, theme)
        if found is not None or not kept:
            items, bottom = found or ((), box.top)
            return Listed(items, bottom, len(entries) - len(kept))
        kept.pop()
        while kept and kept[-1].heading:
            kept.pop()


def height_needed(
    entries: Sequence[Entry], width: float, columns: int, paper: Paper, theme: Theme
) -> float:
    """Return the least height in which `entries` fit in `columns`, in millimetres."""
    heights = sum(_height(entry, width / columns, paper) for entry in entries)
    height = heights / columns
    while _laid(entries, Box(0, 0, width, height), columns, paper, theme) is None:
        height += paper.mm(2)
    return height


def _laid(
    entries: Sequence[Entry], box: Box, columns: int, paper: Paper, theme: Theme
) -> tuple[tuple[Item, ...], float] | None:
    gap = paper.mm(5)
    wide = (box.width - gap * (columns - 1)) / columns
    items: list[Item] = []
    column, top, lowest = 0, box.top, box.top
    for at, entry in enumerate(entries):
        need = _height(entry, wide, paper)
        if entry.heading and at + 1 < len(entries):
            need = _together(entries[at:], wide, box.bottom - top, box.height, paper)
        if top + need > box.bottom + 1e-6:
            column, top = column + 1, box.top
            if column >= columns or top + need > box.bottom + 1e-6:
                return None
        if entry.heading and top > box.top:
            top += paper.mm(2)
        left = box.left + column * (wide + gap)
        items += _drawn(entry, Box(left, top, wide, 0), paper, theme)
        top += _height(entry, wide, paper) - (paper.mm(2) if entry.heading else 0)
        lowest = max(lowest, top)
    return tuple(items), lowest


def _together(
    entries: Sequence[Entry], width: float, room: float, most: float, paper: Paper
) -> float:
    """Return the height that a heading needs: of all that it heads where a column can hold it."""
    heights = [_height(entries[0], width, paper)]
    for entry in entries[1:]:
        if entry.heading:
            break
        heights.append(_height(entry, width, paper))
    whole = sum(heights)
    # a list that is nearly a column long is broken where it stands
    return whole if room < whole <= most * _KEPT_WHOLE else sum(heights[:2])


def _indent(entry: Entry, paper: Paper) -> float:
    if entry.number:
        return width_of(entry.number + "  ", paper.size(entry.size), bold=True)
    return paper.mm(_SIGN_WIDTH) if entry.sign else 0.0


def _lines(entry: Entry, width: float, paper: Paper) -> tuple[str, ...]:
    size = paper.size("heading" if entry.heading else entry.size)
    room = width - _indent(entry, paper)
    return wrap(clean(entry.label), size, room, most=LINES, bold=entry.heading)


def _height(entry: Entry, width: float, paper: Paper) -> float:
    size = paper.size("heading" if entry.heading else entry.size)
    own = height_of(len(_lines(entry, width, paper)), size)
    return own + paper.mm(3.2 if entry.heading else 0.9)


def _drawn(entry: Entry, box: Box, paper: Paper, theme: Theme) -> list[Item]:
    size = paper.size("heading" if entry.heading else entry.size)
    indent = _indent(entry, paper)
    items: list[Item] = []
    if entry.sign:
        middle = box.top + height_of(1, size) / 2
        items += entry.sign(box.left + paper.mm(_SIGN_WIDTH - 2) / 2, middle)
    if entry.number:
        items.append(
            Words(
                x=box.left,
                y=baseline(box.top, size),
                text=entry.number,
                size=size,
                colour=theme.ink,
                bold=True,
                name="number",
            )
        )
    items += [
        Words(
            x=box.left + indent,
            y=baseline(box.top, size, at),
            text=line,
            size=size,
            colour=theme.ink,
            bold=entry.heading,
            name="heading" if entry.heading else "entry",
        )
        for at, line in enumerate(_lines(entry, box.width, paper))
    ]
    return items
