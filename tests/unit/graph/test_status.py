"""Status and alert at a date, each rule of DOMAIN.md with a case of its own."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import Cooperation
from graph.status import alerts, current_term, notice_deadline, standing
from graph.vocabulary import COUNTED_STATUSES, Alert, Status


def agreement(**values: object) -> Cooperation:
    return Cooperation(id="c", **values)


def status_on(on: date, **values: object) -> Status | None:
    now = standing(agreement(**values), on)
    return now.status if now else None


TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, None),
        ({"stage": "en_projet"}, Status.DRAFT),
        ({"stage": "en_instruction"}, Status.UNDER_REVIEW),
        ({"stage": "a_signer"}, Status.TO_SIGN),
        ({"signed": "2026-10", "effective": "2027-01-01"}, Status.SIGNED),
        ({"effective": "2025-01-01", "end": "2027-12-31"}, Status.IN_FORCE),
        ({"effective": "2025-01-01", "indefinite": True}, Status.IN_FORCE),
        ({"effective": "2025-01-01", "duration_months": 36}, Status.IN_FORCE),
        ({"effective": "2022-01-01", "duration_months": 36}, Status.EXPIRED),
        ({"effective": "2022", "end": "2024", "tacit_renewal": True}, Status.RENEWED),
        ({"effective": "2022", "end": "2024", "still_applied": True}, Status.EXPIRED_APPLIED),
        ({"effective": "2022", "end": "2024"}, Status.EXPIRED),
        ({"effective": "2022", "end": "2030", "denounced": "2026-05"}, Status.DENOUNCED),
        ({"effective": "2022", "end": "2030", "terminated": "2026-05"}, Status.TERMINATED),
        ({"effective": "2022", "end": "2030", "suspended": "2026-05"}, Status.SUSPENDED),
        (
            {"effective": "2022", "end": "2030", "suspended": "2025", "resumed": "2026-01"},
            Status.IN_FORCE,
        ),
        ({"stage": "en_projet", "abandoned": "2025"}, Status.ABANDONED),
        ({"attested": "2021..2022"}, Status.ATTESTED),
        ({"signed": "2017-07"}, Status.ATTESTED),
    ],
)
def test_status_today(values, expected):
    assert status_on(TODAY, **values) is expected


def test_a_window_of_attestation_is_no_start():
    assert status_on(date(2020, 12, 31), attested="2021..2022") is None
    inside = standing(agreement(attested="2021..2022"), date(2021, 6, 1))
    assert inside is not None
    assert (inside.status, inside.certain) == (Status.ATTESTED, False)
    assert standing(agreement(attested="2021..2022"), date(2023, 1, 1)).certain


def test_a_partial_end_is_generous_and_says_so():
    now = standing(agreement(effective="2020", end="2026"), TODAY)
    assert (now.status, now.certain) == (Status.IN_FORCE, False)
    assert now.term == date(2026, 12, 31)


def test_a_limited_number_of_renewals_ends():
    values = {
        "effective": "2020-01-01",
        "end": "2020-12-31",
        "tacit_renewal": True,
        "renewal_months": 12,
        "renewals_limit": 3,
    }
    assert status_on(date(2023, 12, 31), **values) is Status.RENEWED
    assert status_on(date(2024, 1, 1), **values) is Status.EXPIRED
    assert current_term(agreement(**values), date(2022, 5, 1)) == date(2022, 12, 31)


def test_nothing_is_known_before_a_draft_was_asked_for():
    assert status_on(date(2024, 1, 1), stage="en_projet", requested="2025-03") is None


ALERTS = [
    ({"effective": "2024-01-01", "end": "2027-02-28"}, (Alert.TO_RENEW,)),
    ({"effective": "2024-01-01", "end": "2028-02-28"}, ()),
    ({"effective": "2020", "end": "2024", "still_applied": True}, (Alert.TO_RENEW,)),
    (
        {
            "effective": "2024-01-01",
            "end": "2027-02-28",
            "tacit_renewal": True,
            "notice_months": 2,
        },
        (Alert.NOTICE,),
    ),
    (
        {"effective": "2024-01-01", "indefinite": True, "review_due": "2026-01"},
        (Alert.REVIEW_LATE,),
    ),
    (
        {
            "effective": "2024-01-01",
            "indefinite": True,
            "review_due": "2026-01",
            "review_done": "2026-02",
        },
        (),
    ),
    ({"stage": "a_signer", "sent": "2026-01"}, (Alert.SIGNATURE_PENDING,)),
    ({"stage": "a_signer", "sent": "2026-11"}, ()),
    ({}, ()),
]


@pytest.mark.parametrize(("values", "expected"), ALERTS)
def test_alerts_today(values, expected):
    assert alerts(agreement(**values), TODAY) == expected


def test_notice_is_counted_back_from_the_term():
    item = agreement(effective="2024-01-01", end="2027-02-28", notice_months=3)
    assert notice_deadline(item, TODAY) == date(2026, 11, 28)
    assert notice_deadline(agreement(effective="2024", indefinite=True), TODAY) is None


def test_only_four_statuses_make_a_tie():
    assert {str(item) for item in COUNTED_STATUSES} == {
        "en_vigueur",
        "reconduite",
        "echue_appliquee",
        "attestee",
    }


DAYS = st.dates(date(2000, 1, 1), date(2040, 1, 1))


@given(DAYS, DAYS, DAYS)
def test_exact_dates_leave_no_doubt(start, end, on):
    start, end = sorted((start, end))
    item = agreement(effective=start.isoformat(), end=end.isoformat())
    now = standing(item, on)
    expected = None if on < start else Status.IN_FORCE if on <= end else Status.EXPIRED
    assert (now.status if now else None) is expected
    assert now is None or now.certain
