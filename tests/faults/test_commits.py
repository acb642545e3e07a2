"""Reads while the server applies a commit: it does so piece by piece, in view of readers."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from graph.errors import StoreBusy
from graph.store.neo4j import commits
from graph.store.neo4j.journal import Taken
from graph.store.neo4j.server import Cypher
from graph.store.neo4j.store import Neo4jStore
from tests.contract.store.synthetic import content, everything, many
from tests.support.neo4j_server import TestDatabase

pytestmark = pytest.mark.neo4j

SIZE = 8000
CHANGES = 40
READERS = 2
MAKE = """
UNWIND range(1, $size) AS n
CREATE (:Entity:Structure {ref: 'structure:' + n, id: toString(n), kind: 'EHPAD'})
"""
CHANGE = "MATCH (n:Structure) SET n.kind = $kind"
ANNOUNCE = "MATCH (c:MaillageCommits) SET c.begun = c.begun + 1"
ANNOUNCED = "MATCH (c:MaillageCommits) RETURN c.begun - c.done"


@pytest.fixture
def store(neo4j_database: TestDatabase) -> Iterator[Neo4jStore]:
    store = Neo4jStore(neo4j_database.url)
    yield store
    store.close()


def change(store: Neo4jStore, kind: str) -> None:
    """Change every structure in one transaction, as a load does."""

    def work(cypher: Cypher, _: Taken) -> None:
        cypher.rows(CHANGE, kind=kind)

    commits.load(store._server, "", work, again=True)


def test_every_read_sees_one_state(neo4j_database: TestDatabase, store: Neo4jStore) -> None:
    # Readers that only compared a counter of loads before and after saw mixtures here.
    neo4j_database.rows(MAKE, size=SIZE)
    over = threading.Event()

    def look(_: int) -> list[dict[str, int]]:
        seen = []
        while not over.is_set():
            seen.append(store.structure_counts())
        return seen

    with ThreadPoolExecutor(READERS) as pool:
        looking = [pool.submit(look, number) for number in range(READERS)]
        try:
            for number in range(CHANGES):
                change(store, "CMS" if number % 2 else "HAD")
        finally:
            over.set()
        seen = [counts for looked in looking for counts in looked.result()]
    assert [counts for counts in seen if list(counts.values()) != [SIZE]] == []
    assert len({*map(str, seen)}) > 1


@contextmanager
def commit_on_its_way(database: TestDatabase) -> Iterator[None]:
    """Announce a commit and hold the lock of loads, as one that is being applied does."""
    with database.driver.session(database="neo4j") as session, session.begin_transaction() as held:
        held.run("MATCH (m:Maillage) SET m.writer = 'other'").consume()
        database.rows(ANNOUNCE)
        yield
        held.rollback()


def test_a_read_waits_for_a_commit(neo4j_database: TestDatabase, store: Neo4jStore) -> None:
    store.apply(everything())
    before = content(store)
    with ThreadPoolExecutor(1) as pool:
        with commit_on_its_way(neo4j_database):
            reading = pool.submit(content, store)
            time.sleep(commits.PATIENCE + 1)
            assert not reading.done()
        assert reading.result(60) == before


def test_a_read_that_waits_too_long_says_so(
    neo4j_database: TestDatabase, store: Neo4jStore
) -> None:
    with commit_on_its_way(neo4j_database), pytest.raises(StoreBusy) as caught:
        commits.read_whole(store._server, lambda cypher: cypher.rows("RETURN 1"), 0.3)
    assert caught.value.code == "neo4j.busy"


def test_a_commit_whose_writer_died_holds_nobody_up(
    neo4j_database: TestDatabase, store: Neo4jStore
) -> None:
    store.apply(everything())
    before = content(store)
    neo4j_database.rows(ANNOUNCE)
    began = time.monotonic()
    assert content(store) == before
    assert time.monotonic() - began > commits.PATIENCE
    assert neo4j_database.rows(ANNOUNCED) == [[0]]
    neo4j_database.rows(ANNOUNCE)
    assert store.apply(many(3)).added == 3
    assert neo4j_database.rows(ANNOUNCED) == [[0]]


def test_a_load_that_fails_at_its_end_holds_nobody_up(
    neo4j_database: TestDatabase, store: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = commits._begin

    def interrupted(cypher: Cypher) -> list[int]:
        begin(cypher)
        raise KeyboardInterrupt

    before = content(store)
    with monkeypatch.context() as patched:
        patched.setattr(commits, "_begin", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.apply(many(3))
    assert content(store) == before
    assert store.apply(many(3)).added == 3
    assert neo4j_database.rows(ANNOUNCED) == [[0]]
