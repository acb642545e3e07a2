"""Territories against kinds: the state of each cell by colour and by sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from explorer.figures.cover import swatch
from explorer.figures.drawing import Box, Drawing, Group, Item, Rect, Words
from explorer.figures.legend import Entry, flow, height_needed
from explorer.figures.lettering import baseline, clean, cut, height_of, width_of, wrap
from explorer.figures.making import About, Style, begin, finish, more
from explorer.figures.notes import note_box
from explorer.figures.paper import STATE_SIGNS, state_shade

LEAST_ROW = 3.6
"""Least height of a row in millimetres of A4."""
MOST_ROW = 18.0
NAME_SHARE = 0.24
COLUMNS = 4


class Grid(NamedTuple):
    """Rows and columns by key with their names, the state of each cell, states in words."""

    rows: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]
    cells: Mapping[tuple[str, str], str]
    counts: Mapping[tuple[str, str], str]
    """What stands beside the sign: how many structures, empty where nobody knows."""
    words: Mapping[str, str]
    notes: tuple[str, ...] = ()


def coverage_grid(grid: Grid, about: About, style: Style) -> Drawing:
    """Return the matrix of territories and kinds on a sheet."""
    sheet = begin(about, style)
    paper, body = style.paper, sheet.body
    states = [s for s in grid.words if s in set(grid.cells.values())]
    entries = [
        Entry(grid.words[s], sign=swatch(state_shade(s, style.theme), style, STATE_SIGNS[s]))
        for s in states
    ]
    columns = COLUMNS if paper.landscape else 2
    notes, room = note_box(grid.notes, body, style) if grid.notes else ((), body)
    need = height_needed(entries, room.width, columns, paper, style.theme)
    box = Box(room.left, room.bottom - need, room.width, need)
    table = Box(room.left, room.top, room.width, room.height - need - paper.mm(4))
    items, left_out = _table(grid, table, style)
    if left_out:
        entries.append(Entry(style.say("rows_left_out", n=left_out)))
        need = height_needed(entries, room.width, columns, paper, style.theme)
        box = Box(room.left, room.bottom - need, room.width, need)
        table = Box(room.left, room.top, room.width, room.height - need - paper.mm(4))
        items, _ = _table(grid, table, style)
    lowest = max(i.box.bottom for i in items if isinstance(i, Rect)) if items else table.top
    box = Box(box.left, min(box.top, lowest + paper.mm(4)), box.width, box.height)
    listed = flow(entries, box, columns, paper, style.theme, more(style))
    groups = [
        Group(name="matrix", items=tuple(items)),
        Group(name="legend", items=listed.items),
        Group(name="hypotheses", items=notes),
    ]
    return finish(about, style, sheet, groups)


def _table(grid: Grid, box: Box, style: Style) -> tuple[list[Item], int]:
    """Return heading and rows, and how many rows find no room."""
    paper = style.paper
    side = box.width * NAME_SHARE
    wide = (box.width - side) / max(1, len(grid.columns))
    items, head = _headings(grid, Box(box.left + side, box.top, box.width - side, 0), style)
    room = box.height - head
    fit = max(1, int(room / paper.mm(LEAST_ROW)))
    rows = grid.rows[:fit]
    high = min(paper.mm(MOST_ROW), room / max(1, len(rows)))
    for at, row in enumerate(rows):
        top = box.top + head + at * high
        items += _row(grid, row, Box(box.left, top, side, high), wide, style)
    return items, len(grid.rows) - len(rows)


def _headings(grid: Grid, box: Box, style: Style) -> tuple[list[Item], float]:
    """Return the headings of columns, upright where they are too narrow for words."""
    paper, theme = style.paper, style.theme
    size = paper.size("key")
    wide = box.width / max(1, len(grid.columns))
    names = [clean(name) for _, name in grid.columns]
    longest = max((width_of(w, size) for n in names for w in n.split(" ")), default=0)
    items: list[Item] = []
    if longest <= wide - paper.mm(1):
        split = [wrap(name, size, wide - paper.mm(1), most=3) for name in names]
        lines = max(map(len, split), default=1)
        high = height_of(lines, size) + paper.mm(1.5)
        for at, rows in enumerate(split):
            items += [
                Words(
                    x=box.left + (at + 0.5) * wide,
                    y=baseline(box.top, size, lines - len(rows) + line),
                    text=said,
                    size=size,
                    colour=theme.ink,
                    align="center",
                    name="column",
                )
                for line, said in enumerate(rows)
            ]
        return items, high
    high = min(paper.mm(42), max(width_of(name, size) for name in names)) + paper.mm(2)
    items += [
        Words(
            x=box.left + (at + 0.5) * wide + size * 0.12,
            y=box.top + high - paper.mm(1.2),
            text=cut(name, size, high - paper.mm(1.5)),
            size=size,
            colour=theme.ink,
            turn=90.0,
            name="column",
        )
        for at, name in enumerate(names)
    ]
    return items, high


def _row(grid: Grid, row: tuple[str, str], box: Box, wide: float, style: Style) -> list[Item]:
    paper, theme = style.paper, style.theme
    size = min(paper.size("text"), box.height / 0.48)
    middle = box.top + box.height / 2 + size * 0.12
    items: list[Item] = [
        Words(
            x=box.left,
            y=middle,
            text=cut(clean(row[1]), size, box.width - paper.mm(2)),
            size=size,
            colour=theme.ink,
            name="row",
        )
    ]
    for at, (column, _) in enumerate(grid.columns):
        state = grid.cells.get((row[0], column))
        if state is None:
            continue
        ink = state_shade(state, theme)
        cell = Box(box.right + at * wide, box.top, wide, box.height).grown(-paper.mm(0.25))
        items.append(Rect(box=cell, fill=ink.fill, hatch=ink.hatch, name=f"cell:{state}"))
        said = f"{STATE_SIGNS[state]} {grid.counts.get((row[0], column), '')}".strip()
        if width_of(said, size) > cell.width - paper.mm(0.6):
            said = STATE_SIGNS[state]
        x, wide_said = cell.middle[0], width_of(said, size) + paper.mm(1)
        if ink.hatch:
            plate = Box(
                x - wide_said / 2, cell.top + cell.height * 0.15, wide_said, 0.7 * cell.height
            )
            items.append(Rect(box=plate, fill=ink.fill, opacity=0.9, name="plate"))
        items.append(
            Words(x=x, y=middle, text=said, size=size, colour=ink.ink, align="center", name="sign")
        )
    return items


def known_columns(cells: Mapping[tuple[str, str], str], columns: Sequence[str]) -> list[str]:
    """Return the columns of which something is known in some row."""
    known = {column for (_, column), state in cells.items() if state != "unknown"}
    return [column for column in columns if column in known]
