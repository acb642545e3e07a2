"""Rows of CNSA files: which of the two lists a file is, its header, its records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from graph.errors import InputError
from graph.identifiers import fold
from loaders import tabular
from loaders.base import Reporter
from loaders.kind_sources.ehpad.directory import DIRECTORY_COLUMNS, DIRECTORY_KEY
from loaders.kind_sources.ehpad.prices import PRICE_COLUMNS, PRICE_KEY
from loaders.partner_lists import file_kind
from loaders.territories.tables import read_table

Kind = Literal["prices", "directory"]
Row = Mapping[str, str]

KEYS: Mapping[Kind, str] = {"prices": PRICE_KEY, "directory": DIRECTORY_KEY}
COLUMNS: Mapping[Kind, tuple[str, ...]] = {"prices": PRICE_COLUMNS, "directory": DIRECTORY_COLUMNS}
HEADER_WITHIN = 25
"""Lines of title that may stand above the header."""


class CnsaFile(NamedTuple):
    """A file: its columns by their official names, and its rows with the place of each."""

    names: list[str]
    rows: list[tuple[str, Row]]


def recognise(path: Path) -> Kind | None:
    """Tell whether `path` is a CNSA file, by the name of its identifier column."""
    content = file_kind(path)
    if content == "workbook":
        return next((kind for kind in KEYS if _in_workbook(path, KEYS[kind])), None)
    start = tabular.start_lines(path)[:HEADER_WITHIN]
    if content == "json":
        return "directory" if any(f'"{DIRECTORY_KEY}"' in line for line in start) else None
    words = {word for line in start for word in re.split(r"[;,\t|\"\s]+", line.casefold())}
    return next((kind for kind, key in KEYS.items() if key.casefold() in words), None)


def read_file(path: Path, kind: Kind, reporter: Reporter) -> CnsaFile:
    """Return the rows of `path`; columns that miss are named, ragged rows rejected.

    Raises
    ------
    InputError
        A file that is cut, or has none of the columns that make it of use.
    """
    content = file_kind(path)
    if content == "json":
        found = _json_file(path, reporter)
    else:
        found = _table_file(path, kind, reporter, workbook=content == "workbook")
    _check_columns(found.names, kind, path, reporter)
    return found


def _check_columns(names: Sequence[str], kind: Kind, path: Path, reporter: Reporter) -> None:
    absent = [name for name in COLUMNS[kind] if name not in names]
    tabular.require_columns(names, [KEYS[kind]], path)
    if len(absent) == len(COLUMNS[kind]):
        tabular.require_columns(names, absent, path)
    if absent:
        unknown = [name for name in names if name not in COLUMNS[kind]]
        alike = [f"{name} ≈ {other}" for name in absent for other in _alike(name, unknown)]
        shown = ", ".join(absent)
        reporter.warn(path.name, "kind.columns", value=shown, alike=", ".join(alike) or "–")


def _alike(name: str, unknown: Sequence[str]) -> list[str]:
    return tabular.lookalikes(name, unknown)[:1]


def _table_file(path: Path, kind: Kind, reporter: Reporter, *, workbook: bool) -> CnsaFile:
    def is_header(cells: Sequence[str]) -> bool:
        return KEYS[kind].casefold() in {cell.casefold() for cell in cells}

    if workbook:
        table = read_table(path, is_header)
        header, lines = table.header, table.rows
    else:
        text = tabular.read_text_table(path)
        lines = [(1, text.header), *text.rows]
        place = next((k for k, (_, cells) in enumerate(lines) if is_header(cells)), None)
        if place is None:
            tabular.require_columns(text.header, [KEYS[kind]], path)
        header, lines = lines[place or 0][1], lines[(place or 0) + 1 :]
    names = _official(header, kind)
    return CnsaFile(names, list(_rows(names, lines, reporter)))


def _official(header: Sequence[str], kind: Kind) -> list[str]:
    """Return the official names of columns, whatever their case."""
    known = {name.casefold(): name for name in (KEYS[kind], *COLUMNS[kind])}
    return [known.get(name.strip().casefold(), name.strip()) for name in header]


def _rows(
    names: Sequence[str], lines: Iterable[tuple[int, list[str]]], reporter: Reporter
) -> Iterator[tuple[str, Row]]:
    for number, cells in lines:
        where = f"ligne {number}"
        if len(cells) != len(names):
            reporter.read()
            reporter.reject(where, "kind.cells", found=len(cells), expected=len(names))
            continue
        yield where, dict(zip(names, cells, strict=True))


def _json_file(path: Path, reporter: Reporter) -> CnsaFile:
    rows: list[tuple[str, Row]] = []
    for number, record in enumerate(_records(path), 1):
        where = f"n° {number}"
        if isinstance(record, dict):
            rows.append((where, dict(_flat(record))))
        else:
            reporter.read()
            reporter.reject(where, "kind.record", value=json.dumps(record, ensure_ascii=False))
    names = list(dict.fromkeys(name for _, row in rows for name in row))
    return CnsaFile(names, rows)


def _records(path: Path) -> list[object]:
    try:
        with tabular.open_bytes(path) as stream:
            document = json.load(stream)
    except UnicodeDecodeError as error:
        raise InputError("tabular.encoding", file=str(path), why=str(error)) from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError("kind.json", file=path.name, why=str(error)) from None
    if isinstance(document, dict):
        document = next((item for item in document.values() if isinstance(item, list)), None)
    if not isinstance(document, list):
        raise InputError("kind.records", file=path.name)
    return document


def _flat(record: object, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the values of nested objects under dotted names, as the CSV copy writes them."""
    if isinstance(record, dict):
        for key, value in record.items():
            yield from _flat(value, f"{prefix}{key}.")
    elif record is not None:
        yield prefix.rstrip("."), str(record)


def _in_workbook(path: Path, key: str) -> bool:
    try:
        read_table(path, lambda cells: fold(key) in {fold(cell) for cell in cells})
    except InputError:
        return False
    return True
