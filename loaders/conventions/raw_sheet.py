"""A sheet as its file has it, and its cells as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple

from loaders.conventions.sheet_notes import Range, SheetNotes

Cell = float | str | bool | time | date | timedelta


class Line(NamedTuple):
    """A row of a sheet, with its number as the spreadsheet shows it."""

    number: int
    cells: list[str]


@dataclass(eq=False)
class Sheet:
    """A sheet; its notes are read only when asked for. A text file is a sheet without name.

    `rows` are the cells as the file has them, `numbers` those of the lines they begin on.
    """

    name: str
    visible: bool
    numbers: Sequence[int]
    rows: list[list[Cell]]
    read_notes: Callable[[], SheetNotes]
    read_merged_apart: Callable[[], tuple[Range, ...]] | None = None

    @cached_property
    def lines(self) -> list[Line]:
        """The rows as text."""
        rows = zip(self.numbers, self.rows, strict=True)
        return [Line(number, [as_text(cell) for cell in row]) for number, row in rows]

    def read_merged(self) -> tuple[Range, ...]:
        """Return the merged cells, without the other notes where those take longer."""
        return self.read_merged_apart() if self.read_merged_apart else self.read_notes().merged


def as_text(cell: Cell) -> str:
    """Return a cell as text: whole numbers without decimals, dates in ISO form."""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).replace("\xa0", " ").replace(" ", " ").strip()
