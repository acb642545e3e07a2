"""The partner network of a selection, read from a store."""

from __future__ import annotations

from datetime import date

import msgspec

from explorer.selection import Selection
from graph.confidentiality import restricted
from graph.dates import latest
from graph.errors import UsageError
from graph.model import Cooperation, Membership, Structure
from graph.projection import Network, partner_network, signatories
from graph.store.port import GraphStore, StructureQuery


class NetworkAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A network with the records that it is made of, by id.

    `supply` are structures without a tie; `beyond` those outside the network that the reader asked
    to see (:mod:`explorer.services.exploring`): only a view holds them, no measure counts them.
    """

    selection: Selection
    network: Network
    structures: dict[str, Structure]
    cooperations: dict[str, Cooperation]
    memberships: tuple[Membership, ...]
    supply: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()


def network_of(store: GraphStore, selection: Selection) -> NetworkAnswer:
    """Return the partner network that `selection` asks for.

    Raises
    ------
    UsageError
        The focus is not in the store.
    """
    cooperations = store.cooperations()
    if not selection.restricted:
        hidden = restricted(cooperations)
        cooperations = [item for item in cooperations if item.id not in hidden]
    memberships = store.memberships()
    structures = _around(store, cooperations, memberships, selection.focus)
    if selection.focus is not None and selection.focus not in structures:
        raise UsageError("unknown_structure", id=selection.focus)
    network = partner_network(
        selection.focus,
        [item for item in structures.values() if is_open(item, selection.on)],
        cooperations,
        memberships,
        selection.on,
        selection.layers,
    )
    network = _filtered(store, network, selection)
    supply = _supply(store, selection, network) if selection.supply else []
    structures |= {item.id: item for item in supply}
    return NetworkAnswer(
        selection=selection,
        network=network,
        structures=structures,
        cooperations={item.id: item for item in cooperations},
        memberships=tuple(memberships),
        supply=tuple(item.id for item in supply),
    )


def left_out_of(store: GraphStore, selection: Selection) -> int:
    """Return how many restricted agreements would make ties of `selection`, were they in."""
    hidden = frozenset() if selection.restricted else restricted(store.cooperations())
    if not hidden:
        return 0
    everything = network_of(store, msgspec.structs.replace(selection, restricted=True))
    return len({key for tie in everything.network.ties for key in tie.cooperations} & hidden)


def is_open(structure: Structure, on: date) -> bool:
    """Tell whether a structure may be open on a day."""
    return structure.closed is None or latest(structure.closed) >= on


def _around(
    store: GraphStore,
    cooperations: list[Cooperation],
    memberships: list[Membership],
    focus: str | None,
) -> dict[str, Structure]:
    """Return every structure that an agreement, a membership or the focus names, and its sites."""
    ids = {party for item in cooperations for party in signatories(item)}
    ids |= {party.structure for item in cooperations for party in item.parties}
    ids |= {key for item in memberships for key in (item.member, item.group)}
    ids |= {focus} if focus else set()
    if not ids:
        return {}
    named = store.structures(StructureQuery(ids=frozenset(ids)))
    sites = store.structures(StructureQuery(legal_entities=frozenset(ids)))
    return {item.id: item for item in (*named, *sites)}


def _filtered(store: GraphStore, network: Network, selection: Selection) -> Network:
    """Leave out the partners outside the kinds and territories asked; never the focus set."""
    if not selection.kinds and not selection.territories:
        return network
    outside = network.structures if selection.focus is None else frozenset(network.partners)
    query = StructureQuery(ids=outside, kinds=selection.kinds, territories=selection.territories)
    wanted = {item.id for item in store.structures(query)} if outside else set()
    inside = network.focus_set if selection.focus else network.focus_set & wanted
    kept = inside | wanted
    return msgspec.structs.replace(
        network,
        focus_set=frozenset(inside),
        partners={key: item for key, item in network.partners.items() if key in wanted},
        ties=tuple(tie for tie in network.ties if tie.a in kept and tie.b in kept),
    )


def _supply(store: GraphStore, selection: Selection, network: Network) -> list[Structure]:
    """Return the structures of the kinds asked that have no tie: supply without agreement."""
    if not selection.kinds:
        return []
    query = StructureQuery(
        kinds=selection.kinds, territories=selection.territories, open_on=selection.on
    )
    return [
        item
        for item in store.structures(query)
        if item.id not in network.structures and item.level != "EJ"
    ]


def named_structures(store: GraphStore, focus: str | None) -> dict[str, Structure]:
    """Return every structure that an agreement, a membership or `focus` names, and its sites."""
    return _around(store, store.cooperations(), store.memberships(), focus)
