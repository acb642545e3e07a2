"""Write what people see of the things that a load touched: nodes, claims, relationships."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import cast

import msgspec

from graph.model import AnyClaim, EntityKind, SourceRecord, Structure, Territory
from graph.resolve import resolve
from graph.store.encoding import decode_claim, encode
from graph.store.neo4j import claims
from graph.store.neo4j.claims import Written
from graph.store.neo4j.labels import LABELS, entity_ref, split_entity
from graph.store.neo4j.nodes import (
    Held,
    New,
    create_nodes,
    held_among,
    strip_nodes,
    sweep,
    tie,
    untie,
    write_nodes,
)
from graph.store.neo4j.server import BATCH_ROWS, Cypher, in_batches
from graph.store.neo4j.things import Names, Shown
from graph.store.neo4j.ties import ties_of
from graph.store.sharing import is_plain

CHUNK = BATCH_ROWS
"""How many things are written before progress is told."""

KINDS_IN_ORDER: tuple[EntityKind, ...] = ("territory", "cooperation", "membership", "structure")
"""Territories first: a structure is also found by the name of its commune."""

ABOUT = """
UNWIND $rows AS r
MATCH (e:Entity {ref: r[0]})-[c:STATED_BY]->(:Source)
RETURN e.ref, c.series, c.payload
"""
SPOKEN_OF = """
UNWIND $rows AS r
MATCH (s:Source {id: r[0]})<-[:STATED_BY]-(e:Entity)
WHERE COUNT { (e)-[:STATED_BY]->() } > 1
RETURN DISTINCT e.ref
"""
IN_COMMUNES = """
UNWIND $rows AS r
MATCH (s:Structure {commune: r[0]})
RETURN s.ref
"""
COMMUNES = """
UNWIND $rows AS r
MATCH (t:Territory {id: 'commune:' + r[0]})
RETURN t.code, t.name
"""


class Tell:
    """Tells how many of the things touched are written."""

    def __init__(self, tell: Callable[[int, int], None], total: int) -> None:
        self._tell, self._done, self._total = tell, 0, total

    def __call__(self, more: int) -> None:
        """Tell that `more` things are written."""
        self._done = min(self._done + more, self._total)
        self._tell(self._done, self._total)


class Touched(msgspec.Struct):
    """Things to write again: by kind and `ref`, the claims of this load that are to be added."""

    things: dict[EntityKind, dict[str, list[Written]]] = msgspec.field(
        default_factory=lambda: {kind: {} for kind in LABELS}
    )

    def state(self, items: Iterable[Written]) -> None:
        """Note claims that are to be added."""
        for item in items:
            self.things[item.kind].setdefault(item.ref, []).append(item)

    def forget(self, refs: Iterable[str]) -> None:
        """Note things of which claims were removed."""
        for ref in refs:
            self.things[split_entity(ref)[0]].setdefault(ref, [])

    def count(self) -> int:
        """Return how many things are touched."""
        return sum(map(len, self.things.values()))


class Load(msgspec.Struct):
    """What is being written: where, beside which sources, and who is told."""

    cypher: Cypher
    sources: Mapping[str, SourceRecord]
    tell: Tell
    communes: dict[str, str | None] = {}


def materialise(load: Load, touched: Touched, changed: Collection[str]) -> None:
    """Write every thing in `touched`, and the claims in it.

    A source that `changed` can change what is believed first: the things that it and others speak
    of are touched too.
    """
    spoken_of = in_batches(load.cypher, SPOKEN_OF, ([ident] for ident in sorted(changed)))
    touched.forget(ref for (ref,) in spoken_of)
    load.tell(0)
    for kind in KINDS_IN_ORDER:
        codes = _write_kind(load, kind, touched.things[kind])
        if kind == "territory" and codes:
            found = in_batches(load.cypher, IN_COMMUNES, ([code] for code in sorted(codes)))
            touched.forget(ref for (ref,) in found)


def _write_kind(load: Load, kind: EntityKind, things: Mapping[str, list[Written]]) -> set[str]:
    """Write the things of one kind; return the codes of the communes whose name changed."""
    renamed: set[str] = set()
    loose: set[str] = set()
    described = held_among(load.cypher, kind, things)
    refs = iter(sorted(things))
    while chunk := list(islice(refs, CHUNK)):
        held = {ref: described[ref] for ref in chunk if ref in described}
        part = {ref: things[ref] for ref in chunk}
        shown = _write_new(load, kind, part, held)
        shown |= _write_held(load, kind, part, held, loose)
        if kind == "territory":
            renamed.update(_renamed(held, shown))
        load.tell(len(chunk))
    sweep(load.cypher, loose)
    return renamed


def _write_new(
    load: Load,
    kind: EntityKind,
    part: Mapping[str, list[Written]],
    held: Mapping[str, Held],
) -> dict[str, Shown]:
    """Write things that were not there: all their claims are in hand."""
    stated = {ref: items for ref, items in part.items() if ref not in held and items}
    shown = {ref: _together(kind, items, load.sources) for ref, items in stated.items()}
    new = {ref: New(item, stated[ref][0]) for ref, item in shown.items()}
    left = create_nodes(load.cypher, kind, new, _communes(load, kind, shown))
    claims.add(load.cypher, (item for items in stated.values() for item in items[1:]))
    tie(load.cypher, left)
    return shown


def _write_held(
    load: Load,
    kind: EntityKind,
    part: Mapping[str, list[Written]],
    held: Mapping[str, Held],
    loose: set[str],
) -> dict[str, Shown]:
    """Write things that were there, from all their claims; those without claims go."""
    claims.add(load.cypher, (item for ref in held for item in part[ref]))
    shown = {
        ref: _resolved(kind, stated, load.sources)
        for ref, stated in _claims_about(load.cypher, held).items()
    }
    loose |= untie(load.cypher, kind, held)
    gone = [ref for ref in held if ref not in shown]
    strip_nodes(load.cypher, kind, gone)
    loose.update(gone)
    write_nodes(load.cypher, kind, shown, held, _communes(load, kind, shown))
    tie(
        load.cypher,
        (tied for ref, item in shown.items() for tied in ties_of(kind, ref, item.values)),
    )
    return shown


def _claims_about(cypher: Cypher, refs: Iterable[str]) -> dict[str, list[AnyClaim]]:
    """Return the claims about things; where precedence leaves two equal, the first one is shown."""
    found: dict[str, list[tuple[str, str]]] = {}
    for ref, series, payload in in_batches(cypher, ABOUT, ([ref] for ref in refs)):
        found.setdefault(ref, []).append((series, payload))
    return {
        ref: [decode_claim(payload) for _, payload in sorted(stated)]
        for ref, stated in found.items()
    }


def _together(
    kind: EntityKind, stated: list[Written], sources: Mapping[str, SourceRecord]
) -> Shown:
    if len(stated) == 1 and is_plain(stated[0].claim):
        return Shown(stated[0].claim, None)
    stated = sorted(stated, key=lambda item: (item.series, item.payload))
    return _resolved(kind, [item.claim for item in stated], sources)


def _resolved(
    kind: EntityKind, stated: list[AnyClaim], sources: Mapping[str, SourceRecord]
) -> Shown:
    entity = resolve(kind, [(claim, sources[claim.source]) for claim in stated])
    return Shown(entity, encode(entity))


def _communes(load: Load, kind: EntityKind, shown: Mapping[str, Shown]) -> Names:
    """Return the names of the communes where structures are; all territories are written."""
    if kind == "structure":
        codes = {cast("Structure", item.values).commune for item in shown.values()}
        asked = sorted(filter(None, codes - load.communes.keys()))
        load.communes.update(dict.fromkeys(asked))
        rows = in_batches(load.cypher, COMMUNES, ([code] for code in asked))
        load.communes.update(map(tuple, rows))
    return load.communes


def _renamed(held: Mapping[str, Held], shown: Mapping[str, Shown]) -> Iterator[str]:
    """Return the codes of communes that have another name now, or appeared, or vanished."""
    prefix = entity_ref("territory", "commune:")
    for ref in held.keys() | shown.keys():
        if ref.startswith(prefix):
            before = held[ref].name if ref in held else None
            after = cast("Territory", shown[ref].values).name if ref in shown else None
            if before != after:
                yield ref.removeprefix(prefix)
