"""Network measures against plain NetworkX, in one run, with every cache off.

    python benchmarks/network.py                 500/2,000, 2,000/8,000 and 5,000/20,000
    python benchmarks/network.py 500 2000        those sizes only (nodes; four ties a node)
    python benchmarks/network.py --large         also 20,000/80,000, ours only: exact and sampled

Graphs are ``gnm_random_graph(nodes, 4 * nodes, seed=1)``. Results are compared to 1e-9. Reading the
networkx graph into arrays is part of our time; igraph is timed beside where it can be imported.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import time
from collections.abc import Callable, Iterable
from operator import methodcaller
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt

from graph.analysis import betweenness as betweenness_module
from graph.analysis import brokerage, fragmentation, sampled_betweenness
from graph.analysis.cache import no_cache
from graph.analysis.communities import communities
from graph.analysis.distances import closeness
from graph.analysis.eigenvector import eigenvector
from graph.analysis.fragmenting import fragments
from graph.analysis.simple import read
from graph.analysis.structures import core_number, cut_points
from graph.analysis.triangles import constraint, effective_size, transitivity
from graph.analysis.watch import SILENT

SIZES = (500, 2000, 5000)
LARGE = 20_000
Measure = Callable[["nx.Graph[int]"], Any]


def eigenvector_by_component(graph: nx.Graph[int]) -> dict[int, float]:
    """Return networkx's eigenvector of each component: it refuses the whole."""
    found = dict.fromkeys(graph, 0.0)
    for members in nx.connected_components(graph):
        if len(members) > 1:
            part = graph.subgraph(members)
            found |= nx.eigenvector_centrality(part, max_iter=10_000, tol=1e-13)
    return found


PAIRS: tuple[tuple[str, Measure, Measure], ...] = (
    (
        "betweenness",
        lambda g: betweenness_module.betweenness(read(g), SILENT),
        lambda g: nx.betweenness_centrality(g, normalized=False),
    ),
    ("closeness", lambda g: closeness(read(g)), nx.closeness_centrality),
    ("eigenvector", lambda g: eigenvector(read(g), SILENT), eigenvector_by_component),
    ("constraint", lambda g: constraint(read(g)), nx.constraint),
    ("effective size", lambda g: effective_size(read(g)), nx.effective_size),
    ("core number", lambda g: core_number(read(g), SILENT), nx.core_number),
    (
        "cut points",
        lambda g: np.flatnonzero(cut_points(read(g), SILENT)),
        lambda g: sorted(nx.articulation_points(g)),
    ),
    ("transitivity", lambda g: transitivity(read(g)), nx.transitivity),
    ("DF", lambda g: fragmentation(g)["DF"], lambda g: 1 - nx.global_efficiency(g)),
)


def in_one_go(graph: nx.Graph[int]) -> object:
    """Compute all of them as the program does: the graph is read once."""
    simple = read(graph)
    return (
        betweenness_module.betweenness(simple, SILENT),
        closeness(simple),
        eigenvector(simple, SILENT),
        constraint(simple),
        effective_size(simple),
        core_number(simple, SILENT),
        cut_points(simple, SILENT),
        transitivity(simple),
        fragments(simple)["DF"],
    )


def timed(measure: Measure, graph: nx.Graph[int], repeats: int = 1) -> tuple[float, Any]:
    """Return the best time of some runs, in seconds, and the answer."""
    best, answer = float("inf"), None
    for _ in range(repeats):
        gc.collect()
        start = time.perf_counter()
        answer = measure(graph)
        best = min(best, time.perf_counter() - start)
    return best, answer


def numbers(answer: object) -> npt.NDArray[np.float64]:
    """Return an answer as numbers, in the order of the nodes."""
    return np.array(list(answer.values()) if isinstance(answer, dict) else answer, dtype=float)


