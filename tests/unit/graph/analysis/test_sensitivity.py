"""Whether a choice holds at other radii and detours: by brute force on a row of communes."""

from itertools import combinations

import pytest

from graph.analysis.demand import demand_points
from graph.analysis.reach import reach
from graph.analysis.sensitivity import sensitivity, turning
from graph.analysis.situation import simulate
from graph.analysis.suggestions import field_of
from graph.analysis.watch import Stopped, Watch
from graph.errors import UsageError
from tests.support import small_world as world

SQUARES = {world.code(c, r): world.square(c, r) for c in range(5) for r in range(5)}
DEMAND = demand_points(SQUARES, {code: 100 + n for n, code in enumerate(sorted(SQUARES))})
HOMES = [
    world.structure("corner", "EHPAD", (0, 4)),
    world.structure("middle", "EHPAD", (2, 2)),
    world.structure("edge", "EHPAD", (4, 2)),
    world.structure("partner", "EHPAD", (2, 1)),
]
SEEN = world.situation(HOMES, [world.agreement("p", "partner")])
SHARES, DETOURS = (0.5, 1.0, 2.0), (1.0, 1.3)


@pytest.fixture(scope="module")
def found():
    field = field_of(SEEN, "EHPAD", DEMAND, 1600)
    return sensitivity(field, 800, 1, shares=SHARES, detours=DETOURS)


def covered(sites, crow):
    after = simulate(SEEN, add=sites)
    return reach(after, ["departement:94"], "EHPAD", DEMAND, crow)[0].population_covered


def test_every_cell_is_what_brute_force_says(found):
    assert [(t.radius, t.detour) for t in found.trials] == [
        (share * 800, detour) for share in SHARES for detour in DETOURS
    ]
    for trial in found.trials:
        crow = trial.radius / trial.detour
        totals = {s: covered(s, crow) for s in combinations(("corner", "edge", "middle"), 1)}
        best = max(totals.values())
        assert trial.people_best == pytest.approx(best)
        kept = max(totals[sites] for sites in found.reference.solutions)
        assert trial.people_kept == pytest.approx(kept)
        assert trial.holds == (kept == pytest.approx(best))
        best_of = {s for s, people in totals.items() if people == pytest.approx(best)}
        # within 310 m of the middle of a commune there is no point: nobody is a candidate
        assert set(trial.found.solutions) == (best_of if crow > 360 else {()})


def test_where_it_changes_first(found):
    # as far as the next communes the edge gains most; beyond, the middle does or the corner
    assert found.reference.solutions == (("edge",),)
    turns = turning(found)
    changed = [t for t in found.trials if not t.holds]
    assert found.fragile == bool(changed)
    assert found.worst == pytest.approx(max(t.people_best - t.people_kept for t in found.trials))
    nearer = [t.radius for t in changed if t.detour == 1 and t.radius < 800]
    farther = [t.radius for t in changed if t.detour == 1 and t.radius > 800]
    around = [t.detour for t in changed if t.radius == 800]
    assert turns == (
        max(nearer, default=None),
        min(farther, default=None),
        min(around, default=None),
    )
    assert changed


def test_all_candidates_taken_hold_everywhere_and_are_stable():
    field = field_of(SEEN, "EHPAD", DEMAND, 1600)
    every = sensitivity(field, 800, 3, shares=(1.0, 2.0), detours=(1.0,))
    assert not every.fragile
    assert (every.worst, every.stable) == (0, ("corner", "edge", "middle"))
    assert turning(every) == (None, None, None)


def test_radii_beyond_what_was_read_are_not_tried():
    field = field_of(SEEN, "EHPAD", DEMAND, 1000)
    found = sensitivity(field, 800, 1, shares=(1.0, 2.0), detours=(1.0,))
    assert [trial.radius for trial in found.trials] == [800]
    with pytest.raises(ValueError, match="1000"):
        field.within(1200)


@pytest.mark.parametrize("wrong", [{"detours": (0.9,)}, {"shares": (0.0,)}])
def test_what_cannot_be_meant_is_refused(wrong):
    field = field_of(SEEN, "EHPAD", DEMAND, 1600)
    with pytest.raises(UsageError):
        sensitivity(field, 800, 1, **wrong) if "detours" in wrong else field.within(0)


def test_it_says_how_far_it_is_and_can_be_stopped():
    field = field_of(SEEN, "EHPAD", DEMAND, 1600)
    steps = []
    sensitivity(
        field, 800, 1, shares=SHARES, detours=DETOURS, watch=Watch(lambda *step: steps.append(step))
    )
    assert [step[1] for step in steps if step[0] == "sensitivity"] == list(range(6))
    with pytest.raises(Stopped):
        sensitivity(field, 800, 1, watch=Watch(stop=lambda: len(steps) > 0))
