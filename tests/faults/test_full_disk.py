"""The disk of a Neo4j server is full at the end of a load."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import StoreError
from graph.store.neo4j import drivers
from graph.store.neo4j.store import Neo4jStore
from tests.contract.store.synthetic import content, everything, many
from tests.support import neo4j_server as neo4j
from tests.support.small_disk import filled, small_disk

pytestmark = pytest.mark.neo4j

LOG = {"db.tx_log.rotation.size": "1m"}
FORGIVING = {"internal.dbms.tx_log.fail_on_corrupted_log_files": "false"}
"""Asked for by the server where its log ends in a transaction that was written in part."""


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if reason := neo4j.cannot_start():
        pytest.skip(reason)
    monkeypatch.setattr(drivers, "RETRY_SECONDS", 1.0)
    disk = tmp_path / "disk"
    disk.mkdir()
    with small_disk(disk, "96m") as small:
        if not small:
            pytest.skip("no disk can be mounted here; it takes root")
        with neo4j.own_server(disk / "neo4j", LOG) as server:
            neo4j.give_credentials(monkeypatch, neo4j.offer_of(server))
            store = Neo4jStore(server.url)
            store.apply(everything())
            before, loads = content(store), store.loads()
            with filled(disk, 500_000):
                for _ in range(2):
                    with pytest.raises(StoreError) as caught:
                        store.apply(many(2000))
                    assert caught.value.code == "neo4j.stopped"
                    assert "docs/neo4j.md" in caught.value.message("fr")
            server.stop()
            server.more |= FORGIVING
            server.start()
            assert (content(store), store.loads()) == (before, loads)
            assert store.apply(many(2000)).added == 2000
            store.close()
