"""Communities by modularity: seeded Louvain, the best of several runs."""

from __future__ import annotations

import networkx as nx
import numpy as np

from graph.analysis.cache import remembered
from graph.analysis.simple import Floats, Ints, Simple
from graph.analysis.watch import SILENT, Watch

RUNS = ((120, 32), (400, 12), (1500, 3))
"""Up to so many tied nodes, so many runs; above, one."""
ROUNDS = 3


@remembered
def communities(simple: Simple, watch: Watch = SILENT) -> Ints:
    """Return the community of each node: integers from 0, by falling size.

    The best of several seeded Louvain runs (Blondel et al. 2008), without weights. Nodes are
    numbered by their place in the network first, so that names change nothing; an isolate is a
    community of its own. Equal sizes are ordered by the first node of each.
    """
    tied = np.flatnonzero(simple.degree)
    labels = np.arange(simple.size) + simple.size
    if len(tied):
        labels[tied] = _louvain(simple.keep(simple.degree > 0), watch)
    _, first, which, sizes = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    place = np.empty(len(sizes), dtype=np.int64)
    place[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    return place[which]


def _louvain(simple: Simple, watch: Watch) -> Ints:
    order = np.argsort(_signature(simple), kind="stable")
    new = np.empty(simple.size, dtype=np.int64)
    new[order] = np.arange(simple.size)
    ends = np.sort(new[simple.ends], axis=1)
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(simple.size))
    graph.add_edges_from(ends[np.lexsort(ends.T[::-1])].tolist())
    runs = next((count for limit, count in RUNS if simple.size <= limit), 1)
    best, top = np.zeros(simple.size, dtype=np.int64), -np.inf
    for seed in range(runs):
        watch.step("community", seed, runs)
        found = nx.community.louvain_communities(graph, weight=None, seed=seed)
        labels = np.empty(simple.size, dtype=np.int64)
        for number, members in enumerate(found):
            labels[order[list(members)]] = number
        value = modularity(simple, labels) or 0.0
        if value > top + 1e-12:
            best, top = labels, value
    return best


def _signature(simple: Simple) -> Floats:
    """Return a number for each node that only its place in the network decides.

    A few rounds of colour refinement (Weisfeiler & Leman 1968) on hashed degrees.
    """
    rank = np.unique(simple.degree, return_inverse=True)[1].astype(np.float64)
    for _ in range(ROUNDS):
        around = simple.matrix @ np.sin(rank + 1)
        mixed = np.round(rank + np.tanh(around / 10) / 2, 9)
        rank = np.unique(mixed, return_inverse=True)[1].astype(np.float64)
    return rank


def modularity(simple: Simple, labels: Ints) -> float | None:
    """Return Newman's modularity of a partition, without weights; None where there is no tie."""
    if not simple.ties:
        return None
    a, b = simple.ends.T
    inside = float((labels[a] == labels[b]).sum()) / simple.ties
    shares = np.bincount(labels, weights=simple.degree) / (2 * simple.ties)
    return inside - float((shares**2).sum())
