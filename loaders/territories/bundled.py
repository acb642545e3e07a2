"""The bundled territories, as the program reads them (``data/territories/territories.parquet``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from typing import NamedTuple

import pyarrow.parquet as pq
import shapely
from shapely.geometry.base import BaseGeometry

from graph.identifiers import territory_ref
from loaders.communes import FOLDER

FILE = FOLDER / "territories.parquet"
UPPER_LEVELS = ("arrondissement", "intercommunalite", "departement", "region")


class Row(NamedTuple):
    """One bundled territory; columns are described in ``data/README.md``."""

    level: str
    code: str
    name: str
    kind_detail: str | None
    population: int | None
    population_65: int | None
    arrondissement: str | None
    intercommunalite: str | None
    departement: str | None
    region: str | None
    geometry_origin: str | None
    geometry: bytes | None

    @property
    def ref(self) -> str:
        """The reference ``level:code``."""
        return territory_ref(self.level, self.code)

    @property
    def parents(self) -> tuple[str, ...]:
        """References of the territories that it is part of."""
        found = ((level, getattr(self, level)) for level in UPPER_LEVELS)
        return tuple(territory_ref(level, code) for level, code in found if code is not None)


class Territories:
    """The bundled rows, by level and code.

    Parameters
    ----------
    rows : iterable of Row
        All levels, in the order of the file.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = tuple(rows)
        self._by_key = {(row.level, row.code): row for row in self.rows}

    def get(self, level: str, code: str) -> Row | None:
        """Return the territory `code` of `level`."""
        return self._by_key.get((level, code))

    @cached_property
    def members(self) -> Mapping[str, tuple[str, ...]]:
        """Codes of the communes of every upper territory, by its reference."""
        found: dict[str, list[str]] = defaultdict(list)
        for row in self.rows:
            if row.level == "commune":
                for parent in row.parents:
                    found[parent].append(row.code)
        return {ref: tuple(codes) for ref, codes in found.items()}

    def part(self, level: str, code: str) -> str:
        """Return the département that a territory is loaded with, empty where it is in several."""
        row = self.get(level, code)
        if row is None:
            return ""
        if row.departement:
            return row.departement
        if level == "departement":
            return code
        communes = (self.get("commune", member) for member in self.members.get(row.ref, ()))
        found = {commune.departement for commune in communes if commune}
        return found.pop() or "" if len(found) == 1 else ""


@cache
def bundled() -> Territories:
    """Return the bundled territories, read once."""
    table = pq.ParquetFile(FILE).read(columns=list(Row._fields))
    columns = (table.column(name).to_pylist() for name in Row._fields)
    return Territories(Row(*values) for values in zip(*columns, strict=True))


def shape_of(row: Row) -> BaseGeometry | None:
    """Return the polygon of `row`."""
    return None if row.geometry is None else shapely.from_wkb(row.geometry)
