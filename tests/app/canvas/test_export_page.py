"""The exported page in a real browser, opened from the disk as from a USB stick."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import BrowserContext

from explorer.exports.page import write_html
from tests.app.canvas.conftest import Canvas, new_canvas
from tests.app.canvas.synthetic_view import HOSTILE, synthetic_view
from tests.support.axe import grave_findings, script
from tests.support.export_world import export_store, material

pytestmark = pytest.mark.browser

TITLE = f"Le réseau {HOSTILE[0]}"
VIEW = synthetic_view(hostile=True)


@pytest.fixture(scope="module")
def exported(context: BrowserContext, tmp_path_factory) -> Iterator[Canvas]:
    folder = tmp_path_factory.mktemp("clé USB")
    caption = msgspec.structs.replace(VIEW.caption, title=TITLE)
    view = msgspec.structs.replace(VIEW, caption=caption)
    made = msgspec.structs.replace(material(export_store(folder)), view=view)
    page: Path = folder / "réseau n° 1.html"
    page.write_bytes(write_html(made))
    for canvas in new_canvas(context):
        canvas.page.goto(page.as_uri())
        canvas.settle()
        yield canvas


def test_it_draws_the_network_and_asks_nobody_anything(exported):
    assert exported.ids() >= {node.id for node in VIEW.nodes if node.x is not None}
    assert exported.js("return v.edgeSet.length;") == len(VIEW.ties)
    assert exported.js("return v.backdrop !== undefined && v.data.frame.legend.length > 0;")
    assert len(exported.requests) == 1
    assert exported.requests[0].startswith("file:")
    assert exported.troubles == []


def test_hostile_names_are_text_and_the_words_are_there(exported):
    page = exported.page
    assert page.locator("h1").inner_text() == page.title() == TITLE
    buttons = page.locator("button[data-node]").all_inner_texts()
    assert set(HOSTILE[:5]) <= set(buttons)
    assert page.locator("img, iframe, a, h1 *, td > :not(button)").count() == 0
    stage = page.locator(".mc-stage")
    assert stage.get_attribute("aria-label") == VIEW.description
    assert page.locator("html").get_attribute("lang") == VIEW.language
    assert page.locator(".mc-legend").is_visible()
    assert page.locator(".mc-caption").inner_text() != ""


def test_a_click_and_the_keyboard_open_the_card(exported):
    card = exported.page.locator(".card")
    exported.click("p3")
    exported.settle()
    name = exported.js("return v.scene.nodes.get('p3').name;")
    assert card.locator(".name").inner_text() == name
    card.get_by_role("button").click()
    assert card.is_hidden()
    exported.page.keyboard.press("Home")
    exported.page.keyboard.press("Enter")
    assert exported.js("return v.scene.selected.id;") == "ght"
    assert card.is_visible()
    exported.page.keyboard.press("Escape")
    assert card.is_hidden()


def test_the_tables_lead_to_the_map_and_can_be_searched(exported):
    page = exported.page
    page.locator("button[data-node=p2]").click()
    assert exported.js("return v.scene.selected.id;") == "p2"
    rows = page.locator("tbody tr")
    before = rows.count()
    label = next(node.label for node in VIEW.nodes if node.id == "p2")
    page.locator("#search").fill(label.upper())
    shown = [row for row in rows.all() if row.is_visible()]
    assert 0 < len(shown) < before
    assert all(label in row.inner_text() for row in shown)
    page.locator("#search").fill("")


def test_axe_finds_nothing_grave(exported):
    assert grave_findings(exported.page, script()) == []


def test_nothing_but_its_own_scripts_may_run(exported):
    ran = exported.page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s); return window.ran ?? null; }"
    )
    assert ran is None
    exported.troubles.clear()  # the browser says that it refused
