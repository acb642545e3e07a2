"""Page « Données » run by Streamlit's own test harness: holdings, undo, busy store."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer.services.holdings import to_undo
from explorer.services.loading import run_load
from graph.errors import StoreBusy
from graph.messages import text
from graph.store.open import open_store
from loaders import kind_sources, sae
from tests.app.pages.test_network_page import texts, walk


def data_page() -> None:
    from explorer.pages import data
    from explorer.ui import session

    session.begin()
    data.show()


def open_page(monkeypatch, store: Path, **query: str) -> AppTest:
    monkeypatch.setenv("MAILLAGE_STORE", f"sqlite:///{store.as_posix()}")
    app = AppTest.from_function(data_page, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def words(app: AppTest, key: str) -> str:
    (found,) = [item for item in walk(app.main) if getattr(item, "key", None) == key]
    return " ".join(texts(json.loads(found.proto.json)["nodes"]))


def problems(app: AppTest) -> list[str]:
    return [item.value for item in (*app.exception, *app.error)]


def test_sources_are_listed_with_publisher_and_age(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled)
    assert problems(app) == []
    said = words(app, "sources")
    for expected in ("DREES", "Agence du Numérique en Santé", "il y a", "Licence Ouverte 2.0"):
        assert expected in said
    assert [item.label for item in app.main.tabs] == [
        "Sources",
        "Charger un fichier",
        "Chargements",
        "Ce qui a changé",
    ]


def test_loads_are_listed(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled)
    loads = app.main.dataframe[0].value
    assert loads["Source chargée"].iloc[0] == "Écosystème de référence"
    assert list(loads["État"]) == ["en place", "en place"]


def test_undo_asks_first(monkeypatch, own_store):
    app = open_page(monkeypatch, own_store)
    app.button(key="undo").click().run()
    assert problems(app) == []
    assert any("Écosystème de référence" in item.value for item in app.markdown)
    app.button(key="undo_yes").click().run()
    assert problems(app) == []
    store = open_store(f"sqlite:///{own_store.as_posix()}")
    assert store.status().cooperations == 0
    store.close()


def test_undo_names_the_load_that_changed_something(monkeypatch, own_store):
    store = open_store(f"sqlite:///{own_store.as_posix()}")
    first = to_undo(store.loads())["reference"].load
    run_load(store, "reference")
    app = open_page(monkeypatch, own_store)
    app.button(key="undo").click().run()
    assert any(text("page.undo.idle", "fr", n=1) in item.value for item in app.markdown)
    app.button(key="undo_yes").click().run()
    assert problems(app) == []
    assert store.status().cooperations == 0
    undone = [item.id for item in store.loads() if item.undone]
    store.close()
    assert undone == [first.id + 1, first.id]


def test_a_busy_store_is_explained_and_can_be_tried_again(monkeypatch, bundled):
    from graph.store.sqlite import SqliteStore

    def busy(self):
        raise StoreBusy("store.busy", path="maillage.db")

    monkeypatch.setattr(SqliteStore, "status", busy)
    app = open_page(monkeypatch, bundled)
    assert not app.exception
    assert "occupée par un autre chargement" in app.warning[0].value.replace("\\", "")
    assert app.button(key="retry").label == "Réessayer"


def test_english_is_complete(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, lang="en")
    assert problems(app) == []
    assert [item.label for item in app.main.tabs] == [
        "Sources",
        "Load a file",
        "Loads",
        "What changed",
    ]
    assert "ago" in words(app, "sources")


@pytest.mark.parametrize(("lang", "words"), [("fr", "Millésime"), ("en", "Vintage")])
def test_each_source_says_its_address_licence_and_vintage(monkeypatch, bundled, lang, words):
    app = open_page(monkeypatch, bundled, lang=lang)
    for spec in (kind_sources.EHPAD, sae.SPEC):
        app.selectbox(key="w_source").select(spec.id).run()
        assert problems(app) == []
        said = " ".join(item.value for item in app.caption)
        assert spec.address in said
        assert spec.licence in said
        assert words in said
