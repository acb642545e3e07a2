"""A ranking as bars: structures by a measure, with the group and without it."""

from __future__ import annotations

from typing import NamedTuple

from explorer.figures.drawing import Box, Drawing, Group, Item, Line, Rect, Symbol, Words
from explorer.figures.lettering import baseline, clean, height_of, in_row, widest, width_of
from explorer.figures.making import About, Style, begin, finish
from explorer.figures.notes import note_box
from explorer.figures.paper import mark_ink

MOST = 25
"""Structures shown at most."""
NAME_SHARE = 0.42
MOST_ROW, LEAST_ROW = 11.0, 3.2
_ROW_SIZES = 0.43
"""Millimetres of a row for each point of its letters."""


class Bar(NamedTuple):
    """A structure: how it is drawn, its value and the words for it; the same without the group."""

    key: str
    label: str
    kind: str
    symbol: str
    colour: str
    value: float
    said: str
    apart: float | None = None
    apart_said: str = ""


class Ranking(NamedTuple):
    """Bars from the highest; `apart` says in words what the second mark is, empty for none."""

    unit: str
    bars: tuple[Bar, ...]
    apart: str = ""
    left_out: int = 0
    notes: tuple[str, ...] = ()


def ranking_bars(ranking: Ranking, about: About, style: Style) -> Drawing:
    """Return a ranking on a sheet."""
    sheet = begin(about, style)
    paper, theme = style.paper, style.theme
    notes, room = note_box(ranking.notes, sheet.body, style) if ranking.notes else ((), sheet.body)
    size = paper.size("text")
    head = height_of(1, size) + paper.mm(2)
    fit = max(1, int((room.height - 2 * head) / paper.mm(LEAST_ROW)))
    bars = ranking.bars[: min(fit, MOST)]
    left_out = ranking.left_out + len(ranking.bars) - len(bars)
    foot = height_of(1, size) + paper.mm(1.5) if left_out else 0.0
    high = min(paper.mm(MOST_ROW), (room.height - head - foot) / max(1, len(bars)))
    table = Box(room.left, room.top + head, room.width, high * len(bars))
    items = _heading(ranking, room, style)
    for at, bar in enumerate(bars):
        items += _bar(
            ranking, bar, Box(table.left, table.top + at * high, table.width, high), style
        )
    if left_out:
        y = baseline(table.bottom + paper.mm(1.5), size)
        said = style.say("more", n=left_out)
        items.append(
            Words(x=table.left, y=y, text=said, size=size, colour=theme.muted, name="more")
        )
    groups = [
        Group(name="ranking", items=tuple(items)),
        Group(name="hypotheses", items=notes),
    ]
    return finish(about, style, sheet, groups)


def _heading(ranking: Ranking, room: Box, style: Style) -> list[Item]:
    paper, theme = style.paper, style.theme
    size = paper.size("text")
    wide = width_of(f"{ranking.unit}{ranking.apart}", size) + paper.mm(14)
    left = min(room.left + room.width * NAME_SHARE, room.right - wide)
    y = baseline(room.top, size)
    items: list[Item] = [
        Words(x=left, y=y, text=ranking.unit, size=size, colour=theme.muted, name="unit")
    ]
    if ranking.apart:
        x = left + width_of(ranking.unit, size) + paper.mm(10)
        items.append(_apart_mark(x, y - size * 0.12, style))
        x += paper.mm(3)
        items.append(
            Words(x=x, y=y, text=ranking.apart, size=size, colour=theme.muted, name="unit")
        )
    return items


def _apart_mark(x: float, y: float, style: Style) -> Symbol:
    return Symbol(
        x=x,
        y=y,
        radius=style.paper.mm(1.1),
        symbol="dot",
        fill=style.theme.sheet,
        stroke=style.theme.ink,
        width=style.paper.scale,
        name="apart",
    )


def _bar(ranking: Ranking, bar: Bar, box: Box, style: Style) -> list[Item]:
    paper, theme = style.paper, style.theme
    size = min(paper.size("text"), box.height / _ROW_SIZES)
    ink = mark_ink(bar.kind, bar.colour, theme)
    side = box.width * NAME_SHARE
    values = widest([each.said for each in ranking.bars], size)
    room = box.width - side - values - paper.mm(4)
    most = max((max(b.value, b.apart or 0) for b in ranking.bars), default=0) or 1
    y = box.top + box.height / 2
    length = max(0.0, bar.value) / most * room
    thick = min(paper.mm(4.2), box.height * 0.62)
    label = clean(bar.label)
    items: list[Item] = [
        Symbol(
            x=box.left + paper.mm(2),
            y=y,
            radius=paper.mm(1.3),
            symbol=bar.symbol,
            fill=ink.fill,
            stroke=ink.stroke,
            width=0.8 * paper.scale,
            core=ink.core,
            name=label,
        ),
        *(
            Words(
                x=box.left + paper.mm(5),
                y=y + down,
                text=line,
                size=letters,
                colour=theme.ink,
                name=f"label:{bar.key}",
            )
            for line, down, letters in in_row(label, size, side - paper.mm(9), box.height)
        ),
        Rect(
            box=Box(box.left + side, y - thick / 2, max(length, 0.2), thick),
            fill=ink.fill if ink.fill != "#FFFFFF" else theme.rule,
            stroke=ink.stroke,
            width=0.5,
            name=f"bar:{bar.key}",
        ),
    ]
    end = length
    if bar.apart is not None and ranking.apart:
        apart = max(0.0, bar.apart) / most * room
        end = max(end, apart + paper.mm(1.1))
        items.append(_apart_mark(box.left + side + apart, y, style))
    items.append(
        Words(
            x=box.left + side + end + paper.mm(1.5),
            y=y + size * 0.12,
            text=bar.said,
            size=size,
            colour=theme.ink,
            bold=True,
            name="value",
        )
    )
    if box.top > 0:
        line = ((box.left, box.bottom), (box.right, box.bottom))
        items.append(Line(points=line, colour=theme.rule, width=0.3, name="rule"))
    return items
