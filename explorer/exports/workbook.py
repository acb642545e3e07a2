"""XLSX: one sheet a table, types right, and a sheet that explains columns and sources."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, NamedTuple

import xlsxwriter

from explorer.exports.columns import Column, about, heading
from explorer.exports.delimited import joined
from explorer.exports.material import Material
from explorer.exports.notes import notes
from explorer.exports.plain_text import neutral
from explorer.exports.rows import Row, Value, columns_of, table
from graph.dates import PartialDate, bounds, is_exact
from graph.messages import text

ACCENT = "#1F5F8B"
LONGEST_CELL = 32_767
"""Characters that Excel holds in a cell."""

LINE_LENGTH, LINE_HEIGHT = 140, 15
"""Characters of a note on one line of the first sheet, and points that a line takes."""

FIRST_DAY = 1900
"""Excel counts days from this year; an older date stays text."""


_AS_TEXT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


class _Formats(NamedTuple):
    head: Any
    date: Any
    day: Any
    title: Any
    wrap: Any
    bold: Any


def write_xlsx(material: Material) -> bytes:
    """Return a workbook of every table of `material`.

    Dates known to the day are dates, partial ones text as stated; numbers are numbers, yes and no
    are booleans. Filters are on, the header stays in view.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _AS_TEXT)
    book.set_properties(
        {
            "title": neutral(material.view.caption.title),
            "author": "Maillage",
            "comments": material.view.caption.date,
            "created": material.moment.replace(tzinfo=None),
        }
    )
    formats = _formats(book)
    _explain(book, formats, material)
    for name in material.tables:
        _sheet(book, formats, material, name)
    book.close()
    return out.getvalue()


def _formats(book: Any) -> _Formats:  # noqa: ANN401 - XlsxWriter ships no types
    head = {"bold": True, "font_color": "white", "bg_color": ACCENT, "text_wrap": True}
    return _Formats(
        head=book.add_format({**head, "valign": "vcenter", "border": 1}),
        date=book.add_format({"num_format": "dd/mm/yyyy", "align": "left"}),
        day=book.add_format({"num_format": "@"}),
        title=book.add_format({"bold": True, "font_size": 14, "font_color": ACCENT}),
        wrap=book.add_format({"text_wrap": True, "valign": "top"}),
        bold=book.add_format({"bold": True, "valign": "top"}),
    )


def _sheet(book: Any, formats: _Formats, material: Material, name: str) -> None:  # noqa: ANN401
    sheet = book.add_worksheet(text(f"export.sheet.{name}", material.language))
    columns, rows = columns_of(material, name), table(material, name)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, heading(column, material.language), formats.head)
    sheet.set_row(0, 32)
    for line, row in enumerate(rows, 1):
        _write_row(sheet, line, row, columns, formats)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)


def _write_row(
    sheet: Any,  # noqa: ANN401
    line: int,
    row: Row,
    columns: Sequence[Column],
    formats: _Formats,
) -> None:
    for at, column in enumerate(columns):
        value = row.get(column.key)
        if value is None or value == ():
            continue
        if isinstance(value, bool):
            sheet.write_boolean(line, at, value)
        elif isinstance(value, int | float):
            sheet.write_number(line, at, value)
        elif column.type == "date" and (day := _full_day(value)) is not None:
            sheet.write_datetime(line, at, day, formats.date)
        else:
            sheet.write_string(line, at, cell_text(value), formats.day)


def cell_text(value: Value) -> str:
    """Return `value` as the text of a cell, cut where Excel would refuse it."""
    said = neutral(joined(value))
    return said if len(said) <= LONGEST_CELL else f"{said[: LONGEST_CELL - 1]}…"


def _full_day(value: Value) -> datetime | None:
    """Return the day that `value` names; None for a partial date, or one before Excel's days."""
    partial = PartialDate(str(value))
    first, _ = bounds(partial)
    if not is_exact(partial) or first.year < FIRST_DAY:
        return None
    return datetime.combine(first, time())


def _explain(book: Any, formats: _Formats, material: Material) -> None:  # noqa: ANN401
    """Write the sheet that says what the file holds, where it comes from, what columns mean."""
    language = material.language
    sheet = book.add_worksheet(text("export.sheet.about", language))
    for at, width in enumerate((22, 34, 100)):
        sheet.set_column(at, at, width)
    sheet.write_string(0, 0, neutral(material.view.caption.title), formats.title)
    line = 1
    for said in notes(material):
        sheet.merge_range(line, 0, line, 2, neutral(said), formats.wrap)
        sheet.set_row(line, LINE_HEIGHT * (1 + len(said) // LINE_LENGTH))
        line += 1
    line += 1
    for at, name in enumerate(("sheet", "column", "about")):
        words = text(f"export.explain.{name}", language)
        sheet.write_string(line, at, words, formats.head)
    for name in material.tables:
        title = text(f"export.sheet.{name}", language)
        line += 1
        sheet.write_string(line, 0, title, formats.bold)
        sheet.write_string(line, 2, text(f"export.holds.{name}", language), formats.wrap)
        for column in columns_of(material, name):
            line += 1
            sheet.write_string(line, 0, title)
            sheet.write_string(line, 1, heading(column, language))
            sheet.write_string(line, 2, about(column, language), formats.wrap)
