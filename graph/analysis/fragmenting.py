"""How far a network falls apart when structures leave it (Borgatti 2006)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from graph.analysis.distances import efficiency
from graph.analysis.simple import AnyGraph, Ints, Node, Simple, read
from graph.analysis.watch import SILENT, Watch

PAIR = 2


class Fragmentation(TypedDict):
    """F and DF of a network; None below two nodes."""

    F: float | None
    DF: float | None


def fragmentation(
    G: AnyGraph, removed: Iterable[Node] = (), *, watch: Watch = SILENT
) -> Fragmentation:
    """Return how fragmented `G` is once the nodes `removed` have left, over those that remain.

    Parameters
    ----------
    G : networkx graph
        Any; read as simple and undirected, without weights.
    removed : iterable of node ids
        Who leaves.
    watch : Watch
        Progress and stop.

    Returns
    -------
    dict
        ``F``: share of pairs that cannot reach one another, 1 - sum s(s-1) / (n(n-1)) over
        components of s nodes. ``DF``: 1 - mean of 1/distance over pairs (0 without a path). From 0
        (everyone tied to everyone) to 1 (no tie left); None where fewer than 2 nodes remain.

    Raises
    ------
    UsageError
        One of `removed` is not in the graph.
    """
    simple = read(G)
    return fragments(simple.drop(simple.position(removed)), watch)


def fragments(simple: Simple, watch: Watch = SILENT) -> Fragmentation:
    """Return F and DF of a graph already read."""
    reach = efficiency(simple, watch)
    return Fragmentation(
        F=share_apart(simple.component_sizes), DF=None if reach is None else 1 - reach
    )


def share_apart(sizes: Ints) -> float | None:
    """Return F from the sizes of the components; None below two nodes."""
    total = int(sizes.sum())
    if total < PAIR:
        return None
    return 1 - float((sizes * (sizes - 1)).sum()) / (total * (total - 1))
