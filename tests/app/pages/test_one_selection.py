"""One selection for all pages: kept from page to page, in the link, on the day; hostile links."""

import re
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer.ui.opening import PAGES
from explorer.view_state import ViewState, theme_id
from graph.messages import text
from graph.store.open import open_store
from tests.app.pages.test_network_page import CLINIC, link, problems, state
from tests.app.pages.test_pages import everything
from tests.app.pages.test_states import read, visit

OPAQUE = re.compile(r"[A-Za-z0-9:._~\-]{1,240}")
"""The form of everything that an address of ours holds."""

SEEN = tuple(page for page in PAGES if page != "data")
"""Pages that the selection changes."""


@pytest.fixture(autouse=True)
def own_settings(settings_folder: Path) -> Path:
    return settings_folder


@pytest.fixture(scope="module")
def theme(bundled: Path) -> str:
    store = open_store(f"sqlite:///{bundled.as_posix()}")
    found = min(theme for item in store.cooperations() for theme in item.themes)
    store.close()
    return theme_id(found)


def to(app: AppTest, page: str) -> AppTest:
    """Go to another page as the links at the top do: the address is bare, the session goes on."""
    app.session_state["maillage_go"] = page
    return app.run()


def test_what_is_chosen_on_one_page_holds_on_every_other_and_in_their_links(
    monkeypatch, bundled, theme
):
    app = visit(
        monkeypatch,
        bundled,
        "network",
        vue="reseau",
        couleur="community",
        taille="degree",
        themes=theme,
    )
    app.date_input(key="w_on").set_value(date(2023, 6, 30)).run()
    app.multiselect(key="w_kinds").set_value(["HOPITAL", "CLINIQUE"]).run()
    app.multiselect(key="w_territories").set_value(["departement:94"]).run()
    app.multiselect(key="w_statuses").set_value(["attestee"]).run()
    app.toggle(key="w_inherit").set_value(False).run()
    app.selectbox(key="w_focus").set_value("940110018").run()
    asked = state(app).selection
    assert (asked.focus, asked.inherit, asked.on) == ("940110018", False, date(2023, 6, 30))
    kept: ViewState = state(app)
    for page in PAGES:
        to(app, page)
        assert problems(app) == []
        assert state(app) == kept
        copied = link(app)
        there = visit(monkeypatch, bundled, page, **copied)
        assert problems(there) == []
        assert (state(there), link(there)) == (kept, copied)
        assert everything(there) == everything(app)
        assert set(copied) >= {"centre", "date", "types", "territoires", "statuts", "themes"}
        assert set(copied) >= {"vue", "couleur", "taille", "rattachement"}
        assert all(OPAQUE.fullmatch(value) for values in copied.values() for value in values)


def test_a_sheet_opened_on_one_page_stands_on_every_other(monkeypatch, bundled):
    app = visit(monkeypatch, bundled, "overview", fiche=CLINIC)
    name = "Clinique Boyer"
    for page in PAGES:
        app.session_state["maillage_go"] = page
        app.run()
        assert problems(app) == []
        assert state(app).selected == CLINIC
        assert name in everything(app)


@pytest.mark.parametrize("page", SEEN)
def test_the_day_governs_every_page_and_is_said(monkeypatch, bundled, page):
    now = visit(monkeypatch, bundled, page, date="2026-11-22")
    then = visit(monkeypatch, bundled, page, date="2019-06-30")
    assert problems(now) == problems(then) == []
    assert "22 novembre 2026" in everything(now)
    assert "30 juin 2019" in everything(then)
    assert "22 novembre 2026" not in everything(then)
    assert now.date_input(key="w_on").value == date(2026, 11, 22)


HOSTILE = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "\u202egnp.exe\u202c\u200f",
    "😀" * 40,
    "a" * 300,
    "x" * 10_000,
    "2024-02-31",
    "99999-01-01",
    "-1e999",
    "\x00\x1b[31m",
    "${jndi:ldap://x}",
    "",
)
NAMES = (
    *("centre", "date", "types", "territoires", "statuts", "themes", "rattachement", "instances"),
    *("offre", "fiche", "lien", "convention", "volet", "retrait", "fin", "comparer", "echeance"),
    *("lang", "liste", "natures", "mesure", "vue", "couleur", "taille", "choix", "masque"),
    *("proche", "profondeur", "chemin", "chemins", "ouvert", "fixe", "niveau", "rayon"),
    "unknown<b>",
)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_of_a_hostile_link_reaches_the_page(monkeypatch, bundled, page):
    bare = visit(monkeypatch, bundled, page)
    for asked in (
        {name: list(HOSTILE) for name in NAMES},
        {name: HOSTILE[place % len(HOSTILE)] for place, name in enumerate(NAMES)},
    ):
        app = visit(monkeypatch, bundled, page, **asked)
        assert problems(app) == []
        said = read(everything(app))
        assert not [value for value in HOSTILE if len(value) > 5 and value in said]
        assert state(app).selection == state(bare).selection
        assert all(OPAQUE.fullmatch(value) for values in link(app).values() for value in values)
        if page != "data":
            assert text("page.parameter.fiche", "fr") in " ".join(w.value for w in app.warning)


def test_a_view_saved_on_one_page_is_opened_from_any_other(monkeypatch, bundled):
    app = visit(monkeypatch, bundled, "agreements", types="CLINIQUE", date="2023-05-01")
    app.text_input(key="saved_name").set_value("Cliniques").run()
    app.button(key="saved_keep").click().run()
    assert problems(app) == []
    for page in PAGES:
        other = visit(monkeypatch, bundled, page)
        other.selectbox(key="saved_chosen").set_value("Cliniques").run()
        other.button(key="saved_open").click().run()
        assert problems(other) == []
        assert other.session_state["maillage_page"] == "agreements"
        assert link(other) == {"types": ["CLINIQUE"], "date": ["2023-05-01"]}
