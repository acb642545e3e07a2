"""Polygon files opened: features in WGS84, mended where that is possible."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from graph.errors import InputError
from loaders.base import LoadContext, Reporter
from loaders.tabular import check_file
from loaders.territories.recognise import (
    CODE_COLUMNS,
    NAME_COLUMNS,
    WGS84,
    Feature,
    code_text,
    find_crs,
    pick_column,
)

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

OWN_LEVELS = ("cpts", "set")
"""Levels without official codes: the file's own are taken."""


def read_features(path: Path, context: LoadContext) -> list[Feature]:
    """Return the features of `path` with their polygons in WGS84."""
    frame = read_frame(path)
    options = context.options
    code = options.get("code") or pick_column(list(frame.columns), CODE_COLUMNS)
    name = options.get("name") or pick_column(list(frame.columns), NAME_COLUMNS)
    missing = [column for column in (code, name) if column and column not in frame.columns]
    if missing or (code is None and options.get("level") not in OWN_LEVELS):
        columns = ", ".join(str(column) for column in frame.columns)[:300]
        wanted = ", ".join(missing) or "code_insee, code…"
        raise InputError("territories.no_code", file=str(path), wanted=wanted, found=columns)
    frame = in_degrees(frame, path, options.get("crs"))
    names = [None] * len(frame) if name is None else frame[name].tolist()
    codes = names if code is None else frame[code].tolist()
    rows = zip(codes, names, frame.geometry, strict=True)
    return [
        Feature(number, code_text(value), str(label) if isinstance(label, str) else None, shape)
        for number, (value, label, shape) in enumerate(rows, start=1)
    ]


def read_frame(path: Path) -> gpd.GeoDataFrame:
    """Return the features of `path` as the file has them; raise InputError where it has none."""
    import geopandas as gpd  # half a second and 50 MB that few loads need

    check_file(path)
    try:
        frame = _open(path)
    except (OSError, ValueError, RuntimeError, ShapelyError) as error:  # GDAL, Arrow, GEOS
        why = str(error).splitlines()[0][:200]
        raise InputError("territories.unreadable", file=str(path), why=why) from None
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty or frame.geometry.isna().all():
        raise InputError("territories.no_polygon", file=str(path))
    return frame


def _open(path: Path) -> pd.DataFrame:
    import geopandas as gpd

    if path.suffix.lower() in {".parquet", ".geoparquet"}:
        return gpd.read_parquet(path)
    return gpd.read_file(path)


def in_degrees(frame: gpd.GeoDataFrame, path: Path, asked: str | None) -> gpd.GeoDataFrame:
    """Return `frame` in WGS84; raise InputError where its coordinate system cannot be told."""
    bounds = [float(value) for value in frame.total_bounds]
    crs = find_crs(frame.crs, bounds, asked)
    if crs is None:
        shown = ", ".join(f"{value:.6g}" for value in bounds)
        raise InputError("territories.unknown_crs", file=str(path), bounds=shown, value=asked or "")
    return frame.set_crs(crs, allow_override=True).to_crs(WGS84)


def usable(feature: Feature, reporter: Reporter) -> BaseGeometry | None:
    """Return the polygon of `feature`, mended where that is possible, and report what was done."""
    row = str(feature.number)
    if feature.shape is None or feature.shape.is_empty:
        reporter.reject(row, "territories.no_geometry", field="geometry", value=feature.code)
        return None
    shape = shapely.force_2d(feature.shape)
    if not shape.is_valid:
        why = shapely.is_valid_reason(shape)
        shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        reporter.warn(row, "territories.repaired", field="geometry", value=feature.code, why=why)
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    if not parts:
        kind = feature.shape.geom_type
        reporter.reject(row, "territories.not_polygon", field="geometry", value=kind)
        return None
    return shapely.union_all(np.array(parts, dtype=object))
