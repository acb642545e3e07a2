"""Which ties hold on a day: the exact answer, whatever a store leaves out beforehand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from graph.amendments import as_amended
from graph.dates import earliest, latest
from graph.model import Cooperation, Membership, Structure
from graph.status import standing
from graph.store.port import CooperationQuery, TieFilter
from graph.vocabulary import COUNTED_STATUSES, Status

WAYS = ("MANAGED_BY", "MEMBER_OF", "PARTY_TO")
"""Relationships that a neighbourhood and a path go along."""

FINAL_STATUSES = frozenset({Status.TERMINATED, Status.DENOUNCED, Status.ABANDONED})
"""What a cooperation stays once it has ended by an event, whatever its terms."""


def ways_of(ties: TieFilter) -> tuple[str, ...]:
    """Return the ways that `ties` allows.

    Raises
    ------
    ValueError
        A way that is not one, or a status without the day on which it is asked.
    """
    if unknown := ties.ways.difference(WAYS):
        message = f"not a way: {min(unknown)}"
        raise ValueError(message)
    if ties.statuses and ties.on is None:
        message = "a status is that of a day: give `on`"
        raise ValueError(message)
    return tuple(way for way in WAYS if not ties.ways or way in ties.ways)


def cooperations_asked(ties: TieFilter) -> CooperationQuery:
    """Return what `ties` asks of cooperations."""
    statuses = ties.statuses or (COUNTED_STATUSES if ties.on else frozenset())
    return CooperationQuery(on=ties.on, statuses=frozenset(statuses), themes=ties.themes)


def states(item: Cooperation, query: CooperationQuery) -> bool:
    """Tell whether a cooperation has the values that `query` asks for, its status apart."""
    return (
        (not query.ids or item.id in query.ids)
        and (not query.types or item.type in query.types)
        and (not query.themes or not query.themes.isdisjoint(item.themes))
        and (not query.parties or any(party.structure in query.parties for party in item.parties))
    )


def in_status(
    found: Sequence[Cooperation],
    amendments: Iterable[Cooperation],
    on: date | None,
    statuses: Collection[str],
) -> list[Cooperation]:
    """Return those of `found` that have one of `statuses` on day `on`, as they were given.

    `amendments` are the children of `found`; without a day everything is returned, without
    statuses everything of which something is known.
    """
    if on is None:
        return list(found)
    known = {item.id for item in found}
    later = [item for item in amendments if item.id not in known]
    amended = as_amended([*found, *later], on)[: len(found)]
    standings = [standing(item, on) for item in amended]
    return [
        item
        for item, now in zip(found, standings, strict=True)
        if now is not None and (not statuses or now.status in statuses)
    ]


def may_hold(item: Membership, on: date | None) -> bool:
    """Tell whether a membership holds, or may hold, on day `on`."""
    if on is None:
        return True
    return not (item.since and earliest(item.since) > on) and not (
        item.until and latest(item.until) < on
    )


def may_be_managed(item: Structure, on: date | None) -> bool:
    """Tell whether a structure may already be managed by its legal entity on day `on`."""
    since = item.legal_entity_since
    return on is None or since is None or earliest(since) <= on
