"""Reading of text tables: what the file really is, its encoding, its delimiter, its header.

A file is told by its content, never by its name. Lines are decoded one by one where the file is
not plain UTF-8: official files hold UTF-8 values inside Latin-1 ones, and the other way round.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple, cast

import numpy as np
from rapidfuzz import fuzz, process, utils

from graph.errors import InputError, cause_of
from graph.store.port import Progress

BLOCK = 2 << 20
"""Bytes read at a time: copies of them, of which reading makes some, stay in memory in use."""
DELIMITERS = ";,\t|"
LOOKALIKE_SCORE = 70

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_FOREIGN = (
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"<!DOCTYPE", "html"),
    (b"<!doctype", "html"),
    (b"<html", "html"),
    (b"<?xml", "xml"),
    (b"7z\xbc\xaf", "seven_zip"),
)
"""First bytes of files that are often renamed .csv, and the message that names them."""


class TextLines(NamedTuple):
    """Lines of a file as UTF-8, joined by line feeds, without one at the end.

    `first` is the number of the first line (from 1); `legacy` tells that some line was not UTF-8
    and was read as Windows-1252; `mixed` numbers the lines that differ from the rest.
    """

    data: bytes
    first: int
    legacy: bool
    mixed: list[int]

    @property
    def lines(self) -> list[bytes]:
        """The lines, one by one."""
        return self.data.split(b"\n")


class TextTable(NamedTuple):
    """A small table with a header: `rows` are (line number, cells)."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    delimiter: str
    legacy: bool
    mixed: list[int]


def check_file(path: Path) -> None:
    """Check that `path` is a file that can be read and is not empty."""
    if path.is_dir():
        raise InputError("tabular.folder", file=str(path))
    try:
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except FileNotFoundError:
        raise InputError("tabular.missing", file=str(path)) from None
    except OSError as error:
        raise InputError("tabular.unreadable", file=str(path), why=cause_of(error)) from None
    if size == 0:
        raise InputError("tabular.empty", file=str(path))


def open_bytes(path: Path) -> IO[bytes]:
    """Open `path` for reading; a gzip file is decompressed on the way."""
    check_file(path)
    with path.open("rb") as stream:
        zipped = stream.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(path, "rb")) if zipped else path.open("rb")


def head(path: Path, size: int = 65536) -> bytes:
    """Return the first bytes of `path`, decompressed.

    Raises
    ------
    InputError
        A PDF, a workbook, a web page... under another name.
    """
    with open_bytes(path) as stream:
        start = next(_blocks(stream, path, size), b"")
    if not start.strip():
        raise InputError("tabular.empty", file=str(path))
    for magic, name in _FOREIGN:
        if start.removeprefix(_BOM).lstrip().startswith(magic):
            raise InputError(f"tabular.foreign.{name}", file=str(path))
    if b"\x00" in start and not start.startswith(_UTF16):
        raise InputError("tabular.foreign.binary", file=str(path))
    # JSON is UTF-8 by definition, and no parser here reads anything else.
    if start.startswith(_UTF16) and start.decode("utf-16", "replace").lstrip()[:1] in {"{", "["}:
        raise InputError("tabular.encoding", file=str(path), why="UTF-16")
    return start


def read_lines(
    path: Path, *, block: int = BLOCK, progress: Progress | None = None
) -> Iterator[TextLines]:
    """Yield the lines of `path`, block after block: memory is bounded by the block.

    Parameters
    ----------
    path : Path
        A text file, gzip-compressed or not.
    block : int
        Bytes read at a time.
    progress : Progress, optional
        Called with ``progress.reading``, the bytes read and their total.
    """
    start = head(path)
    total = path.stat().st_size
    with open_bytes(path) as stream:
        compressed: IO[bytes] = getattr(stream, "fileobj", stream)
        blocks = _blocks(stream, path, block)
        number, rest = 1, b""
        for data in _as_utf8(blocks, start, path):
            whole, end, rest = _cut(rest + data, number)
            if end:
                part = _decoded(whole, number)
                number += part.data.count(b"\n") + 1
                yield part
            if progress is not None:
                progress("progress.reading", min(total, compressed.tell()), total)
        rest = rest.removeprefix(_BOM)
        if rest.strip():
            yield _decoded(rest, number)


def _cut(data: bytes, number: int) -> tuple[bytes, bytes, bytes]:
    """Part `data` after its last whole line; a byte order mark stands in front of the first."""
    whole, end, rest = data.rpartition(b"\n")
    if number == 1 and end:
        whole = whole.removeprefix(_BOM)
    return whole, end, rest


def start_lines(path: Path, size: int = 65536) -> list[str]:
    """Return the first filled lines of `path`, as text; the last may be cut."""
    start = head(path, size)
    text = start.decode("utf-16", "replace") if start.startswith(_UTF16) else ""
    if not text:
        text = _decoded(start.removeprefix(_BOM), 1).data.decode()
    return [line for line in text.splitlines() if line.strip()]


