"""Neo4j servers for tests. Nothing here touches a database that is not a test's own.

Facts to write tests with:

- Mark the test ``neo4j``. It is skipped, with the reason, where ``MAILLAGE_TEST_NEO4J`` names no
  server; ``make test-neo4j`` and CI start one for each worker. By hand::

      python scripts/neo4j_server.py run -- .venv/bin/python -m pytest tests/... -m neo4j

- ``MAILLAGE_TEST_NEO4J`` holds one or more addresses between spaces, ``MAILLAGE_TEST_NEO4J_USER``
  and ``MAILLAGE_TEST_NEO4J_PASSWORD`` the credentials for all of them. Worker gw0 takes the first
  address, gw1 the second. Where two share a server, a module has it alone while it runs
  (`lent` locks it): tests with long modules should be split.
- Fixture ``neo4j_database``: a :class:`TestDatabase` without content; the constraints and indexes
  made by earlier tests of the module stay, since making them takes longer than the test
  (``empty(schema=True)`` drops them too). ``MAILLAGE_NEO4J_USER`` and ``…_PASSWORD`` are set, so
  ``open_store(database.url)`` works, in child processes too. Fixture ``neo4j_server``: the same
  for a module, without the credentials.
- A database is a test's own when it is empty or has the constraint of the name `MARKER`, which
  holds no node: for a store such a database is new. Any other is refused and left unharmed.
- Fixture ``neo4j_alone``: a server for one test (``stop()``, ``kill()``, ``start()`` on the same
  data and port; ``running``, ``url``, ``password``, ``said()``). With settings of your own:
  ``own_server(tmp_path / "x", {"db.memory.transaction.max": "8m"})``; ``server.more`` may be
  changed between two starts. `frozen` stops its clock: it accepts connections and says nothing.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import LiteralString, NamedTuple
from urllib.parse import urlsplit

import pytest
from neo4j import Driver, GraphDatabase, NotificationMinimumSeverity, Query

from neo4j_local.access import USER
from neo4j_local.configuration import QUICK_START
from neo4j_local.install import install
from neo4j_local.server import Server
from neo4j_local.trouble import ServerTrouble

ADDRESSES = "MAILLAGE_TEST_NEO4J"
MARKER = "maillage_tests_only"
WAIT_SECONDS = 150.0
"""How long a module waits for a server that another one uses; less than a test's timeout."""


class Offer(NamedTuple):
    """A server that tests may use."""

    url: str
    user: str
    password: str


class NotOursError(Exception):
    """The database holds something that no test has put there."""


def offered(environment: Mapping[str, str] = os.environ) -> list[Offer]:
    """Return the servers that the environment names for tests."""
    user = environment.get(f"{ADDRESSES}_USER") or USER
    password = environment.get(f"{ADDRESSES}_PASSWORD", "")
    return [Offer(url, user, password) for url in environment.get(ADDRESSES, "").split()]


def not_offered() -> str | None:
    """Say why no test can talk to Neo4j here."""
    if offered():
        return None
    return f"no Neo4j server; run `make test-neo4j`, or set {ADDRESSES} to one for tests only"


def cannot_start() -> str | None:
    """Say why no server can be started here."""
    try:
        install()
    except ServerTrouble as trouble:
        return f"no Neo4j server can be started: {trouble}"
    return None


def offer_for(worker: str, offers: list[Offer]) -> Offer:
    """Return the server of a worker (``gw0``, ``gw1``…); the last ones share if there are few."""
    return offers[int(worker.removeprefix("gw") or 0) % len(offers)]


def offer_of(server: Server) -> Offer:
    """Return how to enter a server that a test has started."""
    return Offer(server.url, USER, server.password)


