"""What means something in an ego register: who reaches us only through whom, and ties beside us."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import networkx as nx
import pandas as pd

from graph.analysis.multiplex import multiplexity
from graph.analysis.simple import AnyGraph, Grouping, Node, group_values, read
from graph.analysis.structures import structure_metrics
from graph.analysis.watch import SILENT, Watch

_ROOT = -1


@dataclass(frozen=True)
class SoleRelays:
    """Structures on which others depend to reach the focus.

    Attributes
    ----------
    cut_off : dict
        Each relay, to those that reach the focus only through it; the most dependents first.
    through : dict
        Each dependent, to the relays it needs, the nearest to the focus first.
    unreached : tuple
        Nodes that no path ties to the focus.
    """

    cut_off: dict[Node, tuple[Node, ...]]
    through: dict[Node, tuple[Node, ...]]
    unreached: tuple[Node, ...]


def sole_relays(G: AnyGraph, focus: Iterable[Node]) -> SoleRelays:
    """Return who reaches the focus only through one other structure.

    Parameters
    ----------
    G : networkx graph
        Any; read as simple and undirected.
    focus : iterable of node ids
        The focus set, taken as one.

    Raises
    ------
    UsageError
        One of `focus` is not in the graph.

    Notes
    -----
    The dominators of the network seen from the focus (Cooper, Harvey & Kennedy 2001): v dominates
    x if each path from the focus to x passes through v.
    """
    simple = read(G)
    inside = set(simple.position(focus).tolist())
    flow: nx.DiGraph[int] = nx.DiGraph()
    flow.add_nodes_from([_ROOT, *(at for at in range(simple.size) if at not in inside)])
    for a, b in simple.ends.tolist():
        for start, end in ((a, b), (b, a)):
            if end not in inside:
                flow.add_edge(_ROOT if start in inside else start, end)
    above = nx.immediate_dominators(flow, _ROOT)
    through: dict[Node, tuple[Node, ...]] = {}
    cut_off: dict[Node, list[Node]] = defaultdict(list)
    for at in sorted(set(above) - {_ROOT}):
        chain = _chain(at, above)
        if chain:
            through[simple.nodes[at]] = tuple(simple.nodes[relay] for relay in chain)
        for relay in chain:
            cut_off[simple.nodes[relay]].append(simple.nodes[at])
    ranked = sorted(cut_off.items(), key=lambda item: -len(item[1]))
    lost = set(flow) - set(above) - {_ROOT}
    return SoleRelays(
        cut_off={relay: tuple(who) for relay, who in ranked},
        through=through,
        unreached=tuple(simple.nodes[at] for at in sorted(lost)),
    )


def _chain(at: int, above: dict[int, int]) -> list[int]:
    """Return the relays of `at`, from the focus outward."""
    chain = []
    while (at := above[at]) != _ROOT:
        chain.append(at)
    return chain[::-1]


def direct_partners(G: AnyGraph, focus: Iterable[Node]) -> tuple[Node, ...]:
    """Return the nodes outside the focus that have a tie with it, in the order of the graph.

    Raises
    ------
    UsageError
        One of `focus` is not in the graph.
    """
    simple = read(G)
    inside = set(simple.position(focus).tolist())
    found = {
        end
        for a, b in simple.ends.tolist()
        for start, end in ((a, b), (b, a))
        if start in inside and end not in inside
    }
    return tuple(simple.nodes[at] for at in sorted(found))


def without(G: AnyGraph, focus: Iterable[Node]) -> AnyGraph:
    """Return a copy of `G` without the focus: how partners are tied among themselves.

    Raises
    ------
    UsageError
        One of `focus` is not in the graph.
    """
    simple = read(G)
    result = G.copy()
    result.remove_nodes_from([simple.nodes[at] for at in simple.position(focus)])
    return result


def outside_ties(G: AnyGraph, focus: Iterable[Node]) -> pd.DataFrame:
    """Return the ties among partners outside us: frame ``a, b, weight, cooperations``.

    ``cooperations`` is the number of parallel agreements, as in :func:`multiplexity`.

    Raises
    ------
    UsageError
        One of `focus` is not in the graph.
    """
    return multiplexity(without(G, focus))


def side_by_side(
    G: AnyGraph, focus: Iterable[Node], group: Grouping | None = None, *, watch: Watch = SILENT
) -> pd.DataFrame:
    """Return the measures with and without the focus.

    Returns
    -------
    pandas.DataFrame
        Index: node id. Columns: (measure, ``with``), (measure, ``without``); the focus itself has
        no value without.

    Raises
    ------
    UsageError
        One of `focus` is not in the graph, or no node has the attribute `group`.
    Stopped
        `watch` asked to stop.
    """
    stated = None if group is None else group_values(group, G)[0]
    everyone = structure_metrics(G, stated, watch=watch)
    apart = structure_metrics(without(G, focus), stated, watch=watch)
    both = {}
    for name in everyone:
        both[name, "with"] = everyone[name]
        both[name, "without"] = apart[name].reindex(everyone.index)
    return pd.DataFrame(both, index=everyone.index)
