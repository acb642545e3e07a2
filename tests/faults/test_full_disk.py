"""The disk of a Neo4j server is full in the middle of a load.

The log of transactions is on a disk of its own, as ``docs/neo4j.md`` advises: where the log itself
is cut in the middle of a write, the server may not be able to read it again, and no client can
help. A store that is short of room must come back whole from its log.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from graph.errors import StoreError
from graph.store.neo4j import drivers
from graph.store.neo4j.store import Neo4jStore
from tests.contract.store.synthetic import content, everything, many
from tests.support import neo4j_server as neo4j
from tests.support.small_disk import filled, small_disk

pytestmark = pytest.mark.neo4j

STRUCTURES = 2000


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if reason := neo4j.cannot_start():
        pytest.skip(reason)
    monkeypatch.setattr(drivers, "RETRY_SECONDS", 1.0)
    disk = tmp_path / "disk"
    disk.mkdir()
    with small_disk(disk, "96m") as small:
        if not small:
            pytest.skip("no disk can be mounted here; it takes root")
        with neo4j.own_server(disk / "neo4j") as server:
            server.stop()
            _log_elsewhere(disk, tmp_path / "log")
            server.start()
            neo4j.give_credentials(monkeypatch, neo4j.offer_of(server))
            store = Neo4jStore(server.url)
            store.apply(everything())
            before = content(store)
            with filled(disk, 100_000):
                said = _loaded(store)
                server.stop()
            server.start()
            again = store.apply(many(STRUCTURES))
            kept = again.unchanged == STRUCTURES
            assert kept or again.added == STRUCTURES
            assert kept or not said
            store.undo("bulk")
            assert content(store) == before
            store.close()


def _log_elsewhere(disk: Path, log: Path) -> None:
    (inside,) = disk.rglob("transactions")
    shutil.move(inside, log)
    inside.symlink_to(log, target_is_directory=True)


def _loaded(store: Neo4jStore) -> bool:
    """Load while there is no room; tell whether the store says that it was kept."""
    try:
        return store.apply(many(STRUCTURES)).added == STRUCTURES
    except StoreError:
        return False