def give_credentials(monkeypatch: pytest.MonkeyPatch, offer: Offer) -> None:
    """Put the credentials where Maillage reads them."""
    monkeypatch.setenv("MAILLAGE_NEO4J_USER", offer.user)
    monkeypatch.setenv("MAILLAGE_NEO4J_PASSWORD", offer.password)
    monkeypatch.delenv("MAILLAGE_NEO4J_DATABASE", raising=False)


class TestDatabase:
    """The default database of a server, which tests may fill and empty."""

    __test__ = False

    def __init__(self, server: Offer, driver: Driver) -> None:
        self.server = server
        self.url = server.url
        self.driver = driver

    def rows(self, text: LiteralString | Query, **values: object) -> list[list[object]]:
        """Run Cypher past the store and return the rows."""
        with self.driver.session(database="neo4j") as session:
            return session.run(text, values).values()

    def claim(self) -> None:
        """Make the database a test's own.

        Raises
        ------
        NotOursError
            It holds something and has not been claimed before.
        """
        constraints = {name for (name,) in self.rows("SHOW CONSTRAINTS YIELD name")}
        if MARKER in constraints:
            return
        if constraints or self.rows("MATCH (n) RETURN n LIMIT 1"):
            raise NotOursError(
                f"{self.url} holds data that no test has put there; it is left as it is. "
                f"Set {ADDRESSES} to an empty database that only tests use."
            )
        self.rows(f"CREATE CONSTRAINT {MARKER} FOR (n:MaillageTestsOnly) REQUIRE n.id IS UNIQUE")

    def empty(self, *, schema: bool = False) -> None:
        """Remove the content, with `schema` the constraints and indexes too."""
        self.claim()
        self.rows("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")
        if schema:
            self._drop_schema()

    def _drop_schema(self) -> None:
        for (name,) in self.rows("SHOW CONSTRAINTS YIELD name"):
            if name != MARKER:
                self.rows(Query(f"DROP CONSTRAINT `{name}`"))
        indexes = "SHOW INDEXES YIELD name, type, owningConstraint WHERE type <> 'LOOKUP'"
        for (name,) in self.rows(f"{indexes} AND owningConstraint IS NULL RETURN name"):
            self.rows(Query(f"DROP INDEX `{name}`"))


@contextmanager
def opened(server: Offer) -> Iterator[TestDatabase]:
    """Lend a database, not claimed yet."""
    driver = GraphDatabase.driver(
        server.url,
        auth=(server.user, server.password),
        notifications_min_severity=NotificationMinimumSeverity.OFF,
        telemetry_disabled=True,
    )
    with driver:
        yield TestDatabase(server, driver)


@contextmanager
def lent(worker: str) -> Iterator[TestDatabase]:
    """Lend the worker's database to it alone, bare of content and schema."""
    server = offer_for(worker, offered())
    with locked(server), opened(server) as database:
        database.empty(schema=True)
        yield database
        database.empty(schema=True)


@contextmanager
def locked(server: Offer, seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Keep other test processes of this machine off a server; the end of the process frees it."""
    parts = urlsplit(server.url)
    name = f"maillage-test-neo4j-{parts.hostname}-{parts.port}.lock"
    file = Path(tempfile.gettempdir()) / name
    with closing(sqlite3.connect(file, timeout=seconds, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def own_server(folder: Path, more: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Start a server in `folder` with further settings; stop it and remove its data at the end."""
    server = Server(folder, port=0, more=more, java_options=QUICK_START)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        server.wipe()


def _await_stop(pid: int) -> None:
    """Wait until the system has stopped every thread of a process, where it says so (Linux)."""
    stat = Path(f"/proc/{pid}/stat")
    for _ in range(500):
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "T":
            return
        time.sleep(0.01)
    raise AssertionError(f"process {pid} does not stop")


@contextmanager
def frozen(server: Server) -> Iterator[None]:
    """Freeze a server's process for a while."""
    pid = server.state.pid
    assert pid is not None, "the server does not run"
    os.kill(pid, signal.SIGSTOP)
    try:
        _await_stop(pid)
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
