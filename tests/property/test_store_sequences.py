"""Any sequence of loads and undos leaves the same in a store as in plain dictionaries."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph.errors import MaillageError
from graph.model import AnyClaim, EntityKind, Fact, SourceRecord
from graph.store import open_store
from graph.store.port import GraphStore, LoadBatch, LoadOutcome, ReadReport
from graph.store.rules import KEPT_LOADS
from tests.contract.store.synthetic import (
    content,
    cooperation,
    membership,
    structure,
    territory,
)
from tests.support.memory_store import MemoryStore
from tests.support.neo4j_server import TestDatabase

IDS = ("a", "b", "c")
LOADERS = ("finess", "conventions")
SHARED = "shared:all"
SERIES = ("finess:et", "finess:ej", "conventions:r", SHARED)
SOURCES = ("s1", "s2")
FACTS = (Fact(topic="lits", value=3.0), Fact(topic="lits", value=3.0, source="s9"))

names = st.sampled_from(["Alpha", "Bêta-Gamma", "Renommé", "Saint Zz"])
parts = st.sampled_from(["", "91", "94"])
cited = st.sampled_from(SOURCES)
locators = st.sampled_from(["row 1", "row 2"])


def structures(ident: str) -> st.SearchStrategy[AnyClaim]:
    return st.builds(
        structure,
        st.just(ident),
        cited,
        locator=locators,
        part=parts,
        name=st.none() | names,
        other_names=st.lists(names, max_size=2).map(tuple),
        kind=st.sampled_from(["EHPAD", "CMS", None]),
        commune=st.sampled_from(["94001", None]),
        facts=st.sampled_from([(), FACTS[:1], FACTS]),
        notes=st.sampled_from([(), ("n", "n")]),
    )


def claims() -> st.SearchStrategy[AnyClaim]:
    geometry = st.sampled_from([None, b"\x01one", b"\x02two"])
    return st.one_of(
        *(structures(ident) for ident in IDS),
        st.builds(cooperation, st.sampled_from(["c1", "c2"]), st.sampled_from(IDS), by=cited),
        st.builds(membership, st.sampled_from(IDS), st.just("g"), cited, part=parts),
        st.builds(territory, st.just("commune:94001"), cited, name=names, geometry=geometry),
    )


@st.composite
def batches(draw: st.DrawFn) -> LoadBatch:
    series = draw(st.sampled_from(SERIES))
    stated = draw(
        st.lists(claims(), max_size=5, unique_by=lambda item: (type(item), item.id, item.source))
    )
    families = st.sampled_from(["finess", "seed", "register"])
    sources = tuple(SourceRecord(id=ident, family=draw(families), title=ident) for ident in SOURCES)
    return LoadBatch(
        loader=draw(st.sampled_from(LOADERS)) if series == SHARED else series.partition(":")[0],
        series=series,
        sources=sources[: draw(st.integers(1, 2))] if not stated else sources,
        claims=stated,
        report=ReadReport(read=len(stated), kept=len(stated)),
        parts=draw(st.sampled_from([None, frozenset({"94"}), frozenset({"91", ""})])),
        guarded=draw(st.booleans()),
    )


Step = Callable[[GraphStore], LoadOutcome]


def loading(batch: LoadBatch, *, allow: bool, dry_run: bool) -> Step:
    def step(store: GraphStore) -> LoadOutcome:
        return store.apply(batch, allow_removals=allow, dry_run=dry_run)

    return step


def undoing(loader: str) -> Step:
    def step(store: GraphStore) -> LoadOutcome:
        return store.undo(loader)

    return step


yes_or_no = st.booleans()
steps = st.one_of(
    st.builds(loading, batches(), allow=yes_or_no, dry_run=yes_or_no),
    st.builds(loading, batches(), allow=st.just(value=True), dry_run=st.just(value=False)),
    st.builds(undoing, st.sampled_from(LOADERS)),
)


def sequences(**sizes: int) -> st.SearchStrategy[list[Step]]:
    """Return steps, some taken several times over, as a file that is loaded again."""
    repeated = st.tuples(steps, st.sampled_from([1, 1, 2, 3]))
    return st.lists(repeated, **sizes).map(
        lambda found: [step for step, times in found for _ in range(times)]
    )


def said(step: Step, store: GraphStore) -> LoadOutcome | str:
    """Return what a store answers: an outcome, or the code of its refusal."""
    try:
        return step(store)
    except MaillageError as error:
        return error.code


def journal(store: GraphStore) -> list[Any]:
    records: list[Any] = msgspec.to_builtins(store.loads())
    for record in records:
        record.pop("loaded_at")
    return records


def replaced(store: GraphStore) -> list[Any]:
    """Return what each load that stands replaced; a store may forget the oldest ones."""
    standing = [record.id for record in store.loads() if not record.undone]
    kinds: tuple[EntityKind, ...] = ("structure", "cooperation", "membership", "territory")
    return [store.replaced_claims(kind, load) for load in standing[:KEPT_LOADS] for kind in kinds]


def agree(store: GraphStore, sequence: list[Step]) -> None:
    """Take `sequence` with a store and with plain dictionaries, and compare at each step."""
    oracle = MemoryStore()
    for step in sequence:
        before = (store.revision(), oracle.revision())
        assert said(step, store) == said(step, oracle)
        assert content(store) == content(oracle)
        assert journal(store) == journal(oracle)
        assert replaced(store) == replaced(oracle)
        after = (store.revision(), oracle.revision())
        assert (after[0] > before[0]) == (after[1] > before[1])


@settings(max_examples=40, phases=[Phase.generate, Phase.shrink])
@given(sequences(max_size=8))
def test_a_store_does_as_plain_dictionaries_do(sequence: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/synthetic.db")
        try:
            agree(store, sequence)
        finally:
            store.close()


@pytest.mark.neo4j
@settings(
    max_examples=12,
    phases=[Phase.generate, Phase.shrink],
    # The database is emptied for each example, below.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sequence=sequences(min_size=3, max_size=7))
def test_a_neo4j_store_does_too(neo4j_database: TestDatabase, sequence: list[Step]) -> None:
    neo4j_database.empty()
    store = open_store(neo4j_database.url)
    try:
        agree(store, sequence)
    finally:
        store.close()
