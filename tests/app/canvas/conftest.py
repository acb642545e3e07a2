"""A Streamlit server with the synthetic demo, a browser, and a handle on the canvas."""

import os
import socket  # noqa: TID251 - to find a free port on this computer
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError

DEMO = Path(__file__).with_name("demo_app.py")
CHECKOUT = Path(__file__).resolve().parents[3]
VIEWPORT = {"width": 1400, "height": 1000}
REST_MS = 150  # longer than any wait of the canvas for labels or for a bitmap
CALM = """async (element, rest) => {
  let [frame, since] = [null, performance.now()];
  for (const began = since; performance.now() - began < 9000; ) {
    const now = element.dataset.frame;
    if (now !== frame) [frame, since] = [now, performance.now()];
    else if (performance.now() - since > rest) return true;
    await new Promise((done) => setTimeout(done, 25));
  }
  return false;
}"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    log = (tmp_path_factory.mktemp("demo") / "server.log").open("wb")
    command = [sys.executable, "-m", "streamlit", "run", str(DEMO), f"--server.port={port}"]
    process = subprocess.Popen(
        command, cwd=CHECKOUT, stdout=log, stderr=log, env={**os.environ, "BROWSER": "none"}
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(browser, address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


def wait_until_up(browser: Browser, address: str, process: "subprocess.Popen[bytes]") -> None:
    request = browser.new_context().request
    for _ in range(150):
        assert process.poll() is None, "the demo server stopped"
        try:
            if request.get(f"{address}/_stcore/health").ok:
                return
        except PlaywrightError:
            time.sleep(0.2)
    pytest.fail("the demo server did not start in 30 s")


@dataclass
class Canvas:
    """The canvas of the page: what it shows, and what went wrong around it."""

    page: Page
    requests: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    received: list[int] = field(default_factory=list)

    def listen(self) -> None:
        page = self.page
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        page.on("dialog", self._on_dialog)
        page.on(
            "console",
            lambda line: self.troubles.append(line.text) if line.type == "error" else None,
        )
        page.on("websocket", lambda ws: ws.on("framereceived", self._on_frame))

    def _on_dialog(self, dialog: Any) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _on_frame(self, frame: str | bytes) -> None:
        self.received.append(len(frame))

    def open(self, address: str, **query: object) -> "Canvas":
        words = "&".join(f"{key}={value}" for key, value in query.items())
        self.page.goto(f"{address}/?{words}")
        self.page.wait_for_selector(".mc[data-frame]")
        self.settle()
        return self

    def js(self, body: str, argument: object = None) -> Any:
        """Run `body` with `v` the view of the canvas and `a` the argument."""
        code = f"(element, a) => {{ const v = element.maillage; {body} }}"
        return self.page.locator(".mc").evaluate(code, argument)

    def settle(self) -> None:
        """Wait until no frame was drawn for a while: moves and labels are over."""
        calm = self.page.locator(".mc").evaluate(CALM, REST_MS)
        assert calm, "the canvas never comes to rest"

    def until(self, condition: str, argument: object = None) -> None:
        """Wait for a condition on the view, then for rest."""
        for _ in range(500):
            if self.js(f"return Boolean({condition});", argument):
                return self.settle()
            self.page.wait_for_timeout(40)
        return pytest.fail(f"never true: {condition}")

    def screen(self, node: str) -> tuple[float, float]:
        """Where a node is drawn, in page coordinates."""
        at = self.js("const n = v.scene.nodes.get(a); return v.camera.toScreen(n.x, n.y);", node)
        box = self.page.locator(".mc-stage").bounding_box()
        assert box is not None
        return box["x"] + at["x"], box["y"] + at["y"]

    def click(self, node: str) -> None:
        self.page.mouse.click(*self.screen(node))

    def camera(self) -> tuple[float, float, float]:
        """Scale and centre in metres."""
        scale, (x, y) = self.js("return [v.scale, v.scene.metres(v.network.getViewPosition())];")
        return scale, x, y

    def ids(self) -> set[str]:
        return set(self.js("return [...v.scene.nodes.keys()];"))

    def picked(self, expected: str) -> None:
        """Wait until Python says what was picked."""
        self.page.get_by_text(f"picked: {expected}", exact=True).wait_for()

    def outside(self, address: str) -> list[str]:
        """Requests to any host but our own."""
        own = urlsplit(address).netloc
        schemes = ("http", "https", "ws", "wss")
        split = [(url, urlsplit(url)) for url in self.requests]
        return [url for url, parts in split if parts.scheme in schemes and parts.netloc != own]


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Give one context to all: what the browser has fetched once, it keeps."""
    made = browser.new_context(viewport=VIEWPORT, reduced_motion="reduce")
    yield made
    made.close()


@pytest.fixture
def shown(context: BrowserContext) -> Iterator[Canvas]:
    """A canvas in a page of its own; the test opens it with what it needs."""
    yield from new_canvas(context)


@pytest.fixture(scope="module")
def opened(context: BrowserContext, server: str) -> Iterator[Canvas]:
    for canvas in new_canvas(context):
        yield canvas.open(server)


@pytest.fixture
def calm(opened: Canvas) -> Canvas:
    """A canvas that several tests share, brought back to its first view before each."""
    opened.js("v.escape(); v.panel.stage.blur(); v.fit(false);")
    opened.page.mouse.move(0, 0)
    opened.settle()
    return opened


def new_canvas(context: BrowserContext) -> Iterator[Canvas]:
    canvas = Canvas(context.new_page())
    canvas.listen()
    yield canvas
    canvas.page.close()
