"""The same promises on a real Neo4j server, and those that are its own.

All tests of one server stand in this module: with ``--dist loadscope`` one worker runs them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from tests.contract.store.checks_loading import LOADING
from tests.contract.store.checks_moving import MOVING
from tests.contract.store.checks_reading import READING
from tests.contract.store.checks_sharing import SHARING
from tests.contract.store.checks_walking import WALKING
from tests.contract.store.place import Place
from tests.support import neo4j_database

CHECKS = LOADING + READING + SHARING + MOVING + WALKING


@pytest.fixture
def place() -> Iterator[Place]:
    url = os.environ.get("MAILLAGE_TEST_NEO4J")
    if not url:
        pytest.skip("no Neo4j server; set MAILLAGE_TEST_NEO4J to one of which nothing is lost")
    yield Place("graph.store:open_store", neo4j_database.empty_store(url))
    neo4j_database.wipe(url)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_contract(place: Place, check: Callable[[Place], None]) -> None:
    check(place)
