"""Two states of a network side by side: two dates, or before and after a removal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from graph.analysis.simple import AnyGraph, Grouping, Node, group_values, read
from graph.analysis.structures import structure_metrics
from graph.analysis.summary import NetworkSummary, network_summary
from graph.analysis.watch import SILENT, Watch

UNORDERED = ("community",)
"""Measures whose values have no order: no difference is taken of them."""


@dataclass(frozen=True)
class Comparison:
    """What changed between two states of a network.

    Attributes
    ----------
    arrived, left : tuple
        Nodes of one state only, in the order of their graph.
    gained, lost : tuple of pairs
        Ties of one state only.
    structures : pandas.DataFrame
        Index: node id, of both states. ``presence`` (``arrived``, ``left``, ``stayed``),
        ``gained`` and ``lost`` (numbers of ties), and for each measure ``<measure>_before``,
        ``<measure>_after``, ``<measure>_change`` (NaN where one state lacks the node).
    network : pandas.DataFrame
        Index: measure of :func:`network_summary`; columns ``before, after, change``.
    """

    arrived: tuple[Node, ...]
    left: tuple[Node, ...]
    gained: tuple[tuple[Node, Node], ...]
    lost: tuple[tuple[Node, Node], ...]
    structures: pd.DataFrame
    network: pd.DataFrame


def compare(
    before: AnyGraph, after: AnyGraph, group: Grouping | None = None, *, watch: Watch = SILENT
) -> Comparison:
    """Compare two states of a network, structure by structure.

    Parameters
    ----------
    before, after : networkx graph
        Read as simple and undirected.
    group : str or mapping, optional
        As for :func:`structure_metrics`.
    watch : Watch
        Progress and stop.

    Raises
    ------
    UsageError
        No node has the attribute `group`.
    Stopped
        `watch` asked to stop.
    """
    old, new = _ties(before), _ties(after)
    groups = [None, None] if group is None else group_values(group, before, after)
    gained = tuple(pair for key, pair in new.items() if key not in old)
    lost = tuple(pair for key, pair in old.items() if key not in new)
    return Comparison(
        arrived=tuple(node for node in after if node not in before),
        left=tuple(node for node in before if node not in after),
        gained=gained,
        lost=lost,
        structures=_structures(
            structure_metrics(before, groups[0], watch=watch),
            structure_metrics(after, groups[1], watch=watch),
            gained,
            lost,
        ),
        network=_network(
            network_summary(before, groups[0], watch=watch),
            network_summary(after, groups[1], watch=watch),
        ),
    )


def _ties(graph: AnyGraph) -> dict[frozenset[Node], tuple[Node, Node]]:
    simple = read(graph)
    pairs = [(simple.nodes[a], simple.nodes[b]) for a, b in simple.ends.tolist()]
    return {frozenset(pair): pair for pair in pairs}


def _structures(
    old: pd.DataFrame,
    new: pd.DataFrame,
    gained: tuple[tuple[Node, Node], ...],
    lost: tuple[tuple[Node, Node], ...],
) -> pd.DataFrame:
    everyone = list(dict.fromkeys([*old.index, *new.index]))
    index = pd.Index(everyone, name="id", tupleize_cols=False)
    was, now = index.isin(old.index), index.isin(new.index)
    columns: dict[str, object] = {
        "presence": np.where(was & now, "stayed", np.where(now, "arrived", "left")),
        "gained": _counts(gained, everyone),
        "lost": _counts(lost, everyone),
    }
    for name in old:
        before, after = (frame[name].astype(float).reindex(index) for frame in (old, new))
        columns |= {f"{name}_before": before, f"{name}_after": after}
        if name not in UNORDERED:
            columns[f"{name}_change"] = after - before
    return pd.DataFrame(columns, index=index)


def _counts(ties: tuple[tuple[Node, Node], ...], everyone: list[Node]) -> list[int]:
    found = Counter(node for pair in ties for node in pair)
    return [found[node] for node in everyone]


def _network(old: NetworkSummary, new: NetworkSummary) -> pd.DataFrame:
    frame = pd.DataFrame({"before": pd.Series(old), "after": pd.Series(new)}).astype(float)
    frame["change"] = frame["after"] - frame["before"]
    return frame
