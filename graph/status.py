"""Status and alerts of a cooperation at a date: two axes, both computed, never stored.

The rules are those of DOMAIN.md ("Two things that are not one"). Dates may be partial: a start
counts from its earliest possible day and an end until its latest, so that nothing that may hold is
hidden; :attr:`Standing.certain` says when another reading of the dates gives another status.
"""

from __future__ import annotations

from datetime import date, timedelta

from graph.dates import PartialDate, add_months, earliest, latest
from graph.model import Cooperation, CooperationValues, Record
from graph.vocabulary import COUNTED_STATUSES, Alert, Status

RENEWAL_HORIZON_MONTHS = 6
"""How long before its term an agreement is announced as "à renouveler" (a setting)."""

NOTICE_HORIZON_MONTHS = 3
SIGNATURE_PATIENCE_DAYS = 60

_STAGES = {
    "en_projet": Status.DRAFT,
    "en_instruction": Status.UNDER_REVIEW,
    "a_signer": Status.TO_SIGN,
}


class Standing(Record, frozen=True, kw_only=True):
    """Status at a date. `term` is the current end (after renewals), None if none is stated."""

    status: Status
    certain: bool
    term: date | None = None

    @property
    def counted(self) -> bool:
        """Whether a tie exists under this status."""
        return self.status in COUNTED_STATUSES


def standing(cooperation: CooperationValues, on: date) -> Standing | None:
    """Return the standing of `cooperation` on day `on`.

    Parameters
    ----------
    cooperation : CooperationValues
        A cooperation or a claim about one.
    on : datetime.date
        The day asked about.

    Returns
    -------
    Standing or None
        None when nothing is known of the cooperation on that day: before any date of it, or
        where no source states a date, a stage or an attestation.
    """
    generous = _status(cooperation, on, generous=True)
    strict = _status(cooperation, on, generous=False)
    if generous is None and strict is None:
        return None
    status = generous or strict
    assert status is not None  # noqa: S101 - one of the two is known here
    return Standing(status=status, certain=generous == strict, term=current_term(cooperation, on))


def known_from(values: CooperationValues) -> date:
    """Return the day before which nothing is known of a cooperation; the last day if nothing ever.

    A store uses it to leave out what cannot hold on a day; amendments change terms, no beginnings.
    """
    if values.stage in _STAGES and not (values.requested or values.sent):
        return date.min
    stated = (
        *(values.effective, values.signed, values.attested, values.requested, values.sent),
        *(values.terminated, values.denounced, values.abandoned, values.suspended),
    )
    return min((earliest(day) for day in stated if day), default=date.max)


def over_from(values: CooperationValues) -> date:
    """Return the day from which a cooperation has ended by an event; the last day if by none."""
    ends = (values.terminated, values.denounced, values.abandoned)
    return min((latest(day) for day in ends if day), default=date.max)


def _status(values: CooperationValues, on: date, *, generous: bool) -> Status | None:
    return _ended(values, on, generous=generous) or _running(values, on, generous=generous)


def _ended(values: CooperationValues, on: date, *, generous: bool) -> Status | None:
    """Return the status that a recorded event gives, the strongest first."""
    events = (
        (values.terminated, Status.TERMINATED),
        (values.denounced, Status.DENOUNCED),
        (values.abandoned, Status.ABANDONED),
    )
    for day, status in events:
        if day and _reached(day, on, generous=not generous):
            return status
    if values.suspended and _reached(values.suspended, on, generous=not generous):
        resumed = values.resumed and _reached(values.resumed, on, generous=generous)
        return None if resumed else Status.SUSPENDED
    return None


def _running(values: CooperationValues, on: date, *, generous: bool) -> Status | None:
    start = values.effective or values.signed
    if start and _reached(start, on, generous=generous):
        return _after_start(values, on, generous=generous)
    if values.signed and _reached(values.signed, on, generous=generous):
        return Status.SIGNED
    if values.attested and _reached(values.attested, on, generous=generous):
        return _attested(values, on, generous=generous)
    return _before_signature(values, on)


def _attested(values: CooperationValues, on: date, *, generous: bool) -> Status:
    if values.end and on > _end_day(values.end, generous=generous):
        return Status.EXPIRED_APPLIED if values.still_applied else Status.EXPIRED
    return Status.ATTESTED


