"""Every page at its own address in a real browser, and the sheet that goes along with the reader."""

import re

import pytest
from playwright.sync_api import expect

from explorer.view_state import agreement_key

pytestmark = pytest.mark.browser

CLINIC, BOYER = "940300502", "Clinique Boyer"
PAGES = {
    "": "Vue d’ensemble",
    "reseau": "Réseau et carte",
    "couverture": "Couverture",
    "analyse": "Analyse",
    "conventions": "Conventions",
    "donnees": "Données",
    "methode": "Méthode",
}


def sheet(page):
    return page.locator(".st-key-sheet_box .panel").first


@pytest.mark.parametrize("address", PAGES)
def test_every_page_answers_at_its_address_with_the_sheet_of_the_link(visit, address):
    page = visit.open(f"{address}?fiche={CLINIC}")
    expect(page).to_have_title(f"{PAGES[address]} · Maillage")
    expect(page.locator("h1")).to_have_text(PAGES[address])
    expect(sheet(page).get_by_role("heading", name=BOYER)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert visit.troubles == []


def test_a_figure_opens_its_list_a_line_its_agreement_and_a_party_its_sheet(visit):
    page = visit.open("?lang=en")
    page.locator(".figures").get_by_role("button", name="agreements").click()
    expect(page).to_have_url(re.compile(r"/conventions\?.*lang=en"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("radio", name="Timeline").click()
    title = "Convention de partenariat – Clinique Boyer"
    page.locator(".frieze").get_by_role("button", name=title).click()
    expect(sheet(page).get_by_role("heading", name=title)).to_be_visible()
    page.wait_for_url(re.compile(r"convention=[0-9a-f]{12}"))
    again = visit.context.new_page()
    again.goto(page.url)
    expect(sheet(again).get_by_role("heading", name=title)).to_be_visible()
    expect(again.locator(".frieze")).to_be_visible()
    again.close()
    sheet(page).get_by_role("button", name=BOYER, exact=True).click()
    expect(sheet(page).get_by_role("heading", name="Ties in this network")).to_be_visible()
    expect(page.locator("h1")).to_have_text("Agreements")
    page.wait_for_url(re.compile(r"fiche="))
    assert visit.outside() == []
    assert visit.troubles == []


def test_hostile_titles_are_drawn_as_they_are_written(hostile_visit):
    page = hostile_visit.open(f"conventions?liste=frise&convention={agreement_key('C-3')}")
    expect(sheet(page).locator("h2")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator(".panel img").count() == 0
    assert hostile_visit.troubles == []
