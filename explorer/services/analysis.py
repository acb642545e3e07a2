"""The measures of a partner network: one place for pages, exports and the command line."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
import pandas as pd

from explorer.services.network import NetworkAnswer
from graph.analysis import (
    KeyPlayers,
    SoleRelays,
    Watch,
    direct_partners,
    key_players,
    multiplexity_summary,
    network_summary,
    outside_ties,
    side_by_side,
    sole_relays,
    structure_metrics,
    without,
)
from graph.analysis.summary import NetworkSummary
from graph.analysis.watch import SILENT
from graph.projection_graphs import analysis_graph


@dataclass(frozen=True)
class Measured:
    """A network measured: as a whole, and each of its structures (index: id)."""

    summary: NetworkSummary
    multiplexity: float | None
    structures: pd.DataFrame


@dataclass(frozen=True)
class Situation:
    """What means something in a register seen from one group.

    `direct` and `inherited` are the partners with a tie of their own and those reached by
    attachment only; `outside` has a row ``a, b, weight, cooperations`` for each tie among
    partners outside the group.
    """

    direct: tuple[str, ...]
    inherited: tuple[str, ...]
    outside: pd.DataFrame
    relays: SoleRelays


def graph_of(answer: NetworkAnswer, *, relays: bool = False) -> nx.Graph[str]:
    """Return the graph that is measured; with `relays` also who is reached through whom."""
    return analysis_graph(answer.network, answer.structures.values(), relays=relays)


def hidden_by(answer: NetworkAnswer) -> frozenset[str]:
    """Return what « without the focus » leaves out: nothing where no focus was chosen."""
    return answer.network.focus_set if answer.network.focus else frozenset()


def kinds_of(answer: NetworkAnswer) -> dict[str, str | None]:
    """Return the kind of each structure of the network: the groups of E-I and assortativity."""
    shown = answer.network.structures
    return {key: item.kind for key, item in answer.structures.items() if key in shown}


def measured(
    answer: NetworkAnswer, *, without_focus: bool = False, watch: Watch = SILENT
) -> Measured:
    """Return the measures of the network of `answer`, grouped by kind.

    Raises
    ------
    Stopped
        `watch` asked to stop.
    """
    graph = graph_of(answer)
    if without_focus:
        graph = without(graph, hidden_by(answer))
    kinds = kinds_of(answer)
    return Measured(
        summary=network_summary(graph, kinds, watch=watch),
        multiplexity=multiplexity_summary(graph)["mean"],
        structures=structure_metrics(graph, kinds, watch=watch),
    )


def ranked(answer: NetworkAnswer, watch: Watch = SILENT) -> pd.DataFrame:
    """Return the measures of each structure, (measure, ``with``) and (measure, ``without``)."""
    return side_by_side(graph_of(answer), hidden_by(answer), kinds_of(answer), watch=watch)


def situation(answer: NetworkAnswer) -> Situation:
    """Return the partners, the ties beside us and the relays; without focus there are none."""
    graph, inside = graph_of(answer), hidden_by(answer)
    direct = tuple(map(str, direct_partners(graph, inside)))
    return Situation(
        direct=direct,
        inherited=tuple(sorted(set(answer.network.partners) - set(direct))),
        outside=outside_ties(graph, inside) if inside else outside_ties(nx.Graph(), ()),
        relays=sole_relays(graph_of(answer, relays=True), inside),
    )


def critical(answer: NetworkAnswer, count: int, watch: Watch = SILENT) -> KeyPlayers:
    """Return the partners whose departure together would break the network most.

    Raises
    ------
    UsageError
        `count` is not 1 to 5.
    Stopped
        `watch` asked to stop.
    """
    graph = graph_of(answer, relays=True)
    return key_players(graph, count, protected=hidden_by(answer), watch=watch)
