"""Every page when something is missing (store, data, a match) and when a load is running."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer.ui.opening import PAGES
from graph.messages import text
from graph.store.sqlite import SqliteStore
from tests.app.pages.test_network_page import CLINIC, problems, state
from tests.app.pages.test_pages import APPLICATION, everything
from tests.support.confluence_synthetic import batch

NETWORKS = ("overview", "network", "analysis", "agreements")
"""Pages that show what the filters keep."""


@pytest.fixture(autouse=True)
def own_settings(settings_folder: Path) -> Path:
    return settings_folder


@pytest.fixture(scope="module")
def held(bundled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the module's own copy, which each test leaves as it was."""
    return Path(shutil.copy(bundled, tmp_path_factory.mktemp("states") / "held.db"))


def visit(monkeypatch, url: str | Path, page: str, **query: str) -> AppTest:
    address = f"sqlite:///{url.as_posix()}" if isinstance(url, Path) else url
    monkeypatch.setenv("MAILLAGE_STORE", address)
    app = AppTest.from_string(APPLICATION, default_timeout=120)
    app.session_state["maillage_go"] = page
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def read(words: str) -> str:
    """Return words as they are read, without the signs that keep Markdown off."""
    return words.replace("\\", "").replace("\u2060", "")


def refused(app: AppTest) -> str:
    """Check that the page explains one trouble with the store, once, with a way on; return it."""
    assert not app.exception
    (said,) = [item.value for item in (*app.error, *app.warning)]
    assert app.button(key="retry").label == text(
        "page.error.retry", app.session_state["maillage_state"].language
    )
    assert "Traceback" not in said
    return read(said)


@contextmanager
def loading_elsewhere(path: Path) -> Iterator[None]:
    """Hold the store as the load of another process does."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.parametrize("page", PAGES)
def test_a_store_that_goes_away_is_explained_and_the_page_works_when_it_is_back(
    monkeypatch, held, page
):
    app = visit(monkeypatch, held, page, fiche=CLINIC)
    assert problems(app) == []
    before = everything(app)
    away = held.rename(held.with_suffix(".away"))
    assert "n’est plus à sa place" in refused(app.run())
    held.write_bytes(b"a photograph" * 99)
    assert "n’est pas une base Maillage" in refused(app.run())
    assert held.read_bytes() == b"a photograph" * 99
    away.replace(held)
    app.button(key="retry").click().run()
    assert problems(app) == []
    assert everything(app) == before
    assert state(app).selected == CLINIC


def test_a_backup_put_in_the_place_of_the_store_is_shown(monkeypatch, bundled, tmp_path):
    path = Path(shutil.copy(bundled, tmp_path / "a.db"))
    backup = Path(shutil.copy(bundled, tmp_path / "backup.db"))
    store = SqliteStore(path)
    store.undo("reference")
    app = visit(monkeypatch, path, "data")
    assert "0" in [item.value for item in app.metric]
    backup.replace(path)
    app.run()
    assert problems(app) == []
    assert "0" not in [item.value for item in app.metric]
    store.close()


@pytest.mark.parametrize("page", PAGES)
def test_a_load_that_runs_elsewhere_keeps_nobody_from_reading(monkeypatch, held, page):
    with loading_elsewhere(held):
        app = visit(monkeypatch, held, page, fiche=CLINIC, lang="en")
        assert problems(app) == []
        assert not app.warning
        assert len(everything(app)) > 400


def test_a_load_that_runs_elsewhere_makes_an_undo_wait(monkeypatch, held):
    monkeypatch.setattr("graph.store.open.SqliteStore", partial(SqliteStore, wait=0.1))
    own = Path(shutil.copy(held, held.with_name("undo.db")))
    app = visit(monkeypatch, own, "data")
    app.button(key="undo").click().run()
    with loading_elsewhere(own):
        app.button(key="undo_yes").click().run()
        assert "occupée par un autre chargement" in refused(app)
    app.button(key="retry").click().run()
    assert problems(app) == []
    assert app.button(key="undo")


@pytest.mark.parametrize("page", PAGES)
def test_a_first_start_during_a_load_says_to_wait(monkeypatch, tmp_path, page):
    monkeypatch.setattr("graph.store.open.SqliteStore", partial(SqliteStore, wait=0.1))
    path = tmp_path / "first.db"
    store = SqliteStore(path)
    store.apply(batch("territoires", []))
    with loading_elsewhere(path):
        app = visit(monkeypatch, path, page)
        assert "occupée par un autre chargement" in refused(app)
        assert any("Vos données sont intactes" in item.value for item in app.caption)
    store.apply(batch("reference", []))  # the other one has loaded it
    store.close()
    app.button(key="retry").click().run()
    assert problems(app) == []
    assert not app.warning


@pytest.mark.parametrize("page", PAGES)
def test_a_server_that_does_not_answer_is_explained(monkeypatch, page):
    monkeypatch.setenv("MAILLAGE_NEO4J_PASSWORD", "hunter2")
    app = visit(monkeypatch, "neo4j://127.0.0.1:9", page, fiche=CLINIC, lang="en")
    said = refused(app)
    assert "does not answer" in said
    assert "hunter2" not in everything(app)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    with closing(SqliteStore(path)) as store:
        for loader in ("territoires", "reference"):
            store.apply(batch(loader, []))
    return path


@pytest.mark.parametrize("page", [page for page in PAGES if page != "data"])
def test_with_nothing_loaded_every_page_leads_to_the_data(monkeypatch, empty, page):
    french = visit(monkeypatch, empty, page)
    assert french.button(key="open_data").label == text("page.empty.open_data", "fr")
    app = visit(monkeypatch, empty, page, lang="en", fiche=CLINIC)
    assert problems(app) == []
    assert app.button(key="open_data").label == text("page.empty.open_data", "en")
    app.button(key="open_data").click().run()
    assert problems(app) == []
    assert app.session_state["maillage_page"] == "data"
    assert text("page.data.load", "en") in [item.label for item in app.tabs]


@pytest.mark.parametrize("page", NETWORKS)
def test_where_nothing_matches_the_page_offers_what_to_relax(monkeypatch, held, page):
    app = visit(monkeypatch, held, page, types="DIALYSE", date="2023-06-30")
    assert problems(app) == []
    assert text("page.empty.nothing", "fr") in [item.value for item in app.info]
    assert any((item.key or "").startswith("relax_") for item in app.button)
    app.button(key="reset_here").click().run()
    assert problems(app) == []
    assert state(app).selection.kinds == frozenset()


def test_coverage_says_what_to_load_for_kinds_that_nothing_tells_of(monkeypatch, held):
    app = visit(monkeypatch, held, "coverage", types="DIALYSE")
    assert problems(app) == []
    (info,) = [item.value for item in app.info]
    assert "Données" in info
