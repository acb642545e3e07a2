"""Agreements over time: what is certain, what is between two dates, what no source states."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from explorer.figures.drawing import Box, Drawing, Group, Item, Line, Rect, Words
from explorer.figures.legend import Entry, Sign, flow, height_needed
from explorer.figures.lettering import baseline, clean, cut, height_of, in_row
from explorer.figures.making import About, Style, begin, finish, more

LEAST_ROW, MOST_ROW = 3.0, 9.5
NAME_SHARE = 0.4
STATUS_SHARE = 0.15
COLUMNS = 4
_YEAR = 365.25
_TICKS = (1, 2, 5, 10, 20, 50)
_TICK_WIDTH = 13.0
_ROW_SIZES = 0.43
"""Millimetres of a row for each point of its letters."""
_AFTER = timedelta(days=180)
"""What the axis shows at least after the day looked at."""


class Span(NamedTuple):
    """An agreement. Days that no source states are None.

    `attested` is the window in which a document says that it exists; `first` and `start` are the
    earliest and the latest day it may have begun, `last` and `end` those it may end.
    """

    key: str
    label: str
    status: str
    first: date | None = None
    start: date | None = None
    last: date | None = None
    end: date | None = None
    attested: tuple[date, date] | None = None


class Timeline(NamedTuple):
    """Agreements in order, and the day looked at with its words."""

    spans: tuple[Span, ...]
    on: date
    on_words: str
    left_out: int = 0


class _Axis(NamedTuple):
    """Days to millimetres; `on` is the day looked at, until which something is known to last."""

    first: date
    days: float
    left: float
    width: float
    on: date

    def at(self, day: date) -> float:
        share = (day - self.first).days / self.days
        return self.left + min(1.0, max(0.0, share)) * self.width


def timeline_chart(timeline: Timeline, about: About, style: Style) -> Drawing:
    """Return the agreements over time on a sheet."""
    sheet = begin(about, style)
    paper, theme, body = style.paper, style.theme, sheet.body
    entries = _legend(timeline, style)
    columns = COLUMNS if paper.landscape else 2
    need = height_needed(entries, body.width, columns, paper, theme)
    box = Box(body.left, body.bottom - need, body.width, need)
    room = Box(body.left, body.top, body.width, body.height - need - paper.mm(4))
    head = height_of(2, paper.size("key")) + paper.mm(2)
    fit = max(1, int((room.height - head - paper.mm(6)) / paper.mm(LEAST_ROW)))
    spans = timeline.spans[:fit]
    left_out = timeline.left_out + len(timeline.spans) - len(spans)
    high = min(paper.mm(MOST_ROW), (room.height - head - paper.mm(6)) / max(1, len(spans)))
    side = room.width * NAME_SHARE
    width = room.width - side - room.width * STATUS_SHARE
    axis = _axis(timeline, room.left + side, width)
    rows = Box(room.left, room.top + head, room.width, high * len(spans))
    items = _scale(timeline, axis, rows, style)
    for at, span in enumerate(spans):
        items += _row(span, axis, Box(rows.left, rows.top + at * high, rows.width, high), style)
    items += _today(timeline, axis, rows, style)
    if left_out:
        size = paper.size("text")
        y = baseline(rows.bottom + paper.mm(1.2), size)
        said = style.say("more", n=left_out)
        items.append(Words(x=rows.left, y=y, text=said, size=size, colour=theme.muted))
    listed = flow(entries, box, columns, paper, theme, more(style))
    groups = [
        Group(name="timeline", items=tuple(items)),
        Group(name="legend", items=listed.items),
    ]
    return finish(about, style, sheet, groups)


def _axis(timeline: Timeline, left: float, width: float) -> _Axis:
    days = [timeline.on, min(timeline.on, date.max - _AFTER) + _AFTER]
    for span in timeline.spans:
        days += [d for d in (span.first, span.start, span.last, span.end) if d]
        days += span.attested or ()
    days = [day for day in days if date.min < day < date.max]
    first, last = date(min(days).year, 1, 1), date(min(max(days).year + 1, 9999), 1, 1)
    if (last - first).days < 2 * _YEAR:
        first = date(first.year - 1, 1, 1)
    return _Axis(first, float((last - first).days), left, width, timeline.on)


def _scale(timeline: Timeline, axis: _Axis, rows: Box, style: Style) -> list[Item]:
    """Return the years, and a line a step."""
    del timeline
    paper, theme = style.paper, style.theme
    size = paper.size("key")
    years = axis.days / _YEAR
    most = max(1, int(axis.width / paper.mm(_TICK_WIDTH)))
    step = next((each for each in _TICKS if years / each <= most), _TICKS[-1])
    first = axis.first.year + (-axis.first.year) % step
    items: list[Item] = []
    for year in range(first, axis.first.year + int(years) + 1, step):
        x = axis.at(date(year, 1, 1))
        line = ((x, rows.top), (x, rows.bottom))
        items.append(Line(points=line, colour=theme.rule, width=0.5, name="year"))
        items.append(
            Words(
                x=x,
                y=rows.top - paper.mm(1.2),
                text=str(year),
                size=size,
                colour=theme.muted,
                align="center",
                name="year",
            )
        )
    return items


def _today(timeline: Timeline, axis: _Axis, rows: Box, style: Style) -> list[Item]:
    paper, theme = style.paper, style.theme
    x = axis.at(timeline.on)
    size = paper.size("key")
    line = ((x, rows.top - paper.mm(0.5)), (x, rows.bottom))
    return [
        Line(points=line, colour=theme.accent, width=1.2 * paper.scale, name="day"),
        Words(
            x=min(x, axis.left + axis.width),
            y=rows.top - paper.mm(1.2) - size * 0.44,
            text=timeline.on_words,
            size=size,
            colour=theme.accent,
            bold=True,
            align="right" if x > axis.left + axis.width / 2 else "left",
            name="day",
        ),
    ]


def _row(span: Span, axis: _Axis, box: Box, style: Style) -> list[Item]:
    paper, theme = style.paper, style.theme
    size = min(paper.size("text"), box.height / _ROW_SIZES)
    y = box.top + box.height / 2
    room = axis.left - box.left - paper.mm(3)
    items: list[Item] = [
        *(
            Words(
                x=box.left,
                y=y + down,
                text=line,
                size=letters,
                colour=theme.ink,
                name=f"label:{span.key}",
            )
            for line, down, letters in in_row(clean(span.label), size, room, box.height)
        ),
        Words(
            x=axis.left + axis.width + paper.mm(2),
            y=y + size * 0.12,
            text=cut(span.status, size, box.right - axis.left - axis.width - paper.mm(2)),
            size=size,
            colour=theme.muted,
            name="status",
        ),
    ]
    thick = min(paper.mm(3.6), box.height * 0.6)
    band = Box(axis.left, y - thick / 2, axis.width, thick)
    return items + span_items(span, axis, band, style)


def span_items(span: Span, axis: _Axis, band: Box, style: Style) -> list[Item]:
    """Return the bar of an agreement: certain, possible, attested; open where no end is said."""
    items: list[Item] = []
    start = span.start or span.first
    if span.attested:
        items.append(_block(axis, *span.attested, band, style, "attested"))
    if start is None:
        if span.attested:
            items += _open(axis, span.attested[1], band, style)
        return items
    if span.first and span.first < start:
        items.append(_block(axis, span.first, start, band, style, "possible"))
    end = span.last or span.end
    if end is None:
        items.append(_block(axis, start, max(start, axis.on), band, style, "certain"))
        return items + _open(axis, max(start, axis.on), band, style)
    items.append(_block(axis, start, end, band, style, "certain"))
    if span.end and span.end > end:
        items.append(_block(axis, end, span.end, band, style, "possible"))
    return items


def _block(axis: _Axis, first: date, last: date, band: Box, style: Style, look: str) -> Rect:
    left = axis.at(first)
    box = Box(left, band.top, max(0.5, axis.at(last) - left), band.height)
    return _look(box, look, style)


def _look(box: Box, look: str, style: Style) -> Rect:
    theme = style.theme
    fill = {"certain": theme.accent, "possible": theme.sheet, "attested": theme.sheet}[look]
    return Rect(
        box=box,
        fill=fill,
        stroke=theme.accent,
        width=0.8,
        hatch="lines" if look == "attested" else "",
        name=look,
    )


def _open(axis: _Axis, since: date, band: Box, style: Style) -> list[Item]:
    """Return the dots that say that no source states an end."""
    y = band.middle[1]
    scale = style.paper.scale
    line = ((axis.at(since) + 0.6, y), (axis.left + axis.width, y))
    if line[1][0] <= line[0][0]:
        return []
    return [
        Line(
            points=line,
            colour=style.theme.accent,
            width=1.1 * scale,
            dash=(0.9 * scale, 2.6 * scale),
            name="open",
        )
    ]


def _legend(timeline: Timeline, style: Style) -> list[Entry]:
    """Return the looks present, in words."""
    spans = timeline.spans
    present = {
        "certain": any(s.start or s.first for s in spans),
        "possible": any(
            (s.first and s.start and s.first < s.start) or (s.last and s.end and s.last < s.end)
            for s in spans
        ),
        "attested": any(s.attested for s in spans),
        "open": any(not (s.last or s.end) for s in spans),
    }
    return [
        Entry(style.say(f"span.{look}"), sign=_sign(look, style))
        for look, here in present.items()
        if here
    ]


def _sign(look: str, style: Style) -> Sign:
    half = style.paper.mm(2.2), style.paper.mm(1.1)

    def drawn(x: float, y: float) -> tuple[Item, ...]:
        box = Box(x - half[0], y - half[1], 2 * half[0], 2 * half[1])
        if look == "open":
            start = date(2000, 1, 1)
            axis = _Axis(start, 1.0, box.left, box.width, start)
            return tuple(_open(axis, start, box, style))
        return (_look(box, look, style),)

    return drawn
