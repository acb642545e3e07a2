"""How the server looks things up just after a first load: it must not scan what it could seek."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from typing import Any

import pytest

from graph.dates import PartialDate
from graph.store import open_store
from graph.store.neo4j import Neo4jStore, walks
from graph.store.port import EgoQuery, GraphStore, TieFilter
from tests.contract.store.neo4j_queries import operators
from tests.contract.store.synthetic import batch, cooperation, structure
from tests.support.memory_store import MemoryStore
from tests.support.neo4j_server import TestDatabase

pytestmark = pytest.mark.neo4j

COUNT = 2_000
EGO = EgoQuery(ids=frozenset({"910000000"}), depth=2, ties=TieFilter(on=date(2026, 11, 22)))


def first_load(store: GraphStore) -> None:
    """Load many structures, one of which has many agreements."""
    idents = [f"{910000000 + number}" for number in range(COUNT)]
    signed = PartialDate("2020-01-01")
    deals = [
        cooperation(f"c-{number}", idents[0], idents[number], signed=signed)
        for number in range(1, 100)
    ]
    store.apply(batch(*map(structure, idents), *deals))


def moved(store: GraphStore) -> None:
    """Write the same as a copy from another store."""
    other = MemoryStore()
    first_load(other)
    store.restore(other.dump())


class Planning:
    """Runs Cypher and notes how each query was planned."""

    def __init__(self, database: TestDatabase) -> None:
        self._database = database
        self.scans: list[str] = []

    def rows(self, text: str, /, **values: object) -> list[list[Any]]:
        with self._database.driver.session(database="neo4j") as session:
            result = session.run(f"PROFILE {text}", values)  # type: ignore[arg-type]
            found = result.values()
            plan = result.consume().profile
        assert plan is not None
        if any("Scan" in name for name in operators(plan)):
            self.scans.append(text)
        return found


@pytest.mark.parametrize("write", [first_load, moved])
def test_just_after_a_first_load_reads_seek(neo4j_database: TestDatabase, write) -> None:
    neo4j_database.empty(schema=True)
    neo4j_database.rows("CALL db.clearQueryCaches()")
    with closing(open_store(neo4j_database.url)) as store:
        assert isinstance(store, Neo4jStore)
        write(store)
        planning = Planning(neo4j_database)
        found = walks.read_neighbourhood(planning, EGO)
        assert len(found.cooperations) == 99
        assert planning.scans == []
