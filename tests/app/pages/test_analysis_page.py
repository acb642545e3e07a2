"""Page « Analyse » run by Streamlit's own test harness: each part, both languages, bad links."""

import json
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer.view_state import PARTS, agreement_key
from graph.messages import text
from graph.store.sqlite import SqliteStore
from tests.app.pages.test_network_page import link, state, texts, walk
from tests.support.confluence_synthetic import FOCUS, HOSTILE, batch, synthetic_store
from tests.support.pages import plain
from tests.support.signed_register import signed_store

CHEMINOTS = "910009539"


def analysis_page() -> None:
    from explorer.pages import analysis
    from explorer.ui import session

    session.begin()
    analysis.show()
    session.finish()


def open_page(monkeypatch, store: Path, **query: str | list[str]) -> AppTest:
    monkeypatch.setenv("MAILLAGE_STORE", f"sqlite:///{store.as_posix()}")
    app = AppTest.from_function(analysis_page, default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def words(app: AppTest, key: str) -> str:
    (found,) = [
        item for root in (app.main, app.sidebar) for item in walk(root) if item_key(item) == key
    ]
    return plain(" ".join(texts(json.loads(found.proto.json)["nodes"])))


def item_key(item) -> str:
    return getattr(item, "key", None) or ""


def problems(app: AppTest) -> list[str]:
    return [item.value for item in (*app.exception, *app.error)]


def said(app: AppTest) -> str:
    """Return what is written on the page, without the marks that keep Markdown away."""
    kinds = (app.markdown, app.caption, app.info, app.warning, app.subheader)
    written = " ".join(item.value for kind in kinds for item in kind)
    return plain(written.replace("\\", "").replace("\u2060", ""))


@pytest.fixture
def signed(monkeypatch, tmp_path) -> Path:
    """Give a group of two hospitals whose register says who signed, and when it ends."""
    monkeypatch.setenv("MAILLAGE_FOCUS", FOCUS)
    monkeypatch.setenv("MAILLAGE_TERRITORIES", "departement:99")
    return signed_store(tmp_path)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens_in_both_languages_with_the_caveat(monkeypatch, bundled, part, language):
    app = open_page(monkeypatch, bundled, volet=part, lang=language)
    assert problems(app) == []
    assert plain(text("analyse.ego", language)) in said(app)
    assert app.session_state["w_part"] == part


@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens_with_no_focus_and_before_all(monkeypatch, bundled, part):
    for query in ({"centre": "tous"}, {"date": "1900-01-01"}, {"date": "2200-12-31"}):
        app = open_page(monkeypatch, bundled, volet=part, **query)
        assert problems(app) == [], query


@pytest.mark.parametrize("part", PARTS)
def test_an_empty_store_leads_to_the_data_page(monkeypatch, tmp_path, part):
    store = SqliteStore(tmp_path / "empty.db")
    for loader in ("territoires", "reference"):
        store.apply(batch(loader, []))
    app = open_page(monkeypatch, tmp_path / "empty.db", volet=part)
    assert problems(app) == []
    assert app.button(key="open_data").label == "Ouvrir la page Données"


def test_what_is_actionable_comes_first(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled)
    figures = {item.label: item.value for item in app.metric}
    # 28 partners named in article 003; two of them are the way to two sites each.
    assert figures == {
        "Partenaires directs": "28",
        "Partenaires atteints par un seul autre": "4",
        "Liens entre partenaires, hors de nous": "0",
    }
    relays = words(app, "analyse_relays")
    assert "2 partenaires ne nous sont reliés que par GH les Cheminots." in relays
    assert "Hôpital Privé Jacques Cartier Clinique : Palaiseau" in words(app, "analyse_sole")
    app.slider(key="w_critical").set_value(2).run()
    assert problems(app) == []
    assert "GH les Cheminots" in words(app, "analyse_critical")


def test_a_lapse_names_agreements_partners_and_territories(monkeypatch, signed):
    app = open_page(monkeypatch, signed, date="2026-01-01", echeance="2026-07-01")
    assert problems(app) == []
    assert "1 convention prend fin avant le 1er juillet 2026." in said(app)
    assert "Imagerie synthétique" in words(app, "analyse_lapsing")
    assert "Clinique synthétique" in words(app, "analyse_lapse_cut_off")
    losses = words(app, "analyse_lapse_losses")
    assert "Clinique" in losses
    assert "Arrondissement synthétique" in losses
    app.button(key="simulate_lapse").click().run()
    assert problems(app) == []
    assert state(app).part == "simulation"
    assert state(app).ended == {agreement_key("S-1")}
    app.button(key="undo_simulation").click().run()
    assert state(app).ended == frozenset()
    assert "Choisissez au moins une structure" in said(app)


def test_a_lapse_must_come_after_the_day_looked_at(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, date="2026-11-22", echeance="2020-01-01")
    assert problems(app) == []
    assert "Choisissez une date après la situation étudiée." in said(app)


def test_the_matrix_says_who_signed_and_who_did_not(monkeypatch, signed):
    app = open_page(monkeypatch, signed, volet="signatures", date="2026-01-01")
    assert problems(app) == []
    table = app.main.dataframe[0].value.set_index("Nom")
    north = table["Hôpital Nord synthétique"]
    assert north["Clinique synthétique"] == "signé (1)"
    assert table["Hôpital Sud synthétique"]["Clinique synthétique"] == "concerné (1)"
    assert table["Hôpital Sud synthétique"]["Association synthétique"] == "signé (1)"
    group = table["Pour le groupe, signataire non précisé"]
    assert group["CPTS synthétique"] == "signé (2)"
    app.selectbox(key="w_signed_by").set_value("990000001").run()
    app.selectbox(key="w_not_by").set_value("990000002").run()
    assert problems(app) == []
    assert list(app.main.dataframe[0].value["Nom"]) == ["Clinique synthétique"]


def test_the_matrix_of_public_sources_says_that_nobody_knows(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, volet="signatures")
    assert "ne disent pas quelle entité du groupe a signé" in said(app)
    assert len(app.main.dataframe[0].value) == 28


def test_the_ranking_is_filtered_and_its_columns_are_chosen(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, volet="classement")
    table = app.main.dataframe[0].value
    assert table["Nom"].iloc[0] == "GHT Hôpitaux Confluence"
    assert len(table) == 37
    assert "Nombre de partenaires directs (sans le groupe)" in table
    assert table["Nombre de partenaires directs (sans le groupe)"].isna().iloc[0]
    app.multiselect(key="w_measures").set_value(["core_number"]).run()
    app.toggle(key="w_apart").set_value(False).run()
    app.multiselect(key="w_ranking_kinds").select("Clinique").run()
    app.text_input(key="w_words").set_value("BOYER").run()
    assert problems(app) == []
    table = app.main.dataframe[0].value
    assert list(table) == ["Nom", "Type", "Ordre de noyau", "Identifiant"]
    assert list(table["Nom"]) == ["Clinique Boyer"]
    app.multiselect(key="w_measures").set_value([]).run()
    app.text_input(key="w_words").set_value("zzz").run()
    assert problems(app) == []
    assert "0 structures sur 37" in said(app)


def test_a_measure_is_explained_and_read_for_the_structure_chosen(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, volet="classement", fiche=CHEMINOTS)
    assert problems(app) == []
    written = said(app)
    assert "GH les Cheminots : 1 partenaire direct." in written
    assert "Freeman 1979" in written
    assert "Unité : partenaires." in written
    assert "GH les Cheminots" in words(app, "beside")


def test_a_simulation_shows_before_and_after_and_who_is_cut_off(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, volet="simulation", retrait=CHEMINOTS)
    assert problems(app) == []
    table = app.main.dataframe[0].value.set_index("Mesure")
    assert table.loc["Structures"].to_list() == ["37", "36"]
    assert table.loc["Ensembles séparés"].to_list() == ["1", "3"]
    assert table.loc["Fragmentation"].to_list() == ["0,0", "0,11"]
    assert "2 structures ne pourraient plus nous joindre." in said(app)
    assert link(app)["retrait"] == [CHEMINOTS]
    assert {"canvas_before", "canvas_after"} <= {item_key(item) for item in walk(app.main)}


def test_a_removal_that_leaves_nothing_is_said(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, volet="simulation")
    offered = app.multiselect(key="w_removed").options
    assert len(set(offered)) == 37
    assert {"CHIV (940000599)", "CHIV (940110042)", "Clinique Boyer"} <= set(offered)
    network = open_page(monkeypatch, bundled, volet="classement").main.dataframe[0].value
    app.multiselect(key="w_removed").set_value(list(network["Identifiant"])).run()
    assert problems(app) == []
    assert "Il ne resterait aucune structure" in said(app)


def test_what_the_network_does_not_hold_is_left_out_of_a_simulation(monkeypatch, bundled):
    app = open_page(
        monkeypatch, bundled, volet="simulation", retrait=["x:nobody", "<b>"], fin="0123456789ab"
    )
    assert problems(app) == []
    assert "structures retirées dans la simulation" in said(app)
    assert "2 éléments de la simulation ne sont pas dans le réseau" in said(app)
    assert "Choisissez au moins une structure" in said(app)


def test_two_dates_are_compared_structure_by_structure(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, volet="dates", comparer="2015-06-30", date="2026-11-22")
    assert all(item.proto.help for item in app.metric)
    assert problems(app) == []
    figures = {item.label: item.value for item in app.metric}
    assert figures == {
        "Structures arrivées": "32",
        "Structures parties": "0",
        "Liens gagnés": "29",
        "Liens perdus": "0",
    }
    table = app.main.dataframe[0].value
    assert set(table["Présence"]) == {"arrivée", "restée"}
    app.date_input(key="w_compared").set_value(date(2026, 11, 22)).run()
    assert problems(app) == []
    assert "Choisissez une date autre" in said(app)


def test_hostile_names_are_shown_as_they_are_written(monkeypatch, tmp_path):
    synthetic_store(tmp_path).close()
    monkeypatch.setenv("MAILLAGE_FOCUS", FOCUS)
    monkeypatch.setenv("MAILLAGE_TERRITORIES", "departement:99")
    for part in PARTS:
        app = open_page(monkeypatch, tmp_path / "synthetic.db", volet=part, retrait=FOCUS)
        assert problems(app) == [], part
    app = open_page(monkeypatch, tmp_path / "synthetic.db", volet="classement")
    assert HOSTILE in set(app.main.dataframe[0].value["Nom"])
    app = open_page(monkeypatch, tmp_path / "synthetic.db", volet="dates", comparer="2015-01-01")
    assert HOSTILE in set(app.main.dataframe[0].value["Nom"])


def test_a_link_with_wrong_values_is_followed_as_far_as_it_goes(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, volet="zzz", comparer="hier", echeance="2026-02-30")
    assert problems(app) == []
    (warning,) = app.warning
    for name in ("partie de la page Analyse", "date comparée", "date d’échéance"):
        assert name in warning.value
    assert state(app).part == PARTS[0]
