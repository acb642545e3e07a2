"""Dates and lengths of time as French registers write them.

Every function is pure: a text in, a :data:`graph.dates.PartialDate` or a number of months out, no
more precise than the text. What cannot be read with certainty raises :class:`DateError`, whose
code says why; nothing is guessed (``08-oct`` has lost its year to Excel and is refused).

dateparser was tried and left out: it completes what a text does not say with today's day and
month, and reads ``08-oct`` as a date of the current year.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

from graph.dates import PartialDate, earliest, latest, partial

DateOrder = Literal["dmy", "mdy", "ymd"]

EXCEL_EPOCH = date(1899, 12, 30)
SERIALS = range(20_000, 80_000)
"""Excel day numbers that can be dates of a register: 1954 to 2119."""

YEARS = range(1900, 2101)
CENTURY_PIVOT = 70
"""Two-digit years: 00-69 are of this century, 70-99 of the last."""

MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev feb february",
            "mars mar march",
            "avril avr apr april",
            "mai may",
            "juin jun june",
            "juillet juil jul july",
            "aout aou aug august",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        start=1,
    )
    for name in names.split()
}

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = r"(?P<day>\d{1,2})(?:er|e|eme)?"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_LEAD = re.compile(
    r"^(?:(?:depuis|des|a compter|a partir|a effet|date d effet|effet|signee?|conclue?|le|la|l|du"
    r"|au|de|d|en|courant|annee|dans|pour|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b\s*)+"
)
_BEFORE = re.compile(r"^(?:avant|anterieure? a|before)\b\s*")
_UNTIL = re.compile(r"^(?:jusqu (?:en|au|a)|au plus tard|until)\b\s*")
_AFTER = re.compile(r"^(?:apres|posterieure? a|after)\b\s*")
_ABOUT = re.compile(r"^(?:vers|environ|circa|ca)\b\s*")
_NO_YEAR = re.compile(rf"\d{{1,2}} (?:{_MONTH})")
_SPOILT = re.compile(r"#+|\d+(?:[.,]\d+)?e\+?\d+")
_INTERVAL = re.compile(r"([\d-]*)\.\.([\d-]*)")
_YMD = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_DMY = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4}|\d{2})")
_YM = re.compile(r"(\d{4})[-/.](0?[1-9]|1[0-2])")
_MY = re.compile(r"(0?[1-9]|1[0-2])\s*[-/.]\s*(\d{4})")
_NUMBER = re.compile(r"\d{4,5}(?:\.\d+)?")
_CLOCK = re.compile(r"(?<=\d)[ t]\d{1,2}[:h]\d{2}(?::\d{2})?(?:\.\d+)?$")


class DateError(ValueError):
    """A text that is not a date; `code` is a rejection code of the catalogue."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_date(value: str, order: DateOrder = "dmy") -> PartialDate:
    """Read a date, a month, a season, a year or a window of time.

    Parameters
    ----------
    value : str
        ``2024-01-31``, ``31/01/2024``, ``1er janvier 2024``, ``été 2022``, ``fin 2025``,
        ``T3 2024``, ``2021-2022``, an Excel day number…
    order : {'dmy', 'mdy', 'ymd'}
        Order of day and month in numbers such as ``03/04/2024``.

    Raises
    ------
    DateError
        ``date_damaged`` (a spreadsheet spoilt it), ``date_no_such_day`` or ``date_unreadable``.

    Examples
    --------
    >>> parse_date("été 2022")
    '2022-06..2022-09'
    """
    raw = value.strip().casefold()
    if _SPOILT.fullmatch(raw):
        raise DateError("date_damaged")
    if found := _INTERVAL.fullmatch(raw):
        return _between(found[1], found[2])
    words = _plain(_CLOCK.sub("", raw))
    if _NO_YEAR.fullmatch(words):
        raise DateError("date_damaged")
    for reader in (_words, _bounded, _window):
        read = reader(words, order)
        if read is not None:
            return read
    raise DateError("date_unreadable")


