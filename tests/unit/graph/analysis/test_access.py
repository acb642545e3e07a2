"""Costs of any source, distributions, bands and places in reach, by hand and against slow ways."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.analysis.access import distribution, mean_over, places_in_reach, rank_correlation
from graph.analysis.bands import read_bands
from graph.analysis.catchment import E2SFCA_BANDS
from graph.analysis.demand import Demand, demand_points
from graph.analysis.proximity import Points, Travel
from graph.analysis.reach import Within, reach, trips_to
from graph.analysis.situation import kind_offers
from graph.analysis.travel import Crow, Estimated, TimeTable, Trips
from graph.errors import UsageError
from tests.support import small_world as world

SQUARES = {world.code(c, r): world.square(c, r) for c in range(5) for r in range(5)}
MIDDLES = demand_points(SQUARES, dict.fromkeys(SQUARES, 100), "centroid")
PARTNER = world.structure("P", "EHPAD", (2, 2), capacity={"places_hebergement": 50})
OTHER = world.structure("Q", "EHPAD", (4, 4), capacity={"places_hebergement": 30})
SEEN = world.situation([PARTNER, OTHER], [world.agreement("p", "P")])
SOUTH, NORTH, ALL = "arrondissement:941", "arrondissement:942", "departement:94"
WALK = Estimated(Travel(detour=1.2, speed_kmh=6))  # 100 m a minute: 12 minutes a kilometre


def offers(*ids):
    return [each for each in kind_offers(SEEN, "EHPAD") if each.structure.id in ids]


def one(territory, limit, times, demand=MIDDLES):
    return reach(SEEN, [territory], "EHPAD", demand, Within(limit, times))[0]


def test_minutes_and_kilometres_are_one_distance():
    # middles of neighbours are 1 km apart: 12 minutes; across the corner 1,414 m
    for limit, people in ((0.001, 100), (11.9, 100), (12.1, 500), (17, 900)):
        assert one(ALL, limit, WALK).population_covered == people
        assert one(ALL, limit / 12, Crow()).population_covered == people
    found = one(SOUTH, 12.1, WALK)
    assert (found.population_covered, found.population_near_supply) == (100, 400)
    assert found.metres == {}
    assert found.minutes[0.5] == pytest.approx(12 * math.sqrt(5), rel=1e-3)


TIMES = {(world.code(2, 2), "P"): 3.0, (world.code(1, 0), world.code(2, 2)): 9.0}
TIMES |= {(code, world.code(4, 4)): 20.0 for code in SQUARES}


def test_a_table_says_what_it_says_and_nothing_more():
    table = TimeTable(TIMES, "temps.csv")
    assert one(ALL, 10, table).population_covered == 200
    assert one(ALL, 2.9, table).population_covered == 0
    assert one(NORTH, 20, table).population_near_supply == 1500
    own = TimeTable(TIMES | {(world.code(1, 0), "P"): 30.0}, "temps.csv")
    assert one(ALL, 10, own).population_covered == 100  # its own row before its commune's
    short = TimeTable({key: value for key, value in TIMES.items() if key[0] != "94001"}, "t")
    found = one(SOUTH, 10, short)
    assert (found.population, found.population_covered) == (None, None)
    assert one(NORTH, 10, short).population_covered == 100
    assert "temps.csv" in table.sentence("fr")


@settings(max_examples=30)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from("ab"), st.sampled_from(["x", "y", "c", "d"])),
        st.integers(0, 40).map(float),
    ),
    st.integers(1, 40),
)
def test_a_table_looked_up_pair_by_pair_gives_the_same(minutes, limit):
    flat = np.zeros(3), np.zeros(3), np.full(3, 2154)
    communes = {"x": "c", "y": "d", "z": None}
    trips = Trips(
        Points(pd.Index(list("aba")), *flat), Points(pd.Index(list("xyz")), *flat), communes
    )
    pairs = TimeTable(minutes, "t").costs(trips, limit)
    found = {(row.origin, row.destination): row.cost for row in pairs.itertuples()}
    expected = {}
    for row, origin in enumerate("aba"):
        for end in "xyz":
            cost = minutes.get((origin, end), minutes.get((origin, communes[end])))
            if cost is not None and cost <= limit:
                expected[row, end] = cost
    assert found == expected


@pytest.mark.parametrize("minutes", [0, -1, 241, math.nan, math.inf])
def test_minutes_must_be_meant(minutes):
    for times in (WALK, TimeTable(TIMES, "t")):
        with pytest.raises(UsageError):
            one(ALL, minutes, times)
    with pytest.raises(UsageError, match="300"):
        one(ALL, 240, Estimated(Travel(detour=1, speed_kmh=130)))


def test_the_distribution_by_hand():
    trips = trips_to(offers("P"), MIDDLES, SEEN.atlas)
    cost = Crow().nearest(trips, 1)["cost"].to_numpy()
    found = distribution(ALL, SEEN.atlas.communes(ALL), MIDDLES, cost, (0.5, 1.01, 2.01, 3))
    # of 25 squares: 1 is here, 4 beside, 4 across the corner, 4 two away, 12 farther
    assert found.people == 2500
    assert list(found.within.values()) == [1 / 25, 5 / 25, 13 / 25, 1]
    assert found.median == pytest.approx(2, rel=1e-3)
    assert list(found.deciles) == [n / 10 for n in range(1, 10)]
    assert list(found.deciles.values()) == sorted(found.deciles.values())


def test_deciles_that_nobody_in_reach_makes_up_are_left_out():
    cost = np.where(np.arange(25) < 13, 5.0, np.inf)
    found = distribution(ALL, SEEN.atlas.communes(ALL), MIDDLES, cost, (10,))
    assert found.within == {10: 13 / 25}
    assert list(found.deciles) == [0.1, 0.2, 0.3, 0.4, 0.5]
    unknown = distribution(ALL, SEEN.atlas.communes(ALL), MIDDLES, np.full(25, np.nan), (10,))
    assert (unknown.people, unknown.within) == (None, {})
    nobody = Demand(MIDDLES.points, np.zeros(25), ())
    empty = distribution(ALL, SEEN.atlas.communes(ALL), nobody, cost, (10,))
    assert (empty.people, empty.within) == (0, {})


@pytest.mark.parametrize("approach", ["2sfca", "e2sfca", "3sfca"])
@pytest.mark.parametrize("times", [Crow(), WALK, TimeTable(TIMES, "t")])
def test_all_places_with_people_in_reach_are_given_out(approach, times):
    bands = dict(E2SFCA_BANDS) if times.unit == "min" else {1.0: 1.0, 2.0: 0.5, 6.0: 0.1}
    found = places_in_reach(offers("P", "Q"), MIDDLES, SEEN.atlas, times, approach, bands)
    assert float((found * MIDDLES.people).sum()) == pytest.approx(80)
    mean = mean_over(SEEN.atlas.communes(ALL), MIDDLES, found)
    assert mean * 2500 == pytest.approx(80)


def test_the_official_logic_falls_to_an_hour():
    # all 25 at 20 minutes of Q: weight 2/3, 30 places over 2,500 people
    found = places_in_reach(offers("Q"), MIDDLES, SEEN.atlas, TimeTable(TIMES, "t"), "drees")
    assert found == pytest.approx(np.full(25, 30 / 2500))


def test_people_or_costs_not_known_are_nan_and_share_nothing():
    people = MIDDLES.people.copy()
    people[0] = np.nan
    part = Demand(MIDDLES.points, people, ())
    found = places_in_reach(offers("P"), part, SEEN.atlas, Crow(), "2sfca", {5: 1})
    assert np.isnan(found[0])
    assert np.nansum(found * people) == pytest.approx(50)
    assert mean_over(SEEN.atlas.communes(SOUTH), part, found) is None
    assert places_in_reach([], MIDDLES, SEEN.atlas, Crow(), "2sfca", {5: 1}).tolist() == [0] * 25


def test_bands_as_people_write_them():
    usual = read_bands("0-10:1; 10-20:0.68; 20-30:0.22")
    assert (usual.weights, usual.unit, usual.farthest) == (dict(E2SFCA_BANDS), "min", 30)
    assert read_bands("0-2,5:1;2,5-5:0,5 km") == ({2.5: 1.0, 5.0: 0.5}, "km")
    assert read_bands(str(usual)) == usual


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "is no band"),
        ("10", "is no band"),
        ("0-10", "is no band"),
        ("0-10:1; x", "is no band"),
        ("0-1.2.3:1", "is no band"),
        ("5-10:1", "must begin at 0"),
        ("0-10:1; 15-20:0.5", "must begin at 10"),
        ("0-10:1; 10-10:0.5", "end farther"),
        ("0-10:0", "must be above 0"),
        ("0-10:2", "at most 1"),
        ("0-10:0.5; 10-20:0.6", "at most 0.5"),
        ("0-241:1 min", "too far"),
        ("0-301:1 km", "too far"),
        ("; ".join(f"{n}-{n + 1}:1" for n in range(21)), "too many"),
    ],
)
def test_bands_that_cannot_be_are_refused(said, why):
    with pytest.raises(UsageError, match=why):
        read_bands(said)


def test_rank_correlation_against_its_formula():
    ours, theirs = [1.0, 2.0, 3.0, None, 5.0], [10.0, 30.0, 20.0, 5.0, 40.0]
    # ranks 1 2 3 4 and 1 3 2 4: 1 - 6 (0 + 1 + 1 + 0) / (4 · 15)
    assert rank_correlation(ours, theirs) == (pytest.approx(0.8), 4)
    assert rank_correlation([1.0, 1.0, 1.0], [1.0, 2.0, 3.0]) == (None, 3)
    assert rank_correlation([1.0, None], [1.0, 2.0]) == (None, 1)
