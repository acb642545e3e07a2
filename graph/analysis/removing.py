"""What if: structures leave, ties end, agreements lapse. Who is cut off, what falls apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import networkx as nx
import numpy as np

from graph.analysis.fragmenting import fragments
from graph.analysis.simple import AnyGraph, Mask, Node, Simple, read
from graph.analysis.watch import SILENT, Watch
from graph.errors import UsageError


@dataclass(frozen=True)
class Figures:
    """A network before or after a removal; F and DF are None below two nodes."""

    nodes: int
    ties: int
    components: int
    F: float | None
    DF: float | None


@dataclass(frozen=True)
class Removal:
    """What a removal does.

    Attributes
    ----------
    removed : tuple
        The nodes that left.
    lost_ties : tuple of pairs
        Every tie that ended, those of the nodes that left included.
    before, after : Figures
        The network with and without.
    cut_off : tuple
        Nodes that stay, reached the focus before and reach it no more.
    pieces : tuple of tuples
        Components that remain of those that fell apart, the largest first.
    """

    removed: tuple[Node, ...]
    lost_ties: tuple[tuple[Node, Node], ...]
    before: Figures
    after: Figures
    cut_off: tuple[Node, ...]
    pieces: tuple[tuple[Node, ...], ...]


def removal(
    G: AnyGraph,
    nodes: Iterable[Node] = (),
    ties: Iterable[tuple[Node, Node]] = (),
    cooperations: Iterable[str] = (),
    focus: Iterable[Node] = (),
    *,
    watch: Watch = SILENT,
) -> Removal:
    """Return what `G` loses with the nodes, ties and agreements given.

    Parameters
    ----------
    G : networkx graph
        Any; read as simple and undirected. An agreement is an id in the edge attribute
        ``cooperations``; a tie ends with its last agreement.
    nodes, ties, cooperations : iterable
        What leaves or ends; all of them together.
    focus : iterable of node ids
        From whom the loss of reach is seen; empty: nobody is said to be cut off.
    watch : Watch
        Progress and stop.

    Raises
    ------
    UsageError
        A node, tie or agreement is not in the graph.
    """
    before = read(G)
    gone, seen = before.position(nodes), before.position(focus)
    left = without_ties(without_cooperations(G, cooperations), ties)
    left.remove_nodes_from([before.nodes[at] for at in gone])
    after = read(left)
    stays = set(after.nodes)
    eyes = [before.nodes[at] for at in seen]
    reached = _reach(before, eyes)
    still = _reach(after, [node for node in eyes if node in stays])
    kept = {frozenset(pair) for pair in _pairs(after)}
    return Removal(
        removed=tuple(before.nodes[at] for at in gone),
        lost_ties=tuple(pair for pair in _pairs(before) if frozenset(pair) not in kept),
        before=_figures(before, watch),
        after=_figures(after, watch),
        cut_off=tuple(node for node in after.nodes if node in reached and node not in still),
        pieces=_pieces(before, after),
    )


def without_ties(G: AnyGraph, ties: Iterable[tuple[Node, Node]]) -> AnyGraph:
    """Return a copy of `G` without the pairs `ties`, whatever the number of parallel edges.

    Raises
    ------
    UsageError
        No such tie.
    """
    result = G.copy()
    for a, b in ties:
        found = [pair for pair in ((a, b), (b, a)) if result.has_edge(*pair)]
        if not found:
            raise UsageError("analysis.unknown_tie", a=a, b=b)
        for pair in dict.fromkeys(found):
            while result.has_edge(*pair):
                result.remove_edge(*pair)
    return result


def without_cooperations(G: AnyGraph, cooperations: Iterable[str]) -> AnyGraph:
    """Return a copy of `G` in which the agreements given have ended.

    An edge whose attribute ``cooperations`` names others keeps them; a membership, which names
    none, stays. Weights are left as they were: only the tie's existence is asked about.

    Raises
    ------
    UsageError
        No edge names one of the agreements.
    """
    ended = frozenset(cooperations)
    result: AnyGraph = nx.create_empty_copy(G)
    named: set[str] = set()
    for a, b, data in G.edges(data=True):
        held = tuple(data.get("cooperations") or ())
        named.update(held)
        remain = tuple(key for key in held if key not in ended)
        if remain or not held or "membership" in data.get("kinds", ()):
            result.add_edge(a, b, **(data | ({"cooperations": remain} if held else {})))
    if unknown := ended - named:
        raise UsageError("analysis.unknown_cooperation", ids=", ".join(sorted(unknown)))
    return result


def lost_supply(
    before: Collection[Node],
    after: Collection[Node],
    kinds: Mapping[Node, str | None],
    territories: Mapping[Node, Iterable[str]],
) -> dict[tuple[str, str], tuple[Node, ...]]:
    """Return the territories that lose their last partner of a kind.

    Parameters
    ----------
    before, after : collection of node ids
        Partners before and after the removal.
    kinds : mapping
        Kind of each partner; one without a kind is left out.
    territories : mapping
        Territories that each partner serves.

    Returns
    -------
    dict
        (territory, kind) to the partners that served it, sorted.
    """
    served = _served(before, kinds, territories)
    still = _served(after, kinds, territories)
    return {key: tuple(who) for key, who in sorted(served.items()) if key not in still}


def _served(
    partners: Collection[Node],
    kinds: Mapping[Node, str | None],
    territories: Mapping[Node, Iterable[str]],
) -> dict[tuple[str, str], list[Node]]:
    found: dict[tuple[str, str], list[Node]] = {}
    for node in sorted(partners, key=str):
        kind = kinds.get(node)
        for territory in territories.get(node, ()) if kind else ():
            found.setdefault((territory, str(kind)), []).append(node)
    return found


def _pairs(simple: Simple) -> list[tuple[Node, Node]]:
    return [(simple.nodes[a], simple.nodes[b]) for a, b in simple.ends.tolist()]


def _figures(simple: Simple, watch: Watch) -> Figures:
    values = fragments(simple, watch)
    parts = len(simple.component_sizes)
    return Figures(simple.size, simple.ties, parts, values["F"], values["DF"])


def _reach(simple: Simple, focus: list[Node]) -> set[Node]:
    """Return the nodes in a component of the focus."""
    inside: Mask = np.isin(simple.component, simple.component[simple.position(focus)])
    return {node for node, near in zip(simple.nodes, inside.tolist(), strict=True) if near}


def _pieces(before: Simple, after: Simple) -> tuple[tuple[Node, ...], ...]:
    """Return the components that came out of one that was whole."""
    origin = dict(zip(before.nodes, before.component.tolist(), strict=True))
    parts: dict[int, list[Node]] = {}
    for node, label in zip(after.nodes, after.component.tolist(), strict=True):
        parts.setdefault(label, []).append(node)
    count: dict[int, int] = {}
    for part in parts.values():
        count[origin[part[0]]] = count.get(origin[part[0]], 0) + 1
    broken = [tuple(part) for part in parts.values() if count[origin[part[0]]] > 1]
    return tuple(sorted(broken, key=len, reverse=True))