def _plain(text: str) -> str:
    """Return `text` in lower case without accents; ``/``, ``.`` and ``-`` stay between digits."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    kept = re.sub(r"[^a-z0-9/.#+-]+", " ", re.sub(r"[–—−]", "-", kept))
    kept = re.sub(r"\.(?!\d)|(?<!\d)\.|\bmi-", lambda found: found[0].strip(".-") + " ", kept)
    kept = re.sub(r"(?<=[a-z])[ ]?[-/](?=\d)|(?<=\d)[-/](?=[a-z])", " ", kept)
    return re.sub(r"\s+", " ", kept).strip()


def _numbers(text: str, order: DateOrder) -> PartialDate | None:
    """Read a date written in numbers only."""
    if found := _YMD.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _DMY.fullmatch(text):
        return _numeric_day((int(found[1]), int(found[2]), int(found[3])), len(found[3]), order)
    if found := _YM.fullmatch(text):
        return _month(int(found[1]), int(found[2]))
    if found := _MY.fullmatch(text):
        return _month(int(found[2]), int(found[1]))
    return _plain_number(int(float(text))) if _NUMBER.fullmatch(text) else None


def _plain_number(number: int) -> PartialDate | None:
    if number in YEARS:
        return partial(str(number))
    if number in SERIALS:
        return partial((EXCEL_EPOCH + timedelta(days=number)).isoformat())
    return None


def _numeric_day(parts: tuple[int, int, int], width: int, order: DateOrder) -> PartialDate:
    first, second, last = parts
    if order == "ymd" and width == 2:  # noqa: PLR2004 - a two-digit year
        return _day(_full_year(first, 2), second, last)
    day, month = (second, first) if order == "mdy" else (first, second)
    return _day(_full_year(last, width), month, day)


def _full_year(year: int, width: int) -> int:
    if width > 2:  # noqa: PLR2004 - a two-digit year
        return year
    return year + (2000 if year < CENTURY_PIVOT else 1900)


def _day(year: int, month: int, day: int) -> PartialDate:
    _check_year(year)
    try:
        return partial(date(year, month, day).isoformat())
    except ValueError:
        raise DateError("date_no_such_day") from None


def _month(year: int, month: int) -> PartialDate:
    _check_year(year)
    return partial(f"{year:04}-{month:02}")


def _check_year(year: int) -> None:
    if year not in YEARS:
        raise DateError("date_year")


def _between(start: str, end: str) -> PartialDate:
    """Return the window from `start` to `end`; its bounds may be partial or empty."""
    try:
        return partial(f"{start}..{end}")
    except ValueError:
        raise DateError("date_reversed") from None


def _bounded(words: str, order: DateOrder) -> PartialDate | None:
    """Read what is only known on one side: ``avant 2019``, ``au plus tard le 31/12/2024``."""
    if found := _BEFORE.match(words):
        limit = earliest(_inner(words[found.end() :], order)) - timedelta(days=1)
        whole_year = (limit.month, limit.day) == (12, 31)
        return _between("", str(limit.year) if whole_year else limit.isoformat())
    if found := _UNTIL.match(words):
        return _between("", _inner(words[found.end() :], order).rpartition("..")[2])
    if found := _AFTER.match(words):
        limit = latest(_inner(words[found.end() :], order)) + timedelta(days=1)
        first_day = (limit.month, limit.day) == (1, 1)
        return _between(str(limit.year) if first_day else limit.isoformat(), "")
    if found := _ABOUT.match(words):
        about = _inner(words[found.end() :], order)
        year = earliest(about).year
        return _between(str(year - 1), str(latest(about).year + 1))
    return None


def _inner(words: str, order: DateOrder) -> PartialDate:
    inner = _LEAD.sub("", words)
    found = _words(inner, order)
    if found is None:
        raise DateError("date_unreadable")
    return found


_SPLITS = (r" (?:a|au|et|to|jusqu (?:au|en|a)) ", r" - ", r"-", r" / ", r"/")
_YEARS_ONLY = re.compile(r"(\d{4})\s*[-/]\s*(\d{4}|\d{2})")


def _window(words: str, order: DateOrder) -> PartialDate | None:
    """Read two dates as a window: ``2021-2022``, ``de mars 2021 à juin 2022``."""
    words = re.sub(r"^(?:annees?|exercices?|periode|de la periode)\s+", "", words)
    if found := _YEARS_ONLY.fullmatch(words):
        end = int(found[2]) + (int(found[1]) // 100 * 100 if len(found[2]) < 4 else 0)  # noqa: PLR2004
        _check_year(end)
        _check_year(int(found[1]))
        return _between(found[1], f"{end:04}")
    words = re.sub(r"^(?:entre|from|between)\s+", "", words)
    for pattern in _SPLITS:
        for found in re.finditer(pattern, words):
            pair = _both(words[: found.start()], words[found.end() :], order)
            if pair is not None:
                return _between(pair[0].partition("..")[0], pair[1].rpartition("..")[2])
    return None


def _both(start: str, end: str, order: DateOrder) -> tuple[PartialDate, PartialDate] | None:
    try:
        last = _inner(end, order)
        if not re.search(
            r"\d{4}$|[/.-]\d{2}$", start
        ):  # "de mars à juin 2022": the year is said once
            start = f"{start} {latest(last).year}"
        return _inner(start, order), last
    except DateError:
        return None


def _words(words: str, order: DateOrder) -> PartialDate | None:
    """Read one date, in numbers or in words."""
    text = _LEAD.sub("", words)
    if (numeric := _numbers(text, order)) is not None:
        return numeric
    for pattern, read in _PHRASES:
        if found := pattern.fullmatch(text):
            return read(found.groupdict())
    return None


def _year_of(groups: dict[str, str]) -> int:
    year = _full_year(int(groups["year"]), len(groups["year"]))
    _check_year(year)
    return year


def _named_day(groups: dict[str, str]) -> PartialDate:
    return _day(_year_of(groups), MONTHS[groups["month"]], int(groups["day"]))


def _named_month(groups: dict[str, str]) -> PartialDate:
    return _month(_year_of(groups), MONTHS[groups["month"]])


def _part_of_month(groups: dict[str, str]) -> PartialDate:
    month = _named_month(groups)
    last = latest(month).day
    first, final = {"d": (1, 10), "m": (11, 20), "f": (21, last)}[groups["part"][0]]
    return _between(f"{month}-{first:02}", f"{month}-{final:02}")


def _part_of_year(groups: dict[str, str]) -> PartialDate:
    first, final = {"d": (1, 4), "m": (5, 8), "f": (9, 12)}[groups["part"][0]]
    return _months(_year_of(groups), first, final)


def _quarter(groups: dict[str, str]) -> PartialDate:
    number = _ordinal(groups["number"])
    return _months(_year_of(groups), 3 * number - 2, 3 * number)


def _half(groups: dict[str, str]) -> PartialDate:
    number = _ordinal(groups["number"])
    return _months(_year_of(groups), 6 * number - 5, 6 * number)


def _ordinal(text: str) -> int:
    return {"premier": 1, "deuxieme": 2, "second": 2, "troisieme": 3, "quatrieme": 4}.get(
        text, int(text[0]) if text[0].isdigit() else 0
    )


def _months(year: int, first: int, final: int) -> PartialDate:
    return _between(f"{year:04}-{first:02}", f"{year:04}-{final:02}")


_SEASONS = {"printemps": (3, 6), "ete": (6, 9), "automne": (9, 12)}


def _season(groups: dict[str, str]) -> PartialDate:
    return _months(_year_of(groups), *_SEASONS[groups["season"]])


def _winter(groups: dict[str, str]) -> PartialDate:
    """Read a winter: with one year said, it may be the one that begins or the one that ends."""
    year = _year_of(groups)
    if groups["next"]:
        following = _full_year(int(groups["next"]), len(groups["next"]))
        return _between(f"{year:04}-12", f"{following:04}-03")
    return _between(f"{year:04}-01", f"{year + 1:04}-03")


_PHRASES: tuple[tuple[re.Pattern[str], Callable[[dict[str, str]], PartialDate]], ...] = (
    (re.compile(rf"{_DAY} ?(?P<month>{_MONTH}) ?{_YEAR}"), _named_day),
    (re.compile(rf"(?P<month>{_MONTH}) ?{_YEAR}"), _named_month),
    (re.compile(rf"(?P<part>debut|mi|milieu|fin) (?P<month>{_MONTH}) {_YEAR}"), _part_of_month),
    (
        re.compile(r"(?P<part>debut|mi|milieu|fin)[ -](?:de |d )?(?:l annee )?(?P<year>\d{4})"),
        _part_of_year,
    ),
    (re.compile(r"(?:t|q) ?(?P<number>[1-4])[ -/]?(?P<year>\d{4})"), _quarter),
    (
        re.compile(
            r"(?P<number>[1-4](?:er|e|eme)?|premier|deuxieme|second|troisieme|quatrieme) ?"
            r"(?:trimestre|trim) (?:de )?(?P<year>\d{4})"
        ),
        _quarter,
    ),
    (re.compile(r"s ?(?P<number>[12])[ -/]?(?P<year>\d{4})"), _half),
    (
        re.compile(
            r"(?P<number>[12](?:er|e|eme|nd)?|premier|deuxieme|second) ?"
            r"semestre (?:de )?(?P<year>\d{4})"
        ),
        _half,
    ),
    (re.compile(r"(?P<season>printemps|ete|automne) (?:de )?(?P<year>\d{4})"), _season),
    (re.compile(r"hiver (?:de )?(?P<year>\d{4})(?:[-/ ](?P<next>\d{4}|\d{2}))?"), _winter),
)
