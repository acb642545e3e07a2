"""Every store keeps the same promises (DESIGN.md, section 4)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.store.checks_hostile import HOSTILE_CHECKS
from tests.contract.store.checks_loading import LOADING
from tests.contract.store.checks_moving import MOVING
from tests.contract.store.checks_reading import READING
from tests.contract.store.checks_sharing import SHARING
from tests.contract.store.checks_walking import WALKING
from tests.contract.store.place import Place

CHECKS = LOADING + READING + SHARING + MOVING + WALKING + HOSTILE_CHECKS


def sqlite(folder: Path) -> Place:
    return Place("graph.store:open_store", f"sqlite:///{folder.as_posix()}/synthetic.db")


STORES = (sqlite,)
"""Every store: what makes an empty place for it."""


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("place", STORES, ids=lambda place: place.__name__)
def test_contract(
    place: Callable[[Path], Place], check: Callable[[Place], None], tmp_path: Path
) -> None:
    check(place(tmp_path))
