"""The canvas in a real browser, beside plain pyvis (default physics, in an iframe), in one run.

    python benchmarks/explorer.py                  200/400, 1,000/3,000 and 5,000/20,000
    python benchmarks/explorer.py 1000 3000        one size (structures, ties)
    python benchmarks/explorer.py --ours           without plain pyvis
    python benchmarks/explorer.py --patience 20    how long plain pyvis is waited for, in seconds

Times are in the browser, from the start of the navigation unless said otherwise, the median of
some runs. `MAILLAGE_CHROMIUM` names the browser. Goals are those of DESIGN.md section 9.
"""

from __future__ import annotations

import argparse
import os
import socket  # noqa: TID251 - to find a free port on this computer
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, sync_playwright
from playwright.sync_api import Error as PlaywrightError

SIZES = ((200, 400), (1000, 3000), (5000, 20000))
APP = Path(__file__).with_name("explorer_app.py")
CHROMIUM = os.environ.get("MAILLAGE_CHROMIUM", "/usr/bin/chromium")
SESSIONS = 5
REPEATS = 3
WARMING_MS = 6_000
FIND = (
    "const find = root => { for (const e of root.querySelectorAll('*')) {"
    " if (e.maillage) return e.maillage; const f = e.shadowRoot && find(e.shadowRoot);"
    " if (f) return f; } }; const v = find(document);"
)
MARKS = (
    "() => ['data', 'frame'].map(n => performance.getEntriesByName(`maillage:${n}`)"
    ".map(e => e.startTime))"
)


@contextmanager
def server() -> Iterator[tuple[str, int]]:
    """Serve the application of this benchmark; give its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "streamlit", "run", str(APP), f"--server.port={port}"]
    process = subprocess.Popen(
        [*command, "--server.headless=true"],
        cwd=APP.parents[1],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def open_page(browser: Browser, address: str, query: str, ready: str) -> Page:
    """Open the application once it is up, and wait for `ready`."""
    page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    for _ in range(100):
        try:
            page.goto(f"{address}/?{query}")
            break
        except PlaywrightError:
            time.sleep(0.3)
    page.locator(ready).first.wait_for(state="attached", timeout=120_000)
    return page


def ours(browser: Browser, address: str, query: str) -> dict[str, float]:
    """Return first frame and rest of a warm load, and the time from data to frame, in ms."""
    page = open_page(browser, address, query, ".mc[data-frame]")
    found: dict[str, list[float]] = {"first paint": [], "still": [], "data to frame": []}
    for _ in range(REPEATS):
        page.reload()
        page.locator(".mc[data-frame]").wait_for(timeout=120_000)
        page.wait_for_timeout(1500)
        data, frames = page.evaluate(MARKS)
        found["first paint"].append(frames[0])
        found["still"].append(frames[-1])
        found["data to frame"].append(frames[0] - max(at for at in data if at < frames[0]))
    page.context.close()
    return {name: statistics.median(times) for name, times in found.items()}


def launch(playwright: Playwright) -> Browser:
    """Start a browser."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


def pyvis(playwright: Playwright, address: str, query: str, patience: float) -> dict[str, float]:
    """Return the same of plain pyvis, as its page tells; what never came is infinite.

    The page is not asked: its simulation leaves it no time to answer. It has a browser of its own,
    since it may take it down.
    """
    link = f"{address}/?{query}&plain=1"
    listen(playwright, address, link, WARMING_MS / 1000)  # what the server makes once is made
    began, seen = listen(playwright, address, link, patience)
    never = float("inf")
    words = {"first paint": "first", "still": "still"}
    return {name: seen.get(word, never) - began for name, word in words.items()}


def listen(
    playwright: Playwright, address: str, link: str, patience: float
) -> tuple[float, dict[str, float]]:
    """Return when a visit to plain pyvis began, and when it said what, in ms since 1970."""
    browser = launch(playwright)
    page = open_page(browser, address, "partners=1&supply=1&ties=1", "body")
    seen: dict[str, float] = {}

    def hear(line: ConsoleMessage) -> None:
        said = line.text.split()
        if said[:1] == ["pyvis"]:
            seen.setdefault(said[1], float(said[2]))

    page.on("console", hear)
    began = time.time() * 1000
    with suppress(PlaywrightError):  # the page crashed: it says no more
        page.goto(link, wait_until="commit")
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and "still" not in seen:
            page.wait_for_timeout(200)
    with suppress(PlaywrightError):
        browser.close()
    return began, seen


def rest(page: Page) -> None:
    """Wait until the server has answered all that was asked and the canvas shows it."""
    page.locator('[data-test-script-state="notRunning"]').wait_for(timeout=60_000)
    page.wait_for_timeout(900)


