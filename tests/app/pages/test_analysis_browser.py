"""Page « Analyse » in a real browser: a sheet, a simulation, a download."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.app.pages.test_browser import at_rest, panel
from tests.support.confluence_synthetic import FOCUS, HOSTILE

pytestmark = pytest.mark.browser

CHEMINOTS = "GH les Cheminots"


def part(page, name):
    page.get_by_test_id("stButtonGroup").get_by_role("radio", name=name).click()
    at_rest(page)


def test_from_a_sole_relay_to_its_sheet_and_back_in_a_link(visit):
    page = visit.open("analyse")
    expect(page.get_by_text(re.compile("Un registre est vu depuis"))).to_be_visible()
    page.get_by_text(re.compile(f"2 partenaires ne nous sont reliés que par {CHEMINOTS}")).click()
    page.get_by_role("button", name=CHEMINOTS, exact=True).first.click()
    expect(panel(page).get_by_role("heading", name=CHEMINOTS)).to_be_visible()
    page.wait_for_url("**/analyse?**fiche=910009539*")
    page.get_by_role("button", name="Fermer la fiche").click()
    page.get_by_role("button", name="Comment lire").first.click()
    expect(page.get_by_text("Source de la méthode")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Réseau et carte").click()
    page.locator(".mc[data-frame]").wait_for()
    assert visit.outside() == []
    assert visit.troubles == []


def test_a_simulation_is_drawn_undone_and_the_ranking_downloaded(visit):
    page = visit.open("analyse?volet=simulation&retrait=910009539&date=2026-11-22")
    expect(page.locator(".mc[data-frame]")).to_have_count(2)
    cut_off = page.get_by_text("2 structures ne pourraient plus nous joindre")
    expect(cut_off).to_be_visible()
    before, after = (
        set(page.locator(".mc").nth(at).evaluate("e => e.maillage.edgeSet.getIds()"))
        for at in (0, 1)
    )
    assert after < before
    page.get_by_role("button", name="Annuler la simulation").click()
    expect(page.locator(".mc")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("retrait="))
    part(page, "Classement")
    page.wait_for_url("**volet=classement*")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Télécharger le classement (CSV)").click()
    content = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(content.splitlines(), delimiter=";"))
    assert len(rows) == 37
    assert rows[0]["Nom"] == "GHT Hôpitaux Confluence"
    assert rows[0]["Partenaire relais"] == "465"
    assert visit.troubles == []


def test_hostile_names_stay_text(hostile_visit):
    page = hostile_visit.open(f"analyse?volet=simulation&retrait={FOCUS}&date=2024-06-01")
    expect(page.get_by_role("button", name=HOSTILE).first).to_be_visible()
    at_rest(page)
    assert page.locator("img[src='x']").count() == 0
    assert hostile_visit.troubles == []
