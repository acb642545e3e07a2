"""How the focus stands to each structure: agreed, attested, own, linked, unsigned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

from graph.model import Cooperation, Membership, Structure
from graph.projection import Layers, Network, active, counted, layer_of, signatories
from graph.vocabulary import Status

State = Literal["agreed", "attested", "own", "linked", "unsigned"]

STATES: tuple[State, ...] = get_args(State)
"""The states of a structure, the one that a territory shows first at the head."""

PARTNER_STATES: frozenset[State] = frozenset({"agreed", "attested"})
"""Under which a structure is a partner: with a counted agreement, signed or attested."""


def partnership_states(
    structures: Iterable[Structure],
    network: Network,
    cooperations: Iterable[Cooperation],
    memberships: Iterable[Membership] = (),
) -> dict[str, State]:
    """Return the state of each structure towards the focus of `network`, on its day.

    Parameters
    ----------
    structures : iterable of Structure
        Those asked about.
    network : Network
        The partners; whether inheritance was followed, and which themes count, is decided there.
    cooperations, memberships : iterable
        All that may matter, as given to :func:`graph.projection.partner_network`.

    Returns
    -------
    dict of str to State
        ``own`` is the focus set; ``agreed`` has an agreement with it that counts on the day,
        directly or by inheritance; ``attested`` has only agreements whose term no source states;
        ``linked`` has a regular contact, a seat or a membership in common with it, or is the
        establishment of one that has. Without focus, all are ``unsigned``.
    """
    known = list(structures)
    if network.focus is None:
        return dict.fromkeys((item.id for item in known), "unsigned")
    by_id = {item.id: item for item in cooperations}
    linked = _linked(network, by_id, memberships)
    states: dict[str, State] = {}
    for item in known:
        state = _state(item.id, network, by_id)
        if state is None:
            state = "linked" if linked & {item.id, item.legal_entity} else "unsigned"
        states[item.id] = state
    return states


def _state(ident: str, network: Network, cooperations: Mapping[str, Cooperation]) -> State | None:
    if ident in network.focus_set:
        return "own"
    partner = network.partners.get(ident)
    statuses = {
        network.standings[key].status
        for key in (partner.cooperations if partner else ())
        if network.standings[key].counted and layer_of(cooperations[key]) == "cooperation"
    }
    if not statuses:
        return None
    return "attested" if statuses == {Status.ATTESTED} else "agreed"


def _linked(
    network: Network, cooperations: Mapping[str, Cooperation], memberships: Iterable[Membership]
) -> frozenset[str | None]:
    """Return who has a link with the focus set that is no agreement."""
    inside = network.focus_set
    every = Layers(instances=True, contacts=True)
    groups = [{item.member, item.group} for item in active(memberships, network.on)] + [
        set(signatories(item))
        for item, _ in counted(cooperations.values(), network.on, every).values()
        if layer_of(item) != "cooperation"
    ]
    return frozenset(other for group in groups if group & inside for other in group - inside)
