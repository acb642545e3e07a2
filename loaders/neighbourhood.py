"""Positions that are not where their row says: each is held against the commune of its structure.

The bounds of a département let pass an address placed in the wrong town. A position further than
:data:`MARGIN_METRES` from the rectangle around its commune is kept, since nobody knows which of the
two is wrong, but it is reported and no longer counts as that of an address.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import repeat
from typing import NamedTuple, cast

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import csv as arrow_csv

from graph.model import AnyClaim, StructureClaim
from graph.store.port import LoadBatch
from loaders.base import Reporter
from loaders.communes import FOLDER

MARGIN_METRES = 2_000.0
"""Room for generalised polygons, old limits and addresses across the street from them."""

UNTRUSTED = "inconnue"
_METRES_A_DEGREE = 111_320.0
_EDGES = ("west", "south", "east", "north")

Floats = npt.NDArray[np.float64]


class _Boxes(NamedTuple):
    """Rows of communes, and the edges of the box around each (degrees); the last knows none."""

    rows: dict[str | None, int]
    edges: Floats


def far_positions(claims: Sequence[AnyClaim]) -> dict[int, float]:
    """Return the kilometres between position and commune, by row of `claims`, where they differ.

    Parameters
    ----------
    claims : sequence of claims
        Those on structures that state a position and a commune are looked at.

    Returns
    -------
    dict
        Only positions beyond the margin; communes without a known polygon cannot be checked.
    """
    placed = [
        row
        for row, claim in enumerate(claims)
        if isinstance(claim, StructureClaim) and claim.longitude is not None and claim.commune
    ]
    if not placed:
        return {}
    stated = cast("list[StructureClaim]", [claims[row] for row in placed])
    boxes = _known_boxes()
    communes = (claim.commune for claim in stated)
    places = np.fromiter(map(boxes.rows.get, communes, repeat(-1)), np.int64, len(stated))
    longitude = np.array([claim.longitude for claim in stated], dtype=np.float64)
    latitude = np.array([claim.latitude for claim in stated], dtype=np.float64)
    metres = _outside(boxes.edges[places], longitude, latitude)
    far = np.flatnonzero(metres > MARGIN_METRES)
    return {placed[row]: round(float(metres[row]) / 1000, 1) for row in far.tolist()}


def flagged(batch: LoadBatch) -> LoadBatch:
    """Return `batch` with positions far from their commune reported and marked as untrusted."""
    far = far_positions(batch.claims)
    if not far:
        return batch
    reporter = Reporter()
    reporter.report = batch.report
    claims = list(batch.claims)
    for row, kilometres in far.items():
        claim = claims[row]
        if isinstance(claim, StructureClaim):
            _warn(claim, kilometres, reporter)
            claims[row] = msgspec.structs.replace(claim, precision=UNTRUSTED)
    return msgspec.structs.replace(batch, claims=claims)


def _warn(claim: StructureClaim, kilometres: float, reporter: Reporter) -> None:
    reporter.warn(
        claim.locator,
        "finess.position_far",
        field="position",
        value=f"{claim.longitude}, {claim.latitude}",
        commune=claim.commune or "",
        distance=kilometres,
    )


def _outside(boxes: Floats, longitude: Floats, latitude: Floats) -> Floats:
    """Return the metres between positions and rectangles; zero inside."""
    west, south, east, north = boxes.T
    x = np.maximum(0.0, np.maximum(west - longitude, longitude - east))
    y = np.maximum(0.0, np.maximum(south - latitude, latitude - north))
    metres: Floats = np.hypot(x * np.cos(np.radians(latitude)), y) * _METRES_A_DEGREE
    return metres


@cache
def _known_boxes() -> _Boxes:
    """Return the rectangles around all communes that have a polygon."""
    columns = dict.fromkeys(_EDGES, pa.float64()) | {"code": pa.string()}
    table = arrow_csv.read_csv(
        FOLDER / "commune_boxes.csv",
        convert_options=arrow_csv.ConvertOptions(column_types=columns),
    ).combine_chunks()
    # Arrow's own way to NumPy brings pandas along, which is no part of reading a feed.
    edges = np.column_stack([np.from_dlpack(table.column(name).chunk(0)) for name in _EDGES])
    rows = {code: row for row, code in enumerate(table.column("code").to_pylist())}
    return _Boxes(rows, np.vstack([edges, np.full(4, np.nan)]))
