"""The pages in a real browser: what a person does first, and what must never happen."""

import csv
import re
import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from explorer.view_state import theme_id
from graph.store.open import open_store
from tests.app.pages.conftest import url_of
from tests.support.confluence_synthetic import CHARITY, CLINIC_ENTITY, FOCUS, HOSTILE

pytestmark = pytest.mark.browser

CLINIC, CLINIC_ENTITY_ID = "940300502", "940000904"
BOYER = "Clinique Boyer"


def panel(page):
    return page.locator(".st-key-beside .panel, .st-key-sheet_box .panel").first


def at_rest(page):
    """Wait until Streamlit has drawn all of a run and taken away what was there before."""
    page.locator('[data-test-script-state="notRunning"]').wait_for()
    expect(page.locator('[data-stale="true"]')).to_have_count(0)


def test_the_page_opens_and_asks_nothing_outside(visit):
    page = visit.open_map()
    expect(page).to_have_title("Réseau et carte · Maillage")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("h1")).to_have_text("Réseau et carte")
    title = re.compile(r"GHT Hôpitaux Confluence\s:\s\d+ partenaires")
    expect(page.locator(".mc-title", has_text=title)).to_be_visible()
    visit.page.get_by_role("link", name="Données").click()
    expect(page.get_by_role("heading", name="Données", level=2)).to_be_visible()
    page.locator(".panel table").first.wait_for()
    assert visit.outside() == []
    assert visit.troubles == []


def test_a_click_on_the_map_opens_the_sheet_and_the_link_keeps_it(visit):
    page = visit.open_map()
    ids = page.locator(".mc").evaluate("e => [...e.maillage.scene.nodes.keys()]")
    (entity,) = {CLINIC, CLINIC_ENTITY_ID} & set(ids)  # one symbol stands for both
    visit.click_node(entity)
    expect(panel(page).get_by_role("heading", name=BOYER)).to_be_visible()
    expect(panel(page)).to_contain_text("Attestée entre 2021 et 2022")
    page.wait_for_url(f"**fiche={entity}*")
    again = visit.context.new_page()
    again.goto(page.url)
    expect(panel(again).get_by_role("heading", name=BOYER)).to_be_visible()
    again.close()


def test_a_structure_is_chosen_from_the_list_and_closed_again(visit):
    page = visit.open_map()
    panel(page).get_by_role("button", name="HAD Santé Service").click()
    expect(panel(page).get_by_role("heading", name="HAD Santé Service")).to_be_visible()
    page.get_by_role("button", name="Fermer la fiche").click()
    expect(panel(page).get_by_role("button", name=BOYER)).to_be_visible()
    expect(page).not_to_have_url(re.compile("fiche="))


def test_search_finds_without_accents_and_opens_the_sheet(visit):
    page = visit.open_map()
    page.get_by_role("textbox", name="Rechercher une structure").fill("hopital saint camille")
    page.keyboard.press("Enter")
    page.locator(".hits").get_by_role("button", name="Hôpital Saint-Camille").click()
    expect(panel(page).get_by_role("heading", name="Hôpital Saint-Camille")).to_be_visible()


def test_a_filter_changes_map_list_and_link(visit):
    page = visit.open_map("?types=HAD")
    ids = page.locator(".mc").evaluate("e => [...e.maillage.scene.nodes.keys()]")
    assert CLINIC not in ids
    expect(panel(page).get_by_role("button", name="HAD Santé Service")).to_be_visible()
    expect(panel(page).get_by_role("button", name=BOYER)).to_have_count(0)
    page.get_by_role("button", name="Effacer les filtres").click()
    expect(panel(page).get_by_role("button", name=BOYER)).to_be_visible()
    expect(page).not_to_have_url(re.compile("types="))


def test_the_view_is_kept_from_page_to_page(visit):
    page = visit.open_map(f"?types=HAD&fiche={CLINIC}&date=2023-06-30")
    page.get_by_role("link", name="Données").click()
    page.locator(".panel table").first.wait_for()
    page.get_by_role("link", name="Réseau et carte").click()
    expect(panel(page).get_by_role("heading", name=BOYER)).to_be_visible()
    expect(page).to_have_url(re.compile(r"(?=.*types=HAD)(?=.*date=2023-06-30)"))


def test_english_is_asked_by_a_button_and_kept_in_the_link(visit):
    page = visit.open_map()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_label("Search for a structure").first).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.wait_for_url("**lang=en*")
    page.get_by_role("link", name="Data").click()
    expect(page.get_by_role("heading", name="Data", level=2)).to_be_visible()


