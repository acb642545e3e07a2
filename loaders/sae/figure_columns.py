"""What the figures of a whole SAE table say, each distinct cell read once.

A row whose figures are not plain (a cell that is no count, a total that is not the sum of its
parts) is only pointed out here: :mod:`loaders.sae.figures` reads it by itself and reports it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from graph.dates import PartialDate
from graph.model import Fact
from loaders.columns import coded
from loaders.sae.sheets import Sheet
from loaders.sae.tables import URGENCES, Measure, SaeTable
from loaders.sae.values import NotACountError, count_of

_UNSTATED, _ODD = -1, -2
_MOST = 1 << 40
"""Counts above are left to be read alone: their sums must not run over."""

Counts = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]


class Figures(NamedTuple):
    """By row: what the claim states, and whether the row has to be read by itself."""

    capacity: list[dict[str, float]]
    facts: list[tuple[Fact, ...]]
    activities: list[tuple[str, ...]]
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
    columns = _Columns(sheet)
    return Figures(columns.capacity(), columns.facts(), columns.activities(), columns.odd())


class _Columns:
    """The figures of a sheet, each column read once for each unit that is asked for."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._table = sheet.table
        self._known: dict[tuple[str, str | None], Counts] = {}

    def odd(self) -> Marks:
        """Tell which rows hold a cell that is no count, or a total that is not a sum."""
        found = self._not_sums()
        for measure in (*self._table.capacity, *self._table.facts):
            found |= self._measured(measure) == _ODD
        return found

    def capacity(self) -> list[dict[str, float]]:
        """Return the capacity of each row; rows of the same figures share it."""
        measures = self._table.capacity
        columns = [self._measured(measure).tolist() for measure in measures]
        if not columns:
            return [{}] * len(self._sheet)
        found: dict[tuple[int, ...], dict[str, float]] = {}
        for counts in {*zip(*columns, strict=True)}:
            pairs = zip(measures, counts, strict=True)
            found[counts] = {measure.key: float(count) for measure, count in pairs if count >= 0}
        return [found[counts] for counts in zip(*columns, strict=True)]

    def facts(self) -> list[tuple[Fact, ...]]:
        """Return the facts of each row; rows of the same figure share its fact."""
        year = self._sheet.year
        date = PartialDate(year) if year else None
        columns = [self._stated(measure, date) for measure in self._table.facts]
        if not columns:
            return [()] * len(self._sheet)
        return [tuple(filter(None, facts)) for facts in zip(*columns, strict=True)]

    def activities(self) -> list[tuple[str, ...]]:
        """Return the activities that each row shows."""
        activity = self._table.activity
        if activity is None:
            return [()] * len(self._sheet)
        shown = np.zeros(len(self._sheet), dtype=np.int64)
        for name in self._table.signs:
            shown |= self._is_positive(name)
        choices: list[tuple[str, ...]] = [(), (activity,)]
        if self._table is URGENCES:
            shown += shown * self._is_positive("AUTPED")
            choices.append((activity, "urgences_pediatriques"))
        return [choices[kind] for kind in shown.tolist()]

    def _measured(self, measure: Measure) -> Counts:
        return self._counts(measure.columns[0], measure.unit)

    def _stated(self, measure: Measure, date: PartialDate | None) -> list[Fact | None]:
        counts = self._measured(measure).tolist()
        found = {
            count: Fact(
                topic=measure.key, value=count, unit=measure.unit, modality="constate", date=date
            )
            for count in {*counts}
            if count >= 0
        }
        return list(map(found.get, counts))

    def _not_sums(self) -> Marks:
        found = np.zeros(len(self._sheet), dtype=bool)
        for total, names in self._table.sums:
            whole = self._counts(total, None)
            parts = np.array([self._counts(name, None) for name in names])
            stated = (parts >= 0).any(axis=0)
            found |= (whole >= 0) & stated & (whole != np.maximum(parts, 0).sum(axis=0))
            found |= (whole == _ODD) | (parts == _ODD).any(axis=0)
        return found

    def _is_positive(self, name: str) -> Marks:
        counts = self._counts(name, None)
        marks: Marks = (counts > 0) | (counts == _ODD)
        return marks

    def _counts(self, name: str, unit: str | None) -> Counts:
        """Return a column of counts; without unit, a cell that is no count states none."""
        if (name, unit) not in self._known:
            self._known[name, unit] = self._read(name, unit)
        return self._known[name, unit]

    def _read(self, name: str, unit: str | None) -> Counts:
        if name not in self._sheet:
            return np.full(len(self._sheet), _UNSTATED)
        cells, codes = coded(self._sheet.cells.column(name))
        counts: Counts = np.array([_count(cell, unit) for cell in cells], dtype=np.int64)[codes]
        return counts


def _count(cell: str, unit: str | None) -> int:
    try:
        count = count_of(cell, unit)
    except NotACountError:
        return _ODD if unit else _UNSTATED
    if count is None:
        return _UNSTATED
    return count if count < _MOST else _ODD
