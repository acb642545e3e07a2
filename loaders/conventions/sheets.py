"""Which sheet of a workbook is the register, and its rows as cells by field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from graph.errors import InputError, UsageError
from graph.identifiers import fold
from graph.messages import LANGUAGES, text
from loaders.conventions.fields import BY_ID
from loaders.conventions.headings import Header, check_header, data_lines, find_header
from loaders.conventions.profile import Profile
from loaders.conventions.raw_sheet import Line, Sheet
from loaders.conventions.row import Row
from loaders.conventions.sheet_notes import SheetNotes
from loaders.conventions.values import CELL_SPOILT
from loaders.conventions.workbook import Workbook


class Chosen(NamedTuple):
    """The sheet that is read, its headings, and the sheets left aside."""

    sheet: Sheet
    header: Header
    others: tuple[str, ...]


def choose_sheet(book: Workbook, name: str | None = None, profile: Profile | None = None) -> Chosen:
    """Return the sheet named, else the one whose headings are a register's.

    Raises
    ------
    UsageError
        No sheet of that name.
    InputError
        No sheet has anything, columns are missing, or several sheets could be the register.
    """
    file = str(book.path)
    wanted = [sheet for sheet in book.sheets if name and fold(sheet.name) == fold(name)]
    if name and not wanted and any(sheet.name for sheet in book.sheets):
        names = ", ".join(sheet.name for sheet in book.sheets)
        raise UsageError("register.sheet", value=name, file=file, allowed=names)
    candidates = wanted or [sheet for sheet in book.sheets if _is_read(sheet)] or book.sheets
    found = [(sheet, header) for sheet in candidates if (header := find_header(sheet, profile))]
    if not found:
        raise InputError("register.no_cell", file=file)
    sheet, header = _best(found, file)
    check_header(header, file, sheet.name or "–")
    others = tuple(other.name for other in book.sheets if other.name != sheet.name)
    return Chosen(sheet, header, others)


def _is_read(sheet: Sheet) -> bool:
    """Tell whether a sheet is looked at unasked: seen, and no part of the template's help."""
    own = {
        fold(text(f"register.sheet.{key}", language))
        for key in ("examples", "help", "lists")
        for language in LANGUAGES
    }
    return sheet.visible and fold(sheet.name) not in own


def _best(found: Sequence[tuple[Sheet, Header]], file: str) -> tuple[Sheet, Header]:
    complete = [pair for pair in found if pair[1].complete]
    filled = [pair for pair in complete if data_lines(*pair)]
    if len(filled) > 1:
        names = ", ".join(sheet.name for sheet, _ in filled)
        raise InputError("register.several_sheets", file=file, sheets=names)
    if filled or complete:
        return (filled or complete)[0]
    return max(found, key=lambda pair: len(pair[1].fields))


def read_rows(chosen: Chosen, warner: Callable[[str], Callable[..., None]]) -> list[Row]:
    """Return the rows of the sheet; those that share one merged number are one convention.

    Parameters
    ----------
    chosen : Chosen
        The sheet and its headings.
    warner : callable
        Gives, for a row's locator, what reports a field, a code, a value and parameters.
    """
    sheet, header, _ = chosen
    notes = sheet.read_notes()
    lines = _unmerged(data_lines(sheet, header), notes)
    groups = _groups(lines, header, notes)
    return [_row(sheet, header, group, notes, warner) for group in groups]


def _unmerged(lines: Sequence[Line], notes: SheetNotes) -> list[Line]:
    """Give every row of a vertically merged cell its value."""
    by_number = {line.number: Line(line.number, list(line.cells)) for line in lines}
    for (top, left), (bottom, _) in notes.merged:
        first = by_number.get(top)
        if first is None or bottom == top or left > len(first.cells):
            continue
        for number in range(top + 1, bottom + 1):
            line = by_number.get(number)
            if line is not None and left <= len(line.cells) and not line.cells[left - 1]:
                line.cells[left - 1] = first.cells[left - 1]
    return list(by_number.values())


def _groups(lines: Sequence[Line], header: Header, notes: SheetNotes) -> list[list[Line]]:
    """Put together the rows whose number (else title) is one merged cell."""
    key = next(
        (c.at for name in ("number", "title") for c in header.columns if c.field == name), None
    )
    tops: dict[int, int] = {}
    for (top, left), (bottom, _) in notes.merged:
        if key is not None and left == key + 1 and bottom > top:
            tops.update(dict.fromkeys(range(top, bottom + 1), top))
    groups: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        groups[tops.get(line.number, line.number)].append(line)
    return list(groups.values())


def _row(
    sheet: Sheet,
    header: Header,
    group: Sequence[Line],
    notes: SheetNotes,
    warner: Callable[[str], Callable[..., None]],
) -> Row:
    cells: dict[str, str] = {}
    headings: dict[str, str] = {}
    spoilt: dict[str, str] = {}
    for column in header.columns:
        if column.field is None:
            continue
        headings.setdefault(column.field, column.heading)
        several = BY_ID[column.field].several
        written = [line.cells[column.at] for line in group if column.at < len(line.cells)]
        if several:
            written = [cells.get(column.field, ""), *written]
        kept = list(written) if several and len(group) > 1 else list(dict.fromkeys(written))
        kept = [value for value in kept if value]
        if len(kept) > 1 and not several:
            spoilt[column.field] = "merged_rows_differ"
        cells[column.field] = "\n".join(dict.fromkeys(kept) if several else kept)
        if code := _spoilt([(line, column.at) for line in group], notes):
            spoilt[column.field] = code
    locator = _locator(sheet, group, cells.get("number", ""))
    return Row(locator, cells, headings, warner(locator), spoilt, len(group))


def _spoilt(places: Sequence[tuple[Line, int]], notes: SheetNotes) -> str | None:
    """Return the code of what a spreadsheet did to one of these cells."""
    for line, at in places:
        if (line.number, at + 1) in notes.no_value:
            return "formula_no_value"
        value = line.cells[at] if at < len(line.cells) else ""
        if (line.number, at + 1) in notes.in_error or CELL_SPOILT.fullmatch(value):
            return "cell_in_error"
    return None


def _locator(sheet: Sheet, group: Sequence[Line], number: str) -> str:
    """Return where a row is, as a person looks for it."""
    first, last = group[0].number, group[-1].number
    lines = f"ligne {first}" if first == last else f"lignes {first} à {last}"
    where = f"feuille « {sheet.name} », {lines}" if sheet.name else lines
    return f"{where} (n° {number.strip()})" if number.strip() else where
