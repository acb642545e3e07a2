"""Loads of one source at the same time: one after the other, each whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from graph.store.port import LoadBatch, LoadOutcome
from tests.contract.store.checks_sharing import but_loads
from tests.contract.store.place import Place
from tests.contract.store.synthetic import content, everything, many
from tests.faults.stores import STORES, place_in

SIZE = 60
LOADS = 4


def together(place: Place, batches: list[LoadBatch]) -> list[LoadOutcome]:
    """Load batches at once, each by a handle of its own."""
    ready = Barrier(len(batches))

    def load(loaded: LoadBatch) -> LoadOutcome:
        with place.store() as store:
            ready.wait(60)
            return store.apply(loaded)

    with ThreadPoolExecutor(len(batches)) as pool:
        return list(pool.map(load, batches))


@pytest.mark.parametrize("kind", STORES)
def test_the_same_file_loaded_at_once(kind: str, request: pytest.FixtureRequest) -> None:
    place = place_in(kind, request)
    with place.store() as store:
        store.apply(everything())
        outcomes = together(place, [many(SIZE)] * LOADS)
        assert sorted(item.added for item in outcomes) == [*[0] * (LOADS - 1), SIZE]
        assert sorted(item.unchanged for item in outcomes) == [0, *[SIZE] * (LOADS - 1)]
        assert sorted(item.load_id or 0 for item in outcomes) == list(range(2, LOADS + 2))
        assert [item.id for item in store.loads()] == list(range(LOADS + 1, 0, -1))
        found = but_loads(content(store))
        assert store.apply(many(SIZE)).unchanged == SIZE
        assert but_loads(content(store)) == found


@pytest.mark.parametrize("kind", STORES)
def test_two_versions_of_a_file_loaded_at_once(kind: str, request: pytest.FixtureRequest) -> None:
    place = place_in(kind, request)
    versions = {name: many(SIZE, name=name) for name in ("Beta", "Gamma")}
    with place.store() as store:
        expected = {}
        for name, version in versions.items():
            store.apply(version)
            expected[name] = but_loads(content(store))
        store.undo("bulk")
        outcomes = together(place, list(versions.values()))
        last = max(zip(outcomes, versions, strict=True), key=lambda pair: pair[0].load_id or 0)[1]
        assert but_loads(content(store)) == expected[last]
        for name, version in versions.items():
            store.apply(version)
            assert but_loads(content(store)) == expected[name]
