"""Opening a register, whatever it is: CSV, XLSX, XLSB, XLS or ODS, told by content, not by name.

Cells come out as text, dates in ISO form: what follows reads one kind of value only. What would
spoil a load without being seen (hidden rows, merged cells, formulas without a value) is noted on
the sheet, see :mod:`loaders.conventions.sheet_notes`.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from graph.errors import InputError, cause_of
from loaders.conventions.raw_sheet import Cell, Sheet
from loaders.conventions.sheet_notes import (
    SheetNotes,
    ods_notes,
    xlsx_merged,
    xlsx_notes,
)
from loaders.tabular import DELIMITERS, head, read_lines

MAX_BYTES = 50 << 20
"""A register of 150 conventions weighs well under a megabyte."""
MAX_UNPACKED = 400 << 20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
LOCKS = ("~$", ".~lock.")
"""How the names begin of what Excel and LibreOffice leave beside a file that they hold open."""
SHARING_VIOLATIONS = (32, 33)
"""Windows codes of a file held open by another program."""

_FILEPASS = re.compile(rb"\x09\x08\x10\x00.{16}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
"""The record that an encrypted XLS has right after its first one."""
_MODIFIED = re.compile(rb"<(?:dcterms:modified|dc:date)[^>]*>(\d{4}-\d{2}-\d{2})")


class Workbook(NamedTuple):
    """A register's file. `modified` is the day of its last change as the file itself says it."""

    path: Path
    format: str
    sheets: list[Sheet]
    modified: date | None = None
    open_elsewhere: bool = False
    legacy_encoding: bool = False


def open_register(path: Path) -> Workbook:
    """Open the register at `path`.

    Raises
    ------
    InputError
        Missing, empty, huge, open in another program (or the mark that this leaves), protected by
        a password, or not a table; the message says what to do.
    """
    if path.name.startswith(LOCKS):
        raise InputError("register.lock_file", file=str(path))
    start = _first_bytes(path)
    if start.startswith(OLE):
        return _open_ole(path)
    if start.startswith(ZIP):
        return _open_zip(path)
    return _open_text(path)


def lock_file(path: Path) -> Path | None:
    """Return the lock that Excel or LibreOffice leaves beside a file that it has open."""
    for name in (f"~${path.name}", f"~${path.name[2:]}", f".~lock.{path.name}#"):
        if path.with_name(name).exists():
            return path.with_name(name)
    return None


def _first_bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise InputError("register.folder", file=str(path))
        with path.open("rb") as stream:
            start = stream.read(8)
    except FileNotFoundError:
        raise InputError("register.missing", file=str(path)) from None
    except OSError as error:
        raise _unreadable(path, error) from None
    if size == 0:
        raise InputError("register.empty_file", file=str(path))
    if size > MAX_BYTES:
        raise InputError(
            "register.huge", file=str(path), size=round(size / 1e6), limit=round(MAX_BYTES / 1e6)
        )
    return start


def _unreadable(path: Path, error: OSError) -> InputError:
    held = getattr(error, "winerror", None) in SHARING_VIOLATIONS or lock_file(path) is not None
    if held:
        return InputError("register.open_elsewhere", file=str(path))
    return InputError("register.unreadable", file=str(path), why=cause_of(error))


def _open_ole(path: Path) -> Workbook:
    content = path.read_bytes()
    if ENCRYPTED in content or _FILEPASS.search(content):
        raise InputError("register.password", file=str(path))
    return _open_calamine(path, "xls", content, lambda _name: SheetNotes(checked=False))


def _open_zip(path: Path) -> Workbook:
    content = path.read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            unpacked = sum(item.file_size for item in archive.infolist())
            modified = _modified(archive, names)
            protected = _protected_ods(archive, names)
    except (zipfile.BadZipFile, OSError, EOFError):
        raise InputError("register.damaged", file=str(path)) from None
    if unpacked > MAX_UNPACKED:
        limit = round(MAX_UNPACKED / 1e6)
        raise InputError("register.huge", file=str(path), size=round(unpacked / 1e6), limit=limit)
    if protected:
        raise InputError("register.password", file=str(path))
    if "xl/workbook.xml" in names:
        return _open_calamine(
            path, "xlsx", content, lambda name: xlsx_notes(content, name), modified
        )
    if "xl/workbook.bin" in names:
        return _open_calamine(
            path, "xlsb", content, lambda _name: SheetNotes(checked=False), modified
        )
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return _open_calamine(path, "ods", content, lambda name: ods_notes(content, name), modified)
    raise InputError("register.not_a_workbook", file=str(path))


def _modified(archive: zipfile.ZipFile, names: set[str]) -> date | None:
    for name in ("docProps/core.xml", "meta.xml"):
        found = _MODIFIED.search(archive.read(name)) if name in names else None
        if found:
            try:
                return date.fromisoformat(found[1].decode())
            except ValueError:
                return None
    return None


def _protected_ods(archive: zipfile.ZipFile, names: set[str]) -> bool:
    manifest = "META-INF/manifest.xml"
    return manifest in names and b"encryption-data" in archive.read(manifest)


def _open_calamine(
    path: Path,
    kind: str,
    content: bytes,
    notes: Callable[[str], SheetNotes],
    modified: date | None = None,
) -> Workbook:
    try:
        with CalamineWorkbook.from_object(io.BytesIO(content)) as book:
            sheets = list(_sheets(book, kind, content, notes))
    except PasswordError:
        raise InputError("register.password", file=str(path)) from None
    except (CalamineError, OSError, ValueError) as error:
        raise InputError("register.damaged", file=str(path), why=str(error)) from None
    return Workbook(path, kind, sheets, modified, lock_file(path) is not None)


def _sheets(
    book: CalamineWorkbook, kind: str, content: bytes, notes: Callable[[str], SheetNotes]
) -> Iterator[Sheet]:
    for item in book.sheets_metadata:
        if item.typ == SheetTypeEnum.WorkSheet:
            rows = book.get_sheet_by_name(item.name).to_python(skip_empty_area=False)
            yield Sheet(
                name=item.name,
                visible=item.visible == SheetVisibleEnum.Visible,
                numbers=range(1, len(rows) + 1),
                rows=rows,
                read_notes=partial(notes, item.name),
                read_merged_apart=partial(xlsx_merged, content, item.name)
                if kind == "xlsx"
                else None,
            )


def _open_text(path: Path) -> Workbook:
    head(path)
    parts = list(read_lines(path))
    text = "\n".join(line.decode() for part in parts for line in part.lines)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    numbers: list[int] = []
    rows: list[list[Cell]] = []
    before = 0
    try:
        for cells in reader:
            numbers.append(before + 1)
            rows.append([*cells])
            before = reader.line_num
    except csv.Error as error:
        raise InputError("register.damaged", file=str(path), why=str(error)) from None
    sheet = Sheet("", visible=True, numbers=numbers, rows=rows, read_notes=SheetNotes)
    legacy = any(part.legacy for part in parts)
    return Workbook(path, "csv", [sheet], None, lock_file(path) is not None, legacy)


def _delimiter(text: str) -> str:
    """Return the delimiter that parts the most of the first lines: titles may stand above."""
    sample = [line for line in text.split("\n") if line.strip()][:40]

    def lines_parted(mark: str) -> tuple[int, int, bool]:
        counts = sorted((line.count(mark) for line in sample), reverse=True)
        return sum(count > 1 for count in counts), counts[0] if counts else 0, mark == ";"

    return max(DELIMITERS, key=lines_parted)
