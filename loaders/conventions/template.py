"""The empty register that the program gives: columns explained, lists, examples.

The first sheet is ready to type in; "Exemples" shows fictitious rows that can be pasted into it;
"Mode d’emploi" explains every column; "Listes" holds the allowed values behind the menus.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from graph.errors import OutputError, cause_of
from graph.messages import text
from loaders.conventions.choices import CHOICES, labels
from loaders.conventions.examples import EXAMPLES
from loaders.conventions.fields import FIELDS, NAMING, REQUIRED, Field, heading

CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - the same template twice is the same file
TYPED_ROWS = 1000
"""How many rows have menus."""
COLUMNS = tuple(field for field in FIELDS if field.in_template)
WIDE = frozenset({"title", "object", "partners", "remarks", "termination_terms", "document"})
ACCENT = "#1F5F8B"
REQUIRED_COLOUR = "#8B1E3F"


def write_template(path: Path, language: str = "fr") -> Path:
    """Write an empty register to `path` and return it.

    Parameters
    ----------
    path : Path
        An ``.xlsx`` file; an existing one is replaced.
    language : {'fr', 'en'}
        Language of headings and explanations; both are understood when the register is read.

    Raises
    ------
    OutputError
        The file cannot be written (folder missing, file open in Excel), or is no ``.xlsx``.
    """
    if path.suffix.casefold() != ".xlsx":
        raise OutputError("register.template_extension", file=str(path))
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": CREATED, "title": text("register.sheet.register", language)})
    formats = _formats(book)
    _register_sheet(book, formats, language)
    _examples_sheet(book, formats, language)
    _help_sheet(book, formats, language)
    _lists_sheet(book, formats, language)
    try:
        book.close()
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        found = error if isinstance(error, OSError) else error.args[0]
        raise OutputError("register.unwritable", file=str(path), why=cause_of(found)) from None
    return path


def _formats(book: Any) -> dict[str, Any]:  # noqa: ANN401 - XlsxWriter ships no types
    head = {
        "bold": True,
        "font_color": "white",
        "text_wrap": True,
        "valign": "vcenter",
        "border": 1,
    }
    return {
        "head": book.add_format({**head, "bg_color": ACCENT}),
        "required": book.add_format({**head, "bg_color": REQUIRED_COLOUR}),
        "note": book.add_format({"italic": True, "font_color": REQUIRED_COLOUR, "bold": True}),
        "title": book.add_format({"bold": True, "font_size": 14, "font_color": ACCENT}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "dd/mm/yyyy"}),
    }


def _register_sheet(book: Any, formats: dict[str, Any], language: str) -> None:  # noqa: ANN401
    sheet = book.add_worksheet(text("register.sheet.register", language))
    _headings(sheet, 0, formats, language)
    for at, field in enumerate(COLUMNS):
        sheet.write_comment(0, at, _explained(field, language), {"x_scale": 2.2, "y_scale": 1.6})
        cells = formats["date"] if field.reader == "date" or field.id == "end" else None
        if field.id in {"number", "partner_finess"}:
            cells = formats["text"]
        sheet.set_column(at, at, 44 if field.id in WIDE else 20, cells)
        _menu(sheet, at, field, language)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, TYPED_ROWS, len(COLUMNS) - 1)


def _headings(sheet: Any, row: int, formats: dict[str, Any], language: str) -> None:  # noqa: ANN401
    sheet.set_row(row, 42)
    for at, field in enumerate(COLUMNS):
        needed = field.id in REQUIRED or field.id == NAMING[0]
        style = formats["required" if needed else "head"]
        sheet.write_string(row, at, heading(field.id, language), style)


def _menu(sheet: Any, at: int, field: Field, language: str) -> None:  # noqa: ANN401
    """Offer the allowed values; a column that takes several only suggests them."""
    if not _has_list(field):
        return
    column = xl_col_to_name(_list_fields().index(field), col_abs=True)
    count = len(_allowed(field, language))
    lists = text("register.sheet.lists", language)
    sheet.data_validation(
        1,
        at,
        TYPED_ROWS,
        at,
        {
            "validate": "list",
            "source": f"='{lists}'!{column}$2:{column}${count + 1}",
            "error_type": "information" if field.several else "warning",
            "error_title": heading(field.id, language)[:32],
            "error_message": text("register.template.not_in_list", language),
        },
    )


def _has_list(field: Field) -> bool:
    return field.id in CHOICES or field.reader == "yes_no"


def _list_fields() -> list[Field]:
    return [field for field in COLUMNS if _has_list(field)]


def _allowed(field: Field, language: str) -> list[str]:
    if field.id in CHOICES:
        return labels(field.id, language)
    return [text("word.yes", language), text("word.no", language)]


def _explained(field: Field, language: str) -> str:
    return text(f"register.help.{field.id}", language)


def _examples_sheet(book: Any, formats: dict[str, Any], language: str) -> None:  # noqa: ANN401
    sheet = book.add_worksheet(text("register.sheet.examples", language))
    sheet.write_string(0, 0, text("register.template.examples_note", language), formats["note"])
    _headings(sheet, 1, formats, language)
    for row, example in enumerate(EXAMPLES, 2):
        for at, field in enumerate(COLUMNS):
            sheet.set_column(at, at, 44 if field.id in WIDE else 20)
            if field.id in example:
                sheet.write_string(row, at, example[field.id], formats["wrap"])
    sheet.freeze_panes(2, 2)


def _help_sheet(book: Any, formats: dict[str, Any], language: str) -> None:  # noqa: ANN401
    sheet = book.add_worksheet(text("register.sheet.help", language))
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, text("register.template.title", language), formats["title"])
    lines = text("register.template.how", language).split("\n")
    for row, line in enumerate(lines, 1):
        sheet.write_string(row, 0, line)
    start = len(lines) + 2
    for at, key in enumerate(("column", "explanation")):
        sheet.write_string(start, at, text(f"register.template.{key}", language), formats["head"])
    for row, field in enumerate(COLUMNS, start + 1):
        sheet.write_string(row, 0, heading(field.id, language), formats["wrap"])
        allowed = ", ".join(_allowed(field, language)) if _has_list(field) else ""
        shown = (
            f"{_explained(field, language)}\n{allowed}" if allowed else _explained(field, language)
        )
        sheet.write_string(row, 1, shown, formats["wrap"])


def _lists_sheet(book: Any, formats: dict[str, Any], language: str) -> None:  # noqa: ANN401
    sheet = book.add_worksheet(text("register.sheet.lists", language))
    for at, field in enumerate(_list_fields()):
        sheet.set_column(at, at, 30)
        sheet.write_string(0, at, heading(field.id, language), formats["head"])
        for row, value in enumerate(_allowed(field, language), 1):
            sheet.write_string(row, at, value)
