"""What is due within some days, from dates that may be partial."""

from datetime import date

import pytest

from graph.agenda import agenda
from graph.dates import PartialDate
from graph.model import Cooperation

DAY = date(2026, 11, 26)


def agreement(key="A", **values):
    dates = {
        name: PartialDate(item) if isinstance(item, str) else item for name, item in values.items()
    }
    return Cooperation(id=key, **dates)


def due(*items, days=90):
    return [(item.what, item.day and item.day.isoformat()) for item in agenda(items, DAY, days)]


def test_a_term_is_a_lapse_unless_it_renews_tacitly():
    running = {"effective": "2024-01-01", "end": "2026-12-31"}
    assert due(agreement(**running)) == [("lapse", "2026-12-31")]
    assert due(agreement(**running, tacit_renewal=True)) == [("renewal", "2026-12-31")]


def test_the_last_day_of_notice_comes_before_the_term():
    item = agreement(effective="2024-01-01", end="2027-01-31", notice_months=1)
    assert due(item) == [("notice", "2026-12-31"), ("lapse", "2027-01-31")]
    # the notice has passed: only the term is left
    late = agreement(effective="2024-01-01", end="2026-12-01", notice_months=1)
    assert due(late) == [("lapse", "2026-12-01")]


@pytest.mark.parametrize(("days", "count"), [(35, 1), (34, 0)])
def test_the_last_day_counts(days, count):
    assert len(due(agreement(effective="2024-01-01", end="2026-12-31"), days=days)) == count


def test_today_counts_and_yesterday_does_not():
    assert due(agreement(effective="2024-01-01", end="2026-11-26")) == [("lapse", "2026-11-26")]
    assert due(agreement(effective="2024-01-01", end="2026-11-25")) == []


def test_a_partial_end_counts_until_its_last_day():
    assert due(agreement(effective="2024", end="2026")) == [("lapse", "2026-12-31")]


def test_what_is_to_be_signed_is_always_there_undated_last():
    sent = agreement("B", stage="a_signer", sent="2026-08-01")
    unsent = agreement("A", stage="a_signer")
    assert due(unsent, sent) == [("signature", "2026-08-01"), ("signature", None)]


def test_what_is_over_or_unknown_asks_for_nothing():
    over = agreement(effective="2020-01-01", end="2026-12-31", terminated="2025-01-01")
    assert due(over, agreement(attested="2021..2022"), agreement()) == []


def test_reviews_and_actions_of_the_register():
    item = agreement(
        effective="2024-01-01",
        indefinite=True,
        review_due="2026-12-15",
        next_action_on="2026-12-01",
    )
    assert due(item) == [("action", "2026-12-01"), ("review", "2026-12-15")]
    done = agreement(
        effective="2024", indefinite=True, review_due="2026-12-15", review_done="2026-11"
    )
    assert due(done) == []


def test_the_last_days_of_the_calendar_are_no_fault():
    assert agenda([agreement(stage="a_signer")], date.max, 90)
