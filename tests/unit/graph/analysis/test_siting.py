"""Covering location: by hand, against brute force, on the communes of Val-de-Marne, and refused."""

import math
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from graph.analysis.siting import (
    SitingRules,
    coverage_in_time,
    maximal_coverage,
    set_covering,
    within_reach,
)
from loaders.territories.bundled import bundled, shape_of


def frame(rows):
    return pd.DataFrame(rows, columns=["origin", "destination", "cost"]).astype({"cost": float})


# Five communes on a line, one kilometre apart, a candidate in each: radius 1 covers neighbours.
LINE = frame([(i, f"s{j}", abs(i - j)) for i in range(5) for j in range(5)])
PEOPLE = pd.Series([10, 20, 30, 20, 10])


def test_a_line_by_hand():
    one = maximal_coverage(LINE, PEOPLE, 1, 1)
    assert (one.objective, one.chosen, one.optima, one.truncated) == (
        70,
        ("s2",),
        (("s2",),),
        False,
    )
    two = maximal_coverage(LINE, PEOPLE, 1, 2)
    assert two.objective == 90
    assert set(two.optima) == {("s1", "s3"), ("s1", "s4"), ("s0", "s3")}
    assert two.chosen == min(two.optima)


def test_the_radius_is_inclusive_and_nothing_is_beyond():
    assert maximal_coverage(LINE, PEOPLE, 0, 1).chosen == ("s2",)
    assert maximal_coverage(LINE, PEOPLE, 0.999, 1).objective == 30
    assert maximal_coverage(LINE, PEOPLE, 1000, 1).objective == 90
    assert len(maximal_coverage(LINE, PEOPLE, 1000, 1).optima) == 5


def test_what_stands_already_counts_and_is_not_chosen_again():
    found = maximal_coverage(LINE, PEOPLE, 1, 1, fixed=["s2"])
    assert found.objective == 80
    assert found.optima == (("s0",), ("s1",), ("s3",), ("s4",))
    assert maximal_coverage(LINE, PEOPLE, 1, 0, fixed=["s2"]) == (70, (), ((),), False)


def test_exactly_as_many_as_asked_or_as_there_are():
    assert len(maximal_coverage(LINE, PEOPLE, 1, 3).chosen) == 3
    assert maximal_coverage(LINE, PEOPLE, 1, 9).chosen == ("s0", "s1", "s2", "s3", "s4")
    assert maximal_coverage(LINE, PEOPLE, 1, 9, fixed=["s0"]).chosen == ("s1", "s2", "s3", "s4")


def test_equal_optima_beyond_the_limit_are_announced():
    found = maximal_coverage(LINE, PEOPLE, 1, 3, limit=2)
    assert len(found.optima) == 2
    assert found.truncated
    exact = maximal_coverage(LINE, PEOPLE, 1, 1, limit=1)
    assert not exact.truncated


def test_absent_and_nan_pairs_cover_nothing_but_the_site_is_a_candidate():
    cost = frame([("a", "x", 1), ("a", "y", math.nan), ("b", "x", 9)])
    demand = pd.Series({"a": 1.0, "b": 2.0, "c": 4.0})
    assert maximal_coverage(cost, demand, 1, 1) == (1, ("x",), (("x",),), False)
    assert maximal_coverage(cost, demand, 1, 2).chosen == ("x", "y")
    assert within_reach(cost, demand, 1).to_dict() == {"a": True, "b": False, "c": False}


def test_no_demand_and_no_site():
    nobody = pd.Series({0: 0.0, 1: 0.0})
    assert maximal_coverage(LINE.query("origin < 2"), nobody, 1, 1).objective == 0
    assert maximal_coverage(frame([]), PEOPLE, 1, 3) == (0, (), ((),), False)


def test_rules_bind():
    def best(**rules):
        return maximal_coverage(LINE, PEOPLE, 1, 2, rules=SitingRules(**rules))

    west = {"s0": "west", "s1": "west", "s2": "east", "s3": "east", "s4": "east"}
    beds = {"s0": 80, "s1": 10, "s2": 50, "s3": 30, "s4": 60}
    assert best(include=["s2"]).optima == (("s0", "s2"), ("s1", "s2"), ("s2", "s3"), ("s2", "s4"))
    assert best(exclude=["s1"]).optima == (("s0", "s3"),)
    assert best(territory=west, per_territory=1).objective == 90
    assert best(territory=dict.fromkeys(west, "94"), per_territory=2).objective == 90
    assert best(capacity=beds, least_capacity=50).optima == (("s0", "s2"), ("s2", "s4"))
    assert best(capacity=beds, total_capacity=111) == (80, ("s0", "s2"), (("s0", "s2"),), False)
    assert best(exclude=["nobody"]).objective == 90


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ({"include": ["s9"]}, "no candidate"),
        ({"include": ["s1"], "exclude": ["s1"]}, "no candidate"),
        ({"include": ["s1", "s2", "s3"]}, "relax"),
        ({"per_territory": 1, "territory": {"s0": "94"}}, "territory missing"),
        (
            {"per_territory": 1, "territory": dict.fromkeys([f"s{n}" for n in range(5)], "94")},
            "relax",
        ),
        ({"least_capacity": 1}, "capacity missing"),
        (
            {"least_capacity": 1, "capacity": dict.fromkeys([f"s{n}" for n in range(5)], -1)},
            "capacity",
        ),
        ({"total_capacity": 1, "capacity": {"s0": math.nan}}, "capacity missing"),
        (
            {"total_capacity": 99, "capacity": dict.fromkeys([f"s{n}" for n in range(5)], 9)},
            "relax",
        ),
    ],
)
def test_rules_that_cannot_hold_are_refused(rules, why):
    with pytest.raises(ValueError, match=why):
        maximal_coverage(LINE, PEOPLE, 1, 2, rules=SitingRules(**rules))


