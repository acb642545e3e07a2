"""Claims on the CPTS of a list or a layer: the structure, and its perimeter as a territory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import shapely

from graph.identifiers import territory_ref
from graph.model import AnyClaim, Fact, SourceRecord, StructureClaim, TerritoryClaim
from loaders.cpts.perimeters import Perimeter
from loaders.cpts.stages import stage_facts
from loaders.territories.bundled import Row, bundled

LEVEL = "cpts"
COMPUTED = SourceRecord(
    id="cpts-calculs",
    family="insee",
    title="Contours et population des CPTS calculés d’après leurs communes",
    publisher="Maillage, d’après INSEE (2023 ; 65 ans et plus : 2021) et IGN",
    licence="Licence Ouverte",
)


class _Sum(NamedTuple):
    """What communes are together: how many are known, their people, their outline."""

    communes: int
    population: int | None
    population_65: int | None
    geometry: bytes | None


def claims_of(
    perimeters: Sequence[Perimeter], ids: Mapping[str, str], source: str
) -> list[AnyClaim]:
    """Return what a file claims of its CPTS.

    Parameters
    ----------
    perimeters : sequence of Perimeter
        Those of the file, each code once.
    ids : mapping
        Structure id of each, by its code.
    source : str
        Id of the file's source.
    """
    claims: list[AnyClaim] = []
    sums = cache(_sum_of)
    for item in perimeters:
        claims.append(_structure(item, ids[item.code], source))
        claims.append(_territory(item, source))
        if item.shape is None and (computed := _computed(item, sums)) is not None:
            claims.append(computed)
    return claims


def _structure(item: Perimeter, ident: str, source: str) -> StructureClaim:
    facts = list(stage_facts(item.stages))
    if item.site:
        facts.append(Fact(topic="site_internet", value=item.site))
    if item.unread:
        count = float(len(item.unread))
        names = ", ".join(item.unread)
        facts.append(Fact(topic="communes_non_reconnues", value=count, note=names))
    return StructureClaim(
        id=ident,
        source=source,
        locator=item.where,
        part=item.departement,
        name=item.name,
        kind="CPTS",
        covers=(*_communes(item), territory_ref(LEVEL, item.code)),
        facts=tuple(facts),
    )


def _territory(item: Perimeter, source: str) -> TerritoryClaim:
    return TerritoryClaim(
        id=territory_ref(LEVEL, item.code),
        level=LEVEL,
        code=item.code,
        source=source,
        locator=item.where,
        part=item.departement,
        name=item.name,
        members=_communes(item),
        geometry=None if item.shape is None else shapely.to_wkb(item.shape),
    )


def _computed(item: Perimeter, sums: Callable[[tuple[str, ...]], _Sum]) -> TerritoryClaim | None:
    """Return the polygon and the population of a perimeter made of whole communes."""
    found = sums(item.communes)
    if not found.communes:
        return None
    return TerritoryClaim(
        id=territory_ref(LEVEL, item.code),
        level=LEVEL,
        code=item.code,
        source=COMPUTED.id,
        locator=f"{found.communes} communes",
        part=item.departement,
        population=None if item.unread else found.population,
        population_65=None if item.unread else found.population_65,
        geometry=found.geometry,
    )


def _sum_of(codes: tuple[str, ...]) -> _Sum:
    rows = [row for code in codes if (row := bundled().get("commune", code))]
    shapes = [row.geometry for row in rows]
    union = None if None in shapes else shapely.coverage_union_all(shapely.from_wkb(shapes))
    return _Sum(
        communes=len(rows),
        population=_total(rows, "population"),
        population_65=_total(rows, "population_65"),
        geometry=None if union is None else shapely.to_wkb(union),
    )


def _total(rows: Sequence[Row], field: str) -> int | None:
    values = [getattr(row, field) for row in rows]
    return None if None in values else sum(values)


def _communes(item: Perimeter) -> tuple[str, ...]:
    return tuple(territory_ref("commune", code) for code in item.communes)
