"""The logic of the official nursing home indicator, worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from graph.analysis.elderly import beds_within_an_hour, falling, potential_residents

AGES = pd.DataFrame({"60-74": [1000, 0], "75+": [200, 400]}, index=["a", "b"])
MINUTES = pd.DataFrame(
    [("a", "x", 0.0), ("b", "x", 30.0), ("b", "y", 60.0), ("a", "y", 61.0)],
    columns=["origin", "destination", "cost"],
)


def test_potential_residents_are_inhabitants_times_rates():
    found = potential_residents(AGES, {"60-74": 0.01, "75+": 0.1})
    assert found.to_dict() == {"a": 30, "b": 40}


def test_beds_per_hundred_thousand():
    # at x: 30 people at weight 1 and 40 at one half, 50 together; y is at the edge, where none go
    residents = pd.Series({"a": 30.0, "b": 40.0})
    found = beds_within_an_hour(MINUTES, residents, pd.Series({"x": 100.0, "y": 80.0}))
    assert found.to_dict() == pytest.approx({"a": 200_000, "b": 100_000})
    stepped = beds_within_an_hour(MINUTES, residents, pd.Series({"x": 70.0, "y": 80.0}), {60: 1})
    assert stepped.to_dict() == pytest.approx({"a": 100_000, "b": 300_000})


def test_attraction_falls_to_nothing_at_an_hour():
    assert falling(np.array([0.0, 15, 60, 90])).tolist() == [1, 0.75, 0, 0]


@pytest.mark.parametrize(
    ("ages", "rates"),
    [
        (AGES, {"80+": 0.1}),
        (AGES, {"75+": 1.2}),
        (AGES, {"75+": -0.1}),
        (AGES.assign(**{"75+": [np.nan, 1]}), {"75+": 0.1}),
        (-AGES, {"75+": 0.1}),
    ],
)
def test_what_cannot_be_is_refused(ages, rates):
    with pytest.raises(ValueError, match=r"\w"):
        potential_residents(ages, rates)
