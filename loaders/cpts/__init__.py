"""CPTS (communautés professionnelles territoriales de santé): seats, perimeters, stage.

Three kinds of file, told by content: FINESS files of any layout (category 604: seat and legal
entity only), regional lists of communes, polygon layers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from graph.errors import UsageError
from graph.model import SourceRecord
from graph.store.port import LoadBatch
from loaders import tabular
from loaders.base import LoadContext, Reporter, SourceSpec, checksum
from loaders.cpts.claims import COMPUTED, claims_of
from loaders.cpts.identify import identify
from loaders.cpts.layers import FILES, read_layer
from loaders.cpts.lists import LIST_COLUMNS, REQUIRED, perimeters_of
from loaders.cpts.perimeters import Perimeter
from loaders.cpts.registered import read_registered
from loaders.partner_lists import Vintage, file_kind, read_list, vintage_of, warn_if_older
from loaders.territories.bundled import bundled

Kind = Literal["finess", "list", "layer"]

LIST, LAYER = "cpts:liste", "cpts:contours"
_FEED = (b'"pmej"', b'"gcc"', b'"gco"', b'"schemaVersion"')
_CLASSIC = ("structureet", "structureej", "nofinesset", "nofiness", "finess;etalab")


def read(paths: Sequence[Path], context: LoadContext) -> LoadBatch:
    """Read the CPTS of FINESS files, of one regional list, or of one polygon layer.

    Parameters
    ----------
    paths : sequence of Path
        FINESS files together, or one list or layer.
    context : LoadContext
        `departements` keeps the CPTS that are mostly there. The store tells which CPTS are known,
        so that those of a list are joined to them by name. Options: ``crs`` and ``name`` (field)
        of a layer, ``vintage``.

    Returns
    -------
    LoadBatch
        One claim a CPTS, with its perimeter as communes covered and as a territory.

    Raises
    ------
    InputError
        A file that is missing, empty, cut, of another format or with other columns.
    UsageError
        No file, or several lists or layers at once.
    """
    kinds = [_kind(path) for path in paths]
    if not kinds or (len(kinds) > 1 and set(kinds) != {"finess"}):
        raise UsageError("cpts.one_file", n=len(paths))
    if kinds[0] == "finess":
        return read_registered(paths, context)
    reporter = Reporter()
    path, series = paths[0], LAYER if kinds[0] == "layer" else LIST
    titles: list[str] = []
    if series == LAYER:
        found = read_layer(path, context, reporter)
    else:
        table = read_list(path, LIST_COLUMNS, REQUIRED)
        titles, found = table.titles, perimeters_of(table, reporter)
    vintage = vintage_of(path, context, titles, reporter)
    wanted = _wanted(found, context, reporter)
    source = _source(series, wanted, path, vintage)
    warn_if_older(context.store, source.id, vintage.date, reporter)
    ids = identify(wanted, context.store, reporter)
    return LoadBatch(
        loader="cpts",
        series=series,
        sources=(source, COMPUTED) if series == LIST else (source,),
        claims=claims_of(wanted, ids, source.id),
        report=reporter.report,
        parts=frozenset(context.departements or {item.departement for item in wanted}),
        file=path.name,
        checksum=checksum([path]),
    )


def _wanted(
    found: Sequence[Perimeter], context: LoadContext, reporter: Reporter
) -> list[Perimeter]:
    """Return the CPTS of the départements asked for; the rows of the others are skipped."""
    if not context.departements:
        return list(found)
    others = [item for item in found if item.departement not in context.departements]
    rows = sum(item.rows for item in others)
    reporter.report.kept -= rows
    reporter.skip(rows)
    return [item for item in found if item.departement in context.departements]


def _source(
    series: str, perimeters: Sequence[Perimeter], path: Path, vintage: Vintage
) -> SourceRecord:
    """Return the source of a file: each regional list is one, the layer is national."""
    ident, title = series.replace(":", "-"), "Contours des CPTS"
    if series == LIST:
        territories = bundled()
        rows = [territories.get("departement", item.departement) for item in perimeters]
        regions = Counter(row.region for row in rows if row and row.region)
        region = min(regions, key=lambda code: (-regions[code], code), default="")
        row = territories.get("region", region)
        ident = f"{ident}-{region}" if region else ident
        title = f"Liste des CPTS et de leurs communes{f', {row.name}' if row else ''}"
    return SourceRecord(
        id=ident,
        family="cpts",
        title=f"{title} ({path.name})",
        date=vintage.date,
        vintage=vintage.date,
        note=f"Date lue dans le nom du fichier ({path.name})." if vintage.from_name else None,
    )


def _kind(path: Path) -> Kind:
    if path.suffix.lower() in FILES:
        tabular.check_file(path)
        return "layer"
    kind = file_kind(path)
    if kind == "workbook":
        return "list"
    if kind == "json":
        start = tabular.head(path)
        return "finess" if any(word in start for word in _FEED) else "layer"
    lines = (line.strip('"').lower() for line in tabular.start_lines(path)[:3])
    words = {word.strip('" ') for line in lines for word in re.split(r"[;,\t|]", line)}
    return "finess" if words.intersection(_CLASSIC) else "list"


SPEC = SourceSpec(
    id="cpts",
    family="cpts",
    read=read,
    by_departement=True,
    extensions=(
        *(".xlsx", ".xls", ".ods", ".csv", ".txt", ".geojson", ".json", ".json.gz", ".gz"),
        *FILES,
    ),
    publisher="DGOS (Santégraphie), agences régionales de santé, FINESS",
    licence="Licence Ouverte 2.0 (Etalab) pour FINESS ; à vérifier pour chaque liste ou couche",
    address="https://santegraphie.fr/geoserver/GCS/ows?service=WFS&version=1.0.0&request=GetFeature"
    "&typeName=GCS:AMBU_CPTS&outputFormat=application/json",
)
