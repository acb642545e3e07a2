"""Every measure of every structure, in one table."""

from __future__ import annotations

from typing import cast

import numpy as np
import pandas as pd
import rustworkx as rx

from graph.analysis.betweenness import betweenness
from graph.analysis.broker_roles import ROLES, role_counts
from graph.analysis.cache import remembered
from graph.analysis.communities import communities
from graph.analysis.distances import closeness
from graph.analysis.eigenvector import eigenvector
from graph.analysis.simple import AnyGraph, Grouping, Ints, Mask, Simple, group_codes, read
from graph.analysis.triangles import constraint, effective_size
from graph.analysis.watch import SILENT, Watch

MEASURES = (
    "degree",
    "strength",
    "betweenness",
    "closeness",
    "eigenvector",
    "constraint",
    "effective_size",
    "core_number",
    "community",
    "is_cut_point",
)


def structure_metrics(
    G: AnyGraph, group: Grouping | None = None, *, watch: Watch = SILENT
) -> pd.DataFrame:
    """Return the measures of every node of `G`.

    Parameters
    ----------
    G : networkx graph
        Any; read as simple and undirected: parallel edges merged with weights summed, self-loops
        dropped. Only ``strength`` reads the edge attribute ``weight`` (1 if absent).
    group : str or mapping, optional
        Name of a node attribute, or group by node; adds the brokerage roles.
    watch : Watch
        Progress and stop.

    Returns
    -------
    pandas.DataFrame
        Index: node id, in the order of `G`. Columns: ``degree`` (ties), ``strength`` (sum of
        weights), ``betweenness`` (unnormalised, each unordered pair once), ``closeness`` (as
        networkx), ``eigenvector`` (norm 1 in each component, isolates 0), ``constraint`` and
        ``effective_size`` (Burt, unweighted; isolates NaN), ``core_number``, ``community``
        (integers from 0 by falling size), ``is_cut_point``; with `group` also ``coordinator,
        itinerant, gatekeeper, representative, liaison`` (ordered pairs). An empty graph gives an
        empty frame.

    Raises
    ------
    UsageError
        No node has the attribute `group`.
    Stopped
        `watch` asked to stop.

    Notes
    -----
    Formulas and sources: :data:`graph.analysis.METRICS`.
    """
    simple = read(G)
    columns = {
        "degree": simple.degree,
        "strength": simple.strength,
        "betweenness": betweenness(simple, watch),
        "closeness": closeness(simple, watch),
        "eigenvector": eigenvector(simple, watch),
        "constraint": constraint(simple, watch),
        "effective_size": effective_size(simple, watch),
        "core_number": core_number(simple, watch),
        "community": communities(simple, watch),
        "is_cut_point": cut_points(simple, watch),
    }
    if group is not None:
        both_ways = np.concatenate([simple.ends, simple.ends[:, ::-1]])
        counts = role_counts(simple, both_ways, group_codes(G, simple, group), watch)
        columns |= dict(zip(ROLES, counts.T, strict=True))
    return pd.DataFrame(columns, index=pd.Index(simple.nodes, name="id", tupleize_cols=False))


@remembered
def core_number(simple: Simple, watch: Watch = SILENT) -> Ints:
    """Return the largest k such that the node is in a k-core (Seidman 1983)."""
    watch.step("core_number")
    found = cast(dict[int, int], rx.core_number(simple.engine))  # annotated as int
    return np.array([found[at] for at in range(simple.size)], dtype=np.int64)


@remembered
def cut_points(simple: Simple, watch: Watch = SILENT) -> Mask:
    """Tell which nodes separate others when they leave."""
    watch.step("is_cut_point")
    found = np.zeros(simple.size, dtype=bool)
    found[sorted(rx.articulation_points(simple.engine))] = True
    return found


@remembered
def bridges(simple: Simple, watch: Watch = SILENT) -> Ints:
    """Return the ties that separate others when they end: pairs of positions, sorted."""
    watch.step("bridges")
    found = sorted((min(pair), max(pair)) for pair in rx.bridges(simple.engine))
    return np.array(found, dtype=np.int64).reshape(-1, 2)
