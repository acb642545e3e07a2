"""Files of population by age: a table with age columns, or JSON by sex and five-year band."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from graph.dates import PartialDate, partial
from graph.errors import InputError
from loaders.base import Reporter
from loaders.tabular import check_file
from loaders.territories.ages import OLDEST, THRESHOLDS, Band, band_of, cover, year_of
from loaders.territories.recognise import CODE_COLUMNS, pick_column
from loaders.territories.tables import read_table

CODES = (*CODE_COLUMNS, "geo", "code_iris")
UNKNOWN = frozenset({"", "s", "c", "nd", "na", "n/a", "-", ".", "..."})
"""Cells that say nothing: empty, statistical secrecy, not available."""
EVERYBODY = Band(0, OLDEST, "")
_YEAR = re.compile(r"(?:19|20)\d\d")


class AgeRow(NamedTuple):
    """One row of the file: where, which territory, how many people in each band."""

    row: str
    code: str
    values: dict[Band, float | None]


class AgeFile(NamedTuple):
    """What a file says, before codes are looked at."""

    rows: list[AgeRow]
    vintage: PartialDate | None


def read_ages(path: Path, reporter: Reporter) -> AgeFile:
    """Return the rows of `path`: a table, or the JSON of communes by sex and five-year band."""
    check_file(path)
    if path.suffix.lower() == ".json":
        return _from_json(path)
    table = read_table(path, _is_header)
    code = pick_column(table.header, CODES)
    bands = {k: band for k, name in enumerate(table.header) if (band := band_of(name)) is not None}
    if not any(cover(tuple(bands.values()), age) for age in THRESHOLDS):
        raise InputError("territories.no_ages", file=str(path), found=", ".join(table.header)[:300])
    _warn_missing(path, tuple(bands.values()), reporter)
    place = table.header.index(code or "")
    rows = [
        AgeRow(f"ligne {number}", cells[place], _numbers(cells, bands, number, reporter))
        for number, cells in table.rows
        if any(cells)
    ]
    year = year_of(table.header) or _year_in(path.name)
    return AgeFile(rows, partial(str(year)) if year else None)


def _warn_missing(path: Path, bands: Sequence[Band], reporter: Reporter) -> None:
    """Say which figures the columns do not give: they stay as they were, or empty."""
    ages = [str(age) for age in THRESHOLDS if cover(bands, age) is None]
    if ages:
        reporter.warn(path.name, "territories.ages_missing", value=", ".join(ages))
    if EVERYBODY not in bands:
        reporter.warn(path.name, "territories.no_total")


def _is_header(cells: Sequence[str]) -> bool:
    return pick_column(list(cells), CODES) is not None and any(band_of(cell) for cell in cells)


def _year_in(name: str) -> int | None:
    years = set(_YEAR.findall(name))
    return int(years.pop()) if len(years) == 1 else None


def _numbers(
    cells: Sequence[str], bands: Mapping[int, Band], number: int, reporter: Reporter
) -> dict[Band, float | None]:
    values: dict[Band, float | None] = {}
    for position, band in bands.items():
        if band in values:
            continue
        cell = cells[position]
        count = _number(cell)
        if count is None and cell.casefold() not in UNKNOWN:
            reporter.warn(f"ligne {number}", "territories.number", value=cell)
        values[band] = count
    return values


def _number(cell: str) -> float | None:
    text = re.sub(r"\s", "", cell).replace(",", ".")
    try:
        count = float(text)
    except ValueError:
        return None
    return count if 0 <= count < float("inf") else None


def _from_json(path: Path) -> AgeFile:
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8-sig"))
        lows = [int(low) for low in content["tranches"]]
        communes = {str(code): lists for code, lists in content["c"].items()}
        vintage = partial(str(content["millesime"])) if content.get("millesime") else None
        bands = _bands(lows)
        rows = [
            AgeRow(f"c.{code}", code, _by_sex(bands, lists)) for code, lists in communes.items()
        ]
    except (ValueError, KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
        why = f"{type(error).__name__}: {error}"[:200]
        raise InputError("territories.ages_json", file=str(path), why=why) from None
    return AgeFile(rows, vintage)


def _bands(lows: Sequence[int]) -> list[tuple[int, int]]:
    highs = [low - 1 for low in lows[1:]] + [OLDEST]
    return list(zip(lows, highs, strict=True))


def _by_sex(
    bands: Sequence[tuple[int, int]], lists: Sequence[Sequence[float]]
) -> dict[Band, float | None]:
    """Return the counts of women (first list) and men."""
    women, men = lists
    return {
        Band(low, high, sex): float(count)
        for sex, counts in (("f", women), ("h", men))
        for (low, high), count in zip(bands, counts, strict=True)
    }
