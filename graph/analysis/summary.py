"""The network as a whole, in one dictionary."""

from __future__ import annotations

from typing import TypedDict

from graph.analysis.centralization import (
    betweenness_centralization,
    closeness_centralization,
    degree_centralization,
)
from graph.analysis.communities import communities, modularity
from graph.analysis.distances import mean_distance
from graph.analysis.mixing import assortativity, ei_index
from graph.analysis.simple import AnyGraph, Grouping, group_codes, read
from graph.analysis.structures import bridges
from graph.analysis.triangles import transitivity
from graph.analysis.watch import SILENT, Watch


class NetworkSummary(TypedDict):
    """The measures of a whole network; what is not defined on it is None."""

    nodes: int
    ties: int
    density: float
    components: int
    degree_centralization: float | None
    betweenness_centralization: float | None
    closeness_centralization: float | None
    transitivity: float
    mean_distance: float | None
    ei_index: float | None
    assortativity: float | None
    modularity: float | None
    bridges: int
    isolates: int


def network_summary(
    G: AnyGraph, group: Grouping | None = None, *, watch: Watch = SILENT
) -> NetworkSummary:
    """Return the measures of `G` as a whole.

    Parameters
    ----------
    G : networkx graph
        Any; read as simple and undirected, without weights.
    group : str or mapping, optional
        Name of a node attribute, or group by node; without it ``ei_index`` and ``assortativity``
        are None.
    watch : Watch
        Progress and stop.

    Returns
    -------
    dict
        ``nodes, ties, density, components, degree_centralization, betweenness_centralization,
        closeness_centralization`` (largest component), ``transitivity, mean_distance`` (steps,
        over the pairs that reach one another), ``ei_index, assortativity, modularity`` (of the
        communities of :func:`structure_metrics`), ``bridges, isolates``. Centralisations are None
        below 3 nodes; an empty graph has zeros and None.

    Raises
    ------
    UsageError
        No node has the attribute `group`.
    Stopped
        `watch` asked to stop.
    """
    simple = read(G)
    codes = None if group is None else group_codes(G, simple, group)
    pairs = simple.size * (simple.size - 1) / 2
    return NetworkSummary(
        nodes=simple.size,
        ties=simple.ties,
        density=simple.ties / pairs if pairs else 0.0,
        components=len(simple.component_sizes),
        degree_centralization=degree_centralization(simple),
        betweenness_centralization=betweenness_centralization(simple, watch),
        closeness_centralization=closeness_centralization(simple, watch),
        transitivity=transitivity(simple, watch),
        mean_distance=mean_distance(simple, watch),
        ei_index=None if codes is None else ei_index(simple, codes),
        assortativity=None if codes is None else assortativity(simple, codes),
        modularity=modularity(simple, communities(simple, watch)),
        bridges=len(bridges(simple, watch)),
        isolates=int((simple.degree == 0).sum()),
    )
