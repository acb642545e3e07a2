"""Lines of the classic files, as columns of text: one Arrow table for each record type.

Every line is checked for its number of fields before it is parsed, so that a bad line is rejected
alone. Only the columns that are read are kept: no telephone or fax ever is.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from graph.dates import PartialDate
from graph.store.port import Progress
from loaders import tabular
from loaders.base import Reporter
from loaders.finess.layout import (
    CLASSIC,
    ENTITY_LAYOUT,
    ESTABLISHMENT_LAYOUT,
    POSITION_LAYOUT,
    FileLayout,
    Layout,
)
from loaders.finess.values import read_date

Table = Any
"""A pyarrow table: the library ships no types."""

LINE = "line"
"""Column of the line number that is added to each table."""


class Records(msgspec.Struct):
    """The records of the files of one load. `vintage` is the date of the latest comment line."""

    establishments: list[Table] = []
    entities: list[Table] = []
    positions: list[Table] = []
    vintage: PartialDate | None = None

    def of(self, layout: Layout) -> list[Table]:
        """Return the tables of one record type."""
        return {
            ESTABLISHMENT_LAYOUT.word: self.establishments,
            ENTITY_LAYOUT.word: self.entities,
            POSITION_LAYOUT.word: self.positions,
        }[layout.word]


def read_records(
    file: FileLayout, records: Records, reporter: Reporter, progress: Progress | None
) -> None:
    """Add the records of `file` to `records`, block after block."""
    headed = file.kind != "classic"
    for part in tabular.read_lines(file.path, progress=progress):
        lines, first = part.lines, part.first
        for number in part.mixed:
            reporter.warn(row_name(number), "finess.mixed_encoding")
        if headed and first == 1 and lines:
            lines, first = lines[1:], 2
        if headed:
            _add_headed(file, lines, first, records, reporter)
        else:
            _add_classic(file, lines, first, records, reporter)


def row_name(number: int) -> str:
    """Return how a report names a line."""
    return f"ligne {number}"


def _add_classic(
    file: FileLayout, lines: list[bytes], first: int, records: Records, reporter: Reporter
) -> None:
    mark = file.delimiter.encode()
    known = np.zeros(len(lines), dtype=bool)
    for layout in CLASSIC:
        word = layout.word.encode()
        starts = (word + mark, b'"' + word + b'"' + mark)
        rows = [index for index, line in enumerate(lines) if line.startswith(starts)]
        if rows:
            known[rows] = True
            typed = [lines[index] for index in rows]
            _add(layout, file.delimiter, typed, np.array(rows) + first, records, reporter)
    for index in np.flatnonzero(~known):
        _other_line(lines[index], first + int(index), records, reporter)


def _other_line(line: bytes, number: int, records: Records, reporter: Reporter) -> None:
    """Read the comment line; report whatever else is not a record."""
    text = line.decode()
    if not text.strip(' ;,"\t'):
        return
    if text.strip('"').startswith("finess"):
        date = next(filter(None, map(read_date, text.replace('"', "").split(";")[3:4])), None)
        records.vintage = max(filter(None, (records.vintage, date)), default=None)
        return
    reporter.read()
    reporter.reject(row_name(number), "finess.unknown_record", value=text[:60])


def _add_headed(
    file: FileLayout, lines: list[bytes], first: int, records: Records, reporter: Reporter
) -> None:
    whole = ESTABLISHMENT_LAYOUT if file.kind == "establishments" else ENTITY_LAYOUT
    rows = [index for index, line in enumerate(lines) if line.strip()]
    filled = [lines[index] for index in rows]
    numbers = np.array(rows, dtype=np.int64) + first
    header = file.header
    layout = whole._replace(columns=header, least=len(header))
    if filled:
        _add(layout, file.delimiter, filled, numbers, records, reporter)
    if "coordxet" in header and filled:
        positions = POSITION_LAYOUT._replace(columns=header, least=len(header))
        _add(positions, file.delimiter, filled, numbers, records, None)


def _add(
    layout: Layout,
    delimiter: str,
    lines: list[bytes],
    numbers: np.ndarray[Any, np.dtype[np.int64]],
    records: Records,
    reporter: Reporter | None,
) -> None:
    """Parse lines of one type; a reporter is given once for each row of the file."""
    counted = reporter if layout.word != POSITION_LAYOUT.word else None
    if counted:
        counted.read(len(lines))
    good, bad = _checked(layout, delimiter, lines)
    for index, found in bad:
        if reporter:
            row = row_name(int(numbers[index]))
            if not counted:
                reporter.warn(row, "finess.wrong_fields", expected=layout.least, found=found)
            else:
                reporter.reject(row, "finess.wrong_fields", expected=layout.least, found=found)
    if bad:
        numbers = np.delete(numbers, [index for index, _ in bad])
    if good:
        table = _parsed(layout, delimiter, good)
        records.of(layout).append(table.append_column(LINE, pa.array(numbers)))


def _checked(
    layout: Layout, delimiter: str, lines: list[bytes]
) -> tuple[list[bytes], list[tuple[int, int]]]:
    """Return the lines, each with exactly the layout's fields, and (index, fields) of the bad."""
    mark = delimiter.encode()
    most = len(layout.columns)
    good: list[bytes] = []
    bad: list[tuple[int, int]] = []
    for index, raw in enumerate(lines):
        line, fields = _requoted(raw, delimiter) if b'"' in raw else (raw, raw.count(mark) + 1)
        if fields == most:
            good.append(line)
        elif layout.least <= fields < most:
            good.append(line + mark * (most - fields))
        elif fields > most and line.endswith(mark * (fields - most)):
            good.append(line[: most - fields])
        else:
            bad.append((index, fields))
    return good, bad


def _requoted(line: bytes, delimiter: str) -> tuple[bytes, int]:
    """Return a line that holds quotes in one sound form, and its number of fields.

    A lone quote is read as a letter: it must not swallow the lines that follow.
    """
    text = line.decode()
    try:
        (cells,) = csv.reader([text], delimiter=delimiter, strict=True)
    except csv.Error:
        cells = text.split(delimiter)
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(cells)
    return out.getvalue().encode(), len(cells)


def _parsed(layout: Layout, delimiter: str, lines: list[bytes]) -> Table:
    present = [name for name in layout.needed if name in layout.columns]
    table = arrow_csv.read_csv(
        pa.BufferReader(b"\n".join(lines) + b"\n"),
        read_options=arrow_csv.ReadOptions(column_names=list(layout.columns), block_size=4 << 20),
        parse_options=arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=False),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(layout.columns, pa.string()),
            include_columns=present,
            strings_can_be_null=False,
            quoted_strings_can_be_null=False,
        ),
    )
    empty = pa.array([""] * len(lines), pa.string())
    for name in layout.needed:
        if name not in present:
            table = table.append_column(name, empty)
    return table


def file_names(paths: list[Path]) -> str:
    """Return the names of files, for a report."""
    return ", ".join(path.name for path in paths)
