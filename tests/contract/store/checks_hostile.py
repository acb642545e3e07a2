"""Values that look like commands are values: every text that a source or a person can write."""

from __future__ import annotations

from graph.store.port import (
    CooperationQuery,
    EgoQuery,
    GraphStore,
    LoadBatch,
    PathQuery,
    StructureQuery,
    TerritoryQuery,
    TieFilter,
)
from tests.contract.store.place import Place
from tests.contract.store.synthetic import (
    batch,
    content,
    cooperation,
    membership,
    source,
    structure,
    territory,
)
from tests.support.memory_store import MemoryStore

HOSTILE = (
    "' OR 1=1 --",
    '"}) DETACH DELETE n //',
    "`) MATCH (n) DETACH DELETE n //",
    "'; DROP TABLE claim; --",
    "$rows",
    "{id: $ids}",
    "\\u0027 \\' \\\\",
    "a* OR words:* AND NOT (b)~",
    "L’Haÿ-les-Roses — « été »",
    "\u202e𝕏 👩‍⚕️ é\u0301",
    "line\r\n\ttab",
    "line\\nnot a line",
    "EHPAD`:Source",
    "a" * 3000,
)


def hostile(value: str, series: str, *, renamed: str = "") -> LoadBatch:
    """Return a batch in which every text is `value`."""
    by = f"source {value}"
    return batch(
        structure(
            value,
            by,
            name=value + renamed,
            other_names=(value,),
            kind=value,
            commune=value,
            category=value,
            activities=(value,),
            legal_entity=f"entity {value}",
            covers=(f"commune:{value}",),
            capacity={value: 1.0},
            locator=value,
            part=value,
        ),
        cooperation(
            value, value, f"entity {value}", by=by, type=value, themes=(value,), locator=value
        ),
        membership(value, f"group {value}", by),
        territory(f"commune:{value}", by, parents=(f"set:{value}",), members=(value,)),
        series=series,
        loader=series,
        sources=(source(by, value, note=value, licence=value),),
        file=value,
        checksum=value,
    )


def questions(store: GraphStore, value: str) -> list[object]:
    """Return the answers to every question in which `value` can stand."""
    one = frozenset({value})
    ties = TieFilter(themes=one)
    return [
        store.structures(StructureQuery(ids=one)),
        store.structures(StructureQuery(kinds=one)),
        store.structures(StructureQuery(levels=one)),
        store.structures(StructureQuery(territories=frozenset({f"set:{value}", value}))),
        store.structures(StructureQuery(legal_entities=frozenset({value, f"entity {value}"}))),
        store.structure_counts(StructureQuery(kinds=one)),
        store.cooperations(one),
        store.select_cooperations(CooperationQuery(types=one, themes=one)),
        store.select_cooperations(CooperationQuery(parties=one)),
        store.territories(TerritoryQuery(ids=frozenset({f"commune:{value}"}))),
        store.territories(TerritoryQuery(levels=one)),
        store.territories(TerritoryQuery(codes=one)),
        store.territories(TerritoryQuery(parents=frozenset({f"set:{value}"}))),
        store.claims("structure", [value]),
        sorted(hit.id for hit in store.search(value)),
        store.neighbourhood(EgoQuery(ids=one, depth=3)),
        store.neighbourhood(EgoQuery(ids=one, depth=3, ties=ties)),
        store.paths(PathQuery(start=value, end=f"group {value}", every=True)),
        store.paths(PathQuery(start=value, end=f"entity {value}", ties=ties)),
    ]


def check_hostile_values_are_only_values(place: Place) -> None:
    oracle = MemoryStore()
    with place.store() as store:
        for kept in (store, oracle):
            for value in HOSTILE:
                kept.apply(hostile(value, f"series {value}"))
        assert content(store) == content(oracle)
        for value in HOSTILE:
            for answer, expected in zip(
                questions(store, value), questions(oracle, value), strict=True
            ):
                assert answer == expected, value


def check_hostile_values_are_updated_and_undone(place: Place) -> None:
    with place.store() as store:
        for value in HOSTILE:
            store.apply(hostile(value, value))
        before, items = content(store), list(store.dump())
        for value in HOSTILE:
            load = store.apply(hostile(value, value, renamed=" renamed")).load_id
            assert load is not None
            (replaced,) = store.replaced_claims("structure", load)
            assert replaced.before.id == value
            store.undo(value)
        assert content(store) == before
        store.restore(items, replace=True)
        assert content(store) == before


HOSTILE_CHECKS = (
    check_hostile_values_are_only_values,
    check_hostile_values_are_updated_and_undone,
)
