"""Rows of a text table whose free texts hold quotes, sound or not.

A quoted cell may hold line breaks. A quote that nobody closed must not swallow the rows below: a
line that begins with the key of a row is never taken for the text of another one.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from loaders import tabular
from loaders.columns import Table
from loaders.text_columns import LINE, Header, Wrong, cells_below

LINES_IN_A_CELL = 200
"""How far the end of a quoted cell is looked for."""

Reading = tuple[list[str], int]
"""Cells of a row, and the number of its lines."""


def quoted_cells_below(
    header: Header,
    parts: Sequence[tabular.TextLines],
    wanted: Sequence[str],
    wrong: Wrong,
    is_key: Callable[[str], bool],
) -> Table:
    """Return `wanted` columns as :func:`cells_below` does; a quoted cell may hold line breaks.

    `is_key` tells whether a text can be a cell of the first column of `wanted`.
    """
    if not any(b'"' in part.data for part in parts):
        return cells_below(header, parts, wanted, wrong)
    lines = b"\n".join(part.data for part in parts).decode().split("\n")[header.line :]
    places = [header.places()[name] for name in wanted]
    numbers: list[int] = []
    columns: list[list[str]] = [[] for _ in wanted]
    for number, cells in QuotedRows(lines, header, places[0], is_key):
        if len(cells) != len(header.names):
            wrong(number, len(cells))
            continue
        numbers.append(number)
        for column, place in zip(columns, places, strict=True):
            column.append(cells[place])
    texts = [pc.utf8_trim_whitespace(pa.array(column, pa.string())) for column in columns]
    return pa.table([*texts, pa.array(numbers, pa.int64())], names=[*wanted, LINE])


class QuotedRows:
    """The filled rows of a text: the number of the first line of each, and its cells.

    Parameters
    ----------
    lines : sequence of str
        All lines below the header.
    header : Header
        Rows of another number of cells are given as they are.
    key : int
        Place of the column that tells rows.
    is_key : callable
        Tells whether a text can be a cell of that column.
    """

    def __init__(
        self, lines: Sequence[str], header: Header, key: int, is_key: Callable[[str], bool]
    ) -> None:
        self._lines = lines
        self._first = header.line + 1
        self._delimiter, self._width = header.delimiter, len(header.names)
        self._key, self._is_key = key, is_key

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        at = 0
        while at < len(self._lines):
            cells, used = self._row(at)
            if any(map(str.strip, cells)):
                yield self._first + at, cells
            at += used

    def _row(self, at: int) -> Reading:
        """Return the row that begins at a line.

        Sound quotes are believed: other cells than theirs would be those of another column.
        """
        line = self._lines[at]
        if '"' not in line:
            return line.split(self._delimiter), 1
        try:
            return next(csv.reader([line], delimiter=self._delimiter, strict=True)), 1
        except csv.Error:
            return self._closed(at, strict=True) or self._unsound(at)

    def _unsound(self, at: int) -> Reading:
        """Return the row that begins at a line with a quote that is not closed as it should."""
        alone = self._alone(self._lines[at])
        for cells in (alone, self._lines[at].split(self._delimiter)):
            if len(cells) == self._width:
                return cells, 1
        return self._mended(at) or self._closed(at, strict=False) or (alone, 1)

    def _closed(self, at: int, *, strict: bool) -> Reading | None:
        """Return a row as CSV has it, None if a quote is open where the next row begins.

        A strict reading wants a delimiter or the end of the line after a closing quote.
        """
        used = 0

        def asked_for() -> Iterator[str]:
            nonlocal used
            for line in self._until_next(at):
                used += 1
                yield f"{line}\n"
            raise _OpenQuoteError

        try:
            cells = next(csv.reader(asked_for(), delimiter=self._delimiter, strict=strict))
        except (_OpenQuoteError, csv.Error):
            return None
        return cells, used

    def _alone(self, line: str) -> list[str]:
        """Return the cells of a line as CSV has it, the last one ending where the line ends."""
        try:
            return next(csv.reader([line], delimiter=self._delimiter))
        except csv.Error:  # a cell of more than 131,072 characters
            return line.split(self._delimiter)

    def _mended(self, at: int) -> Reading | None:
        """Return a row broken over lines in a quoted cell that holds stray quotes itself."""
        read: list[str] = []
        missing = self._width - 1
        for line in self._until_next(at):
            read.append(line)
            missing -= line.count(self._delimiter)
            if missing <= 0:
                break
        cells = "\n".join(read).split(self._delimiter)
        broken = [cell.strip() for cell in cells if "\n" in cell]
        sound = all(cell.startswith('"') and cell.endswith('"') for cell in broken)
        return (cells, len(read)) if sound and missing == 0 else None

    def _until_next(self, at: int) -> Iterator[str]:
        """Yield a line and those after it, up to the one where the next row begins."""
        yield self._lines[at]
        for place in range(at + 1, min(at + LINES_IN_A_CELL, len(self._lines))):
            cells = self._lines[place].split(self._delimiter, self._key + 1)
            if len(cells) > self._key + 1 and self._is_key(cells[self._key].strip(' "')):
                return
            yield self._lines[place]


class _OpenQuoteError(Exception):
    """A quote that is not closed before the next row."""
