"""Several people at once: how long a filter takes when ten sessions use one server.

    python benchmarks/sessions.py                  10 people, 10 filters each, 3 s between two
    python benchmarks/sessions.py --page all       every page one after the other
    python benchmarks/sessions.py --people 20 --filters 5 --think 1

Serves the bundled ecosystem from a folder of its own and speaks Streamlit's own protocol with it,
as ten browsers would, each with a day of its own. A page is first run by one person alone. A
filter is timed from the click until all that the page then shows has arrived; what a browser needs
to draw it is timed in ``explorer.py``. Every message is read: a day that is another person's ends
the run.
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
from typing import NamedTuple

from websockets.asyncio.client import connect

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.support.session_client import Person

PORT = 8599
ADDRESS = f"ws://127.0.0.1:{PORT}/_stcore/stream"
RUNS_ALONE = 8
WITH_DAY = ("", "reseau", "analyse", "conventions")
"""Pages that write the day looked at as the sessions' reader knows it, and bear the filter."""
FIRST_DAY = date(2023, 1, 2)


class Times(NamedTuple):
    """Seconds of one page: of a run alone after the first, and of filters among all people.

    `worked` is what the server's processor worked for a filter, however busy the computer was.
    """

    alone: list[float]
    filters: list[float]
    worked: float


async def visit(number: int, page: str, filters: int, think: float) -> list[float]:
    """Return the seconds that each filter of a page took one person."""
    taken = []
    async with connect(ADDRESS, max_size=None) as line:
        person = Person(line, FIRST_DAY + timedelta(days=number))
        person.go(page)
        await person.run(filtering=False)
        chooses = random.Random(number)  # noqa: S311 - pauses, no secret
        for _ in range(filters):
            await asyncio.sleep(think * (0.5 + chooses.random()))
            taken.append(await person.run(filtering=True))
        if person.faults or (page in WITH_DAY and not (person.toggle and person.seen)):
            raise SystemExit(f"sessions.py: « {page} » showed neither the filter nor the day")
    return taken


async def crowd(people: int, page: str, filters: int, think: float) -> list[float]:
    """Return the seconds of all filters of all people on a page."""
    visits = (visit(number, page, filters, think) for number in range(people))
    return [seconds for one in await asyncio.gather(*visits) for seconds in one]


async def addresses() -> list[str]:
    """Return the addresses of the pages; the first visit loads the bundled ecosystem."""
    async with connect(ADDRESS, max_size=None) as line:
        person = Person(line, FIRST_DAY)
        await person.run(filtering=False)
        return person.pages


def measured(page: str, asked: argparse.Namespace, server: int) -> Times:
    """Return the times of a page: one person first, then all."""
    asyncio.run(crowd(1, page, 2, 0.1))
    alone = asyncio.run(crowd(1, page, RUNS_ALONE, 0.1))
    before = processor_seconds(server)
    filters = asyncio.run(crowd(asked.people, page, asked.filters, asked.think))
    worked = processor_seconds(server) - before
    return Times(alone, filters, worked / (asked.people * (asked.filters + 1)))


def processor_seconds(process: int) -> float:
    """Return the seconds that a process has worked (Linux), or NaN."""
    stat = Path(f"/proc/{process}/stat")
    if not stat.exists():
        return float("nan")
    fields = stat.read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(process: int) -> float:
    """Return the memory of a process in MB (Linux), or NaN."""
    status = Path(f"/proc/{process}/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    found = [line.split()[1] for line in lines if line.startswith("VmRSS")]
    return int(found[0]) / 1024 if found else float("nan")


def main() -> None:
    """Serve, let people in, and print what a filter took."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--page", default="reseau", help="address of a page, or: all")
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--filters", type=int, default=10)
    parser.add_argument("--think", type=float, default=3.0, help="seconds between two filters")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = f"sqlite:///{Path(folder).as_posix()}/maillage.db"
        command = ["-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(PORT)]
        server = subprocess.Popen(
            [sys.executable, *command],
            env={**os.environ, "MAILLAGE_STORE": store, "XDG_CONFIG_HOME": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            time.sleep(5)
            offered = asyncio.run(addresses())
            pages = offered if asked.page == "all" else [asked.page]
            before = resident_mb(server.pid)
            found = {page: measured(page, asked, server.pid) for page in pages}
            after = resident_mb(server.pid)
        finally:
            server.terminate()
            server.wait()
    show(found, asked)
    print(f"  server {after:.0f} MB, {after - before:.0f} MB more than before these people came")


def show(found: dict[str, Times], asked: argparse.Namespace) -> None:
    """Print what each page took."""
    print(f"{asked.people} people, {asked.filters} filters each, seconds:")
    print("  goals: one alone under 0.2, p95 under 1; « worked »: processor of the server a run")
    print("  page          one alone  | all: median      p95   worked")
    for page, times in found.items():
        tail = statistics.quantiles(times.filters, n=20)[-1]
        middle = statistics.median(times.filters)
        alone = statistics.median(times.alone)
        print(f"  /{page:<12} {alone:9.3f}  | {middle:11.3f} {tail:8.3f} {times.worked:8.3f}")
    print("  no session saw another's day")


if __name__ == "__main__":
    main()
