"""The table of a partner list: the columns that a loader knows as text, the others never read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import NamedTuple

from loaders.conventions.raw_sheet import Cell, Sheet, as_text

Row = tuple[int, dict[str, str]]
"""Line number as the spreadsheet shows it, and cells by column; absent columns are missing.

Line breaks inside a cell are kept: some lists put one name a line.
"""


class ListTable(NamedTuple):
    """A list by columns: line numbers, cells, what stands above the header, and the headings."""

    numbers: Sequence[int]
    columns: dict[str, list[str]]
    titles: list[str]
    headings: dict[str, str]
    sheet: str

    @property
    def rows(self) -> list[Row]:
        """The list by rows."""
        cells = zip(*self.columns.values(), strict=True)
        return [
            (number, dict(zip(self.columns, row, strict=True)))
            for number, row in zip(self.numbers, cells, strict=True)
        ]

    def column(self, name: str) -> list[str]:
        """Return the cells of a column, empty ones where the list has no such column."""
        return self.columns.get(name) or [""] * len(self.numbers)


class _Texts(dict[tuple[type, Cell], str]):
    """Text of each different cell; True and 1.0, which are equal, are different cells."""

    def __missing__(self, key: tuple[type, Cell]) -> str:
        self[key] = text = tidy(as_text(key[1]))
        return text


def table_of(sheet: Sheet, header: int, places: Mapping[str, int], titles: list[str]) -> ListTable:
    """Return the table below a header.

    Parameters
    ----------
    sheet : Sheet
        Where it stands.
    header : int
        Position of the header among the rows.
    places : mapping
        Place of each column that is read.
    titles : list of str
        What stands above the header.
    """
    rows, numbers = sheet.rows[header + 1 :], sheet.numbers[header + 1 :]
    columns = {name: _texts(rows, place) for name, place in places.items()}
    kept = [any(cells) for cells in zip(*columns.values(), strict=True)]
    _spread(sheet, header, places, columns, kept)
    if not all(kept):
        numbers = list(compress(numbers, kept))
        columns = {name: list(compress(cells, kept)) for name, cells in columns.items()}
    headings = {name: as_text(sheet.rows[header][place]) for name, place in places.items()}
    return ListTable(numbers, columns, titles, headings, sheet.name)


def tidy(text: str) -> str:
    """Return `text` with single blanks, its lines kept apart."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(filter(None, lines))


def _texts(rows: Sequence[list[Cell]], place: int) -> list[str]:
    texts = _Texts()
    cells = (row[place] if place < len(row) else "" for row in rows)
    return [texts[type(cell), cell] for cell in cells]


def _spread(
    sheet: Sheet,
    header: int,
    places: Mapping[str, int],
    columns: Mapping[str, list[str]],
    kept: list[bool],
) -> None:
    """Write what merged cells state into the lines below their first; a line all empty stays so."""
    stated = _merged_values(sheet, places)
    if not stated:
        return
    names = {place: name for name, place in places.items()}
    below = sheet.rows[header + 1 :]
    positions = {number: at for at, number in enumerate(sheet.numbers[header + 1 :])}
    for (number, place), text in stated.items():
        at, column = positions.get(number), columns[names[place]]
        if at is None or column[at] or not text:
            continue
        if kept[at] or any(map(as_text, below[at])):
            column[at], kept[at] = text, True


def _merged_values(sheet: Sheet, places: Mapping[str, int]) -> dict[tuple[int, int], str]:
    """Return what merged cells state for the lines below their first, by line and place."""
    merged = sheet.read_merged()
    by_number = dict(zip(sheet.numbers, sheet.rows, strict=True)) if merged else {}
    values: dict[tuple[int, int], str] = {}
    for (first, column), (last, _) in merged:
        cells, place = by_number.get(first, []), column - 1
        if place in places.values() and place < len(cells):
            text = as_text(cells[place])
            values |= {(number, place): text for number in range(first + 1, last + 1)}
    return values
