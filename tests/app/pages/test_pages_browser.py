"""Every page at its own address in a real browser, and the sheet that goes along."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CLINIC, BOYER = "940300502", "Clinique Boyer"
PAGES = {
    "": "Vue d’ensemble",
    "reseau": "Réseau et carte",
    "couverture": "Couverture",
    "analyse": "Analyse",
    "conventions": "Conventions",
    "donnees": "Données",
    "exports": "Exports",
    "methode": "Méthode",
}


def sheet(page):
    return page.locator(".st-key-sheet_box .panel").first


def test_every_page_has_an_address_and_keeps_the_sheet_of_the_link(visit):
    page = visit.open(f"methode?fiche={CLINIC}")
    for address, title in PAGES.items():
        page.get_by_role("link", name=title).click()
        expect(page).to_have_title(f"{title} · Maillage")
        expect(page.locator("h1")).to_have_text(title)
        expect(sheet(page).get_by_role("heading", name=BOYER)).to_be_visible()
        page.wait_for_url(re.compile(rf"//[^/]+/{address}\?fiche={CLINIC}$"))
    assert visit.troubles == []


@pytest.mark.parametrize("address", ["reseau", "methode"])
def test_a_page_opened_directly_is_found(visit, address):
    page = visit.open(address)
    expect(page.locator("h1")).to_have_text(PAGES[address])
    expect(page.get_by_role("dialog")).to_have_count(0)


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
