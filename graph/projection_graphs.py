"""The partner network as graphs to measure: one-mode, two-mode, and after a lapse.

:func:`graph.projection.to_networkx` gives every tie as drawn; here the ties are those of DESIGN.md
section 5 (same counted agreement, or membership), one edge a pair, in a fixed order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Literal

import networkx as nx

from graph.model import Cooperation, Structure
from graph.projection import Layers, Network, counted, signatories

TieKind = Literal["cooperation", "membership"]
TIE_KINDS: tuple[TieKind, ...] = ("cooperation", "membership")


def analysis_graph(
    network: Network,
    structures: Iterable[Structure],
    kinds: Collection[TieKind] = TIE_KINDS,
    *,
    relays: bool = False,
) -> nx.Graph[str]:
    """Return the network as a simple graph to measure.

    Parameters
    ----------
    network : Network
        As of its date, with its layers.
    structures : iterable of Structure
        Whose name, kind and commune become node attributes.
    kinds : collection of {'cooperation', 'membership'}
        Which ties are kept.
    relays : bool
        Also tie each inherited partner to the signatory it is reached through, and each
        establishment of the network to its legal entity. These are no cooperations; they are
        wanted to ask who reaches the focus only through whom.

    Returns
    -------
    networkx.Graph
        Nodes sorted by id, with ``name, kind, commune, focus``. Edges with ``weight`` (Newman's
        for agreements, 1 for a membership or relay, summed), ``cooperations`` (ids: their number
        is the multiplexity of the tie) and ``kinds``. An inherited tie is never a tie here.
    """
    known = {item.id: item for item in structures}
    result: nx.Graph[str] = nx.Graph(on=network.on.isoformat(), focus=network.focus)
    for key in sorted(network.structures):
        item = known.get(key)
        result.add_node(key, focus=key in network.focus_set, **_attributes(item))
    for tie in network.ties:
        if tie.kind != "inherited" and tie.kind in kinds:
            _add(result, tie.a, tie.b, tie.kind, tie.weight, tie.cooperations)
    if relays:
        for a, b in sorted(_relay_pairs(network, known)):
            if not result.has_edge(a, b):
                _add(result, a, b, "relay", 1.0, ())
    return result


def _attributes(item: Structure | None) -> dict[str, str]:
    if item is None:
        return {}
    values = {"name": item.name, "kind": item.kind, "commune": item.commune}
    return {name: value for name, value in values.items() if value is not None}


def _add(
    graph: nx.Graph[str], a: str, b: str, kind: str, weight: float, cooperations: tuple[str, ...]
) -> None:
    old = graph.get_edge_data(a, b, default={"weight": 0.0, "cooperations": (), "kinds": ()})
    graph.add_edge(
        a,
        b,
        weight=old["weight"] + weight,
        cooperations=(*old["cooperations"], *cooperations),
        kinds=(*old["kinds"], kind),
    )


def _relay_pairs(network: Network, known: dict[str, Structure]) -> set[tuple[str, str]]:
    """Return inherited partners with the signatory, establishments with their legal entity."""
    inside = network.structures
    pairs = {(item.through, item.id) for item in network.partners.values() if item.through}
    pairs |= {
        (item.legal_entity, key)
        for key, item in known.items()
        if key in inside and item.legal_entity in inside and item.legal_entity
    }
    return {(min(pair), max(pair)) for pair in pairs}


def two_mode_graph(
    network: Network, cooperations: Iterable[Cooperation], *, everyone: bool = False
) -> nx.Graph[str]:
    """Return structures and counted agreements as two kinds of nodes.

    Parameters
    ----------
    network : Network
        Its standings say which agreements count on its date.
    cooperations : iterable of Cooperation
        Whose parties are tied to them.
    everyone : bool
        Also the parties outside the network; by default its structures only.

    Returns
    -------
    networkx.Graph
        ``bipartite`` 0: structures of the network, sorted; 1: agreements with at least one party
        among them, as ``cooperation:<id>``. No weights: a party is tied once to its agreement.
    """
    result: nx.Graph[str] = nx.Graph(on=network.on.isoformat(), focus=network.focus)
    result.add_nodes_from(sorted(network.structures), bipartite=0)
    for item in sorted(cooperations, key=lambda item: item.id):
        parties = signatories(item)
        shown = parties if everyone else [key for key in parties if key in network.structures]
        if item.id in network.standings and network.structures.intersection(parties):
            node = f"cooperation:{item.id}"
            result.add_node(node, bipartite=1)
            result.add_nodes_from(shown, bipartite=0)
            result.add_edges_from((party, node) for party in shown)
    return result


def lapsing(
    cooperations: Iterable[Cooperation], on: date, until: date, layers: Layers | None = None
) -> frozenset[str]:
    """Return the agreements that count on day `on` and, if nothing is done, no more on `until`.

    A tacit renewal carries an agreement on, an end that is not stated does not end it; its terms
    are those that amendments known for `until` give it.
    """
    items, asked = list(cooperations), layers or Layers()
    return frozenset(counted(items, on, asked)) - frozenset(counted(items, until, asked))
