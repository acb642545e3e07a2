"""Freeman's centralisation (1979): how far the network hangs on its most central structure."""

from __future__ import annotations

import numpy as np

from graph.analysis.betweenness import betweenness
from graph.analysis.distances import distance_sums
from graph.analysis.simple import Floats, Simple
from graph.analysis.watch import SILENT, Watch

FEWEST = 3
"""Below three nodes no network is more centralised than another."""


def _share(values: Floats, most: float) -> float:
    return float((values.max() - values).sum()) / most


def degree_centralization(simple: Simple) -> float | None:
    """Return the degree centralisation: 1 for a star, 0 where all degrees are equal."""
    size = simple.size
    if size < FEWEST:
        return None
    return _share(simple.degree.astype(np.float64), (size - 1) * (size - 2))


def betweenness_centralization(simple: Simple, watch: Watch = SILENT) -> float | None:
    """Return the betweenness centralisation, from unnormalised values."""
    size = simple.size
    if size < FEWEST:
        return None
    return _share(betweenness(simple, watch), (size - 1) ** 2 * (size - 2) / 2)


def closeness_centralization(simple: Simple, watch: Watch = SILENT) -> float | None:
    """Return the closeness centralisation of the largest component.

    Of several as large, the one that comes first in the order of the graph. None below 3 nodes.
    """
    if not simple.size or simple.component_sizes.max() < FEWEST:
        return None
    largest = simple.component == int(np.argmax(simple.component_sizes))
    size = int(largest.sum())
    reached, total, _ = distance_sums(simple, watch)
    most = (size - 1) * (size - 2) / (2 * size - 3)
    return _share(reached[largest] / total[largest], most)
