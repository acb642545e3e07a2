"""What the figures of a SAE row say: capacity, activities, facts of the year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from graph.dates import PartialDate
from graph.model import Fact
from loaders.base import Reporter
from loaders.sae.tables import SUFFIXES, URGENCES, Measure, SaeTable
from loaders.sae.values import NotACountError, count_of

if TYPE_CHECKING:
    from loaders.sae.files import SaeRow


def figures_of(table: SaeTable, rows: Sequence[SaeRow], reporter: Reporter) -> dict[str, Any]:
    """Return capacity, facts and activities that the rows of one establishment state.

    Parameters
    ----------
    table : SaeTable
        The table of the rows.
    rows : sequence of SaeRow
        Those that count; several where units are counted apart (URGENCES2).
    reporter : Reporter
        Told of the cells that are no counts, and of totals that are not the sum of their parts.
    """
    for row in rows:
        _check_sums(table, row, reporter)
    capacity = {
        measure.key: float(count)
        for row in rows
        for measure in table.capacity
        if (count := measured(row, measure, reporter)) is not None
    }
    facts = tuple(fact for row in rows for fact in facts_of(row, table.facts, reporter))
    return {"capacity": capacity, "facts": facts, "activities": _activities(table, rows)}


def facts_of(row: SaeRow, measures: Sequence[Measure], reporter: Reporter) -> Iterator[Fact]:
    """Yield a fact for each measure that `row` states."""
    suffix = SUFFIXES.get(row.cells.get("URG", "").upper())
    for measure in measures:
        if (count := measured(row, measure, reporter)) is not None:
            yield Fact(
                topic=f"{measure.key}_{suffix}" if suffix else measure.key,
                value=count,
                unit=measure.unit,
                modality="constate",
                date=PartialDate(row.year) if row.year else None,
            )


def measured(row: SaeRow, measure: Measure, reporter: Reporter) -> int | None:
    """Return a measure; unknown where one of its cells cannot be read."""
    counts = []
    for name in measure.columns:
        cell = row.cells.get(name, "")
        try:
            counts.append(count_of(cell, measure.unit))
        except NotACountError:
            reporter.warn(row.place, "sae.count", field=name, value=cell, unit=measure.unit)
            return None
    stated = [count for count in counts if count is not None]
    return sum(stated) if stated else None


def _activities(table: SaeTable, rows: Sequence[SaeRow]) -> tuple[str, ...]:
    if table.activity is None or not _any_positive(rows, table.signs):
        return ()
    if table is URGENCES and _any_positive(rows, ("AUTPED",)):
        return (table.activity, "urgences_pediatriques")
    return (table.activity,)


def _any_positive(rows: Sequence[SaeRow], names: Sequence[str]) -> bool:
    return any(_plain(row.cells, name) for row in rows for name in names)


def _check_sums(table: SaeTable, row: SaeRow, reporter: Reporter) -> None:
    for total, parts in table.sums:
        stated = [count for name in parts if (count := _plain(row.cells, name)) is not None]
        whole = _plain(row.cells, total)
        if whole is not None and stated and whole != sum(stated):
            reporter.warn(row.place, "sae.sum", field=total, value=whole, parts=sum(stated))


def _plain(cells: Mapping[str, str], name: str) -> int | None:
    """Return a cell as a count, whatever its unit; None where it says none."""
    try:
        return count_of(cells.get(name, ""), None)
    except NotACountError:
        return None
