"""Gould-Fernandez brokerage: who stands between whom, by group."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
from scipy import sparse

from graph.analysis.simple import (
    UNKNOWN,
    AnyGraph,
    Grouping,
    Ints,
    Mask,
    Simple,
    arcs,
    group_codes,
    read,
)
from graph.analysis.triangles import triangles
from graph.analysis.watch import SILENT, Watch

ROLES = ("coordinator", "itinerant", "gatekeeper", "representative", "liaison")
_COORDINATOR, _ITINERANT, _GATEKEEPER, _REPRESENTATIVE, _LIAISON = range(5)


def brokerage(G: AnyGraph, group: Grouping, *, watch: Watch = SILENT) -> pd.DataFrame:
    """Count the open two-paths A → V → B through each node V, by role (Gould & Fernandez 1989).

    Parameters
    ----------
    G : networkx graph
        Undirected (each tie is two arcs) or a DiGraph; parallel arcs are one, self-loops dropped.
    group : str or mapping
        Name of a node attribute, or group by node. Paths through a node of unknown group are not
        counted.
    watch : Watch
        Progress and stop.

    Returns
    -------
    pandas.DataFrame
        Index: node id. Columns, numbers of ordered pairs (A, B): ``coordinator`` (groups AAA),
        ``itinerant`` (ABA), ``gatekeeper`` (ABB), ``representative`` (AAB), ``liaison`` (ABC).
        Open means that there is no arc A → B.

    Raises
    ------
    UsageError
        No node has the attribute `group`.
    """
    simple = read(G)
    counts = role_counts(simple, arcs(G, simple), group_codes(G, simple, group), watch)
    index = pd.Index(simple.nodes, name="id", tupleize_cols=False)
    return pd.DataFrame(counts, index=index, columns=list(ROLES))


def role_counts(simple: Simple, found: Ints, codes: Ints, watch: Watch = SILENT) -> Ints:
    """Return the roles of each node: array of shape (nodes, 5), columns as :data:`ROLES`.

    All two-paths are counted from the neighbours' groups; those that return to their start, and
    those that an arc closes, are then taken off.
    """
    stated = found[(codes[found] != UNKNOWN).all(axis=1)]
    keys = np.sort(stated[:, 0] * max(simple.size, 1) + stated[:, 1])
    counts = _all_two_paths(simple.size, stated, codes)
    back = stated[_present(keys, stated[:, ::-1], simple.size)]
    _take_off(counts, np.column_stack([back, back[:, 0]]), codes)
    for corners, _ in triangles(simple, watch):
        known = corners[(codes[corners] != UNKNOWN).all(axis=1)]
        for way in permutations(range(3)):
            paths = known[:, way]
            for step in ([0, 1], [1, 2], [0, 2]):
                paths = paths[_present(keys, paths[:, step], simple.size)]
            _take_off(counts, paths, codes)
    return counts


def _all_two_paths(size: int, stated: Ints, codes: Ints) -> Ints:
    """Count A → V → B for every A and B, the same one twice included."""
    a, b = stated.T
    same = (codes[a] == codes[b]).astype(np.int64)
    into, out = np.bincount(b, minlength=size), np.bincount(a, minlength=size)
    into_own = np.bincount(b, weights=same, minlength=size).astype(np.int64)
    out_own = np.bincount(a, weights=same, minlength=size).astype(np.int64)
    groups = int(codes.max(initial=0)) + 1
    ones = np.ones(len(stated), dtype=np.int64)
    senders = sparse.csr_array((ones, (b, codes[a])), shape=(size, groups))
    receivers = sparse.csr_array((ones, (a, codes[b])), shape=(size, groups))
    matching = np.asarray(senders.multiply(receivers).sum(axis=1)).ravel()
    counts = np.zeros((size, 5), dtype=np.int64)
    counts[:, _COORDINATOR] = into_own * out_own
    counts[:, _ITINERANT] = matching - into_own * out_own
    counts[:, _GATEKEEPER] = (into - into_own) * out_own
    counts[:, _REPRESENTATIVE] = into_own * (out - out_own)
    counts[:, _LIAISON] = (into - into_own) * (out - out_own) - counts[:, _ITINERANT]
    return counts


def _present(keys: Ints, pairs: Ints, size: int) -> Mask:
    """Tell which of `pairs` are among the arcs of `keys` (sorted)."""
    if not len(keys):
        return np.zeros(len(pairs), dtype=bool)
    wanted = pairs[:, 0] * size + pairs[:, 1]
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found: Mask = keys[at] == wanted
    return found


def _take_off(counts: Ints, paths: Ints, codes: Ints) -> None:
    """Take the two-paths (A, V, B) off the counts."""
    a, v, b = codes[paths].T
    role = np.select(
        [(a == v) & (v == b), a == b, v == b, a == v],
        [_COORDINATOR, _ITINERANT, _GATEKEEPER, _REPRESENTATIVE],
        default=_LIAISON,
    )
    flat = np.bincount(paths[:, 1] * 5 + role, minlength=counts.size)
    counts -= flat.reshape(counts.shape)
