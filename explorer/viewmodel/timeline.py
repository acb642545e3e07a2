"""Agreements in time: one bar each, from start to end, no more precise than the sources.

Positions are shares of the width, 0 to 1, of the years drawn. A part of a bar is *sure*, *doubtful*
(a partial date leaves room), *renewed* (a tacit renewal carries it on), *attested* (a document says
that it existed then) or *unknown* (no end is stated). Ready to be drawn: knows no store.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from explorer.viewmodel.model import View
from graph.dates import PartialDate, bounds, latest
from graph.model import Cooperation
from graph.status import Standing, first_term, notice_deadline

PartKind = Literal["sure", "doubtful", "renewed", "attested", "unknown"]
EndKind = Literal["term", "open", "unknown", "ended"]

_BEFORE, _AFTER = 1, 2
"""Years drawn at least before and after the day looked at."""
_MOST_YEARS = 40


class Part(View, frozen=True, kw_only=True):
    """A stretch of a bar."""

    kind: PartKind
    start: float
    end: float


class Bar(View, frozen=True, kw_only=True):
    """An agreement: its stretches, how it ends, and its notice period (share to share)."""

    parts: tuple[Part, ...]
    end: EndKind
    notice: tuple[float, float] | None = None


class Timeline(View, frozen=True, kw_only=True):
    """Bars in the order given, first and last year drawn, where the day looked at is."""

    first: int
    last: int
    today: float
    bars: tuple[Bar, ...]

    def year_at(self, year: int) -> float:
        """Return where the first day of `year` is drawn."""
        return (year - self.first) / (self.last + 1 - self.first)


def timeline(items: Sequence[tuple[Cooperation, Standing | None]], on: date) -> Timeline:
    """Return the bars of `items` (agreement as amended, its standing) around the day `on`."""
    days = [day for item, now in items for day in _edges(item, now)]
    first = min([day.year for day in days] + [on.year - _BEFORE])
    last = max([day.year for day in days] + [on.year + _AFTER])
    first, last = max(first, on.year - _MOST_YEARS), min(last, on.year + _MOST_YEARS)
    scale = _Scale(first, last)
    return Timeline(
        first=first,
        last=last,
        today=scale.at(on),
        bars=tuple(_bar(item, now, on, scale) for item, now in items),
    )


class _Scale:
    def __init__(self, first: int, last: int) -> None:
        self.first, self.years = first, last + 1 - first

    def at(self, day: date) -> float:
        """Return where `day` is drawn; what lies outside stands at the edge."""
        within = (day.timetuple().tm_yday - 1) / 366
        return min(max((day.year - self.first + within) / self.years, 0.0), 1.0)


def _edges(item: Cooperation, now: Standing | None) -> list[date]:
    stated = (item.effective or item.signed, item.end, item.attested, item.terminated)
    found = [day for value in stated if value for day in bounds(value)]
    found += [now.term] if now and now.term else []
    return [day for day in found if date.min < day < date.max]


def _bar(item: Cooperation, now: Standing | None, on: date, scale: _Scale) -> Bar:
    end = _end(item, now)
    parts = _started(item, now, end, scale) if (item.effective or item.signed) else ()
    if not parts and item.attested:
        parts = _attested(item.attested, item, scale)
    return Bar(parts=tuple(parts), end=end, notice=_notice(item, now, on, scale) if parts else None)


def _end(item: Cooperation, now: Standing | None) -> EndKind:
    if _ended(item):
        return "ended"
    if (now is not None and now.term is not None) or item.end:
        return "term"
    return "open" if item.indefinite else "unknown"


def _ended(item: Cooperation) -> PartialDate | None:
    return item.terminated or item.abandoned


def _started(item: Cooperation, now: Standing | None, end: EndKind, scale: _Scale) -> list[Part]:
    begun = item.effective or item.signed
    assert begun is not None  # noqa: S101 - asked only where it is stated
    early, late = (scale.at(day) for day in bounds(begun))
    parts = [Part(kind="doubtful", start=early, end=late)] if late - early > 1 / 366 / 50 else []
    ended = _ended(item)
    if ended is not None:
        return [*parts, *_until(late, ended, scale)]
    if end in {"open", "unknown"}:
        kind: PartKind = "sure" if end == "open" else "unknown"
        return [*parts, Part(kind=kind, start=late, end=1.0)]
    if item.end:
        parts += _until(late, item.end, scale)
    else:
        first = first_term(item)
        parts.append(Part(kind="sure", start=late, end=scale.at(first) if first else 1.0))
    if now is not None and now.term is not None and scale.at(now.term) > parts[-1].end:
        parts.append(Part(kind="renewed", start=parts[-1].end, end=scale.at(now.term)))
    return parts


def _until(start: float, end: PartialDate, scale: _Scale) -> list[Part]:
    early, late = (scale.at(day) for day in bounds(end))
    early, late = max(start, early), max(start, late)
    sure = [Part(kind="sure", start=start, end=early)]
    return [*sure, Part(kind="doubtful", start=early, end=late)] if late > early else sure


def _attested(window: PartialDate, item: Cooperation, scale: _Scale) -> list[Part]:
    early, late = (scale.at(day) for day in bounds(window))
    end = scale.at(latest(item.end)) if item.end else 1.0
    return [
        Part(kind="attested", start=early, end=late),
        Part(kind="unknown", start=late, end=max(late, end)),
    ]


def _notice(
    item: Cooperation, now: Standing | None, on: date, scale: _Scale
) -> tuple[float, float] | None:
    deadline = notice_deadline(item, on)
    if deadline is None or now is None or now.term is None or not now.counted:
        return None
    return scale.at(deadline), scale.at(now.term)
