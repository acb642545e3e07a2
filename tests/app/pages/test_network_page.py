"""Page « Réseau et carte » run by Streamlit's own test harness, on the bundled ecosystem."""

import json
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer.view_state import theme_id
from graph.model import StructureClaim
from graph.store.sqlite import SqliteStore
from tests.support.confluence_synthetic import batch, synthetic_store

CLINIC = "940300502"


def network_page() -> None:
    from explorer.pages import network
    from explorer.ui import session

    session.begin()
    network.show()
    session.finish()


def open_page(monkeypatch, store: Path, **query: str | list[str]) -> AppTest:
    monkeypatch.setenv("MAILLAGE_STORE", f"sqlite:///{store.as_posix()}")
    app = AppTest.from_function(network_page, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def walk(block):
    for child in getattr(block, "children", {}).values():
        yield child
        yield from walk(child)


def words(app: AppTest, key: str) -> str:
    """Return the texts of a panel."""
    (found,) = [
        item
        for root in (app.main, app.sidebar)
        for item in walk(root)
        if getattr(item, "key", None) == key
    ]
    return " ".join(texts(json.loads(found.proto.json)["nodes"]))


def texts(nodes):
    for node in nodes:
        if isinstance(node, str):
            yield node
        else:
            yield from texts(node[2])


def state(app: AppTest):
    return app.session_state["maillage_state"]


def link(app: AppTest) -> dict[str, list[str]]:
    query = app.query_params
    return {key: [query[key]] if isinstance(query[key], str) else query[key] for key in query}


def problems(app: AppTest) -> list[str]:
    return [item.value for item in (*app.exception, *app.error)]


def test_the_page_opens_in_french_on_the_group(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled)
    assert problems(app) == []
    assert app.sidebar.selectbox(key="w_focus").value == "ght:940110018"
    listed = words(app, "beside")
    assert "Clinique Boyer" in listed
    assert "Sans position connue" in listed
    assert app.main.dataframe[0].value["Nom"].iloc[0] == "GHT Hôpitaux Confluence"
    assert not app.query_params


def test_a_link_restores_the_view(monkeypatch, bundled):
    app = open_page(
        monkeypatch,
        bundled,
        fiche=CLINIC,
        date="2023-06-30",
        types=["CLINIQUE", "HAD"],
        territoires=["departement:94"],
        lang="en",
        instances="1",
    )
    assert problems(app) == []
    assert state(app).selection.on == date(2023, 6, 30)
    assert app.sidebar.multiselect(key="w_kinds").value == ["CLINIQUE", "HAD"]
    assert app.sidebar.multiselect(key="w_territories").value == ["departement:94"]
    assert app.sidebar.toggle(key="w_instances").value
    sheet = words(app, "beside")
    assert "Clinique Boyer" in sheet
    assert "Situation on 30 June 2023" in sheet
    assert link(app)["types"] == ["CLINIQUE", "HAD"]
    assert link(app)["fiche"] == [CLINIC]


def test_a_link_to_nowhere_is_followed_as_far_as_it_goes(monkeypatch, bundled):
    app = open_page(
        monkeypatch, bundled, fiche="nobody", centre="<script>", types="CLINIQUE", territoires="x:1"
    )
    assert problems(app) == []
    (warning,) = app.warning
    for name in ("fiche ouverte", "centre de l’étude", "territoires"):
        assert name in warning.value
    assert "script" not in warning.value
    assert state(app).selection.kinds == {"CLINIQUE"}
    assert "fiche" not in app.query_params
    assert "centre" not in app.query_params


def test_filters_write_themselves_into_the_link(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled)
    app.sidebar.multiselect(key="w_kinds").select("HAD").run()
    app.sidebar.toggle(key="w_inherit").set_value(False).run()
    app.sidebar.date_input(key="w_on").set_value(date(2023, 1, 2)).run()
    assert problems(app) == []
    assert link(app)["types"] == ["HAD"]
    assert link(app)["rattachement"] == ["0"]
    assert link(app)["date"] == ["2023-01-02"]
    assert set(app.main.dataframe[0].value["Type"]) >= {"Hospitalisation à domicile"}
    app.sidebar.button(key="reset").click().run()
    assert not app.query_params
    assert app.sidebar.multiselect(key="w_kinds").value == []


def test_themes_are_opaque_in_the_link(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled)
    chosen = app.sidebar.multiselect(key="w_themes").options[0]
    key = theme_id(chosen)
    app.sidebar.multiselect(key="w_themes").set_value([key]).run()
    assert problems(app) == []
    assert link(app)["themes"] == [key]


def test_search_needs_neither_accents_nor_capitals(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled)
    app.sidebar.text_input(key="w_search").set_value("hopital HENRI mondor").run()
    assert "Hôpitaux universitaires Henri-Mondor" in words(app, "hits")
    app.sidebar.text_input(key="w_search").set_value("zzz").run()
    assert "Aucune structure ne porte ce nom" in words(app, "hits")


def test_the_sheet_says_what_when_where_and_who_says_so(monkeypatch, bundled):
    sheet = words(open_page(monkeypatch, bundled, fiche=CLINIC), "beside")
    for said in (
        "Convention de partenariat – Clinique Boyer",
        "attestée (terme non renseigné)",
        "Attestée entre 2021 et 2022",
        "Sites concernés\u00a0: non renseigné",
        "Privé commercial",
        "§6 phrase 1",
    ):
        assert said in sheet


def test_a_candidate_number_is_shown_as_a_candidate(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled)
    listed = app.main.dataframe[0].value
    villecresnes = listed[listed["Nom"].str.contains("Villecresnes")]["Identifiant"].iloc[0]
    sheet = words(open_page(monkeypatch, bundled, fiche=villecresnes), "beside")
    assert "940300452" in sheet
    assert "candidat" in sheet


def test_nothing_matches_says_which_filter_to_relax(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, types="DIALYSE")
    (info,) = app.info
    assert info.value == "Aucun partenaire ne correspond à ces filtres."
    relax = app.button(key="relax_kinds")
    assert "En retirant le filtre des types" in relax.label
    relax.click().run()
    assert problems(app) == []
    assert not app.info
    assert state(app).selection.kinds == frozenset()


def test_an_empty_network_leads_to_the_data_page(monkeypatch, tmp_path):
    store = SqliteStore(tmp_path / "empty.db")
    for loader in ("territoires", "reference"):
        store.apply(batch(loader, [StructureClaim(id="x:y", source="article", locator="l")]))
        store.undo(loader)
        store.apply(batch(loader, []))
    app = open_page(monkeypatch, tmp_path / "empty.db")
    assert problems(app) == []
    assert "Données" in app.info[0].value
    assert app.button(key="open_data").label == "Ouvrir la page Données"


def test_language_changes_the_whole_page(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled)
    app.sidebar.button(key="language").click().run()
    assert problems(app) == []
    assert app.sidebar.text_input(key="w_search").label == "Search for a structure"
    assert link(app)["lang"] == ["en"]
    assert "No known position" in words(app, "beside")


def test_hostile_names_change_nothing(monkeypatch, tmp_path):
    synthetic_store(tmp_path).close()
    monkeypatch.setenv("MAILLAGE_FOCUS", "ght:990000001")
    monkeypatch.setenv("MAILLAGE_TERRITORIES", "departement:99")
    app = open_page(monkeypatch, tmp_path / "synthetic.db")
    assert problems(app) == []
    assert "<img src=x onerror=alert(1)>" in words(app, "beside")


def test_a_store_that_is_not_one_is_explained(monkeypatch, tmp_path):
    foreign = tmp_path / "photo.db"
    foreign.write_bytes(b"not a store at all" * 300)
    app = open_page(monkeypatch, foreign)
    assert not app.exception
    (error,) = app.error
    assert "photo" in error.value
    assert "Traceback" not in error.value


def test_the_unexpected_is_said_soberly(monkeypatch, bundled, caplog):
    def broken(*_args, **_kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("explorer.ui.resources.network_of", broken)
    app = open_page(monkeypatch, bundled, date="1987-05-04")
    assert not app.exception
    (error,) = app.error
    assert "secret detail" not in error.value
    assert "journal" in error.value
    assert "secret detail" in caplog.text


@pytest.mark.parametrize("focus", ["tous", "940110018"])
def test_other_centres(monkeypatch, bundled, focus):
    app = open_page(monkeypatch, bundled, centre=focus)
    assert problems(app) == []
    assert app.sidebar.selectbox(key="w_focus").value == focus
    assert len(app.main.dataframe[0].value) > 0


def test_supply_without_agreement_needs_a_kind(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled)
    assert app.sidebar.toggle(key="w_supply").disabled
    app.sidebar.multiselect(key="w_kinds").select("HOPITAL").run()
    app.sidebar.toggle(key="w_supply").set_value(True).run()
    assert problems(app) == []
    roles = set(app.main.dataframe[0].value["Place dans le réseau"])
    assert "offre non conventionnée" in roles


def test_a_link_that_is_late_does_not_undo_what_the_reader_did(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, types=["HAD"])
    app.sidebar.multiselect(key="w_kinds").set_value(["CLINIQUE"]).run()
    assert link(app) == {"types": ["CLINIQUE"]}
    # The browser had not yet heard of the new link when the next switch was turned.
    app.query_params["types"] = "HAD"
    app.sidebar.toggle(key="w_contacts").set_value(True).run()
    selection = state(app).selection
    assert (selection.kinds, selection.contacts) == ({"CLINIQUE"}, True)
    assert link(app) == {"types": ["CLINIQUE"], "contacts": ["1"]}


def test_an_older_link_asked_again_is_followed(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, types=["HAD"])
    app.sidebar.multiselect(key="w_kinds").set_value(["CLINIQUE"]).run()
    app.query_params["types"] = "HAD"
    app.run()
    assert state(app).selection.kinds == {"HAD"}
