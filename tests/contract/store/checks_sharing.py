"""What a store promises when several use it at once, or one is killed."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graph.errors import StoreBusy, StoreError
from graph.store.port import LoadBatch
from tests.contract.store.child import SIZE
from tests.contract.store.place import Place
from tests.contract.store.synthetic import batch, content, everything, many, structure

CHECKOUT = Path(__file__).resolve().parents[3]
MOMENTS = (1, 2, 3)
DELAYS = (0.02, 0.1, 0.7)
WAITING = 0.3


def _child(place: Place, moment: int) -> subprocess.Popen[str]:
    where = (place.opener, place.url, str(moment))
    command = [sys.executable, "-m", "tests.contract.store.child", *where]
    return subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)


def check_a_killed_load_leaves_the_store_as_it_was(place: Place) -> None:
    with place.store() as store:
        store.apply(everything())
        store.apply(many(SIZE))
        before, loads = content(store), store.loads()
    for moment in MOMENTS:
        child = _child(place, moment)
        child.communicate(timeout=60)
        assert child.returncode != 0
        with place.store() as store:
            unchanged = (
                content(store) == before
            )  # to show where texts so large differ takes minutes
            assert unchanged
            assert store.loads() == loads


def check_a_load_killed_at_any_time_is_whole_or_nothing(place: Place) -> None:
    with place.store() as store:
        store.apply(many(SIZE))
        states = {store.structures()[0].name: but_loads(content(store))}
        store.apply(many(SIZE, name="Gamma"))
        states[store.structures()[0].name] = but_loads(content(store))
    for delay in DELAYS:
        child = _child(place, 0)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(delay)
        child.kill()
        child.communicate()
        with place.store() as store:
            whole = but_loads(content(store)) == states[store.structures()[0].name]
            assert whole
            store.apply(many(SIZE))


def but_loads(state: bytes) -> bytes:
    """Return a state without the number of the load that brought each claim."""
    return b",".join(part for part in state.split(b",") if not part.startswith(b'"load_id":'))


def _held(place: Place, loaded: LoadBatch, meanwhile: Callable[[], None]) -> None:
    """Apply `loaded` and run `meanwhile` when it is about to end."""
    with place.store() as store:
        told = [0]
        steps = _steps(place, loaded)

        def progress(stage: str, done: int, total: int | None) -> None:
            told[0] += 1
            if told[0] == steps:
                meanwhile()

        store.apply(loaded, progress=progress)


def _steps(place: Place, loaded: LoadBatch) -> int:
    """Return how often progress is told for `loaded` (counted on a load that is given up)."""
    for steps in range(1, 100):
        told = [0]

        def progress(
            stage: str, done: int, total: int | None, told: list[int] = told, steps: int = steps
        ) -> None:
            told[0] += 1
            if told[0] > steps:
                raise InterruptedError

        with place.store() as store:
            try:
                store.apply(loaded, progress=progress)
            except InterruptedError:
                continue
            store.undo(loaded.loader)
            return steps
    message = "progress is told without end"
    raise AssertionError(message)


def check_readers_see_the_old_state_during_a_load(place: Place) -> None:
    with place.store() as reader:
        reader.apply(everything())
        before, after = content(reader), []

        def read() -> None:
            with place.store() as other:
                after.append((content(reader), content(other)))

        _held(place, many(40), read)
        assert after == [(before, before)]
        assert content(reader) != before


def check_two_loads_at_once_lose_nothing(place: Place) -> None:
    results: list[object] = []

    def second() -> None:
        with place.store() as store:
            try:
                results.append(store.apply(many(30, series="other:all", by="s3")))
            except StoreBusy as error:
                results.append(error)

    rival = threading.Thread(target=second)

    def start() -> None:
        rival.start()
        time.sleep(WAITING)

    _held(place, batch(structure("a"), structure("b")), start)
    rival.join(timeout=60)
    assert len(results) == 1
    with place.store() as store:
        if isinstance(results[0], StoreBusy):
            assert results[0].message("fr")
            store.apply(many(30, series="other:all", by="s3"))
        assert len(store.structures()) == 32


def check_one_handle_serves_many_threads(place: Place) -> None:
    with place.store() as store:
        store.apply(many(300))
        expected = content(store)

        def read(_: int) -> bool:
            return content(store) == expected

        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(read, range(16)))


def check_threads_may_load_together(place: Place) -> None:
    with place.store() as store:

        def load(number: int) -> int:
            return store.apply(many(20, series=f"series:{number}", by=f"s{number}")).added

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(load, range(4))) == [20] * 4
        assert len(store.structures()) == 20
        assert len(store.claims("structure", ["910000000"])) == 4
        assert len(store.loads()) == 4


def check_a_closed_store_says_so(place: Place) -> None:
    store = place.open()
    store.apply(everything())
    store.close()
    store.close()
    with pytest.raises(StoreError):
        store.structures()
    with place.store() as again:
        assert len(again.structures()) == 2


SHARING = (
    check_a_killed_load_leaves_the_store_as_it_was,
    check_a_load_killed_at_any_time_is_whole_or_nothing,
    check_readers_see_the_old_state_during_a_load,
    check_two_loads_at_once_lose_nothing,
    check_one_handle_serves_many_threads,
    check_threads_may_load_together,
    check_a_closed_store_says_so,
)
