"""Polygon layers of CPTS: the DGOS layer of Santégraphie (WFS, GeoJSON), or another one.

Field names change from vintage to vintage and are found by their words; the projection is told by
where the polygons fall (:mod:`loaders.cpts.projections`).
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape as shape_from
from shapely.geometry.base import BaseGeometry

from graph.errors import InputError
from graph.identifiers import fold
from loaders.base import LoadContext, Reporter
from loaders.cpts.overlay import Coverage, Share, coverage_of, territory_names
from loaders.cpts.perimeters import (
    COLUMNS,
    Perimeter,
    departement_code,
    finess_of,
    is_name,
    site_of,
)
from loaders.cpts.projections import find_reading, to_degrees
from loaders.cpts.stages import merged, stages_of
from loaders.list_tables import tidy
from loaders.partner_lists import find_columns
from loaders.tabular import open_bytes
from loaders.territories.features import usable
from loaders.territories.recognise import Feature

FILES = (".gpkg", ".shp", ".zip")
"""Layers that are told by their suffix; GeoJSON is told by its content."""
_EPSG = re.compile(r"EPSG:{1,2}(\d{4,5})")
_PROGRESS_EVERY = 20
_TERRITORIES = 0.8
"""Share of names that are those of territories beyond which a layer is one of territories."""
SHOWN_NAMES = 3
_TOTALS = ("numberMatched", "totalFeatures")


class Layer(NamedTuple):
    """The features of a file: cells by column, geometry as drawn, EPSG code declared.

    `name_field` is the field that the names of the CPTS come from.
    """

    rows: list[dict[str, str]]
    shapes: list[BaseGeometry | None]
    declared: int | None
    name_field: str


def read_layer(path: Path, context: LoadContext, reporter: Reporter) -> list[Perimeter]:
    """Return the CPTS of a polygon layer.

    Raises
    ------
    InputError
        Not a layer, cut, without names, or in a projection that cannot be told.
    """
    layer = _open(path, context)
    reporter.read(len(layer.rows))
    places = [departement_code(cells.get("departement", "")) for cells in layer.rows]
    reading = find_reading(layer.shapes, places, layer.declared, context.options.get("crs"))
    if reading is None:
        bounds = shapely.total_bounds([shape for shape in layer.shapes if shape is not None])
        raise InputError(
            "territories.unknown_crs",
            file=str(path),
            bounds=", ".join(f"{value:.6g}" for value in bounds),
            value=context.options.get("crs", ""),
        )
    if layer.declared and layer.declared != reading.epsg:
        reporter.warn(path.name, "cpts.crs", value=f"EPSG:{layer.declared}", used=reading.label)
    found = []
    drawn = to_degrees(layer.shapes, reading)
    for number, (cells, shape) in enumerate(zip(layer.rows, drawn, strict=True), start=1):
        if context.progress is not None and number % _PROGRESS_EVERY == 0:
            context.progress("progress.cpts", number, len(drawn))
        perimeter = _perimeter(number, cells, shape, reporter)
        if perimeter is not None:
            found.append(perimeter)
    if not context.options.get("name") and "cpts" not in fold(layer.name_field):
        _refuse_territories(path, found)
    return list(_united(found))


def _refuse_territories(path: Path, perimeters: Sequence[Perimeter]) -> None:
    """Refuse a layer of communes, arrondissements or départements: its names are theirs."""
    named = [item for item in perimeters if fold(item.name) in territory_names()]
    if len(perimeters) > 1 and len(named) > _TERRITORIES * len(perimeters):
        names = ", ".join(item.name for item in named[:SHOWN_NAMES])
        raise InputError("cpts.territories", file=str(path), n=len(named), found=names)


def _open(path: Path, context: LoadContext) -> Layer:
    suffix = path.suffix.lower()
    properties, shapes, declared = _from_gdal(path) if suffix in FILES else _from_json(path)
    if not properties:
        raise InputError("territories.no_polygon", file=str(path))
    fields = list(dict.fromkeys(name for item in properties for name in item))
    places = find_columns(fields, COLUMNS)
    asked = context.options.get("name")
    if asked in fields:
        places["name"] = fields.index(asked)
    if "name" not in places:
        raise InputError("cpts.no_name_field", file=str(path), found=", ".join(fields)[:300])
    names = {column: fields[place] for column, place in places.items()}
    rows = [
        {column: _text(item.get(field)) for column, field in names.items()} for item in properties
    ]
    return Layer(rows, shapes, declared, names["name"])


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None or value != value else tidy(str(value))  # noqa: PLR0124 - NaN


def _from_gdal(
    path: Path,
) -> tuple[list[dict[str, Any]], list[BaseGeometry | None], int | None]:
    import geopandas as gpd  # half a second and 50 MB that few loads need

    try:
        frame = gpd.read_file(path)
    except (OSError, ValueError, RuntimeError, ShapelyError) as error:  # GDAL, GEOS
        why = str(error).splitlines()[0][:200]
        raise InputError("territories.unreadable", file=str(path), why=why) from None
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError("territories.no_polygon", file=str(path))
    properties = [
        {str(name): value for name, value in row.items()}
        for row in frame.drop(columns=frame.geometry.name).to_dict("records")
    ]
    return properties, list(frame.geometry), frame.crs.to_epsg() if frame.crs else None


def _from_json(
    path: Path,
) -> tuple[list[dict[str, Any]], list[BaseGeometry | None], int | None]:
    document = _parsed(path)
    features = document.get("features")
    if not isinstance(features, list):
        raise InputError("cpts.not_geojson", file=str(path), found=", ".join(document)[:200])
    total = next((document[key] for key in _TOTALS if isinstance(document.get(key), int)), None)
    if total is not None and total > len(features):
        raise InputError("cpts.cut_layer", file=str(path), found=len(features), total=total)
    items = [item if isinstance(item, dict) else {} for item in features]
    match = _EPSG.search(json.dumps(document.get("crs") or ""))
    return (
        [item.get("properties") or {} for item in items],
        [_shape(item.get("geometry")) for item in items],
        int(match[1]) if match else None,
    )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        with open_bytes(path) as stream:
            document = json.loads(stream.read().decode("utf-8-sig"))
    except EOFError:
        raise InputError("tabular.truncated_gzip", file=str(path)) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise InputError("tabular.bad_gzip", file=str(path), why=str(error)) from None
    except UnicodeDecodeError as error:
        raise InputError("tabular.encoding", file=str(path), why=str(error)) from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError("cpts.bad_json", file=str(path), why=str(error)[:200]) from None
    if not isinstance(document, dict):
        raise InputError("cpts.not_geojson", file=str(path), found="[…]")
    return document


def _shape(geometry: object) -> BaseGeometry | None:
    """Return the geometry of a feature, None where it is missing or malformed."""
    if not isinstance(geometry, dict):
        return None
    try:
        return shape_from(geometry)
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return None


def _perimeter(
    number: int, cells: Mapping[str, str], drawn: BaseGeometry | None, reporter: Reporter
) -> Perimeter | None:
    name = " ".join(cells.get("name", "").split())
    where = f"élément {number}"
    if not is_name(name):
        reporter.reject(where, "cpts.no_name", field="nom", value=name or None)
        return None
    shape = usable(Feature(number, name, name, drawn), reporter)
    if shape is None:
        return None
    coverage = coverage_of(shape)
    if coverage.departement is None:
        reporter.reject(where, "cpts.outside", field="geometry", value=name)
        return None
    reporter.keep()
    _warn_partial(name, coverage, reporter)
    return Perimeter(
        name=name,
        departement=coverage.departement,
        where=where,
        communes=tuple(item.code for item in coverage.covered),
        stages=stages_of(cells, name, reporter),
        site=site_of(cells),
        finess=finess_of(cells, name, reporter),
        shape=shape,
    )


def _warn_partial(name: str, coverage: Coverage, reporter: Reporter) -> None:
    if coverage.partial:
        reporter.warn(name, "cpts.partial", value=_shares(coverage.partial))
    if coverage.split:
        reporter.warn(name, "cpts.split", value=_shares(coverage.split))


def _shares(items: Sequence[Share]) -> str:
    return ", ".join(f"{item.name} ({item.share:.0%})" for item in items)


def _united(perimeters: Iterable[Perimeter]) -> Iterable[Perimeter]:
    """Unite the features of one CPTS: some layers draw one a piece."""
    found: dict[str, Perimeter] = {}
    for item in perimeters:
        first = found.get(item.code)
        if first is None:
            found[item.code] = item
            continue
        shape = shapely.union_all([part for part in (first.shape, item.shape) if part is not None])
        found[item.code] = first._replace(
            where=f"{first.where}, {item.where.rsplit(' ', 1)[-1]}",
            communes=tuple(item.code for item in coverage_of(shape).covered),
            stages=merged(first.stages, item.stages),
            shape=shape,
            rows=first.rows + item.rows,
        )
    return found.values()
