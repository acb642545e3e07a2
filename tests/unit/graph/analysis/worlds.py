"""Graphs of every shape that a partner network may take."""

from __future__ import annotations

import networkx as nx


def weighted(graph: nx.Graph[int]) -> nx.Graph[int]:
    for number, (a, b) in enumerate(graph.edges):
        graph.edges[a, b]["weight"] = 0.25 + number % 7
    return graph


def tangled() -> nx.MultiGraph[int]:
    """Return a multigraph with parallel edges, self-loops and isolates."""
    graph = nx.MultiGraph(nx.gnm_random_graph(40, 60, seed=5))
    graph.add_edges_from([(0, 0), (1, 1), (0, 1), (0, 1), (2, 3), (2, 3)], weight=2.5)
    graph.add_nodes_from([100, 101])
    return graph


def directed() -> nx.MultiDiGraph[int]:
    graph = nx.MultiDiGraph(nx.gnp_random_graph(30, 0.08, seed=4, directed=True))
    graph.add_edges_from([(0, 1), (0, 1), (1, 0), (3, 3)], weight=0.5)
    return graph


SHAPES = {
    "random": nx.gnm_random_graph(60, 180, seed=1),
    "dense": nx.gnm_random_graph(25, 200, seed=2),
    "tree": nx.random_labeled_tree(60, seed=3),
    "star": nx.star_graph(12),
    "chain": nx.path_graph(9),
    "ring": nx.cycle_graph(11),
    "clique": nx.complete_graph(6),
    "disconnected": nx.gnm_random_graph(80, 60, seed=7),
    "pieces": nx.disjoint_union_all([nx.karate_club_graph(), nx.path_graph(4), nx.star_graph(3)]),
    "weighted": weighted(nx.gnm_random_graph(50, 120, seed=9)),
    "tangled": tangled(),
    "directed": directed(),
    "deep": nx.disjoint_union(nx.path_graph(260), nx.empty_graph(2)),
}
