"""Positions that are not where their row says: each is held against the commune of its structure.

The bounds of a département let pass an address placed in the wrong town. A position further than
:data:`MARGIN_METRES` from the rectangle around its commune is kept, since nobody knows which of the
two is wrong, but it is reported and no longer counts as that of an address.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from graph.model import AnyClaim, StructureClaim
from graph.store.port import LoadBatch
from loaders.base import Reporter
from loaders.territories.bundled import FILE

MARGIN_METRES = 2_000.0
"""Room for generalised polygons, old limits and addresses across the street from them."""

UNTRUSTED = "inconnue"
_METRES_A_DEGREE = 111_320.0
_POLYGONS = 500

Floats = npt.NDArray[np.float64]


class _Bounds(NamedTuple):
    """Rows of the communes that have a polygon, and west, south, east, north of each (degrees)."""

    rows: dict[str, int]
    boxes: Floats


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
        (row, claim)
        for row, claim in enumerate(claims)
        if isinstance(claim, StructureClaim) and claim.longitude is not None and claim.commune
    ]
    if not placed:
        return {}
    bounds = _bounds()
    places = np.array([bounds.rows.get(claim.commune or "", -1) for _, claim in placed])
    rows = np.array([row for row, _ in placed])
    longitude = np.array([claim.longitude for _, claim in placed], dtype=np.float64)
    latitude = np.array([claim.latitude for _, claim in placed], dtype=np.float64)
    metres = _outside(bounds.boxes[places], longitude, latitude)
    far = (metres > MARGIN_METRES) & (places >= 0)
    return {
        int(row): round(float(distance) / 1000, 1)
        for row, distance in zip(rows[far], metres[far], strict=True)
    }


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
def _bounds() -> _Bounds:
    rows: dict[str, int] = {}
    boxes = [np.empty((0, 4))]
    # Some hundreds at a time: all polygons of France would be the most that a load holds.
    columns = ["level", "code", "geometry"]
    file = pq.ParquetFile(FILE, memory_map=True)
    for batch in file.iter_batches(_POLYGONS, columns=columns, use_threads=False):
        cells = zip(*(batch[name].to_pylist() for name in columns), strict=True)
        found = [(code, wkb) for level, code, wkb in cells if level == "commune" and wkb]
        rows.update({code: len(rows) + row for row, (code, _) in enumerate(found)})
        boxes.append(shapely.bounds(shapely.from_wkb([wkb for _, wkb in found])).reshape(-1, 4))
    pa.default_memory_pool().release_unused()
    return _Bounds(rows, np.concatenate(boxes))
