"""Lines of the classic files, as columns of text: one Arrow table for each record type.

Every line is checked for its number of fields before it is parsed, so that a bad line is rejected
alone. Only the columns that are read are kept: no telephone or fax ever is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from graph.dates import PartialDate
from graph.store.port import Progress
from loaders import tabular
from loaders.base import Reporter
from loaders.columns import Table
from loaders.finess.layout import (
    CLASSIC,
    ENTITY_LAYOUT,
    ESTABLISHMENT_LAYOUT,
    POSITION_LAYOUT,
    FileLayout,
    Layout,
)
from loaders.finess.values import read_date
from loaders.text_columns import LINE, parsed

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Bytes = np.ndarray[Any, np.dtype[np.uint8]]

_RUNS = 8
"""Changes of type in a block beyond which its lines are told one by one."""

_LAST_BLANK = ord(" ")
"""A line that begins with no byte up to this one is no blank line."""


class Block(NamedTuple):
    """Lines of one type: their bytes, joined by line feeds, and their line numbers."""

    layout: Layout
    delimiter: str
    data: bytes
    numbers: Numbers


class Records(msgspec.Struct):
    """The records of the files of one load. `vintage` is the date of the latest comment line."""

    establishments: list[Table] = []
    entities: list[Table] = []
    positions: list[Table] = []
    vintage: PartialDate | None = None

    def taken_establishments(self) -> Table:
        """Return all establishments as one table, which is not kept here any more."""
        columns = [*ESTABLISHMENT_LAYOUT.needed, LINE]
        taken = pa.concat_tables(table.select(columns) for table in self.establishments)
        self.establishments = []
        return taken

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
    for part in tabular.read_lines(file.path, progress=progress):
        for number in part.mixed:
            reporter.warn(row_name(number), "finess.mixed_encoding")
        if file.kind == "classic":
            _add_classic(file, part, records, reporter)
        else:
            _add_headed(file, part, records, reporter)


def row_name(number: int) -> str:
    """Return how a report names a line."""
    return f"ligne {number}"


def _add_classic(
    file: FileLayout, part: tabular.TextLines, records: Records, reporter: Reporter
) -> None:
    """Add the lines of a block: in real files each type stands in one run."""
    mark = file.delimiter.encode()
    words = [(layout, layout.word.encode() + mark) for layout in CLASSIC]
    for run in _runs(part, [word for _, word in words]):
        size = run.data.count(b"\n") + 1
        for layout, word in words:
            if run.data.startswith(word) and run.data.count(b"\n" + word) == size - 1:
                numbers = np.arange(size) + run.first
                _add(Block(layout, file.delimiter, run.data, numbers), records, reporter)
                break
        else:
            _add_mixed(file, run, records, reporter)


def _runs(part: tabular.TextLines, words: list[bytes]) -> Iterator[tabular.TextLines]:
    """Cut a block where the type changes; after a few changes the rest is left whole."""
    data, first = part.data, part.first
    for _ in range(_RUNS):
        found = (data.find(b"\n" + word) for word in words if not data.startswith(word))
        end = min((place for place in found if place >= 0), default=len(data))
        run = part._replace(data=data[:end], first=first)
        yield run
        data, first = data[end + 1 :], first + run.data.count(b"\n") + 1
        if not data:
            return
    yield part._replace(data=data, first=first)


def _add_mixed(
    file: FileLayout, part: tabular.TextLines, records: Records, reporter: Reporter
) -> None:
    """Add the lines of a block that holds several types."""
    mark = file.delimiter.encode()
    lines = part.lines
    known = np.zeros(len(lines), dtype=bool)
    for layout in CLASSIC:
        word = layout.word.encode()
        starts = (word + mark, b'"' + word + b'"' + mark)
        rows = [index for index, line in enumerate(lines) if line.startswith(starts)]
        if rows:
            known[rows] = True
            data = b"\n".join([lines[index] for index in rows])
            block = Block(layout, file.delimiter, data, np.array(rows) + part.first)
            _add(block, records, reporter)
    for index in np.flatnonzero(~known):
        _other_line(lines[index], part.first + int(index), records, reporter)


def _other_line(line: bytes, number: int, records: Records, reporter: Reporter) -> None:
    """Read the comment line; report whatever else is not a record."""
    text = line.decode()
    if not text.strip(' ;,"\t'):
        return
    if text.strip('"').startswith("finess"):
        date = next(
            filter(None, map(read_date, re.split(r"[;,\t|]", text.replace('"', ""))[3:4])), None
        )
        records.vintage = max(filter(None, (records.vintage, date)), default=None)
        return
    reporter.read()
    reporter.reject(row_name(number), "finess.unknown_record", value=text[:60])


def _add_headed(
    file: FileLayout, part: tabular.TextLines, records: Records, reporter: Reporter
) -> None:
    whole = ESTABLISHMENT_LAYOUT if file.kind == "establishments" else ENTITY_LAYOUT
    needed = whole.needed
    if located := "coordxet" in file.header:
        needed += POSITION_LAYOUT.needed[1:]
    header = file.header
    layout = whole._replace(columns=header, least=len(header), needed=needed)
    block = _filled(layout, file.delimiter, part)
    if block is None:
        return
    table = _add(block, records, reporter)
    if located and table is not None:
        records.positions.append(table.select([*POSITION_LAYOUT.needed, LINE]))


def _filled(layout: Layout, delimiter: str, part: tabular.TextLines) -> Block | None:
    """Return the filled lines below the header, None if there is none."""
    data, first = part.data, part.first
    if first == 1:
        _, _, data = data.partition(b"\n")
        first += 1
    starts = _line_starts(data)
    if (starts > _LAST_BLANK).all():
        return Block(layout, delimiter, data, np.arange(len(starts)) + first)
    lines = data.split(b"\n")
    rows = [index for index, line in enumerate(lines) if line.strip()]
    if not rows:
        return None
    return Block(
        layout, delimiter, b"\n".join([lines[index] for index in rows]), np.array(rows) + first
    )


def _line_starts(data: bytes) -> Bytes:
    """Return the first byte of each line; that of an empty one is a line feed."""
    content = np.frombuffer(data or b"\n", dtype=np.uint8)
    ends = np.flatnonzero(content == ord("\n"))
    # The line after a last line feed is empty: the line feed stands for it.
    firsts = np.minimum(np.concatenate([[0], ends + 1]), len(content) - 1)
    starts: Bytes = content[firsts]
    return starts


def _add(block: Block, records: Records, reporter: Reporter) -> Table | None:
    """Parse lines of one type; return what was added of them."""
    layout = block.layout
    reporter.read(0 if layout.word == POSITION_LAYOUT.word else len(block.numbers))
    numbers, table = block.numbers, _parsed_whole(block)
    if table is None:
        data, numbers, bad = _checked(block)
        tell = reporter.warn if layout.word == POSITION_LAYOUT.word else reporter.reject
        for index, found in bad:
            row = row_name(int(block.numbers[index]))
            tell(row, "finess.wrong_fields", expected=layout.least, found=found)
        if not len(numbers):
            return None
        table = _parsed(layout, block.delimiter, data)
    table = table.append_column(LINE, pa.array(numbers))
    records.of(layout).append(table)
    return table


def _parsed_whole(block: Block) -> Table | None:
    """Parse lines that are all sound, as most are; None where they must be looked at one by one."""
    if b'"' in block.data:
        return None
    try:
        table = _parsed(block.layout, block.delimiter, block.data)
    except pa.ArrowInvalid:  # a line of another number of fields
        return None
    return table if table.num_rows == len(block.numbers) else None


def _checked(block: Block) -> tuple[bytes, Numbers, list[tuple[int, int]]]:
    """Return lines of the layout's number of fields, their numbers, (index, fields) of the bad."""
    most = len(block.layout.columns)
    good: list[bytes] = []
    bad: list[tuple[int, int]] = []
    mark = block.delimiter.encode()
    for index, raw in enumerate(block.data.split(b"\n")):
        quoted = b'"' in raw
        line, fields = _requoted(raw, block.delimiter) if quoted else (raw, raw.count(mark) + 1)
        if fields == most:
            good.append(line)
        elif block.layout.least <= fields < most:
            good.append(line + mark * (most - fields))
        elif fields > most and line.endswith(mark * (fields - most)):
            good.append(line[: most - fields])
        else:
            bad.append((index, fields))
    return b"\n".join(good), np.delete(block.numbers, [index for index, _ in bad]), bad


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


def _parsed(layout: Layout, delimiter: str, data: bytes) -> Table:
    present = [name for name in layout.needed if name in layout.columns]
    table = parsed(data, delimiter, layout.columns, present)
    empty = pa.array([""] * table.num_rows, pa.string())
    for name in layout.needed:
        if name not in present:
            table = table.append_column(name, empty)
    return table
