"""What is known on a day: who offers what, where, and how the focus stands to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from graph.analysis.partnership import State, partnership_states
from graph.analysis.service_areas import (
    Atlas,
    Communes,
    home_departement,
    serves,
    service_rule,
)
from graph.analysis.supply import capacity_of, offers
from graph.errors import UsageError
from graph.identifiers import departement_of_commune
from graph.model import Cooperation, Membership, Structure
from graph.projection import Network
from graph.vocabulary import KINDS

Registers = Mapping[str, frozenset[str] | None]
"""Kinds of which a register is loaded, with the codes of the départements it was loaded for; None
where it is of the whole country."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What is known on a day: who there is, where, and how the focus stands to them.

    `network` gives the day, the focus and the partners; `registers` says of which kinds all that
    exist are known; `simulated` are states that stand in for those found (:func:`simulate`).
    """

    atlas: Atlas
    structures: Sequence[Structure]
    network: Network
    cooperations: Sequence[Cooperation] = ()
    memberships: Sequence[Membership] = ()
    registers: Registers = field(default_factory=dict)
    simulated: Mapping[str, State] = field(default_factory=dict)


class Offer(NamedTuple):
    """A structure as it offers one kind: state, communes served (None: not stated), capacity."""

    structure: Structure
    state: State
    communes: Communes | None
    capacity: float | None


def kind_offers(situation: Situation, kind: str, activity: str | None = None) -> list[Offer]:
    """Return who offers a kind, with their state, the communes they serve and their capacity.

    Raises
    ------
    UsageError
        A kind that is not known.
    """
    if kind not in KINDS:
        raise UsageError("coverage.kind", value=kind, allowed=", ".join(KINDS))
    found = offers(situation.structures, kind, situation.network.on, activity)
    states = partnership_states(
        found, situation.network, situation.cooperations, situation.memberships
    )
    rule = service_rule(kind)
    return [
        Offer(
            structure=item,
            state=situation.simulated.get(item.id, states[item.id]),
            communes=serves(item, situation.atlas, rule),
            capacity=capacity_of(item, kind, activity),
        )
        for item in found
    ]


def unplaced(found: Sequence[Offer], asked: Communes, kind: str) -> tuple[str, ...]:
    """Return the structures that serve no known commune and may serve one of `asked`."""
    lost = [item.structure for item in found if not item.communes]
    if service_rule(kind) == "place":
        here = {None, *map(departement_of_commune, asked)}
        lost = [item for item in lost if home_departement(item) in here]
    return tuple(item.id for item in lost)


def is_registered(registers: Registers, kind: str, communes: Communes) -> bool:
    """Tell whether a register of `kind` is loaded for all of `communes`, and there are any."""
    if kind not in registers or not communes:
        return False
    scope = registers[kind]
    return scope is None or {departement_of_commune(code) for code in communes} <= scope


def simulate(
    situation: Situation, add: Iterable[str] = (), remove: Iterable[str] = ()
) -> Situation:
    """Return the situation as if agreements were signed with `add` and ended with `remove`.

    Raises
    ------
    UsageError
        A structure that is not known, or one in both.
    """
    known = {item.id for item in situation.structures}
    added, removed = set(add), set(remove)
    if lost := sorted(((added | removed) - known) | (added & removed)):
        raise UsageError("coverage.simulated", value=", ".join(lost))
    changed: dict[str, State] = dict.fromkeys(added, "agreed")
    changed |= dict.fromkeys(removed, "unsigned")
    return replace(situation, simulated={**situation.simulated, **changed})
