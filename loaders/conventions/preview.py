"""A look at a register before it is loaded: its sheets, its headings, its first rows.

The page *Données* shows it, lets the user say what the unknown headings stand for, and keeps the
answer as a profile.
"""

from __future__ import annotations

from pathlib import Path

from graph.errors import InputError, UsageError
from graph.model import Record
from loaders.conventions.fields import NAMING, REQUIRED
from loaders.conventions.headings import Column, data_lines, find_header
from loaders.conventions.profile import Profile, fitting_profiles
from loaders.conventions.raw_sheet import Sheet
from loaders.conventions.workbook import open_register

SHOWN_ROWS = 5


class SheetPreview(Record, frozen=True, kw_only=True):
    """A sheet as it would be read.

    `columns` say what each heading was taken for, with proposals where it is unknown; `rows` are
    the first ones, cells in the order of `columns`; `missing` lists the fields without which
    nothing can be kept.
    """

    name: str
    visible: bool
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    count: int
    missing: tuple[str, ...]


class Preview(Record, frozen=True, kw_only=True):
    """A register's file as it would be read. `profiles` are the user's that know its headings."""

    format: str
    sheets: tuple[SheetPreview, ...]
    profiles: tuple[str, ...]

    def sheet(self, name: str | None = None) -> SheetPreview:
        """Return the sheet of that name, else the one that looks most like a register."""
        if name is not None:
            found = [sheet for sheet in self.sheets if sheet.name == name]
            if not found:
                names = ", ".join(sheet.name for sheet in self.sheets)
                raise UsageError("register.sheet", value=name, file="–", allowed=names)
            return found[0]
        if not self.sheets:
            raise InputError("register.no_cell", file="–")
        return max(
            self.sheets,
            key=lambda sheet: (
                sheet.visible,
                not sheet.missing,
                sum(c.field is not None for c in sheet.columns),
            ),
        )


def preview(path: Path, profile: Profile | None = None) -> Preview:
    """Return what the register at `path` would be read as, with `profile` if one is given.

    Raises
    ------
    InputError
        The file cannot be opened (missing, protected, no table).
    """
    book = open_register(path)
    sheets = tuple(_sheet(sheet, profile) for sheet in book.sheets)
    headings = [column.heading for sheet in sheets for column in sheet.columns]
    fitting = tuple(item.name for item in fitting_profiles(headings))
    return Preview(format=book.format, sheets=sheets, profiles=fitting)


def _sheet(sheet: Sheet, profile: Profile | None) -> SheetPreview:
    header = find_header(sheet, profile)
    if header is None:
        return SheetPreview(
            name=sheet.name, visible=sheet.visible, columns=(), rows=(), count=0, missing=REQUIRED
        )
    lines = data_lines(sheet, header)
    missing = [field for field in REQUIRED if field not in header.fields]
    if header.fields.isdisjoint(NAMING):
        missing.append(NAMING[0])
    rows = tuple(
        tuple(line.cells[c.at] if c.at < len(line.cells) else "" for c in header.columns)
        for line in lines[:SHOWN_ROWS]
    )
    return SheetPreview(
        name=sheet.name,
        visible=sheet.visible,
        columns=header.columns,
        rows=rows,
        count=len(lines),
        missing=tuple(missing),
    )
