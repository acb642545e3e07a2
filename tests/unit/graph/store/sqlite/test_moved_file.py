"""A store file that is moved away or replaced while it is in use."""

import shutil

import pytest

from graph.errors import StoreError
from graph.model import StructureClaim
from graph.store.sqlite import SqliteStore
from tests.support.confluence_synthetic import batch


def claim(key: str) -> StructureClaim:
    return StructureClaim(id=key, source="article", locator="l", name=key)


def ids(store: SqliteStore) -> list[str]:
    return [item.id for item in store.structures()]


@pytest.fixture
def store(tmp_path):
    made = SqliteStore(tmp_path / "a.db")
    made.apply(batch("one", [claim("x:1")]))
    yield made
    made.close()


def test_a_file_that_went_away_is_neither_read_nor_written(store):
    away = store.path.rename(store.path.with_suffix(".away"))
    with pytest.raises(StoreError, match="not at its place"):
        store.revision()
    with pytest.raises(StoreError, match="not at its place"):
        store.apply(batch("two", [claim("x:2")]))
    assert not store.path.exists()
    away.rename(store.path)
    assert ids(store) == ["x:1"]


def test_a_backup_in_the_place_of_the_file_is_read_whole(store):
    backup = shutil.copy(store.path, store.path.with_suffix(".backup"))
    store.apply(batch("two", [claim("x:2")]))
    assert ids(store) == ["x:1", "x:2"]
    before = store.revision()
    shutil.move(backup, store.path)
    assert ids(store) == ["x:1"]
    assert store.revision() > before
    store.apply(batch("three", [claim("x:3")]))
    again = SqliteStore(store.path)
    assert ids(again) == ["x:1", "x:3"]
    again.close()


def test_the_log_is_empty_after_a_load_so_that_it_is_played_into_no_other_file(store):
    log = store.path.with_name("a.db-wal")
    assert not log.exists() or log.stat().st_size == 0
