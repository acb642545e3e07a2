"""Disks that are full or read-only, and files that somebody else holds."""

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.errors import StoreBusy, StoreError
from graph.store.sqlite import SqliteStore
from graph.store.sqlite.connections import translated
from graph.store.sqlite.schema import prepare
from tests.contract.store.synthetic import content, everything, many
from tests.support.small_disk import small_disk

NOBODY = 65534


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "synthetic.db", wait=0.1)
    store.apply(everything())
    yield store
    store.close()


def test_a_full_disk_undoes_the_load(store: SqliteStore) -> None:
    before, loads = content(store), store.loads()
    (connection,) = store._pool._idle
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 5}")
    with pytest.raises(StoreError) as caught:
        store.apply(many(3000))
    assert caught.value.code == "store.full"
    assert str(store.path) in caught.value.message("fr")
    assert (content(store), store.loads()) == (before, loads)
    connection.execute(f"PRAGMA max_page_count = {pages + 5000}")
    assert store.apply(many(3000)).added == 3000


@pytest.mark.parametrize("steps", range(10, 81, 10))
def test_tables_that_sqlite_itself_undid_say_what_happened(tmp_path: Path, steps: int) -> None:
    # A full disk ends the transaction on its own, as does an interruption within most of these
    # steps: nothing is left to undo.
    path = tmp_path / "synthetic.db"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.set_progress_handler(lambda: 1, steps)
        with pytest.raises(sqlite3.OperationalError, match="interrupted"):
            prepare(connection, path)


def test_a_small_disk_undoes_the_load(tmp_path: Path) -> None:
    # Where mounting is not allowed the folder is an ordinary one: the load then succeeds, and the
    # test above alone stands for a full disk.
    with small_disk(tmp_path, "1000k") as small:
        store = SqliteStore(tmp_path / "synthetic.db")
        try:
            store.apply(everything())
            before = content(store)
            if not small:
                assert store.apply(many(3000)).added == 3000
                return
            with pytest.raises(StoreError) as caught:
                store.apply(many(3000))
            assert caught.value.code == "store.full"
            assert content(store) == before
        finally:
            store.close()


def test_another_program_that_writes_makes_it_busy(store: SqliteStore) -> None:
    before = content(store)
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy) as caught:
        store.apply(many(3))
    assert caught.value.code == "store.busy"
    assert caught.value.exit_code == 4
    assert content(store) == before
    with pytest.raises(StoreBusy):
        store.undo("finess")
    other.close()
    assert store.apply(many(3)).added == 3


def test_another_program_that_locks_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "synthetic.db"
    SqliteStore(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreBusy):
        SqliteStore(path, wait=0.1)
    other.close()
    SqliteStore(path).close()


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder that everybody may enter, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextlib.contextmanager
def _read_only(folder: Path) -> Iterator[None]:
    """Make `folder` read-only, and be somebody for whom that counts."""
    folder.chmod(0o555)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)


def test_a_folder_that_cannot_be_written(folder: Path) -> None:
    with _read_only(folder):
        with pytest.raises(StoreError) as caught:
            SqliteStore(folder / "synthetic.db")
        assert caught.value.code == "store.cannot_open"
        with pytest.raises(StoreError) as caught:
            SqliteStore(folder / "sub" / "synthetic.db")
        assert caught.value.code == "store.folder"
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_entered(folder: Path) -> None:
    SqliteStore(folder / "closed" / "synthetic.db").close()
    (folder / "closed").chmod(0o600)
    with _read_only(folder), pytest.raises(StoreError) as caught:
        SqliteStore(folder / "closed" / "synthetic.db")
    assert caught.value.code == "store.folder"


def test_a_file_that_cannot_be_read(folder: Path) -> None:
    SqliteStore(folder / "synthetic.db").close()
    (folder / "synthetic.db").chmod(0o000)
    with _read_only(folder), pytest.raises(StoreError) as caught:
        SqliteStore(folder / "synthetic.db")
    assert caught.value.code == "store.cannot_open"
    assert "--store" in caught.value.message("fr")


def test_a_store_that_cannot_be_written(folder: Path) -> None:
    store = SqliteStore(folder / "synthetic.db")
    store.apply(everything())
    store.close()
    before = (folder / "synthetic.db").read_bytes()
    (folder / "synthetic.db").chmod(0o444)
    with _read_only(folder), pytest.raises(StoreError) as caught:
        SqliteStore(folder / "synthetic.db")
    assert caught.value.code in {"store.read_only", "store.cannot_open"}
    assert "--store" in caught.value.message("fr")
    assert (folder / "synthetic.db").read_bytes() == before


def test_a_disk_that_fails(tmp_path: Path) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
    with pytest.raises(StoreError) as caught, translated(tmp_path / "m.db"):
        raise error
    assert caught.value.code == "store.disk"


def test_an_error_of_no_known_kind(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught, translated(tmp_path / "m.db"):
        raise sqlite3.OperationalError("something else")
    assert caught.value.code == "store.failed"
    assert "something else" in caught.value.message("en")
    assert str(tmp_path / "m.db") in caught.value.message("fr")


def test_an_interrupted_load_frees_the_store(store: SqliteStore) -> None:
    def stop(stage: str, done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.apply(many(10), progress=stop)
    other = SqliteStore(store.path, wait=0.1)
    assert other.apply(many(10)).added == 10
    other.close()