@pytest.mark.parametrize(
    "wrong",
    [
        {"radius": -1},
        {"radius": math.nan},
        {"count": -1},
        {"count": 1.5},
        {"limit": 0},
        {"fixed": ["s9"]},
        {"demand": pd.Series([10, -20, 30, 20, 10])},
        {"demand": pd.Series([10, math.nan, 30, 20, 10])},
        {"demand": pd.Series([10, 20])},
        {"cost": frame([(0, "s0", -1)])},
        {"cost": frame([(0, "s0", 1), (0, "s0", 2)])},
        {"cost": frame([(0, None, 1)])},
        {"cost": pd.DataFrame({"origin": [0]})},
    ],
)
def test_bad_input_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        maximal_coverage(**{"cost": LINE, "demand": PEOPLE, "radius": 1, "count": 1} | wrong)


def test_fewest_sites_for_all():
    found = set_covering(LINE, PEOPLE, 1)
    assert (found.objective, found.chosen) == (2, ("s0", "s3"))
    assert set(found.optima) == {("s1", "s3"), ("s1", "s4"), ("s0", "s3")}
    assert set_covering(LINE, PEOPLE, 0).objective == 5
    assert set_covering(LINE, PEOPLE, 1, fixed=["s1"]).optima == (("s3",), ("s4",))
    assert set_covering(LINE, PEOPLE, 1, fixed=["s1", "s3"]).optima == ((),)
    lonely = pd.concat([PEOPLE, pd.Series({9: 50})])
    assert set_covering(LINE, lonely, 1).objective == 2


def brute(covered, people, count, fixed=0):
    """Return the best objective and every set that reaches it, by trying all."""
    found = {}
    for chosen in combinations(range(len(covered)), count):
        mask = fixed
        for site in chosen:
            mask |= covered[site]
        found[chosen] = math.fsum(people[k] for k in range(len(people)) if mask >> k & 1)
    best = max(found.values())
    return best, {chosen for chosen, value in found.items() if math.isclose(value, best)}


@given(st.data())
def test_brute_force_agrees_on_small_worlds(data):
    people = data.draw(st.lists(st.integers(0, 9).map(lambda n: n / 7), min_size=1, max_size=7))
    sites = data.draw(st.integers(1, 6))
    near = data.draw(
        st.lists(st.booleans(), min_size=len(people) * sites, max_size=len(people) * sites)
    )
    count = data.draw(st.integers(0, sites))
    table = np.array(near).reshape(len(people), sites)
    cost = frame(
        [(i, j, 0 if table[i, j] else 2) for i in range(len(people)) for j in range(sites)]
    )
    best, optima = brute(
        [int(sum(1 << int(i) for i in np.flatnonzero(table[:, j]))) for j in range(sites)],
        people,
        count,
    )
    found = maximal_coverage(cost, pd.Series(people), 1, count)
    assert found.objective == pytest.approx(best)
    assert set(found.optima) == optima
    assert not found.truncated


@settings(max_examples=60)
@given(st.data())
def test_brute_force_agrees_under_rules(data):
    sites = data.draw(st.integers(2, 6))
    people = [3.0, 5.0, 5.0, 2.0]
    reach = data.draw(st.lists(st.integers(0, 15), min_size=sites, max_size=sites))
    where = data.draw(st.lists(st.sampled_from("we"), min_size=sites, max_size=sites))
    beds = data.draw(st.lists(st.integers(0, 5), min_size=sites, max_size=sites))
    count, most, total = data.draw(
        st.tuples(st.integers(1, sites), st.integers(1, 3), st.integers(0, 9))
    )
    must = data.draw(st.integers(0, sites - 1))
    cost = frame([(i, j, 0 if reach[j] >> i & 1 else 2) for i in range(4) for j in range(sites)])
    values = {
        picks: sum(people[i] for i in range(4) if any(reach[j] >> i & 1 for j in picks))
        for picks in combinations(range(sites), count)
        if must in picks
        and max([where[j] for j in picks].count(side) for side in "we") <= most
        and sum(beds[j] for j in picks) >= total
    }
    rules = SitingRules(
        include=[must],
        territory=dict(enumerate(where)),
        per_territory=most,
        capacity=dict(enumerate(beds)),
        total_capacity=total,
    )
    if not values:
        with pytest.raises(ValueError, match="relax"):
            maximal_coverage(cost, pd.Series(people), 1, count, rules=rules)
        return
    found = maximal_coverage(cost, pd.Series(people), 1, count, rules=rules)
    assert found.objective == max(values.values())
    assert set(found.optima) == {p for p, value in values.items() if value == found.objective}


