from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.dates import add_months, bounds, earliest, is_exact, latest, partial


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2017", date(2017, 1, 1), date(2017, 12, 31)),
        ("2017-02", date(2017, 2, 1), date(2017, 2, 28)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2017-07-12", date(2017, 7, 12), date(2017, 7, 12)),
        ("2021..2022", date(2021, 1, 1), date(2022, 12, 31)),
        ("2019-06-21..2019-09-22", date(2019, 6, 21), date(2019, 9, 22)),
        ("..2019", date.min, date(2019, 12, 31)),
        ("2019..", date(2019, 1, 1), date.max),
    ],
)
def test_a_partial_date_stands_for_every_day_from_its_earliest_to_its_latest(text, first, last):
    assert bounds(partial(text)) == (first, last)
    assert (earliest(partial(text)), latest(partial(text))) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..",
        "17",
        "2017-13",
        "2017-00",
        "2017-02-30",
        "2022..2021",
        "12/07/2017",
        "2017-7",
        "été",
    ],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        partial(text)


def test_only_one_day_is_exact():
    assert is_exact(partial("2017-07-12"))
    assert not is_exact(partial("2017-07"))


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)), st.integers(-600, 600))
def test_adding_months_lands_in_the_right_month(day, months):
    moved = add_months(day, months)
    assert moved.year * 12 + moved.month == day.year * 12 + day.month + months
    assert moved.day <= day.day


def test_adding_a_month_stays_in_it():
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2024, 3, 31), -1) == date(2024, 2, 29)
