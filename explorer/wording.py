"""Dates, ages and numbers in words, in the reader's language, no more precise than the source."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import partial

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from graph.dates import PartialDate, bounds, is_exact, latest
from graph.messages import text
from graph.model import SourceRecord

_LOCALES = {"fr": "fr_FR", "en": "en_GB"}
_PATTERNS = {4: "y", 7: "MMMM y"}
_MONTHS_A_YEAR = 12
_PLACES = (
    ("sheet", re.compile(r"\bfeuille «\s*(?P<name>.+?)\s*»")),
    ("rows", re.compile(r"\blignes (?P<first>\d+)(?: à |-)(?P<last>\d+)")),
    ("row", re.compile(r"\bligne (?P<number>\d+)")),
    ("reference", re.compile(r"\(n° (?P<number>[^)]*)\)")),
)


def locale_of(language: str) -> str:
    """Return the locale whose habits readers of `language` expect."""
    return _LOCALES[language]


def day_in_words(day: date, language: str) -> str:
    """Return `day` in full: 22 novembre 2026; the first of a month is « 1er » in French."""
    words = format_date(day, "d MMMM y", locale=locale_of(language))
    return f"1er{words[1:]}" if language == "fr" and day.day == 1 else words


def moment_in_words(moment: datetime, language: str) -> str:
    """Return day and time of `moment`, in the time zone of this computer."""
    local = moment.astimezone()
    clock = format_datetime(local, "HH:mm", locale=locale_of(language))
    return text("page.date.moment", language, day=day_in_words(local.date(), language), clock=clock)


def date_in_words(value: PartialDate, language: str) -> str:
    """Return a partial date as a reader would say it: 2017, juillet 2017, entre 2021 et 2022."""
    start, separator, end = value.partition("..")
    if not separator:
        return _point(start, language)
    bound = {name: _bound(point, language) for name, point in (("start", start), ("end", end))}
    form = "until" if not start else "since" if not end else "between"
    return text(f"page.date.{form}", language, **bound)


def dated(value: PartialDate, language: str) -> str:
    """Return when something was: le 12 juillet 2017, en juillet 2017, entre 2021 et 2022."""
    if ".." in value:
        return date_in_words(value, language)
    form = "on_day" if is_exact(value) else "in_period"
    return text(f"page.date.{form}", language, day=_point(value, language))


def since(value: PartialDate, language: str) -> str:
    """Return from when something holds: depuis le 12 juillet 2017, début entre 2021 et 2022."""
    form = "from_window" if ".." in value else "from_day" if is_exact(value) else "from_period"
    return text(f"page.when.{form}", language, day=date_in_words(value, language))


def _point(value: str, language: str) -> str:
    first, _ = bounds(PartialDate(value))
    pattern = _PATTERNS.get(len(value))
    if pattern is None:
        return day_in_words(first, language)
    return format_date(first, pattern, locale=locale_of(language))


def _bound(value: str, language: str) -> str:
    """Return one end of an interval; French puts an article before a day."""
    if not value:
        return ""
    said = _point(value, language)
    return said if len(value) in _PATTERNS else text("page.date.the_day", language, day=said)


def age_in_words(value: PartialDate, on: date, language: str) -> str:
    """Return how old what `value` dates is on day `on`: moins d’un mois, 5 mois, 3 ans."""
    end = min(latest(value), on)
    months = (on.year - end.year) * _MONTHS_A_YEAR + on.month - end.month - (on.day < end.day)
    if months < 1:
        return text("page.date.age_recent", language)
    if months < 2 * _MONTHS_A_YEAR:
        return text("page.date.age_months", language, n=months)
    return text("page.date.age_years", language, n=months // _MONTHS_A_YEAR)


def number_in_words(value: float, language: str) -> str:
    """Return a number with the separators of `language`."""
    return format_decimal(value, locale=locale_of(language))


def joined(values: list[str], language: str) -> str:
    """Return a list as a reader would say it: A, B et C."""
    if len(values) < 2:  # noqa: PLR2004 - two make a list
        return "".join(values)
    return text("page.list.and", language, first=", ".join(values[:-1]), last=values[-1])


def source_in_words(record: SourceRecord | None, key: str, language: str) -> str:
    """Return publisher, title and date or vintage of a source."""
    if record is None:
        return key
    dated = record.date or record.vintage
    parts = (record.publisher, record.title, date_in_words(dated, language) if dated else None)
    return ", ".join(part for part in parts if part)


def place_in_words(locator: str, language: str) -> str:
    """Return where a row stands; a locator is kept as it is written in French files."""
    for key, pattern in _PLACES:
        said = partial(_said, f"place.{key}", language)
        locator = pattern.sub(said, locator)
    return locator


def _said(key: str, language: str, found: re.Match[str]) -> str:
    return text(key, language, **found.groupdict())
