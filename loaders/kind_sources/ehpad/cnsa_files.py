"""CNSA files: which of the two lists a file is, its header, its whole rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from graph.errors import InputError
from graph.identifiers import fold
from loaders import tabular
from loaders.base import Reporter
from loaders.kind_sources.ehpad.directory import DIRECTORY_COLUMNS, DIRECTORY_KEY
from loaders.kind_sources.ehpad.prices import PRICE_COLUMNS, PRICE_KEY, UPDATED
from loaders.partner_lists import file_kind
from loaders.territories.tables import read_table

Kind = Literal["prices", "directory"]

KEYS: Mapping[Kind, str] = {"prices": PRICE_KEY, "directory": DIRECTORY_KEY}
COLUMNS: Mapping[Kind, tuple[str, ...]] = {"prices": PRICE_COLUMNS, "directory": DIRECTORY_COLUMNS}
BESIDES: Mapping[Kind, tuple[str, ...]] = {"prices": (UPDATED,), "directory": ()}
"""Columns that are read too, and that do not make a file of use by themselves."""
HEADER_WITHIN = 25
"""Lines of title that may stand above the header."""


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


def check_columns(names: Sequence[str], kind: Kind, path: Path, reporter: Reporter) -> None:
    """Name the columns that a list lacks; one that lacks all that make it of use is refused."""
    tabular.require_columns(names, [KEYS[kind]], path)
    if not set(COLUMNS[kind]).intersection(names):
        tabular.require_columns(names, COLUMNS[kind], path)
    known = (*COLUMNS[kind], *BESIDES[kind])
    absent = [name for name in known if name not in names]
    if absent:
        unknown = [name for name in names if name not in known]
        alike = [f"{name} ≈ {other}" for name in absent for other in _alike(name, unknown)]
        shown = ", ".join(absent)
        reporter.warn(path.name, "kind.columns", value=shown, alike=", ".join(alike) or "–")


def _alike(name: str, unknown: Sequence[str]) -> list[str]:
    return tabular.lookalikes(name, unknown)[:1]


def is_header(cells: Sequence[str], kind: Kind) -> bool:
    """Tell whether cells are the header of a list, by its column of numbers."""
    return KEYS[kind].casefold() in {cell.casefold() for cell in cells}


def official(header: Sequence[str], kind: Kind) -> list[str]:
    """Return the official names of columns, whatever their case."""
    known = {name.casefold(): name for name in (KEYS[kind], *COLUMNS[kind], *BESIDES[kind])}
    return [known.get(name.strip().casefold(), name.strip()) for name in header]


def whole_rows(
    names: Sequence[str], lines: Iterable[tuple[int, list[str]]], reporter: Reporter
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that have as many cells as the header; the others are told."""
    for line, cells in lines:
        if len(cells) == len(names):
            yield line, cells
        else:
            reject_ragged(line, len(cells), len(names), reporter)


def reject_ragged(line: int, found: int, expected: int, reporter: Reporter) -> None:
    """Tell of a row that has not as many cells as the header."""
    reporter.read()
    reporter.reject(f"ligne {line}", "kind.cells", found=found, expected=expected)


def _in_workbook(path: Path, key: str) -> bool:
    try:
        read_table(path, lambda cells: fold(key) in {fold(cell) for cell in cells})
    except InputError:
        return False
    return True
