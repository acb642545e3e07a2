"""Rules of a choice: by brute force on small worlds, on the 47 communes, and what is refused."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.analysis.demand import demand_points
from graph.analysis.plan_rules import Constraints
from graph.analysis.proximity import located, pair_costs
from graph.analysis.reach import reach
from graph.analysis.siting import SitingRules, maximal_coverage
from graph.analysis.situation import simulate
from graph.analysis.suggestions import suggest
from graph.errors import UsageError
from loaders.territories.bundled import bundled, shape_of
from tests.support import small_world as world

SQUARES = {world.code(c, r): world.square(c, r) for c in range(5) for r in range(5)}
DEMAND = demand_points(SQUARES, dict.fromkeys(SQUARES, 100))
ALL = "departement:94"
RADIUS = 900


def homes(spots):
    """Return homes at (column, row, places); places None where not stated."""
    return [
        world.structure(
            f"h{n}", "EHPAD", (c, r), capacity={} if p is None else {"places_hebergement": p}
        )
        for n, (c, r, p) in enumerate(spots)
    ]


spots = st.tuples(st.integers(0, 4), st.integers(0, 4), st.sampled_from([None, 20, 60, 90]))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_brute_force_agrees_under_every_rule(data):
    built = homes(data.draw(st.lists(spots, min_size=2, max_size=6)))
    ids = [item.id for item in built]
    include = frozenset(data.draw(st.sets(st.sampled_from(ids), max_size=2)))
    exclude = frozenset(data.draw(st.sets(st.sampled_from(ids), max_size=2))) - include
    level = data.draw(st.sampled_from([None, "arrondissement", "commune"]))
    most = data.draw(st.integers(1, 2)) if level else None
    least = data.draw(st.sampled_from([None, 30, 90]))
    count = data.draw(st.integers(1, 3))
    rules = Constraints(
        include=include, exclude=exclude, level=level, most=most, least_capacity=least
    )
    seen = world.situation(built)

    def place(item):
        if level == "commune":
            return item.commune
        return 941 if int(item.commune[2:]) <= 10 else 942

    def large(item):
        return least is None or item.capacity.get("places_hebergement", 0) >= least

    free = [item for item in built if item.id not in exclude and large(item)]
    size = min(count, len(free))
    covered = {}
    for picks in combinations(free, size):
        names = tuple(sorted(item.id for item in picks))
        crowd = pd.Series([place(item) for item in picks]).value_counts()
        if include <= set(names) and (most is None or crowd.max() <= most):
            after = simulate(seen, add=names)
            covered[names] = reach(after, [ALL], "EHPAD", DEMAND, RADIUS)[0].population_covered
    if not covered or not free or len(include) > count:
        with pytest.raises(UsageError):
            suggest(seen, "EHPAD", DEMAND, RADIUS, count, rules)
        return
    found = suggest(seen, "EHPAD", DEMAND, RADIUS, count, rules)
    best = max(covered.values())
    assert found.people_covered_after == pytest.approx(best)
    assert set(found.solutions) == {
        names for names, people in covered.items() if np.isclose(people, best)
    }
    assert set(found.unsized) == {
        item.id for item in built if least is not None and not item.capacity
    }


@pytest.mark.parametrize("count", [2, 3, 4])
def test_the_47_communes_under_rules_against_brute_force(count):
    rows = [row for row in bundled().rows if row.level == "commune" and row.departement == "94"]
    middles = [shape_of(row).point_on_surface() for row in rows]
    codes = pd.Index([row.code for row in rows], dtype=object)
    points = located(
        pd.Series([p.x for p in middles], index=codes),
        pd.Series([p.y for p in middles], index=codes),
    )
    cost = pair_costs(points, points, 2500).astype({"origin": object, "destination": object})
    people = pd.Series([float(row.population) for row in rows], index=codes)
    where = {row.code: str(row.arrondissement) for row in rows}
    assert len(set(where.values())) == 3
    rules = SitingRules(
        include=["94028"], exclude=["94081", "94017"], territory=where, per_territory=2
    )
    covers = np.zeros((47, 47), dtype=bool)
    place = {code: at for at, code in enumerate(codes)}
    for row in cost.itertuples():
        covers[place[row.destination], place[row.origin]] = True
    best, sets = 0.0, set()
    must = place["94028"]
    others = [at for at, code in enumerate(codes) if code not in {"94028", "94081", "94017"}]
    homes_of = [where[code] for code in codes]
    for rest in combinations(others, count - 1):
        picks = (must, *rest)
        if max(map([homes_of[at] for at in picks].count, set(homes_of))) > 2:
            continue
        total = people.to_numpy()[covers[list(picks)].any(axis=0)].sum()
        if total > best:
            best, sets = total, set()
        if total == best:
            sets.add(tuple(sorted(codes[at] for at in picks)))
    found = maximal_coverage(cost, people, 2500, count, rules=rules)
    assert found.objective == best
    assert set(found.optima) == sets


THERE = world.degrees(0.5, 2.5)
HOMES = [
    world.structure("partner", "EHPAD", (0, 0)),
    world.structure("one", "EHPAD", (2, 0), capacity={"places_hebergement": 80}),
    world.structure("two", "EHPAD", (4, 0), capacity={"places_hebergement": 20}),
    world.structure("silent", "EHPAD", (2, 4)),
    world.structure("nowhere", "EHPAD", longitude=THERE[0], latitude=THERE[1]),
    world.structure("far", "EHPAD", commune="13055", longitude=5.4, latitude=43.3),
    world.structure("clinic", "CLINIQUE", (1, 1)),
]


@pytest.mark.parametrize(
    ("rules", "count", "code"),
    [
        ({"include": {"nobody"}}, 1, "unknown"),
        ({"exclude": {"nobody"}}, 1, "unknown"),
        ({"include": {"one"}, "exclude": {"one"}}, 1, "both"),
        ({"include": {"clinic"}}, 1, "kind"),
        ({"include": {"partner"}}, 1, "signed"),
        ({"include": {world.OWN}}, 1, "own"),
        ({"include": {"far"}}, 1, "no_reach"),
        ({"include": {"silent"}, "least_capacity": 10}, 1, "unsized"),
        ({"include": {"two"}, "least_capacity": 50}, 1, "small"),
        ({"include": {"one", "two"}}, 1, "too_many"),
        ({"include": {"one", "two"}, "level": "arrondissement", "most": 1}, 2, "crowded"),
        ({"level": "departement", "most": 1}, 3, "no_choice"),
        ({"least_capacity": 500}, 1, "nobody_left"),
        ({"level": "cpts", "most": 1}, 1, "level"),
        ({"level": "arrondissement", "most": 0}, 1, "most"),
        ({"level": "arrondissement"}, 1, "most"),
        ({"least_capacity": 0}, 1, "capacity"),
        ({"least_capacity": float("nan")}, 1, "capacity"),
    ],
)
def test_what_cannot_be_chosen_is_said_why(rules, count, code):
    seen = world.situation(HOMES, [world.agreement("p", "partner")])
    sets = {k: frozenset(v) if isinstance(v, set) else v for k, v in rules.items()}
    with pytest.raises(UsageError) as error:
        suggest(seen, "EHPAD", DEMAND, RADIUS, count, Constraints(**sets))
    assert error.value.code == f"coverage_rule.{code}"
    for language in ("fr", "en"):
        assert "{" not in error.value.message(language)


def test_what_is_not_known_is_not_chosen_and_is_named():
    seen = world.situation(HOMES, [world.agreement("p", "partner")])
    by_place = suggest(seen, "EHPAD", DEMAND, RADIUS, 3, Constraints(level="commune", most=1))
    assert by_place.unlocated == ("nowhere",)
    assert by_place.solutions == (("one", "silent", "two"),)
    large = suggest(seen, "EHPAD", DEMAND, RADIUS, 3, Constraints(least_capacity=50))
    assert large.solutions == (("one",),)
    assert set(large.unsized) == {"nowhere", "silent"}