def test_those_without_a_position_stand_beside_with_the_reason(visit):
    page = visit.open_map()
    beside = panel(page).locator("details", has_text="Sans position connue")
    expect(beside).to_contain_text("Domitys")
    expect(beside).to_contain_text("position non renseignée")


def test_a_tie_says_what_it_stands_for(visit):
    page = visit.open_map()
    tie = page.locator(".mc").evaluate(
        "e => e.maillage.edgeSet.get().map(edge => edge.id).find(id => id.includes('940300502')"
        " || id.includes('940000904'))"
    )
    visit.open(f"reseau?lien={tie}")
    expect(panel(page)).to_contain_text("Convention de partenariat – Clinique Boyer")


def test_the_map_can_be_read_as_a_table(visit):
    page = visit.open_map()
    page.get_by_role("tab", name="Tableau").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Télécharger les structures (CSV)").click()
    content = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(content.splitlines(), delimiter=";"))
    assert BOYER in {row["Nom"] for row in rows}
    assert {row["Type"] for row in rows} >= {"Clinique", "Hôpital"}


def test_hostile_names_stay_text_everywhere(hostile_visit):
    page = hostile_visit.open_map(f"?fiche={CHARITY}&themes={theme_id('Précarité')}")
    expect(panel(page).get_by_role("heading", name=HOSTILE)).to_be_visible()
    page.get_by_role("textbox", name="Rechercher une structure").fill("gras clic")
    page.keyboard.press("Enter")
    expect(page.locator(".hits").get_by_role("button", name=HOSTILE)).to_be_visible()
    page.get_by_role("button", name="Placer au centre de l’étude").click()
    page.wait_for_url("**centre=*")
    expect(page.locator(".stSidebar")).to_contain_text("<img src=x")
    page.get_by_role("tab", name="Tableau").click()
    expect(page.get_by_role("button", name="Télécharger les structures (CSV)")).to_be_visible()
    at_rest(page)
    assert page.locator("img[src='x']").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.locator(".katex").count() == 0
    assert hostile_visit.troubles == []


def test_hostile_links_change_nothing(hostile_visit):
    page = hostile_visit.open_map(
        "?fiche=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&centre=%5Bx%5D(javascript:alert(1))"
        f"&territoires=commune:%3Cb%3E&lien={CLINIC_ENTITY}--nobody"
    )
    expect(page.get_by_text("Une partie du lien n’a pas été reprise")).to_be_visible()
    at_rest(page)
    assert page.locator("img[src='x']").count() == 0
    assert hostile_visit.troubles == []


def test_hostile_names_stay_text_in_chains_and_groups(hostile_visit):
    page = hostile_visit.open_map(f"?chemin={CHARITY}&chemin={FOCUS}&couleur=theme&vue=reseau")
    expect(panel(page).get_by_role("heading", name="Chemin 1")).to_be_visible()
    expect(panel(page)).to_contain_text(HOSTILE)
    expect(page.locator(".mc-legend")).to_contain_text("Précarité")
    assert page.locator("img[src='x'], a[href^='javascript'], .katex").count() == 0
    assert hostile_visit.troubles == []


HEADINGS = ("N°", "Intitulé", "Partenaire", "FINESS partenaire", "Commune", "Type de convention")
ROWS = (
    ("S-1", "Imagerie synthétique", BOYER, CLINIC, "Villeneuve-Saint-Georges", "Convention cadre"),
    ("S-2", HOSTILE, "Hôpital Saint-Camille", "940000649", "Bry-sur-Marne", "Convention cadre"),
    ("S-3", "Sans lieu", "Clinique synthétique", "", "Nulleville", "Convention cadre"),
)
DATED = ("Date d'effet", "Date de fin")


def register(path: Path, rows=ROWS, headings=HEADINGS) -> Path:
    """Write a synthetic register; every agreement runs from 2025 to 2029."""
    with path.open("w", newline="", encoding="utf-8-sig") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow([*headings, *DATED])
        writer.writerows([*row, "01/02/2025", "31/01/2029"] for row in rows)
    return path


