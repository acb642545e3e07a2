"""The CNSA directory as rows: JSON, a text table or a workbook."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from graph.errors import InputError
from loaders import tabular
from loaders.base import Reporter
from loaders.kind_sources.ehpad.cnsa_files import check_columns, is_header, official, whole_rows
from loaders.kind_sources.ehpad.directory import DIRECTORY_KEY
from loaders.partner_lists import file_kind
from loaders.territories.tables import read_table

Row = tuple[str, Mapping[str, str]]
"""Where a row stands, and its cells by the official names of columns."""


def read_directory(path: Path, reporter: Reporter) -> list[Row]:
    """Return the rows of `path`; columns that miss are named, ragged rows rejected.

    Raises
    ------
    InputError
        A file that is cut, or has none of the columns that make it of use.
    """
    content = file_kind(path)
    if content == "json":
        names, rows = _from_json(path, reporter)
    else:
        names, rows = _from_table(path, reporter, workbook=content == "workbook")
    check_columns(names, "directory", path, reporter)
    return rows


def _from_table(path: Path, reporter: Reporter, *, workbook: bool) -> tuple[list[str], list[Row]]:
    if workbook:
        table = read_table(path, lambda cells: is_header(cells, "directory"))
        header, lines = table.header, table.rows
    else:
        text = tabular.read_text_table(path)
        lines = [(1, text.header), *text.rows]
        places = (k for k, (_, cells) in enumerate(lines) if is_header(cells, "directory"))
        place = next(places, None)
        if place is None:
            tabular.require_columns(text.header, [DIRECTORY_KEY], path)
        header, lines = lines[place or 0][1], lines[(place or 0) + 1 :]
    names = official(header, "directory")
    rows = whole_rows(names, lines, reporter)
    return names, [(f"ligne {line}", dict(zip(names, cells, strict=True))) for line, cells in rows]


def _from_json(path: Path, reporter: Reporter) -> tuple[list[str], list[Row]]:
    rows: list[Row] = []
    for number, record in enumerate(_records(path), 1):
        where = f"n° {number}"
        if isinstance(record, dict):
            rows.append((where, dict(_flat(record))))
        else:
            reporter.read()
            reporter.reject(where, "kind.record", value=json.dumps(record, ensure_ascii=False))
    names = list(dict.fromkeys(name for _, row in rows for name in row))
    return names, rows


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
