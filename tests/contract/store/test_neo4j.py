"""The same promises on a real Neo4j server, and what is promised of that server alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from graph.errors import MaillageError, StoreError
from graph.store import open_store
from graph.store.neo4j import drivers, schema
from graph.store.neo4j.schema import Migration
from graph.store.neo4j.server import Server, Transaction
from graph.store.neo4j.store import Neo4jStore
from graph.store.port import EgoQuery, GraphStore, PathQuery, StructureQuery
from tests.contract.store import neo4j_queries as queries
from tests.contract.store.checks_hostile import HOSTILE_CHECKS, check_hostile_values_are_only_values
from tests.contract.store.checks_loading import LOADING, check_undo_restores_everything
from tests.contract.store.checks_moving import MOVING, check_all_that_is_kept_is_moved
from tests.contract.store.checks_reading import READING
from tests.contract.store.checks_sharing import SHARING
from tests.contract.store.checks_walking import (
    WALKING,
    check_chains_are_the_shortest,
    check_cooperations_are_selected,
    check_neighbourhoods_go_as_far_as_asked,
)
from tests.contract.store.place import Place
from tests.contract.store.synthetic import WORDS, batch, content, everything, many, structure
from tests.support.neo4j_server import TestDatabase
from tests.support.stores import fill_reference

pytestmark = pytest.mark.neo4j

CHECKS = LOADING + READING + SHARING + MOVING + WALKING + HOSTILE_CHECKS
SENDING = (
    check_all_that_is_kept_is_moved,
    check_chains_are_the_shortest,
    check_cooperations_are_selected,
    check_hostile_values_are_only_values,
    check_neighbourhoods_go_as_far_as_asked,
    check_undo_restores_everything,
)
"""Checks that between them send what the store can send."""

ALL = "MATCH (n) RETURN labels(n), properties(n) ORDER BY elementId(n)"
INDEXES = """
SHOW INDEXES YIELD name
WHERE name STARTS WITH 'maillage_' AND name <> 'maillage_tests_only'
RETURN name
"""
VERSION = "MATCH (m:Maillage) RETURN m.schema"


def place_of(database: TestDatabase) -> Place:
    return Place("graph.store:open_store", database.url)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_contract(neo4j_database: TestDatabase, check: Callable[[Place], None]) -> None:
    check(place_of(neo4j_database))


# --- queries --------------------------------------------------------------------------
def test_every_query_starts_from_an_index(neo4j_database: TestDatabase) -> None:
    open_store(neo4j_database.url).close()
    assert _faults(neo4j_database, queries.everything()) == {}


def test_what_is_really_sent_starts_from_an_index(
    neo4j_database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = recorded(monkeypatch)
    for check in SENDING:
        check(place_of(neo4j_database))
        neo4j_database.empty()
    listed = set(queries.everything())
    assert len(sent & listed) > 60
    made = {schema.AWAIT, schema.THERE, *schema.statements().values()}
    assert _faults(neo4j_database, sent - listed - made) == {}


def recorded(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the texts that transactions run from now on."""
    sent: set[str] = set()
    for name in ("rows", "send"):
        _run = getattr(Transaction, name)

        def noted(self: Transaction, text: str, /, _run=_run, **values):
            sent.add(text)
            return _run(self, text, **values)

        monkeypatch.setattr(Transaction, name, noted)
    return sent


