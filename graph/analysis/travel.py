"""What it costs to go from people to structures: an interface, and its sources without a network.

A cost is in kilometres as the crow flies, in minutes estimated from stated assumptions, in minutes
of a table that somebody gave, or in minutes of a routing server (:mod:`loaders.routing`). What was
used is a sentence that stands beside every result.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from graph.analysis.proximity import (
    LARGEST_RADIUS,
    LONGEST_MINUTES,
    Points,
    Travel,
    Unit,
    check_radius,
    nearest,
    pair_costs,
)
from graph.errors import UsageError
from graph.messages import DEFAULT_LANGUAGE, text

Floats = npt.NDArray[np.float64]

FASTEST_KMH = 130.0
"""No road is quicker: what is farther as the crow flies cannot be reached in the time."""

_METRES = 1000.0


class Trips(NamedTuple):
    """From where to where: ids of `origins` are communes and may repeat, `destinations` structures.

    `communes` is where each destination sits, for tables from commune to commune.
    """

    origins: Points
    destinations: Points
    communes: Mapping[str, str | None]


class TravelTimes(Protocol):
    """A source of costs; `by` is ``distance``, ``estimate``, ``table`` or ``router``."""

    @property
    def unit(self) -> Unit:
        """The unit of every cost."""
        ...

    @property
    def by(self) -> str:
        """Where costs come from."""
        ...

    def check(self, limit: float) -> float:
        """Return a limit that can be meant; raise UsageError for the others."""
        ...

    def crow_km(self, limit: float) -> float:
        """Return how far as the crow flies `limit` can reach: nothing beyond need be read."""
        ...

    def costs(self, trips: Trips, limit: float) -> pd.DataFrame:
        """Return the pairs at most `limit` apart: ``origin`` (row), ``destination``, ``cost``."""
        ...

    def nearest(self, trips: Trips, limit: float) -> pd.DataFrame:
        """Return for each origin, in order, its nearest ``destination`` and ``cost``.

        NaN and infinity where none is known within `limit`.
        """
        ...

    def known(self, communes: pd.Index) -> npt.NDArray[np.bool_]:
        """Tell of which communes costs are known at all."""
        ...

    def sentence(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Return what was used, in words."""
        ...


def check_minutes(minutes: float) -> float:
    """Return minutes that can be meant; raise UsageError for the others."""
    if not 0 < minutes <= LONGEST_MINUTES:
        raise UsageError("access.minutes", value=minutes, most=LONGEST_MINUTES)
    return minutes


