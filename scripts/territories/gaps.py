"""What the packages lack, and what was derived in its place: ``gaps.csv``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from territories.ageing import Ageing
from territories.codes import CodeHistory
from territories.coverage import COMPLETED, MEMBERS, Coverage
from territories.levels import METROPOLE, PARENTS

MAYOTTE = "976"
KM2_PER_SQUARE_DEGREE = 111.32**2


class Gap(NamedTuple):
    """One gap; `lacks` names the column or thing, `reason` is explained in data/README.md."""

    level: str
    code: str
    name: str
    lacks: str
    reason: str
    note: str = ""


def list_gaps(
    rows: pd.DataFrame,
    coverage: Coverage,
    ageing: Ageing,
    history: CodeHistory,
    vanished: dict[str, str],
    postal: dict[str, str],
) -> pd.DataFrame:
    """Return ``gaps.csv``, sorted."""
    communes = rows[rows.level == "commune"]
    gaps = [
        *_polygons(rows, ageing),
        *_partial_polygons(communes, vanished),
        *_land(coverage),
        *_figures(rows, ageing),
        *_parents(communes),
        *_codes(communes, history, postal),
    ]
    return pd.DataFrame(sorted(gaps), columns=list(Gap._fields))


def _records(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows as named tuples; the stubs do not know the types of their columns."""
    yield from frame.itertuples()


def _polygons(rows: pd.DataFrame, ageing: Ageing) -> Iterator[Gap]:
    for row in _records(rows):
        where = (row.level, row.code, row.name)
        if row.geometry is None:
            carrier = ageing.carried.get(row.code, "") if row.level == "commune" else ""
            yield Gap(
                *where,
                "geometry",
                "within_former_commune" if carrier else "not_in_package",
                carrier,
            )
        elif row.geometry_origin == MEMBERS:
            yield Gap(*where, "geometry", "united_from_delegated_communes")
        elif row.geometry_origin == COMPLETED:
            yield Gap(*where, "geometry", "completed_with_enclosed_land")
    absent = set(rows.code[(rows.level == "commune") & rows.geometry.isna()])
    names = rows[rows.level == "commune"].set_index("code").name
    for code in sorted(set(ageing.carried.values())):
        inside = sorted(
            c for c, carrier in ageing.carried.items() if carrier == code and c in absent
        )
        if inside:
            yield Gap(
                "commune", code, names[code], "geometry", "holds_other_communes", " ".join(inside)
            )


def _partial_polygons(communes: pd.DataFrame, vanished: dict[str, str]) -> Iterator[Gap]:
    origin = communes.set_index("code").geometry_origin
    names = communes.set_index("code").name
    for code in sorted({now for now in vanished.values() if origin.get(now) == "own"}):
        merged = " ".join(sorted(old for old, now in vanished.items() if now == code))
        yield Gap("commune", code, names[code], "geometry", "maybe_without_merged_communes", merged)


def _land(coverage: Coverage) -> Iterator[Gap]:
    for x, y, area in sorted(coverage.unattributed):
        size = area * KM2_PER_SQUARE_DEGREE * math.cos(math.radians(y))
        yield Gap("", "", "", "geometry", "land_of_no_commune", f"lon {x} lat {y} {size:.2f} km2")


def _figures(rows: pd.DataFrame, ageing: Ageing) -> Iterator[Gap]:
    joint = {*ageing.carried, *ageing.joint}
    for row in _records(rows):
        where = (row.level, row.code, row.name)
        if pd.isna(row.population):
            yield Gap(*where, "population", "not_in_package")
        elif row.departement == MAYOTTE:
            yield Gap(*where, "population", "census_2017")
        elif (
            row.level == "commune"
            and row.departement[:2] in ("97", "98")
            and row.region == row.departement
        ):
            yield Gap(*where, "population", "census_year_not_stated")
        if pd.isna(row.population_65):
            yield Gap(*where, "population_65", _why_no_65(row.level, row.code, joint))


def _why_no_65(level: str, code: str, joint: set[str]) -> str:
    if level != "commune":
        return "member_missing"
    return "re_established_since_2021" if code in joint else "not_in_package"


def _parents(communes: pd.DataFrame) -> Iterator[Gap]:
    for level in PARENTS:
        for row in _records(communes[communes[level].isna()]):
            yield Gap("commune", row.code, row.name, level, "has_none")
    yield Gap("intercommunalite", METROPOLE, "", "members", "only_paris_without_the_ept")


def _codes(communes: pd.DataFrame, history: CodeHistory, postal: dict[str, str]) -> Iterator[Gap]:
    for row in _records(communes[~communes.code.isin(postal)]):
        yield Gap("commune", row.code, row.name, "postal_codes", "not_in_package")
    for old, kept, other in history.conflicts:
        yield Gap(
            "commune", old, "", "old_code", "conflict_delegated_prevails", f"{kept} not {other}"
        )
