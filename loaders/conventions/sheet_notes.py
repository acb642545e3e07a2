"""What a sheet hides: rows and columns out of sight, merged cells, formulas without a value.

python-calamine gives the values; this module reads the XML of XLSX and ODS files for the rest.
The XML comes from outside: a document type declaration, which entity bombs need, is refused.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree as ET
from xml.parsers import expat

from graph.errors import InputError

Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell, both included, as (row, column) from 1."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CELL = re.compile(r"([A-Z]+)(\d+)")
MAX_REPEAT = 10_000
"""ODS pads sheets with rows and cells repeated a million times: nothing is in them."""


class SheetNotes(NamedTuple):
    """What is not seen in the values. `checked` is False where the format cannot be asked."""

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[Range, ...] = ()
    no_value: frozenset[tuple[int, int]] = frozenset()
    in_error: frozenset[tuple[int, int]] = frozenset()
    checked: bool = True


def xlsx_notes(content: bytes, sheet: str) -> SheetNotes:
    """Read what the XLSX file hides in the sheet of that name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        member = _xlsx_member(archive, sheet)
        if member is None:
            return SheetNotes(checked=False)
        rows: set[int] = set()
        columns: set[int] = set()
        merged: list[Range] = []
        no_value: set[tuple[int, int]] = set()
        in_error: set[tuple[int, int]] = set()
        for element in _elements(archive.read(member)):
            if element.tag == f"{_MAIN}row" and element.get("hidden") in {"1", "true"}:
                rows.add(int(element.get("r", "0")))
            elif element.tag == f"{_MAIN}col" and element.get("hidden") in {"1", "true"}:
                last = min(int(element.get("max", "0")), MAX_REPEAT)
                columns.update(range(int(element.get("min", "1")), last + 1))
            elif element.tag == f"{_MAIN}mergeCell":
                merged.append(_range(element.get("ref", "")))
            elif element.tag == f"{_MAIN}c":
                _note_cell(element, no_value, in_error)
    return SheetNotes(
        frozenset(rows), frozenset(columns), tuple(merged), frozenset(no_value), frozenset(in_error)
    )


def xlsx_merged(content: bytes, sheet: str) -> tuple[Range, ...]:
    """Read the merged cells alone of the sheet of that name in the XLSX file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        member = _xlsx_member(archive, sheet)
        if member is None:
            return ()
        data = _safe(archive.read(member))
    merged: list[Range] = []

    def begin(tag: str, attributes: dict[str, str]) -> None:
        if tag == f"{_MAIN[1:]}mergeCell":
            merged.append(_range(attributes.get("ref", "")))

    parser = expat.ParserCreate(namespace_separator="}")
    # Merged cells stand below the rows: a call for each cell of a long list takes a second.
    above, below = _parted_before(data, b"mergeCell")
    try:
        parser.Parse(above, False)  # noqa: FBT003 - takes no name
        parser.StartElementHandler = begin
        parser.Parse(below, True)  # noqa: FBT003 - takes no name
    except expat.ExpatError as error:
        raise InputError("register.damaged_xml", why=str(error)) from None
    return tuple(merged)


def _parted_before(data: bytes, word: bytes) -> tuple[memoryview, memoryview]:
    """Part XML before the first tag that has `word`; UTF-16, where it is not seen, at the start."""
    found = data.find(word)
    last = len(data) if found < 0 else max(data.rfind(b"<", 0, found), 0)
    place = 0 if b"\x00" in data[:4] else last
    whole = memoryview(data)
    return whole[:place], whole[place:]


def _note_cell(
    cell: ET.Element, no_value: set[tuple[int, int]], in_error: set[tuple[int, int]]
) -> None:
    where = _cell(cell.get("r", ""))
    if cell.get("t") == "e":
        in_error.add(where)
    elif cell.find(f"{_MAIN}f") is not None and cell.get("t") != "str":
        value = cell.find(f"{_MAIN}v")
        if value is None or not value.text:
            no_value.add(where)


def _xlsx_member(archive: zipfile.ZipFile, sheet: str) -> str | None:
    book = _tree(archive.read("xl/workbook.xml"))
    relation = next(
        (item.get(_RELATION) for item in book.iter(f"{_MAIN}sheet") if item.get("name") == sheet),
        None,
    )
    for item in _tree(archive.read("xl/_rels/workbook.xml.rels")):
        if item.get("Id") == relation:
            member = posixpath.normpath(posixpath.join("xl", item.get("Target", ""))).lstrip("/")
            return member if member in archive.namelist() else None
    return None


def ods_notes(content: bytes, sheet: str) -> SheetNotes:
    """Read what the ODS file hides in the sheet of that name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = _tree(archive.read("content.xml"))
    table = next(
        (item for item in root.iter(f"{_TABLE}table") if item.get(f"{_TABLE}name") == sheet), None
    )
    if table is None:
        return SheetNotes(checked=False)
    rows: set[int] = set()
    merged: list[Range] = []
    number = 1
    for row in table.iter(f"{_TABLE}table-row"):
        repeat = int(row.get(f"{_TABLE}number-rows-repeated", "1"))
        if row.get(f"{_TABLE}visibility") in {"collapse", "filter"} and repeat < MAX_REPEAT:
            rows.update(range(number, number + repeat))
        merged.extend(_ods_merged(row, number))
        number += repeat
    columns = frozenset(_ods_hidden_columns(table))
    return SheetNotes(frozenset(rows), columns, tuple(merged))


def _ods_merged(row: ET.Element, number: int) -> Iterator[Range]:
    column = 1
    for cell in row:
        down = int(cell.get(f"{_TABLE}number-rows-spanned", "1"))
        across = int(cell.get(f"{_TABLE}number-columns-spanned", "1"))
        if down > 1 or across > 1:
            yield (number, column), (number + down - 1, column + across - 1)
        column += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))


def _ods_hidden_columns(table: ET.Element) -> Iterator[int]:
    number = 1
    for column in table.iter(f"{_TABLE}table-column"):
        repeat = int(column.get(f"{_TABLE}number-columns-repeated", "1"))
        if column.get(f"{_TABLE}visibility") in {"collapse", "filter"} and repeat < MAX_REPEAT:
            yield from range(number, number + repeat)
        number += repeat


def _safe(data: bytes) -> bytes:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise InputError("register.unsafe_xml")
    return data


def _tree(data: bytes) -> ET.Element:
    try:
        return ET.fromstring(_safe(data))  # noqa: S314 - entity declarations were refused above
    except ET.ParseError as error:
        raise InputError("register.damaged_xml", why=str(error)) from None


def _elements(data: bytes) -> Iterator[ET.Element]:
    try:
        for _, element in ET.iterparse(io.BytesIO(_safe(data))):  # noqa: S314 - refused above
            yield element
            if element.tag == f"{_MAIN}row":
                element.clear()
    except ET.ParseError as error:
        raise InputError("register.damaged_xml", why=str(error)) from None


def _range(reference: str) -> Range:
    first, _, last = reference.partition(":")
    return _cell(first), _cell(last or first)


def _cell(reference: str) -> tuple[int, int]:
    found = _CELL.fullmatch(reference.replace("$", ""))
    if found is None:
        return 0, 0
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column
