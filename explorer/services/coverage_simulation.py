"""What would change: partners added or removed, coverage, accessibility, network side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd

from explorer.services.coverage import (
    CoverageAnswer,
    coverage_of,
    demand_of,
    population_of,
)
from explorer.services.coverage_network import NetworkChange, changed_ground, network_change
from explorer.services.coverage_reading import SERVICE_KINDS, CoverageGround, CoverageQuestion
from graph.analysis.catchment import accessibility
from graph.analysis.coverage import CoverageRow, coverage_table
from graph.analysis.demand import Demand
from graph.analysis.partnership import PARTNER_STATES
from graph.analysis.proximity import pair_costs
from graph.analysis.reach import Reach, positions, reach
from graph.analysis.service_areas import service_rule
from graph.analysis.situation import Offer, Situation, kind_offers
from graph.analysis.watch import SILENT, Watch
from graph.errors import UsageError
from graph.model import Structure
from graph.store.port import GraphStore, StructureQuery

BANDS = ((1 / 3, 1.0), (2 / 3, 0.68), (1.0, 0.22))
"""Bands of the E2SFCA (Luo & Qi 2009), as shares of the radius."""

_METRES = 1000.0
_NO_REACH = Reach(territory="")
"""Where no radius was asked for."""


class Standing(NamedTuple):
    """One territory in one situation: its row, its reach, places per 1,000 people within reach."""

    row: CoverageRow
    reach: Reach
    access: float | None


@dataclass(frozen=True)
class Simulation:
    """A kind before and after, territory by territory."""

    before: Mapping[str, Standing]
    after: Mapping[str, Standing]


@dataclass(frozen=True)
class Trial:
    """What signing with `add` and ending with `remove` changes, kind by kind and in the network.

    `also_left` are partners that are none any more because they were so only through a structure
    of `remove`; `also_joined` those that the signatures bring along (sites of an entity).
    """

    add: tuple[str, ...]
    remove: tuple[str, ...]
    kinds: Mapping[str, Simulation]
    network: NetworkChange

    @property
    def also_left(self) -> tuple[str, ...]:
        """Partners lost beside those asked."""
        return tuple(sorted(set(self.network.left) - set(self.remove)))

    @property
    def also_joined(self) -> tuple[str, ...]:
        """Partners won beside those asked."""
        return tuple(sorted(set(self.network.arrived) - set(self.add)))


def trial_of(
    answer: CoverageAnswer,
    kinds: Sequence[str],
    add: Collection[str],
    remove: Collection[str],
    *,
    watch: Watch = SILENT,
) -> Trial:
    """Return kinds and network as they are, and with agreements signed or ended.

    Raises
    ------
    UsageError
        As :func:`explorer.services.coverage_network.changed_ground`.
    Stopped
        `watch` asked to stop.
    """
    read, question = answer.read, answer.question
    changed = changed_ground(read, add, remove)
    found = {}
    for done, kind in enumerate(kinds):
        watch.step("coverage_trial", done, len(kinds))
        found[kind] = Simulation(
            before=_standings(read.situation, question, read, kind),
            after=_standings(changed.situation, question, changed, kind),
        )
    return Trial(
        add=tuple(sorted(add)),
        remove=tuple(sorted(remove)),
        kinds=found,
        network=network_change(read.network, changed.network, {*add, *remove}, watch=watch),
    )


def trial_in_store(
    store: GraphStore, question: CoverageQuestion, add: Collection[str], remove: Collection[str]
) -> tuple[CoverageAnswer, Trial]:
    """Return :func:`trial_of`, and what it was read from.

    Where the question names no kind, the kinds of the structures given are looked at.

    Raises
    ------
    UsageError
        As :func:`trial_of`, or a question that cannot be meant.
    """
    wanted = frozenset({*add, *remove})
    held = {item.id: item.kind or "" for item in store.structures(StructureQuery(ids=wanted))}
    if lost := sorted(wanted - held.keys()):
        raise UsageError("coverage_trial.unknown", value=", ".join(lost))
    if not question.selection.kinds:
        kinds = frozenset(held.values()) & frozenset(SERVICE_KINDS)
        selection = msgspec.structs.replace(question.selection, kinds=kinds)
        question = msgspec.structs.replace(question, selection=selection)
    answer = coverage_of(store, question)
    return answer, trial_of(answer, question.kinds, add, remove)


def candidates(answer: CoverageAnswer, kind: str) -> tuple[list[Structure], list[Structure]]:
    """Return the structures of a kind to sign with, and the partners of today, by name."""
    offers = kind_offers(answer.read.situation, kind, answer.question.activity)
    unsigned = [o.structure for o in offers if o.state in {"unsigned", "linked"}]
    partners = [o.structure for o in offers if o.state in PARTNER_STATES]
    return _by_name(unsigned), _by_name(partners)


def access_of(
    situation: Situation,
    question: CoverageQuestion,
    read: CoverageGround,
    kind: str,
    *,
    partners: bool = True,
) -> dict[str, float | None]:
    """Return places within reach per 1,000 people, by territory (E2SFCA on distances).

    Only people of the territories asked about share the places: at the borders it is too high. None
    where the kind serves a zone or perimeter, or no capacity or population is known; 0 where there
    is nobody whose places could count.
    """
    # places are shared among people, whatever the question counts
    demand, _ = demand_of(read, msgspec.structs.replace(question, stays={}), kind)
    wanted = [
        offer
        for offer in kind_offers(situation, kind, question.activity)
        if offer.state in PARTNER_STATES or not partners
    ]
    offers = [offer for offer in wanted if offer.capacity is not None]
    known = np.isfinite(demand.people)
    refs = read.ground.refs
    if service_rule(kind) != "place" or (wanted and not offers) or not known.any():
        return dict.fromkeys(refs)
    reached = _catchments(demand, known, offers, situation, (question.radius_km or 0) * _METRES)
    found: dict[str, float | None] = {}
    for ref in refs:
        here = known & demand.points.ids.isin(read.ground.atlas.communes(ref))
        people = demand.people[here].sum()
        places = (demand.people[here] * reached[here]).sum()
        found[ref] = float(1000 * places / people) if people else None
    return found


def _standings(
    situation: Situation, question: CoverageQuestion, read: CoverageGround, kind: str
) -> dict[str, Standing]:
    refs = read.ground.refs
    table = coverage_table(
        situation, refs, [kind], population_of(read, question), question.activity
    )
    demand, _ = demand_of(read, question, kind)
    if question.radius_km is None:
        return {row.territory: Standing(row, _NO_REACH, None) for row in table.rows}
    metres = question.radius_km * _METRES
    near = reach(situation, refs, kind, demand, metres, activity=question.activity)
    access = access_of(situation, question, read, kind)
    return {
        row.territory: Standing(row, found, access[row.territory])
        for row, found in zip(table.rows, near, strict=True)
    }


def _catchments(
    demand: Demand,
    known: npt.NDArray[np.bool_],
    offers: Sequence[Offer],
    situation: Situation,
    radius: float,
) -> npt.NDArray[np.float64]:
    """Return places per person at each point of demand."""
    numbered = replace(demand.points, ids=pd.RangeIndex(len(demand.people)))
    places = positions([offer.structure for offer in offers], situation.atlas)
    cost = pair_costs(numbered, places.points, radius)
    cost = cost.astype({"origin": np.intp, "destination": object})
    people = pd.Series(demand.people[known], index=np.flatnonzero(known))
    supply = pd.Series({offer.structure.id: float(offer.capacity or 0) for offer in offers})
    bands = {share * radius: weight for share, weight in BANDS}
    found = accessibility(cost[cost["origin"].isin(people.index)], people, supply, bands)
    return found.reindex(range(len(demand.people)), fill_value=0.0).to_numpy()


def _by_name(structures: Sequence[Structure]) -> list[Structure]:
    return sorted(structures, key=lambda item: ((item.name or item.id).casefold(), item.id))
