"""The rows of each SAE table put together: every number sound, no establishment twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from graph.identifiers import is_finess
from loaders.base import Reporter
from loaders.columns import Table, matches, texts
from loaders.finess.values import lost_zero
from loaders.sae.files import SaeRow, SaeRows
from loaders.sae.groups import GROUP_TABLE
from loaders.sae.tables import TABLES, SaeTable
from loaders.text_columns import LINE

FINESS = r"^(?:\d{2}|2[AB])\d{7}$"
_FILE = "file"


class Sheet:
    """Rows of one table and year, each with a sound number in capitals.

    Parameters
    ----------
    table : SaeTable
        What it is.
    rows : sequence of SaeRows
        Of one file or several.
    """

    def __init__(self, table: SaeTable, rows: Sequence[SaeRows]) -> None:
        self.table = table
        self.year = rows[0].year
        self.cells = _together(rows)
        self.numbers = texts(self.cells, "FI")
        self._names = [name for name in self.cells.column_names if name not in {LINE, _FILE}]
        self._columns: dict[str, list[str]] = {}

    def __len__(self) -> int:
        return len(self.numbers)

    def __contains__(self, name: str) -> bool:
        return name in self.cells.column_names

    def column(self, name: str) -> list[str]:
        """Return the cells of a column, empty ones where there is none."""
        found = self._columns.get(name)
        if found is None:
            found = texts(self.cells, name) if name in self else [""] * len(self)
            self._columns[name] = found
        return found

    def place(self, row: int) -> str:
        """Return how a report names a row."""
        file, line = (self.cells.column(name)[row].as_py() for name in (_FILE, LINE))
        return f"{file}, ligne {line}"

    def row(self, row: int) -> SaeRow:
        """Return a row by itself."""
        cells = {name: self.column(name)[row] for name in self._names}
        return SaeRow(self.place(row), self.table.name, self.year, cells)


def sheets_of(rows: Sequence[SaeRows], reporter: Reporter) -> list[Sheet]:
    """Return a sheet for each table but that of the GHT, by name; report what is left out."""
    by_table: dict[str, list[SaeRows]] = defaultdict(list)
    for part in [_numbered(part, reporter) for part in rows if part.table != GROUP_TABLE.name]:
        by_table[part.table].append(part)
    tables = sorted(TABLES, key=lambda table: table.name)
    return [
        Sheet(table, _once(table, by_table[table.name], reporter))
        for table in tables
        if table.name in by_table
    ]


def _together(rows: Sequence[SaeRows]) -> Table:
    parts = [
        part.cells.append_column(_FILE, pa.array([part.file] * part.cells.num_rows, pa.string()))
        for part in rows
    ]
    if len(parts) == 1:
        return parts[0]
    # What one file lacks says nothing.
    whole = pa.concat_tables(parts, promote_options="default")
    columns = [
        column if column.null_count == 0 else column.fill_null("") for column in whole.columns
    ]
    return pa.table(columns, names=whole.column_names)


def _numbered(rows: SaeRows, reporter: Reporter) -> SaeRows:
    """Return the rows with a sound number, mended where the département confirms it."""
    numbers = [number.upper() for number in texts(rows.cells, "FI")]
    sound = matches(pa.array(numbers, pa.string()), FINESS)
    for row in np.flatnonzero(~sound):
        numbers[row], sound[row] = _mended(rows, int(row), numbers[row], reporter)
    cells = rows.cells.set_column(
        rows.cells.column_names.index("FI"), "FI", pa.array(numbers, pa.string())
    )
    return rows._replace(cells=cells if sound.all() else cells.filter(pa.array(sound)))


def _mended(rows: SaeRows, row: int, number: str, reporter: Reporter) -> tuple[str, bool]:
    """Return what a number that looks unsound is, and whether its row can be taken."""
    if is_finess(number):  # its digits are those of another script
        return number, True
    known = "DEP" in rows.cells.column_names
    departement = rows.cells.column("DEP")[row].as_py() if known else ""
    mended = lost_zero(number, departement)
    place = rows.place(row)
    if mended is None:
        reporter.reject(place, "sae.bad_number", field="FI", value=number)
        return number, False
    reporter.warn(f"{place} ({mended})", "sae.lost_zero", field="FI", value=number)
    return mended, True


def _once(table: SaeTable, parts: Sequence[SaeRows], reporter: Reporter) -> list[SaeRows]:
    """Leave out the rows of an establishment, and breakdown of it, that stands there already."""
    seen: set[object] = set()
    return [_fresh(table, part, seen, reporter) for part in parts]


def _fresh(table: SaeTable, rows: SaeRows, seen: set[object], reporter: Reporter) -> SaeRows:
    numbers = texts(rows.cells, "FI")
    keys: list[object] = [*numbers]
    if table.select:
        keys = [*zip(numbers, texts(rows.cells, table.select[0]), strict=True)]
    if len(set(keys)) == len(keys) and seen.isdisjoint(keys):
        seen.update(keys)
        return rows
    kept = []
    for row, key in enumerate(keys):
        kept.append(key not in seen)
        if key in seen:
            reporter.reject(rows.place(row), "sae.duplicate", field="FI", value=numbers[row])
        seen.add(key)
    return rows._replace(cells=rows.cells.filter(pa.array(kept)))
