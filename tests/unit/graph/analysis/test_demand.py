"""Demand points: four a square, equal shares, the right projection, and what has no polygon."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity

from graph.analysis.demand import demand_points
from graph.errors import UsageError
from loaders.territories.bundled import bundled, shape_of
from tests.support import small_world as world

SQUARES = {world.code(c, r): world.square(c, r) for c in range(5) for r in range(5)}


def test_four_points_a_square_share_its_people():
    found = demand_points(SQUARES, dict.fromkeys(SQUARES, 100))
    assert len(found.points) == 100
    assert set(found.people) == {25.0}
    first = found.points.ids == world.code(0, 0)
    spots = {
        (round(x - world.WEST), round(y - world.SOUTH))
        for x, y in zip(found.points.x[first], found.points.y[first], strict=True)
    }
    assert spots == {(250, 250), (250, 750), (750, 250), (750, 750)}


def test_one_point_a_commune_on_request():
    found = demand_points(SQUARES, dict.fromkeys(SQUARES, 100), "centroid")
    assert len(found.points) == 25
    assert found.people.sum() == 2500
    assert round(found.points.x[0] - world.WEST) == 500


def test_the_middle_of_a_horseshoe_is_on_it():
    shoe = shapely.union_all(
        [world.square(c, r) for c, r in [(0, 0), (0, 1), (1, 0), (2, 0), (2, 1)]]
    ).difference(world.square(1, 0).buffer(0.004))
    found = demand_points({"u": shoe}, {"u": 10}, "centroid")
    inside = demand_points({"u": shoe}, {"u": 10}, "grid", 50)
    apart = np.hypot(inside.points.x - found.points.x[0], inside.points.y - found.points.y[0])
    assert apart.min() < 40


def test_a_commune_smaller_than_the_grid_keeps_its_people():
    tiny = affinity.scale(world.square(0, 0), 0.1, 0.1)
    found = demand_points({"t": tiny}, {"t": 7})
    assert found.people.tolist() == [7]


def test_what_is_not_known_is_not_zero():
    shapes = SQUARES | {"none": None, "empty": shapely.Polygon(), "ocean": shapely.box(0, 0, 1, 1)}
    found = demand_points(shapes, {world.code(0, 0): 100, world.code(1, 0): None, "none": 5})
    assert found.unplaced == ("empty", "none", "ocean")
    assert np.nansum(found.people) == 100
    assert np.isnan(found.people).sum() == 4 * 24
    assert len(demand_points({}, {}).points) == 0


@pytest.mark.parametrize("spacing", [0, -500, math.nan, math.inf])
def test_a_spacing_that_cannot_be_is_refused(spacing):
    with pytest.raises(UsageError):
        demand_points(SQUARES, {}, "grid", spacing)


def test_real_communes_keep_their_people_also_overseas():
    rows = [
        row for row in bundled().rows if row.level == "commune" and row.departement in {"94", "974"}
    ]
    found = demand_points(
        {row.code: shape_of(row) for row in rows}, {row.code: row.population for row in rows}
    )
    assert found.unplaced == ()
    assert found.people.sum() == pytest.approx(sum(row.population for row in rows))
    assert set(found.points.zone) == {2154, 2975}
    # one point stands for a quarter of a square kilometre: 245 km2 in Val-de-Marne
    assert (found.points.zone == 2154).sum() == pytest.approx(245 * 4, rel=0.02)


@given(st.integers(40, 900), st.floats(0.2, 4), st.floats(0.2, 4))
def test_no_one_is_lost_whatever_the_grid(spacing, wide, high):
    area = affinity.scale(world.square(2, 2), wide, high)
    found = demand_points({"a": area}, {"a": 1000}, "grid", spacing)
    assert found.people.sum() == pytest.approx(1000)
    assert len(set(found.people)) == 1
