"""Establishments (ET) of the classic files, checked column by column.

A hundred thousand rows go through here in about a second: columns are checked as a whole, values
that repeat (dates, communes, codes) are read once, and only rows with a defect are looked at one
by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from graph.dates import PartialDate
from graph.identifiers import is_finess
from graph.model import StructureClaim
from loaders import kinds
from loaders.base import Reporter
from loaders.finess.entities import UNKNOWN, Manager
from loaders.finess.positions import PositionTable, precision
from loaders.finess.records import LINE, Table, row_name
from loaders.finess.values import (
    Place,
    address,
    classic_place,
    departement_of,
    is_excel_month,
    read_date,
    street,
)

SOURCE = "finess-etalab-et"

_FINESS = r"^(?:\d{2}|2[ABab])\d{7}$"
_SIRET = r"^\d{14}$"
_EXCEL_NUMBER = r"^\d[,.]?\d*E\+?\d+$"
_CHUNK = 50_000

Columns = dict[str, list[str]]


class Codes(NamedTuple):
    """What the codes of a row say."""

    kind: str | None
    legal_status: str | None


class EstablishmentRows:
    """Claims on the establishments of a load.

    Parameters
    ----------
    reporter : Reporter
        Told of every row.
    positions : PositionTable
        Positions of the same load.
    managers : mapping
        What is known of legal entities, by number.
    departements : sequence of str
        Those asked for; all if empty.
    """

    def __init__(
        self,
        reporter: Reporter,
        positions: PositionTable,
        managers: Mapping[str, Manager],
        departements: Sequence[str],
    ) -> None:
        self._reporter = reporter
        self._positions = positions
        self._managers = managers
        self._people = {number: m.person for number, m in managers.items() if m.person}
        self._wanted = frozenset(departements)
        self._seen: set[str] = set()
        self.claims: list[StructureClaim] = []
        self.departements: set[str] = set()

    def add(self, table: Table) -> None:
        """Add the rows of one table, in bounded pieces."""
        for start in range(0, table.num_rows, _CHUNK):
            self._add_chunk(table.slice(start, _CHUNK))

    def _add_chunk(self, table: Table) -> None:
        table = self._numbered(table)
        if table.num_rows == 0:
            return
        columns: Columns = {name: table.column(name).to_pylist() for name in table.column_names}
        places = self._places(columns)
        wanted = self._in_scope(columns, places)
        if not all(wanted):
            rows = np.flatnonzero(wanted)
            columns = {name: [values[i] for i in rows] for name, values in columns.items()}
            places = [places[i] for i in rows]
        self._keep(columns, places)

    def _numbered(self, table: Table) -> Table:
        """Keep the rows whose number is sound and new; mend those that a spreadsheet shortened."""
        sound = _matches(table.column("nofinesset"), _FINESS)
        if not sound.all():
            table, sound = self._mended(table, sound)
            table = table.filter(sound)
        numbers = table.column("nofinesset").to_pylist()
        if len(set(numbers)) < len(numbers) or not self._seen.isdisjoint(numbers):
            fresh = [self._is_new(number, table, row) for row, number in enumerate(numbers)]
            return table.filter(fresh)
        self._seen.update(numbers)
        return table

    def _mended(self, table: Table, sound: npt.NDArray[np.bool_]) -> tuple[Table, Any]:
        numbers = table.column("nofinesset").to_pylist()
        for row in np.flatnonzero(~sound):
            where = row_name(table.column(LINE)[int(row)].as_py())
            mended = lost_zero(numbers[row], table.column("departement")[int(row)].as_py())
            if mended is None:
                self._reporter.reject(
                    where, "finess.bad_number", field="nofinesset", value=numbers[row]
                )
                continue
            self._reporter.warn(
                f"{where} ({mended})", "finess.lost_zero", field="nofinesset", value=numbers[row]
            )
            numbers[row] = mended
            sound[row] = True
        position = table.column_names.index("nofinesset")
        return table.set_column(position, "nofinesset", [numbers]), sound

    def _is_new(self, number: str, table: Table, row: int) -> bool:
        if number in self._seen:
            where = row_name(table.column(LINE)[row].as_py())
            self._reporter.reject(where, "finess.duplicate", field="nofinesset", value=number)
            return False
        self._seen.add(number)
        return True

    def _places(self, columns: Columns) -> list[Place]:
        lines = columns["ligneacheminement"]
        return [
            classic_place(departement, suffix, line[:5])
            for departement, suffix, line in zip(
                columns["departement"], columns["commune"], lines, strict=True
            )
        ]

    def _in_scope(self, columns: Columns, places: list[Place]) -> list[bool]:
        """Tell which rows are asked for and may be kept; count the others."""
        people = self._names_a_person(columns)
        if not self._wanted and not any(people):
            return [True] * len(places)
        wanted = [not self._wanted or place.departement in self._wanted for place in places]
        for row in np.flatnonzero(people):
            if wanted[row]:
                where = f"{row_name(int(columns[LINE][row]))} ({columns['nofinesset'][row]})"
                self._reporter.warn(where, "finess.natural_person")
        kept = [asked and not person for asked, person in zip(wanted, people, strict=True)]
        self._reporter.skip(len(kept) - sum(kept))
        return kept

    def _names_a_person(self, columns: Columns) -> list[bool]:
        """Tell which rows bear the name of the natural person who owns them."""
        people = self._people
        if not people:
            return [False] * len(columns["rs"])
        return [
            entity in people and people[entity] in {short, long}
            for entity, short, long in zip(
                columns["nofinessej"], columns["rs"], columns["rslongue"], strict=True
            )
        ]

    def _keep(self, columns: Columns, places: list[Place]) -> None:
        self._reporter.keep(len(places))
        departements = [place.departement for place in places]
        self.departements.update(departements)
        self._warn_places(columns, places)
        self.claims.extend(self._claims(columns, places, departements))

    def _claims(
        self, columns: Columns, places: list[Place], departements: list[str]
    ) -> Iterator[StructureClaim]:
        numbers = columns["nofinesset"]
        found = self._positions.of(numbers, departements)
        entities = self._entities(columns)
        streets = self._streets(columns)
        categories = [code.zfill(3) if code else None for code in columns["categetab"]]
        named = [
            long or short for long, short in zip(columns["rslongue"], columns["rs"], strict=True)
        ]
        rows = zip(
            numbers,
            named,
            columns["rs"],
            categories,
            self._codes(columns, categories, named),
            places,
            streets,
            columns["lieuditbp"],
            columns["ligneacheminement"],
            found.longitude,
            found.latitude,
            found.geocoding,
            columns["numvoie"],
            entities,
            self._dates(columns, "dateouv"),
            self._sirets(columns),
            strict=True,
        )
        return (
            StructureClaim(
                id=number,
                source=SOURCE,
                locator=f"structureet {number}",
                part=place.departement,
                name=name or None,
                other_names=(short,) if short and short != name else (),
                kind=codes.kind,
                level="ET",
                category=category,
                legal_status=codes.legal_status,
                commune=place.commune,
                address=address(way, locality, delivery),
                longitude=longitude,
                latitude=latitude,
                precision=precision(
                    how, has_number=bool(house), has_way=bool(way), has_place=bool(locality)
                ),
                legal_entity=entity,
                opened=opened,
                siret=siret,
                facts=how.facts if how else (),
            )
            for (
                number,
                name,
                short,
                category,
                codes,
                place,
                way,
                locality,
                delivery,
                longitude,
                latitude,
                how,
                house,
                entity,
                opened,
                siret,
            ) in rows
        )

    def _codes(
        self, columns: Columns, categories: list[str | None], names: list[str]
    ) -> Iterator[Codes]:
        for entity, service, tariff, category, name in zip(
            columns["nofinessej"],
            columns["codesph"],
            columns["codemft"],
            categories,
            names,
            strict=True,
        ):
            known = self._managers.get(entity, UNKNOWN)
            status = kinds.legal_status(known.form, service, tariff.zfill(2)) or known.legal_status
            yield Codes(kinds.kind_of(category, status, name, known.municipal), status)

    def _entities(self, columns: Columns) -> list[str | None]:
        def mend(value: str, row: int) -> str | None:
            mended = lost_zero(value, columns["departement"][row])
            self._warn(columns, row, "finess.bad_entity", "nofinessej", value)
            return mended

        return self._checked(columns, "nofinessej", _FINESS, mend)

    def _sirets(self, columns: Columns) -> list[str | None]:
        excel = _matches(columns["siret"], _EXCEL_NUMBER)

        def drop(value: str, row: int) -> None:
            code = "finess.excel_number" if excel[row] else "finess.bad_siret"
            self._warn(columns, row, code, "siret", value)

        return self._checked(columns, "siret", _SIRET, drop)

    def _checked(
        self,
        columns: Columns,
        name: str,
        pattern: str,
        mend: Callable[[str, int], str | None],
    ) -> list[str | None]:
        """Return a column with None for empty values, and what `mend` makes of unsound ones."""
        sound = _matches(columns[name], pattern)
        values: list[str | None] = [value or None for value in columns[name]]
        for row in np.flatnonzero(~sound):
            value = columns[name][row]
            if value:
                values[row] = mend(value, int(row))
        return values

    def _dates(self, columns: Columns, name: str) -> list[PartialDate | None]:
        values = columns[name]
        known = {value: read_date(value) for value in set(values)}
        bad = {value for value, date in known.items() if value and date is None}
        if bad:
            for row, value in enumerate(values):
                if value in bad:
                    self._warn(columns, row, "finess.bad_date", name, value)
        return [known[value] for value in values]

    def _streets(self, columns: Columns) -> list[str]:
        for name in ("numvoie", "compldistrib"):
            damaged = {value for value in set(columns[name]) if is_excel_month(value)}
            for row, value in enumerate(columns[name]) if damaged else ():
                if value in damaged:
                    self._warn(columns, row, "finess.excel_month", name, value)
                    columns[name][row] = ""
        parts = (columns[name] for name in ("numvoie", "compvoie", "typvoie", "voie"))
        return [street(*row) for row in zip(*parts, strict=True)]

    def _warn_places(self, columns: Columns, places: list[Place]) -> None:
        for row, place in enumerate(places):
            if place.commune is None:
                value = f"{columns['departement'][row]} {columns['commune'][row]}"
                self._warn(columns, row, "finess.unknown_commune", "commune", value)

    def _warn(self, columns: Columns, row: int, code: str, field: str, value: str) -> None:
        where = f"{row_name(int(columns[LINE][row]))} ({columns['nofinesset'][row]})"
        self._reporter.warn(where, code, field=field, value=value)


def lost_zero(number: str, departement: str) -> str | None:
    """Return a FINESS number with the leading zero that a spreadsheet dropped.

    Only where it is certain: eight characters, and with the zero the number begins with the
    département of its row.
    """
    padded = f"0{number}"
    if is_finess(padded) and padded[:2] == departement_of(departement):
        return padded
    return None


def _matches(column: Any, pattern: str) -> npt.NDArray[np.bool_]:  # noqa: ANN401 - Arrow has no types
    held: npt.NDArray[np.bool_] = pc.match_substring_regex(column, pattern).to_numpy(
        zero_copy_only=False
    )
    return np.array(held)
