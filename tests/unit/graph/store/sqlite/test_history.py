"""What a store file keeps to undo loads, and what it lets go."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.errors import StoreError
from graph.store.rules import KEPT_LOADS
from graph.store.sqlite import SqliteStore
from tests.contract.store.synthetic import batch, content, structure, territory


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "synthetic.db")
    yield store
    store.close()


def _count(store: SqliteStore, table: str) -> int:
    connection = sqlite3.connect(store.path)
    try:
        query = f"SELECT count(*) FROM {table}"  # noqa: S608 - a table named in this module
        return int(connection.execute(query).fetchone()[0])
    finally:
        connection.close()


def test_only_the_latest_loads_can_be_undone(store: SqliteStore) -> None:
    for number in range(KEPT_LOADS + 3):
        store.apply(batch(structure("a", name=f"Name {number}")))
    assert _count(store, "claim_history") == KEPT_LOADS
    for _ in range(KEPT_LOADS):
        store.undo("finess")
    before = content(store)
    with pytest.raises(StoreError) as caught:
        store.undo("finess")
    assert caught.value.code == "store.undo_too_old"
    assert content(store) == before
    assert _count(store, "claim_history") == 0


def test_loads_that_change_nothing_take_no_place(store: SqliteStore) -> None:
    store.apply(batch(structure("a", name="One")))
    before = content(store)
    for _ in range(KEPT_LOADS + 3):
        store.apply(batch(structure("a", name="Two")))
    store.undo("finess")
    assert content(store) == before


def test_a_later_load_of_the_same_series_comes_first(store: SqliteStore) -> None:
    store.apply(batch(structure("a", name="One"), series="shared:all", loader="first"))
    store.apply(batch(structure("a", name="Two"), series="shared:all", loader="second"))
    with pytest.raises(StoreError) as caught:
        store.undo("first")
    assert caught.value.code == "store.undo_later"
    assert "second" in caught.value.message("fr")
    store.undo("second")
    store.undo("first")
    assert store.structures() == []


def test_polygons_are_kept_once_and_let_go(store: SqliteStore) -> None:
    one, two = b"\x01polygon", b"\x02polygon"
    store.apply(batch(territory("commune:1", geometry=one), territory("commune:2", geometry=one)))
    assert _count(store, "geometry") == 1
    store.apply(batch(territory("commune:1", geometry=two), territory("commune:2", geometry=one)))
    assert _count(store, "geometry") == 2
    store.undo("finess")
    assert _count(store, "geometry") == 1
    store.undo("finess")
    assert _count(store, "geometry") == 0


def test_a_polygon_that_an_undo_needs_is_kept(store: SqliteStore) -> None:
    store.apply(batch(territory("commune:1", geometry=b"\x01")))
    store.apply(batch(territory("commune:1", geometry=b"\x02")))
    store.apply(batch(territory("commune:1", geometry=b"\x03")))
    assert _count(store, "geometry") == 3


def test_a_plain_claim_is_not_written_twice(store: SqliteStore) -> None:
    store.apply(batch(structure("a"), structure("b", notes=("n", "n")), structure("c")))
    assert (_count(store, "structure"), _count(store, "merged_structure")) == (3, 1)
    store.apply(batch(structure("a", "s2"), series="other:all"))
    assert (_count(store, "structure"), _count(store, "merged_structure")) == (3, 2)
    store.undo("other")
    assert (_count(store, "structure"), _count(store, "merged_structure")) == (3, 1)
    store.undo("finess")
    assert (_count(store, "structure"), _count(store, "merged_structure")) == (0, 0)


def test_the_log_is_put_away_when_the_store_is_closed(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "synthetic.db")
    store.apply(batch(structure("a")))
    store.close()
    assert [item.name for item in tmp_path.iterdir()] == ["synthetic.db"]


def test_the_search_index_agrees_with_its_table(store: SqliteStore) -> None:
    store.apply(batch(structure("a", name="One"), structure("b", commune="1")))
    store.apply(batch(territory("commune:1", name="Ville"), series="t:all"))
    store.apply(batch(structure("a", name="Two"), structure("c")))
    store.undo("finess")
    store.undo("t")
    connection = sqlite3.connect(store.path)
    connection.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
    connection.close()
