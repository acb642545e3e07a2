"""Store URLs."""

from pathlib import Path

import pytest

from graph.errors import StoreError
from graph.store import default_path, default_url, open_store
from graph.store.sqlite import SqliteStore


def test_absolute_path(tmp_path: Path) -> None:
    url = f"sqlite:///{(tmp_path / 'new' / 'folder' / 'm.db').as_posix()}"
    store = open_store(url)
    store.close()
    assert (tmp_path / "new" / "folder" / "m.db").is_file()
    assert store.url == url


def test_relative_path_starts_where_we_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///sub/m.db")
    store.close()
    assert (tmp_path / "sub" / "m.db").is_file()
    assert store.url == f"sqlite:///{(tmp_path / 'sub' / 'm.db').as_posix()}"


def test_scheme_in_capitals(tmp_path: Path) -> None:
    open_store(f"SQLite:///{tmp_path.as_posix()}/m.db").close()
    assert (tmp_path / "m.db").is_file()


def test_accents_spaces_and_signs_in_the_path(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path.as_posix()}/Données #1 à 50 %20?/réseau.db")
    store.close()
    again = open_store(store.url)
    again.close()
    assert (tmp_path / "Données #1 à 50 %20?" / "réseau.db").is_file()


def test_default_is_in_the_users_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("WIN_PD_OVERRIDE_LOCAL_APPDATA", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_path().parts[-2:] == ("maillage", "maillage.db")
    assert tmp_path in default_path().parents
    store = open_store()
    store.close()
    assert isinstance(store, SqliteStore)
    assert store.url == default_url()
    assert default_path().is_file()


@pytest.mark.parametrize("url", ["mysql://host:3306", "postgres://host/db", "maillage.db", ":"])
def test_other_stores_are_refused_by_name(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert caught.value.code == "store.unknown_url"
    assert url in caught.value.message("fr")
    assert "sqlite:///" in caught.value.message("fr")
    assert "sqlite:///" in caught.value.message("en")


def test_a_password_is_not_repeated() -> None:
    with pytest.raises(StoreError) as caught:
        open_store("postgres://user:s3cret@host:7687")
    assert "s3cret" not in caught.value.message("fr")
    assert "postgres" in caught.value.message("fr")


@pytest.mark.parametrize("url", ["sqlite://m.db", "sqlite:m.db", "sqlite:///"])
def test_sqlite_urls_that_name_no_file(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert caught.value.code == "store.bad_sqlite_url"


@pytest.mark.parametrize(
    "url", ["sqlite://///server/share/m.db", "sqlite:///\\\\server\\share\\m.db"]
)
def test_network_shares_are_refused(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert caught.value.code == "store.network_share"
