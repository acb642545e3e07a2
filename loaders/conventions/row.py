"""A row of a register and what is found wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

from loaders.conventions.problems import CellError
from loaders.conventions.values import is_stated

T = TypeVar("T")


class Row(NamedTuple):
    """A row before it is read.

    `cells` are by field, `headings` name them as the file does; `spoilt` gives the code of what a
    spreadsheet did to the cell of a field; `warn` reports a field, a code, a value and parameters;
    `lines` counts the lines of the file that it stands for.
    """

    locator: str
    cells: Mapping[str, str]
    headings: Mapping[str, str]
    warn: Callable[..., None]
    spoilt: Mapping[str, str] = {}
    lines: int = 1

    def cell(self, field: str) -> str | None:
        """Return the cell of `field`, None where it says nothing or is spoilt."""
        text = self.cells.get(field, "")
        return text if is_stated(text) and field not in self.spoilt else None


class RowErrors(Exception):  # noqa: N818 - several errors, not one
    """Everything that is wrong with a row."""

    def __init__(self, errors: list[CellError]) -> None:
        super().__init__(", ".join(error.code for error in errors))
        self.errors = errors


class Findings:
    """What is wrong with one row: gathered, so that a register is mended in one go."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.errors: list[CellError] = []
        for field, code in row.spoilt.items():
            self.add(CellError(code), field)

    def add(self, error: CellError, field: str) -> None:
        """Note what is wrong with the cell of `field`."""
        at = error.field or field
        if error.value is None:
            error.value = self.row.cells.get(at) or None
        error.field = self.row.headings.get(at) or self.row.headings.get(field)
        self.errors.append(error)

    def attempt(self, action: Callable[[], T], field: str) -> T | None:
        """Return what `action` gives, None if it finds something wrong, which is noted."""
        try:
            return action()
        except CellError as error:
            self.add(error, field)
            return None
