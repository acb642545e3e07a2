"""Travel times from a routing server that a person names, and from no other.

It is asked in batches that its usual limits take, in smaller ones where it wants fewer, and not at
all for more than :data:`MOST_REQUESTS`. What it does not answer soundly is refused, never guessed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
import pandas as pd

from graph.analysis.proximity import LARGEST_RADIUS, Points, Unit, count_pairs, pair_costs
from graph.analysis.travel import (
    FASTEST_KMH,
    Trips,
    check_minutes,
    nearest_of,
    numbered,
    pair_frame,
)
from graph.errors import InputError, UsageError
from graph.geography import NOWHERE, to_metres
from graph.messages import DEFAULT_LANGUAGE, text
from loaders.fetch import Answer, Patience, Trouble, Wire
from loaders.routing_protocols import OSRM, Refused, TooBig, protocol_of

Floats = npt.NDArray[np.float64]

PATIENCE = Patience(reach=5.0, answer=20.0)
MOST_REQUESTS = 2_000
"""Requests for one question; more is no question for a server, but a matrix to be made apart."""

_LARGEST_ANSWER = 64 * 1024 * 1024
_SECONDS = 60.0
_BAD_REQUEST = frozenset({400})


class Router:
    """Minutes by road from a server; each place and structure is asked about once.

    Parameters
    ----------
    address : str
        ``http://host:5000`` (OSRM, by car), ``http://host:5000/table/v1/foot`` (another profile),
        ``valhalla+http://host:8002``.
    patience : Patience, optional
        How long to wait.

    Raises
    ------
    UsageError
        Not such an address, or one with a password in it, which is not repeated.
    """

    unit: Unit = "min"
    by: str = "router"

    def __init__(self, address: str, patience: Patience = PATIENCE) -> None:
        self._protocol, self._base = protocol_of(address)
        self._patience = patience
        self._known: dict[tuple[object, ...], Floats] = {}
        self.host = urlsplit(self._base).netloc
        self.requests = 0

    def check(self, limit: float) -> float:
        """Return minutes that can be meant; raise UsageError for the others."""
        return check_minutes(limit)

    def crow_km(self, limit: float) -> float:
        """Return how far one can be in `limit` minutes at most."""
        return min(limit * FASTEST_KMH / 60, LARGEST_RADIUS / 1000)

    def known(self, communes: pd.Index) -> npt.NDArray[np.bool_]:
        """Tell that a server knows the ways from everywhere, or says that there is none."""
        return np.ones(len(communes), dtype=np.bool_)

    def sentence(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Return what was used, in words: the server and its way to go."""
        mode = self._base.rpartition("/")[2] if self._protocol is OSRM else "auto"
        name = self._protocol.title
        return text("access.by.router", language, name=name, host=self.host, mode=mode)

    def nearest(self, trips: Trips, limit: float) -> pd.DataFrame:
        """Return the nearest within `limit` minutes."""
        return nearest_of(trips, self.costs(trips, limit))

    def costs(self, trips: Trips, limit: float) -> pd.DataFrame:
        """Return the pairs at most `limit` minutes apart; those without a way are not there.

        Raises
        ------
        InputError
            The server cannot be reached, is too slow, refuses, or does not speak its protocol.
        UsageError
            More requests than :data:`MOST_REQUESTS`.
        """
        metres, side = self.crow_km(limit) * 1000.0, self._protocol.side
        least = count_pairs(trips.origins, trips.destinations, metres) / side**2
        if least > MOST_REQUESTS:
            raise UsageError("routing.requests", n=math.ceil(least), most=MOST_REQUESTS)
        near = pair_costs(numbered(trips.origins), trips.destinations, metres)
        rows = np.asarray(near["origin"].cat.codes, dtype=np.intp)
        places = np.asarray(near["destination"].cat.codes, dtype=np.intp)
        if not len(near):
            return pair_frame(trips, rows, places, np.empty(0))
        (starts, row), (ends, place) = (
            np.unique(each, return_inverse=True) for each in (rows, places)
        )
        blocks = sorted(set(zip((row // side).tolist(), (place // side).tolist(), strict=True)))
        cost = self._matrix(trips, starts, ends, blocks)[row, place]
        kept = cost <= limit
        return pair_frame(trips, rows[kept], places[kept], cost[kept])

    def _matrix(
        self,
        trips: Trips,
        rows: npt.NDArray[np.intp],
        places: npt.NDArray[np.intp],
        blocks: Sequence[tuple[int, int]],
    ) -> Floats:
        """Return the minutes from `rows` to `places`, block by block; NaN where there is no way."""
        if len(blocks) > MOST_REQUESTS:
            raise UsageError("routing.requests", n=len(blocks), most=MOST_REQUESTS)
        origins, ends = _degrees(trips.origins)[rows], _degrees(trips.destinations)[places]
        key = (origins.tobytes(), ends.tobytes(), tuple(blocks))
        if key not in self._known:
            found, side = np.full((len(rows), len(places)), np.nan), self._protocol.side
            try:
                with Wire(self._patience) as wire:
                    for top, left in blocks:
                        here = tuple(slice(at * side, (at + 1) * side) for at in (top, left))
                        found[here] = self._block(wire, origins[here[0]], ends[here[1]])
            except Trouble as trouble:
                raise self._lost(trouble) from trouble
            self._known[key] = found
        return self._known[key]

    def _block(self, wire: Wire, origins: Floats, ends: Floats) -> Floats:
        """Return the minutes of one request, of smaller ones where the server wants fewer."""
        try:
            return self._asked(wire, origins, ends)
        except TooBig as error:
            if len(origins) == 1 and len(ends) == 1:
                raise self._refused(f"TooBig {error}") from None
        if len(origins) >= len(ends):
            half = len(origins) // 2
            parts = [self._block(wire, each, ends) for each in (origins[:half], origins[half:])]
            return np.concatenate(parts, axis=0)
        half = len(ends) // 2
        parts = [self._block(wire, origins, each) for each in (ends[:half], ends[half:])]
        return np.concatenate(parts, axis=1)

    def _asked(self, wire: Wire, origins: Floats, ends: Floats) -> Floats:
        self.requests += 1
        address = f"{self._base}{self._protocol.query(origins, ends)}"
        with wire.ask(address, {}, also=_BAD_REQUEST) as answer:
            document = self._document(answer)
        try:
            seconds = self._protocol.seconds(document)
        except Refused as error:
            raise self._refused(str(error)) from None
        return self._shaped(seconds, len(origins), len(ends)) / _SECONDS

    def _document(self, answer: Answer) -> dict[str, Any]:
        read = bytearray()
        for block in answer.blocks():
            read += block
            if len(read) > _LARGEST_ANSWER:
                raise InputError("routing.protocol", host=self.host, name=self._protocol.title)
        try:
            document = json.loads(bytes(read))
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise InputError("routing.protocol", host=self.host, name=self._protocol.title)
        return document

    def _shaped(self, seconds: Any, height: int, width: int) -> Floats:  # noqa: ANN401
        """Return seconds as a matrix of that shape; null is NaN, all else that is odd refused."""
        try:
            found = np.array(seconds, dtype=np.float64)
        except (TypeError, ValueError):
            found = np.empty(0)
        if found.shape != (height, width) or np.isinf(found).any() or (found < 0).any():
            raise InputError("routing.protocol", host=self.host, name=self._protocol.title)
        return found

    def _refused(self, answer: str) -> InputError:
        return InputError("routing.refused", host=self.host, answer=answer)

    def _lost(self, trouble: Trouble) -> InputError:
        key = {"stalled": "slow", "cut": "cut"}.get(trouble.code)
        if key is not None:
            return InputError(f"routing.{key}", host=self.host)
        if trouble.code in {"offline", "proxy", "proxy_refused", "proxy_login"}:
            return InputError("routing.offline", host=self.host)
        status = trouble.params.get("status", trouble.code)
        return self._refused(str(status))


def _degrees(points: Points) -> Floats:
    """Return longitude and latitude of points in metres."""
    found = np.full((len(points), 2), np.nan)
    for epsg in np.unique(points.zone[points.zone != NOWHERE]):
        rows = points.zone == epsg
        moved = to_metres(int(epsg)).transform(points.x[rows], points.y[rows], direction="INVERSE")
        found[rows] = np.column_stack(moved)
    return found
