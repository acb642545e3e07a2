"""Nodes of things: written with their labels, brought back to a bare reference, swept away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from graph.model import EntityKind
from graph.store.neo4j.labels import FINER_LABELS, LABELS, all_labels, removable_labels
from graph.store.neo4j.server import Cypher, in_batches
from graph.store.neo4j.things import Names, Shown, properties, row_of
from graph.store.neo4j.ties import CARRIED, OWNED, Tie, writing

FINER: dict[EntityKind, str] = {"structure": "kind", "territory": "level"}
"""The property that names a thing's finer label."""


def _write(kind: EntityKind, finer: str | None) -> str:
    return (
        "UNWIND $rows AS r\n"
        "MERGE (e:Entity {ref: r[0]})\n"
        f"SET e:{all_labels(kind, finer)}, e = {properties(kind)}"
    )


WRITE: dict[tuple[EntityKind, str | None], str] = {
    (kind, finer): _write(kind, finer) for kind in LABELS for finer in (None, *FINER_LABELS[kind])
}
"""One query for each label: Cypher takes no label from a parameter without reading all nodes."""

HELD = """
UNWIND $rows AS r
MATCH (e:Entity {ref: r[0]})
WHERE e.id IS NOT NULL
RETURN e.ref, coalesce(e.kind, e.level), e.name
"""
UNLABEL = {
    kind: (f"UNWIND $rows AS r\nMATCH (e:Entity {{ref: r[0]}})\nREMOVE e:{removable_labels(kind)}")
    for kind in LABELS
}
STRIP = {kind: f"{text}\nSET e = {{ref: r[0]}}" for kind, text in UNLABEL.items()}
UNTIE = {
    kind: tuple(
        "UNWIND $rows AS r\n"
        "MATCH (e:Entity {ref: r[0]})\n"
        f"MATCH {pattern}\n"
        "WITH t, startNode(t).ref AS start, endNode(t).ref AS end\n"
        "DELETE t\n"
        "RETURN DISTINCT start, end"
        for pattern in patterns
    )
    for kind, patterns in OWNED.items()
}
TIE = {kind: writing(kind) for kind in CARRIED}
SWEEP = """
UNWIND $rows AS r
MATCH (e:Entity {ref: r[0]})
WHERE e.id IS NULL AND NOT EXISTS { (e)--() }
DELETE e
"""


class Held(NamedTuple):
    """A thing that the store describes already: what its finer label is made of, and its name."""

    finer: str | None
    name: str | None


def held_among(cypher: Cypher, refs: Iterable[str]) -> dict[str, Held]:
    """Return which of the things named the store describes."""
    rows = in_batches(cypher, HELD, ([ref] for ref in refs))
    return {ref: Held(finer, name) for ref, finer, name in rows}


def write_nodes(
    cypher: Cypher,
    kind: EntityKind,
    shown: Mapping[str, Shown],
    held: Mapping[str, Held],
    communes: Names,
) -> None:
    """Write things of one kind, those that are `held` already without the labels they had."""
    rows: dict[str | None, list[list[Any]]] = {}
    relabelled = []
    for ref, item in shown.items():
        finer = getattr(item.values, FINER[kind]) if kind in FINER else None
        rows.setdefault(finer if finer in FINER_LABELS[kind] else None, []).append(
            row_of(kind, ref, item, communes)
        )
        if ref in held and held[ref].finer != finer:
            relabelled.append([ref])
    in_batches(cypher, UNLABEL[kind], relabelled)
    for finer, group in rows.items():
        in_batches(cypher, WRITE[kind, finer], group)


def strip_nodes(cypher: Cypher, kind: EntityKind, refs: Iterable[str]) -> None:
    """Leave nothing of things but their references."""
    in_batches(cypher, STRIP[kind], ([ref] for ref in refs))


def untie(cypher: Cypher, kind: EntityKind, refs: Collection[str]) -> set[str]:
    """Remove the relationships that belong to things; return the ends of what was removed."""
    ends: set[str] = set()
    for text in UNTIE[kind]:
        for pair in in_batches(cypher, text, ([ref] for ref in refs)):
            ends.update(pair)
    return ends


def tie(cypher: Cypher, ties: Iterable[Tie]) -> None:
    """Write relationships."""
    rows: dict[str, list[list[Any]]] = {}
    for item in ties:
        rows.setdefault(item.type, []).append([item.start, item.end, *item.values])
    for kind, group in rows.items():
        in_batches(cypher, TIE[kind], group)


def sweep(cypher: Cypher, refs: Iterable[str]) -> None:
    """Delete, among the things named, those that nobody describes and nothing cites any more."""
    in_batches(cypher, SWEEP, ([ref] for ref in sorted(refs)))
