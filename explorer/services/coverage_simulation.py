"""What would change: partners added or removed, coverage, accessibility, network side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from explorer.services.accessibility import places_by_thirds, with_neighbours
from explorer.services.coverage import (
    CoverageAnswer,
    costs_of,
    coverage_of,
    demand_of,
    limit_of,
    population_of,
)
from explorer.services.coverage_network import (
    NetworkChange,
    changed_ground,
    check_changes,
    network_change,
)
from explorer.services.coverage_reading import (
    SERVICE_KINDS,
    CoverageGround,
    CoverageQuestion,
    read_ground,
)
from graph.analysis.coverage import CoverageRow, coverage_table
from graph.analysis.partnership import PARTNER_STATES
from graph.analysis.reach import Reach, reach
from graph.analysis.situation import kind_offers
from graph.analysis.travel import TravelTimes
from graph.analysis.watch import SILENT, Watch
from graph.errors import UsageError
from graph.model import Structure
from graph.store.port import GraphStore, StructureQuery

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
    store: GraphStore,
    answer: CoverageAnswer,
    kinds: Sequence[str],
    add: Collection[str],
    remove: Collection[str],
    *,
    watch: Watch = SILENT,
) -> Trial:
    """Return kinds and network as they are, and with agreements signed or ended.

    Neighbours are read from the store as well, since they share the places.

    Raises
    ------
    UsageError
        As :func:`explorer.services.coverage_network.changed_ground`.
    Stopped
        `watch` asked to stop.
    """
    question, times = answer.question, answer.times
    check_changes(answer.read.situation, add, remove)
    if limit_of(question, times) is not None:
        question = with_neighbours(question, *costs_of(question, times))
    read = read_ground(store, question)
    changed = changed_ground(read, add, remove)
    found = {}
    for done, kind in enumerate(kinds):
        watch.step("coverage_trial", done, len(kinds))
        found[kind] = Simulation(
            before=_standings(read, question, times, kind),
            after=_standings(changed, question, times, kind),
        )
    return Trial(
        add=tuple(sorted(add)),
        remove=tuple(sorted(remove)),
        kinds=found,
        network=network_change(read.network, changed.network, {*add, *remove}, watch=watch),
    )


def trial_in_store(
    store: GraphStore,
    question: CoverageQuestion,
    add: Collection[str],
    remove: Collection[str],
    times: TravelTimes | None = None,
) -> tuple[CoverageAnswer, Trial]:
    """Return :func:`trial_of`, and what it was read from; in minutes where the question is.

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
    answer = coverage_of(store, question, times)
    return answer, trial_of(store, answer, question.kinds, add, remove)


def candidates(answer: CoverageAnswer, kind: str) -> tuple[list[Structure], list[Structure]]:
    """Return the structures of a kind to sign with, and the partners of today, by name."""
    offers = kind_offers(answer.read.situation, kind, answer.question.activity)
    unsigned = [o.structure for o in offers if o.state in {"unsigned", "linked"}]
    partners = [o.structure for o in offers if o.state in PARTNER_STATES]
    return _by_name(unsigned), _by_name(partners)


def _standings(
    read: CoverageGround, question: CoverageQuestion, times: TravelTimes | None, kind: str
) -> dict[str, Standing]:
    refs, situation = read.ground.refs, read.situation
    people = population_of(read, question)
    table = coverage_table(situation, refs, [kind], people, question.activity)
    within = limit_of(question, times)
    if within is None:
        return {row.territory: Standing(row, _NO_REACH, None) for row in table.rows}
    demand, _ = demand_of(read, question, kind)
    near = reach(situation, refs, kind, demand, within, activity=question.activity)
    used, limit = costs_of(question, times)
    places = places_by_thirds(read, question, used, kind, limit)
    access = {row.territory: row.partner for row in places.rows}
    if places.why == "nobody":
        access = dict.fromkeys(refs, 0.0)
    return {
        row.territory: Standing(row, found, access.get(row.territory))
        for row, found in zip(table.rows, near, strict=True)
    }


def _by_name(structures: Sequence[Structure]) -> list[Structure]:
    return sorted(structures, key=lambda item: ((item.name or item.id).casefold(), item.id))
