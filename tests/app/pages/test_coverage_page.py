"""Page « Couverture » run by Streamlit's own test harness, then in a real browser."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from explorer.ui import session
from explorer.view_state import to_query
from graph.messages import text
from graph.store.open import open_store
from tests.app.pages.conftest import url_of
from tests.app.pages.test_network_page import texts, walk
from tests.support.coverage_store import batch
from tests.support.small_world import structure

NAME = "<b>Résidence d’essai</b>"


def coverage_page() -> None:
    from explorer.pages import coverage
    from explorer.ui import session

    session.begin()
    coverage.show()


def open_page(monkeypatch, store: Path, **query: str | list[str]) -> AppTest:
    monkeypatch.setenv("MAILLAGE_STORE", url_of(store))
    app = AppTest.from_function(coverage_page, default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def words(app: AppTest, key: str) -> str:
    (found,) = [item for item in walk(app.main) if getattr(item, "key", None) == key]
    return " ".join(texts(json.loads(found.proto.json)["nodes"])).replace("\u00a0", " ")


def problems(app: AppTest) -> list[str]:
    return [item.value for item in (*app.exception, *app.error)]


@pytest.fixture(scope="module")
def with_homes(bundled, tmp_path_factory):
    """A store with a register of three nursing homes in Créteil and Nogent."""
    path = tmp_path_factory.mktemp("cover") / "cover.db"
    path.write_bytes(bundled.read_bytes())
    store = open_store(url_of(path))
    homes = [
        structure(
            "940000701", "EHPAD", commune="94028", longitude=2.455, latitude=48.79, name=NAME
        ),
        structure("940000702", "EHPAD", commune="94028", longitude=2.46, latitude=48.78),
        structure("940000703", "EHPAD", commune="94052", longitude=2.48, latitude=48.837),
    ]
    store.apply(batch("ehpad", homes, frozenset({"94"})))
    store.close()
    return path


def test_the_table_says_state_and_count_in_words(monkeypatch, with_homes):
    app = open_page(monkeypatch, with_homes, types=["EHPAD"], territoires=["departement:94"])
    assert problems(app) == []
    table = words(app, "cover_matrix")
    for expected in ("Créteil", "Nogent-sur-Marne", "sans convention", "0/2", "0/1"):
        assert expected in table
    assert "Manque de convention" in words(app, "cover_beside")
    assert NAME in words(app, "cover_map")
    notes = " ".join(item.value for item in app.markdown).replace("\\", "")
    assert "Estimation" in notes
    assert "65 ans et plus qui sont comptés" in notes


def test_a_suggestion_is_asked_for_and_names_the_structures(monkeypatch, with_homes):
    app = open_page(monkeypatch, with_homes, types=["EHPAD"], territoires=["departement:94"])
    app.number_input(key="w_cover_suggest_count").set_value(2)
    app.button(key="cover_suggest").click().run()
    assert problems(app) == []
    proposal = words(app, "cover_proposal")
    assert "Aujourd’hui à portée d’un partenaire : 0 habitant" in proposal
    assert "940000703" in proposal


def test_a_simulation_shows_coverage_and_network_and_is_put_back(monkeypatch, with_homes):
    app = open_page(monkeypatch, with_homes, types=["EHPAD"], territoires=["departement:94"])
    app.multiselect(key="w_cover_add").set_value(["940000703"]).run()
    assert problems(app) == []
    trial = words(app, "cover_trial")
    assert "sans convention → conventionné" in trial
    assert "Places pour 1" in trial
    network = words(app, "cover_network")
    direct = re.search(r"Partenaires directs (\d+) → (\d+)", network)
    assert int(direct[2]) == int(direct[1]) + 1
    assert "Centralisation des liens" in network
    assert "hors du réseau → 1 lien" in network
    assert "une signature est une convention" in " ".join(item.value for item in app.caption)
    assert "sans convention" in words(app, "cover_matrix")
    assert "0/1" in words(app, "cover_matrix")
    assert query_of(app)["ajouter"] == ["940000703"]
    app.button(key="cover_reset").click().run()
    assert app.multiselect(key="w_cover_add").value == []
    assert "ajouter" not in query_of(app)


def query_of(app: AppTest) -> dict[str, str | list[str]]:
    return to_query(app.session_state["maillage_state"], session.default_state())


def test_rules_of_a_choice_bind_and_go_with_the_link(monkeypatch, with_homes):
    asked = {"signer": "EHPAD", "signatures": "2", "avec": "940000701", "sans": "940000703"}
    app = open_page(
        monkeypatch, with_homes, types=["EHPAD"], territoires=["departement:94"], **asked
    )
    assert problems(app) == []
    proposal = words(app, "cover_proposal")
    assert NAME in proposal
    assert "À ne pas proposer : 940000703." in proposal
    assert proposal.count("940000703") == 1
    app.selectbox(key="w_cover_limit").select("arrondissement").run()
    (error,) = app.error
    assert "1 seule signature est possible" in error.value
    assert query_of(app)["plafond"] == "arrondissement:1"
    app.multiselect(key="w_cover_exclude").set_value([]).run()
    assert problems(app) == []
    assert "940000703" in words(app, "cover_proposal")


def test_a_choice_is_tried_at_other_radii_and_detours(monkeypatch, with_homes):
    app = open_page(monkeypatch, with_homes, types=["EHPAD"], territoires=["departement:94"])
    app.button(key="cover_suggest").click().run()
    app.toggle(key="w_cover_sensitive").set_value(True).run()
    assert problems(app) == []
    said = words(app, "cover_sensitive")
    assert "détour 1,3" in said
    assert "7,5 km" in said
    assert "Le choix tient" in said
    app.number_input(key="w_cover_suggest_count").set_value(1).run()
    said = words(app, "cover_sensitive")
    assert "change si l’on change les deux" in said
    assert "Les autres choix, un par un" in said


def test_a_gap_opens_its_remedy(monkeypatch, with_homes):
    asked = {"territoire": "arrondissement:942", "manque": "EHPAD", "rayon": "2"}
    app = open_page(
        monkeypatch, with_homes, types=["EHPAD"], territoires=["departement:94"], **asked
    )
    assert problems(app) == []
    said = words(app, "cover_beside")
    assert "Remède : EHPAD" in said
    assert re.search("[23] structures à signer, à 2 km", said)
    assert re.search("la moitié des habitants à [\\d,]+ km", said)
    app.button(key="cover_back").click().run()
    assert "Avec qui signer ici" in words(app, "cover_beside")
    assert {"territoire", "manque"}.isdisjoint(query_of(app))


def test_empty_states_say_what_to_do(monkeypatch, with_homes, bundled):
    app = open_page(
        monkeypatch, bundled, types=["CLINIQUE"], territoires=["departement:94"], signer="CLINIQUE"
    )
    assert problems(app) == []
    assert "aucune structure sans convention connue ici" in " ".join(i.value for i in app.info)
    alone = {"centre": "tous", "types": "EHPAD", "territoires": "departement:94"}
    app = open_page(monkeypatch, with_homes, **alone)
    assert problems(app) == []
    assert "groupe au centre" in " ".join(item.value for item in app.info)


def test_another_level_is_another_table(monkeypatch, with_homes):
    app = open_page(monkeypatch, with_homes, types=["EHPAD"], territoires=["departement:94"])
    app.selectbox(key="w_cover_level").select("commune").run()
    assert problems(app) == []
    assert "Villecresnes" in words(app, "cover_matrix")
    app.selectbox(key="w_cover_level").select("cpts").run()
    assert problems(app) == []
    assert "Aucun territoire de ce niveau" in app.info[0].value


def test_a_link_restores_what_was_asked(monkeypatch, with_homes):
    asked = {"niveau": "departement", "rayon": "2.5", "habitants": "total", "demande": "centroid"}
    asked |= {"types": "EHPAD", "selon": "supply", "territoire": "departement:94"}
    app = open_page(monkeypatch, with_homes, territoires=["departement:94"], **asked)
    assert problems(app) == []
    sheet = words(app, "cover_beside")
    assert "Val-de-Marne · Département 94" in sheet
    assert "Trois manques" in sheet
    assert app.number_input(key="w_cover_radius").value == 2.5
    assert app.selectbox(key="w_cover_measure").value == "supply"
    query = to_query(app.session_state["maillage_state"], session.default_state())
    assert {name: query[name] for name in asked if name != "types"} == {
        name: value for name, value in asked.items() if name != "types"
    }


def test_without_register_it_says_what_to_load(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, types=["SSIAD"], territoires=["departement:94"])
    assert problems(app) == []
    assert "chargez un registre" in app.info[0].value
    assert "Pas de registre complet" in " ".join(item.value for item in app.markdown)


def test_english_is_complete(monkeypatch, with_homes):
    app = open_page(
        monkeypatch, with_homes, lang="en", types=["EHPAD"], territoires=["departement:94"]
    )
    assert problems(app) == []
    assert "no agreement" in words(app, "cover_matrix")
    assert [tab.label for tab in app.main.tabs] == [
        "Gaps",
        "Whom to sign with",
        "Simulation",
        "Perimeters",
    ]


@pytest.mark.browser
def test_a_click_on_the_map_shows_the_territory_and_a_name_opens_its_sheet(visit):
    page = visit.open("couverture?types=HOPITAL&territoires=departement:94")
    matrix = page.locator(".panel .matrix")
    matrix.wait_for()
    expect(matrix).to_contain_text("attesté")
    name = page.locator("svg.map text", has_text="Créteil")
    name.scroll_into_view_if_needed()
    box = name.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    heading = page.locator(".panel h2")
    expect(heading).to_contain_text("Créteil · Arrondissement 941")
    page.get_by_role("button", name="Revenir aux manques").click()
    expect(heading).to_have_count(0)
    matrix.get_by_role("button", name="L'Haÿ-les-Roses").click()
    expect(heading).to_contain_text("L'Haÿ-les-Roses · Arrondissement 943")
    hospitals = page.locator('.panel details[data-key="HOPITAL"]')
    hospitals.locator("summary").click()
    hospitals.locator("button.open").first.click()
    expect(page).to_have_url(re.compile("fiche="))
    assert visit.outside() == []
    assert visit.troubles == []


def test_an_activity_that_no_source_tells_is_no_gap(monkeypatch, with_homes):
    asked = {"types": ["EHPAD"], "territoires": ["departement:94"]}
    app = open_page(monkeypatch, with_homes, activite="pasa", **asked)
    assert problems(app) == []
    assert app.selectbox(key="w_cover_activity").value == "pasa"
    assert "chargez un registre" in app.info[0].value
    app.selectbox(key="w_cover_activity").select("").run()
    assert "sans convention" in words(app, "cover_matrix")


def test_a_set_typed_in_is_a_territory_at_once_and_undone(monkeypatch, with_homes, tmp_path):
    path = tmp_path / "own.db"
    path.write_bytes(with_homes.read_bytes())
    app = open_page(monkeypatch, path, types=["EHPAD"], territoires=["departement:94"])
    app.text_input(key="w_cover_set_name").set_value("Bassin d’essai")
    app.text_area(key="w_cover_set_list").set_value("Créteil\nSaint-Denis\nTrifouilly").run()
    said = " ".join(item.value for item in app.caption).replace("\u00a0", " ").replace("\\", "")
    assert "« Saint-Denis » peut être" in said
    assert "« Trifouilly » : commune inconnue" in said
    app.button(key="cover_set_save").click().run()
    assert problems(app) == []
    assert "Bassin d’essai" in words(app, "cover_matrix")
    assert "0/2" in words(app, "cover_matrix")
    assert "Bassin d’essai · Ensemble de communes" in words(app, "cover_beside")
    assert app.session_state["maillage_state"].selection.territories == {"set:bassin-d-essai"}
    app.button(key="cover_set_undo").click().run()
    assert problems(app) == []
    assert app.session_state["maillage_state"].selection.territories == frozenset()
    assert "Créteil" in words(app, "cover_matrix")


def test_holes_of_perimeters_are_drawn_and_listed(monkeypatch, with_homes, tmp_path):
    path = tmp_path / "own.db"
    path.write_bytes(with_homes.read_bytes())
    store = open_store(url_of(path))
    served = structure("940000801", "CPTS", covers=("arrondissement:941",), name="CPTS Sud")
    store.apply(batch("cpts", [served], None))
    store.close()
    app = open_page(monkeypatch, path, types=["CPTS"], territoires=["arrondissement:941"])
    assert problems(app) == []
    assert app.selectbox(key="w_cover_perimeter_kind").options == [text("kind.CPTS", "fr")]
    drawn = words(app, "cover_holes_map").replace("\u00a0", " ")
    assert "dans un seul périmètre (16)" in drawn.replace("  ", " ")
    assert "Créteil, dans un seul périmètre, CPTS Sud" in drawn


def test_what_a_link_asks_in_vain_is_said(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, fiche="<script>", date="2026-02-31", niveau="zzz")
    assert problems(app) == []
    (warning,) = app.warning
    for name in ("fiche", "date", "niveau"):
        assert text(f"page.parameter.{name}", "fr") in warning.value
    assert "<script>" not in warning.value
