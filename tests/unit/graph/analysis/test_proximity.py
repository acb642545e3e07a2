"""Points, pairs and times: by hand, against every pair, overseas, and refused."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.proximity import Points, Travel, located, nearest, pair_costs
from graph.errors import UsageError
from graph.geography import projections_at
from tests.support import small_world as world


def points(spots, zone=2154):
    ids = pd.Index([f"p{n}" for n in range(len(spots))], dtype=object)
    x, y = np.array(spots, dtype=float).reshape(-1, 2).T
    return Points(ids, x, y, np.full(len(spots), zone))


def here(**spots):
    """Return points at places in km of the small world."""
    degrees = {name: world.degrees(*spot) for name, spot in spots.items()}
    return located(
        pd.Series({name: at[0] for name, at in degrees.items()}, dtype=float),
        pd.Series({name: at[1] for name, at in degrees.items()}, dtype=float),
    )


def as_dict(frame):
    return {(row.origin, row.destination): row.cost for row in frame.itertuples()}


def test_metres_in_lambert_93():
    found = as_dict(pair_costs(here(a=(0, 0), b=(3, 4)), here(x=(0, 0), y=(6, 8)), 5000.001))
    assert found == pytest.approx({("a", "x"): 0, ("b", "x"): 5000, ("b", "y"): 5000}, abs=1e-3)


def test_the_radius_is_inclusive():
    spots = points([(0, 0), (3000, 4000)])
    assert len(pair_costs(spots, spots, 5000)) == 4
    assert len(pair_costs(spots, spots, 4999.999)) == 2


def test_minutes_from_stated_assumptions():
    travel = Travel(detour=1.5, speed_kmh=30)
    spots = points([(0, 0), (2000, 0)])
    found = as_dict(pair_costs(spots, spots, 6.0, travel))
    assert found["p0", "p1"] == pytest.approx(6)
    assert ("p0", "p1") not in as_dict(pair_costs(spots, spots, 5.99, travel))
    assert travel.metres(6) == pytest.approx(2000)
    assert "1,5" in str(travel)
    assert "30 km/h" in str(travel)
    assert travel.sentence("en").startswith("Estimated")


@pytest.mark.parametrize(
    "values", [{"detour": 0.9}, {"speed_kmh": 0}, {"speed_kmh": -5}, {"detour": math.nan}]
)
def test_impossible_assumptions_are_refused(values):
    with pytest.raises(UsageError):
        Travel(**values)


@pytest.mark.parametrize("radius", [0, -1, 1_000_000, math.nan, math.inf])
def test_a_radius_that_cannot_be_meant_is_refused(radius):
    spots = points([(0, 0)])
    with pytest.raises(UsageError) as refused:
        pair_costs(spots, spots, radius)
    assert "rayon" in refused.value.message("fr")


def test_each_part_of_the_country_in_its_own_projection():
    longitude = pd.Series(
        {
            "paris": 2.35,
            "saint-denis": 55.45,
            "cayenne": -52.33,
            "pointe": -61.53,
            "fort": -61.07,
            "sea": 0.0,
            "none": math.nan,
        }
    )
    latitude = pd.Series(
        {
            "paris": 48.86,
            "saint-denis": -20.88,
            "cayenne": 4.93,
            "pointe": 16.24,
            "fort": 14.61,
            "sea": 0.0,
            "none": math.nan,
        }
    )
    found = located(longitude, latitude)
    assert found.zone.tolist() == [2154, 2975, 2972, 5490, 5490, 0, 0]
    assert found.missing == ["none", "sea"]
    pairs = as_dict(pair_costs(found, found, 300_000))
    apart = {pair for pair in pairs if pair[0] != pair[1]}
    assert apart == {("pointe", "fort"), ("fort", "pointe")}
    assert pairs["pointe", "fort"] == pytest.approx(187_000, rel=0.01)
    near = nearest(found, found)
    assert near["destination"].tolist()[:5] == found.ids.tolist()[:5]
    assert near["destination"].isna().tolist()[5:] == [True, True]
    assert np.isinf(near["metres"].to_numpy()[-2:]).all()


def test_projections_of_known_places():
    assert projections_at(np.array([-56.2, 45.2]), np.array([46.8, -12.8])).tolist() == [4467, 4471]


def test_nothing_to_pair():
    none = points([])
    some = points([(0, 0)])
    for sides in ((none, some), (some, none), (none, none)):
        frame = pair_costs(*sides, 1000)
        assert frame.empty
        assert frame.columns.tolist() == ["origin", "destination", "cost"]
    assert nearest(some, none)["destination"].isna().tolist() == [True]
    assert nearest(none, some).empty


def test_of_several_at_one_place_the_first_id_is_the_nearest():
    homes = Points(pd.Index(["z", "b", "a"]), np.array([0.0, 5, 5]), np.zeros(3), np.full(3, 2154))
    assert nearest(points([(4, 0), (1, 0)]), homes)["destination"].tolist() == ["a", "z"]


spot = st.tuples(st.integers(0, 9), st.integers(0, 9))


@given(st.lists(spot, max_size=8), st.lists(spot, max_size=8), st.integers(1, 12))
def test_every_pair_tried_gives_the_same(first, second, radius):
    apart = {
        (f"p{i}", f"p{j}"): math.dist(a, b)
        for i, a in enumerate(first)
        for j, b in enumerate(second)
    }
    found = as_dict(pair_costs(points(first), points(second), radius))
    assert found == pytest.approx({pair: cost for pair, cost in apart.items() if cost <= radius})
    for i, metres in enumerate(nearest(points(first), points(second))["metres"]):
        least = min((cost for (a, _), cost in apart.items() if a == f"p{i}"), default=math.inf)
        assert metres == pytest.approx(least)
