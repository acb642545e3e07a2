"""Where structures stand in the layout *réseau*: worked out once for all that a focus can show.

Filters and dates then only choose among positions that do not move. See
:mod:`graph.analysis.layout` for the method.
"""

from __future__ import annotations

from datetime import date

import msgspec

from explorer.services.network import NetworkAnswer, named_structures
from graph.analysis.layout import Positions, settle, unfold
from graph.projection import Layers, partner_network
from graph.projection_graphs import analysis_graph
from graph.store.port import GraphStore
from graph.vocabulary import KINDS, Status

_LAST_DAY = date(2200, 12, 31)
_EVERYTHING = Layers(
    instances=True, contacts=True, inherit=True, statuses=frozenset(str(item) for item in Status)
)


def base_positions(store: GraphStore, focus: str | None) -> Positions:
    """Return positions for the whole network of `focus`: every layer, status, kind and day.

    They depend on the content of the store and on `focus` only.
    """
    cooperations, memberships = store.cooperations(), store.memberships()
    structures = named_structures(store, focus)
    network = partner_network(
        focus,
        list(structures.values()),
        cooperations,
        [msgspec.structs.replace(item, since=None, until=None) for item in memberships],
        _LAST_DAY,  # by then every agreement is known
        _EVERYTHING,
    )
    return unfold(analysis_graph(network, structures.values(), relays=True))


def unfolded_view(answer: NetworkAnswer, base: Positions) -> Positions:
    """Return a position for each structure of `answer`: that of `base`, or beside its neighbours.

    Structures without a tie that `base` does not know stand in rows, kind by kind.
    """
    graph = analysis_graph(answer.network, answer.structures.values(), relays=True)
    graph.add_nodes_from(answer.supply)
    order = {kind: f"{rank:03}" for rank, kind in enumerate(KINDS)}
    kinds = {
        key: order.get(answer.structures[key].kind or "", "999")
        for key in graph
        if key in answer.structures
    }
    return settle(graph, base, kinds)
