"""Stores for the pages: the bundled ecosystem over two départements, and copies to be changed."""

import shutil
from pathlib import Path

import pytest

from explorer.services.loading import run_load
from graph.store.open import open_store
from loaders.base import LoadContext

CHECKOUT = Path(__file__).resolve().parents[3]
DEPARTEMENTS = ("94", "91", "75", "77", "92", "93")


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store that holds the bundled ecosystem and the territories around it."""
    path = tmp_path_factory.mktemp("bundled") / "maillage.db"
    store = open_store(f"sqlite:///{path.as_posix()}")
    run_load(store, "territoires", context=LoadContext(departements=DEPARTEMENTS))
    run_load(store, "reference")
    store.close()
    return path


@pytest.fixture
def own_store(bundled: Path, tmp_path: Path) -> Path:
    """Give a copy of the bundled store that a test may change."""
    return Path(shutil.copy(bundled, tmp_path / "own.db"))


@pytest.fixture
def settings_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the profiles of a test out of the user's own folder."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"
