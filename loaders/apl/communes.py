"""From rows to communes of today: numbers checked, old codes merged, sums refused."""

from __future__ import annotations

import csv
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from loaders.apl.columns import STANDARDISED, is_measure, profession_of
from loaders.apl.files import AplRow, Cell
from loaders.base import Reporter
from loaders.communes import FOLDER, CommuneIndex

SUM_RATIO = 1.8
"""A merged commune all of whose figures are this many times the mean of its département bears the
sum of its parts, not their mean."""

_UPPER = re.compile(r"[DR]\d[\dAB]\d?", re.IGNORECASE)
_CODE_LENGTH = 5
_MISSING = frozenset({"", "nan", "na", "nd", "s", "c", "-", "."})

Key = tuple[str, str]
"""Topic and year."""


class Stated(NamedTuple):
    """What `rows` rows state of a commune: where, numbers by topic and year, units by topic."""

    place: str
    code: str
    numbers: dict[Key, float]
    units: dict[str, str | None]
    rows: int = 1


class NotANumberError(ValueError):
    """A cell that is filled, and no number of this kind."""


def number_of(cell: Cell) -> float | None:
    """Return the number that a cell states, None if it says nothing.

    Raises
    ------
    NotANumberError
        A word, a negative number, an infinite one.
    """
    if isinstance(cell, bool):
        raise NotANumberError(cell)
    if isinstance(cell, int | float):
        number = float(cell)
    else:
        text = re.sub(r"[ \u00a0\u202f]", "", "" if cell is None else str(cell))
        if text.lower() in _MISSING:
            return None
        try:
            number = float(text.replace(",", "."))
        except ValueError:
            raise NotANumberError(cell) from None
    if math.isnan(number):
        return None
    if not 0 <= number < math.inf:
        raise NotANumberError(cell)
    return number


def communes_of(rows: Iterable[AplRow], reporter: Reporter) -> dict[str, Stated]:
    """Return what is stated of each commune of today; every row is counted and told.

    Parameters
    ----------
    rows : iterable of AplRow
        Of one file or of several that make one source.
    reporter : Reporter
        Told of what could not be taken.
    """
    found: dict[str, list[Stated]] = defaultdict(list)
    for row in rows:
        reporter.read()
        stated = _stated(row, reporter)
        if stated:
            (current,) = CommuneIndex.bundled().current(stated.code)
            found[current].append(stated)
    merged = {code: _merged(code, items, reporter) for code, items in sorted(found.items())}
    return _without_sums({code: item for code, item in merged.items() if item}, reporter)


def _stated(row: AplRow, reporter: Reporter) -> Stated | None:
    if _UPPER.fullmatch(row.code):
        reporter.skip()
        reporter.warn(row.place, "apl.unweighted", value=row.code)
        return None
    code = _code(row, reporter)
    if code is None:
        return None
    numbers: dict[Key, float] = {}
    for figure in row.figures:
        try:
            number = number_of(figure.value)
        except NotANumberError:
            reporter.warn(row.place, "apl.number", field=figure.topic, value=figure.value)
            continue
        if number is not None:
            numbers[figure.topic, figure.year] = number
    measures = [number for (topic, _), number in numbers.items() if is_measure(topic)]
    people = [number for (topic, _), number in numbers.items() if not is_measure(topic)]
    if not any(measures) and not any(people):
        reporter.reject(row.place, "apl.no_value", field="code", value=row.code)
        return None
    return Stated(row.place, code, numbers, {item.topic: item.unit for item in row.figures})


def _code(row: AplRow, reporter: Reporter) -> str | None:
    """Return the code of one commune, old or current; say why there is none."""
    code = row.code.upper()
    if code.isdigit() and len(code) == _CODE_LENGTH - 1:
        code = code.zfill(_CODE_LENGTH)
        reporter.warn(row.place, "apl.lost_zero", field="code", value=row.code)
    current = CommuneIndex.bundled().current(code)
    if len(current) == 1:
        return code
    reason = "apl.city" if current else "apl.code"
    reporter.reject(row.place, reason, field="code", value=row.code)
    return None


