"""GeoPackage: structures, ties and territories as layers, the other tables beside them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from explorer.exports.delimited import joined
from explorer.exports.geo import LAYERS, located
from explorer.exports.material import Material
from explorer.exports.notes import notes
from explorer.exports.plain_text import readable
from explorer.exports.rows import Row, Value, columns_of, table

_GEOMETRIES = {"structures": "Point", "ties": "LineString", "territories": "MultiPolygon"}
_PANDAS: dict[str, Any] = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}
_CURRENT_DATE = Lock()
"""GDAL has one clock for the whole process."""


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
        for name in (item for item in material.tables if item not in LAYERS):
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
    placed = list(located(material, layer, material.view.crs))
    frame = _frame(material, layer, [row for row, _ in placed])
    shapes = np.array([shape for _, shape in placed], dtype=object)
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
