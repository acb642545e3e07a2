"""The pages over a Neo4j server, opened with ``maillage app``: they show what a file shows."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from explorer.services.copying import copy_network
from tests.app.pages.conftest import PATIENCE_MS, Site, Visit, free_port, url_of
from tests.app.pages.test_browser import at_rest
from tests.support.neo4j_server import TestDatabase, give_credentials

pytestmark = [pytest.mark.browser, pytest.mark.neo4j]

DAY = "?date=2026-11-22"
APP = ("-c", "from explorer.cli import main; main()", "app", "--port")


@pytest.fixture(scope="module")
def server_site(
    browser: Browser, bundled: Path, neo4j_server: TestDatabase, tmp_path_factory
) -> Iterator[Site]:
    """Serve the bundled ecosystem from a Neo4j server."""
    folder = tmp_path_factory.mktemp("neo4j-site")
    neo4j_server.empty()
    with pytest.MonkeyPatch.context() as patch:
        give_credentials(patch, neo4j_server.server)
        copy_network(url_of(bundled), neo4j_server.url)
        environment = {
            "MAILLAGE_STORE": neo4j_server.url,
            "XDG_CONFIG_HOME": str(folder / "config"),
        }
        served = Site(bundled, folder, free_port(), environment, APP)
    try:
        yield served.wait(browser)
    finally:
        served.stop()


def settled(page: Page) -> list[str]:
    """Return the text of the page once it has stopped changing: parts of it come one by one."""
    before: list[str] = []
    for _ in range(40):
        at_rest(page)
        now = page.get_by_test_id("stMain").inner_text().splitlines()
        if now == before:
            return now
        before = now
        page.wait_for_timeout(1_000)
    pytest.fail("the page never came to rest")


def seen(context: BrowserContext, site: Site) -> dict[str, object]:
    """Return what a person sees of the network, a partner's sheet, what is loaded, the analysis."""
    visit = Visit(context, site)
    with closing(visit.page):
        page = visit.open_map(DAY)
        expect(page.locator("h1")).to_have_text("Réseau et carte")
        found: dict[str, object] = {
            "nodes": page.locator(".mc").evaluate("e => [...e.maillage.scene.nodes.keys()].sort()"),
            "title": page.locator(".mc-title").first.inner_text(),
        }
        panel = page.locator(".st-key-beside .panel, .st-key-sheet_box .panel").first
        found["partners"] = panel.inner_text()
        panel.get_by_role("button", name="Clinique Boyer").click()
        expect(panel.get_by_role("heading", name="Clinique Boyer")).to_be_visible()
        found["sheet"] = panel.inner_text()
        page.get_by_role("link", name="Données").click()
        expect(page.get_by_role("heading", name="Données", level=2)).to_be_visible()
        page.locator(".panel table").first.wait_for()
        found["held"] = page.locator(".panel table").first.inner_text()
        page.get_by_role("link", name="Analyse").click()
        expect(page.get_by_text(re.compile("Un registre est vu depuis"))).to_be_visible()
        expect(page.get_by_text("Situation au 22 novembre 2026").first).to_be_visible()
        found["analysis"] = settled(page)
        assert visit.outside() == []
        assert visit.troubles == []
    return found


def test_the_pages_show_what_they_show_of_a_file(
    browser: Browser, site: Site, server_site: Site, neo4j_server: TestDatabase
):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    with closing(context):
        on_server = seen(context, server_site)
        on_file = seen(context, site)
        for name, shown in on_server.items():
            assert shown == on_file[name], name
    assert len(on_server["nodes"]) > 20
    assert "Attestée" in on_server["sheet"]
    assert neo4j_server.server.password not in server_site.log()
    assert "Traceback" not in server_site.log()
