"""Stores for the pages: the bundled ecosystem over two départements, and copies to be changed."""

import os
import shutil
import socket  # noqa: TID251 - to find a free port on this computer
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import Error as PlaywrightError

from explorer.services.loading import run_load
from graph.store.open import open_store
from loaders.base import LoadContext
from tests.support.confluence_synthetic import FOCUS, synthetic_store

CHECKOUT = Path(__file__).resolve().parents[3]
PATIENCE_MS = 40_000
"""A page may start slowly on a computer that runs other tests; what is right ends the wait."""
expect.set_options(timeout=PATIENCE_MS)
DEPARTEMENTS = ("94", "91", "75", "77", "92", "93")


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store that holds the bundled ecosystem and the territories around it."""
    path = tmp_path_factory.mktemp("bundled") / "maillage.db"
    store = open_store(f"sqlite:///{path.as_posix()}")
    run_load(store, "territoires", context=LoadContext(departements=DEPARTEMENTS))
    run_load(store, "reference")
    store.close()
    return path


@pytest.fixture
def own_store(bundled: Path, tmp_path: Path) -> Path:
    """Give a copy of the bundled store that a test may change."""
    return Path(shutil.copy(bundled, tmp_path / "own.db"))


@pytest.fixture
def settings_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the profiles of a test out of the user's own folder."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"


class Site:
    """The application, served on this computer over a store of its own."""

    def __init__(
        self,
        store: Path,
        folder: Path,
        port: int,
        environment: dict[str, str],
        command: Sequence[str] = ("-m", "streamlit", "run", "streamlit_app.py", "--server.port"),
    ) -> None:
        self.store = store
        self.address = f"http://127.0.0.1:{port}"
        self._log = (folder / "server.log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, *command, str(port)],
            cwd=CHECKOUT,
            stdout=self._log,
            stderr=self._log,
            env={**os.environ, "BROWSER": "none", "MAILLAGE_STORE": url_of(store), **environment},
        )

    def wait(self, browser: Browser) -> "Site":
        request = browser.new_context().request
        for _ in range(200):
            assert self._process.poll() is None, "the server stopped"
            try:
                if request.get(f"{self.address}/_stcore/health").ok:
                    return self
            except PlaywrightError:
                time.sleep(0.2)
        pytest.fail("the server did not start in 40 s")

    def log(self) -> str:
        return Path(self._log.name).read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)
        self._log.close()


def url_of(store: Path) -> str:
    return f"sqlite:///{store.as_posix()}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def site(
    browser: Browser, bundled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Serve a copy of the bundled store to the tests of a module."""
    folder = tmp_path_factory.mktemp("site")
    store = Path(shutil.copy(bundled, folder / "site.db"))
    environment = {"XDG_CONFIG_HOME": str(folder / "config")}
    served = Site(store, folder, free_port(), environment)
    try:
        yield served.wait(browser)
    finally:
        served.stop()


@pytest.fixture(scope="module")
def hostile_site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the synthetic network, whose names are hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    synthetic_store(folder).close()
    environment = {"MAILLAGE_FOCUS": FOCUS, "MAILLAGE_TERRITORIES": "departement:99"}
    served = Site(folder / "synthetic.db", folder, free_port(), environment)
    try:
        yield served.wait(browser)
    finally:
        served.stop()


class Visit:
    """A person in front of a page, and what went wrong around them."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.site = site
        self.context = context
        self.page = context.new_page()
        self.requests: list[str] = []
        self.troubles: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        self.page.on("dialog", self._dialog)

    def _dialog(self, dialog: Any) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open(self, link: str = "") -> Page:
        self.page.goto(f"{self.site.address}/{link}")
        return self.page

    def open_map(self, link: str = "") -> Page:
        page = self.open(f"reseau{link}")
        page.locator(".mc[data-frame]").wait_for()
        page.locator(".panel details, .panel article").first.wait_for()
        return page

    def click_node(self, structure: str) -> None:
        """Click a structure where the canvas draws it."""
        at = self.page.locator(".mc").evaluate(
            "(e, id) => { const v = e.maillage, n = v.scene.nodes.get(id);"
            " return v.camera.toScreen(n.x, n.y); }",
            structure,
        )
        box = self.page.locator(".mc-stage").bounding_box()
        assert box is not None
        self.page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])

    def outside(self) -> list[str]:
        """Return the requests to any host but our own."""
        own = urlsplit(self.site.address).netloc
        split = [(url, urlsplit(url)) for url in self.requests]
        schemes = ("http", "https", "ws", "wss")
        return [url for url, parts in split if parts.scheme in schemes and parts.netloc != own]


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Give one context a module: what the browser has fetched once, it keeps."""
    made = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


@pytest.fixture
def visit(context: BrowserContext, site: Site) -> Iterator[Visit]:
    found = Visit(context, site)
    yield found
    found.page.close()


@pytest.fixture
def hostile_visit(context: BrowserContext, hostile_site: Site) -> Iterator[Visit]:
    found = Visit(context, hostile_site)
    yield found
    found.page.close()
