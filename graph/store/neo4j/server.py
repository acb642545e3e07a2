"""Transactions on a Neo4j server: managed, routed, timed, with their errors in our own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from neo4j import READ_ACCESS, WRITE_ACCESS, ManagedTransaction, Session, unit_of_work
from neo4j import Transaction as OpenTransaction
from neo4j.exceptions import ConfigurationError, Neo4jError

from graph.errors import StoreError
from graph.store.neo4j import drivers
from graph.store.neo4j.address import Address, Login
from graph.store.neo4j.troubles import MEMORY, translated, trouble

READ_SECONDS = 120.0
LOAD_SECONDS = 3600.0
"""How long a read or a load may run on the server before it is given up."""

BATCH_ROWS = 2000
BATCH_BYTES = 4_000_000
"""What one `UNWIND` takes at most."""

FETCHED_ROWS = 20_000
"""How many rows of an answer come at once: a comparison brings a few numbers of every claim."""

T = TypeVar("T")
Row = Sequence[object]


class Cypher(Protocol):
    """What runs Cypher; a test can put a recorder in its place."""

    def rows(self, text: str, /, **values: object) -> list[list[Any]]:
        """Run `text` with `values` as parameters and return the rows."""
        ...

    def send(self, text: str, /, **values: object) -> None:
        """Run `text`, whose answer is of no use; what goes wrong is raised by a later call."""
        ...


class Transaction:
    """A transaction that is open on the server."""

    def __init__(self, opened: ManagedTransaction | OpenTransaction, address: Address) -> None:
        self._opened = opened
        self._address = address

    def rows(self, text: str, /, **values: object) -> list[list[Any]]:
        """Run `text` with `values` as parameters and return the rows."""
        with self._hopeless():
            return self._opened.run(text, values).values()

    def send(self, text: str, /, **values: object) -> None:
        """Run `text` and go on while the server works.

        It does so where `text` returns something: what returns nothing is answered when it is
        done. The last call of a transaction has to be another one, so that nothing that goes wrong
        is left for the commit.
        """
        with self._hopeless():
            self._opened.run(text, values)

    @contextmanager
    def _hopeless(self) -> Iterator[None]:
        try:
            yield
        except Neo4jError as error:
            if error.code in MEMORY:
                # Raised as ours at once: the driver would do in vain what cannot succeed.
                raise trouble(error, self._address) from error
            raise


class Server:
    """A database on a server, lent from the process's driver."""

    def __init__(self, address: Address, login: Login) -> None:
        self.address = address
        self._login = login
        self._closed = False
        with translated(address), _configured(address):
            self._lent = drivers.lend(address.uri, login)

    def read(self, work: Callable[[Cypher], T]) -> T:
        """Run reads in one transaction, on whichever server may answer them."""
        return self._run(work, READ_ACCESS, READ_SECONDS)

    def write(self, work: Callable[[Cypher], T], seconds: float = LOAD_SECONDS) -> T:
        """Run `work` in one transaction: all of it is kept at the end, or nothing.

        It is run again where the server says that this is safe (it gave the transaction up).
        """
        return self._run(work, WRITE_ACCESS, seconds)

    def write_once(self, work: Callable[[Cypher], T], seconds: float = LOAD_SECONDS) -> T:
        """Run `work`, which cannot be run again, in one transaction."""
        with (
            translated(self.address),
            self._session(WRITE_ACCESS) as session,
            session.begin_transaction(timeout=seconds) as opened,
        ):
            found = work(Transaction(opened, self.address))
            opened.commit()
            return found

    def _run(self, work: Callable[[Cypher], T], access: str, seconds: float) -> T:
        @unit_of_work(timeout=seconds)
        def timed(opened: ManagedTransaction) -> T:
            return work(Transaction(opened, self.address))

        with translated(self.address), self._session(access) as session:
            if access == READ_ACCESS:
                return session.execute_read(timed)
            return session.execute_write(timed)

    def agent(self) -> str:
        """Return what the server calls itself: ``Neo4j/5.26.0``."""
        with translated(self.address):
            return str(self._lent.driver.get_server_info().agent)

    def close(self) -> None:
        """Let go of the driver."""
        if not self._closed:
            self._closed = True
            drivers.give_back(self.address.uri, self._login)

    def _session(self, access: str) -> Session:
        if self._closed:
            raise StoreError("neo4j.closed", url=self.address.url)
        return self._lent.driver.session(
            database=self.address.database,
            default_access_mode=access,
            fetch_size=FETCHED_ROWS,
            bookmark_manager=self._lent.bookmarks,
        )


class _configured:  # noqa: N801 - reads as what it does
    """Say which address could not be used, where the driver refuses its settings."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def __enter__(self) -> None:
        return

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, ValueError) and not isinstance(error, ConfigurationError):
            raise StoreError(
                "neo4j.configuration", url=self._address.url, why=str(error)
            ) from error


def in_batches(
    cypher: Cypher,
    text: str,
    rows: Iterable[Row],
    *,
    values: Mapping[str, object] | None = None,
) -> list[list[Any]]:
    """Run `text` over `rows` (its ``$rows``), some thousands at a time; return all answers."""
    found: list[list[Any]] = []
    for batch in _batches(rows):
        found += cypher.rows(text, rows=batch, **(values or {}))
    return found


def send_batches(
    cypher: Cypher, text: str, rows: Iterable[Row], values: Mapping[str, object]
) -> None:
    """Run `text` over `rows` as :func:`in_batches` does; rows are made while the server works."""
    for batch in _batches(rows):
        cypher.send(text, rows=batch, **values)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(list(row))
        size += _weight(row)
        if len(batch) == BATCH_ROWS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _weight(row: Row) -> int:
    return sum([len(item) for item in row if item.__class__ is str or item.__class__ is bytes])