def read_text_table(path: Path, *, progress: Progress | None = None) -> TextTable:
    """Read a delimited text file whose first filled line is its header.

    The delimiter is the one that parts the header most; quoted cells may hold line breaks.
    """
    parts = list(read_lines(path, progress=progress))
    text = b"\n".join(part.data for part in parts).decode()
    legacy = any(part.legacy for part in parts)
    mixed = [number for part in parts for number in part.mixed]
    delimiter = find_delimiter(next(line for line in text.split("\n") if line.strip()))
    try:
        rows = list(_rows(text, delimiter))
    except csv.Error as error:
        raise InputError("tabular.damaged", file=str(path), why=str(error)) from None
    return TextTable(rows[0][1], rows[1:], delimiter, legacy, mixed)


def cells_of(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line, without the blanks around them.

    A lone quote is read as a letter: it must not swallow the lines that follow.
    """
    if '"' not in line:
        return [cell.strip() for cell in line.split(delimiter)]
    try:
        (cells,) = csv.reader([line], delimiter=delimiter, strict=True)
    except csv.Error:
        cells = line.split(delimiter)
    return [cell.strip() for cell in cells]


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the filled rows of a text and the number of their first line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield before + 1, [cell.strip() for cell in cells]
        before = reader.line_num


def find_delimiter(line: str) -> str:
    """Return the delimiter that parts `line` most; the semicolon where none does."""
    return max(DELIMITERS, key=lambda mark: (line.count(mark), mark == ";"))


def lookalikes(wanted: str, names: Sequence[str]) -> list[str]:
    """Return the `names` that look like `wanted`, best first."""
    found = process.extract(
        wanted,
        names,
        scorer=fuzz.ratio,
        processor=utils.default_process,
        score_cutoff=LOOKALIKE_SCORE,
        limit=2,
    )
    return [str(match[0]) for match in found]


def require_columns(header: Sequence[str], wanted: Sequence[str], path: Path) -> None:
    """Check that `header` has all `wanted` columns; say which miss and which look alike."""
    missing = [name for name in wanted if name not in header]
    if not missing:
        return
    unknown = [name for name in header if name and name not in wanted]
    alike = [f"{name} ≈ {other}" for name in missing for other in lookalikes(name, unknown)]
    raise InputError(
        "tabular.columns_alike" if alike else "tabular.columns",
        file=str(path),
        missing=", ".join(missing),
        alike=", ".join(alike),
        found=", ".join(name for name in header if name)[:300],
    )


def _blocks(stream: IO[bytes], path: Path, size: int) -> Iterator[bytes]:
    """Yield blocks of `stream`; a broken compression is an input error."""
    while True:
        try:
            data = stream.read(size)
        except EOFError:
            raise InputError("tabular.truncated_gzip", file=str(path)) from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise InputError("tabular.bad_gzip", file=str(path), why=str(error)) from None
        except OSError as error:
            raise InputError("tabular.unreadable", file=str(path), why=cause_of(error)) from None
        if not data:
            return
        yield data


def _as_utf8(blocks: Iterator[bytes], start: bytes, path: Path) -> Iterator[bytes]:
    """Turn UTF-16 (Excel's "Unicode text") into UTF-8; refuse binary content."""
    if start.startswith(_UTF16):
        try:
            yield b"".join(blocks).decode("utf-16").encode()
        except UnicodeDecodeError as error:
            raise InputError("tabular.encoding", file=str(path), why=str(error)) from None
        return
    for data in blocks:
        if b"\x00" in data:
            raise InputError("tabular.foreign.binary", file=str(path))
        yield data


def _decoded(data: bytes, first: int) -> TextLines:
    """Make every line UTF-8: as it is, else from Windows-1252."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").removesuffix(b"\r").replace(b"\r", b"\n")
    try:
        data.decode()
    except UnicodeDecodeError:
        if not _has_utf8_letter(data):
            return TextLines(_from_windows(data).encode(), first, legacy=True, mixed=[])
        return _decoded_by_line(data.split(b"\n"), first)
    return TextLines(data, first, legacy=False, mixed=[])


def _has_utf8_letter(data: bytes) -> bool:
    """Tell whether a byte that begins a letter of UTF-8 stands before one that goes on with it."""
    found = np.frombuffer(data, np.uint8)
    begins = np.flatnonzero(found[:-1] >= 0xC2)  # noqa: PLR2004 - bounds of the encoding
    after = found[begins + 1]
    return bool(np.any((found[begins] <= 0xF4) & (after >= 0x80) & (after <= 0xBF)))  # noqa: PLR2004


def _decoded_by_line(lines: list[bytes], first: int) -> TextLines:
    plain, legacy = [], []
    for index, line in enumerate(lines):
        if line.isascii():
            continue
        try:
            line.decode()
        except UnicodeDecodeError:
            legacy.append(index)
            lines[index] = _from_windows(line).encode()
        else:
            plain.append(index)
    odd = legacy if len(plain) > len(legacy) else plain
    data = b"\n".join(lines)
    return TextLines(data, first, legacy=True, mixed=[first + index for index in odd])


def _from_windows(line: bytes) -> str:
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return line.decode("latin-1")