def compare(nodes: int) -> None:
    """Time every measure on both sides, check that they agree, print ratios."""
    graph = nx.gnm_random_graph(nodes, 4 * nodes, seed=1)
    print(f"\n{nodes:,} nodes, {4 * nodes:,} ties")
    print(f"{'':16}{'ours':>10}{'NetworkX':>12}{'ratio':>9}")
    ours_total = theirs_total = 0.0
    for name, ours, theirs in PAIRS:
        quick, found = timed(ours, graph, repeats=3)
        slow, expected = timed(theirs, graph)
        np.testing.assert_allclose(numbers(found), numbers(expected), rtol=1e-9, atol=1e-9)
        ours_total, theirs_total = ours_total + quick, theirs_total + slow
        print(f"{name:16}{quick:9.3f}s{slow:11.2f}s{slow / quick:8.0f}x", flush=True)
    ratio = theirs_total / ours_total
    print(f"{'sum of these':16}{ours_total:9.3f}s{theirs_total:11.2f}s{ratio:8.1f}x")
    whole, _ = timed(in_one_go, graph, repeats=3)
    print(
        f"{'in one go':16}{whole:9.3f}s{theirs_total:11.2f}s{theirs_total / whole:8.1f}x",
        flush=True,
    )
    beside(graph)
    igraph(graph)


def beside(graph: nx.Graph[int]) -> None:
    """Time what has no other engine: communities, and brokerage by three groups."""
    group = {node: node % 3 for node in graph}
    for name, measure in (
        ("communities", lambda g: communities(read(g), SILENT)),
        ("brokerage", lambda g: brokerage(g, group)),
    ):
        print(f"{name:16}{timed(measure, graph)[0]:9.3f}s", flush=True)


def igraph(graph: nx.Graph[int]) -> None:
    """Time igraph's betweenness and closeness, where it is installed."""
    if importlib.util.find_spec("igraph") is None:
        print("igraph is not installed")
        return
    other = importlib.import_module("igraph").Graph(n=len(graph), edges=list(graph.edges))
    for name in ("betweenness", "closeness", "constraint", "coreness", "articulation_points"):
        print(f"igraph {name:20}{timed(methodcaller(name), other)[0]:9.3f}s")


def large() -> None:
    """Time exact betweenness at 20,000/80,000, and the estimate with its margin."""
    graph = nx.gnm_random_graph(LARGE, 4 * LARGE, seed=1)
    print(f"\n{LARGE:,} nodes, {4 * LARGE:,} ties")
    exact_time, exact = timed(lambda g: betweenness_module.betweenness(read(g), SILENT), graph)
    print(f"{'exact':16}{exact_time:9.2f}s, largest value {exact.max():,.0f}", flush=True)
    for pivots in (128, 512):
        seconds, found = timed(lambda g: sampled_betweenness(g, pivots), graph)  # noqa: B023 - run at once
        error = np.abs(found.values.to_numpy() - exact).max()
        ranks = np.corrcoef(exact.argsort().argsort(), found.values.to_numpy().argsort().argsort())
        print(
            f"{pivots} pivots{'':6}{seconds:9.2f}s, {exact_time / seconds:.0f}x: margin "
            f"{found.margin:,.0f}, largest error {error:,.0f}, rank correlation {ranks[0, 1]:.3f}"
        )
    for name, measure in PAIRS_LARGE:
        print(f"{name:16}{timed(measure, graph)[0]:9.2f}s", flush=True)


PAIRS_LARGE = tuple((name, ours) for name, ours, _ in PAIRS if name != "betweenness")


def main(arguments: Iterable[str] | None = None) -> None:
    """Run the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES), help="nodes")
    parser.add_argument("--large", action="store_true", help="also 20,000/80,000, ours only")
    asked = parser.parse_args(arguments if arguments is None else list(arguments))
    with no_cache():
        for nodes in asked.sizes:
            compare(nodes)
        if asked.large:
            large()


if __name__ == "__main__":
    main()
