"""SAE files: the header found by its words, rows as columns, with their table, year and place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from graph.errors import InputError
from loaders import tabular
from loaders.base import LoadContext, Reporter
from loaders.columns import Table, mapped, texts
from loaders.sae.groups import GROUP_TABLE
from loaders.sae.tables import IDENTIFIERS, READ, TABLES
from loaders.text_columns import LINE, Header, cells_below

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


class SaeRows(NamedTuple):
    """Rows of one table in a file: its name, the year ("" if not stated), cells in columns.

    Columns have names in capitals; only those that some table is read by are there.
    """

    file: str
    table: str
    year: str
    cells: Table

    def place(self, row: int) -> str:
        """Return how a report names a row."""
        return f"{self.file}, ligne {self.cells.column(LINE)[row].as_py()}"

    def by_row(self) -> Iterator[SaeRow]:
        """Yield the rows one by one."""
        for number, cells in enumerate(self.cells.drop_columns([LINE]).to_pylist()):
            yield SaeRow(self.place(number), self.table, self.year, cells)


def read_rows(path: Path, context: LoadContext, reporter: Reporter) -> list[SaeRows]:
    """Return the rows of each table that `path` holds.

    Raises
    ------
    InputError
        Not a SAE table, one that is not read, or columns that miss.
    """
    parts = _parts(path, context, reporter)
    header = _header(parts, path)
    if set(GROUP_TABLE.columns) <= set(header.names):
        cells = _cells(parts, header, GROUP_TABLE.read, path, reporter)
        year = str(context.options.get("vintage") or _year_in(path.name))
        return [SaeRows(path.name, GROUP_TABLE.name, year, cells)]
    cells = _cells(parts, header, READ, path, reporter)
    tabular.require_columns(header.names, IDENTIFIERS, path)
    tables: list[str] = mapped(cells.column("BOR"), str.upper)
    _check_tables(set(tables), header, path, reporter)
    return list(_sound(path.name, tables, cells, reporter))


def _parts(path: Path, context: LoadContext, reporter: Reporter) -> list[tabular.TextLines]:
    parts = list(tabular.read_lines(path, progress=context.progress))
    for part in parts:
        for number in part.mixed:
            reporter.warn(f"{path.name}, ligne {number}", "sae.mixed_encoding")
    return parts


def _header(parts: Sequence[tabular.TextLines], path: Path) -> Header:
    """Return the line of column names: the first that names a SAE table's own columns."""
    lines = [line.decode() for line in parts[0].data.split(b"\n", HEADER_WITHIN)[:HEADER_WITHIN]]
    for number, line in enumerate(lines, start=1):
        delimiter = tabular.find_delimiter(line)
        names = [name.upper() for name in tabular.cells_of(line, delimiter)]
        if {"FI", "AN"} <= set(names) or "BOR" in names or "CODE_GHT" in names:
            return Header(number, names, delimiter)
    filled = next((line for line in lines if line.strip()), "")
    found = [name.strip().upper() for name in filled.split(tabular.find_delimiter(filled))]
    tabular.require_columns(found, IDENTIFIERS, path)
    raise AssertionError  # the columns miss, or the line would have been the header


def _cells(
    parts: Sequence[tabular.TextLines],
    header: Header,
    read: Sequence[str],
    path: Path,
    reporter: Reporter,
) -> Table:
    """Return the columns that are `read`; lines of another number of cells are rejected."""
    wrong: list[int] = []

    def reject(number: int, found: int) -> None:
        wrong.append(number)
        place = f"{path.name}, ligne {number}"
        reporter.reject(place, "sae.cells", found=found, expected=len(header.names))

    cells = cells_below(header, parts, [name for name in read if name in header.names], reject)
    reporter.read(cells.num_rows + len(wrong))
    return cells


def _check_tables(names: set[str], header: Header, path: Path, reporter: Reporter) -> None:
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


def _sound(file: str, tables: Sequence[str], cells: Table, reporter: Reporter) -> Iterator[SaeRows]:
    """Yield the rows of each known table and year; the others are rejected."""
    whole = SaeRows(file, "", "", cells)
    kinds = list(zip(tables, texts(cells, "AN"), strict=True))
    sound = {kind: _is_sound(*kind) for kind in set(kinds)}
    if not all(sound.values()):
        for row, kind in enumerate(kinds):
            if not sound[kind]:
                _reject(whole.place(row), *kind, reporter)
    for kind in dict.fromkeys(kinds):
        if sound[kind]:
            mine = cells if len(sound) == 1 else cells.filter(pa.array([k == kind for k in kinds]))
            yield SaeRows(file, *kind, mine)


def _is_sound(table: str, year: str) -> bool:
    return table in _BY_NAME and _YEAR.fullmatch(year) is not None


def _reject(place: str, table: str, year: str, reporter: Reporter) -> None:
    if table not in _BY_NAME:
        reporter.reject(place, "sae.table", field="BOR", value=table, allowed=", ".join(_BY_NAME))
    else:
        reporter.reject(place, "sae.year", field="AN", value=year)


def _year_in(name: str) -> str:
    years = set(_YEAR.findall(name))
    return years.pop() if len(years) == 1 else ""
