"""A process that loads is killed, at many moments: all of the load is there, or nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.contract.store.checks_sharing import but_loads
from tests.contract.store.place import Place
from tests.contract.store.synthetic import batch, content, everything, structure, territory
from tests.faults.dying import LOADED
from tests.faults.stores import STORES, place_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks")

CHECKOUT = Path(__file__).resolve().parents[2]
SPREAD = 5
ENDING = (1, 4, 12)
"""Moments: spread over the load, and a few calls before its end, where it is committed."""

OTHER = batch(
    *(structure(f"{n}", "s2", name=f"Beta {n}", commune="94001") for n in range(40)),
    territory("commune:94001", "s2", name="Beta", geometry=b"\x01beta"),
    series="bulk:all",
)


@contextmanager
def dying(place: Place) -> Iterator[Callable[[int], str]]:
    """Give what loads in another process that dies at the call of a number."""
    command = [sys.executable, "-m", "tests.faults.dying", place.opener, place.url]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=CHECKOUT, stdin=pipe, stdout=pipe, text=True) as forker:
        asking, answering = forker.stdin, forker.stdout
        assert asking is not None
        assert answering is not None

        def load(last: int) -> str:
            asking.write(f"{last}\n")
            asking.flush()
            return answering.readline().strip()

        yield load


@pytest.mark.parametrize("kind", STORES)
def test_a_killed_load_is_whole_or_nothing(kind: str, request: pytest.FixtureRequest) -> None:
    place = place_in(kind, request)
    with place.store() as store, dying(place) as load:
        store.apply(everything())
        store.apply(OTHER)
        before = but_loads(content(store))
        calls = int(load(0))
        after = but_loads(content(store))
        store.undo("bulk")
        assert but_loads(content(store)) == before != after
        spread = range(1, calls, calls // SPREAD)
        for moment in (*spread, *(calls - n for n in ENDING)):
            loads = len([item for item in store.loads() if not item.undone])
            assert load(moment) == "killed"
            kept = len([item for item in store.loads() if not item.undone]) - loads
            assert but_loads(content(store)) == (after if kept else before), moment
            again = store.apply(LOADED)
            assert (again.added + again.updated == 0) is bool(kept)
            assert but_loads(content(store)) == after
            store.undo("bulk")
            assert but_loads(content(store)) == before
