"""Who could close a gap, on squares whose answers are worked out by hand."""

import math

import pytest

from graph.analysis.demand import demand_points
from graph.analysis.remedies import remedies
from graph.errors import UsageError
from tests.support import small_world as world

SQUARES = {world.code(c, r): world.square(c, r) for c in range(5) for r in range(5)}
DEMAND = demand_points(SQUARES, dict.fromkeys(SQUARES, 100))
SOUTH, CORNER = "arrondissement:941", f"commune:{world.code(4, 4)}"
HOMES = [
    world.structure("partner", "EHPAD", (0, 0)),
    world.structure("near", "EHPAD", (1, 0), capacity={"places_hebergement": 40}),
    world.structure("other", "EHPAD", (4, 0)),
    world.structure("border", "EHPAD", (2, 2)),
    world.structure("north", "EHPAD", (0, 4)),
]


@pytest.fixture(scope="module")
def seen():
    return world.situation(HOMES, [world.agreement("p", "partner")])


def test_those_in_reach_with_what_they_gain(seen):
    # 800 m: the commune itself and the near half of each neighbour
    found = remedies(seen, SOUTH, "EHPAD", DEMAND, 800)
    assert (found.people, found.people_covered) == (1000, 200)
    gains = {item.structure: (item.people_reached, item.people_gained) for item in found.found}
    assert gains == {
        "near": (250, 250 - 50 - 50),
        "other": (200, 200),
        "border": (50, 50),
    }
    assert [item.structure for item in found.found] == ["other", "near", "border"]
    assert {item.state for item in found.found} == {"unsigned"}
    assert {i.structure: i.capacity for i in found.found}["near"] == 40
    assert found.nearest is None


def test_half_of_the_people_live_within_the_distance_said(seen):
    found = remedies(seen, SOUTH, "EHPAD", DEMAND, 800)
    spots = [(c / 2 + 0.25, r / 2 + 0.25) for c in range(10) for r in range(4)]
    apart = sorted(math.dist(spot, (1.5, 0.5)) for spot in spots)
    by_id = {item.structure: item for item in found.found}
    assert by_id["near"].metres == pytest.approx(1000 * apart[len(apart) // 2 - 1], abs=1)


def test_nobody_in_reach_names_the_nearest(seen):
    found = remedies(seen, CORNER, "EHPAD", DEMAND, 800)
    assert (found.people, found.people_covered, found.found) == (100, 0, ())
    assert found.nearest.structure == "border"
    assert found.nearest.people_gained == 0
    empty = remedies(world.situation([]), CORNER, "EHPAD", DEMAND, 800)
    assert (empty.found, empty.nearest) == ((), None)


def test_a_zone_gains_the_communes_that_it_states():
    zones = [
        world.structure("all", "HAD", (0, 0), covers=("departement:94",)),
        world.structure("one", "HAD", (0, 0), covers=("commune:94001", "commune:94011")),
        world.structure("silent", "HAD", (0, 0)),
    ]
    known = world.situation(zones, [world.agreement("n", "one")], registers={"HAD": None})
    found = remedies(known, SOUTH, "HAD", DEMAND, 500)
    assert [(i.structure, i.people_gained, i.metres) for i in found.found] == [("all", 900, None)]
    signed = world.situation(zones[1:], registers={"HAD": None})
    north = remedies(signed, CORNER, "HAD", DEMAND, 500)
    assert (north.found, north.nearest) == ((), None)


def test_people_not_known_stay_unknown(seen):
    part = demand_points(SQUARES, dict.fromkeys(SQUARES, 100) | {world.code(0, 0): None})
    found = remedies(seen, SOUTH, "EHPAD", part, 800)
    assert (found.people, found.people_covered) == (None, None)
    # who is in reach is known, how many people that is is not: no zero stands for it
    assert {item.structure for item in found.found} == {"near", "other", "border"}
    assert {(i.people_reached, i.people_gained) for i in found.found} == {(None, None)}


@pytest.mark.parametrize(
    ("territory", "kind", "radius"),
    [(SOUTH, "EHPAD", 0), (SOUTH, "EHPAD", 1e6), (SOUTH, "CRECHE", 800), ("set:x", "EHPAD", 800)],
)
def test_what_cannot_be_meant_is_refused(seen, territory, kind, radius):
    with pytest.raises(UsageError):
        remedies(seen, territory, kind, DEMAND, radius)