def _after_start(values: CooperationValues, on: date, *, generous: bool) -> Status:
    term = _first_term(values, generous=generous)
    if term is None:
        return Status.IN_FORCE if values.indefinite or values.tacit_renewal else Status.ATTESTED
    if on <= term:
        return Status.IN_FORCE
    if values.tacit_renewal and on <= _renewed_until(values, term, on):
        return Status.RENEWED
    return Status.EXPIRED_APPLIED if values.still_applied else Status.EXPIRED


def _before_signature(values: CooperationValues, on: date) -> Status | None:
    if values.stage not in _STAGES:
        return None
    known_from = values.requested or values.sent
    if known_from and on < earliest(known_from):
        return None
    return _STAGES[values.stage]


def _reached(day: PartialDate, on: date, *, generous: bool) -> bool:
    return on >= (earliest(day) if generous else latest(day))


def _end_day(end: PartialDate, *, generous: bool) -> date:
    return latest(end) if generous else earliest(end)


def _first_term(values: CooperationValues, *, generous: bool) -> date | None:
    if values.end:
        return _end_day(values.end, generous=generous)
    start = values.effective or values.signed
    if values.duration_months and start:
        first = latest(start) if generous else earliest(start)
        if first == date.max:
            return None
        return add_months(first, values.duration_months) - timedelta(days=1)
    return None


def _renewed_until(values: CooperationValues, term: date, on: date) -> date:
    """Return the end of the renewal period that `on` falls in, or of the last one allowed."""
    months = values.renewal_months or values.duration_months or 12
    periods = 0
    while add_months(term, months * periods) < on:
        if values.renewals_limit is not None and periods >= values.renewals_limit:
            break
        periods += 1
    return add_months(term, months * periods)


def first_term(values: CooperationValues) -> date | None:
    """Return the end of the first period, before any renewal; None if none is stated."""
    return _first_term(values, generous=True)


def current_term(values: CooperationValues, on: date) -> date | None:
    """Return the end of the period running on `on`, renewals included; None if none is stated."""
    term = _first_term(values, generous=True)
    if term is None or on <= term or not values.tacit_renewal:
        return term
    return _renewed_until(values, term, on)


def alerts(
    cooperation: Cooperation,
    on: date,
    *,
    renewal_months: int = RENEWAL_HORIZON_MONTHS,
    notice_months: int = NOTICE_HORIZON_MONTHS,
) -> tuple[Alert, ...]:
    """Return what has to be dealt with for `cooperation` on day `on`; never changes its status.

    Parameters
    ----------
    cooperation : Cooperation
        The agreement.
    on : datetime.date
        The day asked about.
    renewal_months, notice_months : int
        How long before the term, and before the last day of notice, the alert begins.

    Returns
    -------
    tuple of Alert
    """
    now = standing(cooperation, on)
    if now is None:
        return ()
    found = (
        (Alert.TO_RENEW, _to_renew(cooperation, now, on, renewal_months)),
        (Alert.NOTICE, _notice_open(cooperation, now, on, notice_months)),
        (Alert.REVIEW_LATE, _review_late(cooperation, now, on)),
        (Alert.SIGNATURE_PENDING, _signature_pending(cooperation, now, on)),
    )
    return tuple(alert for alert, holds in found if holds)


def notice_deadline(cooperation: Cooperation, on: date) -> date | None:
    """Return the last day to give notice before the running period renews: term minus notice."""
    term = current_term(cooperation, on)
    if term is None or cooperation.notice_months is None:
        return None
    return add_months(term, -cooperation.notice_months)


def _to_renew(cooperation: Cooperation, now: Standing, on: date, months: int) -> bool:
    if now.status is Status.EXPIRED_APPLIED:
        return True
    running = now.status in {Status.IN_FORCE, Status.ATTESTED}
    if not running or now.term is None or cooperation.tacit_renewal:
        return False
    return on >= add_months(now.term, -months)


def _notice_open(cooperation: Cooperation, now: Standing, on: date, months: int) -> bool:
    deadline = notice_deadline(cooperation, on)
    if deadline is None or now.status not in {Status.IN_FORCE, Status.RENEWED}:
        return False
    return add_months(deadline, -months) <= on <= deadline


def _review_late(cooperation: Cooperation, now: Standing, on: date) -> bool:
    due, done = cooperation.review_due, cooperation.review_done
    if due is None or not now.counted or on <= latest(due):
        return False
    return done is None or latest(done) < earliest(due)


def _signature_pending(cooperation: Cooperation, now: Standing, on: date) -> bool:
    if now.status is not Status.TO_SIGN:
        return False
    return cooperation.sent is None or on > latest(cooperation.sent) + timedelta(
        days=SIGNATURE_PATIENCE_DAYS
    )
