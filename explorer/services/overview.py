"""The network at a glance: figures, what changed since a day, what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from explorer.services.agreements import Moved, Register, moved, queued
from explorer.services.analysis_places import served
from explorer.services.network import NetworkAnswer, network_of
from explorer.services.registers import LOADER_KINDS, TABLE_KINDS, registers_of
from explorer.viewmodel.model import ViewModel
from graph.store.port import GraphStore, TerritoryQuery
from graph.vocabulary import KINDS, Status

AHEAD_DAYS = 90
LEVEL = "arrondissement"
REGISTER = "conventions"
"""Loader of the register of agreements."""

_EXPECTED = ("HOPITAL", "CLINIQUE", "CPTS", "CMS", "EHPAD", "HAD")
"""Kinds whose register a directorate expects, beside those of its partners."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What the network is on the day.

    `kinds` counts partners by kind, `statuses` agreements by status (None: nothing known),
    `places` the territories of :data:`LEVEL` that a partner serves, of `all_places`; None where the
    territory looked at has none.
    """

    partners: int
    agreements: int
    kinds: tuple[tuple[str, int], ...]
    statuses: tuple[tuple[Status | None, int], ...]
    places: int | None
    all_places: int


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What differs between two days: partners by id, agreements, loads made since."""

    arrived: tuple[str, ...]
    left: tuple[str, ...]
    moved: tuple[Moved, ...]
    loads: int
    names: dict[str, str]


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """What is not known: kinds without a register, agreements without what a directorate tracks."""

    kinds: tuple[str, ...]
    queues: tuple[tuple[str, int], ...]
    register: bool


def figures_of(
    store: GraphStore,
    answer: NetworkAnswer,
    view: ViewModel,
    register: Register,
    around: Sequence[str],
) -> Figures:
    """Return the figures of the network of `answer`; `around` is the territory looked at.

    Partners are those of the `view`: an entity and its main establishment are one.
    """
    partners = answer.network.partners
    found = [answer.structures[key] for key in partners if key in answer.structures]
    drawn = [node for node in view.nodes if node.role == "partner"]
    kinds = Counter(node.kind for node in drawn)
    statuses = Counter(row.status for row in register.rows)
    places = _places(store, around)
    reached = {ref for refs in served(store, found, LEVEL).values() for ref in refs} & places
    return Figures(
        partners=len(drawn),
        agreements=len(register.rows),
        kinds=tuple((kind, kinds[kind]) for kind in (*KINDS, "unknown") if kinds[kind]),
        statuses=tuple((name, statuses[name]) for name in (*Status, None) if statuses[name]),
        places=len(reached) if places else None,
        all_places=len(places),
    )


def _places(store: GraphStore, around: Sequence[str]) -> set[str]:
    query = TerritoryQuery(levels=frozenset({LEVEL}), parents=frozenset(around))
    return {item.id for item in store.territories(query)} if around else set()


def changed_since(
    store: GraphStore, answer: NetworkAnswer, register: Register, since: date
) -> Changed:
    """Return what differs between the day `since` and the day of `answer`."""
    selection = msgspec.structs.replace(answer.selection, on=since)
    then = network_of(store, selection)
    now, before = set(answer.network.partners), set(then.network.partners)
    names = {
        key: (item.name if item else None) or key
        for key in now ^ before
        for item in (answer.structures.get(key) or then.structures.get(key),)
    }
    return Changed(
        arrived=tuple(sorted(now - before)),
        left=tuple(sorted(before - now)),
        moved=tuple(moved(answer, register, since)),
        loads=sum(
            not item.undone and item.loaded_at.astimezone().date() >= since
            for item in store.loads()
        ),
        names=names,
    )


def missing_from(store: GraphStore, answer: NetworkAnswer, register: Register) -> Missing:
    """Return what is not known of the network of `answer`."""
    partners = answer.network.partners
    held = {answer.structures[key].kind for key in partners if key in answer.structures}
    listed = {kind for kinds in (*LOADER_KINDS.values(), *TABLE_KINDS.values()) for kind in kinds}
    wanted = [kind for kind in KINDS if kind in listed and kind in {*held, *_EXPECTED}]
    loaded = registers_of(store, wanted, frozenset())
    queues = ("sans_referent", "sans_document", "sans_terme")
    return Missing(
        kinds=tuple(kind for kind in wanted if kind not in loaded),
        queues=tuple((name, len(queued(register.rows, name))) for name in queues),
        register=any(item.loader == REGISTER and not item.undone for item in store.loads()),
    )


def a_year_before(day: date) -> date:
    """Return the day one year earlier; the last day of February stays in February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day - timedelta(days=366)
