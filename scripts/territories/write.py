"""Writing of the derived files: the same input gives the same bytes."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from territories.coverage import Geometries
from territories.levels import LEVELS
from territories.packages import PACKAGES

DECIMALS = 5
"""Of a degree, as the polygons have."""

VINTAGES = {
    "codes": "code officiel géographique 2026",
    "population": "INSEE, recensement 2023 (gaps.csv: Mayotte 2017)",
    "population_65": "INSEE, IRIS du recensement 2021",
    "intercommunalite": "EPCI 2026, EPT 2025",
    "geometry": "IGN ADMIN EXPRESS COG (millésime non indiqué par le paquet)",
}


def write_territories(rows: pd.DataFrame, path: Path) -> None:
    """Write `rows` as GeoParquet (WKB, longitude and latitude), one row group a level."""
    shapes = rows.geometry.to_numpy(dtype=object)
    table = pa.Table.from_pandas(
        pd.DataFrame(rows.drop(columns="geometry")).convert_dtypes(), preserve_index=False
    )
    table = table.cast(_schema(table.schema))
    table = table.append_column("geometry", pa.array(shapely.to_wkb(shapes), pa.binary()))
    table = table.replace_schema_metadata(_metadata(shapes))
    with pq.ParquetWriter(
        path, table.schema, compression="zstd", compression_level=19, data_page_size=8 << 20
    ) as writer:
        start = 0
        for level in LEVELS:
            count = int((rows.level == level).sum())
            writer.write_table(table.slice(start, count), row_group_size=count)
            start += count


def _schema(schema: pa.Schema) -> pa.Schema:
    numbers = {"population", "population_65"}
    return pa.schema(
        [pa.field(f.name, pa.int64() if f.name in numbers else pa.string()) for f in schema]
    )


def _metadata(shapes: Geometries) -> dict[str, str]:
    drawn = [shape for shape in shapes if shape is not None]
    column = {
        "encoding": "WKB",
        "geometry_types": sorted({shape.geom_type for shape in drawn}),
        "bbox": [round(float(value), DECIMALS) for value in shapely.total_bounds(drawn)],
    }
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    packages = {package.name: package.version for package in PACKAGES}
    return {
        "geo": json.dumps(geo),
        "maillage": json.dumps({"packages": packages, "vintages": VINTAGES}, ensure_ascii=False),
    }


def boxes_frame(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rectangle around each commune that has a polygon, by code."""
    drawn = rows[(rows.level == "commune") & rows.geometry.notna()]
    edges = shapely.bounds(drawn.geometry.to_numpy(dtype=object)).round(DECIMALS)
    frame = pd.DataFrame(edges, columns=["west", "south", "east", "north"])
    frame.insert(0, "code", drawn.code.to_list())
    return frame


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a CSV as every file of ``data`` is: UTF-8, comma, LF."""
    frame.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
