"""The register of a selection: which agreements, their standing on the day, and the queues."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import NamedTuple

import msgspec

from explorer.register_state import LISTS, UNSTATED
from explorer.services.analysis_words import name_in
from explorer.services.network import NetworkAnswer
from graph.agenda import Due, agenda
from graph.amendments import as_amended, is_amendment
from graph.confidentiality import is_restricted, restricted
from graph.identifiers import fold
from graph.model import Cooperation
from graph.projection import layer_of
from graph.status import Standing, alerts, notice_deadline, standing
from graph.store.port import GraphStore, StructureQuery
from graph.vocabulary import COUNTED_STATUSES, Alert, Status

OVER = frozenset({Status.EXPIRED, Status.TERMINATED, Status.DENOUNCED, Status.ABANDONED})
"""Statuses under which an agreement calls for nothing any more."""


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """An agreement on the day: with the terms that its amendments give it, standing, alerts.

    `partners` are the structures named beside the group; `amendments` its children.
    """

    record: Cooperation
    standing: Standing | None
    alerts: tuple[Alert, ...]
    deadline: date | None
    partners: tuple[str, ...]
    amendments: tuple[str, ...] = ()

    @property
    def status(self) -> Status | None:
        """Return the status on the day; None where nothing is known for it."""
        return self.standing.status if self.standing else None

    @property
    def running(self) -> bool:
        """Tell whether something is known of it and it is not over."""
        return self.status is not None and self.status not in OVER


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """The agreements of a selection, by title; `names` of every structure named.

    `restricted` are those that no file holds unless the installation asks for them.
    """

    on: date
    rows: tuple[Agreement, ...]
    names: dict[str, str]
    restricted: frozenset[str] = frozenset()

    def titles(self) -> dict[str, str]:
        """Return what each agreement is called, by id."""
        return {row.record.id: title_of(row.record) for row in self.rows}


class Queue(NamedTuple):
    """A list to work through: its id in :data:`LISTS`, and which agreements stand in it."""

    id: str
    takes: Callable[[Agreement], bool]


def _without_referent(row: Agreement) -> bool:
    item = row.record
    named = (item.administrative_referent, item.medical_referent, item.referent_mailbox)
    return row.running and not any((*named, item.internal_owner))


def _without_term(row: Agreement) -> bool:
    counted = row.standing is not None and row.standing.status in COUNTED_STATUSES
    return (
        counted
        and row.standing is not None
        and row.standing.term is None
        and (not row.record.indefinite)
    )


QUEUES = (
    Queue("preavis", lambda row: Alert.NOTICE in row.alerts),
    Queue("a_renouveler", lambda row: Alert.TO_RENEW in row.alerts),
    Queue("appliquees", lambda row: row.status is Status.EXPIRED_APPLIED),
    Queue("a_signer", lambda row: row.status is Status.TO_SIGN),
    Queue("bilan", lambda row: Alert.REVIEW_LATE in row.alerts),
    Queue("sans_referent", _without_referent),
    Queue("sans_document", lambda row: row.running and not row.record.document),
    Queue("sans_terme", _without_term),
)
assert tuple(queue.id for queue in QUEUES) == LISTS[2:]  # noqa: S101 - one order for both


def title_of(item: Cooperation) -> str:
    """Return what an agreement is called: its title, else its object, else its number.

    The object of an agreement marked *restreint* is reserved.
    """
    return item.title or _object(item) or item.id


def _object(item: Cooperation) -> str | None:
    return None if is_restricted(item) else item.object


def register_of(store: GraphStore, answer: NetworkAnswer) -> Register:
    """Return the agreements of the selection of `answer`, whatever their status, by title.

    With a focus, those in which somebody of the focus set is a party or a site. Kinds and
    territories are those of the partners; themes, statuses, instances and contacts are as chosen,
    and no status chosen keeps all: a register also holds what is over or not signed yet.
    """
    on, selection = answer.selection.on, answer.selection
    amended = as_amended(answer.cooperations.values(), on)
    children = _amendments(answer.cooperations)
    kept = _partners_kept(store, answer)
    found = (
        _row(item, answer, children.get(item.id, ())) for item in amended if _asked(item, answer)
    )
    rows = [
        row
        for row in found
        if (kept is None or not kept.isdisjoint(row.partners))
        and (not selection.statuses or str(row.status) in selection.statuses)
    ]
    rows.sort(key=lambda row: (fold(title_of(row.record)), row.record.id))
    named = {key for row in rows for key in (*row.partners, *row.record.sites)}
    names = {key: name_in(answer, key) for key in named}
    return Register(
        on=on,
        rows=tuple(rows),
        names=names,
        restricted=restricted(list(answer.cooperations.values())),
    )


def _amendments(cooperations: dict[str, Cooperation]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for item in cooperations.values():
        parent = cooperations.get(item.parent or "")
        if parent is not None and is_amendment(item, parent):
            found.setdefault(parent.id, []).append(item.id)
    return {key: tuple(sorted(items)) for key, items in found.items()}


def _asked(item: Cooperation, answer: NetworkAnswer) -> bool:
    """Tell whether layer, themes and focus keep `item`; an amendment stands under its parent."""
    selection = answer.selection
    parent = answer.cooperations.get(item.parent or "")
    if parent is not None and is_amendment(item, parent):
        return False
    layer = layer_of(item)
    shown = {"cooperation": True, "instance": selection.instances, "contact": selection.contacts}
    if not shown[layer] or (selection.themes and selection.themes.isdisjoint(item.themes)):
        return False
    if answer.network.focus is None:
        return True
    named = {party.structure for party in item.parties} | set(item.sites)
    return not named.isdisjoint(answer.network.focus_set)


def _row(item: Cooperation, answer: NetworkAnswer, children: tuple[str, ...]) -> Agreement:
    on = answer.selection.on
    inside = answer.network.focus_set if answer.network.focus else frozenset()
    named = dict.fromkeys(party.structure for party in item.parties)
    return Agreement(
        record=item,
        standing=standing(item, on),
        alerts=alerts(item, on),
        deadline=notice_deadline(item, on),
        partners=tuple(key for key in named if key not in inside),
        amendments=children,
    )


def _partners_kept(store: GraphStore, answer: NetworkAnswer) -> frozenset[str] | None:
    """Return the structures that kinds and territories keep; None where neither is chosen."""
    selection = answer.selection
    if not selection.kinds and not selection.territories:
        return None
    query = StructureQuery(
        ids=frozenset(answer.structures),
        kinds=selection.kinds,
        territories=selection.territories,
    )
    return frozenset(item.id for item in store.structures(query))


def narrowed(register: Register, types: Collection[str], words: str) -> tuple[Agreement, ...]:
    """Return the agreements of these types (empty: all) in which every word of `words` occurs."""
    wanted = fold(words).split()
    return tuple(
        row
        for row in register.rows
        if (not types or (row.record.type or UNSTATED) in types)
        and all(word in _text(row, register.names) for word in wanted)
    )


def _text(row: Agreement, names: dict[str, str]) -> str:
    item = row.record
    said = (item.id, item.title, _object(item), item.filiere, *item.themes)
    return fold(" ".join([*(part for part in said if part), *(names[key] for key in row.partners)]))


def queued(rows: Iterable[Agreement], queue: str) -> tuple[Agreement, ...]:
    """Return the agreements that stand in the queue of this id, the first term first."""
    takes = next(item.takes for item in QUEUES if item.id == queue)
    found = [row for row in rows if takes(row)]
    return tuple(sorted(found, key=_urgency))


def _urgency(row: Agreement) -> date:
    term = row.standing.term if row.standing else None
    return row.deadline or term or date.max


def dues(register: Register, days: int) -> list[Due]:
    """Return what the agreements of `register` ask for within `days`."""
    return agenda((row.record for row in register.rows), register.on, days)


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """An agreement whose status on two days differs; None is « nothing known »."""

    record: Cooperation
    before: Status | None
    after: Status | None


def moved(answer: NetworkAnswer, register: Register, since: date) -> list[Moved]:
    """Return the agreements of `register` whose status changed from `since` to its day."""
    then = {item.id: item for item in as_amended(answer.cooperations.values(), since)}
    found = []
    for row in register.rows:
        earlier = standing(then[row.record.id], since)
        before = earlier.status if earlier else None
        if before is not row.status:
            found.append(Moved(record=row.record, before=before, after=row.status))
    return found
