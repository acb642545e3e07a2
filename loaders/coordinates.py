"""Positions in France: which projection a file means, and longitude and latitude from it.

Official files state their projection badly or not at all. A position is therefore believed only
where it falls inside the territory that its row names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

from graph.geography import LAMBERT_93, METROPOLE, Box, box_of, projection_of

Floats = npt.NDArray[np.float64]

DECIMALS = 6
"""Decimals of a degree kept: about 10 cm."""


_EPSG = re.compile(r"EPSG:(\d{4,5})")
_UTM = re.compile(r"UTM\D{0,12}?(?:([NS])_?(\d{1,2})|(\d{1,2})_?([NS]))")
_ZONES = {"20N": 5490, "21N": 4467, "22N": 2972, "38S": 4471, "40S": 2975, "1S": 32701}


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
        return LAMBERT_93
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