def filter_time(page: Page) -> float:
    """Return the time from a click on a filter to the frame that shows it, in ms."""
    rest(page)
    page.evaluate(
        f"() => {{ {FIND} window.began = null; window.shown = null;"
        " const before = v.digests.network;"
        " addEventListener('click', () => { window.began ??= performance.now(); },"
        " {capture: true, once: true});"
        " v.network.on('afterDrawing', () => { if (v.digests.network !== before)"
        " window.shown ??= performance.now(); }); }"
    )
    page.get_by_text("Filter", exact=True).click()
    page.wait_for_function("() => window.shown", timeout=60_000)
    page.wait_for_timeout(600)
    return float(page.evaluate("() => window.shown - window.began"))


def move_rate(page: Page) -> float:
    """Return the frames a second of a move between map and network."""
    frames, seconds = page.evaluate(
        f"() => new Promise(done => {{ {FIND} let frames = 0, began, last;"
        " v.network.on('afterDrawing', () => { if (!v.morph) return; frames += 1;"
        " last = performance.now(); began ??= last; });"
        " v.setLayout(v.scene.layout === 'carte' ? 'reseau' : 'carte');"
        " const wait = () => v.morph ? requestAnimationFrame(wait)"
        " : done([frames, (last - began) / 1000]); requestAnimationFrame(wait); })"
    )
    page.wait_for_timeout(1500)
    return (frames - 1) / seconds if seconds else float("nan")


def interactions(browser: Browser, address: str, query: str) -> dict[str, float]:
    """Return what a filter, a move, and the bytes of each interaction cost."""
    page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    received: list[int] = []
    page.on(
        "websocket",
        lambda ws: ws.on("framereceived", lambda frame: received.append(len(frame))),
    )
    page.goto(f"{address}/?{query}")
    page.locator(".mc[data-frame]").wait_for(timeout=120_000)
    page.wait_for_timeout(1500)
    found = {"bytes: first load": float(sum(received))}

    def weigh(name: str, act: Callable[[], object]) -> object:
        rest(page)
        received.clear()
        result = act()
        rest(page)
        found[f"bytes: {name}"] = float(sum(received))
        return result

    def do(code: str) -> Callable[[], object]:
        return lambda: page.evaluate(f"() => {{ {FIND} {code} }}")

    weigh("choose a structure", do("v.pick({kind: 'node', id: 'p3'});"))
    weigh("hide one", do("v.hideChosen();"))
    weigh("undo", do("v.step('undo');"))
    first = weigh("filter", lambda: filter_time(page))
    times = [float(first)] + [filter_time(page) for _ in range(2 * REPEATS)]  # type: ignore[arg-type]
    found["filter, ms"] = statistics.median(times)
    found["move, frames a second"] = statistics.median([move_rate(page) for _ in range(4)])
    page.context.close()
    return found


def resident(process: int) -> float:
    """Return the resident memory of a process, in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    line = next(row for row in status.splitlines() if row.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def memory(browser: Browser, address: str, process: int, query: str) -> float:
    """Return what one more session costs the server, in MB."""
    open_pages = [open_page(browser, address, query, ".mc[data-frame]")]
    before = resident(process)
    open_pages += [open_page(browser, address, query, ".mc[data-frame]") for _ in range(SESSIONS)]
    grown = resident(process) - before
    for page in open_pages:
        page.context.close()
    return grown / SESSIONS


def compare(playwright: Playwright, nodes: int, ties: int, patience: float | None) -> None:
    """Measure one size on both sides, or ours only without `patience`, and print it."""
    browser = launch(playwright)
    partners = nodes * 2 // 5
    query = f"partners={partners}&supply={nodes - partners}&ties={ties}"
    print(f"\n{nodes:,} structures, {ties:,} ties", flush=True)
    with server() as (address, process):
        mine = ours(browser, address, query)
        more = interactions(browser, address, query)
        session = memory(browser, address, process, query)
    browser.close()
    print(f"{'data to first frame':22}{mine.pop('data to frame'):9.0f} ms")
    for name, value in more.items():
        print(f"{name:22}{value:12,.0f}" if "bytes" in name else f"{name:22}{value:12.1f}")
    print(f"{'memory a session':22}{session:9.1f} MB")
    if patience is None:
        for name, quick in mine.items():
            print(f"{name:22}{quick / 1000:10.2f} s", flush=True)
        return
    print(f"{'':22}{'ours':>12}{'pyvis':>14}{'ratio':>9}", flush=True)
    with server() as (address, _):
        theirs = pyvis(playwright, address, query, patience)
    for name, quick in mine.items():
        never = theirs[name] == float("inf")
        slow = patience * 1000 if never else theirs[name]
        said = f"{'> ' * never}{slow / 1000:.2f} s"
        ratio = f"{'> ' * never}{slow / quick:.1f}x"
        print(f"{name:22}{quick / 1000:10.2f} s{said:>14}{ratio:>9}", flush=True)


def main() -> None:
    """Run the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", nargs="*", type=int)
    parser.add_argument("--ours", action="store_true")
    parser.add_argument("--patience", type=float, default=60.0)
    asked = parser.parse_args()
    sizes = [tuple(asked.size)] if asked.size else SIZES
    with sync_playwright() as playwright:
        for nodes, ties in sizes:
            compare(playwright, nodes, ties, None if asked.ours else asked.patience)


if __name__ == "__main__":
    main()