def test_a_register_is_looked_at_then_loaded_then_undone(visit, tmp_path):
    page = visit.open("donnees")
    page.get_by_role("tab", name="Charger un fichier").click()
    chosen(page, register(tmp_path / "registre.csv"))
    expect(page.get_by_role("heading", name="Aperçu")).to_be_visible()
    expect(page.get_by_text("3 lignes lues")).to_contain_text("Gardées : 2")
    changes = page.locator(".panel table", has_text="Imagerie synthétique")
    expect(changes).to_contain_text(HOSTILE)
    with page.expect_download() as sent:
        page.get_by_role("button", name="Télécharger ces changements (CSV)").click()
    assert HOSTILE in sent.value.path().read_text(encoding="utf-8-sig")
    expect(page.locator(".panel table", has_text="Nulleville")).to_contain_text("inconnue")
    assert held(visit) == 48
    page.get_by_role("button", name="Charger", exact=True).click()
    expect(page.get_by_text("Chargement terminé.")).to_be_visible()
    assert held(visit) == 50
    page.get_by_role("tab", name="Chargements").click()
    page.get_by_role("button", name="Annuler le dernier chargement").click()
    expect(page.get_by_text("Registre des conventions, chargé le")).to_be_visible()
    page.get_by_role("button", name="Annuler ce chargement").click()
    expect(page.get_by_text("Chargement annulé")).to_be_visible()
    assert held(visit) == 48
    assert visit.troubles == []
    assert "Traceback" not in visit.site.log()


def held(visit) -> int:
    store = open_store(url_of(visit.site.store))
    try:
        return store.status().cooperations
    finally:
        store.close()


def chosen(page, path: Path) -> None:
    """Give `path` to the uploader, once it is there and nothing else is under way."""
    at_rest(page)
    upload = page.locator("input[type=file]")
    expect(upload).to_have_count(1)
    upload.set_input_files(path)


def test_a_register_that_would_remove_much_asks(visit, tmp_path):
    page = visit.open("donnees")
    page.get_by_role("tab", name="Charger un fichier").click()
    many = [
        (
            f"S-{n}",
            f"Synthétique {n}",
            BOYER,
            CLINIC,
            "Villeneuve-Saint-Georges",
            "Convention cadre",
        )
        for n in range(8)
    ]
    chosen(page, register(tmp_path / "registre.csv", many))
    page.get_by_role("button", name="Charger", exact=True).click()
    expect(page.get_by_text("Chargement terminé.")).to_be_visible()
    chosen(page, register(tmp_path / "court.csv", many[:4]))
    expect(page.get_by_text("Chargement terminé.")).to_have_count(0)
    page.get_by_role("button", name="Charger", exact=True).click()
    expect(page.get_by_text("supprimerait 4 des 8 lignes")).to_be_visible()
    assert held(visit) == 56
    at_rest(page)
    expect(page.get_by_role("button", name="Charger", exact=True)).to_be_disabled()
    page.get_by_text("J’ai vérifié").click()
    at_rest(page)
    page.get_by_role("button", name="Charger", exact=True).click()
    expect(page.get_by_text("Chargement terminé.")).to_be_visible()
    assert held(visit) == 52


def test_headings_of_another_house_are_explained_once(visit, tmp_path):
    page = visit.open("donnees")
    page.get_by_role("tab", name="Charger un fichier").click()
    strange = ("Réf", "Xxxx", "Zzzz", "N° F", "Ville", "Genre")
    chosen(page, register(tmp_path / "maison.csv", ROWS[:1], strange))
    expect(page.get_by_text("Il manque une colonne indispensable")).to_be_visible()
    for heading, field in (("Zzzz", "Partenaires"), ("Xxxx", "Intitulé")):
        page.get_by_label(heading).first.click()
        page.get_by_role("option", name=re.compile(f"^{field}$")).first.click()
    page.get_by_role("button", name="Enregistrer et préparer l’aperçu").click()
    expect(page.get_by_role("heading", name="Aperçu")).to_be_visible()
    expect(page.get_by_label("Correspondance enregistrée").first).to_be_visible()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("registre.csv", b"%PDF-1.7 not a table", "PDF"),
        ("vide.csv", b"", "vide"),
        ("autre.csv", b"a;b;c\n1;2;3\n", "Il manque 2 colonnes indispensables"),
    ],
)
def test_a_bad_file_is_explained_and_nothing_is_lost(visit, tmp_path, name, content, said):
    before = held(visit)
    page = visit.open("donnees")
    page.get_by_role("tab", name="Charger un fichier").click()
    (tmp_path / name).write_bytes(content)
    chosen(page, tmp_path / name)
    expect(page.get_by_text(re.compile(said, re.IGNORECASE)).first).to_be_visible()
    expect(page.get_by_text(f"{tempfile.gettempdir()}/maillage-")).to_have_count(0)
    assert held(visit) == before
    assert "Traceback" not in visit.site.log()
