"""Reads while loads end: each answer is that of one state of the network."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice, pairwise

import msgspec
import pytest

from graph.store.port import EgoQuery, GraphStore, LoadBatch, PathQuery, StructureQuery
from tests.contract.store.synthetic import batch, cooperation, membership, structure
from tests.faults.stores import STORES, place_in

SIZE = 100
LOADS = 4
READERS = 2
FIRST, LAST = "910000000", f"{910000000 + SIZE - 1}"


def state(name: str, kind: str, *, agreements: bool) -> LoadBatch:
    """Return a network from which another one differs in every part."""
    ids = [f"{910000000 + n}" for n in range(SIZE)]
    structures = [structure(ident, name=f"{name} {ident}", kind=kind) for ident in ids]
    vanishing = [structure(f"92{name}{n}", name=name, kind=kind) for n in range(SIZE)]
    tied = [
        cooperation(f"conv-{one}", one, other, title=name)
        if agreements
        else membership(one, other, role=name)
        for one, other in pairwise(ids)
    ]
    return batch(*structures, *vanishing, *tied, series="bulk:all")


STATES = (
    state("Alpha", "EHPAD", agreements=True),
    state("Beta", "CMS", agreements=False),
)

READS: tuple[Callable[[GraphStore], object], ...] = (
    lambda store: store.structure_counts(),
    lambda store: store.structures(StructureQuery(ids=frozenset({FIRST, LAST}))),
    lambda store: msgspec.structs.replace(store.status(), store=""),
    lambda store: store.cooperations(),
    lambda store: store.memberships(),
    lambda store: store.neighbourhood(EgoQuery(ids=frozenset({FIRST}), depth=4)),
    lambda store: store.paths(PathQuery(start=FIRST, end="910000003")),
    lambda store: sorted(hit.id for hit in store.search("alpha", 10**6)),
    lambda store: [item.claim for item in store.claims("structure", [FIRST, LAST])],
)


def answers(store: GraphStore) -> list[bytes]:
    return [msgspec.json.encode(read(store)) for read in READS]


@pytest.mark.parametrize("kind", STORES)
def test_every_answer_is_of_one_state(kind: str, request: pytest.FixtureRequest) -> None:
    place = place_in(kind, request)
    over = threading.Event()

    def look(first: int) -> list[tuple[int, bytes]]:
        seen = []
        turns = islice(cycle(range(len(READS))), first, None)
        with place.store() as store:
            while not over.is_set():
                turn = next(turns)
                seen.append((turn, msgspec.json.encode(READS[turn](store))))
        return seen

    with place.store() as store:
        expected = []
        for loaded in STATES:
            store.apply(loaded)
            expected.append(answers(store))
        with ThreadPoolExecutor(READERS) as pool:
            looking = [pool.submit(look, number * 4) for number in range(READERS)]
            try:
                for loaded in islice(cycle(STATES), LOADS):
                    store.apply(loaded)
            finally:
                over.set()
            seen = [item for looked in looking for item in looked.result()]
    assert [turn for turn, answer in seen if answer not in {one[turn] for one in expected}] == []
    assert {turn for turn, _ in seen} == set(range(len(READS)))
