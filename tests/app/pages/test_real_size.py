"""The network page over the real establishments of Île-de-France (January 2021)."""

from datetime import date
from pathlib import Path

import pytest

from explorer.palette import SECONDARY_SITE
from explorer.selection import Selection
from explorer.services.loading import run_load
from explorer.services.view import view_of
from graph.store.open import open_store
from tests.app.pages.conftest import url_of
from tests.app.pages.test_network_page import open_page, problems, words
from tests.support.fhir import COUNT, rewrite

pytestmark = pytest.mark.realdata


@pytest.fixture
def finess_store(own_store: Path, shared_data: Path, tmp_path: Path) -> Path:
    file = rewrite(shared_data, tmp_path / "etalab-cs1100507-stock-20210108.csv")
    store = open_store(url_of(own_store))
    result = run_load(store, "finess", [file])
    store.close()
    assert result.report.kept == COUNT
    return own_store


def test_supply_without_agreement_is_shown_at_real_size(monkeypatch, finess_store):
    app = open_page(
        monkeypatch,
        finess_store,
        types=["EHPAD", "CDS", "CMS"],
        offre="1",
        territoires="departement:94",
    )
    assert problems(app) == []
    table = app.main.dataframe[0].value
    counts = table["Type"].value_counts()
    assert counts["EHPAD"] == 73
    assert counts["Centre de santé"] + counts["Centre municipal de santé"] == 87
    assert "Offre non conventionnée" in words(app, "beside")
    supply = table[table["Place dans le réseau"] == "offre non conventionnée"]
    assert set(supply["Commune"]) >= {"Créteil", "Vitry-sur-Seine"}


def test_a_hospital_is_drawn_once_and_larger_than_the_establishments_beside_it(finess_store):
    store = open_store(url_of(finess_store))
    view = view_of(store, Selection(focus="ght:940110018", on=date(2026, 11, 22)), (), "fr")
    store.close()
    group = {node.id: node for node in view.nodes if node.role == "focus_site"}
    assert len(group) >= 18
    # SAE 2023: the two legal entities, which stand at the hospitals that bear their names.
    assert {"940110018", "940110042"} <= set(group)
    assert group.keys().isdisjoint({"940000573", "940000599"})
    assert {node.id for node in group.values() if node.size > SECONDARY_SITE} == {
        "940110018",
        "940110042",
    }
