"""The second block of the classic file: metres, their projection and how they were found."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import compress
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.geography import projection_of
from graph.model import Fact
from loaders import coordinates as geo
from loaders.base import Reporter
from loaders.columns import Table, flat
from loaders.finess.records import row_name

WEAK = 50
"""Geocoding score under which a position is not trusted to a street."""


class Geocoding(msgspec.Struct, frozen=True, eq=False):
    """What ``sourcecoordet`` says: ``1,ATLASANTE,96,BAN,EPSG:2154 RGF93 / Lambert-93``.

    One object for each text, known by its identity: it keys what depends on it.
    """

    epsg: int
    score: float | None
    geocoder: str
    facts: tuple[Fact, ...]


class Positions(NamedTuple):
    """Longitude, latitude and geocoding for each row asked, None where there is none."""

    longitude: list[float | None]
    latitude: list[float | None]
    geocoding: list[Geocoding | None]


class PositionTable:
    """The positions of a load, by establishment.

    Parameters
    ----------
    tables : sequence of pyarrow.Table
        Records of type geolocalisation.
    reporter : Reporter
        Told of positions that could not be used.
    """

    def __init__(self, tables: Sequence[Table], reporter: Reporter) -> None:
        self._reporter = reporter
        table = pa.concat_tables(tables) if tables else _no_positions()
        stated = (pc.not_equal(table[name], "") for name in ("coordxet", "coordyet"))
        table = table.filter(pc.and_(*stated))
        self._numbers = flat(table["nofinesset"])
        self._lines = table["line"].to_numpy()
        self._east = _numbers(table["coordxet"])
        self._north = _numbers(table["coordyet"])
        sources = flat(table["sourcecoordet"]).dictionary_encode()
        self._geocodings = [read_geocoding(source) for source in sources.dictionary.to_pylist()]
        self._source = sources.indices.to_numpy()

    def __len__(self) -> int:
        return len(self._numbers)

    def of(self, establishments: Sequence[str], departements: Sequence[str]) -> Positions:
        """Return the positions of `establishments`; those outside their département are dropped."""
        asked = pa.array(establishments, pa.string())
        rows = pc.fill_null(pc.index_in(asked, value_set=self._numbers), -1).to_numpy()
        has = rows >= 0
        if not has.any():
            return _nowhere(len(establishments))
        at = rows[has]
        parts = list(compress(departements, has))
        epsg = self._projections(at, parts)
        longitude, latitude = geo.to_wgs84(self._east[at], self._north[at], epsg)
        good = geo.inside(longitude, latitude, parts)
        for row in np.flatnonzero(~good):
            self._warn(int(at[row]), parts[int(row)])
        longitude[~good] = np.nan
        return self._spread(has, at, longitude, latitude)

    def _projections(self, at: npt.NDArray[Any], parts: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the projection that each row names, else the usual one of its département."""
        named = np.array([item.epsg for item in self._geocodings], dtype=np.int64)
        epsg: npt.NDArray[np.int64] = named[self._source[at]]
        for row in np.flatnonzero(epsg == 0):
            epsg[row] = projection_of(parts[int(row)])
        return epsg

    def _spread(
        self,
        has: npt.NDArray[np.bool_],
        at: npt.NDArray[Any],
        longitude: geo.Floats,
        latitude: geo.Floats,
    ) -> Positions:
        known = np.isfinite(longitude)
        size = len(has)
        x = np.full(size, None, dtype=object)
        y = np.full(size, None, dtype=object)
        how = np.full(size, None, dtype=object)
        rows = np.flatnonzero(has)[known]
        x[rows], y[rows] = longitude[known], latitude[known]
        table = np.empty(len(self._geocodings), dtype=object)
        table[:] = [*self._geocodings]
        how[rows] = table[self._source[at[known]]]
        return Positions(x.tolist(), y.tolist(), how.tolist())

    def _warn(self, row: int, departement: str) -> None:
        self._reporter.warn(
            f"{row_name(int(self._lines[row]))} ({self._numbers[row].as_py()})",
            "finess.position_outside",
            field="coordxet, coordyet",
            value=f"{self._east[row]}, {self._north[row]}",
            departement=departement,
        )


@lru_cache(maxsize=65536)
def read_geocoding(source: str) -> Geocoding:
    """Read ``sourcecoordet``: the score is its third token, the projection its last.

    The geocoder stands between them, in one token or several; a dot means no score.
    """
    tokens = [token.strip() for token in source.split(",")]
    score = tokens[2] if len(tokens) > 2 else ""  # noqa: PLR2004 - the third token
    number = float(score) if score.replace(".", "", 1).isdigit() else None
    geocoder = " ".join(tokens[3:-1])
    epsg = geo.epsg_of(tokens[-1]) or 0
    return Geocoding(epsg, number, geocoder, score_facts(number, geocoder))


def score_facts(score: float | None, geocoder: str) -> tuple[Fact, ...]:
    """Return what a reader must know of a weak geocoding: its score out of 100."""
    if score is None or score >= WEAK:
        return ()
    return (Fact(topic="geocodage", value=score, unit="/100", qualifier=geocoder or None),)


def precision(geocoding: Geocoding, *, has_number: bool, has_way: bool, has_place: bool) -> str:
    """Return how precise a position is: no more than the address that was geocoded.

    ADMIN-EXPRESS answers with the commune's centroid, which is no address.
    """
    if "ADMIN" in geocoding.geocoder.upper():
        return "commune"
    if geocoding.score is None or geocoding.score < WEAK:
        return "inconnue"
    if has_way:
        return "adresse" if has_number else "voie"
    return "lieu_dit" if has_place else "inconnue"


def _numbers(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    """Return decimal numbers, with a point or a comma; NaN where there is none."""
    column = pc.replace_substring(column, pattern=",", replacement=".")
    try:
        numbers = pc.cast(column, pa.float64())
    except pa.ArrowInvalid:
        return np.array([_number(text) for text in column.to_pylist()], dtype=np.float64)
    return np.asarray(numbers.to_numpy(), dtype=np.float64)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


def _nowhere(size: int) -> Positions:
    return Positions([None] * size, [None] * size, [None] * size)


def _no_positions() -> Table:
    names = ("nofinesset", "coordxet", "coordyet", "sourcecoordet")
    columns = {name: pa.array([], pa.string()) for name in names}
    return pa.table(columns | {"line": pa.array([], pa.int64())})
