"""From when until when a tie holds, as far as sources say; what they do not say stays open.

A start counts from its earliest possible day and an end until its latest, as statuses do
(:mod:`graph.status`). An agreement that renews itself, has no term or is applied after it has an
open end; so has one that sources only attest.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from explorer.exports.material import Material
from graph.amendments import as_amended
from graph.dates import PartialDate, earliest, latest
from graph.model import Cooperation
from graph.projection import Tie, active
from graph.status import over_from
from graph.vocabulary import Status


class Period(NamedTuple):
    """First and last day, both included; None where no source says."""

    start: date | None
    end: date | None


def agreements_of(material: Material) -> dict[str, Cooperation]:
    """Return the agreements behind the ties, by id, with the terms they have on the day."""
    answer = material.answer
    shown = {key for tie in answer.network.ties for key in tie.cooperations}
    shown |= {key for item in answer.network.partners.values() for key in item.cooperations}
    amended = as_amended(answer.cooperations.values(), answer.selection.on)
    return {item.id: item for item in sorted(amended, key=lambda i: i.id) if item.id in shown}


def agreement_period(item: Cooperation, material: Material) -> Period:
    """Return when an agreement holds."""
    start = item.effective or item.signed or item.attested
    return Period(_bounded(earliest(start)) if start else None, _end(item, material))


def _end(item: Cooperation, material: Material) -> date | None:
    over = _bounded(over_from(item))
    if over is not None:
        return over
    now = material.answer.network.standings.get(item.id)
    applied = now is not None and now.status is Status.EXPIRED_APPLIED
    if applied or item.tacit_renewal or item.indefinite or now is None:
        return None
    return now.term


def tie_periods(material: Material) -> dict[str, tuple[Period, ...]]:
    """Return when each tie holds, by its id: one period an agreement or membership."""
    found = {key: agreement_period(item, material) for key, item in agreements_of(material).items()}
    held = _membership_periods(material)
    return {
        tie_id(tie): tuple(found[key] for key in tie.cooperations)
        if tie.kind != "membership"
        else tuple(held.get((tie.a, tie.b), ()))
        for tie in material.answer.network.ties
    }


def _membership_periods(material: Material) -> dict[tuple[str, str], list[Period]]:
    found: dict[tuple[str, str], list[Period]] = {}
    for item in active(material.answer.memberships, material.answer.selection.on):
        period = Period(_day(item.since, last=False), _day(item.until, last=True))
        found.setdefault((min(item.member, item.group), max(item.member, item.group)), []).append(
            period
        )
    return found


def tie_id(tie: Tie) -> str:
    """Return the id of a tie: two structures may be tied in more than one way."""
    return f"{tie.a}--{tie.b}--{tie.kind}"


def hull(periods: Iterable[Period]) -> Period:
    """Return the period from the first start to the last end, open where one of them is."""
    listed = list(periods)
    starts = [item.start for item in listed if item.start is not None]
    ends = [item.end for item in listed if item.end is not None]
    return Period(
        min(starts) if starts and len(starts) == len(listed) else None,
        max(ends) if ends and len(ends) == len(listed) else None,
    )


def _day(value: PartialDate | None, *, last: bool) -> date | None:
    if value is None:
        return None
    return _bounded(latest(value) if last else earliest(value))


def _bounded(day: date) -> date | None:
    """Return `day`, None where it stands for an open bound."""
    return None if day in {date.min, date.max} else day
