"""Every page as axe-core, the keyboard and windows of three widths find it, light and dark.

The pages are walked through by their links, as people do: a page is not loaded again for each look.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from explorer.ui.opening import PAGES
from graph.messages import text
from tests.app.pages.conftest import PATIENCE_MS, Site, Visit
from tests.support import axe

pytestmark = pytest.mark.browser

EXCEPTIONS: tuple[tuple[str, str, str], ...] = ()
"""Rule, part of the selector, reason: only inside Streamlit's own widgets. A stale one fails."""

GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(19, 23, 27)"}
"""The page's ground by what the reader's system asks for."""

INKS = {"light": "rgb(27, 31, 35)", "dark": "rgb(233, 236, 239)"}

WINDOWS = ((1280, 800), (1920, 1080), (720, 450))
"""The last one is 1440 by 900 at 200 %."""

AROUND = ('[data-testid="stSidebar"]', '[data-testid="stHeader"]')
"""What is the same around every page."""

SHEET = "940300502"


@pytest.fixture(scope="module")
def axe_script() -> str:
    return axe.script()


@pytest.fixture(scope="module")
def scrutinised(browser: Browser, site: Site) -> Iterator[Visit]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, reduced_motion="reduce", bypass_csp=True
    )
    context.set_default_timeout(PATIENCE_MS)
    found = Visit(context, site)
    yield found
    context.close()


def settled(page: Page) -> None:
    page.locator('[data-test-script-state="notRunning"]').wait_for()
    expect(page.locator('[data-stale="true"]')).to_have_count(0)
    expect(page.locator(".stMainBlockContainer")).not_to_be_empty()


def walk(page: Page, language: str) -> Iterator[str]:
    """Go from page to page by the links at the top; yield the name of each once it stands."""
    for name in PAGES:
        title = text(f"page.title.{name}", language)
        page.get_by_role("link", name=title, exact=True).first.click()
        expect(page.locator("h1")).to_have_text(title)
        expect(page.locator("html")).to_have_attribute("lang", language)
        settled(page)
        yield name


CUT = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  return main.scrollWidth > main.clientWidth;
}"""


def cut(page: Page) -> bool:
    """Say whether the page is wider than its window, once its tables have taken their place."""
    try:
        page.wait_for_function(f"() => !({CUT})()", timeout=4000)
    except PlaywrightTimeout:
        return True
    return False


def too_wide(page: Page) -> list[int]:
    found = []
    for width, height in WINDOWS:
        page.set_viewport_size({"width": width, "height": height})
        found += [width] if cut(page) else []
    page.set_viewport_size({"width": 1440, "height": 900})
    return found


UNNAMED = """drawings => drawings.filter(each => {
  const box = each.getBoundingClientRect();
  if (box.width < 64 || box.height < 24) return false;
  return !each.closest('[aria-hidden=true], [aria-label], [aria-labelledby]')
    && !each.querySelector('title');
}).map(each => each.outerHTML.slice(0, 200))"""


def unnamed_drawings(page: Page) -> list[str]:
    """Return drawings of ours that say nothing to those who do not see them."""
    return page.locator(".panel svg, .mc svg, .mc canvas").evaluate_all(UNNAMED)


def dressed(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    expect(page.locator(".stApp")).to_have_css("background-color", GROUNDS[scheme])
    for part in page.locator(".panel, .mc-title").all():
        expect(part).to_have_css("color", INKS[scheme])


class Look:
    """What was found on the way, and which exceptions were of use."""

    def __init__(self, page: Page, script: str) -> None:
        self.page, self.script = page, script
        self.faults: list[tuple[str, ...]] = []
        self.used: set[tuple[str, str, str]] = set()
        self.around_seen = False

    def at(
        self, where: str, scheme: str, rules: tuple[str, ...] = (), *, contrast: bool = True
    ) -> None:
        dressed(self.page, scheme)
        leave_out = AROUND if self.around_seen else ()
        for found in axe.grave_findings(
            self.page, self.script, rules, leave_out, contrast=contrast
        ):
            known = [e for e in EXCEPTIONS if e[0] == found.rule and e[1] in found.selector]
            self.used.update(known)
            if not known:
                self.faults.append((where, scheme, *found))


def test_no_page_has_a_grave_fault_and_none_is_cut(scrutinised, axe_script):
    page, over, unnamed = scrutinised.open("?volet=classement&liste=frise"), [], []
    settled(page)
    look = Look(page, axe_script)
    for name in walk(page, "fr"):
        unnamed += [(name, each) for each in unnamed_drawings(page)]
        look.at(name, "light")
        look.at(name, "dark", ("color-contrast",))
        look.around_seen = name != "data"  # the page Données has less at its side
        over += [(name, width) for width in too_wide(page)]
        if name == "network":
            page.get_by_role("tab", name=text("page.map.table", "fr")).click()
            expect(page.locator(".stDataFrame").first).to_be_visible()
            look.at("network, as tables", "light")
    assert (look.faults, over, unnamed) == ([], [], [])
    assert set(EXCEPTIONS) - look.used == set(), "these are no faults any more: remove them"
    assert scrutinised.troubles == []


def test_in_english_beside_an_open_sheet_on_a_dark_page(scrutinised, axe_script):
    page = scrutinised.open(f"?lang=en&fiche={SHEET}&volet=simulation&liste=sans_referent")
    settled(page)
    look, over = Look(page, axe_script), []
    for name in walk(page, "en"):
        expect(page.locator(".st-key-sheet_box h2").first).to_be_visible()
        # The sheet is the same everywhere; the pages' own colours are compared in French.
        look.at(name, "dark", contrast=not look.around_seen)
        look.around_seen = True
        over += [(name, 720)] if _narrow(page) else []
    assert (look.faults, over) == ([], [])


def _narrow(page: Page) -> bool:
    page.set_viewport_size({"width": 720, "height": 450})
    found = cut(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    return found


FOCUSED = """() => {
  let at = document.activeElement;
  while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body) return '';
  const own = at.getAttribute('aria-label') || at.labels?.[0]?.innerText || at.innerText;
  const drawing = at.closest('.mc') ? 'canvas: ' : '';
  return drawing + (own || at.tagName).trim().slice(0, 80);
}"""


def by_keyboard(page: Page, most: int = 160) -> list[str]:
    """Return what the tabulator reaches, in order, until it leaves the page."""
    found: list[str] = []
    page.evaluate("() => document.activeElement.blur()")
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUSED)
        if not here and found:
            return found
        found.append(here)
    return found


def test_the_keyboard_goes_through_links_filters_canvas_and_list(scrutinised):
    page = scrutinised.open_map()
    dressed(page, "light")
    settled(page)
    reached = by_keyboard(page)
    places = [
        next((i for i, said in enumerate(reached) if re.search(wanted, said)), -1)
        for wanted in (
            text("page.title.overview", "fr"),
            text("page.search.label", "fr"),
            text("page.filter.date", "fr"),
            text("page.filter.inherit", "fr"),
            text("page.map.map", "fr"),
            "^canvas: ",
        )
    ]
    assert -1 not in places, reached
    assert len(reached) < 160, "the tabulator never leaves the page"
