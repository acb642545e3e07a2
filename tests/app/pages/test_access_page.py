"""Distances, times and places in reach on the page « Couverture », by Streamlit's own harness."""

from html import unescape

import pytest

from graph.model import Structure
from graph.store.open import open_store
from tests.app.pages.conftest import url_of
from tests.app.pages.test_coverage_page import open_page, problems, words
from tests.support.coverage_store import batch
from tests.support.routing_server import refusing, routing
from tests.support.small_world import structure

WHERE = {"territoires": ["arrondissement:941"], "types": ["EHPAD", "HAD"]}
NAME = "<i>Les Tilleuls</i>"


def home(ident: str, commune: str, place: tuple[float, float], **values: object) -> Structure:
    longitude, latitude = place
    return structure(
        ident, "EHPAD", commune=commune, longitude=longitude, latitude=latitude, **values
    )


@pytest.fixture(scope="module")
def store(bundled, tmp_path_factory):
    """A register of two nursing homes with places, one across the border of 941."""
    path = tmp_path_factory.mktemp("access") / "access.db"
    path.write_bytes(bundled.read_bytes())
    held = open_store(url_of(path))
    places = {"places_hebergement": 80}
    homes = [
        home("940000701", "94028", (2.455, 48.79), name=NAME, capacity=places),
        home("940000703", "94052", (2.48, 48.837), name="Au nord", capacity=places),
    ]
    held.apply(batch("ehpad", homes, frozenset({"94"})))
    held.close()
    return path


def notes(app) -> str:
    return (
        unescape(" ".join(item.value for item in app.caption))
        .replace("\\", "")
        .replace("\u2060", "")
    )


def test_nothing_is_computed_before_it_is_asked_for(monkeypatch, store):
    app = open_page(monkeypatch, store, **WHERE)
    assert problems(app) == []
    app.selectbox(key="w_cover_access").select("distances").run()
    assert problems(app) == []
    shown = words(app, "cover_distances")
    assert NAME in shown
    assert "Offre la plus proche : la moitié des habitants en ont à" in shown.replace("\xa0", " ")
    assert "Partenaire le plus proche : personne n’en a" in shown.replace("\xa0", " ")
    assert "environ" in shown
    assert "vol d’oiseau × 1,3" in notes(app)


def test_minutes_and_their_assumptions_are_in_the_address(monkeypatch, store):
    asked = {"acces": "distances", "acces_mesure": "min", "detour": "1.5", "vitesse": "20"}
    app = open_page(monkeypatch, store, **WHERE, **asked)
    assert problems(app) == []
    assert "vol d’oiseau × 1,5, à 20 km/h" in notes(app)
    app.number_input(key="w_cover_speed_kmh").set_value(10.0).run()
    assert "à 10 km/h" in notes(app)


def test_places_in_reach_by_method_and_bands(monkeypatch, store):
    asked = {"acces": "places", "acces_mesure": "km", "bandes": "0-3:1; 3-9:0.5 km"}
    app = open_page(monkeypatch, store, **WHERE, **asked)
    assert problems(app) == []
    shown = words(app, "cover_places").replace("\xa0", " ")
    assert "places à portée pour 1 000 habitants" in shown.replace("\u202f", " ")
    assert "0-3:1; 3-9:0,5 km" in shown
    app.text_input(key="w_cover_bands").set_value("0-3:2 km").run()
    assert "Poids 2" in " ".join(item.value for item in app.error)
    app.text_input(key="w_cover_bands").set_value("").run()
    assert "Les bandes sont en min, les trajets en km" in " ".join(i.value for i in app.info)
    app.selectbox(key="w_cover_by").select("min").run()
    app.selectbox(key="w_cover_approach").select("drees").run()
    assert problems(app) == []
    assert "Dossier 88" in notes(app)


def test_a_table_of_times_is_read_or_refused(monkeypatch, store):
    asked = {"acces": "distances", "acces_mesure": "table"}
    app = open_page(monkeypatch, store, **WHERE, **asked)
    assert "Donnez un tableau de temps" in " ".join(item.value for item in app.info)
    good = "origine;destination;minutes\n94028;940000701;7\n"
    app.file_uploader(key="w_cover_times").set_value(("temps.csv", good.encode(), "text/csv"))
    app.run()
    assert problems(app) == []
    assert "temps.csv" in notes(app)
    assert "aucun temps au départ de 15 communes" in notes(app)
    bad = good.replace(";7", ";-7")
    app.file_uploader(key="w_cover_times").set_value(("temps.csv", bad.encode(), "text/csv"))
    app.run()
    assert "durée négative" in " ".join(item.value for item in app.error)


def test_the_routing_server_of_the_settings_and_no_other(monkeypatch, store):
    asked = {"acces": "distances", "acces_mesure": "router"}
    app = open_page(monkeypatch, store, **WHERE, **asked)
    assert app.selectbox(key="w_cover_by").value == "km"
    with routing() as server:
        monkeypatch.setenv("MAILLAGE_ROUTER", server.address)
        app = open_page(monkeypatch, store, **WHERE, **asked)
        assert problems(app) == []
        assert server.address.removeprefix("http://") in notes(app)
        assert server.asked
        server.fault = refusing("InvalidQuery")
        monkeypatch.setenv("MAILLAGE_ROUTER", f"{server.address}/")
        app = open_page(monkeypatch, store, **WHERE, **asked, demande="centroid", rayon="7")
        assert "InvalidQuery" in " ".join(item.value for item in app.error)


def test_kinds_of_a_zone_have_no_distance(monkeypatch, store):
    where = {"territoires": ["arrondissement:941"], "types": ["HAD"]}
    app = open_page(monkeypatch, store, **where, acces="distances")
    assert problems(app) == []
    said = " ".join(item.value for item in app.info)
    assert "ni distance ni temps" in said or "Rien n’est connu" in said
