"""The CNSA price list as columns: a text table or a workbook, only what is used of it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from graph.errors import InputError
from loaders import tabular
from loaders.base import Reporter
from loaders.columns import Coded, coded
from loaders.kind_sources.ehpad.cnsa_files import (
    check_columns,
    is_header,
    official,
    reject_ragged,
    whole_rows,
)
from loaders.kind_sources.ehpad.numbers import finess_of
from loaders.kind_sources.ehpad.prices import PRICE_COLUMNS, PRICE_KEY, UPDATED
from loaders.partner_lists import file_kind
from loaders.quoted_rows import quoted_cells_below
from loaders.territories.tables import read_table
from loaders.text_columns import LINE, Header

USED = (PRICE_KEY, *PRICE_COLUMNS, UPDATED)


class PriceTable(NamedTuple):
    """The line of each row, and the cells by column; columns that the file lacks are missing."""

    lines: list[int]
    columns: dict[str, Coded[str]]

    def column(self, name: str) -> Coded[str]:
        """Return the cells of a column, empty ones where the file has no such column."""
        return self.columns.get(name) or Coded([""], np.zeros(len(self.lines), dtype=np.intp))


def read_price_table(path: Path, reporter: Reporter) -> PriceTable:
    """Return the rows of `path`; columns that miss are named, ragged rows rejected.

    Raises
    ------
    InputError
        A file that is cut, or has none of the columns that make it of use.
    """
    if file_kind(path) == "workbook":
        return _from_workbook(path, reporter)
    return _from_text(path, reporter)


def _from_workbook(path: Path, reporter: Reporter) -> PriceTable:
    table = read_table(path, lambda cells: is_header(cells, "prices"))
    names = official(table.header, "prices")
    check_columns(names, "prices", path, reporter)
    rows = list(whole_rows(names, table.rows, reporter))
    places = {name: place for place, name in enumerate(names) if name in USED}
    columns = {
        name: coded(pa.array([cells[place] for _, cells in rows], pa.string()))
        for name, place in places.items()
    }
    return PriceTable([line for line, _ in rows], columns)


def _from_text(path: Path, reporter: Reporter) -> PriceTable:
    parts = list(tabular.read_lines(path))
    header = _header(parts, path)
    check_columns(header.names, "prices", path, reporter)

    def ragged(line: int, found: int) -> None:
        reject_ragged(line, found, len(header.names), reporter)

    wanted = [name for name in USED if name in header.names]
    table = quoted_cells_below(header, parts, wanted, ragged, lambda cell: bool(finess_of(cell)))
    columns = {name: coded(table.column(name)) for name in wanted}
    return PriceTable(table.column(LINE).to_pylist(), columns)


def _header(parts: Sequence[tabular.TextLines], path: Path) -> Header:
    """Return the first row that has the column of numbers; titles may stand above it."""
    lines = [line.decode() for part in parts[:1] for line in part.lines]
    delimiter = tabular.find_delimiter(next(line for line in lines if line.strip()))
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter)
    first: list[str] = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if is_header(cells, "prices"):
                return Header(reader.line_num, official(cells, "prices"), delimiter)
            first = first or (cells if any(cells) else [])
    except csv.Error as error:
        raise InputError("tabular.damaged", file=str(path), why=str(error)) from None
    tabular.require_columns(first, [PRICE_KEY], path)
    raise AssertionError(path)  # the line above said that the column is missing
