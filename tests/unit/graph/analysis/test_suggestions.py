"""Whom to sign with next, what a simulation changes: by hand on 25 communes, by brute force."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.analysis.coverage import coverage_table
from graph.analysis.demand import demand_points
from graph.analysis.plan_rules import Constraints
from graph.analysis.reach import reach
from graph.analysis.situation import simulate
from graph.analysis.suggestions import suggest
from graph.errors import UsageError
from tests.support import small_world as world

SQUARES = {world.code(c, r): world.square(c, r) for c in range(5) for r in range(5)}
DEMAND = demand_points(SQUARES, dict.fromkeys(SQUARES, 100))
ALL = "departement:94"
HOMES = [
    world.structure("corner", "EHPAD", (0, 4)),
    world.structure("middle", "EHPAD", (2, 2)),
    world.structure("edge", "EHPAD", (4, 2)),
    world.structure("partner", "EHPAD", (2, 1)),
    world.structure("far away", "EHPAD", commune="13055", longitude=5.4, latitude=43.3),
]
DEALS = [world.agreement("p", "partner")]


def test_whom_to_sign_with_by_hand():
    # 800 m: one commune and half of each neighbour. The partner stands next to the middle, which
    # brings only what it does not cover: 300 - 50 of its own, 50 of the other's already counted.
    seen = world.situation(HOMES, DEALS)
    found = suggest(seen, "EHPAD", DEMAND, 800, 1)
    assert (found.people, found.people_covered_before) == (2500, 300)
    # the corner has two neighbours, the edge three
    assert (found.solutions, found.people_covered_after) == ((("edge",),), 550)
    assert found.candidates == 3
    both = suggest(seen, "EHPAD", DEMAND, 800, 9)
    assert both.solutions == (("corner", "edge", "middle"),)
    none = suggest(seen, "EHPAD", DEMAND, 800, 0)
    assert (none.people_covered_after, none.solutions) == (300, ((),))


def test_own_sites_are_not_signed_with():
    seen = world.situation([HOMES[0]])
    found = suggest(seen, "EHPAD", DEMAND, 800, 5)
    assert found.solutions == (("corner",),)
    assert found.people_covered_before == 0
    own = suggest(seen, "EHPAD", DEMAND, 800, 5, covering={"agreed", "attested", "own"})
    assert (own.solutions, own.people_covered_before) == ((("corner",),), 200)


def test_rules_and_radius():
    seen = world.situation(HOMES, DEALS)
    rules = Constraints(exclude=frozenset({"edge"}))
    assert suggest(seen, "EHPAD", DEMAND, 800, 1, rules).solutions == (("corner",), ("middle",))
    for radius in (0, -1, 1_000_000):
        with pytest.raises(UsageError):
            suggest(seen, "EHPAD", DEMAND, radius, 1)


def test_a_zone_is_signed_for_what_it_covers():
    zones = [
        world.structure("wide", "HAD", (0, 0), covers=("arrondissement:942",)),
        world.structure("narrow", "HAD", (0, 0), covers=("commune:94001", "commune:94011")),
        world.structure("silent", "HAD", (4, 4)),
    ]
    seen = world.situation(zones, [world.agreement("n", "narrow")], registers={"HAD": None})
    found = suggest(seen, "HAD", DEMAND, 500, 1)
    assert (found.people_covered_before, found.people_covered_after) == (200, 1600)
    assert (found.solutions, found.candidates) == ((("wide",),), 1)


def test_nobody_to_sign_with_and_nobody_known():
    found = suggest(world.situation([]), "HAD", DEMAND, 500, 3)
    assert (found.candidates, found.solutions, found.people_covered_after) == (0, ((),), 0)
    part = demand_points(SQUARES | {"94099": None}, dict.fromkeys(SQUARES, 100) | {"94025": None})
    seen = suggest(world.situation(HOMES, DEALS), "EHPAD", part, 800, 1)
    assert seen.uncounted == ("94025", "94099")
    assert seen.people == 2400


def test_a_simulation_adds_and_removes_partners():
    seen = world.situation(HOMES, DEALS)
    after = simulate(seen, add=["edge"], remove=["partner"])
    rows = [coverage_table(s, [ALL], ["EHPAD"]).rows[0] for s in (seen, after)]
    assert [row.structures["agreed"] for row in rows] == [("partner",), ("edge",)]
    assert rows[1].structures["unsigned"] == ("corner", "middle", "partner")
    people = [reach(s, [ALL], "EHPAD", DEMAND, 800)[0].population_covered for s in (seen, after)]
    assert people == [300, 250]
    assert simulate(after, add=["partner"]).simulated["edge"] == "agreed"
    for wrong in ({"add": ["nobody"]}, {"add": ["edge"], "remove": ["edge"]}):
        with pytest.raises(UsageError):
            simulate(seen, **wrong)


spots = st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans())


@settings(max_examples=25)
@given(st.lists(spots, max_size=6), st.integers(0, 3), st.sampled_from([300, 900, 1500]))
def test_brute_force_by_reach_gives_the_same(homes, count, radius):
    built = [world.structure(f"h{n}", "EHPAD", (c, r)) for n, (c, r, _) in enumerate(homes)]
    deals = [world.agreement(f"d{n}", f"h{n}") for n, home in enumerate(homes) if home[2]]
    seen = world.situation(built, deals)
    found = suggest(seen, "EHPAD", DEMAND, radius, count)
    free = [f"h{n}" for n, home in enumerate(homes) if not home[2]]
    if radius == 300:  # within 300 m of the middle of a commune there is no point
        assert (found.candidates, found.people_covered_after) == (0, 0)
        return
    covered = {
        sites: reach(simulate(seen, add=sites), [ALL], "EHPAD", DEMAND, radius)[
            0
        ].population_covered
        for sites in combinations(free, min(count, len(free)))
    }
    best = max(covered.values())
    assert found.people_covered_after == pytest.approx(best)
    assert set(found.solutions) == {
        sites for sites, people in covered.items() if np.isclose(people, best)
    }
