"""What signatures and departures change in the network: the partners, the measures, the relays.

A signature is taken as an agreement between the focus and the structure, in force on the day. A
structure that leaves takes with it those that are partners only through it, and nobody else: other
parties of the same agreements stay.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import msgspec
import networkx as nx
import pandas as pd

from explorer.services.analysis import graph_of, hidden_by, kinds_of
from explorer.services.analysis_departure import network_without
from explorer.services.coverage_reading import CoverageGround
from explorer.services.network import NetworkAnswer, is_open
from graph.analysis import Watch, compare, sole_relays
from graph.analysis.situation import Situation
from graph.analysis.watch import SILENT
from graph.dates import partial
from graph.errors import UsageError
from graph.model import Cooperation, Party, Structure
from graph.projection import Network, partner_network
from graph.vocabulary import Status

MEASURES = (
    "nodes",
    "ties",
    "density",
    "components",
    "degree_centralization",
    "betweenness_centralization",
)
"""Measures of the network shown before and after."""

_SIMULATED = "simulation:"


class Role(NamedTuple):
    """A structure in one network: its ties, the pairs it lies between, who depends on it alone."""

    ties: int
    betweenness: float
    depend: tuple[str, ...]


@dataclass(frozen=True)
class NetworkChange:
    """The network before and after.

    `measures` are those of :data:`MEASURES`, before and after, None where not defined; `direct` the
    partners with an agreement of their own. `roles` are of the structures added and removed, None
    where one is not in the network. `arrived` and `left` are in one of the networks only; `gained`
    and `lost` count ties.
    """

    measures: Mapping[str, tuple[float | None, float | None]]
    direct: tuple[int, int]
    roles: Mapping[str, tuple[Role | None, Role | None]]
    arrived: tuple[str, ...]
    left: tuple[str, ...]
    gained: int
    lost: int


def check_changes(situation: Situation, add: Collection[str], remove: Collection[str]) -> None:
    """Refuse a simulation that cannot be meant.

    Raises
    ------
    UsageError
        A structure that is not known, or in both; one to sign with that is a partner or a site of
        the group already; one to end with that is no partner; or nobody at the centre.
    """
    known = {item.id for item in situation.structures}
    network = situation.network
    if lost := sorted((set(add) | set(remove)) - known):
        raise UsageError("coverage_trial.unknown", value=", ".join(lost))
    if both := sorted(set(add) & set(remove)):
        raise UsageError("coverage_trial.both", value=", ".join(both))
    if network.focus is None:
        raise UsageError("coverage_trial.no_focus")
    if held := sorted(set(add) & network.structures):
        raise UsageError("coverage_trial.held", value=", ".join(held))
    if strange := sorted(set(remove) - set(network.partners)):
        raise UsageError("coverage_trial.no_partner", value=", ".join(strange))


def changed_ground(
    read: CoverageGround, add: Collection[str], remove: Collection[str]
) -> CoverageGround:
    """Return what was read as if agreements were signed with `add` and `remove` left.

    Raises
    ------
    UsageError
        As :func:`check_changes`, or statuses asked about among which a new agreement is not.
    """
    check_changes(read.situation, add, remove)
    answer = read.network
    layers = answer.selection.layers
    if add and Status.IN_FORCE not in layers.statuses:
        raise UsageError("coverage_trial.status")
    signed = [_signature(answer, ident) for ident in sorted(add)]
    structures = _with(answer.structures, read.situation.structures, add)
    cooperations = answer.cooperations | {item.id: item for item in signed}
    network = partner_network(
        answer.network.focus,
        [item for item in structures.values() if is_open(item, answer.network.on)],
        cooperations.values(),
        answer.memberships,
        answer.network.on,
        layers,
    )
    after = msgspec.structs.replace(
        answer, network=network, structures=structures, cooperations=cooperations
    )
    if remove:
        after = msgspec.structs.replace(after, network=network_without(after, remove))
    situation = replace(
        read.situation, network=after.network, cooperations=tuple(cooperations.values())
    )
    return read._replace(situation=situation, network=after)


def network_change(
    before: NetworkAnswer,
    after: NetworkAnswer,
    structures: Iterable[str],
    *,
    watch: Watch = SILENT,
) -> NetworkChange:
    """Return what differs between two networks, and the part that `structures` play in each.

    Raises
    ------
    Stopped
        `watch` asked to stop.
    """
    old, new = graph_of(before), graph_of(after)
    found = compare(old, new, kinds_of(before) | kinds_of(after), watch=watch)
    figures = found.network
    wanted = frozenset(structures)
    was = _roles(before, found.structures, "before", wanted)
    now = _roles(after, found.structures, "after", wanted)
    return NetworkChange(
        measures={
            name: (
                _value(float(figures["before"][name])),
                _value(float(figures["after"][name])),
            )
            for name in MEASURES
        },
        direct=(_direct(before.network), _direct(after.network)),
        roles={ident: (was.get(ident), now.get(ident)) for ident in sorted(wanted)},
        arrived=tuple(map(str, found.arrived)),
        left=tuple(map(str, found.left)),
        gained=len(found.gained),
        lost=len(found.lost),
    )


def _roles(
    answer: NetworkAnswer, measured: pd.DataFrame, when: str, wanted: Collection[str]
) -> dict[str, Role]:
    relays = sole_relays(graph_of(answer, relays=True), hidden_by(answer)).cut_off
    graph: nx.Graph[str] = graph_of(answer)
    table = measured[f"betweenness_{when}"]
    return {
        ident: Role(
            ties=int(graph.degree(ident)),
            betweenness=float(table[ident]),
            depend=tuple(map(str, relays.get(ident, ()))),
        )
        for ident in graph
        if ident in wanted
    }


def _signature(answer: NetworkAnswer, ident: str) -> Cooperation:
    """Return an agreement between the focus and a structure, as if signed on the day."""
    focus = answer.network.focus or ""
    return Cooperation(
        id=f"{_SIMULATED}{ident}",
        type="convention_partenariat",
        parties=(Party(structure=focus), Party(structure=ident)),
        signed=partial(answer.network.on.isoformat()),
        indefinite=True,
        themes=tuple(sorted(answer.selection.themes)),
    )


def _with(
    held: Mapping[str, Structure], known: Iterable[Structure], add: Collection[str]
) -> dict[str, Structure]:
    """Return the structures of the network, those added, and the establishments of these."""
    more = (item for item in known if item.id in add or item.legal_entity in add)
    return {**held, **{item.id: item for item in more}}


def _direct(network: Network) -> int:
    return sum(item.via is None for item in network.partners.values())


def _value(number: float) -> float | None:
    return None if math.isnan(number) else number
