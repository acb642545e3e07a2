"""The structures whose departure together would break the network most (Borgatti 2006)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Literal

import numpy as np

from graph.analysis.fragmenting import PAIR, fragments, share_apart
from graph.analysis.simple import AnyGraph, Floats, Ints, Node, Simple, read
from graph.analysis.structures import cut_points
from graph.analysis.watch import SILENT, Watch
from graph.errors import UsageError

Criterion = Literal["F", "DF"]
MOST = 5
EXACT_LIMIT = 10_000
"""Sets of nodes up to which all are tried."""
EVEN = 1e-12


@dataclass(frozen=True)
class KeyPlayers:
    """The most critical nodes, and how they were found.

    Attributes
    ----------
    nodes : tuple
        In the order of removal (greedy) or of the graph (exact).
    before, after : float or None
        Value of `criterion` with all nodes, and without `nodes`.
    method : {'exact', 'greedy'}
        ``exact``: every set was tried. ``greedy``: one after the other, each time the one that
        breaks most; a better set may exist.
    """

    nodes: tuple[Node, ...]
    criterion: Criterion
    before: float | None
    after: float | None
    method: Literal["exact", "greedy"]


def key_players(
    G: AnyGraph,
    k: int = 1,
    *,
    protected: Iterable[Node] = (),
    criterion: Criterion = "F",
    exact_limit: int = EXACT_LIMIT,
    watch: Watch = SILENT,
) -> KeyPlayers:
    """Return the `k` nodes whose removal fragments `G` most.

    Parameters
    ----------
    G : networkx graph
        Any; read as simple and undirected, without weights.
    k : int
        1 to 5; fewer are returned where fewer can be removed.
    protected : iterable of node ids
        Who stays: the focus set, so that the answer names partners.
    criterion : {'F', 'DF'}
        ``F`` counts the pairs cut off, ``DF`` also the paths that get longer. Even sets: the one
        with more ties, then the first in the order of the graph.
    exact_limit : int
        Every set is tried where there are no more of them; else greedily.
    watch : Watch
        Progress and stop.

    Raises
    ------
    UsageError
        `k` is out of range, or one of `protected` is not in the graph.
    """
    if not 1 <= k <= MOST:
        raise UsageError("analysis.key_players", value=k, most=MOST)
    simple = read(G)
    free = np.setdiff1d(np.arange(simple.size), simple.position(protected))
    k = min(k, len(free))
    exact = comb(len(free), k) <= exact_limit
    chosen = (_best_set if exact else _one_by_one)(simple, free, k, criterion, watch)
    return KeyPlayers(
        nodes=tuple(simple.nodes[at] for at in chosen),
        criterion=criterion,
        before=_value(simple, criterion),
        after=_value(simple.drop(np.array(chosen, dtype=np.int64)), criterion),
        method="exact" if exact else "greedy",
    )


def _value(simple: Simple, criterion: Criterion) -> float | None:
    return share_apart(simple.component_sizes) if criterion == "F" else fragments(simple)["DF"]


def _best_set(
    simple: Simple, free: Ints, k: int, criterion: Criterion, watch: Watch
) -> tuple[int, ...]:
    best: tuple[int, ...] = ()
    top, ties = -1.0, -1
    around = _neighbour_bits(simple)
    for at, chosen in enumerate(combinations(free.tolist(), k)):
        watch.step("key_players", at, comb(len(free), k))
        if criterion == "F":
            found = share_apart(_sizes_without(around, chosen))
        else:
            found = _value(simple.drop(np.array(chosen, dtype=np.int64)), criterion)
        value = 0.0 if found is None else found
        degree = int(simple.degree[list(chosen)].sum())
        if value > top + EVEN or (value > top - EVEN and degree > ties):
            best, top, ties = chosen, value, degree
    return best


def _neighbour_bits(simple: Simple) -> list[int]:
    """Return the neighbours of each node as the bits of one number: thousands of sets are tried."""
    around = [0] * simple.size
    for a, b in simple.ends.tolist():
        around[a] |= 1 << b
        around[b] |= 1 << a
    return around


def _sizes_without(around: list[int], gone: tuple[int, ...]) -> Ints:
    """Return the sizes of the components that remain without the nodes `gone`."""
    left = (1 << len(around)) - 1
    for node in gone:
        left &= ~(1 << node)
    sizes = []
    while left:
        ahead, size = left & -left, 0
        left &= ~ahead
        while ahead:
            node = ahead & -ahead
            found = around[node.bit_length() - 1] & left
            ahead = (ahead ^ node) | found
            left &= ~found
            size += 1
        sizes.append(size)
    return np.array(sizes, dtype=np.int64)


def _one_by_one(
    simple: Simple, free: Ints, k: int, criterion: Criterion, watch: Watch
) -> tuple[int, ...]:
    chosen: list[int] = []
    place, left = np.arange(simple.size), simple
    for _ in range(k):
        values = _after_each(left, np.isin(place, free), criterion, watch)
        even = np.flatnonzero(values >= values.max() - EVEN)
        at = int(even[np.argmax(left.degree[even])])
        chosen.append(int(place[at]))
        place, left = np.delete(place, at), left.drop(np.array([at]))
    return tuple(chosen)


def _after_each(simple: Simple, free: np.ndarray, criterion: Criterion, watch: Watch) -> Floats:
    """Return the criterion once each node alone has left; -inf for those that stay."""
    values = np.full(simple.size, -np.inf)
    if simple.size <= PAIR:
        values[free] = 0.0
        return values
    asked = free
    if criterion == "F":
        values[free] = _without_one(simple)[free]
        asked = free & cut_points(simple, watch)
    for at in np.flatnonzero(asked):
        watch.step("key_players", int(at), simple.size)
        values[at] = _value(simple.drop(np.array([at])), criterion)
    return values


def _without_one(simple: Simple) -> Floats:
    """Return F after the departure of each node, had it left its component in one piece."""
    sizes, size = simple.component_sizes, simple.size
    own = sizes[simple.component]
    linked = (sizes * (sizes - 1)).sum() - own * (own - 1) + (own - 1) * (own - 2)
    return np.asarray(1 - linked / ((size - 1) * (size - 2)), dtype=np.float64)
