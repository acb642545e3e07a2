"""What a polygon file holds: which column is the code, which level, which coordinates.

Column names and code shapes mislead: IGN 2018 files give Val-de-Marne's arrondissements the codes
94001 to 94003, which are communes. So every reading that the codes allow is tried against the
bundled territories, and the one whose names or places agree is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from graph.identifiers import fold
from loaders.communes import CommuneIndex
from loaders.territories.bundled import Row, Territories, shape_of

WGS84 = "EPSG:4326"
LAMBERT_93 = "EPSG:2154"
AGREEMENT = 0.5
"""Share of the features that must agree with the bundled territories."""
SAMPLE = 300
CODE_LENGTH = 5
HALF_TURN, POLE = 180, 90
MAINLAND = (0, 5_900_000, 1_400_000, 7_300_000)
"""Bounds of the mainland and Corsica in Lambert-93, metres, with a margin."""

CODE_COLUMNS = (
    *("code_insee", "insee_com", "codgeo", "code_commune", "depcom", "com", "c_arinsee"),
    *("insee_arr", "code_siren", "siren_epci", "code_epci", "epci", "siren", "ept"),
    *("insee_dep", "code_departement", "dep", "insee_reg", "code_region", "reg"),
    *("code_officiel", "code_geo", "code", "insee", "id"),
)
NAME_COLUMNS = ("nom_officiel", "nom", "nom_com", "libgeo", "libelle", "name", "l_ar", "nom_m")
ARTICLES = frozenset({"le", "la", "les", "l"})


class Reading(NamedTuple):
    """One way to read the codes of a file: `to_code` turns the file's code into ours."""

    level: str
    to_code: Callable[[str], str]


class Feature(NamedTuple):
    """One feature: its place in the file, code and name as written, polygon in WGS84."""

    number: int
    code: str
    name: str | None
    shape: BaseGeometry | None


def _commune_code(code: str) -> str:
    found = CommuneIndex.bundled().current(code)
    return found[0] if len(found) == 1 else code


def _ign_2018(code: str) -> str:
    ign = len(code) == CODE_LENGTH and code[-3:-1] == "00"
    return code[:-3] + code[-1] if ign else ""


READINGS = (
    Reading("commune", _commune_code),
    Reading("arrondissement", str),
    Reading("arrondissement", _ign_2018),
    Reading("intercommunalite", str),
    Reading("departement", str),
    Reading("region", str),
)


def pick_column(columns: Sequence[str], known: Sequence[str]) -> str | None:
    """Return the first of the `known` names that `columns` has, whatever its case and accents."""
    folded = {fold(column).replace(" ", "_"): column for column in columns}
    return next((folded[name] for name in known if name in folded), None)


def code_text(value: Any) -> str:  # noqa: ANN401
    """Return a code as text: ``75106`` from 75106 or 75106.0, ``01004`` from 1004."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value).strip()
    lost_zero = not isinstance(value, str) and text.isdigit() and len(text) == CODE_LENGTH - 1
    return text.zfill(CODE_LENGTH) if lost_zero else text


def best_reading(
    features: Sequence[Feature], territories: Territories, level: str | None = None
) -> tuple[Reading, float]:
    """Return the reading that agrees best with the bundled territories, and how much.

    Parameters
    ----------
    features : sequence of Feature
        Those of the file.
    territories : Territories
        The bundled ones.
    level : str, optional
        The only level that may be chosen.
    """
    sample = features[:: max(1, len(features) // SAMPLE)]
    readings = [reading for reading in READINGS if level in (None, reading.level)]
    scores = [_score(sample, reading, territories) for reading in readings]
    best = max(range(len(readings)), key=lambda k: scores[k])
    return readings[best], scores[best]


def _score(sample: Iterable[Feature], reading: Reading, territories: Territories) -> float:
    agreed = [agrees(feature, reading, territories) for feature in sample]
    return sum(agreed) / len(agreed) if agreed else 0.0


def agrees(feature: Feature, reading: Reading, territories: Territories) -> bool:
    """Tell whether the territory that `feature` would be has its name, or lies where it lies."""
    row = territories.get(reading.level, reading.to_code(feature.code))
    if row is None:
        return False
    return same_name(feature.name, row.name) or _same_place(feature, row)


def same_name(one: str | None, other: str) -> bool:
    """Tell whether two names are one, articles apart ("Haÿ-les-Roses")."""
    return one is not None and _bare(one) == _bare(other)


def _bare(name: str) -> str:
    words = fold(name).split()
    return " ".join(words[1:] if words and words[0] in ARTICLES else words)


def _same_place(feature: Feature, row: Row) -> bool:
    official = shape_of(row)
    if feature.shape is None or feature.shape.is_empty or official is None:
        return False
    inside = official.contains(shapely.make_valid(feature.shape).representative_point())
    return bool(inside) and AGREEMENT < feature.shape.area / official.area < 1 / AGREEMENT


def find_crs(declared: CRS | None, bounds: Sequence[float], asked: str | None) -> CRS | None:
    """Return the coordinate system of a file, None where it cannot be told.

    The one asked for; else the one declared, unless the numbers cannot be degrees; else by the
    size of the numbers: degrees, or metres of Lambert-93 over the mainland.
    """
    if asked is not None:
        try:
            return CRS.from_user_input(asked)
        except CRSError:
            return None
    left, bottom, right, top = bounds
    degrees = -HALF_TURN <= left <= right <= HALF_TURN and -POLE <= bottom <= top <= POLE
    if declared is not None and (degrees or not declared.is_geographic):
        return declared
    if degrees:
        return CRS.from_user_input(WGS84)
    west, south, east, north = MAINLAND
    lambert = west < left <= right < east and south < bottom <= top < north
    return CRS.from_user_input(LAMBERT_93) if lambert else None
