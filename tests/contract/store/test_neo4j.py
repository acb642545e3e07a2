"""The same promises on a real Neo4j server."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.support.neo4j_server import TestDatabase

from tests.contract.store.checks_hostile import HOSTILE_CHECKS
from tests.contract.store.checks_loading import LOADING
from tests.contract.store.checks_moving import MOVING
from tests.contract.store.checks_reading import READING
from tests.contract.store.checks_sharing import SHARING
from tests.contract.store.checks_walking import WALKING
from tests.contract.store.place import Place

pytestmark = pytest.mark.neo4j

CHECKS = LOADING + READING + SHARING + MOVING + WALKING + HOSTILE_CHECKS


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_contract(neo4j_database: TestDatabase, check: Callable[[Place], None]) -> None:
    check(Place("graph.store:open_store", neo4j_database.url))
