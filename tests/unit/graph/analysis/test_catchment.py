"""Floating catchments against published values, a slow obvious oracle and what must always hold."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.catchment import E2SFCA_BANDS, accessibility

# Hospital example of PySAL `access` (access/tests/test_hospital_example.py): population, doctors,
# weight 1/d, 61 at most. The 3SFCA values follow the formula with pairs beyond 61 left out of G.
POPULATION = pd.Series({1: 100.0, 2: 50.0, 3: 10.0})
DOCTORS = pd.Series({1: 15.0, 2: 20.0, 3: 100.0})
PYSAL = {
    (40, 40, 80): (
        (0.331444117, 0.579828132, 7.28641817),
        (0.156332386, 0.406292733, 9.905212474),
    ),
    (20, 40, 80): (
        (0.435340221, 0.683724236, 5.727976611),
        (0.174087011, 0.424046392, 9.638897930),
    ),
    (40, 20, 80): (
        (0.331071913, 0.577857786, 7.299991939),
        (0.156605572, 0.406454230, 9.901673128),
    ),
    (20, 20, 40): (
        (0.442568395, 0.66675828, 5.740524646),
        (0.174802148, 0.424035509, 9.631800976),
    ),
}


def hospital_costs(to_three, from_three, between):
    pairs = {(1, 3): to_three, (2, 3): to_three, (3, 1): from_three, (3, 2): from_three}
    pairs |= {(1, 2): between, (2, 1): between, (1, 1): 1, (2, 2): 1, (3, 3): 1}
    return frame([(a, b, cost) for (a, b), cost in pairs.items()])


def frame(rows):
    return pd.DataFrame(rows, columns=["origin", "destination", "cost"])


@pytest.mark.parametrize(("costs", "expected"), PYSAL.items())
def test_the_hospital_example_of_pysal(costs, expected):
    cost = hospital_costs(*costs)
    for method, values in zip(("2sfca", "3sfca"), expected, strict=True):
        found = accessibility(cost, POPULATION, DOCTORS, lambda d: 1 / d, method, max_cost=61)
        np.testing.assert_allclose(found, values, rtol=2e-9)


def test_the_gaussian_line_of_pysal():
    cost = frame([(a, b, abs(a - b)) for a in range(3) for b in (0, 2)])
    found = accessibility(
        cost,
        pd.Series([100, 100, 100]),
        pd.Series({0: 10, 2: 10}),
        lambda d: np.exp(-d * d / 2),
    )
    np.testing.assert_allclose(found, [0.065179, 0.069641, 0.065179], atol=5e-7)


def test_a_small_world_worked_out_by_hand():
    # 100 people at a: 10 beds within reach of a and b (weights 1 and .68): R = 10 / (100 + 34)
    cost = frame([("a", "x", 10.0), ("b", "x", 20.0), ("c", "x", 30.1)])
    demand = pd.Series({"c": 7.0, "b": 50.0, "a": 100.0})
    found = accessibility(cost, demand, pd.Series({"x": 10.0, "y": 5.0}), E2SFCA_BANDS)
    assert found.index.tolist() == ["c", "b", "a"]
    assert found.to_dict() == pytest.approx({"c": 0.0, "b": 0.68 * 10 / 134, "a": 10 / 134})
    flat = accessibility(cost, demand, pd.Series({"x": 10.0}), E2SFCA_BANDS, "2sfca")
    assert flat.to_dict() == pytest.approx({"c": 0.0, "b": 10 / 150, "a": 10 / 150})


def test_limits_are_inclusive():
    cost = frame([("a", "x", 30.0)])
    one = pd.Series({"a": 1.0}), pd.Series({"x": 1.0})
    assert accessibility(cost, *one, {30: 0.5})["a"] == 1
    assert accessibility(cost, *one, {30: 0.5}, max_cost=30)["a"] == 1
    assert accessibility(cost, *one, {30: 0.5}, max_cost=29.9)["a"] == 0
    assert accessibility(cost, *one, {29.9: 0.5})["a"] == 0


def test_a_function_of_one_number_is_taken_as_well():
    cost = frame([("a", "x", 1.0), ("b", "x", 2.0)])
    demand, supply = pd.Series({"a": 1.0, "b": 1.0}), pd.Series({"x": 1.0})
    for function in (lambda d: math.exp(-d), lambda d: 1 if d < 2 else 0.5, lambda d: 1):
        by_hand = {key: function(d) for key, d in (("a", 1.0), ("b", 2.0))}
        found = accessibility(cost, demand, supply, function)
        total = sum(by_hand.values())
        assert found.to_dict() == pytest.approx({k: v / total for k, v in by_hand.items()})


def test_absent_and_nan_pairs_are_out_of_reach():
    cost = frame([("a", "x", np.nan), ("b", "x", 1.0)])
    demand = pd.Series({"a": 5.0, "b": 5.0, "c": 5.0})
    found = accessibility(cost, demand, pd.Series({"x": 10.0}), {5: 1})
    assert found.to_dict() == {"a": 0.0, "b": 2.0, "c": 0.0}


def test_no_demand_no_supply_no_pair():
    nobody = pd.Series([], dtype=float)
    none = frame([]).astype({"cost": float})
    assert accessibility(none, nobody, nobody, {5: 1}).empty
    assert accessibility(none, pd.Series({"a": 1.0}), nobody, {5: 1}).to_dict() == {"a": 0.0}
    empty = accessibility(
        frame([("a", "x", 1.0)]), pd.Series({"a": 0.0}), pd.Series({"x": 3.0}), {5: 1}
    )
    assert empty.to_dict() == {"a": 0.0}


GOOD = {
    "cost": frame([("a", "x", 1.0)]),
    "demand": pd.Series({"a": 1.0}),
    "supply": pd.Series({"x": 1.0}),
    "bands": {5: 1},
}
BAD = {
    "duplicate pair": {"cost": frame([("a", "x", 1.0), ("a", "x", 2.0)])},
    "duplicate pair, one out of reach": {"cost": frame([("a", "x", 1.0), ("a", "x", np.nan)])},
    "negative cost": {"cost": frame([("a", "x", -1.0)])},
    "unknown origin": {"cost": frame([("z", "x", 1.0)])},
    "unknown destination": {"cost": frame([("a", "z", 1.0)])},
    "empty origin": {"cost": frame([(None, "x", 1.0)])},
    "no such column": {"cost": frame([]).drop(columns="cost")},
    "cost in words": {"cost": frame([("a", "x", "far")])},
    "demand twice": {"demand": pd.Series([1.0, 1.0], index=["a", "a"])},
    "supply twice": {"supply": pd.Series([1.0, 1.0], index=["x", "x"])},
    "negative demand": {"demand": pd.Series({"a": -1.0})},
    "demand not known": {"demand": pd.Series({"a": np.nan})},
    "infinite supply": {"supply": pd.Series({"x": np.inf})},
    "negative supply": {"supply": pd.Series({"x": -3.0})},
    "no band": {"bands": {}},
    "negative limit": {"bands": {-5: 1}},
    "limit not known": {"bands": {math.nan: 1}},
    "negative weight": {"bands": {5: -1}},
    "weight not known": {"bands": {5: math.nan}},
    "infinite at 0": {"cost": frame([("a", "x", 0.0)]), "bands": lambda d: 1 / d},
    "one weight for two": {
        "cost": frame([("a", "x", 1.0), ("b", "x", 2.0)]),
        "demand": pd.Series({"a": 1.0, "b": 1.0}),
        "bands": lambda d: d[:1],
    },
    "method": {"method": "4sfca"},
    "max_cost": {"max_cost": -1},
    "max_cost not known": {"max_cost": math.nan},
}


@pytest.mark.parametrize("wrong", BAD.values(), ids=BAD.keys())
def test_bad_input_is_refused(wrong):
    assert accessibility(**GOOD)["a"] == 1
    with pytest.raises(ValueError, match=r"\w"):
        accessibility(**GOOD | wrong)


def slow(costs, demand, supply, weight, method):
    """The formulas of REFERENCE_VALUES, written out with dictionaries."""
    w = {(i, j): weight(costs[i, j]) if (i, j) in costs else 0.0 for i in demand for j in supply}
    total = {i: sum(w[i, j] for j in supply) for i in demand}
    g = dict.fromkeys(w, 1.0)
    if method == "3sfca":
        g = {(i, j): weight / (total[i] or 1.0) for (i, j), weight in w.items()}
    ratio = {}
    for j in supply:
        crowd = sum(g[i, j] * w[i, j] * demand[i] for i in demand)
        ratio[j] = supply[j] / crowd if crowd else 0.0
    return {i: sum(g[i, j] * w[i, j] * ratio[j] for j in supply) for i in demand}


amounts = st.floats(0, 1000, allow_subnormal=False).map(lambda x: 0.0 if x < 1e-3 else x)
worlds = st.tuples(
    st.dictionaries(st.integers(0, 5), amounts, min_size=1),
    st.dictionaries(st.sampled_from("vwxyz"), amounts, min_size=1),
    st.dictionaries(
        st.tuples(st.integers(0, 5), st.sampled_from("vwxyz")),
        st.sampled_from([0.0, 4.9, 5.0, 5.1, 10.0, 10.1, 30.0]),
    ),
)
BANDS = {5: 1.0, 10: 0.4, 20: 0.0, 30: 0.1}


@given(worlds, st.sampled_from(["2sfca", "e2sfca", "3sfca"]))
def test_the_slow_way_gives_the_same_and_no_supply_is_lost(world, method):
    demand, supply, pairs = world
    costs = {(i, j): cost for (i, j), cost in pairs.items() if i in demand and j in supply}

    def weight(cost):
        return 1.0 if method == "2sfca" else next(w for limit, w in BANDS.items() if cost <= limit)

    found = accessibility(
        frame([(i, j, cost) for (i, j), cost in costs.items()]).astype({"cost": float}),
        pd.Series(demand, dtype=float),
        pd.Series(supply, dtype=float),
        BANDS,
        method,
    )
    expected = slow(costs, demand, supply, weight, method)
    assert found.to_dict() == pytest.approx(expected)
    in_reach = {j for (i, j), cost in costs.items() if demand[i] > 0 and weight(cost) > 0}
    delivered = sum(demand[i] * found[i] for i in demand)
    assert delivered == pytest.approx(math.fsum(supply[j] for j in in_reach))


@given(worlds)
def test_categorical_ids_and_row_order_change_nothing(world):
    demand, supply, pairs = world
    rows = [(i, j, cost) for (i, j), cost in pairs.items() if i in demand and j in supply]
    sides = pd.Series(demand, dtype=float), pd.Series(supply, dtype=float)
    plain = frame(rows).astype({"cost": float})
    shuffled = plain.iloc[::-1].astype({"origin": "category", "destination": "category"})
    one, other = accessibility(plain, *sides, BANDS), accessibility(shuffled, *sides, BANDS)
    np.testing.assert_allclose(one, other)
