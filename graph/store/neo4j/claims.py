"""Claims on the server: each is the relationship ``STATED_BY`` from a thing to its source.

A claim carries two numbers by which a reload is compared without bringing texts back: `stated`
stands for what it states, `placed` for where in the source (locator and part).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from graph.model import AnyClaim, EntityKind, TerritoryClaim
from graph.store.encoding import KINDS, Incoming, decode_claim, encode, statement
from graph.store.neo4j.journal import LoadToUndo
from graph.store.neo4j.labels import entity_ref, split_entity
from graph.store.neo4j.server import Cypher, in_batches, send_batches
from graph.store.neo4j.things import digest_text
from graph.store.port import LoadBatch, LoadOutcome
from graph.store.rules import in_scope, outcome_of

HELD = """
MATCH (e:Entity)-[c:STATED_BY]->(s:Source)
USING INDEX c:STATED_BY(series, load)
WHERE c.series = $series AND c.load IS NOT NULL
RETURN e.ref, s.id, c.part, c.stated, c.placed
"""
"""Both properties are named so that the index of both serves."""

FIELDS: tuple[str, ...] = (
    "series",
    "part",
    "load",
    "locator",
    "stated",
    "placed",
    "payload",
    "geometry",
)
"""The properties of a claim, in the order in which a row holds them after the thing's `ref`."""


def stating(first: int) -> str:
    """Return the clause that writes a claim of `e` to its source `s`: fields from `r[first]` on."""
    values = ", ".join(f"{name}: r[{n}]" for n, name in enumerate(FIELDS, first))
    return f"CREATE (e)-[:STATED_BY {{{values}}}]->(s)"


ADD = f"""
MATCH (s:Source {{id: $source}})
UNWIND $rows AS r
MATCH (e:Entity {{ref: r[0]}})
{stating(1)}
RETURN count(*)
"""
BY_LOAD = """
MATCH (e:Entity)-[c:STATED_BY]->(s:Source)
USING INDEX c:STATED_BY(series, load)
WHERE c.series = $series AND c.load = $load
RETURN e.ref, s.id, c.stated
"""
REPLACED = """
MATCH (h:ReplacedClaim)
WHERE h.by_load = $load
RETURN h.ref, h.series, h.load, h.payload
"""
KEEP = """
UNWIND $rows AS r
MATCH (e:Entity {ref: r[0]})
MATCH (e)-[c:STATED_BY {series: $series}]->(s:Source)
WHERE s.id = r[1]
CREATE (h:ReplacedClaim)
SET h = properties(c), h.by_load = $load, h.ref = e.ref, h.source = s.id
"""
REMOVE = """
UNWIND $rows AS r
MATCH (e:Entity {ref: r[0]})
MATCH (e)-[c:STATED_BY {series: $series}]->(s:Source)
WHERE s.id = r[1]
DELETE c
"""


class Written(NamedTuple):
    """A claim of a batch as it will be written; its text is made where it is needed.

    `kept` is the text of a claim that was read from the store.
    """

    kind: EntityKind
    claim: AnyClaim
    series: str
    load: int
    kept: str | None = None

    @property
    def ref(self) -> str:
        """The key of the thing that the claim is about."""
        return entity_ref(self.kind, self.claim.id)

    @property
    def payload(self) -> str:
        """The whole claim as JSON text."""
        return encode(self.claim) if self.kept is None else self.kept

    @property
    def stated(self) -> int:
        """The number of what it states."""
        return _number(statement(self.payload))

    @property
    def placed(self) -> int:
        """The number of where in the source it stands."""
        return _number(f"{self.claim.locator}\n{self.claim.part}")


class Place(NamedTuple):
    """A claim of the store: the thing and the source; there is one in each series."""

    ref: str
    source: str


