"""Time and peak memory of each export format (issue 8): the bundled ecosystem and 1,000 structures.

    python benchmarks/export.py                    every case
    python benchmarks/export.py --only svg         cases whose name contains it

Each case runs in a process of its own, so that its peak is its own; what it takes to import and to
open the store is measured apart (`ready`). Of the second size are synthetic structures with a dense
centre: `1000 territoire` from their view (1,000 ties), `1000/3000` from a store with 3,000
agreements over the 1,285 communes and municipal arrondissements of Île-de-France. A new format is a
line in :data:`CASES`. Nothing here is a timed test.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from graph.store.port import GraphStore

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

DAY = date(2026, 11, 22)
FOCUS = "ght:940110018"
BEHIND = ("departement:94", "departement:91")
STRUCTURES = 1000
DENSE = 60
LOAD = "load"
BUNDLED, LARGE = "bundled.db", "large.db"
CENTRE, TIES = "990000000", 3000
REGION = tuple(f"departement:{code}" for code in ("75", "77", "78", "91", "92", "93", "94", "95"))

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


def file(form: str, store: str = "bundled.db", **subject: str) -> Callable[[Path], Make]:
    """Return a file as page and command line make it, from its store to its bytes."""

    def ready(folder: Path) -> Make:
        from msgspec.structs import replace

        from explorer.exports.drawn import Subject
        from explorer.exports.registry import format_of
        from explorer.selection import Selection
        from explorer.services.exporting import Request
        from graph.store.open import open_store

        large = store != BUNDLED
        request = Request(
            store=open_store(address(folder, store)),
            selection=Selection(focus=CENTRE if large else FOCUS, on=DAY, restricted=False),
            language="fr",
            behind=REGION if large else BEHIND,
            subject=Subject(**subject),  # type: ignore[arg-type]
        )
        # each time a request of its own: one reads its material once
        fresh = partial(replace, request)
        return lambda: format_of(form).write(fresh())

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
DATA = ("html", "graphml", "gexf", "geojson", "gpkg", "xlsx", "csv", "ics")
CASES: tuple[Case, ...] = (
    *(Case(f"{kind} {form}", bundled(kind, form)) for kind in FIGURES for form in FORMATS),
    Case("territoire png A3 600 dpi", bundled("territoire", "png", 600, "A3")),
    *(Case(form, file(form)) for form in ("pptx", *DATA[:-1])),  # no deadline is stated there
    *(Case(f"{kind} pptx", file("pptx", figure=kind)) for kind in FIGURES[1:-1]),
    Case("comite pdf", file("pdf", pack="comite")),
    *(Case(f"atlas {form}", file(form, pack="atlas")) for form in ("pdf", "pptx")),
    Case("atlas partner pdf", file("pdf", pack="atlas", per="partner")),
    *(Case(f"1000/3000 {form}", file(form, LARGE)) for form in (*FORMATS, "pptx", *DATA)),
    *(Case(f"1000 territoire {form}", thousand(form)) for form in FORMATS),
    Case("1000 territoire png A3 600 dpi", thousand("png", 600, "A3")),
)


def address(folder: Path, name: str = BUNDLED) -> str:
    """Return a store: that of the bundled ecosystem, or the large one."""
    return f"sqlite:///{(folder / name).as_posix()}"


def load(folder: Path) -> None:
    """Load the bundled ecosystem and the territories."""
    from explorer.services.loading import load_bundled, load_territories
    from graph.store.open import open_store

    store = open_store(address(folder))
    load_territories(store)
    load_bundled(store)
    store.close()
    shutil.copy(folder / BUNDLED, folder / LARGE)
    store = open_store(address(folder, LARGE))
    enlarge(store)
    store.close()


def enlarge(store: GraphStore) -> None:
    """Add 1,000 structures in Île-de-France, and 3,000 agreements between two of them."""
    import numpy as np

    from graph.dates import PartialDate
    from graph.model import Cooperation, Party
    from graph.store.port import TerritoryQuery
    from tests.support.coverage_store import batch
    from tests.support.figure_views import FIRST, KINDS
    from tests.support.small_world import structure

    draw = np.random.default_rng(1)
    query = TerritoryQuery(levels=frozenset({"commune"}), parents=frozenset(REGION))
    codes = sorted(item.code for item in store.territories(query))
    places = np.column_stack(
        [draw.uniform(1.6, 3.4, STRUCTURES), draw.uniform(48.2, 49.2, STRUCTURES)]
    )
    places[:DENSE] = draw.uniform((2.34, 48.85), (2.36, 48.86), (DENSE, 2))
    keys = [CENTRE, *(f"99{at:07d}" for at in range(1, STRUCTURES))]
    made = [
        structure(
            key,
            KINDS[at % len(KINDS)],
            name=f"{FIRST[at % len(FIRST)]} synthétique {at}",
            longitude=float(places[at][0]),
            latitude=float(places[at][1]),
            commune=codes[at % len(codes)],
        )
        for at, key in enumerate(keys)
    ]
    others = draw.integers(1, STRUCTURES, (TIES - STRUCTURES + 1, 2))
    pairs = [(CENTRE, key) for key in keys[1:]]
    pairs += [(keys[a], keys[b if a != b else b % (STRUCTURES - 1) + 1]) for a, b in others]
    signed = [
        Cooperation(
            id=f"L-{at}",
            title=f"Convention synthétique {at}",
            type="convention_partenariat",
            parties=tuple(Party(structure=key) for key in pair),
            signed=PartialDate("2020"),
            end=PartialDate("2027-06-30"),
        )
        for at, pair in enumerate(pairs)
    ]
    store.apply(batch("conventions", [*made, *signed], None))


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
