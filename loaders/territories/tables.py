"""Small tables given by the user, CSV or workbook: header found by its words, rows numbered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook

from graph.errors import InputError
from loaders.tabular import check_file, read_text_table

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
HEADER_WITHIN = 25
"""INSEE workbooks start with a few lines of title."""

Row = tuple[int, list[str]]


class Table(NamedTuple):
    """A table: `rows` are (line number, cells), cells as text."""

    header: list[str]
    rows: list[Row]
    sheet: str | None = None


def read_table(path: Path, is_header: Callable[[Sequence[str]], bool]) -> Table:
    """Return the table of `path` whose header satisfies `is_header`.

    Raises
    ------
    InputError
        Unreadable file, or no line that can be the header.
    """
    check_file(path)
    if path.suffix.lower() in WORKBOOKS:
        return _from_workbook(path, is_header)
    text = read_text_table(path)
    table = _below_header([(1, text.header), *text.rows], is_header)
    if table is None:
        found = ", ".join(text.header)[:300]
        raise InputError("territories.no_header", file=str(path), found=found)
    return table


def _from_workbook(path: Path, is_header: Callable[[Sequence[str]], bool]) -> Table:
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            for name in workbook.sheet_names:
                cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                rows = [(k, [_text(cell) for cell in row]) for k, row in enumerate(cells, start=1)]
                table = _below_header([row for row in rows if any(row[1])], is_header)
                if table is not None:
                    return table._replace(sheet=name)
            found = ", ".join(workbook.sheet_names)[:300]
    except (CalamineError, OSError) as error:
        raise InputError("territories.workbook", file=str(path), why=str(error)[:200]) from None
    raise InputError("territories.no_header", file=str(path), found=found)


def _below_header(rows: Sequence[Row], is_header: Callable[[Sequence[str]], bool]) -> Table | None:
    for position, (_, cells) in enumerate(rows[:HEADER_WITHIN]):
        if is_header(cells):
            width = len(cells)
            below = [(n, [*row, *[""] * (width - len(row))]) for n, row in rows[position + 1 :]]
            return Table(cells, below)
    return None


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
