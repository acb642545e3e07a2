"""Establishments of the SAE tables: one claim for each establishment and table.

A table of one row an establishment is read by columns. Rows that need a remark, and tables of
several rows an establishment, are read row by row: both ways say the same of the same row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from graph.identifiers import is_finess
from graph.model import StructureClaim
from loaders.base import LoadContext, Reporter
from loaders.columns import listed, matches, taken
from loaders.sae.figure_columns import Marks, figures_by_row, is_plain
from loaders.sae.figures import figures_of
from loaders.sae.files import SaeRow, SaeRows
from loaders.sae.identity import identity_by_row, identity_of
from loaders.sae.places import places_of
from loaders.sae.sheets import FINESS, Sheet, sheets_of
from loaders.sae.tables import ID, SaeTable

_Common = tuple[str, str, str, str]
"""What a row of every table states: number, part, name, legal entity."""


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
            of_row = self._parts(sheet)
            parts.update({of_row[row] for row in order})
            if is_plain(sheet.table):
                yield from self._by_column(sheet, order, of_row)
            else:
                yield from self._by_row(sheet, order)
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

    def _parts(self, sheet: Sheet) -> list[str]:
        """Return the part of each row."""
        table = sheet.table.name.lower()
        codes = listed([self._places[number].departement for number in sheet.numbers])
        return taken([f"{code}:{table}" for code in codes.values], codes.codes)

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

    def _by_column(
        self, sheet: Sheet, order: Sequence[int], parts: Sequence[str]
    ) -> Iterator[StructureClaim]:
        entities = [entity.upper() for entity in sheet.column("FI_EJ")]
        common = zip(sheet.numbers, parts, sheet.column("RS"), entities, strict=True)
        make = self._identities if sheet.table is ID else _figures
        claims, odd = make(sheet, common)
        alone = (odd | _have_bad_entity(sheet)).tolist()
        for row in order:
            if alone[row]:
                yield from self._by_row(sheet, [row])
            else:
                yield claims[row]
        self._reporter.keep(len(order) - sum(alone[row] for row in order))

    def _identities(
        self, sheet: Sheet, common: Iterable[_Common]
    ) -> tuple[list[StructureClaim], Marks]:
        """Return the claim of each row of the table ID, and which need a look of their own."""
        found = identity_by_row(sheet, [self._places[number] for number in sheet.numbers])
        rows = zip(common, found.fields, strict=True)
        claims = [_stated(sheet, *stated, said) for stated, said in rows]
        return claims, np.array(found.contradict, dtype=bool)


def _figures(sheet: Sheet, common: Iterable[_Common]) -> tuple[list[StructureClaim], Marks]:
    """Return the claim of each row of a table of figures, and which need a look of their own."""
    found = figures_by_row(sheet)
    source, locator = _origin(sheet)
    rows = zip(common, found.capacity, found.facts, found.activities, strict=True)
    # Each field is named: handing them over in a dictionary takes twice as long.
    claims = [
        StructureClaim(
            id=number,
            source=source,
            locator=locator + number,
            part=part,
            name=name or None,
            level="ET",
            legal_entity=entity or None,
            capacity=capacity,
            facts=facts,
            activities=activities,
        )
        for (number, part, name, entity), capacity, facts, activities in rows
    ]
    return claims, found.odd


def _have_bad_entity(sheet: Sheet) -> Marks:
    if "FI_EJ" not in sheet:
        return np.zeros(len(sheet), dtype=bool)
    return ~matches(sheet.cells.column("FI_EJ"), f"(?i)^$|{FINESS}")


def _stated(
    sheet: Sheet, number: str, part: str, name: str, entity: str, said: dict[str, Any]
) -> StructureClaim:
    source, locator = _origin(sheet)
    return StructureClaim(
        id=number,
        source=source,
        locator=locator + number,
        part=part,
        name=name or None,
        level="ET",
        legal_entity=entity or None,
        **said,
    )


def _origin(sheet: Sheet) -> tuple[str, str]:
    """Return the source of a table, and how the place of each of its rows begins."""
    table = sheet.table.name
    return f"sae-{table.lower()}", f"SAE {sheet.year}, table {table}, FI="
