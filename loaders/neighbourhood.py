"""Positions that are not where their row says: each is held against the commune of its structure.

The bounds of a département let pass an address placed in the wrong town. A position further than
:data:`MARGIN_METRES` from the rectangle around its commune is kept, since nobody knows which of the
two is wrong, but it is reported and no longer counts as that of an address.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import count, repeat
from typing import NamedTuple, cast

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
        row
        for row, claim in enumerate(claims)
        if isinstance(claim, StructureClaim) and claim.longitude is not None and claim.commune
    ]
    if not placed:
        return {}
    stated = cast("list[StructureClaim]", [claims[row] for row in placed])
    communes = [cast("str", claim.commune) for claim in stated]
    bounds = _bounds(set(communes))
    places = np.fromiter(map(bounds.rows.get, communes, repeat(-1)), np.int64, len(placed))
    longitude = np.array([claim.longitude for claim in stated], dtype=np.float64)
    latitude = np.array([claim.latitude for claim in stated], dtype=np.float64)
    metres = _outside(bounds.boxes[places], longitude, latitude)
    far = np.flatnonzero((metres > MARGIN_METRES) & (places >= 0))
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


def _bounds(wanted: Collection[str]) -> _Bounds:
    """Return the rectangles around the communes of which the codes are `wanted`."""
    rows: dict[str, int] = {}
    boxes = [np.full((1, 4), np.nan)]  # the last row, -1, where none is known
    # Some hundreds at a time: all polygons of France would be the most that a load holds.
    columns = ["level", "code", "geometry"]
    file = pq.ParquetFile(FILE, memory_map=True)
    for batch in file.iter_batches(_POLYGONS, columns=columns, use_threads=False):
        codes = batch["code"].to_pylist()
        if not any(code in wanted for code in codes):
            continue
        cells = zip(batch["level"].to_pylist(), codes, batch["geometry"].to_pylist(), strict=True)
        found = {
            code: wkb for level, code, wkb in cells if wkb and level == "commune" and code in wanted
        }
        rows.update(zip(found, count(len(rows))))
        boxes.insert(-1, shapely.bounds(shapely.from_wkb([*found.values()])).reshape(-1, 4))
    pa.default_memory_pool().release_unused()
    return _Bounds(rows, np.concatenate(boxes))
