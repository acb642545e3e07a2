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
    held_among,
    strip_nodes,
    sweep,
    tie,
    untie,
    write_nodes,
)
from graph.store.neo4j.server import Cypher, in_batches
from graph.store.neo4j.things import Shown
from graph.store.neo4j.ties import Tie, ties_of
from graph.store.sharing import is_plain

CHUNK = 4_000
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
    refs = iter(sorted(things))
    while chunk := list(islice(refs, CHUNK)):
        held = held_among(load.cypher, chunk)
        part = {ref: things[ref] for ref in chunk}
        shown = _write_new(load, kind, part, held)
        shown |= _write_held(load, kind, part, held, loose)
        tie(load.cypher, _ties(kind, shown))
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
    new = {ref: stated for ref, stated in part.items() if ref not in held and stated}
    shown = {ref: _together(kind, stated, load.sources) for ref, stated in new.items()}
    write_nodes(load.cypher, kind, shown, {}, _communes(load.cypher, kind, shown))
    claims.add(load.cypher, (claims.row_of(item) for stated in new.values() for item in stated))
    return shown


def _write_held(
    load: Load,
    kind: EntityKind,
    part: Mapping[str, list[Written]],
    held: Mapping[str, Held],
    loose: set[str],
) -> dict[str, Shown]:
    """Write things that were there, from all their claims; those without claims go."""
    there = [ref for ref in part if ref in held]
    claims.add(load.cypher, (claims.row_of(item) for ref in there for item in part[ref]))
    shown = {
        ref: _resolved(kind, stated, load.sources)
        for ref, stated in _claims_about(load.cypher, there).items()
    }
    loose |= untie(load.cypher, kind, there)
    gone = [ref for ref in there if ref not in shown]
    strip_nodes(load.cypher, kind, gone)
    loose.update(gone)
    write_nodes(load.cypher, kind, shown, held, _communes(load.cypher, kind, shown))
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
        return Shown(stated[0].claim, None, stated[0].claim.source)
    stated = sorted(stated, key=lambda item: (item.series, item.payload))
    return _resolved(kind, [item.claim for item in stated], sources)


def _resolved(
    kind: EntityKind, stated: list[AnyClaim], sources: Mapping[str, SourceRecord]
) -> Shown:
    entity = resolve(kind, [(claim, sources[claim.source]) for claim in stated])
    return Shown(entity, encode(entity), None)


def _communes(
    cypher: Cypher, kind: EntityKind, shown: Mapping[str, Shown]
) -> dict[str, str | None]:
    """Return the names of the communes where structures are."""
    if kind != "structure":
        return {}
    codes = {cast("Structure", item.values).commune for item in shown.values()}
    rows = in_batches(cypher, COMMUNES, ([code] for code in sorted(filter(None, codes))))
    return dict(map(tuple, rows))


def _ties(kind: EntityKind, shown: Mapping[str, Shown]) -> Iterator[Tie]:
    for ref, item in shown.items():
        yield from ties_of(kind, ref, item.values)


def _renamed(held: Mapping[str, Held], shown: Mapping[str, Shown]) -> Iterator[str]:
    """Return the codes of communes that have another name now, or appeared, or vanished."""
    prefix = entity_ref("territory", "commune:")
    for ref in held.keys() | shown.keys():
        if ref.startswith(prefix):
            before = held[ref].name if ref in held else None
            after = cast("Territory", shown[ref].values).name if ref in shown else None
            if before != after:
                yield ref.removeprefix(prefix)
