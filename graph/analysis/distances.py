"""How far structures are from one another: one pass gives closeness, reach and efficiency.

The pass is a breadth-first search from all nodes at once: 64 sources share a machine word, and a
step of all searches is one bitwise *or* over the ties. Since distance is symmetric, the bits that
appear in a node's row at step d are the nodes at distance d from it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import rustworkx as rx

from graph.analysis.cache import remembered
from graph.analysis.simple import Floats, Ints, Simple
from graph.analysis.watch import SILENT, Watch

WORD = 64
BLOCK_BYTES = 32 * 1024 * 1024
"""Memory that one block of searches gathers in a step."""

DEPTH_LIMIT = 96
"""Steps after which plain searches are quicker (long chains)."""
DENSE_LIMIT = 8000
"""Nodes up to which the matrix of all distances is held in memory (512 MB)."""

Words = npt.NDArray[np.uint64]


@remembered
def distance_sums(simple: Simple, watch: Watch = SILENT) -> tuple[Ints, Floats, Floats]:
    """Return, for each node, how many others it reaches, and the sums of d and of 1/d to them.

    Returns
    -------
    tuple of three arrays of shape (nodes,)
        reached (without the node itself), total distance, total inverse distance.
    """
    linked = np.flatnonzero(simple.degree)
    reached = np.zeros(simple.size, dtype=np.int64)
    total, inverse = np.zeros(simple.size), np.zeros(simple.size)
    if len(linked):
        dense = simple.keep(simple.degree > 0)
        for part, values in zip((reached, total, inverse), _sums(dense, watch), strict=True):
            part[linked] = values
    return reached, total, inverse


def _sums(simple: Simple, watch: Watch) -> tuple[Ints, Floats, Floats]:
    """Sum over blocks of sources; every node has a neighbour here."""
    neighbours, starts = simple.matrix.indices, simple.matrix.indptr[:-1]
    words = -(-simple.size // WORD)
    width = max(1, BLOCK_BYTES // (8 * len(neighbours)))
    sums = (np.zeros(simple.size, dtype=np.int64), np.zeros(simple.size), np.zeros(simple.size))
    for first in range(0, words, width):
        watch.step("closeness", first, words)
        seen = _own_bits(simple.size, first, min(first + width, words))
        if not _search(seen, neighbours, starts, sums, watch):
            return _plain_sums(simple)
    return sums


def _search(
    seen: Words, neighbours: Ints, starts: Ints, sums: tuple[Ints, Floats, Floats], watch: Watch
) -> bool:
    """Add one block of searches to `sums`; False where the graph is too deep for them."""
    frontier, reached, total, inverse = seen.copy(), *sums
    deep = DEPTH_LIMIT if len(seen) <= DENSE_LIMIT else len(seen)
    for distance in range(1, deep + 1):
        watch.step("closeness")
        frontier = np.bitwise_or.reduceat(frontier[neighbours], starts, axis=0)
        frontier &= ~seen
        found = np.bitwise_count(frontier).sum(axis=1, dtype=np.int64)
        if not found.any():
            return True
        seen |= frontier
        reached += found
        total += distance * found
        inverse += found / distance
    return False


def _own_bits(size: int, first: int, last: int) -> Words:
    """Return the block's starting bits: each source is seen by itself."""
    bits = np.zeros((size, last - first), dtype=np.uint64)
    source = np.arange(first * WORD, min(last * WORD, size))
    bits[source, source // WORD - first] = np.uint64(1) << (source % WORD).astype(np.uint64)
    return bits


def _plain_sums(simple: Simple) -> tuple[Ints, Floats, Floats]:
    """Return the same sums from the matrix of all distances, for deep graphs."""
    distance = np.asarray(rx.distance_matrix(simple.engine, null_value=np.inf))
    np.fill_diagonal(distance, np.inf)
    finite = np.isfinite(distance)
    reached = finite.sum(axis=1).astype(np.int64)
    return reached, np.where(finite, distance, 0).sum(axis=1), (1 / distance).sum(axis=1)


def closeness(simple: Simple, watch: Watch = SILENT) -> Floats:
    """Return closeness as networkx does: within reach, scaled by the share that is reached.

    With r others reached at a total distance t among n nodes: (r / t) · (r / (n - 1)).
    """
    reached, total, _ = distance_sums(simple, watch)
    top = reached.astype(np.float64) ** 2
    bottom = total * max(simple.size - 1, 1)
    return np.divide(top, bottom, out=np.zeros(simple.size), where=bottom > 0)


def efficiency(simple: Simple, watch: Watch = SILENT) -> float | None:
    """Return the mean of 1/d over ordered pairs, 0 where there is no path; None below 2 nodes."""
    size = simple.size
    if size < 2:  # noqa: PLR2004 - a pair
        return None
    return float(distance_sums(simple, watch)[2].sum()) / (size * (size - 1))


def mean_distance(simple: Simple, watch: Watch = SILENT) -> float | None:
    """Return the mean distance of the pairs that reach one another; None where there is none."""
    reached, total, _ = distance_sums(simple, watch)
    pairs = int(reached.sum())
    return float(total.sum()) / pairs if pairs else None
