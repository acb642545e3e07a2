"""Closed triples, and what follows from them: transitivity, Burt's constraint, effective size.

Ties are pointed from the node of lower degree to that of higher degree, so that a hub has few
ties that leave it, and a triangle is found once (Chiba & Nishizeki 1985).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from graph.analysis.cache import remembered
from graph.analysis.simple import Floats, Ints, Simple
from graph.analysis.watch import SILENT, Watch

CHUNK = 2_000_000
"""Candidate triples looked at in one go."""


def triangles(simple: Simple, watch: Watch = SILENT) -> Iterator[tuple[Ints, Ints]]:
    """Give the triangles of the graph in parts, each triangle once.

    Yields
    ------
    corners : array of shape (count, 3)
        The positions of the three nodes.
    opposite : array of shape (count, 3)
        The tie opposite each corner: its row in ``simple.ends``.
    """
    rank = np.empty(simple.size, dtype=np.int64)
    rank[np.lexsort((np.arange(simple.size), simple.degree))] = np.arange(simple.size)
    low, high = np.sort(rank[simple.ends], axis=1).T
    order = np.lexsort((high, low))
    low, high = low[order], high[order]
    keys = low * simple.size + high
    starts = np.searchsorted(low, np.arange(simple.size + 1))
    node = np.argsort(rank)
    leaving = starts[high + 1] - starts[high]
    for part in _parts(leaving):
        watch.step("constraint", int(part[0]), simple.ties)
        first, second = _continuations(part, starts[high[part]], leaving[part])
        wanted = low[first] * simple.size + high[second]
        third = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        closed = keys[third] == wanted
        first, second, third = first[closed], second[closed], third[closed]
        corners = np.column_stack([low[first], high[first], high[second]])
        opposite = np.column_stack([second, third, first])
        yield node[corners], order[opposite]


def _parts(leaving: Ints) -> Iterator[Ints]:
    """Cut the ties into runs with about :data:`CHUNK` candidates each."""
    if len(leaving):
        run = np.cumsum(leaving) // CHUNK
        yield from np.split(np.arange(len(leaving)), np.flatnonzero(np.diff(run)) + 1)


def _continuations(ties: Ints, start: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Return each tie beside each tie that leaves its head."""
    first = np.repeat(ties, count)
    within = np.arange(len(first)) - np.repeat(np.cumsum(count) - count, count)
    return first, np.repeat(start, count) + within


@remembered
def closure(simple: Simple, watch: Watch = SILENT) -> tuple[Ints, Floats]:
    """Return the triangles at each node, and at each tie the sum of 1/degree of third corners."""
    at_node = np.zeros(simple.size, dtype=np.int64)
    at_tie = np.zeros(simple.ties)
    for corners, opposite in triangles(simple, watch):
        at_node += np.bincount(corners.ravel(), minlength=simple.size)
        shares = 1 / simple.degree[corners].ravel()
        at_tie += np.bincount(opposite.ravel(), weights=shares, minlength=simple.ties)
    return at_node, at_tie


def transitivity(simple: Simple, watch: Watch = SILENT) -> float:
    """Return the share of two-paths that are closed; 0 where there is no two-path."""
    degree = simple.degree
    paths = int((degree * (degree - 1) // 2).sum())
    return float(closure(simple, watch)[0].sum()) / paths if paths else 0.0


def constraint(simple: Simple, watch: Watch = SILENT) -> Floats:
    """Return Burt's constraint, unweighted: sum over j of (p_ij + sum over q of p_iq p_qj)².

    With p_ij = 1/d_i, the bracket is (1 + sum over common neighbours q of 1/d_q) / d_i.
    Isolates have none: NaN.
    """
    _, at_tie = closure(simple, watch)
    a, b = simple.ends.T
    squared = (1 + at_tie) ** 2
    total: Floats = np.bincount(a, weights=squared, minlength=simple.size).astype(np.float64)
    total += np.bincount(b, weights=squared, minlength=simple.size)
    return _where_tied(simple, total, simple.degree.astype(np.float64) ** 2)


def effective_size(simple: Simple, watch: Watch = SILENT) -> Floats:
    """Return Burt's effective size, d - 2t/d with t the ties among neighbours; isolates NaN."""
    at_node, _ = closure(simple, watch)
    degree = simple.degree.astype(np.float64)
    return degree - _where_tied(simple, 2 * at_node.astype(np.float64), degree)


def _where_tied(simple: Simple, top: Floats, bottom: Floats) -> Floats:
    values: Floats = np.full(simple.size, np.nan)
    return np.divide(top, bottom, out=values, where=simple.degree > 0)
