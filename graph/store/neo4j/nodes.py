"""Nodes of things: written with their labels, brought back to a bare reference, swept away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from graph.model import EntityKind
from graph.store.neo4j.claims import FIELDS, Written, fields_of, stating
from graph.store.neo4j.labels import FINER_LABELS, LABELS, all_labels, removable_labels
from graph.store.neo4j.server import Cypher, in_batches, send_batches
from graph.store.neo4j.things import COLUMNS, Names, Shown, properties, row_of
from graph.store.neo4j.ties import CARRIED, OUTGOING, OWNED, Tie, ties_of, writing, writing_from

FINER: dict[EntityKind, str] = {"structure": "kind", "territory": "level"}
"""The property that names a thing's finer label."""


def _write(kind: EntityKind, finer: str | None) -> str:
    return (
        "UNWIND $rows AS r\n"
        "MERGE (e:Entity {ref: r[0]})\n"
        f"SET e:{all_labels(kind, finer)}, e = {properties(kind)}\n"
    )


def _create(kind: EntityKind, finer: str | None) -> str:
    claim = len(COLUMNS[kind])
    first = claim + len(FIELDS)
    ties = (writing_from(type_, f"r[{n}]") for n, type_ in enumerate(OUTGOING[kind], first))
    clauses = (stating(claim), *ties, "RETURN count(*)")
    return "MATCH (s:Source {id: $source})\n" + _write(kind, finer) + "\n".join(clauses)


_ALL = [(kind, finer) for kind in LABELS for finer in (None, *FINER_LABELS[kind])]
WRITE: dict[tuple[EntityKind, str | None], str] = {key: _write(*key) for key in _ALL}
CREATE: dict[tuple[EntityKind, str | None], str] = {key: _create(*key) for key in _ALL}
"""One query for each label: Cypher takes no label from a parameter without reading all nodes.

What nobody described before is written at once with its first claim and the relationships that
start at it: to look a node up costs as much as to write a relationship.
"""

HELD = """
UNWIND $rows AS r
MATCH (e:Entity {ref: r[0]})
WHERE e.id IS NOT NULL
RETURN e.ref, coalesce(e.kind, e.level), e.name
"""
ANY = {kind: f"MATCH (e:{label}) RETURN count(e)" for kind, label in LABELS.items()}
"""The server knows this number: nothing is looked up for a first load."""
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


class New(NamedTuple):
    """A thing that nobody described before: what is shown of it, and the claim written with it."""

    shown: Shown
    claim: Written


class Held(NamedTuple):
    """A thing that the store describes already: what its finer label is made of, and its name."""

    finer: str | None
    name: str | None


def held_among(cypher: Cypher, kind: EntityKind, refs: Iterable[str]) -> dict[str, Held]:
    """Return which of the things named, all of one kind, the store describes."""
    if not cypher.rows(ANY[kind])[0][0]:
        return {}
    rows = in_batches(cypher, HELD, ([ref] for ref in refs))
    return {ref: Held(finer, name) for ref, finer, name in rows}


def write_nodes(
    cypher: Cypher,
    kind: EntityKind,
    shown: Mapping[str, Shown],
    held: Mapping[str, Held],
    communes: Names,
) -> None:
    """Write again things of one kind that are `held`, without the labels they had."""
    rows: dict[str | None, list[list[Any]]] = {}
    relabelled = []
    for ref, item in shown.items():
        finer = _finer(kind, item)
        rows.setdefault(finer, []).append(row_of(kind, ref, item, communes))
        if finer != held[ref].finer:
            relabelled.append([ref])
    in_batches(cypher, UNLABEL[kind], relabelled)
    for finer, group in rows.items():
        in_batches(cypher, WRITE[kind, finer], group)


def create_nodes(
    cypher: Cypher, kind: EntityKind, new: Mapping[str, New], communes: Names
) -> list[Tie]:
    """Write things that nobody described, each with a claim; return the ties that are left."""
    groups: dict[tuple[str, str | None], list[str]] = {}
    for ref, item in new.items():
        key = item.claim.claim.source, _finer(kind, item.shown)
        groups.setdefault(key, []).append(ref)
    left: list[Tie] = []
    for (source, finer), refs in groups.items():
        rows = (_new_row(kind, ref, new[ref], communes, left) for ref in refs)
        send_batches(cypher, CREATE[kind, finer], rows, {"source": source})
    return left


def _new_row(kind: EntityKind, ref: str, item: New, communes: Names, left: list[Tie]) -> list[Any]:
    outgoing: dict[str, list[list[Any]]] = {name: [] for name in OUTGOING[kind]}
    for tie_ in ties_of(kind, ref, item.shown.values):
        if tie_.start == ref and tie_.type in outgoing:
            outgoing[tie_.type].append([tie_.end, *tie_.values])
        else:
            left.append(tie_)
    return [*row_of(kind, ref, item.shown, communes), *fields_of(item.claim), *outgoing.values()]


def _finer(kind: EntityKind, item: Shown) -> str | None:
    finer = getattr(item.values, FINER[kind]) if kind in FINER else None
    return finer if finer in FINER_LABELS[kind] else None


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
