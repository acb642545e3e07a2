"""Lines of a text table as columns of text: only those that are asked for, no object a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from loaders import tabular
from loaders.columns import Table

# Arrow's own allocator takes memory in pieces so large that a load pays for much it never fills.
pa.set_memory_pool(pa.system_memory_pool())

LINE = "line"
"""Column of the line number that is added to each table."""

Wrong = Callable[[int, int], None]
"""Told of each line of another number of cells than the header: line number, cells found."""


class Header(NamedTuple):
    """The line of column names: its number (from 1), the names, what parts the cells."""

    line: int
    names: Sequence[str]
    delimiter: str

    def places(self) -> dict[str, int]:
        """Return the place of each name; the last one of those that stand twice."""
        return {name: place for place, name in enumerate(self.names)}


def parsed(data: bytes, delimiter: str, columns: Sequence[str], wanted: Sequence[str]) -> Table:
    """Return `wanted` columns of lines without a header.

    Raises
    ------
    pyarrow.ArrowInvalid
        A line of another number of fields than there are `columns`.
    """
    return arrow_csv.read_csv(
        pa.BufferReader(data),
        read_options=arrow_csv.ReadOptions(column_names=list(columns), block_size=4 << 20),
        parse_options=arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=False),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()),
            include_columns=list(wanted),
            strings_can_be_null=False,
            quoted_strings_can_be_null=False,
        ),
    )


def cells_below(
    header: Header, parts: Sequence[tabular.TextLines], wanted: Sequence[str], wrong: Wrong
) -> Table:
    """Return `wanted` columns of the filled lines below a header, without blanks around cells.

    Parameters
    ----------
    header : Header
        Where it stands in `parts`.
    parts : sequence of TextLines
        The whole file.
    wanted : sequence of str
        Names of the header.
    wrong : callable
        Told of the lines that are left out.

    Returns
    -------
    pyarrow.Table
        `wanted`, and :data:`LINE`.
    """
    tables = [_empty(wanted)]
    for part in parts:
        below = _below(part, header.line)
        if below.data:
            table = _whole(below, header, wanted)
            tables.append(_one_by_one(below, header, wanted, wrong) if table is None else table)
    return pa.concat_tables(tables)


def _below(part: tabular.TextLines, line: int) -> tabular.TextLines:
    """Return the lines of a part that follow a line, none if there are none."""
    above = line + 1 - part.first
    if above <= 0:
        return part
    rest = part.data.split(b"\n", above)[above:]
    return part._replace(data=b"".join(rest), first=line + 1)


def _whole(part: tabular.TextLines, header: Header, wanted: Sequence[str]) -> Table | None:
    """Return lines that are all sound, as most are; None where they must be looked at one by one.

    A lone quote must not swallow the lines that follow.
    """
    if b'"' in part.data:
        return None
    last = header.places()
    names = [n if last[n] == place else f"\0{place}" for place, n in enumerate(header.names)]
    try:
        table = parsed(part.data, header.delimiter, names, wanted)
    except pa.ArrowInvalid:  # a line of another number of fields
        return None
    if table.num_rows != part.data.count(b"\n") + 1:
        return None
    trimmed = [pc.utf8_trim_whitespace(column) for column in table.columns]
    numbers = pa.array(np.arange(table.num_rows) + part.first)
    return _filled(pa.table([*trimmed, numbers], names=[*wanted, LINE]), part, header.delimiter)


def _filled(table: Table, part: tabular.TextLines, delimiter: str) -> Table:
    """Leave out the lines of nothing but delimiters."""
    doubtful = np.ones(table.num_rows, dtype=bool)
    for name in table.column_names[:-1]:
        doubtful &= pc.equal(table.column(name), "").to_numpy()
    if not doubtful.any():
        return table
    lines = part.lines
    kept = [
        not empty or bool(lines[row].decode().replace(delimiter, "").strip())
        for row, empty in enumerate(doubtful)
    ]
    return table.filter(pa.array(kept))


def _one_by_one(
    part: tabular.TextLines, header: Header, wanted: Sequence[str], wrong: Wrong
) -> Table:
    places = header.places()
    chosen = [places[name] for name in wanted]
    rows: list[list[str]] = []
    numbers = []
    for number, line in enumerate(part.lines, start=part.first):
        cells = tabular.cells_of(line.decode(), header.delimiter)
        if not any(cells):
            continue
        if len(cells) != len(header.names):
            wrong(number, len(cells))
            continue
        rows.append([cells[place] for place in chosen])
        numbers.append(number)
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    if not rows:
        return _empty(wanted)
    return pa.table([*columns, pa.array(numbers, pa.int64())], names=[*wanted, LINE])


def _empty(wanted: Sequence[str]) -> Table:
    fields = [pa.field(name, pa.string()) for name in wanted]
    return pa.schema([*fields, pa.field(LINE, pa.int64())]).empty_table()