def test_a_load_has_plans_dropped_once_and_counts_made_again_later(
    neo4j_database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    neo4j_database.empty(schema=True)
    monkeypatch.setattr(schema, "MANY", 1)
    with closing(open_store(neo4j_database.url)) as store:
        sent = recorded(monkeypatch)
        store.apply(everything())
        assert schema.PLAN_AGAIN in sent
        assert schema.COUNT_AGAIN not in sent
        sent.clear()
        store.apply(batch(structure("940000001"), series="finess:other"))
        assert schema.COUNT_AGAIN in sent
        assert schema.PLAN_AGAIN not in sent


def _faults(database: TestDatabase, texts: Iterable[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        with database.driver.session(database="neo4j") as session:
            plan = session.run(f"EXPLAIN {text}").consume().plan  # type: ignore[arg-type]
        assert plan is not None
        if fault := queries.fault_of(text, list(queries.operators(plan))):
            found[text] = fault
    return found


# --- schema ---------------------------------------------------------------------------
def test_schema_is_made_by_any_number_at_once(neo4j_database: TestDatabase) -> None:
    neo4j_database.empty(schema=True)
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(open_store, [neo4j_database.url] * 4))
    for store in stores:
        store.close()
    names = {name for (name,) in neo4j_database.rows(INDEXES)}
    assert set(schema.statements()) <= names
    assert neo4j_database.rows(VERSION) == [[1]]


def test_what_is_missing_is_made_again(neo4j_database: TestDatabase) -> None:
    with_content = Neo4jStore(neo4j_database.url)
    with_content.apply(everything())
    before = content(with_content)
    neo4j_database.rows("DROP INDEX maillage_words")
    neo4j_database.rows("DROP CONSTRAINT maillage_entity")
    with_content.close()
    again = open_store(neo4j_database.url)
    assert content(again) == before
    again.close()


def test_text_once_indexed_after_each_commit_is_indexed_within_it(
    neo4j_database: TestDatabase,
) -> None:
    with closing(Neo4jStore(neo4j_database.url)) as store:
        store.apply(everything())
        before = content(store)
    neo4j_database.rows("DROP INDEX maillage_words")
    neo4j_database.rows(
        "CREATE FULLTEXT INDEX maillage_words FOR (n:Structure) ON EACH [n.words]"
        " OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace',"
        " `fulltext.eventually_consistent`: true}}"
    )
    neo4j_database.rows(schema.AWAIT)
    assert dict(neo4j_database.rows(schema.THERE))["maillage_words"] is True
    with closing(open_store(neo4j_database.url)) as again:
        assert content(again) == before
    assert dict(neo4j_database.rows(schema.THERE))["maillage_words"] is False


def test_the_words_of_names_as_older_stores_hold_them_are_found(
    neo4j_database: TestDatabase,
) -> None:
    with closing(Neo4jStore(neo4j_database.url)) as store:
        store.apply(everything())
        before = [store.search(word, 10) for word in WORDS]
        assert any(before)
        neo4j_database.rows(
            "MATCH (n:Structure) SET n.name_words = left(n.words, n.name_end) REMOVE n.name_end"
        )
        assert [store.search(word, 10) for word in WORDS] == before


def test_another_database_is_left_alone(neo4j_database: TestDatabase) -> None:
    neo4j_database.empty(schema=True)
    neo4j_database.rows("CREATE (:Person {name: 'Ada'})-[:KNOWS]->(:Person {name: 'Grace'})")
    before = neo4j_database.rows(ALL)
    with pytest.raises(StoreError) as caught:
        open_store(neo4j_database.url)
    assert caught.value.code == "neo4j.foreign"
    assert neo4j_database.rows(ALL) == before
    assert neo4j_database.rows(INDEXES) == []


@pytest.mark.parametrize("version", ["99", "'one'"])
def test_a_newer_or_odd_store_is_left_alone(neo4j_database: TestDatabase, version: str) -> None:
    open_store(neo4j_database.url).close()
    neo4j_database.rows(f"MATCH (m:Maillage) SET m.schema = {version}")  # type: ignore[arg-type]
    before = neo4j_database.rows(ALL)
    with pytest.raises(StoreError) as caught:
        open_store(neo4j_database.url)
    assert caught.value.code == ("neo4j.newer" if version == "99" else "neo4j.foreign")
    assert neo4j_database.rows(ALL) == before


def test_older_stores_are_migrated_step_by_step(neo4j_database: TestDatabase) -> None:
    store = Neo4jStore(neo4j_database.url)
    steps = (
        Migration(1, ("MATCH (m:Maillage) SET m.steps = ['one']",)),
        Migration(2, ("MATCH (m:Maillage) SET m.steps = m.steps + 'two'",)),
    )
    with pytest.raises(StoreError) as caught:
        schema.prepare(store._server, steps[1:], 3)
    assert caught.value.code == "neo4j.older"
    assert neo4j_database.rows(VERSION) == [[1]]
    for _ in range(2):
        schema.prepare(store._server, steps, 3)
        assert neo4j_database.rows("MATCH (m:Maillage) RETURN m.schema, m.steps") == [
            [3, ["one", "two"]]
        ]
    store.close()


def test_an_old_server_is_refused(
    neo4j_database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    neo4j_database.empty(schema=True)
    for agent in ("Neo4j/4.4.38", "Neo4j/5.25.1"):
        monkeypatch.setattr(Server, "agent", lambda _, agent=agent: agent)
        with pytest.raises(StoreError) as caught:
            open_store(neo4j_database.url)
        assert caught.value.code == "neo4j.old_server"
        assert agent in caught.value.message("fr")
    assert neo4j_database.rows(INDEXES) == []
    for agent in ("Neo4j/5.26.0", "Neo4j/2025.07.1"):
        monkeypatch.setattr(Server, "agent", lambda _, agent=agent: agent)
        open_store(neo4j_database.url).close()


# --- access ---------------------------------------------------------------------------
@pytest.mark.parametrize("scheme", ["neo4j", "bolt"])
def test_both_schemes_reach_one_store(neo4j_database: TestDatabase, scheme: str) -> None:
    url = f"{scheme}:{neo4j_database.url.partition(':')[2]}"
    store = open_store(url)
    store.apply(many(3))
    store.close()
    assert store.url == url
    again = open_store(f"{url}/neo4j")
    assert len(again.structures()) == 3
    again.close()


def test_a_wrong_password_is_said_and_never_shown(
    neo4j_database: TestDatabase,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    secret = "not-the-password-7f3a"  # noqa: S105 - wrong on purpose
    monkeypatch.setenv("MAILLAGE_NEO4J_PASSWORD", secret)
    with caplog.at_level(logging.DEBUG), pytest.raises(StoreError) as caught:
        open_store(neo4j_database.url)
    assert caught.value.code == "neo4j.credentials"
    assert drivers.open_drivers() == 0
    said = [str(caught.value), caught.value.message("fr"), repr(caught.value), caplog.text]
    said += [str(caught.value.__cause__), *map(str, caught.value.params.values())]
    assert secret not in "".join([*said, *capfd.readouterr()])


def test_a_database_that_is_not_there(neo4j_database: TestDatabase) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(f"{neo4j_database.url}/autre")
    assert caught.value.code == "neo4j.no_database"
    assert "autre" in caught.value.message("fr")


def test_one_driver_serves_the_process(neo4j_database: TestDatabase) -> None:
    stores = [open_store(neo4j_database.url) for _ in range(3)]
    assert drivers.open_drivers() == 1
    for store in stores:
        store.close()
    assert drivers.open_drivers() == 0


# --- both stores ----------------------------------------------------------------------
def test_the_reference_ecosystem_reads_alike(neo4j_database: TestDatabase, tmp_path: Path) -> None:
    one = open_store(fill_reference(tmp_path / "reference.db"))
    other = open_store(neo4j_database.url)
    try:
        other.restore(one.dump())
        assert content(other) == content(one)
        assert list(other.dump()) == list(one.dump())
        _search_alike(one, other)
        _walk_alike(one, other)
    finally:
        one.close()
        other.close()


def _search_alike(one: GraphStore, other: GraphStore) -> None:
    names = [name for item in one.structures() for name in (item.name or "", *item.other_names)]
    words = {word for name in names for word in name.split()}
    asked = {*words, *(word[:3] for word in words), *(name[: len(name) // 2] for name in names)}
    found = 0
    for text in sorted(asked):
        hits = one.search(text, 25)
        assert other.search(text, 25) == hits, text
        found += len(hits)
    assert found > len(asked)


def _walk_alike(one: GraphStore, other: GraphStore) -> None:
    structures = [item.id for item in one.structures()]
    for ident in structures[::7]:
        ego = EgoQuery(ids=frozenset({ident}), depth=3)
        assert other.neighbourhood(ego) == one.neighbourhood(ego)
        path = PathQuery(start=ident, end=structures[0])
        assert other.paths(path) == one.paths(path)
    near = StructureQuery(territories=frozenset({"departement:94"}))
    assert other.structure_counts(near) == one.structure_counts(near)
    assert other.structures(near) == one.structures(near) != []


def test_errors_are_in_our_own_words() -> None:
    with pytest.raises(MaillageError) as caught:
        open_store("neo4j://127.0.0.1:1")
    assert caught.value.code == "neo4j.unavailable"
    assert drivers.open_drivers() == 0
