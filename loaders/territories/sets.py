"""Loader ``ensembles``: named sets of communes (GHT territory, recruitment area, CLS...)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import shapely

from graph.errors import InputError
from graph.identifiers import slug, territory_ref
from graph.model import AnyClaim, SourceRecord, TerritoryClaim
from graph.store.port import LoadBatch
from loaders.base import LoadContext, Reporter, SourceSpec, checksum
from loaders.communes import CommuneIndex
from loaders.territories.bundled import Row, bundled, shape_of
from loaders.territories.recognise import pick_column
from loaders.territories.tables import Table, read_table

SET_CODES = ("code_ensemble", "ensemble", "set_code", "set", "code_territoire", "territoire")
SET_NAMES = ("nom_ensemble", "libelle_ensemble", "set_name", "nom_territoire", "nom")
COMMUNES = (
    *("code_insee", "code_commune", "insee", "commune", "commune_code", "nom_commune"),
    *("codgeo", "commune_insee", "insee_com"),
)
DEPARTEMENTS = ("departement", "dep", "code_departement", "dpt")
MOST_CHOICES = 5
COMPUTED = SourceRecord(
    id="ensembles-calculs",
    family="insee",
    title="Chiffres et contours calculés d’après les communes membres",
    publisher="Maillage, d’après INSEE (2023 ; 65 ans et plus : 2021) et IGN",
    licence="Licence Ouverte",
)


def read(paths: Sequence[Path], context: LoadContext) -> LoadBatch:  # noqa: ARG001
    """Read tables of (set, commune) rows: each set becomes a territory of level ``set``.

    Population and polygon are those of the member communes, under a source of their own; they
    stay empty where a member has none.
    """
    reporter = Reporter()
    claims: list[AnyClaim] = []
    sources = []
    for path in paths:
        source = SourceRecord(
            id=f"ensembles-{slug(path.stem)}", family="territory", title=path.name
        )
        sources.append(source)
        claims += _claims(path, source, reporter)
    return LoadBatch(
        loader="ensembles",
        series="ensembles:" + "+".join(sorted(source.id for source in sources)),
        sources=(*sources, COMPUTED),
        claims=_once(claims),
        report=reporter.report,
        file=", ".join(path.name for path in paths),
        checksum=checksum(paths),
    )


def _once(claims: Sequence[AnyClaim]) -> list[AnyClaim]:
    return list({(claim.id, claim.source): claim for claim in claims}.values())


def _claims(path: Path, source: SourceRecord, reporter: Reporter) -> list[AnyClaim]:
    table = read_table(path, _is_header)
    names: dict[str, str] = {}
    members: dict[str, dict[str, int]] = {}
    for number, cells in table.rows:
        reporter.read()
        label = _cell(table, cells, SET_NAMES) or _cell(table, cells, SET_CODES)
        code = slug(_cell(table, cells, SET_CODES) or label)
        if not code:
            reporter.reject(f"ligne {number}", "territories.set_missing")
            continue
        found = _commune(table, cells, number, reporter)
        if found:
            reporter.keep()
            names.setdefault(code, label)
            members.setdefault(code, {}).update(dict.fromkeys(found, number))
    claims: list[AnyClaim] = []
    for code, communes in sorted(members.items()):
        claims += set_claims(code, names[code], communes, source)
    if not claims:
        raise InputError("territories.no_set", file=str(path))
    return claims


def _is_header(cells: Sequence[str]) -> bool:
    header = list(cells)
    named = pick_column(header, SET_CODES) or pick_column(header, SET_NAMES)
    return named is not None and pick_column(header, COMMUNES) is not None


def _cell(table: Table, cells: Sequence[str], columns: Sequence[str]) -> str:
    column = pick_column(table.header, columns)
    return "" if column is None else cells[table.header.index(column)].strip()


def _commune(
    table: Table, cells: Sequence[str], number: int, reporter: Reporter
) -> tuple[str, ...]:
    """Return the communes of a row, given by code or by name; report what cannot be told."""
    value = _cell(table, cells, COMMUNES)
    codes, choices = communes_meant(value, _cell(table, cells, DEPARTEMENTS) or None)
    if not codes:
        reporter.reject(
            f"ligne {number}",
            "territories.commune_ambiguous" if choices else "territories.commune",
            field="commune",
            value=value,
            choices=", ".join(choices),
        )
    return codes


def communes_meant(
    value: str, departement: str | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the codes of the communes that a code or name means, else what it could mean.

    Both are empty where nothing is known by it; a whole city stands for its arrondissements.
    """
    index = CommuneIndex.bundled()
    codes = index.current(value)
    if codes:
        return codes, ()
    found = index.find(value, departement)
    # a whole city is meant by its name: all its arrondissements
    if len(found) == 1 or (
        found and len({c.name.split()[0] for c in found}) == 1 and _city(found[0].code)
    ):
        return tuple(commune.code for commune in found), ()
    return (), tuple(f"{commune.name} ({commune.code})" for commune in found[:MOST_CHOICES])


def _city(code: str) -> bool:
    row = bundled().get("commune", code)
    return row is not None and row.kind_detail is not None


def set_claims(
    code: str, name: str, communes: dict[str, int], source: SourceRecord
) -> list[TerritoryClaim]:
    """Return what `source` says of a set, and its figures; `communes` are codes with their line."""
    ref = territory_ref("set", code)
    rows = [row for member in sorted(communes) if (row := bundled().get("commune", member))]
    lines = sorted(set(communes.values()))
    said = TerritoryClaim(
        id=ref,
        level="set",
        code=code,
        source=source.id,
        locator=f"lignes {lines[0]}-{lines[-1]}",
        name=name,
        members=tuple(row.ref for row in rows),
    )
    shapes = [shape_of(row) for row in rows]
    whole = None not in shapes
    computed = TerritoryClaim(
        id=ref,
        level="set",
        code=code,
        source=COMPUTED.id,
        locator=f"{len(rows)} communes",
        population=_sum(rows, "population"),
        population_65=_sum(rows, "population_65"),
        geometry=shapely.to_wkb(shapely.union_all(shapes)) if whole else None,
    )
    return [said, computed]


def _sum(rows: Sequence[Row], field: str) -> int | None:
    values = [getattr(row, field) for row in rows]
    return None if None in values else sum(values)


SETS_SPEC = SourceSpec(
    id="ensembles",
    family="territory",
    read=read,
    extensions=(".csv", ".txt", ".xlsx", ".xls", ".ods"),
)
