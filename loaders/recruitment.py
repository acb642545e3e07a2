"""A table of stays by commune: how many of the group's patients live where. Read, never stored.

Only aggregated tables are taken: a commune with 1 to 10 stays could tell who somebody is (the rule
of the French hospital data base, PMSI, for what leaves it) and is refused, not rounded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from graph.errors import InputError
from graph.store.port import Rejection
from loaders.base import Reporter
from loaders.communes import CommuneIndex
from loaders.territories.recognise import pick_column
from loaders.territories.tables import Row, Table, read_table

SMALLEST = 11
"""Stays below which a cell is refused."""

COMMUNES = ("code_insee", "code_commune", "codgeo", "insee", "commune", "com")
STAYS = ("sejours", "nb_sejours", "nombre_de_sejours", "nombre_sejours", "stays", "patients")


class Recruitment(NamedTuple):
    """Stays by commune; `refused` are the rows that were not taken, with the reason."""

    stays: dict[str, float]
    refused: list[Rejection]


def read_recruitment(path: Path) -> Recruitment:
    """Return the stays by commune of a CSV or workbook with a code and a number a row.

    Raises
    ------
    InputError
        Unreadable, without these columns, or nothing in it could be kept.
    """
    table = read_table(path, _is_header)
    reporter = Reporter()
    stays: dict[str, float] = {}
    for row in table.rows:
        found = _row(table, row, stays, reporter)
        if found is not None:
            stays[found[0]] = found[1]
    refused = reporter.report.rejections
    if not stays:
        why = refused[0] if refused else ""
        raise InputError("recruitment.nothing", file=path.name, why=why)
    return Recruitment(stays, refused)


def _is_header(cells: Sequence[str]) -> bool:
    header = list(cells)
    return pick_column(header, COMMUNES) is not None and pick_column(header, STAYS) is not None


def _row(
    table: Table, row: Row, known: dict[str, float], reporter: Reporter
) -> tuple[str, float] | None:
    number, cells = row
    place = f"ligne {number}"
    code, said = (_cell(table, cells, names) for names in (COMMUNES, STAYS))
    if not code and not said:
        return None
    communes = CommuneIndex.bundled().current(code)
    count = _count(said)
    if len(communes) != 1:
        reporter.reject(place, "recruitment.commune", field="commune", value=code)
    elif count is None:
        reporter.reject(place, "recruitment.number", field="sejours", value=said)
    elif 0 < count < SMALLEST:
        # the number itself is not repeated
        reporter.reject(place, "recruitment.small", field="commune", value=code, least=SMALLEST)
    elif communes[0] in known:
        reporter.reject(place, "recruitment.twice", field="commune", value=code)
    else:
        return communes[0], count
    return None


def _cell(table: Table, cells: Sequence[str], names: Sequence[str]) -> str:
    column = pick_column(table.header, names)
    return "" if column is None else cells[table.header.index(column)].strip()


def _count(said: str) -> float | None:
    """Return a whole number, not negative; spaces part its thousands."""
    try:
        count = float("".join(said.split()).replace(",", "."))
    except ValueError:
        return None
    return count if math.isfinite(count) and count >= 0 and count == int(count) else None
