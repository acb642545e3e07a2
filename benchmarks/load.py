"""From file to committed store, beside a bare read of the same file (DESIGN.md section 9).

    python benchmarks/load.py                       every layout at 10,000, 30,000 and 100,000 rows
    python benchmarks/load.py --layout finess-json --size 100000 --repeat 1

Each measure runs in a process of its own, which reports the seconds between the file and the
commit (imports apart) and the most memory it ever held (imports included). The bare read, the
load and the unchanged reload follow one another in every round, and the best round counts: on a
machine that does other work, the least disturbed one. The store already holds the bundled
ecosystem and the territories of France, as on the first start of the program.

The files are synthetic (benchmarks/layouts.py). Nothing here is a timed test: ratios are printed.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import math
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parent.parent))

from benchmarks.layouts import LAYOUTS, Layout  # noqa: E402 - needs the path above

SIZES = (10_000, 30_000, 100_000)
ROUNDS = 3
STEPS = ("bare", "load", "reload")
MAKE = ("prepare", "write")
GOALS = {"pandas": (6.0, 4.0), "ijson": (2.5, None), "calamine": (None, None)}
"""Goal of the load and of the unchanged reload, as multiples of the bare read."""
IMPORTS = {"pandas": ("pandas",), "ijson": ("ijson",), "calamine": ("python_calamine",)}
"""What the bare read of each peer imports; pyarrow brings pandas along where CSV are loaded."""
PEAK_GOAL_MB = 400
SLOPE_GOAL = 1.15

Measure = dict[str, float]


def bare(layout: Layout, path: Path) -> int:
    """Read the file with the peer and keep nothing of it but the number of rows."""
    kind, *options = layout.peer
    if kind == "pandas":
        return _bare_pandas(path, *options)
    if kind == "ijson":
        return _bare_ijson(path, *options)
    return _bare_calamine(path)


def _bare_pandas(path: Path, separator: str, encoding: str, header: str) -> int:
    import pandas as pd

    shape = {} if header else {"header": None, "names": range(32), "skiprows": 1}
    frame = pd.read_csv(
        path, sep=separator, encoding=encoding, dtype=str, keep_default_na=False, **shape
    )
    return len(frame)


def _bare_ijson(path: Path, prefix: str) -> int:
    import ijson

    with gzip.open(path) as stream:
        return sum(1 for _ in ijson.items(stream, prefix))


def _bare_calamine(path: Path) -> int:
    from python_calamine import CalamineWorkbook

    return len(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python())


def load(layout: Layout, path: Path, store: Path) -> int:
    """Load the file into the store, as the command does."""
    from explorer.services.loading import run_load
    from graph.store.open import open_store

    opened = open_store(f"sqlite:///{store}")
    try:
        return run_load(opened, layout.source, [path]).report.kept
    finally:
        opened.close()


def measured(step: str, layout: Layout, path: Path, store: Path) -> Measure:
    """Measure one step in this process."""
    for name in IMPORTS[layout.peer[0]]:  # imports are apart
        importlib.import_module(name)
    if step != "bare":
        importlib.import_module("explorer.services.loading")
    began, worked = time.perf_counter(), time.process_time()
    rows = bare(layout, path) if step == "bare" else load(layout, path, store)
    return {
        "rows": rows,
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - worked,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def in_process(step: str, layout: Layout, path: Path, store: Path, size: int = 0) -> Measure:
    """Do one step in a fresh process and return what it measured."""
    command = [sys.executable, str(HERE), "--step", step, "--layout", layout.name]
    done = subprocess.run(
        [*command, "--file", str(path), "--store", str(store), "--size", str(size)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: Measure = json.loads(done.stdout)
    return found


def rounds(
    layout: Layout, path: Path, folder: Path, prepared: Path, count: int
) -> dict[str, Measure]:
    """Return the best of `count` rounds for each step."""
    found: dict[str, list[Measure]] = defaultdict(list)
    for _ in range(count):
        store = folder / "store.db"
        shutil.copyfile(prepared, store)
        for step in STEPS:
            found[step].append(in_process(step, layout, path, store))
        for left in folder.glob("store.db*"):
            left.unlink()
    return {step: _best(items) for step, items in found.items()}


def _best(items: Sequence[Measure]) -> Measure:
    best = min(items, key=lambda item: item["seconds"])
    return best | {name: min(item[name] for item in items) for name in ("cpu", "peak_mb")}


def slope(points: dict[int, Measure], value: Callable[[Measure], float]) -> float | None:
    """Return the slope of the least-squares line through the points, both axes logarithmic."""
    if len(points) < 2:  # noqa: PLR2004 - a line takes two points
        return None
    xs = [math.log(size) for size in points]
    ys = [math.log(value(item)) for item in points.values()]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    up = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    return up / sum((x - middle_x) ** 2 for x in xs)


def make(step: str, layout: Layout, path: Path, store: Path, size: int) -> None:
    """Write the file, or a store as the first start of the program makes it."""
    if step == "write":
        layout.write(path, size)
        return
    from explorer.services.loading import load_bundled
    from graph.store.open import open_store

    opened = open_store(f"sqlite:///{store}")
    load_bundled(opened)
    opened.close()


def run(layouts: Sequence[Layout], sizes: Sequence[int], count: int, out: Path | None) -> None:
    """Measure `layouts` at `sizes`, print ratios and slopes, and write all figures to `out`."""
    figures: dict[str, dict[int, dict[str, Measure]]] = {}
    with tempfile.TemporaryDirectory(prefix="maillage-load-") as name:
        folder = Path(name)
        prepared = folder / "prepared.db"
        in_process("prepare", layouts[0], folder, prepared)
        print(f"{'layout':<24}{'rows':>8}{'MB':>7}     bare    load  reload   ratios, peak")
        for layout in layouts:
            figures[layout.name] = {}
            for size in sizes:
                path = folder / layout.file
                in_process("write", layout, path, prepared, size)
                figures[layout.name][size] = found = rounds(layout, path, folder, prepared, count)
                _print_row(layout, size, path.stat().st_size / 1e6, found)
                path.unlink()
            _print_slope(figures[layout.name])
    if out:
        out.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def _print_row(layout: Layout, size: int, megabytes: float, found: dict[str, Measure]) -> None:
    assert found["load"]["rows"] >= 0.9 * size, found  # a benchmark of rejections is worth nothing
    seconds = [found[step]["seconds"] for step in STEPS]
    first, again = GOALS[layout.peer[0]]
    print(
        f"{layout.name:<24}{size:>8}{megabytes:>7.1f}  "
        + "".join(f"{value:>7.2f}s" for value in seconds)
        + f"   load {_against(seconds[1] / seconds[0], first)}"
        + f", reload {_against(seconds[2] / seconds[0], again)}"
        + f", peak {found['load']['peak_mb']:.0f} MB (bare {found['bare']['peak_mb']:.0f})",
        flush=True,
    )


def _against(ratio: float, goal: float | None) -> str:
    return f"{ratio:.2f}x" + (f" (goal {goal:g})" if goal else "")


def _print_slope(points: dict[int, dict[str, Measure]]) -> None:
    for step in ("load", "reload"):
        found = slope({size: item[step] for size, item in points.items()}, lambda m: m["seconds"])
        if found is not None:
            print(f"{'':<24}growth of {step}: slope {found:.2f} (goal {SLOPE_GOAL})", flush=True)


def main() -> None:
    """Read the command line."""
    names = [layout.name for layout in LAYOUTS]
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--layout", action="append", choices=names)
    parser.add_argument("--size", action="append", type=int)
    parser.add_argument("--repeat", type=int, default=ROUNDS)
    parser.add_argument("--json", type=Path, help="file for all figures")
    parser.add_argument("--step", choices=(*STEPS, *MAKE), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--store", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    layouts = [item for item in LAYOUTS if not given.layout or item.name in given.layout]
    if given.step in MAKE:
        make(given.step, layouts[0], given.file, given.store, given.size[0])
        print("{}")
    elif given.step:
        print(json.dumps(measured(given.step, layouts[0], given.file, given.store)))
    else:
        run(layouts, given.size or SIZES, given.repeat, given.json)


if __name__ == "__main__":
    main()
