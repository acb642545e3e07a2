"""What a store promises when all that it holds moves to another one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest

from graph.errors import ConfirmationNeeded, MaillageError
from graph.messages import catalogue
from graph.model import EntityKind, Fact
from graph.store.port import ClaimState, GraphStore, LoadState, SourceState, StateItem
from graph.store.rules import KEPT_LOADS
from tests.contract.store.place import Place
from tests.contract.store.synthetic import (
    batch,
    content,
    cooperation,
    everything,
    many,
    source,
    structure,
    territory,
)
from tests.support.memory_store import MemoryStore

KINDS: tuple[EntityKind, ...] = ("structure", "cooperation", "membership", "territory")


class InterruptedMoveError(Exception):
    """Raised while items are read: the move fails half-way."""


def fill(store: GraphStore) -> None:
    """Load, reload, undo: a history with all that a store can hold."""
    store.apply(everything())
    store.apply(
        batch(
            structure("940000001", name="Renommé", facts=(Fact(topic="lits", value=3.0),)),
            structure("940000009", part="94"),
            territory("commune:94001", name="Autre", geometry=b"\x02other"),
            cooperation("conv-1", "940000009"),
            sources=(source("s1", vintage="2026-07"),),
            parts=frozenset({"94", ""}),
        )
    )
    store.apply(batch(structure("940000009", "s2", commune="94001"), series="sae:capacites"))
    store.apply(batch(structure("940000009", "s3"), series="sae:autres"))
    store.undo("sae")
    for number in range(KEPT_LOADS + 2):
        store.apply(many(3, name=f"Gamma {number}"))


def check_all_that_is_kept_is_moved(place: Place) -> None:
    with place.store() as store:
        fill(store)
        items, seen = list(store.dump()), _seen(store)
        store.restore(items, replace=True)
        assert _seen(store) == seen
        assert list(store.dump()) == items
        assert {type(item) for item in items} == {LoadState, SourceState, ClaimState}
        assert any(item.replaced_by for item in items if isinstance(item, ClaimState))


def check_a_dump_is_as_plain_dictionaries_give_it(place: Place) -> None:
    oracle = MemoryStore()
    fill(oracle)
    with place.store() as store:
        fill(store)
        assert _but_times(store.dump()) == _but_times(oracle.dump())
        assert list(MemoryStore.of(store.dump()).dump()) == list(store.dump())


def check_a_moved_network_goes_on(place: Place) -> None:
    oracle = MemoryStore()
    fill(oracle)
    with place.store() as store:
        store.restore(oracle.dump())
        assert content(store) == content(oracle)
        assert store.loads() == oracle.loads()
        for loader in ("finess", "bulk", "sae", "bulk"):
            assert store.undo(loader) == oracle.undo(loader)
            assert content(store) == content(oracle)
        newer = batch(structure("new"), structure("940000009", name="Alpha"))
        assert store.apply(newer) == oracle.apply(newer)
        assert content(store) == content(oracle)
        assert _replaced(store) == _replaced(oracle)


def check_a_store_that_holds_something_asks(place: Place) -> None:
    with place.store() as store:
        items = list(store.dump())
        assert items == []
        store.apply(everything())
        before, revision = _seen(store), store.revision()
        with pytest.raises(ConfirmationNeeded) as caught:
            store.restore(items)
        assert caught.value.code == "store.not_empty"
        assert caught.value.params["n"] == 1
        assert caught.value.message("fr") != caught.value.message("en")
        assert (_seen(store), store.revision()) == (before, revision)
        store.restore(items, replace=True)
        assert store.structures() == []
        assert store.loads() == []
        assert store.search("alpha") == []
        assert store.revision() > revision


def check_a_move_that_fails_changes_nothing(place: Place) -> None:
    moved = MemoryStore()
    moved.apply(many(40))
    items = list(moved.dump())
    with place.store() as store:
        store.apply(everything())
        before, revision = _seen(store), store.revision()
        for count in (0, 1, 20, len(items)):
            with pytest.raises(InterruptedMoveError):
                store.restore(_interrupted(items[:count]), replace=True)
            assert (_seen(store), store.revision()) == (before, revision)


def check_a_dump_is_of_one_moment(place: Place) -> None:
    with place.store() as store:
        store.apply(many(30))
        expected = list(store.dump())
        with _begun(store) as (first, rest), place.store() as other:
            other.apply(many(30, name="Gamma"))
            assert [first, *rest] == expected
        assert list(store.dump()) != expected


def check_a_move_tells_its_progress(place: Place) -> None:
    moved = MemoryStore()
    fill(moved)
    with place.store() as store:
        told: list[tuple[str, int, int | None]] = []
        store.restore(moved.dump(), progress=lambda *step: told.append(step))
        assert told
        for stage, done, total in told:
            assert stage in catalogue("fr")
            assert total is None or 0 <= done <= total


def _interrupted(items: list[StateItem]) -> Iterator[StateItem]:
    yield from items
    raise InterruptedMoveError


@contextmanager
def _begun(store: GraphStore) -> Iterator[tuple[StateItem, Iterator[StateItem]]]:
    stream = store.dump()
    try:
        yield next(stream), stream
    finally:
        stream.close()


def _seen(store: GraphStore) -> tuple[bytes, list[Any], list[Any]]:
    return content(store), store.loads(), _replaced(store)


def _replaced(store: GraphStore) -> list[Any]:
    standing = [record.id for record in store.loads() if not record.undone]
    found = []
    for load in standing[:KEPT_LOADS]:
        try:
            found.append([store.replaced_claims(kind, load) for kind in KINDS])
        except MaillageError as error:
            found.append(error.code)
    return found


def _but_times(items: Iterator[StateItem]) -> list[Any]:
    """Return items without the times of loads."""
    found: list[Any] = msgspec.to_builtins(list(items), order="deterministic")
    for item in found:
        item.get("record", {}).pop("loaded_at", None)
    return found


MOVING = (
    check_all_that_is_kept_is_moved,
    check_a_dump_is_as_plain_dictionaries_give_it,
    check_a_moved_network_goes_on,
    check_a_store_that_holds_something_asks,
    check_a_move_that_fails_changes_nothing,
    check_a_dump_is_of_one_moment,
    check_a_move_tells_its_progress,
)