def _merged(code: str, items: list[Stated], reporter: Reporter) -> Stated | None:
    """Return one statement for a commune of today: the mean of its parts, weighted."""
    rows = _once(items, reporter)
    if len(rows) == 1 and rows[0].code == code:
        reporter.keep(rows[0].rows)
        return rows[0]
    numbers = _joined(rows)
    if numbers is None or all(row.code != code for row in rows):
        for row in rows:
            _reject(row, "apl.part", reporter, current=code)
        return None
    for row in rows:
        reporter.keep(row.rows)
        if row.code != code:
            reporter.warn(row.place, "apl.merged", field="code", value=row.code, current=code)
    place = ", ".join(row.place for row in rows)
    codes = ", ".join(row.code for row in rows)
    return Stated(place, codes, numbers, rows[0].units, sum(row.rows for row in rows))


def _joined(rows: list[Stated]) -> dict[Key, float] | None:
    """Return the figures of several parts as one: means weighted, people added up."""
    numbers: dict[Key, float] = {}
    for key in sorted({key for row in rows for key in row.numbers}):
        if not is_measure(key[0]):
            if all(key in row.numbers for row in rows):
                numbers[key] = sum(row.numbers[key] for row in rows)
        elif (mean := weighted(rows, key)) is None:
            return None
        else:
            numbers[key] = mean
    return numbers


def _once(items: list[Stated], reporter: Reporter) -> list[Stated]:
    """Put together the rows on one code that speak of different years; refuse those that repeat."""
    rows: dict[str, Stated] = {}
    for item in items:
        known = rows.get(item.code)
        if known is None:
            rows[item.code] = item
        elif any(is_measure(topic) for topic, _ in known.numbers.keys() & item.numbers.keys()):
            _reject(item, "apl.twice", reporter)
        else:
            rows[item.code] = Stated(
                f"{known.place}, {item.place}",
                item.code,
                {**item.numbers, **known.numbers},  # one census can stand in several sheets
                {**item.units, **known.units},
                known.rows + item.rows,
            )
    return list(rows.values())


def _reject(item: Stated, code: str, reporter: Reporter, **params: str) -> None:
    for _ in range(item.rows):
        reporter.reject(item.place, code, field="code", value=item.code, **params)


def weighted(rows: Iterable[Stated], key: Key) -> float | None:
    """Return the mean of a figure, weighted by standardised population; None if any lacks it."""
    pairs = [(row.numbers.get(key), _weight(row, key)) for row in rows]
    if not pairs or any(value is None or not weight for value, weight in pairs):
        return None
    total = sum(weight for _, weight in pairs if weight)
    return sum(value * weight for value, weight in pairs if value is not None and weight) / total


def _weight(row: Stated, key: Key) -> float | None:
    topic, year = key
    own = f"{STANDARDISED}_{profession_of(topic)}"
    return row.numbers.get((own, year), row.numbers.get((STANDARDISED, year)))


def _without_sums(found: dict[str, Stated], reporter: Reporter) -> dict[str, Stated]:
    """Refuse merged communes whose figures are the sum of those of their parts."""
    suspects = {code for code in found.keys() & _absorbing() if _is_sum(code, found)}
    for code in sorted(suspects):
        reporter.report.kept -= found[code].rows
        _reject(found[code], "apl.sum", reporter)
    return {code: item for code, item in found.items() if code not in suspects}


def _is_sum(code: str, found: Mapping[str, Stated]) -> bool:
    """Tell whether every measure of a commune stands far above its département."""
    around = [item for other, item in found.items() if other[:2] == code[:2] and other != code]
    ratios = []
    for key, value in found[code].numbers.items():
        near = [item.numbers[key] for item in around if key in item.numbers]
        if is_measure(key[0]) and any(near):
            ratios.append(value * len(near) / sum(near))
    return bool(ratios) and min(ratios) > SUM_RATIO


@cache
def _absorbing() -> frozenset[str]:
    """Return the communes that another one merged into, renumbered ones apart."""
    with (FOLDER / "old_codes.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return frozenset(
        row["current_code"]
        for row in rows
        if row["kind"] == "merged" and row["old_code"][2:] != row["current_code"][2:]
    )
