"""Files that are no store, newer, older, empty, damaged: refused unharmed, or brought up."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graph.errors import StoreError
from graph.store.port import SCHEMA_VERSION
from graph.store.sqlite import SqliteStore
from graph.store.sqlite.schema import APPLICATION_ID, Migration, check_version, prepare


def _refused(path: Path) -> StoreError:
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        SqliteStore(path)
    assert path.read_bytes() == before
    assert [item.name for item in path.parent.iterdir()] == [path.name]
    assert str(path) in caught.value.message("fr")
    return caught.value


def _database(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("ceci n'est pas une base")
    assert _refused(path).code == "store.foreign"


def test_a_database_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    _database(path, "CREATE TABLE t (x)", "INSERT INTO t VALUES (1)")
    assert _refused(path).code == "store.foreign"


def test_a_database_of_another_program_with_a_log(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    _database(path, "PRAGMA journal_mode = WAL", "CREATE TABLE t (x)", "PRAGMA user_version = 1")
    before = path.read_bytes()
    with pytest.raises(StoreError):
        SqliteStore(path)
    assert path.read_bytes() == before


def test_a_newer_version(tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    newer = SCHEMA_VERSION + 1
    _database(
        path,
        "CREATE TABLE future (x)",
        f"PRAGMA application_id = {APPLICATION_ID}",
        f"PRAGMA user_version = {newer}",
    )
    error = _refused(path)
    assert error.code == "store.newer"
    assert (error.params["version"], error.params["supported"]) == (newer, SCHEMA_VERSION)


def test_a_newer_version_loaded_by_a_newer_program(tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    SqliteStore(path).close()
    _database(path, f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        SqliteStore(path)
    assert caught.value.code == "store.newer"
    assert path.read_bytes() == before


def test_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    SqliteStore(path).close()
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xff" * 3996
    path.write_bytes(content)
    assert _refused(path).code == "store.damaged"


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    store = SqliteStore(path)
    assert store.structures() == []
    store.close()


def test_two_may_make_a_store_at_once(tmp_path: Path) -> None:
    path = tmp_path / "new.db"

    def make(_: int) -> int:
        store = SqliteStore(path)
        try:
            return store.revision()
        finally:
            store.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(make, range(4))) == [0] * 4


def test_a_store_that_another_program_just_makes_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    SqliteStore(path).close()
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("PRAGMA journal_mode = DELETE")
    other.execute("BEGIN IMMEDIATE")
    ending = threading.Timer(0.3, other.execute, ["COMMIT"])
    ending.start()
    SqliteStore(path).close()
    ending.join()
    other.close()
    looking = sqlite3.connect(path)
    assert looking.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    looking.close()


def _old(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("CREATE TABLE kept (x)")
    connection.execute("INSERT INTO kept VALUES ('value')")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 1")
    return connection


SYNTHETIC_STEPS = (
    Migration(1, "ALTER TABLE kept ADD COLUMN y; UPDATE kept SET y = 'two'"),
    Migration(2, "CREATE TABLE added (z)"),
)


def test_an_older_version_is_brought_up_step_by_step(tmp_path: Path) -> None:
    connection = _old(tmp_path / "old.db")
    prepare(connection, tmp_path / "old.db", SYNTHETIC_STEPS, target=3)
    assert connection.execute("SELECT * FROM kept").fetchall() == [("value", "two")]
    assert connection.execute("SELECT * FROM added").fetchall() == []
    assert connection.execute("PRAGMA user_version").fetchone() == (3,)
    connection.close()


def test_a_step_that_fails_leaves_the_old_version(tmp_path: Path) -> None:
    connection = _old(tmp_path / "old.db")
    steps = (
        SYNTHETIC_STEPS[0],
        Migration(2, "CREATE TABLE added (z); INSERT INTO nowhere VALUES (1)"),
    )
    with pytest.raises(sqlite3.OperationalError):
        prepare(connection, tmp_path / "old.db", steps, target=3)
    assert connection.execute("SELECT * FROM kept").fetchall() == [("value",)]
    assert check_version(connection, tmp_path / "old.db") == 1
    connection.close()


def test_a_version_without_step_is_refused(tmp_path: Path) -> None:
    connection = _old(tmp_path / "old.db")
    with pytest.raises(StoreError) as caught:
        prepare(connection, tmp_path / "old.db", SYNTHETIC_STEPS[1:], target=3)
    assert caught.value.code == "store.older"
    assert connection.execute("SELECT * FROM kept").fetchall() == [("value",)]
    connection.close()
