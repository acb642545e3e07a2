"""Where France is: bounds of its territories and their official projections, in metres."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

Floats = npt.NDArray[np.float64]

WGS84 = 4326
LAMBERT_93 = 2154
NOWHERE = 0
"""In place of a projection: a position that is not stated, or in no French territory."""


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
_OVERSEAS: Mapping[str, tuple[Box, int]] = {
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


def box_of(departement: str) -> Box:
    """Return the bounds of a département (INSEE code, ``971`` for Guadeloupe)."""
    return _OVERSEAS[departement][0] if departement in _OVERSEAS else METROPOLE


def projection_of(departement: str) -> int:
    """Return the EPSG code of the official projection of a département."""
    return _OVERSEAS[departement][1] if departement in _OVERSEAS else LAMBERT_93


def projections_at(longitude: Floats, latitude: Floats) -> npt.NDArray[np.int64]:
    """Return the EPSG code of the official projection at each position, else :data:`NOWHERE`.

    Parameters
    ----------
    longitude, latitude : array of float
        WGS84 degrees; NaN where a position is not stated.
    """
    found = np.full(len(longitude), NOWHERE, dtype=np.int64)
    for (west, south, east, north), epsg in [(METROPOLE, LAMBERT_93), *_OVERSEAS.values()]:
        inside = (longitude >= west) & (longitude <= east)
        inside &= (latitude >= south) & (latitude <= north)
        found[inside] = epsg
    return found


@cache
def to_metres(epsg: int) -> Transformer:
    """Return the transformation from WGS84 longitude and latitude to the projection `epsg`."""
    return Transformer.from_crs(WGS84, epsg, always_xy=True)
