"""The stores that faults are tried on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.store.place import Place

STORES = ("sqlite", pytest.param("neo4j", marks=pytest.mark.neo4j))


def place_in(kind: str, request: pytest.FixtureRequest) -> Place:
    """Return where an empty store of a kind can be opened."""
    if kind == "neo4j":
        url = request.getfixturevalue("neo4j_database").url
    else:
        folder: Path = request.getfixturevalue("tmp_path")
        url = f"sqlite:///{folder.as_posix()}/synthetic.db"
    return Place("graph.store:open_store", url)
