"""A Neo4j server that stops, is killed or falters under a load or a read, and comes back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from graph.errors import StoreError
from graph.store import open_store
from graph.store.neo4j import drivers
from graph.store.neo4j.server import Transaction
from graph.store.neo4j.store import Neo4jStore
from graph.store.port import Progress
from neo4j_local.server import Server
from tests.contract.store.synthetic import content, everything, many
from tests.support import neo4j_server as neo4j

pytestmark = pytest.mark.neo4j

SMALL = {"db.memory.transaction.max": "8m"}
"""Memory enough for small loads."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if reason := neo4j.cannot_start():
        pytest.skip(reason)
    with neo4j.own_server(tmp_path_factory.mktemp("server") / "neo4j", SMALL) as server:
        yield server


@pytest.fixture
def store(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Neo4jStore]:
    """Give a store with content on a server that runs."""
    server.start()
    # How long the driver goes on asking a server that is gone.
    monkeypatch.setattr(drivers, "RETRY_SECONDS", 1.0)
    offer = neo4j.offer_of(server)
    neo4j.give_credentials(monkeypatch, offer)
    with neo4j.opened(offer) as database:
        database.empty()
    store = Neo4jStore(server.url)
    store.apply(everything())
    yield store
    store.close()


def at(step: int, action: Callable[[], object]) -> Progress:
    """Return a progress that does something when it is told for the time `step`."""
    told = []

    def progress(stage: str, done: int, total: int | None) -> None:
        told.append(stage)
        if len(told) == step:
            action()

    return progress


@pytest.mark.parametrize(("way", "step"), [("stop", 2), ("kill", 4)])
def test_a_server_that_goes_within_a_load(
    server: Server, store: Neo4jStore, way: str, step: int
) -> None:
    before, loads = content(store), store.loads()
    with pytest.raises(StoreError) as caught:
        store.apply(many(60), progress=at(step, getattr(server, way)))
    assert caught.value.code == "neo4j.unavailable"
    assert server.url in caught.value.message("fr")
    assert not server.running
    server.start()
    assert (content(store), store.loads()) == (before, loads)
    assert store.apply(many(60)).added == 60


def test_a_server_that_goes_within_a_read(
    server: Server, store: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(store)
    rows, asked = Transaction.rows, []

    def going(self: Transaction, text: str, /, **values: object) -> list[list[object]]:
        asked.append(text)
        if len(asked) == 3:
            server.kill()
        return rows(self, text, **values)

    with monkeypatch.context() as patched:
        patched.setattr(Transaction, "rows", going)
        with pytest.raises(StoreError) as caught:
            store.status()
    assert caught.value.code == "neo4j.unavailable"
    coming = threading.Thread(target=server.start)
    coming.start()
    while (found := answer(store)) is None:
        time.sleep(0.1)
    coming.join()
    assert found == before
    assert store.apply(many(3)).added == 3


def answer(store: Neo4jStore) -> bytes | None:
    """Return the content if the server is there; else it has to be said."""
    try:
        return content(store)
    except StoreError as error:
        if error.code != "neo4j.unavailable":
            raise
        return None


def test_a_server_that_falters(server: Server, store: Neo4jStore) -> None:
    def falter() -> None:
        def stand_still() -> None:
            with neo4j.frozen(server):
                still.set()
                time.sleep(1.0)

        still = threading.Event()
        threading.Thread(target=stand_still).start()
        still.wait()

    assert store.apply(many(60), progress=at(3, falter)).added == 60


def test_a_load_too_large_for_the_memory(server: Server, store: Neo4jStore) -> None:
    before, loads = content(store), store.loads()
    with pytest.raises(StoreError) as caught:
        store.apply(many(6000))
    assert caught.value.code == "neo4j.memory"
    for language in ("fr", "en"):
        assert "db.memory.transaction.max" in caught.value.message(language)
    assert (content(store), store.loads()) == (before, loads)
    assert store.apply(many(60)).added == 60


def test_a_wrong_password_harms_nothing(
    server: Server, store: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(store)
    with monkeypatch.context() as patched:
        patched.setenv("MAILLAGE_NEO4J_PASSWORD", "not-the-password")
        with pytest.raises(StoreError) as caught:
            open_store(server.url)
    assert caught.value.code == "neo4j.credentials"
    assert content(store) == before
    assert store.apply(many(3)).added == 3
