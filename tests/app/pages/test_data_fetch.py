"""Page « Données »: the official file downloaded and read, and what changed among the partners."""

import hashlib
import json
import shutil
from pathlib import Path

import msgspec
import pytest

from graph.store.open import open_store
from loaders.downloads.addresses import ASSETS
from tests.app.pages.test_data_page import open_page, problems, words
from tests.support.replay_server import File, page, serving

NAME = "finess-structures-mensuel-202607.json.gz"
FEED = "finess-structures-mensuel-202607-echantillon.json.gz"


@pytest.fixture
def replay(monkeypatch, tmp_path):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with serving() as server:
        changed = tuple(
            msgspec.structs.replace(item, dataset=f"{server.base}/jeu/")
            if item.id == "finess-structures"
            else item
            for item in ASSETS
        )
        monkeypatch.setattr("loaders.downloads.addresses.ASSETS", changed)
        yield server


def describe(replay, body: bytes) -> None:
    sha1 = hashlib.sha1(body, usedforsecurity=False).hexdigest()
    resource = {"url": f"{replay.base}/{NAME}", "checksum": {"type": "sha1", "value": sha1}}
    replay.files["/jeu/"] = File(json.dumps({"resources": [resource]}).encode())
    replay.files[f"/{NAME}"] = File(body)


def finess(app):
    app.selectbox(key="w_source").set_value("finess").run()
    assert problems(app) == []
    return app


@pytest.mark.realdata
def test_the_official_file_is_downloaded_looked_at_and_loaded(
    monkeypatch, own_store, replay, shared_data
):
    describe(replay, (shared_data / FEED).read_bytes())
    app = finess(open_page(monkeypatch, own_store))
    app.button(key="fetch").click().run()
    assert problems(app) == []
    said = " ".join(item.value for item in app.success)
    assert "juillet 2026" in said
    assert "somme de contrôle publiée est confirmée" in said
    use = next(item for item in app.checkbox if item.label == "Lire ce fichier")
    use.check().run()
    assert problems(app) == []
    app.button(key="apply").click().run()
    assert problems(app) == []
    assert not next(item for item in app.checkbox if item.label == "Lire ce fichier").value
    store = open_store(f"sqlite:///{own_store.as_posix()}")
    assert store.loads()[0].file == NAME
    store.close()


def test_a_portal_in_place_of_the_file_is_explained(monkeypatch, own_store, replay):
    describe(replay, b"")
    replay.faults["/jeu/"] = [page]
    app = finess(open_page(monkeypatch, own_store))
    app.button(key="fetch").click().run()
    assert not app.exception
    (error,) = problems(app)
    assert "page web à la place du fichier" in error
    assert "finess-structures-mensuel-AAAAMM" in error.replace("\\", "")


def test_a_source_of_one_s_own_files_offers_no_download(monkeypatch, own_store, replay):
    app = open_page(monkeypatch, own_store)
    assert app.selectbox(key="w_source").value == "conventions"
    assert not [item for item in app.button if item.key == "fetch"]


def test_what_changed_names_the_agreements_to_look_at(monkeypatch, bundled, tmp_path):
    app = open_page(monkeypatch, Path(shutil.copy(bundled, tmp_path / "own.db")))
    assert problems(app) == []
    said = words(app, "what_changed")
    for expected in (
        "Institut Mutualiste Montsouris (750150104)",
        "Autre entité juridique",
        "ASSOCIATION NOUVEL IMM (750078115)",
        "Convention de partenariat – Institut Mutualiste Montsouris",
    ):
        assert expected in said
