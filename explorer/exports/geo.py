"""GeoJSON and GeoPackage: structures, ties and territories as QGIS reads them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from explorer.exports.delimited import joined
from explorer.exports.material import Material
from explorer.exports.notes import notes
from explorer.exports.options import TABLES
from explorer.exports.plain_text import readable
from explorer.exports.rows import DEGREES, Row, Value, columns_of, degrees, table
from explorer.viewmodel.backdrop import shape_of

WGS_84 = "EPSG:4326"
LAYERS = ("territories", "ties", "structures")
"""Tables with a geometry, in the order in which they are drawn."""

_GEOMETRIES = {"structures": "Point", "ties": "LineString", "territories": "MultiPolygon"}
_PANDAS = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}
_CURRENT_DATE = Lock()
"""GDAL has one clock for the whole process."""


def write_geojson(material: Material) -> bytes:
    """Return one FeatureCollection (RFC 7946, WGS 84).

    Each feature says its ``layer``. What has no position has a null geometry; so has a tie one end
    of which has none. Several values of a property are a list.
    """
    features = [
        {
            "type": "Feature",
            "id": f"{layer}/{row['id']}",
            "geometry": _in_degrees(shape),
            "properties": {"layer": layer, **{key: _json(value) for key, value in row.items()}},
        }
        for layer in LAYERS
        for row, shape in _located(material, layer, WGS_84)
    ]
    document = {
        "type": "FeatureCollection",
        "name": readable(material.view.caption.title),
        "as_of": material.answer.selection.on.isoformat(),
        "notes": [readable(note) for note in notes(material)],
        "features": features,
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _json(value: Value) -> object:
    if isinstance(value, tuple):
        return [readable(item) for item in value]
    return readable(value) if isinstance(value, str) else value


def _in_degrees(shape: shapely.Geometry | None) -> Mapping[str, Any] | None:
    if shape is None:
        return None
    rounded: Mapping[str, Any] = json.loads(shapely.to_geojson(_wound(shape)))
    return {"type": rounded["type"], "coordinates": _rounded(rounded["coordinates"])}


def _wound(shape: shapely.Geometry) -> shapely.Geometry:
    """Return outer rings counter-clockwise, as RFC 7946 asks."""
    return shapely.orient_polygons(shape, exterior_cw=False)


def _rounded(value: Any) -> Any:  # noqa: ANN401 - numbers at any depth
    return [_rounded(item) for item in value] if isinstance(value, list) else round(value, DEGREES)


def _located(
    material: Material, layer: str, crs: str
) -> Iterator[tuple[Row, shapely.Geometry | None]]:
    """Yield the rows of a layer with their geometry in `crs`."""
    columns = columns_of(material, layer)
    shapes = {item.id: item for item in material.territories} if layer == "territories" else {}
    for row in table(material, layer):
        kept = {column.key: row.get(column.key) for column in columns}
        if layer == "territories":
            yield kept, _polygon(shapes[str(row["id"])], crs)
        elif layer == "ties":
            ends = [_point(str(row[end]), material, crs) for end in ("a", "b")]
            placed = [end for end in ends if end is not None]
            both = len(placed) == len(ends)
            yield kept, shapely.LineString(placed) if both else None
        else:
            at = _point(str(row["id"]), material, crs)
            yield kept, shapely.Point(at) if at else None


def _polygon(territory: Any, crs: str) -> shapely.Geometry | None:  # noqa: ANN401
    if territory.geometry is None:
        return None
    shape = shapely.from_wkb(territory.geometry) if crs == WGS_84 else shape_of(territory, crs)
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


def _point(key: str, material: Material, crs: str) -> tuple[float, float] | None:
    place = material.places.get(key)
    if place is None:
        return None
    if crs == WGS_84:
        return degrees(place.x, place.y, material.view.crs)
    return round(place.x, 1), round(place.y, 1)


def write_gpkg(material: Material) -> bytes:
    """Return a GeoPackage: three layers in metres of ``view.crs``, the other tables beside them.

    Structures without a position and their ties are kept, without geometry. The time that a
    GeoPackage states for each layer is the day looked at.
    """
    moment = f"{material.moment:%Y-%m-%dT%H:%M:%S}.000Z"
    with tempfile.TemporaryDirectory() as folder, _gdal_clock(moment):
        path = Path(folder) / "network.gpkg"
        for layer in LAYERS:
            _write_layer(path, layer, _layer(material, layer), material)
        for name in (item for item in TABLES if item not in LAYERS):
            _write_table(path, name, _frame(material, name, table(material, name)))
        said = [material.view.caption.title, *notes(material)]
        about = pd.DataFrame({"note": [readable(line) for line in said]})
        _write_table(path, "about", about)
        return path.read_bytes()


@contextmanager
def _gdal_clock(moment: str) -> Iterator[None]:
    with _CURRENT_DATE:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": moment})
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _layer(material: Material, layer: str) -> gpd.GeoDataFrame:
    located = list(_located(material, layer, material.view.crs))
    frame = _frame(material, layer, [row for row, _ in located])
    shapes = np.array([shape for _, shape in located], dtype=object)
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=material.view.crs)


def _frame(material: Material, name: str, rows: list[Row]) -> pd.DataFrame:
    """Return rows as columns of one type each; several values in a cell are joined."""
    return pd.DataFrame(
        {
            column.key: pd.array(
                [_cell(row.get(column.key)) for row in rows],
                dtype=_PANDAS.get(column.type, "object"),
            )
            for column in columns_of(material, name)
        }
    )


def _cell(value: Value) -> object:
    if value is None or value == ():
        return None
    return readable(joined(value)) if isinstance(value, str | tuple) else value


def _write_layer(path: Path, layer: str, frame: gpd.GeoDataFrame, material: Material) -> None:
    pyogrio.write_dataframe(
        frame,
        path,
        layer=layer,
        driver="GPKG",
        geometry_type=_GEOMETRIES[layer],
        append=path.exists(),
        layer_options={"DESCRIPTION": readable(material.view.caption.title)},
    )


def _write_table(path: Path, name: str, frame: pd.DataFrame) -> None:
    pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG", append=path.exists())
