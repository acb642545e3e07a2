"""The five levels: which commune belongs to what, names, figures, polygons, one row each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd
import shapely

from territories.ageing import Ageing, sum_upward
from territories.codes import CURRENT, MUNICIPAL
from territories.coverage import WHOLE_CITIES, Coverage, dissolve
from territories.packages import Sources

LEVELS = ("region", "departement", "arrondissement", "intercommunalite", "commune")
PARENTS = ("arrondissement", "intercommunalite", "departement", "region")
COLUMNS = (
    *("level", "code", "name", "kind_detail", "population", "population_65"),
    *PARENTS,
    *("geometry_origin", "geometry"),
)
PARIS, METROPOLE = "75056", "200054781"
PARIS_NAME = "Paris (Métropole du Grand Paris, hors EPT)"

Table = list[dict[str, Any]]


class Links(NamedTuple):
    """Commune code -> code of its territory at each upper level (None where it has none)."""

    arrondissement: dict[str, str | None]
    intercommunalite: dict[str, str | None]
    departement: dict[str, str | None]
    region: dict[str, str | None]


def commune_rows(communes: Table) -> Table:
    """Return the rows at commune level: municipal arrondissements in place of their city."""
    return [
        row
        for row in communes
        if row["type"] == MUNICIPAL or (row["type"] == CURRENT and row["code"] not in WHOLE_CITIES)
    ]


def read_links(sources: Sources) -> Links:
    """Return the upper territories of every commune.

    In Greater Paris the établissement public territorial stands in place of the Métropole. Paris
    itself is in no EPT: its arrondissements form the Métropole's remaining part.
    """
    rows = commune_rows(sources.tables["communes"])
    groups = {m["code"]: g["code"] for g in sources.tables["epci"] for m in g["membres"]}
    groups |= {m["code"]: g["code"] for g in sources.tables["ept"] for m in g["membres"]}
    district = {row["code"]: row.get("arrondissement") or None for row in rows}
    district |= {row["code"]: row["code"] for row in rows if row.get("commune") == PARIS}
    return Links(
        arrondissement=district,
        intercommunalite={row["code"]: groups.get(row.get("commune", row["code"])) for row in rows},
        departement={row["code"]: row["departement"] for row in rows},
        region={row["code"]: row["region"] for row in rows},
    )


def build_rows(sources: Sources, coverage: Coverage, ageing: Ageing) -> pd.DataFrame:
    """Return one row per territory, sorted by level (largest first) then code."""
    links = read_links(sources)
    communes = commune_rows(sources.tables["communes"])
    rows = _commune_level(communes, links, coverage, ageing)
    population = {row["code"]: row["population"] for row in rows}
    for level in PARENTS:
        parent = getattr(links, level)
        figures = _Figures(
            _sum_population(population, parent),
            sum_upward(ageing, parent),
            dissolve(coverage, parent),
        )
        rows += [_upper(level, item, figures) for item in _described(level, sources)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["order"] = frame.level.map(LEVELS.index)
    for column in ("population", "population_65"):
        frame[column] = frame[column].astype("Int64")
    return frame.sort_values(["order", "code"]).drop(columns="order").reset_index(drop=True)


class _Figures(NamedTuple):
    population: Mapping[str, int | None]
    older: Mapping[str, int | None]
    shapes: Mapping[str, shapely.Geometry]


def _commune_level(communes: Table, links: Links, coverage: Coverage, ageing: Ageing) -> Table:
    shapes = coverage.by_code()
    return [
        {
            "level": "commune",
            "code": row["code"],
            "name": row["nom"],
            "kind_detail": row["type"] if row["type"] == MUNICIPAL else None,
            "population": row.get("population"),
            "population_65": ageing.known.get(row["code"]),
            **{level: getattr(links, level)[row["code"]] for level in PARENTS},
            "geometry_origin": coverage.origin.get(row["code"]),
            "geometry": shapes.get(row["code"]),
        }
        for row in communes
    ]


def _sum_population(
    population: Mapping[str, int | None], parent: Mapping[str, str | None]
) -> dict[str, int | None]:
    total: dict[str, int | None] = {}
    for code, above in parent.items():
        if above is None:
            continue
        so_far, figure = total.get(above, 0), population[code]
        total[above] = None if figure is None or so_far is None else so_far + figure
    return total


def _described(level: str, sources: Sources) -> Table:
    """Return code, name, detail and parents of the territories of an upper level."""
    tables = sources.tables
    if level == "intercommunalite":
        return _groupings(tables)
    if level == "arrondissement":
        return _districts(tables)
    if level == "departement":
        return [_item(row, region=row["region"]) for row in tables["departements"]]
    return [_item(row) for row in tables["regions"]]


def _item(row: dict[str, Any], **more: str | None) -> dict[str, Any]:
    return {"code": row["code"], "name": row["nom"], **more}


def _districts(tables: dict[str, Table]) -> Table:
    paris = [row for row in tables["communes"] if row.get("commune") == PARIS]
    whole = [row for row in tables["arrondissements"] if row["departement"] != "75"]
    above = ("departement", "region")
    return [_item(row, kind_detail=None, **{key: row[key] for key in above}) for row in whole] + [
        _item(row, kind_detail=MUNICIPAL, **{key: row[key] for key in above}) for row in paris
    ]


def _groupings(tables: dict[str, Table]) -> Table:
    rows = [_item(row, kind_detail=row["type"]) for row in tables["epci"] + tables["ept"]]
    for row in rows:
        if row["code"] == METROPOLE:
            row["name"] = PARIS_NAME
    return rows


def _upper(level: str, item: dict[str, Any], figures: _Figures) -> dict[str, Any]:
    code = item["code"]
    shape = figures.shapes.get(code)
    return {
        **dict.fromkeys(COLUMNS),
        **item,
        "level": level,
        "population": figures.population.get(code),
        "population_65": figures.older.get(code),
        "geometry_origin": None if shape is None else "dissolved",
        "geometry": shape,
    }
