"""What the figures of a whole SAE table say, each distinct cell read once.

A row whose figures are not plain (a cell that is no count, a total that is not the sum of its
parts) is only pointed out here: :mod:`loaders.sae.figures` reads it by itself and reports it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.dates import PartialDate
from graph.model import Fact
from loaders.columns import mapped
from loaders.sae.sheets import Sheet
from loaders.sae.tables import URGENCES, Measure, SaeTable
from loaders.sae.values import NotACountError, count_of

_UNSTATED, _ODD = -1, -2
_MOST = 1 << 40
"""Counts above are left to be read alone: their sums must not run over."""

Counts = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]


class Figures(NamedTuple):
    """By row: the fields of the claim, and whether it has to be read by itself."""

    fields: list[dict[str, Any]]
    odd: Marks


def is_plain(table: SaeTable) -> bool:
    """Tell whether every row of a table is one establishment, every measure one column."""
    measures = (*table.capacity, *table.facts)
    return table.select is None and all(len(measure.columns) == 1 for measure in measures)


def figures_by_row(sheet: Sheet) -> Figures:
    """Return the figures of a sheet whose table is plain.

    Parameters
    ----------
    sheet : Sheet
        Of any table but ID.
    """
    odd = _not_sums(sheet)
    for measure in (*sheet.table.capacity, *sheet.table.facts):
        odd |= _counts(sheet, measure.columns[0], measure.unit) == _ODD
    columns = (_capacity(sheet), _facts(sheet), _activities(sheet))
    fields = [
        {"capacity": capacity, "facts": facts, "activities": activities}
        for capacity, facts, activities in zip(*columns, strict=True)
    ]
    return Figures(fields, odd)


def _counts(sheet: Sheet, name: str, unit: str | None) -> Counts:
    """Return a column of counts; without unit, a cell that is no count states none."""
    if name not in sheet:
        return np.full(len(sheet), _UNSTATED)

    def read(cell: str) -> int:
        try:
            count = count_of(cell, unit)
        except NotACountError:
            return _ODD if unit else _UNSTATED
        if count is None:
            return _UNSTATED
        return count if count < _MOST else _ODD

    return np.array(mapped(sheet.cells.column(name), read), dtype=np.int64)


def _not_sums(sheet: Sheet) -> Marks:
    """Tell which rows have a total that is not the sum of its parts."""
    found = np.zeros(len(sheet), dtype=bool)
    for total, names in sheet.table.sums:
        whole = _counts(sheet, total, None)
        parts = np.array([_counts(sheet, name, None) for name in names])
        stated = (parts >= 0).any(axis=0)
        found |= (whole >= 0) & stated & (whole != np.maximum(parts, 0).sum(axis=0))
        found |= (whole == _ODD) | (parts == _ODD).any(axis=0)
    return found


def _capacity(sheet: Sheet) -> list[dict[str, float]]:
    measures = sheet.table.capacity
    columns = [_counts(sheet, measure.columns[0], measure.unit).tolist() for measure in measures]
    if not columns:
        return [{}] * len(sheet)
    found: dict[tuple[int, ...], dict[str, float]] = {}
    for counts in {*zip(*columns, strict=True)}:
        pairs = zip(measures, counts, strict=True)
        found[counts] = {measure.key: float(count) for measure, count in pairs if count >= 0}
    return [found[counts] for counts in zip(*columns, strict=True)]


def _facts(sheet: Sheet) -> list[tuple[Fact, ...]]:
    date = PartialDate(sheet.year) if sheet.year else None
    columns = [_fact_column(sheet, measure, date) for measure in sheet.table.facts]
    if not columns:
        return [()] * len(sheet)
    return [tuple(filter(None, facts)) for facts in zip(*columns, strict=True)]


def _fact_column(sheet: Sheet, measure: Measure, date: PartialDate | None) -> list[Fact | None]:
    counts = _counts(sheet, measure.columns[0], measure.unit).tolist()
    found: dict[int, Fact | None] = {
        count: Fact(
            topic=measure.key, value=count, unit=measure.unit, modality="constate", date=date
        )
        for count in {*counts}
        if count >= 0
    }
    return [found.get(count) for count in counts]


def _activities(sheet: Sheet) -> list[tuple[str, ...]]:
    table = sheet.table
    if table.activity is None:
        return [()] * len(sheet)
    shown = np.zeros(len(sheet), dtype=np.int64)
    for name in table.signs:
        shown |= _is_positive(sheet, name)
    choices: list[tuple[str, ...]] = [(), (table.activity,)]
    if table is URGENCES:
        shown += shown * _is_positive(sheet, "AUTPED")
        choices.append((table.activity, "urgences_pediatriques"))
    return [choices[kind] for kind in shown.tolist()]


def _is_positive(sheet: Sheet, name: str) -> Marks:
    counts = _counts(sheet, name, None)
    marks: Marks = (counts > 0) | (counts == _ODD)
    return marks
