"""Time and peak memory of each export format (issue 8): the bundled ecosystem and 1,000 structures.

    python benchmarks/export.py                    every case
    python benchmarks/export.py --only svg         cases whose name contains it

Each case runs in a process of its own, so that its peak is its own; what it takes to import and to
read the store is measured apart (`ready`). Structures of the second size are synthetic, with a
dense centre. A new format is a line in :data:`CASES`. Nothing here is a timed test.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

DAY = date(2026, 11, 22)
FOCUS = "ght:940110018"
BEHIND = ("departement:94", "departement:91")
STRUCTURES = 1000
DENSE = 60
LOAD = "load"

Make = Callable[[], bytes]


class Case(NamedTuple):
    """A case: its name, and what makes ready; the function that this returns is what is timed."""

    name: str
    ready: Callable[[Path], Make]


def bundled(kind: str, form: str, dpi: int = 200, page: str = "16:9") -> Callable[[Path], Make]:
    """Return a figure of the bundled ecosystem, from its store to the bytes of the file."""

    def ready(folder: Path) -> Make:
        from explorer.selection import Selection
        from explorer.services.figures import FigureQuestion, FigureSpec, render_figure
        from graph.store.open import open_store

        store = open_store(address(folder))
        question = FigureQuestion(
            selection=Selection(focus=FOCUS, on=DAY), behind=BEHIND, structure="940100027"
        )
        spec = FigureSpec(kind=kind, format=form, dpi=dpi, page=page)
        return lambda: render_figure(store, question, spec)

    return ready


def thousand(form: str, dpi: int = 200, page: str = "16:9") -> Callable[[Path], Make]:
    """Return the network of 1,000 synthetic structures, from its view to the bytes."""

    def ready(_folder: Path) -> Make:
        from explorer.figures.making import Style
        from explorer.figures.networks import network_map
        from explorer.figures.paper import paper_of, theme_of
        from explorer.figures.render import render
        from tests.support.figure_views import view_of

        view = view_of(STRUCTURES, dense=DENSE)
        style = Style(paper_of(page, "landscape"), theme_of("light"), "fr")
        return lambda: render(network_map(view, style), form, dpi)

    return ready


FIGURES = (
    "territoire",
    "reseau",
    "couverture",
    "matrice",
    "frise",
    "classement",
    "portrait",
    "fiche",
)
FORMATS = ("png", "svg", "pdf")
CASES: tuple[Case, ...] = (
    *(Case(f"{kind} {form}", bundled(kind, form)) for kind in FIGURES for form in FORMATS),
    Case("territoire png A3 600 dpi", bundled("territoire", "png", 600, "A3")),
    *(Case(f"1000 territoire {form}", thousand(form)) for form in FORMATS),
    Case("1000 territoire png A3 600 dpi", thousand("png", 600, "A3")),
)


def address(folder: Path) -> str:
    """Return the store of the bundled ecosystem."""
    return f"sqlite:///{(folder / 'bundled.db').as_posix()}"


def load(folder: Path) -> None:
    """Load the bundled ecosystem and the territories."""
    from explorer.services.loading import load_bundled, load_territories
    from graph.store.open import open_store

    store = open_store(address(folder))
    load_territories(store)
    load_bundled(store)
    store.close()


def measure(case: Case, folder: Path) -> dict[str, Any]:
    """Run a case in this process: seconds, megabytes, bytes."""
    start = time.perf_counter()
    make = case.ready(folder)
    ready = time.perf_counter() - start
    start = time.perf_counter()
    first = make()
    taken = time.perf_counter() - start
    peak = peak_megabytes()
    assert make() == first, f"{case.name}: not the same bytes twice"
    return {"ready": ready, "seconds": taken, "peak": peak, "bytes": len(first)}


def peak_megabytes() -> float:
    """Return the largest memory of this program alone, where the system says it (Linux)."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure every case in a process of its own, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", default="")
    parser.add_argument("--case", default=None, help=argparse.SUPPRESS)
    parser.add_argument("--folder", default=None, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.case == LOAD:
        load(Path(given.folder))
        return
    if given.case is not None:
        case = next(item for item in CASES if item.name == given.case)
        print(json.dumps(measure(case, Path(given.folder))))
        return
    with tempfile.TemporaryDirectory() as folder:
        # a child's record of its peak begins with its parent's, which must stay small
        run = [sys.executable, __file__, "--case", LOAD, "--folder", folder]
        subprocess.run(run, check=True)
        print(f"{'case':34} {'ready s':>8} {'make s':>8} {'peak MB':>8} {'file kB':>8}")
        for case in CASES:
            if given.only in case.name:
                report(case, folder)


def report(case: Case, folder: str) -> None:
    """Print the line of a case."""
    run = [sys.executable, __file__, "--case", case.name, "--folder", folder]
    ran = subprocess.run(run, check=True, capture_output=True, text=True)
    found = json.loads(ran.stdout)
    print(
        f"{case.name:34} {found['ready']:8.2f} {found['seconds']:8.2f} "
        f"{found['peak']:8.0f} {found['bytes'] / 1024:8.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
