"""The network as a figure: on its territory, and alone."""

from __future__ import annotations

from explorer.figures.drawing import Drawing
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

    return network_map(view_asked(store, question, style.language), style)


def alone(store: GraphStore, question: FigureQuestion, style: Style) -> Drawing:
    """Return the network without its territory, where the layout *réseau* of the screen has it."""
    from explorer.figures.networks import network_alone
    from explorer.services.unfolding import base_positions

    answer = network_asked(store, question)
    base = base_positions(store, question.selection.focus)
    view = view_from(store, answer, backdrop_of(store, question.behind), style.language, base)
    places = question.places
    if places is None:
        places = {node.id: node.unfolded for node in view.nodes if node.unfolded is not None}
    return network_alone(view, places, style)


def view_asked(store: GraphStore, question: FigureQuestion, language: Language) -> ViewModel:
    """Return the network asked for as it is drawn."""
    answer = network_asked(store, question)
    return view_from(store, answer, backdrop_of(store, question.behind), language)


def network_asked(store: GraphStore, question: FigureQuestion) -> NetworkAnswer:
    """Return the network asked for.

    Raises
    ------
    InputError
        It has no structure.
    """
    answer = network_of(store, question.selection)
    if not answer.network.structures and not answer.supply:
        raise InputError("figure.nothing", day=question.selection.on.isoformat())
    return answer
