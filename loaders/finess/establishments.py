"""Establishments (ET) of the classic files, checked column by column.

A hundred thousand rows go through here in about a second: columns are checked as a whole, values
that repeat (dates, communes, codes) are read once, and only rows with a defect are looked at one
by one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.dates import PartialDate
from graph.model import StructureClaim
from loaders import kinds
from loaders.base import Reporter
from loaders.columns import (
    Coded,
    Table,
    checked,
    coded,
    flat,
    joined,
    listed,
    mapped,
    matches,
    paired,
    taken,
    texts,
)
from loaders.finess.entities import UNKNOWN, Manager
from loaders.finess.positions import Geocoding, PositionTable, precision
from loaders.finess.records import row_name
from loaders.finess.values import (
    EXCEL_MONTH,
    Place,
    classic_place,
    clean,
    lost_zero,
    read_date,
    street_type,
)
from loaders.text_columns import LINE

SOURCE = "finess-etalab-et"

_FINESS = r"^(?:\d{2}|2[ABab])\d{7}$"
_SIRET = r"^\d{14}$"
_EXCEL_NUMBER = re.compile(r"\d[,.]?\d*E\+?\d+", re.ASCII)
_CHUNK = 50_000
_SEPARATOR = "\x1f"
"""Parts the cells of a key: a character that no cell holds."""


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
            chunk = self._numbered(table.slice(start, _CHUNK))
            if chunk.num_rows:
                self._add_chunk(chunk)

    def _add_chunk(self, table: Table) -> None:
        places = self._places(table)
        wanted = self._in_scope(table, places)
        if not all(wanted):
            places = list(compress(places, wanted))
            table = table.filter(wanted)
        if not places:
            return
        self._reporter.keep(len(places))
        self.departements.update({place.departement for place in places})
        self._warn_places(table, places)
        self.claims.extend(self._claims(table, places))

    def _numbered(self, table: Table) -> Table:
        """Keep the rows whose number is sound and new; mend those that a spreadsheet shortened."""
        sound = matches(table.column("nofinesset"), _FINESS)
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

    def _places(self, table: Table) -> list[Place]:
        postal = pc.utf8_slice_codeunits(table.column("ligneacheminement"), 0, 5)
        parts = map(flat, (table.column("departement"), table.column("commune"), postal))
        keys = pc.binary_join_element_wise(*parts, _SEPARATOR)
        return mapped(keys, lambda key: classic_place(*key.split(_SEPARATOR, 2)))

    def _in_scope(self, table: Table, places: list[Place]) -> list[bool]:
        """Tell which rows are asked for and may be kept; count the others."""
        people = self._names_a_person(table)
        if not self._wanted and not people:
            return [True] * len(places)
        kept = [not self._wanted or place.departement in self._wanted for place in places]
        for row in people:
            if kept[row]:
                self._reporter.warn(_where(table, row), "finess.natural_person")
                kept[row] = False
        self._reporter.skip(len(kept) - sum(kept))
        return kept

    def _names_a_person(self, table: Table) -> list[int]:
        """Return the rows that bear the name of the natural person who owns them."""
        if not self._people:
            return []
        columns = (table.column(name).to_pylist() for name in ("nofinessej", "rs", "rslongue"))
        return [
            row
            for row, (entity, short, long) in enumerate(zip(*columns, strict=True))
            if entity in self._people and self._people[entity] & {clean(short), clean(long)}
        ]

    def _claims(self, table: Table, places: list[Place]) -> Iterator[StructureClaim]:
        numbers = table.column("nofinesset").to_pylist()
        short = table.column("rs").to_pylist()
        names = [long or brief for long, brief in zip(texts(table, "rslongue"), short, strict=True)]
        categories = mapped(table.column("categetab"), lambda code: code.zfill(3) if code else None)
        streets = self._streets(table)
        found = self._positions.of(numbers, [place.departement for place in places])
        entities = self._entities(table)
        kind_of, status_of = self._codes(table, entities, categories, names)
        columns = (
            numbers,
            names,
            short,
            categories,
            kind_of,
            status_of,
            places,
            _addresses(table, streets),
            found.longitude,
            found.latitude,
            found.geocoding,
            _precisions(table, streets, found.geocoding),
            entities,
            self._dates(table, "dateouv"),
            self._sirets(table),
        )
        return itertools.starmap(_claim, zip(*columns, strict=True))

    def _codes(
        self,
        table: Table,
        entities: list[str | None],
        categories: list[str | None],
        names: list[str],
    ) -> tuple[list[str | None], list[str | None]]:
        """Return kinds and legal statuses; the combinations of codes are few, each is read once."""
        known = listed(entities)
        forms = listed([self._managers.get(entity or "", UNKNOWN)[:3] for entity in known.values])
        managers = Coded(forms.values, forms.codes[known.codes])
        prices = paired(coded(table.column("codesph")), coded(table.column("codemft")))
        rows = paired(paired(managers, prices), listed(categories))
        read = [_judged(*pair, category) for pair, category in rows.values]
        found_kinds = taken([choice.kind for _, choice in read], rows.codes)
        doubtful = np.array([not choice.decided for _, choice in read], dtype=bool)
        for row in np.flatnonzero(doubtful[rows.codes]).tolist():
            found_kinds[row] = read[rows.codes[row]][1].by_name(names[row])
        return found_kinds, taken([status for status, _ in read], rows.codes)

    def _entities(self, table: Table) -> list[str | None]:
        def mend(value: str, row: int) -> str | None:
            self._reporter.warn(
                _where(table, row), "finess.bad_entity", field="nofinessej", value=value
            )
            return lost_zero(value, table.column("departement")[row].as_py())

        return checked(table, "nofinessej", _FINESS, mend)

    def _sirets(self, table: Table) -> list[str | None]:
        def drop(value: str, row: int) -> None:
            excel = _EXCEL_NUMBER.fullmatch(value)
            code = "finess.excel_number" if excel else "finess.bad_siret"
            self._reporter.warn(_where(table, row), code, field="siret", value=value)

        return checked(table, "siret", _SIRET, drop)

    def _dates(self, table: Table, name: str) -> list[PartialDate | None]:
        dates: list[PartialDate | None] = mapped(table.column(name), read_date)
        if None in dates:
            for row, value in enumerate(texts(table, name)):
                if value and dates[row] is None:
                    where = _where(table, row)
                    self._reporter.warn(where, "finess.bad_date", field=name, value=value)
        return dates

    def _streets(self, table: Table) -> Any:  # noqa: ANN401 - Arrow has no types
        """Return the street lines; numbers that a spreadsheet made dates are dropped."""
        numbers = table.column("numvoie")
        for name in ("numvoie", "compldistrib"):
            damaged = matches(table.column(name), EXCEL_MONTH)
            for row in np.flatnonzero(damaged):
                value = table.column(name)[int(row)].as_py()
                where = _where(table, int(row))
                self._reporter.warn(where, "finess.excel_month", field=name, value=value)
            if name == "numvoie" and damaged.any():
                numbers = pc.if_else(pa.array(damaged), "", numbers)
        types = pa.array(mapped(table.column("typvoie"), street_type), pa.string())
        return joined((numbers, table.column("compvoie"), types, table.column("voie")), " ")

    def _warn_places(self, table: Table, places: list[Place]) -> None:
        for row in [row for row, place in enumerate(places) if place.commune is None]:
            parts = (table.column(name)[row].as_py() for name in ("departement", "commune"))
            self._reporter.warn(
                _where(table, row), "finess.unknown_commune", field="commune", value=" ".join(parts)
            )


def _judged(
    manager: tuple[str | None, bool | None, str | None],
    prices: tuple[str, str],
    category: str | None,
) -> tuple[str | None, kinds.Choice]:
    """Return the legal status of an establishment, and what is left to say of its kind."""
    form, municipal, stated = manager
    service, tariff = prices
    status = kinds.legal_status(form, service, tariff.zfill(2)) or stated
    return status, kinds.choices(category, status, municipal)


def _claim(  # noqa: PLR0913, PLR0917 - one argument a column
    number: str,
    name: str,
    short: str,
    category: str | None,
    kind: str | None,
    legal_status: str | None,
    place: Place,
    address: str,
    longitude: float | None,
    latitude: float | None,
    geocoding: Geocoding | None,
    precise: str | None,
    entity: str | None,
    opened: PartialDate | None,
    siret: str | None,
) -> StructureClaim:
    return StructureClaim(
        id=number,
        source=SOURCE,
        locator=f"structureet {number}",
        part=place.departement,
        name=name or None,
        other_names=(short,) if short and short != name else (),
        kind=kind,
        level="ET",
        category=category,
        legal_status=legal_status,
        commune=place.commune,
        address=address or None,
        longitude=longitude,
        latitude=latitude,
        precision=precise,
        legal_entity=entity,
        opened=opened,
        siret=siret,
        facts=geocoding.facts if geocoding else (),
    )


def _addresses(table: Table, streets: Any) -> list[str]:  # noqa: ANN401 - Arrow has no types
    parts = (streets, table.column("lieuditbp"), table.column("ligneacheminement"))
    addresses: list[str] = joined(parts, ", ").to_pylist()
    return addresses


def _precisions(
    table: Table,
    streets: Any,  # noqa: ANN401
    geocodings: list[Geocoding | None],
) -> list[str | None]:
    filled = [
        pc.not_equal(column, "").to_pylist()
        for column in (table.column("numvoie"), streets, table.column("lieuditbp"))
    ]
    known: dict[object, str | None] = {}
    found = []
    for key in zip(geocodings, *filled, strict=True):
        how, number, way, place = key
        if key not in known:
            known[key] = how and precision(how, has_number=number, has_way=way, has_place=place)
        found.append(known[key])
    return found


def _where(table: Table, row: int) -> str:
    number = table.column("nofinesset")[row].as_py()
    return f"{row_name(table.column(LINE)[row].as_py())} ({number})"
