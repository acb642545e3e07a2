"""Claims of the CNSA price list, one an establishment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt

from graph.dates import PartialDate
from graph.identifiers import departement_of_finess
from graph.model import Fact, StructureClaim
from loaders.base import Reporter
from loaders.columns import Coded, paired, taken
from loaders.kind_sources.ehpad.numbers import finess_of
from loaders.kind_sources.ehpad.price_table import PriceTable, read_price_table
from loaders.kind_sources.ehpad.prices import (
    PRICE_COLUMNS,
    PRICE_KEY,
    PRICES,
    UPDATED,
    Read,
    Refused,
    Update,
    read_price,
    update_of,
)

_STAYS = slice(PRICE_COLUMNS.index("prixHebTempCs"), PRICE_COLUMNS.index("tarifHebJour"))
_BY_DAY = PRICE_COLUMNS.index("tarifHebJour")
_OFFERED: tuple[tuple[str, ...], ...] = (
    (),
    ("hebergement_temporaire",),
    ("accueil_de_jour",),
    ("hebergement_temporaire", "accueil_de_jour"),
)
"""What an establishment offers: prices of short stays count one, prices of day care two."""


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
        count = len(read_price_table(path, self._reporter).lines)
        self._reporter.read(count)
        self._reporter.skip(count)

    def add(self, path: Path) -> None:
        """Take the rows of a list."""
        table = read_price_table(path, self._reporter)
        self._reporter.read(len(table.lines))
        updated = table.column(UPDATED)
        updates = [update_of(cell, self._vintage, self._today) for cell in updated.values]
        dates = Coded([update.date for update in updates], updated.codes)
        found = _read_columns(table, dates)
        rows = zip(
            table.lines,
            taken(*table.column(PRICE_KEY)),
            taken(updates, updated.codes),
            found.offered,
            found.rows,
            strict=True,
        )
        for row, (line, cell, update, offered, prices) in enumerate(rows):
            number = finess_of(cell)
            if number is None:
                self._reporter.reject(_where(line), "kind.number", field=PRICE_KEY, value=cell)
            elif self._wanted and departement_of_finess(number) not in self._wanted:
                self._reporter.skip()
            elif row in found.refused:
                self._refuse(line, *found.refused[row])
            else:
                if update.remark:
                    self._remark(line, update, updated.values[updated.codes[row]])
                self._keep(line, update.day, _claim(number, offered, prices))

    def _refuse(self, line: int, column: str, found: Refused) -> None:
        self._reporter.reject(
            _where(line), found.code, field=column, value=found.cell, **found.limits
        )

    def _remark(self, line: int, update: Update, said: str) -> None:
        vintage = self._vintage or "–"
        self._reporter.warn(_where(line), update.remark, field=UPDATED, value=said, vintage=vintage)

    def _keep(self, line: int, day: PartialDate | None, claim: StructureClaim) -> None:
        """Keep the row of an establishment; of several, the newest, else the last."""
        number = claim.id
        if number not in self.claims:
            self._reporter.keep()
        elif not self._replaces(line, number, day):
            return
        self._days[number] = day
        self.claims[number] = claim

    def _replaces(self, line: int, number: str, day: PartialDate | None) -> bool:
        """Tell whether a row of an establishment that stands twice is the one to keep; report it.

        Days are compared where both rows state one.
        """
        self._reporter.skip()
        before = self._days[number]
        if day is None or before is None or day == before:
            self._reporter.warn(_where(line), "kind.twice", field=PRICE_KEY, value=number)
            return True
        newest = max(day, before)
        self._reporter.warn(
            _where(line), "kind.twice_dated", field=PRICE_KEY, value=number, date=newest
        )
        return newest == day


class _Prices(NamedTuple):
    """What the columns of prices state, what establishments offer besides, and what is refused.

    Of a row with several cells that are refused, the first is named, with its column.
    """

    rows: Iterator[tuple[Read, ...]]
    offered: list[tuple[str, ...]]
    refused: dict[int, tuple[str, Refused]]


def _read_columns(table: PriceTable, dates: Coded[PartialDate | None]) -> _Prices:
    columns: list[list[Read]] = []
    stated: list[npt.NDArray[np.bool_]] = []
    refused: dict[int, tuple[str, Refused]] = {}
    for name, topic, highest in PRICES:
        cells = paired(table.column(name), dates)
        read = [read_price(topic, highest, cell, day) for cell, day in cells.values]
        columns.append(taken(read, cells.codes))
        stated.append(np.array([found is not None for found in read], dtype=bool)[cells.codes])
        if any(isinstance(found, Refused) for found in read):
            for row, found in enumerate(columns[-1]):
                if isinstance(found, Refused):
                    refused.setdefault(row, (name, found))
    offered = np.any(stated[_STAYS], axis=0) + 2 * stated[_BY_DAY]
    return _Prices(zip(*columns, strict=True), taken(_OFFERED, offered), refused)


def _claim(number: str, offered: tuple[str, ...], prices: tuple[Read, ...]) -> StructureClaim:
    return StructureClaim(
        id=number,
        source="cnsa-prices",
        locator=f"{PRICE_KEY} {number}",
        part=departement_of_finess(number),
        level="ET",
        facts=cast("tuple[Fact, ...]", tuple(filter(None, prices))),
        activities=offered,
    )


def _where(line: int) -> str:
    return f"ligne {line}"
