"""A process that loads and is killed: run by the contract check on killed loads.

``python -m tests.contract.store.child OPENER URL MOMENT`` kills itself when the load tells its
progress for that time; with 0 it loads two batches in turn until it is killed from outside.
"""

from __future__ import annotations

import os
import signal
import sys

from tests.contract.store.place import Place
from tests.contract.store.synthetic import many

SIZE = 1500


def die() -> None:
    if hasattr(signal, "SIGKILL"):
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(9)


def main(opener: str, url: str, moment: int) -> None:
    store = Place(opener, url).open()
    told: list[str] = []

    def progress(key: str, done: int, total: int | None) -> None:
        told.append(key)
        if len(told) == moment:
            die()

    if moment:
        store.apply(many(SIZE, name="Gamma"), progress=progress)
        return
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        store.apply(many(SIZE, name="Gamma"))
        store.apply(many(SIZE))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
