"""Tables of partner lists: read by columns, they say what a reading row by row says."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import InputError
from loaders.conventions.raw_sheet import Cell, Sheet
from loaders.conventions.sheet_notes import Range, SheetNotes, xlsx_merged
from loaders.conventions.workbook import open_register
from loaders.list_tables import Row, table_of, tidy
from loaders.partner_lists import read_list

COLUMNS = {"name": ("nom",), "commune": ("commune",)}
PLACES = {"name": 0, "commune": 2}

cells = st.sampled_from(
    ["", "CPTS  Essai", " a\n\n b ", "\xa0", True, False, 1.0, 0.0, 2.5, date(2026, 1, 2)]
)
rows = st.lists(st.lists(cells, max_size=4), max_size=8)
corners = st.tuples(st.integers(1, 10), st.integers(1, 4))
merges = st.lists(st.tuples(corners, corners).filter(lambda both: both[0] <= both[1]), max_size=4)


def a_sheet(below: list[list[Cell]], merged: list[Range]) -> Sheet:
    lines: list[list[Cell]] = [["Essai synthétique"], ["Nom", "Contact", "Commune"], *below]
    notes = SheetNotes(merged=tuple(merged))
    numbers = range(1, len(lines) + 1)
    return Sheet("", visible=True, numbers=numbers, rows=lines, read_notes=lambda: notes)


def row_by_row(sheet: Sheet) -> list[Row]:
    """Return the rows as a person would read them: each line, each cell, each merged cell."""
    by_number = {line.number: line.cells for line in sheet.lines}
    found = []
    for line in sheet.lines[2:]:
        read = {}
        for name, place in PLACES.items():
            read[name] = tidy(line.cells[place]) if place < len(line.cells) else ""
            stated = ""
            for (first, column), (last, _) in sheet.read_notes().merged:
                above = by_number.get(first, [])
                if column == place + 1 and first < line.number <= last and place < len(above):
                    stated = above[place]
            read[name] = read[name] or stated
        if any(line.cells) and any(read.values()):
            found.append((line.number, read))
    return found


@given(rows, merges)
def test_columns_say_what_rows_say(below: list[list[Cell]], merged: list[Range]) -> None:
    sheet = a_sheet(below, merged)
    table = table_of(sheet, 1, PLACES, ["Essai synthétique"])
    assert table.rows == row_by_row(sheet)
    assert table.headings == {"name": "Nom", "commune": "Commune"}
    assert table.column("departement") == [""] * len(table.numbers)


def test_true_and_one_are_different_cells() -> None:
    sheet = a_sheet([[True], [1.0], ["1"]], [])
    assert table_of(sheet, 1, PLACES, []).column("name") == ["oui", "1", "1"]


def merged_list(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Données")
        sheet.merge_range(0, 0, 0, 2, "Essai synthétique")
        sheet.write_row(1, 0, ["Nom", "Contact", "Commune"])
        sheet.merge_range(2, 0, 4, 0, "CPTS Essai")
        sheet.write_row(2, 2, ["Créteil"])
        sheet.write_row(4, 1, ["accueil"])
        sheet.write_row(5, 1, ["mergeCell"])
    return path


def test_a_merged_cell_counts_on_lines_that_are_not_empty(tmp_path: Path) -> None:
    table = read_list(merged_list(tmp_path / "l.xlsx"), COLUMNS, ("name",))
    assert table.rows == [
        (3, {"name": "CPTS Essai", "commune": "Créteil"}),
        (5, {"name": "CPTS Essai", "commune": ""}),
    ]
    assert table.titles == ["Essai synthétique"]


def test_merged_cells_are_read_alone_as_with_the_other_notes(tmp_path: Path) -> None:
    (sheet,) = open_register(merged_list(tmp_path / "l.xlsx")).sheets
    assert sheet.read_merged() == sheet.read_notes().merged == (((1, 1), (1, 3)), ((3, 1), (5, 1)))


def with_sheet(path: Path, content: bytes) -> bytes:
    """Return an XLSX file whose sheet holds `content`."""
    made = path / "changed.xlsx"
    with (
        zipfile.ZipFile(merged_list(path / "whole.xlsx")) as archive,
        zipfile.ZipFile(made, "w") as copy,
    ):
        for name in archive.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            copy.writestr(name, content if is_sheet else archive.read(name))
    return made.read_bytes()


XML = (
    '<?xml version="1.0" encoding="{0}"?><x:worksheet'
    ' xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<x:sheetData/><x:mergeCells><x:mergeCell ref="A1:A2"/></x:mergeCells></x:worksheet>'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_merged_cells_are_found_whatever_the_xml(tmp_path: Path, encoding: str) -> None:
    content = with_sheet(tmp_path, XML.format(encoding).encode(encoding))
    assert xlsx_merged(content, "Données") == (((1, 1), (2, 1)),)
    assert xlsx_merged(content, "Ailleurs") == ()


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (XML.format("utf-8")[:-9], "register.damaged_xml"),
        ("<a></b>", "register.damaged_xml"),
        ("<!DOCTYPE a><a/>", "register.unsafe_xml"),
    ],
)
def test_xml_that_does_not_hold_is_refused(tmp_path: Path, xml: str, code: str) -> None:
    content = with_sheet(tmp_path, xml.encode())
    with pytest.raises(InputError) as caught:
        xlsx_merged(content, "Données")
    assert caught.value.code == code
