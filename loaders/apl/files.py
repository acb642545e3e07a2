"""Accessibility files, told apart by content: workbook, text table, Parquet, JSON of communes."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from graph.errors import InputError
from loaders import tabular
from loaders.apl.columns import DOCTORS_UNIT, Layout, layout_of, unit_of, year_in

HEADER_WITHIN = 25
"""The DREES workbooks start with about seven lines of title."""

Cell = object

_CODE = re.compile(r"[\dAB]{4,5}", re.IGNORECASE)


class Figure(NamedTuple):
    """A figure as written, with its topic, year and unit."""

    topic: str
    year: str
    value: Cell
    unit: str | None


class AplRow(NamedTuple):
    """A row: its place in the file, the code as written, its figures."""

    place: str
    code: str
    figures: tuple[Figure, ...]


class AplFile(NamedTuple):
    """What a file says; `published` are means of the whole that it states: (topic, year, value)."""

    rows: list[AplRow]
    published: list[Figure]


def read_file(path: Path, year: str | None) -> AplFile:
    """Return the rows of `path`; `year` stands for tables that do not name theirs.

    Raises
    ------
    InputError
        Not an accessibility file, or one whose year nothing tells.
    """
    tabular.check_file(path)
    with path.open("rb") as stream:
        start = stream.read(4)
    asked = year or year_in(path.name)
    if start == b"PAR1":
        return AplFile(_parquet(path, asked), [])
    if start in {b"PK\x03\x04", b"\xd0\xcf\x11\xe0"}:
        return AplFile(_workbook(path, asked), [])
    if tabular.head(path).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return _from_json(path)
    return AplFile(_text(path, asked), [])


def _workbook(path: Path, year: str | None) -> list[AplRow]:
    rows: list[AplRow] = []
    try:
        with path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as workbook:
            names = list(workbook.sheet_names)
            for name in names:
                cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                numbered = list(enumerate(cells, start=1))
                rows += _rows(numbered, path, f"feuille {name}, ", year_in(name) or year)
    except (CalamineError, OSError, ValueError) as error:
        raise InputError("apl.workbook", file=str(path), why=str(error)[:200]) from None
    if not rows:
        raise InputError("apl.no_table", file=str(path), found=", ".join(names)[:300])
    return rows


def _text(path: Path, year: str | None) -> list[AplRow]:
    lines = [line.decode() for part in tabular.read_lines(path) for line in part.lines]
    for number, line in enumerate(lines[:HEADER_WITHIN]):
        mark = tabular.find_delimiter(line)
        if layout_of(tabular.cells_of(line, mark)):
            table = (tabular.cells_of(row, mark) for row in lines[number:])
            return _rows(list(enumerate(table, start=number + 1)), path, "", year)
    first = next((line for line in lines if line.strip()), "")
    raise InputError("apl.no_table", file=str(path), found=first[:300])


def _parquet(path: Path, year: str | None) -> list[AplRow]:
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise InputError("apl.parquet", file=str(path), why=str(error)[:200]) from None
    columns = [column.to_pylist() for column in table.columns]
    cells = enumerate(zip(*columns, strict=True), start=2)
    rows = _rows([(1, table.column_names), *cells], path, "", year)
    if not rows:
        raise InputError("apl.no_table", file=str(path), found=", ".join(table.column_names)[:300])
    return rows


def _rows(
    cells: Sequence[tuple[int, Sequence[Cell]]], path: Path, where: str, year: str | None
) -> list[AplRow]:
    """Return the rows below the first line that is a header, the line of units apart."""
    for position, (_, header) in enumerate(cells[:HEADER_WITHIN]):
        layout = layout_of(["" if cell is None else str(cell) for cell in header])
        if layout:
            return list(_below(cells[position + 1 :], layout, path, where, year))
    return []


def _below(
    cells: Sequence[tuple[int, Sequence[Cell]]],
    layout: Layout,
    path: Path,
    where: str,
    year: str | None,
) -> Iterator[AplRow]:
    years = {k: column.year or year for k, column in layout.columns.items()}
    if not all(years.values()):
        raise InputError("apl.no_year", file=str(path))
    units: dict[int, str] = {}
    for number, row in cells:
        filled = {k: row[k] for k in layout.columns if k < len(row) and row[k] not in {None, ""}}
        code = code_text(row[layout.code]) if layout.code < len(row) else ""
        if not code:
            units |= {k: cell.strip() for k, cell in filled.items() if isinstance(cell, str)}
        if not filled and not _CODE.fullmatch(code):
            continue  # a footnote
        if not code:
            continue
        yield AplRow(
            f"{where}ligne {number}",
            code,
            tuple(
                Figure(
                    column.topic, years[k] or "", filled.get(k), unit_of(column.topic, units.get(k))
                )
                for k, column in layout.columns.items()
            ),
        )


def code_text(value: Cell) -> str:
    """Return a code as text; a number that a spreadsheet shortened keeps its four digits."""
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        value = int(value) if value.is_integer() else value
    return "" if value is None else str(value).strip()


def _from_json(path: Path) -> AplFile:
    """Read the JSON of communes: each code with [all doctors, those of 65 or less] a year."""
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8-sig"))
        years = [str(int(year)) for year in content["annees"]]
        rows = [
            AplRow(f"c.{code}", str(code), tuple(_by_year(years, lists)))
            for code, lists in content["c"].items()
        ]
        means = content.get("dep") or []
        published = [
            Figure("apl_generalistes", year, value, DOCTORS_UNIT)
            for year, value in zip(years, means, strict=bool(means))
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        why = f"{type(error).__name__}: {error}"[:200]
        raise InputError("apl.json", file=str(path), why=why) from None
    return AplFile(rows, published)


def _by_year(years: Sequence[str], lists: Sequence[Sequence[float]]) -> Iterator[Figure]:
    for year, (everybody, younger) in zip(years, lists, strict=True):
        yield Figure("apl_generalistes", year, everybody, DOCTORS_UNIT)
        yield Figure("apl_generalistes_65", year, younger, DOCTORS_UNIT)
