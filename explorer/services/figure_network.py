"""The network as a figure: on its territory, and alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx

from explorer.figures.drawing import Drawing, Place
from explorer.figures.making import Style
from explorer.services.figure_question import FigureQuestion
from explorer.services.network import NetworkAnswer, network_of
from explorer.services.view import Language, backdrop_of, view_from
from explorer.viewmodel.model import ViewModel
from graph.errors import InputError
from graph.store.port import GraphStore


def on_territory(store: GraphStore, question: FigureQuestion, style: Style) -> Drawing:
    """Return the network on its territory."""
    from explorer.figures.networks import network_map

    return network_map(_view(store, question, style.language), style)


def alone(store: GraphStore, question: FigureQuestion, style: Style) -> Drawing:
    """Return the network without its territory."""
    from explorer.figures.networks import network_alone

    view = _view(store, question, style.language)
    places = question.places if question.places is not None else layout_of(view)
    return network_alone(view, places, style)


def _view(store: GraphStore, question: FigureQuestion, language: Language) -> ViewModel:
    answer = _network(store, question)
    return view_from(store, answer, backdrop_of(store, question.behind), language)


def _network(store: GraphStore, question: FigureQuestion) -> NetworkAnswer:
    answer = network_of(store, question.selection)
    if not answer.network.structures and not answer.supply:
        raise InputError("figure.nothing", day=question.selection.on.isoformat())
    return answer


def layout_of(view: ViewModel) -> Mapping[str, Place]:
    """Return a seeded layout of the structures of `view` that have a tie, the others in rows."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(node.id for node in view.nodes if node.role != "supply")
    graph.add_edges_from(
        (tie.source, tie.target) for tie in view.ties if tie.source in graph and tie.target in graph
    )
    loners = sorted(nx.isolates(graph))
    graph.remove_nodes_from(loners)
    placed: dict[str, Any] = nx.spring_layout(graph, seed=1, k=2.2 / max(1, len(graph)) ** 0.5)
    found = {key: (float(x), float(y)) for key, (x, y) in placed.items()}
    side = max(1, round(len(loners) ** 0.5 * 2))
    for at, key in enumerate(loners):
        found[key] = (-1 + 2 * (at % side + 0.5) / side, -1.3 - 0.2 * (at // side))
    return found
