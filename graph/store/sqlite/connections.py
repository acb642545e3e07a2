"""Connections to a store file: pooled, one transaction at a time each, errors in our own words."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from graph.errors import StoreBusy, StoreError, cause_of
from graph.store.sqlite.schema import check_file, prepare

WAIT_SECONDS = 5.0
"""How long a load waits for another one before it says that the store is busy."""
PAUSE = 0.02

SETTINGS = """
PRAGMA synchronous = FULL;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -16384;
PRAGMA secure_delete = OFF;
PRAGMA journal_size_limit = 16777216;
"""

_CODES = {
    sqlite3.SQLITE_FULL: "store.full",
    sqlite3.SQLITE_READONLY: "store.read_only",
    sqlite3.SQLITE_CANTOPEN: "store.cannot_open",
    sqlite3.SQLITE_PERM: "store.cannot_open",
    sqlite3.SQLITE_AUTH: "store.cannot_open",
    sqlite3.SQLITE_IOERR: "store.disk",
    sqlite3.SQLITE_CORRUPT: "store.damaged",
    sqlite3.SQLITE_NOTADB: "store.damaged",
}
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_PRIMARY = 0xFF


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Say in our own words what SQLite could not do."""
    try:
        yield
    except sqlite3.Error as error:
        number = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
        if number in _BUSY:
            raise StoreBusy("store.busy", path=str(path)) from error
        code = _CODES.get(number, "store.failed")
        raise StoreError(code, path=str(path), why=str(error)) from error


def _log_ahead(connection: sqlite3.Connection, wait: float) -> str:
    """Have changes written to a log first; return the mode that the file then has.

    SQLite waits for another program that writes everywhere but here, where it gives up at once.
    """
    until = time.monotonic() + wait
    while True:
        try:
            return str(connection.execute("PRAGMA journal_mode = WAL").fetchone()[0])
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _PRIMARY not in _BUSY or time.monotonic() > until:
                raise
        time.sleep(PAUSE)


class Pool:
    """Connections that are lent to one thread at a time, opened as they are needed.

    Each loan first looks whether the file is still the one that was opened: a connection to a
    file that was moved or replaced would go on reading what is gone, and write where nobody looks.
    `generation` counts the files that stood at this place since the pool was made.
    """

    def __init__(self, path: Path, wait: float = WAIT_SECONDS) -> None:
        self.path = path
        self.wait = wait
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._reopening = threading.Lock()
        self._closed = False
        self._file: tuple[int, int] | None = None
        self.generation = 0

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that sees one state of the content, whatever is loaded meanwhile."""
        with self._transaction("BEGIN", "ROLLBACK") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend the only connection that writes; all is kept at the end, or nothing."""
        with self._transaction("BEGIN IMMEDIATE", "COMMIT") as connection:
            yield connection
        self._empty_log()

    def prepare(self) -> None:
        """Make or update the tables, and let reads go on while a load writes."""
        connection = self.open()
        try:
            prepare(connection, self.path)
            mode = _log_ahead(connection, self.wait)
            if mode != "wal":
                raise StoreError("store.no_wal", path=str(self.path), mode=mode)
            self._file = self._identity()
        finally:
            self._give_back(connection, self.generation)

    def close(self) -> None:
        """Close what is idle now, and the rest as it comes back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def open(self) -> sqlite3.Connection:
        """Open a connection with the settings of every store file."""
        connection = sqlite3.connect(
            self.path, timeout=self.wait, isolation_level=None, check_same_thread=False
        )
        try:
            connection.executescript(SETTINGS)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def _transaction(self, begin: str, end: str) -> Iterator[sqlite3.Connection]:
        with translated(self.path):
            connection = self._borrow()
            generation = self.generation
            try:
                connection.execute(begin)
                yield connection
                connection.execute(end)
            finally:
                self._give_back(connection, generation)

    def _empty_log(self) -> None:
        """Leave an empty log, unless somebody reads just now: what was written is in the file.

        A backup put in the place of the file would else have the log of another one beside it,
        which SQLite would play into the backup.
        """
        with suppress(sqlite3.Error, StoreError):
            connection = self._borrow()
            try:
                connection.execute("PRAGMA busy_timeout = 0")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.execute(f"PRAGMA busy_timeout = {round(self.wait * 1000)}")
            finally:
                self._give_back(connection, self.generation)

    def _identity(self) -> tuple[int, int]:
        """Return what tells the file from any other that may stand at its place."""
        try:
            found = self.path.stat()
        except OSError as error:
            raise StoreError("store.gone", path=str(self.path), why=cause_of(error)) from None
        return found.st_dev, found.st_ino

    def _look(self) -> None:
        """Begin anew with another file, such as a backup, that was put at the place of ours."""
        with self._reopening:
            if self._file is None or self._identity() == self._file:
                return
            with self._lock:
                idle, self._idle = self._idle, []
            for connection in idle:
                connection.close()
            check_file(self.path, self.wait)
            self.generation += 1
            self.prepare()

    def _borrow(self) -> sqlite3.Connection:
        self._look()
        with self._lock:
            if self._closed:
                raise StoreError("store.closed", path=str(self.path))
            if self._idle:
                return self._idle.pop()
        return self.open()

    def _give_back(self, connection: sqlite3.Connection, generation: int) -> None:
        """Take a connection back for the next one; one that is of no use any more is closed."""
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            connection.close()
            return
        with self._lock:
            if not self._closed and generation == self.generation:
                self._idle.append(connection)
                return
        connection.close()
