"""What a status written in a register says of the dates that it does not give.

A status is computed at a date (:mod:`graph.status`), never stored. A register that writes "en
vigueur" without any date still says something: on the day of the register the agreement had taken
effect. That is kept as a bound (``..2024-03-01``, no later than), the only thing that follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from graph.dates import PartialDate, latest, partial
from graph.model import CooperationClaim
from graph.status import standing
from graph.vocabulary import Status

STAGES = frozenset({Status.DRAFT, Status.UNDER_REVIEW, Status.TO_SIGN})
RUNNING = frozenset({Status.IN_FORCE, Status.RENEWED, Status.EXPIRED_APPLIED})
EVENTS = {
    Status.SUSPENDED: "suspended",
    Status.DENOUNCED: "denounced",
    Status.TERMINATED: "terminated",
    Status.ABANDONED: "abandoned",
    Status.SIGNED: "signed",
}


def status_values(
    status: str, values: Mapping[str, object], vintage: PartialDate
) -> dict[str, object]:
    """Return the values that a stated status adds to those of the row.

    Parameters
    ----------
    status : str
        The status as the register states it, a :class:`graph.vocabulary.Status`.
    values : Mapping
        What the row states.
    vintage : PartialDate
        The day that the register describes.
    """
    stated = Status(status)
    if stated in STAGES:
        return {"stage": status}
    added: dict[str, object] = {}
    bound = partial(f"..{latest(vintage).isoformat()}")
    if stated is Status.RENEWED and values.get("tacit_renewal") is None:
        added["tacit_renewal"] = True
    if stated is Status.EXPIRED_APPLIED:
        added["still_applied"] = True
    if stated in EVENTS and not values.get(EVENTS[stated]):
        added[EVENTS[stated]] = bound
    if stated is Status.ATTESTED:
        added["attested"] = vintage
    if stated in {Status.EXPIRED, Status.EXPIRED_APPLIED}:
        added |= _ended(values, bound)
    started = values.get("effective") or values.get("signed")
    if stated in RUNNING and not started:
        added["effective"] = bound
    return added


def _ended(values: Mapping[str, object], bound: PartialDate) -> dict[str, object]:
    """Return the end that "échue" implies, and that the agreement existed before it."""
    added: dict[str, object] = {}
    started = values.get("effective") or values.get("signed")
    has_term = values.get("end") or (values.get("duration_months") and started)
    if not has_term:
        day = latest(bound) - timedelta(days=1)
        added["end"] = partial(f"..{day.isoformat()}")
    if not started:
        added["effective"] = bound
    return added


def contradiction(claim: CooperationClaim, status: str, on: date) -> str | None:
    """Return the status that the dates of `claim` give on day `on`, if it is not the one stated."""
    found = standing(claim, on)
    if found is None or found.status == status or not found.certain:
        return None
    return str(found.status)