@dataclass(frozen=True)
class Crow:
    """Kilometres as the crow flies."""

    unit: Unit = "km"
    by: str = "distance"

    def check(self, limit: float) -> float:
        """Return kilometres that can be meant; raise UsageError for the others."""
        return check_radius(limit * _METRES) / _METRES

    def crow_km(self, limit: float) -> float:
        """Return `limit`."""
        return limit

    def costs(self, trips: Trips, limit: float) -> pd.DataFrame:
        """Return the pairs at most `limit` kilometres apart."""
        return _crow_pairs(trips, limit * _METRES, None, 1 / _METRES)

    def nearest(self, trips: Trips, limit: float) -> pd.DataFrame:  # noqa: ARG002 - of any distance
        """Return the nearest, however far."""
        return _crow_nearest(trips, None, 1 / _METRES)

    def known(self, communes: pd.Index) -> npt.NDArray[np.bool_]:
        """Tell that distances are known everywhere."""
        return np.ones(len(communes), dtype=np.bool_)

    def sentence(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Return what was used, in words."""
        return text("access.by.distance", language)


@dataclass(frozen=True)
class Estimated:
    """Minutes estimated from the distance, a detour factor and a mean speed."""

    travel: Travel = field(default_factory=Travel)
    unit: Unit = "min"
    by: str = "estimate"

    def check(self, limit: float) -> float:
        """Return minutes that can be meant, and whose distance can; raise UsageError else."""
        if self.crow_km(check_minutes(limit)) * _METRES > LARGEST_RADIUS:
            check_radius(self.crow_km(limit) * _METRES)
        return limit

    def crow_km(self, limit: float) -> float:
        """Return the distance that takes `limit` minutes."""
        return self.travel.metres(limit) / _METRES

    def costs(self, trips: Trips, limit: float) -> pd.DataFrame:
        """Return the pairs at most `limit` minutes apart."""
        return _crow_pairs(trips, limit, self.travel, 1.0)

    def nearest(self, trips: Trips, limit: float) -> pd.DataFrame:  # noqa: ARG002 - of any distance
        """Return the nearest, however far."""
        return _crow_nearest(trips, self.travel, 1.0)

    def known(self, communes: pd.Index) -> npt.NDArray[np.bool_]:
        """Tell that estimates are known everywhere."""
        return np.ones(len(communes), dtype=np.bool_)

    def sentence(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Return the assumptions in words."""
        return self.travel.sentence(language)


@dataclass(frozen=True)
class TimeTable:
    """Minutes that somebody gave, from commune to structure or commune.

    Parameters
    ----------
    minutes : Series
        Minutes by (origin commune, destination): a structure's own row counts before its commune's.
        A pair that is not there is out of reach; a commune without any row is not known.
    name : str
        The file, named in the sentence.
    """

    minutes: Mapping[tuple[str, str], float]
    name: str
    unit: Unit = "min"
    by: str = "table"

    def check(self, limit: float) -> float:
        """Return minutes that can be meant; raise UsageError for the others."""
        return check_minutes(limit)

    def crow_km(self, limit: float) -> float:
        """Return how far one can be in `limit` minutes at most."""
        return min(limit * FASTEST_KMH / 60, LARGEST_RADIUS / _METRES)

    def costs(self, trips: Trips, limit: float) -> pd.DataFrame:
        """Return the pairs of the table at most `limit` minutes apart."""
        rows, places = _rows_of(trips.origins.ids), _rows_of(trips.destinations.ids)
        inside: dict[str, list[str]] = defaultdict(list)
        for ident in places:
            inside[trips.communes.get(ident) or ""].append(ident)
        found = [
            (row, places[ident][0], minutes)
            for (origin, end), minutes in self.minutes.items()
            if minutes <= limit and origin in rows
            for ident in self._ends(origin, end, places, inside)
            for row in rows[origin]
        ]
        table = np.array(found, dtype=np.float64).reshape(-1, 3)
        return pair_frame(
            trips, table[:, 0].astype(np.intp), table[:, 1].astype(np.intp), table[:, 2]
        )

    def _ends(
        self, origin: str, end: str, places: Collection[str], inside: Mapping[str, list[str]]
    ) -> list[str]:
        """Return the structures that a row of the table is about: one, or those of a commune."""
        if end in places:
            return [end]
        return [ident for ident in inside.get(end, ()) if (origin, ident) not in self.minutes]

    def nearest(self, trips: Trips, limit: float) -> pd.DataFrame:
        """Return the nearest of the table within `limit`."""
        return nearest_of(trips, self.costs(trips, limit))

    def known(self, communes: pd.Index) -> npt.NDArray[np.bool_]:
        """Tell which communes have a row."""
        return np.asarray(communes.isin({origin for origin, _ in self.minutes}), dtype=np.bool_)

    def sentence(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Return what was used, in words."""
        return text("access.by.table", language, file=self.name, count=len(self.minutes))


def _rows_of(ids: pd.Index) -> dict[str, list[int]]:
    """Return the rows of each id."""
    found: dict[str, list[int]] = defaultdict(list)
    for row, ident in enumerate(ids):
        found[str(ident)].append(row)
    return found


def pair_frame(
    trips: Trips, rows: npt.NDArray[np.intp], places: npt.NDArray[np.intp], cost: Floats
) -> pd.DataFrame:
    """Return pairs as a frame: ``origin`` is the row, ``destination`` the id."""
    ids = pd.Categorical.from_codes(places, trips.destinations.ids)
    return pd.DataFrame({"origin": rows, "destination": ids, "cost": cost})


def nearest_of(trips: Trips, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the cheapest destination of each origin among `pairs`; of equals, the first id."""
    size = len(trips.origins)
    found, cost = np.full(size, None, dtype=object), np.full(size, math.inf)
    known = pairs[pairs["cost"].notna()].astype({"destination": object})
    first = known.sort_values(["cost", "destination"]).drop_duplicates("origin")
    rows = first["origin"].to_numpy(dtype=np.intp)
    found[rows], cost[rows] = first["destination"].to_numpy(), first["cost"].to_numpy()
    return pd.DataFrame({"destination": found, "cost": cost})


def numbered(points: Points) -> Points:
    """Return `points` under the numbers of their rows, which do not repeat."""
    return replace(points, ids=pd.RangeIndex(len(points)))


def _crow_pairs(trips: Trips, limit: float, travel: Travel | None, scale: float) -> pd.DataFrame:
    pairs = pair_costs(numbered(trips.origins), trips.destinations, limit, travel)
    rows = np.asarray(pairs["origin"].cat.codes, dtype=np.intp)
    return pairs.assign(origin=rows, cost=pairs["cost"] * scale)


def _crow_nearest(trips: Trips, travel: Travel | None, scale: float) -> pd.DataFrame:
    found = nearest(trips.origins, trips.destinations)
    metres = found["metres"].to_numpy(dtype=np.float64)
    cost = travel.minutes(metres) if travel else metres * scale
    return pd.DataFrame({"destination": found["destination"], "cost": cost})
