"""Establishments of the SAE tables: one claim for each establishment and table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graph.identifiers import departement_of_commune, is_finess
from graph.model import StructureClaim
from loaders import kinds
from loaders.base import LoadContext, Reporter
from loaders.finess.feed_values import place_of
from loaders.finess.values import (
    Place,
    address,
    insee_place,
    lost_zero,
    street_type,
)
from loaders.sae.figures import figures_of
from loaders.sae.files import SaeRow, table_of
from loaders.sae.groups import GROUP_TABLE
from loaders.sae.tables import ID, SaeTable

_GROUPED = {"1": ("public",), "2": ("commercial",), "3": ("espic", "non_lucratif")}
"""STJR, the survey's own grouping of legal statuses: public, commercial, non-profit."""

_SIRET_LENGTH = 14

Key = tuple[str, str]
"""Name of a table, number of an establishment."""


class Establishments:
    """Claims on the establishments of a load.

    Parameters
    ----------
    rows : sequence of SaeRow
        Of every table, one year each; the rows of GHT are left to others.
    context : LoadContext
        `departements` limits the load.
    reporter : Reporter
        Told of every row.
    """

    def __init__(self, rows: Sequence[SaeRow], context: LoadContext, reporter: Reporter) -> None:
        self._reporter = reporter
        self._wanted = frozenset(context.departements)
        self.parts: frozenset[str] = frozenset()
        sound = [row for row in rows if row.table != GROUP_TABLE.name]
        self._rows = self._grouped([row for row in map(self._numbered, sound) if row])
        self._places = self._placed()

    def claims(self) -> Iterator[StructureClaim]:
        """Yield the claims, table by table; count the rows."""
        parts = set()
        for (name, number), rows in sorted(self._rows.items()):
            departement = self._places[number].departement
            if self._wanted and departement not in self._wanted:
                self._reporter.skip(len(rows))
                continue
            part = f"{departement}:{name.lower()}"
            parts.add(part)
            chosen = self._chosen(table_of(name), rows)
            if chosen:
                yield self._claim(table_of(name), number, part, chosen)
        self.parts = frozenset(parts)

    def _numbered(self, row: SaeRow) -> SaeRow | None:
        """Return the row with a sound number, mended where the département confirms it."""
        number = row.cells["FI"].upper()
        if is_finess(number):
            return row
        mended = lost_zero(number, row.cells.get("DEP", ""))
        if mended is None:
            self._reporter.reject(row.place, "sae.bad_number", field="FI", value=number)
            return None
        self._reporter.warn(f"{row.place} ({mended})", "sae.lost_zero", field="FI", value=number)
        return row._replace(cells={**row.cells, "FI": mended})

    def _grouped(self, rows: Sequence[SaeRow]) -> dict[Key, list[SaeRow]]:
        found: dict[Key, list[SaeRow]] = defaultdict(list)
        seen: set[tuple[str, ...]] = set()
        for row in rows:
            table, number = table_of(row.table), row.cells["FI"].upper()
            breakdown = row.cells[table.select[0]] if table.select else ""
            if (table.name, number, breakdown) in seen:
                self._reporter.reject(row.place, "sae.duplicate", field="FI", value=number)
                continue
            seen.add((table.name, number, breakdown))
            found[table.name, number].append(row)
        return found

    def _placed(self) -> dict[str, Place]:
        """Return where each establishment is: as ID states, else as its number tells."""
        places = {}
        for name, number in self._rows:
            own = self._rows.get((ID.name, number))
            places[number] = self._place(own[0]) if own else place_of(None, number)
            if own and name == ID.name and places[number].commune is None:
                value = own[0].cells.get("COMINSEE")
                self._reporter.warn(own[0].place, "sae.commune", field="COMINSEE", value=value)
        return places

    def _place(self, row: SaeRow) -> Place:
        city = row.cells.get("COMINSEE", "").upper()
        district = row.cells.get("ARMT", "").upper()
        found = insee_place(district or city, row.cells.get("CPO", ""))
        if found:
            return found
        number = row.cells["FI"].upper()
        return Place(
            None, departement_of_commune(city) if city else place_of(None, number).departement
        )

    def _chosen(self, table: SaeTable, rows: Sequence[SaeRow]) -> list[SaeRow]:
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

    def _claim(
        self, table: SaeTable, number: str, part: str, rows: Sequence[SaeRow]
    ) -> StructureClaim:
        first = rows[0]
        entity = first.cells.get("FI_EJ", "").upper()
        if entity and not is_finess(entity):
            self._reporter.warn(first.place, "sae.bad_entity", field="FI_EJ", value=entity)
        said = self._identity(first) if table is ID else figures_of(table, rows, self._reporter)
        return StructureClaim(
            id=number,
            source=f"sae-{table.name.lower()}",
            locator=f"SAE {first.year}, table {table.name}, FI={number}",
            part=part,
            name=first.cells.get("RS") or None,
            level="ET",
            legal_entity=entity if is_finess(entity) else None,
            **said,
        )

    def _identity(self, row: SaeRow) -> dict[str, Any]:
        cells = row.cells
        category = cells["CAT"].zfill(3) if cells["CAT"] else None
        status = self._status(row)
        form = cells["STJ"].zfill(2) if cells["STJ"] else None
        place = self._places[cells["FI"].upper()]
        siret = cells.get("SIR", "")
        other = cells.get("RSCOM", "")
        return {
            "other_names": (other,) if other and other != cells["RS"] else (),
            "kind": kinds.kind_of(category, status, cells["RS"], kinds.is_municipal(form, None)),
            "category": category,
            "legal_status": status,
            "commune": place.commune,
            "address": _address(cells),
            "siret": siret if len(siret) == _SIRET_LENGTH and siret.isdigit() else None,
        }

    def _status(self, row: SaeRow) -> str | None:
        """Return the legal status; unknown where the row's own columns contradict each other."""
        form, service, grouped = row.cells["STJ"], row.cells.get("ESPIC"), row.cells.get("STJR", "")
        stated = kinds.legal_status(form.zfill(2) if form else None, service)
        allowed = _GROUPED.get(grouped, ())
        if stated and allowed and stated not in allowed:
            value = f"STJ={form}, ESPIC={service}, STJR={grouped}"
            self._reporter.warn(row.place, "sae.status_conflict", field="STJ", value=value)
            return None
        return stated or (allowed[0] if len(allowed) == 1 else None)


def _address(cells: Mapping[str, str]) -> str | None:
    parts = (cells.get("NUMVOI"), street_type(cells.get("TYPVOI", "")), cells.get("NOMVOI"))
    way = " ".join(filter(None, parts))
    city = " ".join(filter(None, (cells.get("CPO", ""), cells.get("LIBCOM", ""))))
    return address(cells.get("COMPD", ""), way, cells.get("BP", ""), city)
