"""Bands of a floating catchment as people write them: ``0-10:1; 10-20:0.68; 20-30:0.22 min``."""

from __future__ import annotations

import itertools
import math
import re
from typing import NamedTuple

from graph.analysis.proximity import LARGEST_RADIUS, LONGEST_MINUTES, Unit
from graph.errors import UsageError

EXAMPLE = "0-10:1; 10-20:0.68; 20-30:0.22 min"
MOST_BANDS = 20
_UNIT = re.compile(r"\s*(km|min)\.?\s*$", re.IGNORECASE)
_BAND = re.compile(r"\s*([\d.,]+)\s*[-–]\s*([\d.,]+)\s*:\s*([\d.,]+)\s*")


class BandText(NamedTuple):
    """Weights by inclusive upper limit, and the unit of the limits."""

    weights: dict[float, float]
    unit: Unit

    @property
    def farthest(self) -> float:
        """The largest limit."""
        return max(self.weights)

    def __str__(self) -> str:
        limits = [0.0, *self.weights]
        said = [
            f"{low:.3g}-{high:.3g}:{self.weights[high]:g}"
            for low, high in itertools.pairwise(limits)
        ]
        return f"{'; '.join(said)} {self.unit}"


def read_bands(said: str) -> BandText:
    """Return the bands of a text.

    Parameters
    ----------
    said : str
        Bands ``from-to:weight`` parted by semicolons, from 0 on and without holes; then ``min`` or
        ``km`` (minutes where neither is said). A decimal comma is a decimal point.

    Raises
    ------
    UsageError
        No bands, a hole or overlap, a weight that is not between 0 and 1 or that grows with the
        cost, or a limit beyond any reach.
    """
    found = _UNIT.search(said)
    unit: Unit = "km" if found and found.group(1).lower() == "km" else "min"
    parts = (said[: found.start()] if found else said).strip().strip(";").split(";")
    bands = [_band(part, said) for part in parts]
    if len(bands) > MOST_BANDS:
        raise UsageError("access.bands_many", n=len(bands), most=MOST_BANDS)
    start, before = 0.0, 1.0
    for low, high, weight in bands:
        if low != start or high <= low:
            raise UsageError("access.bands_hole", value=f"{low:g}-{high:g}", expected=f"{start:g}")
        if not 0 < weight <= before:
            raise UsageError("access.bands_weight", value=f"{weight:g}", most=f"{before:g}")
        start, before = high, weight
    most = LARGEST_RADIUS / 1000 if unit == "km" else LONGEST_MINUTES
    if start > most:
        raise UsageError("access.bands_far", value=f"{start:g} {unit}", most=f"{most:g} {unit}")
    return BandText({high: weight for _, high, weight in bands}, unit)


def _band(part: str, said: str) -> tuple[float, float, float]:
    found = _BAND.fullmatch(part)
    if found is None:
        raise UsageError("access.bands", value=part.strip() or said, example=EXAMPLE)
    try:
        low, high, weight = (float(each.replace(",", ".")) for each in found.groups())
    except ValueError:
        raise UsageError("access.bands", value=part.strip(), example=EXAMPLE) from None
    if not all(map(math.isfinite, (low, high, weight))):
        raise UsageError("access.bands", value=part.strip(), example=EXAMPLE)
    return low, high, weight
