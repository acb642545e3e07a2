"""Partial dates: what a source states, no more precise than it states it.

A partial date is kept as text, readable in any store: ``2017``, ``2017-07``, ``2017-07-12``, or
an interval ``2021..2022`` (either bound may be open: ``..2019``). It stands for every day
from its earliest to its latest.
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import lru_cache
from typing import NewType

PartialDate = NewType("PartialDate", str)

_POINT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def partial(value: str) -> PartialDate:
    """Check `value` and return it as a partial date.

    Raises
    ------
    ValueError
        Not a calendar date, or an interval whose start is after its end.
    """
    bounds(PartialDate(value))
    return PartialDate(value)


@lru_cache(maxsize=65536)
def bounds(value: PartialDate) -> tuple[date, date]:
    """Return the earliest and the latest day that `value` can stand for."""
    start_text, separator, end_text = value.partition("..")
    earliest = _edge(start_text, last=False) if start_text else date.min
    last_text = end_text if separator else start_text
    latest = _edge(last_text, last=True) if last_text else date.max
    if earliest > latest or value in {"", ".."}:
        message = f"not a partial date: {value!r}"
        raise ValueError(message)
    return earliest, latest


def earliest(value: PartialDate) -> date:
    """Return the first day that `value` can stand for."""
    return bounds(value)[0]


def latest(value: PartialDate) -> date:
    """Return the last day that `value` can stand for."""
    return bounds(value)[1]


def is_exact(value: PartialDate) -> bool:
    """Tell whether `value` names one day."""
    first, last = bounds(value)
    return first == last


def _edge(value: str, *, last: bool) -> date:
    match = _POINT.fullmatch(value)
    if match is None:
        message = f"not a partial date: {value!r}"
        raise ValueError(message)
    year, month, day = (None if part is None else int(part) for part in match.groups())
    assert year is not None  # noqa: S101 - the pattern requires the year
    if month is None:
        month = 12 if last else 1
    if not 1 <= month <= 12:  # noqa: PLR2004 - months of the year
        message = f"not a month: {value!r}"
        raise ValueError(message)
    if day is None:
        day = calendar.monthrange(year, month)[1] if last else 1
    return date(year, month, day)


def add_months(day: date, months: int) -> date:
    """Return the day `months` later (earlier if negative), at most the month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
