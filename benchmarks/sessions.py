"""Several people at once: how long a filter takes when ten sessions use one server.

    python benchmarks/sessions.py                  10 people, 10 filters each, 3 s between two
    python benchmarks/sessions.py --people 20 --filters 5 --think 1

Serves the bundled ecosystem from a folder of its own and speaks Streamlit's own protocol with it,
as ten browsers would, each with a day of its own. A filter is timed from the click until all that
the page then shows has arrived; what a browser needs to draw it is timed in ``explorer.py``. Every
message is read: a day that is another person's ends the run.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from websockets.asyncio.client import connect

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.support.session_client import Person

PORT = 8599
FIRST_DAY = date(2023, 1, 2)


async def visit(number: int, filters: int, think: float) -> list[float]:
    """Return the seconds that each filter took one person."""
    address = f"ws://127.0.0.1:{PORT}/_stcore/stream"
    taken = []
    async with connect(address, max_size=None) as line:
        person = Person(line, FIRST_DAY + timedelta(days=number))
        await person.run(filtering=False)
        chooses = random.Random(number)  # noqa: S311 - pauses, no secret
        for _ in range(filters):
            await asyncio.sleep(think * (0.5 + chooses.random()))
            taken.append(await person.run(filtering=True))
        if not person.toggle or not person.seen:
            raise SystemExit("sessions.py: the page showed neither the filter nor the day")
    return taken


async def crowd(people: int, filters: int, think: float) -> list[float]:
    """Return the seconds of all filters of all people."""
    visits = (visit(number, filters, think) for number in range(people))
    return [seconds for one in await asyncio.gather(*visits) for seconds in one]


def resident_mb(process: int) -> float:
    """Return the memory of a process in MB (Linux), or NaN."""
    status = Path(f"/proc/{process}/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    found = [line.split()[1] for line in lines if line.startswith("VmRSS")]
    return int(found[0]) / 1024 if found else float("nan")


def main() -> None:
    """Serve, let people in, and print what a filter took."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--filters", type=int, default=10)
    parser.add_argument("--think", type=float, default=3.0, help="seconds between two filters")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = f"sqlite:///{Path(folder).as_posix()}/maillage.db"
        command = ["-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(PORT)]
        server = subprocess.Popen(
            [sys.executable, *command],
            env={**os.environ, "MAILLAGE_STORE": store},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            time.sleep(5)
            asyncio.run(crowd(1, 1, 0.1))  # the first visit loads the bundled ecosystem
            before = resident_mb(server.pid)
            taken = asyncio.run(crowd(asked.people, asked.filters, asked.think))
            after = resident_mb(server.pid)
        finally:
            server.terminate()
            server.wait()
    tail = statistics.quantiles(taken, n=20)[-1]
    print(f"{asked.people} people, {len(taken)} filters: no session saw another's selection")
    print(
        f"  median {statistics.median(taken):.3f} s, 95th percentile {tail:.3f} s (goal: under 1)"
    )
    print(f"  server {after:.0f} MB; {(after - before) / asked.people:.1f} MB a session")


if __name__ == "__main__":
    main()