@given(st.lists(st.integers(0, 31), min_size=1, max_size=6))
def test_brute_force_agrees_on_the_fewest(reach):
    cost = frame([(i, j, 0) for j, mask in enumerate(reach) for i in range(5) if mask >> i & 1])
    cost = pd.concat([cost, frame([(0, j, 2) for j, mask in enumerate(reach) if not mask & 1])])
    whole = 0
    for mask in reach:
        whole |= mask
    sets = [
        picks
        for count in range(len(reach) + 1)
        for picks in combinations(range(len(reach)), count)
        if whole == sum(1 << i for i in range(5) if any(reach[j] >> i & 1 for j in picks))
    ]
    fewest = min(map(len, sets))
    found = set_covering(cost, pd.Series([1.0] * 5), 1)
    assert found.objective == fewest
    assert set(found.optima) == {picks for picks in sets if len(picks) == fewest}


@pytest.fixture(scope="module")
def val_de_marne():
    """The 47 communes, each its own candidate, one point a commune; metres in Lambert-93."""
    rows = [row for row in bundled().rows if row.level == "commune" and row.departement == "94"]
    points = [shape_of(row).point_on_surface() for row in rows]
    to_metres = Transformer.from_crs(4326, 2154, always_xy=True)
    x, y = to_metres.transform([p.x for p in points], [p.y for p in points])
    apart = shapely.distance(shapely.points(x, y)[:, None], shapely.points(x, y)[None, :])
    codes = [row.code for row in rows]
    cost = frame([(codes[i], codes[j], apart[i, j]) for i in range(47) for j in range(47)])
    return cost, pd.Series([float(row.population) for row in rows], index=codes), apart


@pytest.mark.parametrize("radius", [2000, 4000])
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_the_47_communes_against_brute_force(val_de_marne, radius, count):
    cost, people, apart = val_de_marne
    assert (len(people), people.sum()) == (47, 1_426_929)
    covered = apart <= radius
    best, sets = 0.0, set()
    for first in combinations(range(47), max(count - 2, 0)):
        before = covered[list(first)].any(axis=0)
        left = np.array([k for k in range(47) if not first or k > first[-1]])
        others = np.array(list(combinations(left, min(count, 2))), dtype=int)
        if not len(others):
            continue
        totals = (before | covered[others].any(axis=1)) @ people.to_numpy()
        if totals.max() > best:
            best, sets = totals.max(), set()
        if totals.max() == best:
            sets |= {(*first, *map(int, row)) for row in others[totals == best]}
    found = maximal_coverage(cost, people, radius, count)
    assert found.objective == best
    assert set(found.optima) == {tuple(people.index[k] for k in chosen) for chosen in sets}


def test_beyond_its_time_a_choice_is_said_not_to_be_proven():
    random = np.random.default_rng(6)
    people, sites = random.random((3000, 2)), random.random((400, 2))
    apart = np.hypot(*(people[:, None, axis] - sites[None, :, axis] for axis in (0, 1)))
    rows, columns = np.nonzero(apart <= 0.15)
    cost = pd.DataFrame({"origin": rows, "destination": columns, "cost": apart[rows, columns]})
    demand = pd.Series(random.integers(1, 100, 3000).astype(float))
    found, proven, most = coverage_in_time(cost, demand, 0.15, 10, seconds=0)
    assert not proven
    assert found.truncated
    covered = (apart[:, list(found.chosen)] <= 0.15).any(axis=1)
    assert found.objective == pytest.approx(demand[covered].sum())
    assert found.objective < most <= demand.sum()
    # one exchange more would gain nothing
    for place in range(10):
        kept = [site for at, site in enumerate(found.chosen) if at != place]
        rest = (apart[:, kept] <= 0.15).any(axis=1)
        gains = ((apart <= 0.15) & ~rest[:, None]).T @ demand.to_numpy()
        assert demand[rest].sum() + gains.max() <= found.objective * (1 + 1e-9)
    easy = coverage_in_time(LINE, PEOPLE, 1, 1)
    assert easy == (maximal_coverage(LINE, PEOPLE, 1, 1), True, 70)
