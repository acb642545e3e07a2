"""Polygons of one's own (a catchment, a project's perimeter): read for one question, not stored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from shapely.geometry.base import BaseGeometry

from graph.errors import InputError
from graph.geography import NOWHERE, projections_at
from graph.identifiers import slug
from graph.store.port import ReadReport
from loaders.base import Reporter
from loaders.territories.features import in_degrees, read_frame, usable
from loaders.territories.recognise import (
    CODE_COLUMNS,
    NAME_COLUMNS,
    Feature,
    find_crs,
    pick_column,
)

if TYPE_CHECKING:
    import geopandas as gpd

MOST_POLYGONS = 500
"""More than this is a layer for the source ``territoires``, not a question."""

MOST_LETTERS = 40
"""Length of a code made of a name: it has to fit into an address."""

EXTENSIONS = (".geojson", ".json", ".gpkg", ".zip", ".shp", ".parquet", ".geoparquet")
_MORE_NAMES = ("nom_territoire", "territoire", "label", "title", "titre", "nom_ensemble")


class OwnPolygon(NamedTuple):
    """A polygon in WGS84, with the name that people know it by and a code made of it."""

    code: str
    name: str
    shape: BaseGeometry


class OwnPolygons(NamedTuple):
    """What a file holds, and how it was read.

    `column` is where the names come from (None: they are numbered), `guessed` tells whether it was
    found rather than asked for; `crs` is the coordinate system taken, `declared` what the file says
    (None: nothing). `report` lists what was mended or refused.
    """

    file: str
    polygons: tuple[OwnPolygon, ...]
    column: str | None
    guessed: bool
    columns: tuple[str, ...]
    crs: str
    declared: str | None
    report: ReadReport


def read_own(path: Path, name: str | None = None, crs: str | None = None) -> OwnPolygons:
    """Return the polygons of a GeoJSON, GeoPackage, zipped Shapefile or GeoParquet file.

    Parameters
    ----------
    path : Path
        The file.
    name : str, optional
        Column of the names; guessed where it is not given.
    crs : str, optional
        Coordinate system, such as ``EPSG:2154``, in place of that of the file.

    Raises
    ------
    InputError
        Not such a file, no column `name`, coordinates that cannot be told or are outside of
        France, or no polygon that could be kept.
    """
    frame = read_frame(path)
    if frame.geometry.is_empty.all():
        raise InputError("territories.no_polygon", file=path.name)
    if len(frame) > MOST_POLYGONS:
        raise InputError("own.too_many", file=path.name, n=len(frame), most=MOST_POLYGONS)
    columns = tuple(str(column) for column in frame.columns if column != frame.geometry.name)
    column = _name_column(frame, columns, name, path)
    bounds = [float(value) for value in frame.total_bounds]
    taken = find_crs(frame.crs, bounds, crs)
    declared = frame.crs.to_string() if frame.crs is not None else None
    placed = in_degrees(frame, path, crs)
    reporter = Reporter()
    polygons = _polygons(placed, column, reporter)
    if not polygons:
        first = reporter.report.rejections[0] if reporter.report.rejections else ""
        read_as = taken.to_string() if taken else ""
        raise InputError("own.nothing", file=path.name, crs=read_as, why=first)
    return OwnPolygons(
        file=path.name,
        polygons=tuple(polygons),
        column=column,
        guessed=name is None,
        columns=columns,
        crs=taken.to_string() if taken else "",
        declared=declared,
        report=reporter.report,
    )


def _name_column(
    frame: gpd.GeoDataFrame, columns: Sequence[str], asked: str | None, path: Path
) -> str | None:
    """Return the column asked for; else one that is called a name, or the first that holds text."""
    if asked is not None:
        if asked not in columns:
            found = ", ".join(columns)[:300]
            raise InputError("own.column", file=path.name, value=asked, found=found)
        return asked
    called = pick_column(columns, (*NAME_COLUMNS, *_MORE_NAMES, *CODE_COLUMNS))
    texts = (column for column in columns if all(isinstance(v, str) for v in frame[column]))
    return called or next(texts, None)


def _polygons(frame: gpd.GeoDataFrame, column: str | None, reporter: Reporter) -> list[OwnPolygon]:
    names = [None] * len(frame) if column is None else frame[column].tolist()
    found: dict[str, OwnPolygon] = {}
    for number, (value, shape) in enumerate(zip(names, frame.geometry, strict=True), start=1):
        reporter.read()
        label = _label(value) or f"n° {number}"
        drawn: BaseGeometry | None = shape
        if drawn is not None and not drawn.is_empty and not _in_france(drawn):
            place = ", ".join(f"{value:.4g}" for value in drawn.bounds)
            reporter.reject(
                str(number), "own.elsewhere", field="geometry", value=label, place=place
            )
            continue
        kept = usable(Feature(number, label, label, drawn), reporter)
        if kept is None:
            continue
        reporter.keep()
        code = slug(label)[:MOST_LETTERS].strip("-")
        code = code if code and code not in found else f"{code or 'polygone'}-{number}"
        found[code] = OwnPolygon(code, label, kept)
    return list(found.values())


def _label(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    said = "" if value is None or value != value else str(value).strip()  # noqa: PLR0124 - NaN
    return " ".join(said.split())[:120]


def _in_france(shape: BaseGeometry) -> bool:
    """Tell whether a shape is in a French territory: else it was read in the wrong projection."""
    west, south, east, north = shape.bounds
    middle = np.array([(west + east) / 2]), np.array([(south + north) / 2])
    # coordinates that a projection cannot turn into degrees come out infinite
    return bool(np.isfinite(shape.bounds).all() and projections_at(*middle)[0] != NOWHERE)
