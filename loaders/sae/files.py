"""SAE files: the header found by its words, each row with its table, its year and its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from graph.errors import InputError
from loaders import tabular
from loaders.base import LoadContext, Reporter
from loaders.sae.groups import GROUP_TABLE
from loaders.sae.tables import IDENTIFIERS, TABLES, SaeTable

HEADER_WITHIN = 25
"""Lines of title that may stand above the header."""

_YEAR = re.compile(r"(?:19|20)\d\d")
_BY_NAME = {table.name: table for table in TABLES}


class SaeRow(NamedTuple):
    """A row: its place in the file, table, year ("" if not stated), cells by column in capitals."""

    place: str
    table: str
    year: str
    cells: Mapping[str, str]


class _Header(NamedTuple):
    line: int
    names: list[str]
    delimiter: str


def read_rows(path: Path, context: LoadContext, reporter: Reporter) -> list[SaeRow]:
    """Return the rows of the tables that `path` holds.

    Raises
    ------
    InputError
        Not a SAE table, one that is not read, or columns that miss.
    """
    lines = _lines(path, context, reporter)
    header = _header(lines, path)
    rows = _cells(lines, header, path, reporter)
    if set(GROUP_TABLE.columns) <= set(header.names):
        year = str(context.options.get("vintage") or _year_in(path.name))
        return [SaeRow(place, GROUP_TABLE.name, year, cells) for place, cells in rows]
    tabular.require_columns(header.names, IDENTIFIERS, path)
    _check_tables({cells["BOR"].upper() for _, cells in rows}, header, path, reporter)
    return _sound(rows, reporter)


def _lines(path: Path, context: LoadContext, reporter: Reporter) -> list[str]:
    lines: list[str] = []
    for part in tabular.read_lines(path, progress=context.progress):
        lines += [line.decode() for line in part.lines]
        for number in part.mixed:
            reporter.warn(f"{path.name}, ligne {number}", "sae.mixed_encoding")
    return lines


def _header(lines: Sequence[str], path: Path) -> _Header:
    """Return the line of column names: the first that names a SAE table's own columns."""
    for number, line in enumerate(lines[:HEADER_WITHIN]):
        delimiter = tabular.find_delimiter(line)
        names = [name.upper() for name in tabular.cells_of(line, delimiter)]
        if {"FI", "AN"} <= set(names) or "BOR" in names or "CODE_GHT" in names:
            return _Header(number, names, delimiter)
    filled = next((line for line in lines if line.strip()), "")
    found = [name.strip().upper() for name in filled.split(tabular.find_delimiter(filled))]
    tabular.require_columns(found, IDENTIFIERS, path)
    raise AssertionError  # the columns miss, or the line would have been the header


def _cells(
    lines: Sequence[str], header: _Header, path: Path, reporter: Reporter
) -> list[tuple[str, dict[str, str]]]:
    rows = []
    for number, line in enumerate(lines[header.line + 1 :], start=header.line + 2):
        cells = tabular.cells_of(line, header.delimiter)
        if not any(cells):
            continue
        place = f"{path.name}, ligne {number}"
        reporter.read()
        if len(cells) != len(header.names):
            reporter.reject(place, "sae.cells", found=len(cells), expected=len(header.names))
            continue
        rows.append((place, dict(zip(header.names, cells, strict=True))))
    return rows


def _check_tables(names: set[str], header: _Header, path: Path, reporter: Reporter) -> None:
    known = [_BY_NAME[name] for name in sorted(names) if name in _BY_NAME]
    if names and not known:
        raise InputError(
            "sae.other_table",
            file=str(path),
            value=", ".join(sorted(names))[:100],
            allowed=", ".join([*_BY_NAME, GROUP_TABLE.name]),
        )
    for table in known:
        tabular.require_columns(header.names, table.columns(), path)
        absent = [name for name in table.other_columns() if name not in header.names]
        if absent:
            where = f"{path.name}, table {table.name}"
            reporter.warn(where, "sae.columns", value=", ".join(absent))


def _sound(rows: Sequence[tuple[str, dict[str, str]]], reporter: Reporter) -> list[SaeRow]:
    found = []
    for place, cells in rows:
        name, year = cells["BOR"].upper(), cells["AN"]
        if name not in _BY_NAME:
            reporter.reject(
                place, "sae.table", field="BOR", value=name, allowed=", ".join(_BY_NAME)
            )
        elif not _YEAR.fullmatch(year):
            reporter.reject(place, "sae.year", field="AN", value=year)
        else:
            found.append(SaeRow(place, name, year, cells))
    return found


def _year_in(name: str) -> str:
    years = set(_YEAR.findall(name))
    return years.pop() if len(years) == 1 else ""


def table_of(name: str) -> SaeTable:
    """Return the table named `name`."""
    return _BY_NAME[name]
