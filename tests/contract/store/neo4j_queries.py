"""Every query that the Neo4j store can send, found in its modules, and its plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from types import ModuleType
from typing import Any

from graph.store.neo4j import (
    claims,
    commits,
    history,
    journal,
    loading,
    materialise,
    nodes,
    reader,
    schema,
    search,
    sources,
    transfer,
    walks,
)
from graph.store.port import CooperationQuery, StructureQuery, TerritoryQuery

MODULES = (claims, commits, history, journal, loading, materialise, nodes, reader, schema, search)
MODULES += (sources, transfer, walks)

STARTS = ("MATCH", "UNWIND", "CALL", "CREATE (", "MERGE", "OPTIONAL")
PARTS = (reader.STRUCTURES, reader.COOPERATIONS, reader.TERRITORIES, reader.IN_TERRITORIES)
PARTS += (reader.OF_PARTIES, reader.OF_PARENTS, reader.ABOUT_THEMES, schema.AWAIT)
"""Beginnings that are only sent with what `asked` adds, and a wait of the schema."""

SOME = frozenset({"a", "b"})
DAY = date(2026, 7, 1)
STRUCTURES = (
    StructureQuery(),
    StructureQuery(ids=SOME),
    StructureQuery(kinds=SOME),
    StructureQuery(levels=SOME),
    StructureQuery(legal_entities=SOME),
    StructureQuery(territories=SOME),
    StructureQuery(open_on=DAY),
    StructureQuery(ids=SOME, kinds=SOME, levels=SOME, territories=SOME, open_on=DAY),
)
COOPERATIONS = (
    CooperationQuery(),
    CooperationQuery(ids=SOME),
    CooperationQuery(parties=SOME),
    CooperationQuery(types=SOME),
    CooperationQuery(themes=SOME),
    CooperationQuery(on=DAY),
    CooperationQuery(on=DAY, statuses=SOME, themes=SOME, parties=SOME),
)
TERRITORIES = (
    TerritoryQuery(),
    TerritoryQuery(ids=SOME),
    TerritoryQuery(levels=SOME),
    TerritoryQuery(codes=SOME),
    TerritoryQuery(parents=SOME),
)


def texts(module: ModuleType) -> Iterator[str]:
    """Yield the queries that stand in a module."""
    for name, value in vars(module).items():
        if name.isupper():
            yield from _within(value)


def _within(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if value.lstrip().startswith(STARTS) and value not in PARTS:
            yield value
    elif isinstance(value, dict):
        yield from _within(tuple(value.values()))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _within(item)


def asked() -> Iterator[str]:
    """Yield the queries that are put together from the conditions asked."""
    for structures in STRUCTURES:
        yield reader.structures_asked(structures, reader.TEXT.format(n="n"))[0]
        yield reader.structures_asked(structures, "n.kind, count(*)")[0]
    for cooperations in COOPERATIONS:
        yield reader.cooperations_asked(cooperations)[0]
    for territories in TERRITORIES:
        yield reader.territories_asked(territories)[0]


def everything() -> list[str]:
    """Return every query, each once."""
    found = [text for module in MODULES for text in texts(module)]
    return list(dict.fromkeys([*found, *asked()]))


def operators(plan: dict[str, Any]) -> Iterator[str]:
    """Yield the operators of a plan."""
    yield str(plan["operatorType"]).partition("@")[0]
    for child in plan.get("children", ()):
        yield from operators(child)


def uses_index(found: Iterable[str]) -> bool:
    """Tell whether a plan starts from an index (of text: by its procedure)."""
    return any("Index" in name or name.startswith("ProcedureCall") for name in found)


WHOLE = frozenset(
    {
        *(
            journal.LOADS,
            journal.SCOPES,
            journal.STRUCTURES,
            journal.COOPERATIONS,
            journal.MEMBERSHIPS,
        ),
        *(journal.TERRITORIES, journal.SPOKEN_OF, journal.UNUSED_POLYGONS),
        *(reader.MEMBERSHIPS, sources.RECORDS, schema.IS_EMPTY, *transfer.CLEAR),
        *(transfer.LOADS, transfer.SOURCES, transfer.SOURCES_BEFORE, transfer.CLAIMS),
        *(transfer.CLAIMS_BEFORE, transfer.POLYGONS, transfer.COUNT_LOADS),
        *nodes.ANY.values(),
        reader.structures_asked(STRUCTURES[0], reader.TEXT.format(n="n"))[0],
        reader.structures_asked(STRUCTURES[0], "n.kind, count(*)")[0],
        reader.cooperations_asked(COOPERATIONS[0])[0],
        reader.territories_asked(TERRITORIES[0])[0],
    }
)
"""Queries that ask for all of a label or type (the server's token index lists it), or count it."""

LISTS = frozenset({"NodeByLabelScan", "UnionNodeByLabelsScan", "DirectedRelationshipTypeScan"})
ENDS = ["NodeUniqueIndexSeek", "NodeUniqueIndexSeek"]


def fault_of(text: str, found: list[str]) -> str | None:
    """Say what is wrong with the plan of a query, if anything is."""
    if any("AllNodes" in name or "AllRelationships" in name for name in found):
        return "reads everything"
    leaves = [name for name in found if "Seek" in name or "Scan" in name]
    if "CartesianProduct" in found and leaves != ENDS:
        return "multiplies rows"
    if text in WHOLE or not any(word in text for word in ("MATCH", "MERGE", "CALL db.")):
        return None
    if LISTS.intersection(found):
        return "lists a whole label"
    return None if uses_index(found) else "uses no index"
