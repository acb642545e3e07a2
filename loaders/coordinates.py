"""Positions in France: which projection a file means, and longitude and latitude from it.

Official files state their projection badly or not at all. A position is therefore believed only
where it falls inside the territory that its row names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

Floats = npt.NDArray[np.float64]

DECIMALS = 6
"""Decimals of a degree kept: about 10 cm."""


class Box(NamedTuple):
    """Bounds of a territory in WGS84 degrees, with a margin of a few kilometres."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, longitude: float, latitude: float) -> bool:
        """Tell whether a position is inside."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


METROPOLE = Box(-5.3, 41.2, 9.8, 51.2)
_ANTILLES = Box(-63.3, 15.7, -60.7, 18.2)
_OVERSEAS = {
    "971": (_ANTILLES, 5490),
    "977": (_ANTILLES, 5490),
    "978": (_ANTILLES, 5490),
    "972": (Box(-61.4, 14.2, -60.6, 15.1), 5490),
    "973": (Box(-54.8, 2.0, -51.4, 6.0), 2972),
    "974": (Box(55.0, -21.6, 56.0, -20.7), 2975),
    "975": (Box(-56.6, 46.6, -56.0, 47.3), 4467),
    "976": (Box(44.8, -13.2, 45.5, -12.4), 4471),
    "986": (Box(-178.4, -14.6, -176.0, -13.0), 32701),
    "987": (Box(-155.0, -28.0, -134.0, -7.0), 3297),
    "988": (Box(158.0, -23.5, 173.0, -17.0), 3163),
}
"""Bounds and usual projection of the overseas départements and collectivities."""

_LAMBERT_93 = 2154
_EPSG = re.compile(r"EPSG:(\d{4,5})")
_UTM = re.compile(r"UTM\D{0,12}?(?:([NS])_?(\d{1,2})|(\d{1,2})_?([NS]))")
_ZONES = {"20N": 5490, "21N": 4467, "22N": 2972, "38S": 4471, "40S": 2975, "1S": 32701}


def box_of(departement: str) -> Box:
    """Return the bounds of a département (INSEE code, ``971`` for Guadeloupe)."""
    return _OVERSEAS[departement][0] if departement in _OVERSEAS else METROPOLE


def projection_of(departement: str) -> int:
    """Return the EPSG code of the official projection of a département."""
    return _OVERSEAS[departement][1] if departement in _OVERSEAS else _LAMBERT_93


def epsg_of(name: str) -> int | None:
    """Return the EPSG code of a projection as FINESS names it, None if it is not known.

    ``EPSG:2154 RGF93 / Lambert-93`` since 2026, ``L93_METROPOLE`` in 2025, ``LAMBERT_93`` and
    ``UTM_N20`` before; Saint-Pierre and Wallis never have the ``EPSG:`` prefix.
    """
    upper = name.upper()
    code = _EPSG.search(upper)
    if code:
        return int(code[1])
    if "LAMBERT" in upper or upper.startswith("L93"):
        return _LAMBERT_93
    zone = _UTM.search(upper)
    if zone is None:
        return None
    number, letter = (zone[2], zone[1]) if zone[2] else (zone[3], zone[4])
    return _ZONES.get(f"{int(number)}{letter}")


def to_wgs84(east: Floats, north: Floats, epsg: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return longitudes and latitudes; NaN where the code is 0 or a coordinate is NaN.

    Parameters
    ----------
    east, north : array of float
        Metres.
    epsg : array of int
        Projection of each position; 0 if not known.
    """
    longitude = np.full(len(east), np.nan)
    latitude = np.full(len(east), np.nan)
    usable = np.isfinite(east) & np.isfinite(north)
    for code in np.unique(epsg[usable & (epsg > 0)]):
        rows = usable & (epsg == code)
        x, y = _transformer(int(code)).transform(east[rows], north[rows])
        longitude[rows], latitude[rows] = x, y
    wrong = ~(np.isfinite(longitude) & np.isfinite(latitude))
    longitude[wrong] = latitude[wrong] = np.nan
    return longitude.round(DECIMALS), latitude.round(DECIMALS)


def inside(
    longitude: Floats, latitude: Floats, departements: Sequence[str]
) -> npt.NDArray[np.bool_]:
    """Tell for each position whether it is inside its département's bounds (NaN: no)."""
    codes = sorted(set(departements))
    rank = {code: index for index, code in enumerate(codes)}
    rows = np.fromiter(
        (rank[code] for code in departements), dtype=np.int64, count=len(departements)
    )
    boxes = np.array([box_of(code) for code in codes] or [METROPOLE])[rows]
    west, south, east, north = boxes.T
    held: npt.NDArray[np.bool_] = (
        (longitude >= west) & (longitude <= east) & (latitude >= south) & (latitude <= north)
    )
    return held


def degrees(pairs: Sequence[tuple[float, float]], box: Box) -> tuple[float, float] | None:
    """Return longitude and latitude from the pair, in whichever order, that is in `box`.

    The JSON feed labels degrees and metres, longitude and latitude, in any combination: only the
    size of the numbers tells.
    """
    for first, second in pairs:
        if box.holds(first, second):
            return round(first, DECIMALS), round(second, DECIMALS)
        if box.holds(second, first):
            return round(second, DECIMALS), round(first, DECIMALS)
    return None


def metres(pairs: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """Return the first pair that is in metres, whatever its order."""
    least = 1000.0
    return next((pair for pair in pairs if min(map(abs, pair)) > least), None)


def from_metres(
    pairs: Sequence[tuple[float, float]], departements: Sequence[str]
) -> list[tuple[float, float] | None]:
    """Return longitude and latitude of projected pairs whose order is not known.

    Both orders are tried with the projection of the département; None where neither falls in it.
    """
    if not pairs:
        return []
    first, second = np.array(pairs, dtype=np.float64).T
    epsg = np.array([projection_of(code) for code in departements], dtype=np.int64)
    found: list[tuple[float, float] | None] = [None] * len(pairs)
    for east, north in ((second, first), (first, second)):
        longitude, latitude = to_wgs84(east, north, epsg)
        held = inside(longitude, latitude, departements)
        for row in np.flatnonzero(held):
            found[row] = (float(longitude[row]), float(latitude[row]))
    return found


@cache
def _transformer(epsg: int) -> Transformer:
    return Transformer.from_crs(epsg, 4326, always_xy=True)
