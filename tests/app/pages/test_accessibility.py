"""What axe-core finds on each page, light and dark, and what narrow and wide windows show."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.app.pages.conftest import PATIENCE_MS, Site, Visit
from tests.support import axe

pytestmark = pytest.mark.browser

PAGES = (
    "",
    "reseau",
    "couverture",
    "analyse?volet=classement",
    "conventions?liste=frise",
    "donnees",
    "exports",
    "methode",
)

EXCEPTIONS: tuple[tuple[str, str, str], ...] = ()
"""Rule, part of the selector, reason: only inside Streamlit's own widgets. A stale one fails."""

SCHEMES = (("light", "rgb(255, 255, 255)"), ("dark", "rgb(19, 23, 27)"))
"""What the reader's system asks for, and the page's ground then."""

WINDOWS = ((1280, 800), (1920, 1080), (720, 450))
"""The last one is 1440 by 900 at 200 %."""


@pytest.fixture(scope="module")
def axe_script() -> str:
    return axe.script()


@pytest.fixture
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


def test_no_page_has_a_grave_fault_of_accessibility(scrutinised, axe_script):
    used, faults = set(), []
    for link in PAGES:
        page = scrutinised.open(link)
        settled(page)
        for scheme, colour in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            expect(page.locator(".stApp")).to_have_css("background-color", colour)
            for found in axe.grave_findings(page, axe_script):
                known = [e for e in EXCEPTIONS if e[0] == found.rule and e[1] in found.selector]
                used.update(known)
                if not known:
                    faults.append((link, scheme, *found))
    assert faults == []
    assert set(EXCEPTIONS) - used == set(), "these are no faults any more: remove them"


def test_nothing_is_cut_at_the_side(scrutinised):
    page, over = scrutinised.page, []
    for link in PAGES:
        page.set_viewport_size({"width": 1440, "height": 900})
        scrutinised.open(link)
        settled(page)
        for width, height in WINDOWS:
            page.set_viewport_size({"width": width, "height": height})
            if cut(page):
                over.append((link, width))
    assert over == []
