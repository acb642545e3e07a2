"""Simulations and accessibility on squares whose answers are worked out by hand."""

import dataclasses
import itertools
import math
from datetime import date

import msgspec
import pytest

from explorer.selection import Selection
from explorer.services.coverage import coverage_of
from explorer.services.coverage_reading import CoverageQuestion
from explorer.services.coverage_simulation import (
    BANDS,
    access_of,
    candidates,
    trial_of,
)
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
    return next((w for share, w in BANDS if apart <= share * RADIUS), 0.0)


def near(*places):
    spots = [(column + 0.5, row + 0.5) for column, row in places]
    return sum(PER_POINT for p in points() if any(math.dist(p, s) <= RADIUS for s in spots))


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    url = small_store(tmp_path_factory.mktemp("trial") / "trial.db", HOMES, SIGNED)
    store = open_store(url)
    selection = Selection(
        focus=FOCUS,
        on=date(2026, 11, 25),
        kinds=frozenset({"EHPAD", "HAD"}),
        territories=frozenset({"departement:94"}),
    )
    question = CoverageQuestion(selection=selection, level="departement", radius_km=RADIUS)
    yield coverage_of(store, question)
    store.close()


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
def test_signing_and_ending_change_reach_and_partners(answer, add, remove, after):
    found = trial_of(answer, ["EHPAD"], add, remove)
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


def test_an_unknown_structure_is_refused(answer):
    with pytest.raises(UsageError):
        trial_of(answer, ["EHPAD"], ("999999999",), ())


@pytest.mark.parametrize("partners", [True, False])
def test_access_is_the_formula_point_by_point(answer, partners):
    read, question = answer.read, answer.question
    places = {(1, 0): 30} if partners else PLACES
    ratios = {}
    for (column, row), count in places.items():
        spot = (column + 0.5, row + 0.5)
        ratios[spot] = count / sum(PER_POINT * weight(math.dist(p, spot)) for p in points())
    total = sum(
        PER_POINT * ratio * weight(math.dist(p, spot))
        for p in points()
        for spot, ratio in ratios.items()
    )
    # nobody outside shares the places: all of them are given out
    assert total == pytest.approx(sum(places.values()))
    found = access_of(read.situation, question, read, "EHPAD", partners=partners)
    assert found == {"departement:94": pytest.approx(1000 * total / 250)}


def test_access_to_a_zone_is_not_known_and_to_nobody_is_zero(answer):
    read, question = answer.read, answer.question
    assert access_of(read.situation, question, read, "HAD") == {"departement:94": None}
    gone = trial_of(answer, ["EHPAD"], (), ("940000101",)).kinds["EHPAD"]
    assert gone.after["departement:94"].access == 0


def test_access_without_any_stated_capacity_is_not_known(answer):
    read, question = answer.read, answer.question
    bare = [msgspec.structs.replace(item, capacity={}) for item in read.situation.structures]
    silent = dataclasses.replace(read.situation, structures=bare)
    assert access_of(silent, question, read, "EHPAD") == {"departement:94": None}
