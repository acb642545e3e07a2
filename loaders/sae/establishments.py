"""Establishments of the SAE tables: one claim for each establishment and table.

A table of one row an establishment is read by columns. Rows that need a remark, and tables of
several rows an establishment, are read row by row: both ways say the same of the same row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from graph.identifiers import is_finess
from graph.model import StructureClaim
from loaders.base import LoadContext, Reporter
from loaders.columns import matches
from loaders.sae.figure_columns import Marks, figures_by_row, is_plain
from loaders.sae.figures import figures_of
from loaders.sae.files import SaeRow, SaeRows
from loaders.sae.identity import identity_by_row, identity_of
from loaders.sae.places import places_of
from loaders.sae.sheets import FINESS, Sheet, sheets_of
from loaders.sae.tables import ID, SaeTable


class Establishments:
    """Claims on the establishments of a load.

    Parameters
    ----------
    rows : sequence of SaeRows
        Of every table, one year each; the rows of GHT are left to others.
    context : LoadContext
        `departements` limits the load.
    reporter : Reporter
        Told of every row.
    """

    def __init__(self, rows: Sequence[SaeRows], context: LoadContext, reporter: Reporter) -> None:
        self._reporter = reporter
        self._wanted = frozenset(context.departements)
        self.parts: frozenset[str] = frozenset()
        self._sheets = sheets_of(rows, reporter)
        self._places = places_of(self._sheets, reporter)

    def claims(self) -> Iterator[StructureClaim]:
        """Yield the claims, table by table, by number; count the rows."""
        parts: set[str] = set()
        for sheet in self._sheets:
            order = self._in_scope(sheet)
            parts.update(set(self._parts(sheet, order).values()))
            yield from (self._by_column if is_plain(sheet.table) else self._by_row)(sheet, order)
        self.parts = frozenset(parts)

    def _in_scope(self, sheet: Sheet) -> list[int]:
        """Return the rows that are asked for, in order of number; count the others."""
        numbers = sheet.numbers
        order = sorted(range(len(numbers)), key=numbers.__getitem__)
        if not self._wanted:
            return order
        kept = [row for row in order if self._places[numbers[row]].departement in self._wanted]
        self._reporter.skip(len(order) - len(kept))
        return kept

    def _parts(self, sheet: Sheet, order: Sequence[int]) -> dict[str, str]:
        """Return the part of each département."""
        numbers = sheet.numbers
        found = {self._places[numbers[row]].departement for row in order}
        return {code: f"{code}:{sheet.table.name.lower()}" for code in found}

    def _by_row(self, sheet: Sheet, order: Sequence[int]) -> Iterator[StructureClaim]:
        for number, places in groupby(order, key=sheet.numbers.__getitem__):
            rows = self._counting(sheet.table, [sheet.row(row) for row in places])
            if rows:
                yield self._claim(sheet, number, rows)

    def _counting(self, table: SaeTable, rows: Sequence[SaeRow]) -> list[SaeRow]:
        """Return the rows that count; breakdowns are left aside."""
        if table.select is None:
            chosen = list(rows)
        else:
            column, values = table.select
            chosen = [row for row in rows if row.cells[column].upper() in values]
        self._reporter.keep(len(chosen))
        self._reporter.skip(len(rows) - len(chosen))
        if not chosen:
            number = rows[0].cells["FI"]
            self._reporter.warn(rows[0].place, "sae.no_total", field="FI", value=number)
        return chosen

    def _claim(self, sheet: Sheet, number: str, rows: Sequence[SaeRow]) -> StructureClaim:
        first = rows[0]
        entity = first.cells.get("FI_EJ", "").upper()
        if entity and not is_finess(entity):
            self._reporter.warn(first.place, "sae.bad_entity", field="FI_EJ", value=entity)
            entity = ""
        said = self._said(sheet.table, number, rows)
        part = f"{self._places[number].departement}:{sheet.table.name.lower()}"
        return _stated(sheet, number, part, first.cells.get("RS", ""), entity, said)

    def _said(self, table: SaeTable, number: str, rows: Sequence[SaeRow]) -> dict[str, Any]:
        if table is ID:
            return identity_of(rows[0], self._places[number], self._reporter)
        return figures_of(table, rows, self._reporter)

    def _by_column(self, sheet: Sheet, order: Sequence[int]) -> Iterator[StructureClaim]:
        numbers, names = sheet.numbers, sheet.column("RS")
        entities = [entity.upper() for entity in sheet.column("FI_EJ")]
        said, odd = self._fields(sheet)
        alone = (odd | _have_bad_entity(sheet)).tolist()
        parts = self._parts(sheet, order)
        kept = 0
        for row in order:
            if alone[row]:
                yield from self._by_row(sheet, [row])
                continue
            kept += 1
            number = numbers[row]
            part = parts[self._places[number].departement]
            yield _stated(sheet, number, part, names[row], entities[row], said[row])
        self._reporter.keep(kept)

    def _fields(self, sheet: Sheet) -> tuple[list[dict[str, Any]], Marks]:
        """Return the fields that each row states, and which rows need a look of their own."""
        if sheet.table is ID:
            identity = identity_by_row(sheet, [self._places[number] for number in sheet.numbers])
            return identity.fields, np.array(identity.contradict, dtype=bool)
        figures = figures_by_row(sheet)
        return figures.fields, figures.odd


def _have_bad_entity(sheet: Sheet) -> Marks:
    if "FI_EJ" not in sheet:
        return np.zeros(len(sheet), dtype=bool)
    return ~matches(sheet.cells.column("FI_EJ"), f"(?i)^$|{FINESS}")


def _stated(
    sheet: Sheet, number: str, part: str, name: str, entity: str, said: dict[str, Any]
) -> StructureClaim:
    table = sheet.table.name
    return StructureClaim(
        id=number,
        source=f"sae-{table.lower()}",
        locator=f"SAE {sheet.year}, table {table}, FI={number}",
        part=part,
        name=name or None,
        level="ET",
        legal_entity=entity or None,
        **said,
    )
