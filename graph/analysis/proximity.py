"""Distances in metres between points, and travel times from stated assumptions.

Points are projected where they are (Lambert-93, the official projections overseas), searched with
k-d trees, and only pairs within a radius are ever made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from graph.errors import UsageError
from graph.geography import NOWHERE, projections_at, to_metres
from graph.messages import DEFAULT_LANGUAGE, text
from graph.model import Record

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]

Unit = Literal["km", "min"]

LONGEST_MINUTES = 240.0
"""Minutes beyond which "near" means nothing."""

LARGEST_RADIUS = 300_000.0
"""Metres beyond which "near" means nothing, and every pair would be made."""


@dataclass(frozen=True)
class Points:
    """Points in metres: `ids` (may repeat), `x`, `y`, and the EPSG code of each one's projection.

    The code is 0 where a position is not stated or in no French territory: such a point is near
    nothing.
    """

    ids: pd.Index
    x: Floats
    y: Floats
    zone: npt.NDArray[np.int64]

    def __len__(self) -> int:
        """Return how many points there are."""
        return len(self.x)

    @property
    def missing(self) -> list[str]:
        """Ids of the points without a position."""
        return sorted(set(self.ids[self.zone == NOWHERE]))


class Travel(Record, frozen=True, kw_only=True):
    """Assumptions that turn a distance into minutes: always an estimate, never a measured time.

    `detour` is the length by road divided by the distance as the crow flies; `speed_kmh` the mean
    speed. Rivers, railways and traffic are not known to it.
    """

    detour: float = 1.3
    speed_kmh: float = 30.0

    def __post_init__(self) -> None:
        """Refuse what cannot be: a way shorter than straight, no speed."""
        if not 1 <= self.detour < np.inf or not 0 < self.speed_kmh < np.inf:
            raise UsageError("coverage.travel", detour=self.detour, speed=self.speed_kmh)

    def minutes(self, metres: Floats) -> Floats:
        """Return the estimated minutes of distances as the crow flies."""
        return metres * (self.detour * 60 / (self.speed_kmh * 1000))

    def metres(self, minutes: float) -> float:
        """Return the distance as the crow flies that takes `minutes`."""
        return minutes * self.speed_kmh * 1000 / (60 * self.detour)

    def sentence(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Return the assumptions in words, to stand beside every time."""
        return text("coverage.travel", language, detour=self.detour, speed=self.speed_kmh)

    def __str__(self) -> str:
        return self.sentence()


def located(longitude: pd.Series, latitude: pd.Series) -> Points:
    """Return points from WGS84 degrees, each in the official projection of where it is.

    Parameters
    ----------
    longitude, latitude : Series
        By id; NaN where a position is not stated.
    """
    degrees = longitude.to_numpy(dtype=np.float64), latitude.to_numpy(dtype=np.float64)
    zone = projections_at(*degrees)
    x, y = np.full(len(zone), np.nan), np.full(len(zone), np.nan)
    for epsg in np.unique(zone[zone != NOWHERE]):
        rows = zone == epsg
        x[rows], y[rows] = to_metres(int(epsg)).transform(degrees[0][rows], degrees[1][rows])
    return Points(longitude.index, x, y, zone)


def check_radius(metres: float) -> float:
    """Return a radius that can be meant; raise UsageError for the others.

    Raises
    ------
    UsageError
        Not a number, not above 0, or more than 300 km.
    """
    if not 0 < metres <= LARGEST_RADIUS:
        raise UsageError("coverage.radius", value=metres / 1000, most=LARGEST_RADIUS / 1000)
    return metres


def pair_costs(
    origins: Points, destinations: Points, radius: float, travel: Travel | None = None
) -> pd.DataFrame:
    """Return the pairs within a radius: ``origin``, ``destination``, ``cost``.

    Parameters
    ----------
    origins, destinations : Points
        Their ids must not repeat.
    radius : float
        Metres, or minutes where `travel` is given (inclusive).
    travel : Travel, optional
        Assumptions under which the cost is in estimated minutes.

    Returns
    -------
    DataFrame
        Ids are categories, so that thirty thousand of them in two million rows stay quick.

    Raises
    ------
    UsageError
        A radius that cannot be meant.
    """
    limit = check_radius(travel.metres(radius) if travel else radius)
    found = [
        _near(origins, destinations, rows, others, limit)
        for rows, others in _zones(origins, destinations)
    ]
    first, second, metres = (
        np.concatenate(column) for column in zip(_NO_PAIR, *found, strict=True)
    )
    import pandas as pd

    return pd.DataFrame(
        {
            "origin": pd.Categorical.from_codes(first, origins.ids),
            "destination": pd.Categorical.from_codes(second, destinations.ids),
            "cost": travel.minutes(metres) if travel else metres,
        }
    )


def count_pairs(origins: Points, destinations: Points, radius: float) -> int:
    """Return how many pairs are at most `radius` metres apart, without making them."""
    from scipy.spatial import cKDTree

    return sum(
        int(
            cKDTree(_plane(origins, rows)).count_neighbors(
                cKDTree(_plane(destinations, others)), radius
            )
        )
        for rows, others in _zones(origins, destinations)
    )


_NO_PAIR = (np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp), np.empty(0))


def nearest(origins: Points, destinations: Points) -> pd.DataFrame:
    """Return for each origin, in order, the nearest destination and its distance in metres.

    Returns
    -------
    DataFrame
        Columns ``origin``, ``destination``, ``metres``; NaN and infinity where there is no
        destination in the same part of the country. Of several at one place, the first id.
    """
    import pandas as pd
    from scipy.spatial import cKDTree

    others = _by_id(destinations)
    names = others.ids.to_numpy(dtype=object)
    found = np.full(len(origins), None, dtype=object)
    metres = np.full(len(origins), np.inf)
    for rows, there in _zones(origins, others):
        spots, first = np.unique(_plane(others, there), axis=0, return_index=True)
        metres[rows], place = cKDTree(spots).query(_plane(origins, rows))
        found[rows] = names[there[first[place]]]
    return pd.DataFrame({"origin": origins.ids, "destination": found, "metres": metres})


def _by_id(points: Points) -> Points:
    order = points.ids.argsort()
    return Points(points.ids[order], points.x[order], points.y[order], points.zone[order])


def _zones(
    origins: Points, destinations: Points
) -> Iterator[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """Yield the rows of both sides that share a projection."""
    for epsg in np.intersect1d(origins.zone, destinations.zone):
        if epsg != NOWHERE:
            yield np.flatnonzero(origins.zone == epsg), np.flatnonzero(destinations.zone == epsg)


def _plane(points: Points, rows: npt.NDArray[np.intp]) -> Floats:
    return np.column_stack([points.x[rows], points.y[rows]])


def _near(
    origins: Points,
    destinations: Points,
    rows: npt.NDArray[np.intp],
    others: npt.NDArray[np.intp],
    limit: float,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Floats]:
    from scipy.spatial import cKDTree

    trees = cKDTree(_plane(origins, rows)), cKDTree(_plane(destinations, others))
    pairs = trees[0].sparse_distance_matrix(trees[1], limit, output_type="ndarray")
    return rows[pairs["i"]], others[pairs["j"]], pairs["v"]
