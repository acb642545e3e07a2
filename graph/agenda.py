"""What an agreement asks for within some days: ends, renewals, last days of notice, signatures.

Pure: records in, dated things to do out. The rules are those of :mod:`graph.status`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

from graph.dates import PartialDate, latest
from graph.model import Cooperation, Record
from graph.status import current_term, notice_deadline, standing
from graph.vocabulary import COUNTED_STATUSES, Status

What = Literal["notice", "lapse", "renewal", "signature", "review", "action"]

_FIRST_DAY, _LAST_DAY = date.min + timedelta(days=1), date.max


class Due(Record, frozen=True, kw_only=True):
    """A thing to deal with: by which day (None: no day is stated), for which agreement."""

    agreement: str
    what: What
    day: date | None


def agenda(cooperations: Iterable[Cooperation], on: date, days: int) -> list[Due]:
    """Return what `cooperations` ask for from `on` to `days` later, by day; undated things last.

    Parameters
    ----------
    cooperations : iterable of Cooperation
        With the terms that their amendments give them on `on`.
    on : datetime.date
        The day looked at; it counts.
    days : int
        How far ahead to look; the last day counts.

    Returns
    -------
    list of Due
        ``notice``: last day to give notice; ``lapse``: the term, where nothing renews it;
        ``renewal``: the term of what renews tacitly; ``signature``: sent and not signed (the day it
        was sent, if stated); ``review`` and ``action``: what the register plans.
    """
    until = min(on, _LAST_DAY - timedelta(days=days)) + timedelta(days=days)
    found = [due for item in cooperations for due in _dues(item, on, until)]
    return sorted(found, key=lambda due: (due.day is None, due.day or _FIRST_DAY, due.agreement))


def _dues(item: Cooperation, on: date, until: date) -> list[Due]:
    now = standing(item, on)
    if now is None:
        return []
    if now.status is Status.TO_SIGN:
        sent = latest(item.sent) if item.sent else None
        return [Due(agreement=item.id, what="signature", day=sent)]
    if now.status not in COUNTED_STATUSES:
        return []
    ends: What = "renewal" if item.tacit_renewal else "lapse"
    dated: tuple[tuple[What, date | None], ...] = (
        ("notice", notice_deadline(item, on)),
        (ends, current_term(item, on)),
        ("review", None if item.review_done else _day(item.review_due)),
        ("action", _day(item.next_action_on)),
    )
    return [
        Due(agreement=item.id, what=what, day=day)
        for what, day in dated
        if day is not None and on <= day <= until
    ]


def _day(value: PartialDate | None) -> date | None:
    return latest(value) if value else None
