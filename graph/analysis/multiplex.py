"""How many cooperations a tie carries, and what the two-mode network looks like."""

from __future__ import annotations

from typing import Any, TypedDict

import networkx as nx
import pandas as pd

from graph.analysis.simple import AnyGraph, Node, read

PAIR = 2


class MultiplexitySummary(TypedDict):
    """Parallel cooperations of a network; None where there is no tie."""

    mean: float | None
    multiple_share: float | None
    most: int


class TwoModeSummary(TypedDict):
    """A two-mode network: structures on one side, cooperations on the other."""

    structures: int
    cooperations: int
    participations: int
    density: float
    mean_parties: float | None
    mean_cooperations: float | None
    multilateral_share: float | None


def multiplexity(G: AnyGraph) -> pd.DataFrame:
    """Return the number of parallel cooperations of each tie.

    Parameters
    ----------
    G : networkx graph
        Any. The edge attribute ``cooperations`` names the agreements (the same one twice counts
        once); an edge without it counts as one, unless its attribute ``kind`` or ``kinds`` says
        that it is a membership only, which counts as none.

    Returns
    -------
    pandas.DataFrame
        Columns ``a, b`` (node ids, in the order of the graph), ``weight`` (summed),
        ``cooperations`` (number); one row a tie.
    """
    simple = read(G)
    index = {node: at for at, node in enumerate(simple.nodes)}
    named: dict[tuple[int, int], set[object]] = {}
    for number, (a, b, data) in enumerate(G.edges(data=True)):
        if a != b:
            ends = sorted((index[a], index[b]))
            named.setdefault((ends[0], ends[1]), set()).update(_agreements(number, data))
    pairs = [(a, b) for a, b in simple.ends.tolist()]
    return pd.DataFrame(
        {
            "a": pd.Series([simple.nodes[a] for a, _ in pairs], dtype=object),
            "b": pd.Series([simple.nodes[b] for _, b in pairs], dtype=object),
            "weight": simple.weight,
            "cooperations": pd.Series([len(named[pair]) for pair in pairs], dtype="int64"),
        }
    )


def _agreements(number: int, data: dict[str, Any]) -> set[object]:
    held = data.get("cooperations")
    if held:
        return set(held)
    kinds = {*data.get("kinds", ()), data.get("kind")} - {None}
    return set() if kinds and kinds <= {"membership", "inherited", "relay"} else {number}


def multiplexity_summary(G: AnyGraph) -> MultiplexitySummary:
    """Return the mean number of cooperations of the ties that have one, and how many have more."""
    counts = multiplexity(G)["cooperations"]
    counts = counts[counts > 0]
    if counts.empty:
        return MultiplexitySummary(mean=None, multiple_share=None, most=0)
    return MultiplexitySummary(
        mean=float(counts.mean()),
        multiple_share=float((counts > 1).mean()),
        most=int(counts.max()),
    )


def two_mode_summary(G: AnyGraph, cooperations: frozenset[Node] | None = None) -> TwoModeSummary:
    """Return the measures of a two-mode graph (Borgatti & Everett 1997).

    Parameters
    ----------
    G : networkx graph
        Structures and cooperations, each edge a party to an agreement.
    cooperations : frozenset, optional
        The nodes that are cooperations; by default those whose attribute ``bipartite`` is 1.

    Returns
    -------
    dict
        Numbers of both sides, ``density`` = participations / (structures x cooperations), mean
        parties of a cooperation, mean cooperations of a structure, and the share of cooperations
        with more than two parties.
    """
    if cooperations is None:
        sides = nx.get_node_attributes(G, "bipartite")
        cooperations = frozenset(node for node, side in sides.items() if side == 1)
    simple = read(G)
    parties = [
        int(degree)
        for node, degree in zip(simple.nodes, simple.degree, strict=True)
        if node in cooperations
    ]
    structures = simple.size - len(parties)
    return TwoModeSummary(
        structures=structures,
        cooperations=len(parties),
        participations=simple.ties,
        density=simple.ties / (structures * len(parties)) if structures and parties else 0.0,
        mean_parties=sum(parties) / len(parties) if parties else None,
        mean_cooperations=simple.ties / structures if structures else None,
        multilateral_share=sum(n > PAIR for n in parties) / len(parties) if parties else None,
    )