class Difference(msgspec.Struct):
    """Claims to add, update, move (another place in the source, nothing else) and remove."""

    added: list[Written] = []
    updated: list[Written] = []
    moved: list[Written] = []
    removed: list[Place] = []
    unchanged: int = 0
    held: Counter[EntityKind] = msgspec.field(default_factory=Counter)

    def is_empty(self) -> bool:
        """Tell whether nothing at all would be written."""
        return not (self.added or self.updated or self.moved or self.removed)

    def replaces_territories(self) -> bool:
        """Tell whether a claim about a territory is updated or removed."""
        gone = any(split_entity(place.ref)[0] == "territory" for place in self.removed)
        return gone or any(item.kind == "territory" for item in self.updated)

    def removed_by_kind(self) -> Counter[EntityKind]:
        """Return how many claims of each kind go."""
        return Counter(split_entity(place.ref)[0] for place in self.removed)


def _all_written(incoming: Incoming, series: str, load: int) -> Iterator[Written]:
    for (code, _), claims in incoming.claims.items():
        for claim in claims.values():
            yield Written(KINDS[code], claim, series, load)


def compare(cypher: Cypher, batch: LoadBatch, incoming: Incoming, load: int) -> Difference:
    """Return what `batch` changes in its series as `load`, removals only within its parts."""
    found = Difference()
    stated = _all_written(incoming, batch.series, load)
    left = {(item.ref, item.claim.source): item for item in stated}
    for ref, source, part, statement_number, placed in cypher.rows(HELD, series=batch.series):
        found.held[split_entity(ref)[0]] += 1
        item = left.pop((ref, source), None)
        if item is None:
            if in_scope(part, batch.parts):
                found.removed.append(Place(ref, source))
        elif item.stated != statement_number:
            found.updated.append(item)
        else:
            found.unchanged += 1
            if item.placed != placed:
                found.moved.append(item)
    found.added = list(left.values())
    return found


def outcome(
    batch: LoadBatch, incoming: Incoming, found: Difference, load: int | None
) -> LoadOutcome:
    """Return what `found` means to the person who loads `batch`."""
    changes = {
        "added": [item.claim.id for item in found.added],
        "updated": [item.claim.id for item in found.updated],
        "removed": [split_entity(place.ref)[1] for place in found.removed],
    }
    return outcome_of(batch, incoming.groups, changes, found.unchanged, load)


def stated_by_load(cypher: Cypher, load: LoadToUndo) -> dict[Place, int]:
    """Return the claims that a load wrote and that still stand, with what they state."""
    rows = cypher.rows(BY_LOAD, series=load.series, load=load.id)
    return {Place(ref, source): stated for ref, source, stated in rows}


def replaced(cypher: Cypher, load: LoadToUndo) -> list[Written]:
    """Return the claims that a load changed or removed."""
    return [
        Written(split_entity(ref)[0], decode_claim(payload), series, by, payload)
        for ref, series, by, payload in cypher.rows(REPLACED, load=load.id)
    ]


def keep(cypher: Cypher, places: Iterable[Place], series: str, load: int) -> None:
    """Keep a copy of claims that `load` replaces."""
    in_batches(cypher, KEEP, places, values={"series": series, "load": load})


def remove(cypher: Cypher, places: Iterable[Place], series: str) -> None:
    """Remove claims of a series."""
    in_batches(cypher, REMOVE, places, values={"series": series})


def add(cypher: Cypher, stated: Iterable[Written]) -> None:
    """Write claims; their things are there already."""
    by_source: dict[str, list[Written]] = {}
    for item in stated:
        by_source.setdefault(item.claim.source, []).append(item)
    for source, items in by_source.items():
        rows = ([item.ref, *fields_of(item)] for item in items)
        send_batches(cypher, ADD, rows, {"source": source})


def fields_of(item: Written) -> list[Any]:
    """Return the properties of a claim, in the order of `FIELDS`."""
    claim = item.claim
    digest = digest_text(claim.geometry) if isinstance(claim, TerritoryClaim) else None
    payload = item.payload
    where = [item.series, claim.part, item.load, claim.locator]
    return [*where, _number(statement(payload)), item.placed, payload, digest]


def _number(value: str) -> int:
    digest = hashlib.blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
