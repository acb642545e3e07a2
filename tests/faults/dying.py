"""A process whose loads are killed at the moment asked: run by the tests of killed loads.

``python -m tests.faults.dying OPENER URL`` reads numbers, one a line. For each it forks a process
that loads and is killed at that call of a function of the store (0: it lives); then it says how
many calls there were.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from tests.contract.store.place import Place
from tests.contract.store.synthetic import batch, cooperation, membership, structure, territory

STORE = f"{os.sep}graph{os.sep}store{os.sep}"

LOADED = batch(
    *(structure(f"{n}", "s2", name=f"Gamma {n}", commune="94001") for n in range(20, 60)),
    *(cooperation(f"conv-{n}", f"{n}", f"{n + 1}", by="s2") for n in range(20, 30)),
    *(membership(f"{n}", "ght:1", by="s2", role="membre") for n in range(40, 50)),
    territory("commune:94001", "s2", name="Gamma", geometry=b"\x01gamma"),
    series="bulk:all",
)


class Counter:
    """Counts the calls of the store's functions, and ends the process at one of them."""

    def __init__(self, last: int) -> None:
        self.calls = 0
        self._last = last

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call" and STORE in frame.f_code.co_filename:
            self.calls += 1
            if self.calls == self._last:
                os.kill(os.getpid(), signal.SIGKILL)


def load(place: Place, last: int, answer: int) -> None:
    """Load until the call numbered `last`; write the number of calls to `answer`."""
    with place.store() as store:
        counter = Counter(last)
        sys.setprofile(counter)
        store.apply(LOADED)
        sys.setprofile(None)
    os.write(answer, str(counter.calls).encode())


def main(opener: str, url: str) -> None:
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            load(Place(opener, url), int(line), writing)
            os._exit(0)
        os.close(writing)
        os.waitpid(child, 0)
        calls = os.read(reading, 100).decode() or "killed"
        os.close(reading)
        sys.stdout.write(f"{calls}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
