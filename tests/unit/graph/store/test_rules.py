"""Rules that every store applies."""

import pytest

from graph.errors import ConfirmationNeeded, StoreError
from graph.model import EntityKind, SourceRecord, StructureClaim
from graph.store.port import LoadBatch, ReadReport
from graph.store.rules import check_claims, check_removals, in_scope, samples, spoken_of


def _batch(*claims: StructureClaim, guarded: bool = True) -> LoadBatch:
    source = SourceRecord(id="s1", family="seed", title="Synthetic")
    return LoadBatch(
        loader="seed",
        series="seed:all",
        sources=(source,),
        claims=list(claims),
        report=ReadReport(),
        guarded=guarded,
    )


def _claim(ident: str, by: str = "s1") -> StructureClaim:
    return StructureClaim(id=ident, source=by, locator="row")


@pytest.mark.parametrize(
    ("held", "removed", "asked"),
    [
        ({"cooperation": 10}, {"cooperation": 1}, False),
        ({"cooperation": 10}, {"cooperation": 2}, True),
        ({"cooperation": 10}, {}, False),
        ({}, {}, False),
        ({"cooperation": 1}, {"cooperation": 1}, True),
        ({"cooperation": 20, "structure": 50}, {"structure": 50}, False),
        ({"cooperation": 20, "structure": 500}, {"cooperation": 3}, True),
        ({"structure": 100}, {"structure": 10}, False),
        ({"structure": 50, "membership": 50}, {"membership": 11}, True),
    ],
)
def test_guard(held: dict[EntityKind, int], removed: dict[EntityKind, int], *, asked: bool) -> None:
    check_removals(_batch(guarded=False), held, removed)
    if not asked:
        check_removals(_batch(), held, removed)
        return
    with pytest.raises(ConfirmationNeeded) as caught:
        check_removals(_batch(), held, removed)
    assert caught.value.code == "removals"
    assert "seed:all" in caught.value.message("fr")


def test_scope() -> None:
    assert in_scope("94", None)
    assert in_scope("94", frozenset({"94", "91"}))
    assert not in_scope("75", frozenset({"94", "91"}))
    assert not in_scope("", frozenset({"94"}))
    assert in_scope("", None)


def test_a_claim_twice_is_refused() -> None:
    batch = _batch(_claim("a"), _claim("b"), _claim("a"))
    with pytest.raises(StoreError) as caught:
        check_claims(batch, {("structure", "s1"): {"a", "b"}}, ())
    assert caught.value.params == {"id": "a", "source": "s1", "series": "seed:all"}


def test_a_source_may_be_known_from_before() -> None:
    batch = _batch(_claim("a", "s2"))
    groups = {("structure", "s2"): {"a"}}
    check_claims(batch, groups, ("s2",))  # type: ignore[arg-type]
    with pytest.raises(StoreError) as caught:
        check_claims(batch, groups, ())  # type: ignore[arg-type]
    assert caught.value.params["source"] == "s2"


def test_a_thing_of_two_sources_counts_once() -> None:
    groups = {("structure", "s1"): {"a", "b"}, ("structure", "s2"): {"b", "c"}}
    assert spoken_of(groups) == {"structures": 3}  # type: ignore[arg-type]


def test_samples_are_sorted_and_each_once() -> None:
    assert samples({"added": ["b", "a", "b"], "removed": []}) == {"added": ["a", "b"]}
