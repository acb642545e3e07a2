"""Claims of the CNSA price list, one an establishment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import cast

from graph.dates import PartialDate
from graph.identifiers import departement_of_finess
from graph.model import Fact, StructureClaim
from loaders.base import Reporter
from loaders.kind_sources.ehpad.numbers import finess_of
from loaders.kind_sources.ehpad.price_table import PriceTable, read_price_table
from loaders.kind_sources.ehpad.prices import (
    PRICE_COLUMNS,
    PRICE_KEY,
    PRICES,
    UPDATED,
    PriceColumn,
    Refused,
    Update,
    update_of,
)

Read = Fact | Refused | None
"""What a cell states: a price, what is wrong with it, or nothing."""

_STAYS = slice(PRICE_COLUMNS.index("prixHebTempCs"), PRICE_COLUMNS.index("tarifHebJour"))
_BY_DAY = PRICE_COLUMNS.index("tarifHebJour")
_OFFERED = {
    (False, False): (),
    (True, False): ("hebergement_temporaire",),
    (False, True): ("accueil_de_jour",),
    (True, True): ("hebergement_temporaire", "accueil_de_jour"),
}
"""What an establishment offers besides, by whether it has prices of short stays and of day care."""


class PriceRows:
    """Claims on the establishments of the price lists of one load.

    Parameters
    ----------
    vintage : PartialDate or None
        Month of the lists, which dates the rows that do not say when they were updated.
    departements : sequence of str
        Those asked for; all if empty.
    reporter : Reporter
        Told of every row.
    """

    def __init__(
        self,
        vintage: PartialDate | None,
        departements: Sequence[str],
        reporter: Reporter,
    ) -> None:
        self._vintage = vintage
        self._today = date.today()  # noqa: DTZ011 - the user's own day
        self._wanted = frozenset(departements)
        self._reporter = reporter
        self._days: dict[str, PartialDate | None] = {}
        self.claims: dict[str, StructureClaim] = {}

    def skip(self, path: Path) -> None:
        """Count the rows of a list, and take none."""
        count = len(read_price_table(path, self._reporter).places)
        self._reporter.read(count)
        self._reporter.skip(count)

    def add(self, path: Path) -> None:
        """Take the rows of a list."""
        table = read_price_table(path, self._reporter)
        self._reporter.read(len(table.places))
        said, keys = table.column(UPDATED), table.column(PRICE_KEY)
        updates = self._updates(said)
        columns, refused = _read_columns(table, [update.date for update in updates])
        for row, (cell, prices) in enumerate(zip(keys, zip(*columns, strict=True), strict=True)):
            number = finess_of(cell)
            if number is None:
                self._reporter.reject(table.places[row], "kind.number", field=PRICE_KEY, value=cell)
            elif self._wanted and departement_of_finess(number) not in self._wanted:
                self._reporter.skip()
            elif row in refused:
                self._refuse(table.places[row], *refused[row])
            else:
                if updates[row].remark:
                    self._remark(table.places[row], updates[row], said[row])
                self._keep(table.places[row], number, updates[row].day, prices)

    def _updates(self, said: Sequence[str]) -> list[Update]:
        known = {cell: update_of(cell, self._vintage, self._today) for cell in set(said)}
        return [known[cell] for cell in said]

    def _refuse(self, place: str, column: str, found: Refused) -> None:
        self._reporter.reject(place, found.code, field=column, value=found.cell, **found.limits)

    def _remark(self, place: str, update: Update, said: str) -> None:
        vintage = self._vintage or "–"
        self._reporter.warn(place, update.remark, field=UPDATED, value=said, vintage=vintage)

    def _keep(
        self, place: str, number: str, day: PartialDate | None, prices: tuple[Read, ...]
    ) -> None:
        """Keep the row of an establishment; of several, the newest, else the last."""
        if number not in self.claims:
            self._reporter.keep()
        elif not self._replaces(place, number, day):
            return
        self._days[number] = day
        self.claims[number] = _claim(number, prices)

    def _replaces(self, place: str, number: str, day: PartialDate | None) -> bool:
        """Tell whether a row of an establishment that stands twice is the one to keep; report it.

        Days are compared where both rows state one.
        """
        self._reporter.skip()
        before = self._days[number]
        if day is None or before is None or day == before:
            self._reporter.warn(place, "kind.twice", field=PRICE_KEY, value=number)
            return True
        newest = max(day, before)
        self._reporter.warn(place, "kind.twice_dated", field=PRICE_KEY, value=number, date=newest)
        return newest == day


def _read_columns(
    table: PriceTable, dates: Sequence[PartialDate | None]
) -> tuple[list[list[Read]], dict[int, tuple[str, Refused]]]:
    """Return what each cell of the columns of prices states, and the first one refused of a row."""
    columns: list[list[Read]] = []
    refused: dict[int, tuple[str, Refused]] = {}
    for name, topic, highest in PRICES:
        read = PriceColumn(topic, highest)
        cells = [read[key] for key in zip(table.column(name), dates, strict=True)]
        columns.append(cells)
        if read.refuses:
            for row, cell in enumerate(cells):
                if isinstance(cell, Refused):
                    refused.setdefault(row, (name, cell))
    return columns, refused


def _claim(number: str, prices: tuple[Read, ...]) -> StructureClaim:
    return StructureClaim(
        id=number,
        source="cnsa-prices",
        locator=f"{PRICE_KEY} {number}",
        part=departement_of_finess(number),
        level="ET",
        facts=cast("tuple[Fact, ...]", tuple(filter(None, prices))),
        activities=_OFFERED[any(prices[_STAYS]), prices[_BY_DAY] is not None],
    )
