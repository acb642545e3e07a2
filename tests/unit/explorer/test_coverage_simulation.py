"""Simulations and accessibility on squares whose answers are worked out by hand."""

import dataclasses
import itertools
import math
from datetime import date

import msgspec
import pytest

from explorer.selection import Selection
from explorer.services.accessibility import THIRDS, places_by_thirds
from explorer.services.coverage import coverage_of
from explorer.services.coverage_map import places_of
from explorer.services.coverage_reading import CoverageQuestion
from explorer.services.coverage_simulation import (
    candidates,
    trial_of,
)
from graph.analysis.proximity import Travel
from graph.analysis.travel import Crow, Estimated
from graph.errors import UsageError
from graph.store.open import open_store
from tests.support.coverage_store import small_store
from tests.support.small_world import FOCUS, SIDE, agreement, structure

PLACES = {(1, 0): 30, (2, 3): 80, (4, 4): 20}
HOMES = [
    structure(
        f"94000010{n}", "EHPAD", place, name=f"Maison {n}", capacity={"places_hebergement": places}
    )
    for n, (place, places) in enumerate(PLACES.items(), 1)
]
SIGNED = [agreement("convention-1", "940000101")]
RADIUS = 1.5
PER_POINT = 10 / 4


def points():
    return list(itertools.product((each / 2 + 0.25 for each in range(2 * SIDE)), repeat=2))


def weight(apart):
    return next((w for share, w in THIRDS if apart <= share * RADIUS), 0.0)


def near(*places):
    spots = [(column + 0.5, row + 0.5) for column, row in places]
    return sum(PER_POINT for p in points() if any(math.dist(p, s) <= RADIUS for s in spots))


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    url = small_store(tmp_path_factory.mktemp("trial") / "trial.db", HOMES, SIGNED)
    store = open_store(url)
    selection = Selection(
        focus=FOCUS,
        on=date(2026, 11, 25),
        kinds=frozenset({"EHPAD", "HAD"}),
        territories=frozenset({"departement:94"}),
    )
    question = CoverageQuestion(selection=selection, level="departement", radius_km=RADIUS)
    yield coverage_of(store, question), store
    store.close()


@pytest.fixture(scope="module")
def answer(asked):
    return asked[0]


@pytest.fixture(scope="module")
def store(asked):
    return asked[1]


def test_who_can_be_signed_with_and_who_is_a_partner(answer):
    unsigned, partners = candidates(answer, "EHPAD")
    assert [item.id for item in unsigned] == ["940000102", "940000103"]
    assert [item.id for item in partners] == ["940000101"]


@pytest.mark.parametrize(
    ("add", "remove", "after"),
    [
        (("940000102",), (), [(1, 0), (2, 3)]),
        ((), ("940000101",), []),
        (("940000103",), ("940000101",), [(4, 4)]),
    ],
)
def test_signing_and_ending_change_reach_and_partners(store, answer, add, remove, after):
    found = trial_of(store, answer, ["EHPAD"], add, remove)
    simulated = found.kinds["EHPAD"]
    before = simulated.before["departement:94"]
    assert before.reach.population_covered == pytest.approx(near((1, 0)))
    changed = simulated.after["departement:94"]
    assert changed.reach.population_covered == pytest.approx(near(*after))
    assert changed.row.agreed == len(after)
    assert found.network.direct == (1, 1 + len(add) - len(remove))
    # what was asked is not kept
    again = coverage_state(answer)
    assert again == ("agreed", 1)


def coverage_state(answer):
    (row,) = [row for row in answer.rows if row.kind == "EHPAD"]
    return row.state, row.agreed


def test_an_unknown_structure_is_refused(store, answer):
    with pytest.raises(UsageError):
        trial_of(store, answer, ["EHPAD"], ("999999999",), ())


SOUTH = "arrondissement:941"


def south(answer, **values):
    """Return the question of the southern arrondissement alone: its neighbours live north."""
    selection = msgspec.structs.replace(
        answer.question.selection, territories=frozenset({SOUTH}), kinds=frozenset({"EHPAD"})
    )
    own = {"selection": selection, "level": "arrondissement"}
    return msgspec.structs.replace(answer.question, **own | values)


@pytest.mark.parametrize("partners", [True, False])
@pytest.mark.parametrize("timed", [True, False])
def test_access_is_the_formula_point_by_point_and_neighbours_share(store, answer, partners, timed):
    places = {(1, 0): 30} if partners else PLACES
    ratios = {}
    for (column, row), count in places.items():
        spot = (column + 0.5, row + 0.5)
        ratios[spot] = count / sum(PER_POINT * weight(math.dist(p, spot)) for p in points())
    found = {
        p: sum(ratio * weight(math.dist(p, spot)) for spot, ratio in ratios.items())
        for p in points()
    }
    # all places are given out, some of them to the people of the north
    assert sum(PER_POINT * each for each in found.values()) == pytest.approx(sum(places.values()))
    expected = 1000 * sum(each for (_, y), each in found.items() if y < 2) / (10 * 4)
    # 30 km/h straight on: 1.5 km are 3 minutes
    times = Estimated(Travel(detour=1, speed_kmh=30))
    asked = south(answer, radius_km=None, minutes=3.0) if timed else south(answer)
    held = coverage_of(store, asked, times if timed else None)
    if partners:
        tried = trial_of(store, held, ["EHPAD"], ("940000103",), ()).kinds["EHPAD"]
        assert tried.before[SOUTH].access == pytest.approx(expected)
        assert tried.before[SOUTH].reach == held.reached["EHPAD", SOUTH]
    else:
        (row,) = places_of(store, held, "EHPAD").rows
        assert row.supply == pytest.approx(expected)


def test_access_to_a_zone_is_not_known_and_to_nobody_is_zero(store, answer):
    assert (places_of(store, answer, "HAD").why, places_of(store, answer, "HAD").rows) == (
        "areal",
        [],
    )
    gone = trial_of(store, answer, ["EHPAD", "HAD"], (), ("940000101",)).kinds
    assert gone["EHPAD"].after["departement:94"].access == 0
    assert gone["HAD"].after["departement:94"].access is None


def test_access_without_any_stated_capacity_is_not_known(answer):
    read, question = answer.read, answer.question
    bare = [msgspec.structs.replace(item, capacity={}) for item in read.situation.structures]
    silent = read._replace(situation=dataclasses.replace(read.situation, structures=bare))
    found = places_by_thirds(silent, question, Crow(), "EHPAD", RADIUS)
    assert (found.why, found.rows) == ("no_capacity", [])


def test_nothing_in_reach_but_someone_silent_is_not_known_and_never_zero(store, answer):
    read = coverage_of(store, south(answer)).read
    far = {"940000103"}
    told = [
        item if item.id in far else msgspec.structs.replace(item, capacity={})
        for item in read.situation.structures
    ]
    silent = read._replace(situation=dataclasses.replace(read.situation, structures=told))
    (row,) = places_by_thirds(silent, answer.question, Crow(), "EHPAD", RADIUS).rows
    # the only capacity stated is out of reach; a home here states none
    assert (row.partner, row.supply) == (None, None)
