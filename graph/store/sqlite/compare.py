"""What a batch changes, found by comparing it with what its series already states."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

import msgspec

from graph.model import AnyClaim, EntityKind
from graph.store.encoding import KINDS, Incoming, code_of, encode_claims, statement
from graph.store.port import LoadBatch, LoadOutcome
from graph.store.rules import in_scope, outcome_of
from graph.store.sqlite.keys import Keys

_AT_ONCE = 1_000
"""Rows that are held at a time."""


Row = tuple[int, int, str, int, str, bytes]
"""A claim of the store: key, kind, id, source, part, text in UTF-8."""


class Held(NamedTuple):
    """A claim of the store: its row and what it is about."""

    key: int
    kind: int
    id: str


class Difference(msgspec.Struct):
    """Claims to add, update, move (another place in the source, nothing else) and remove."""

    added: list[AnyClaim] = []
    updated: list[tuple[int, AnyClaim]] = []
    moved: list[tuple[int, AnyClaim]] = []
    removed: list[Held] = []
    unchanged: int = 0
    held: Counter[EntityKind] = msgspec.field(default_factory=Counter)

    def is_empty(self) -> bool:
        """Tell whether nothing at all would be written."""
        return not (self.added or self.updated or self.moved or self.removed)

    def replaces(self, kind: int) -> bool:
        """Tell whether a claim about a thing of `kind` is updated or removed."""
        updated = any(code_of(claim) == kind for _, claim in self.updated)
        return updated or any(row.kind == kind for row in self.removed)

    def removed_by_kind(self) -> Counter[EntityKind]:
        """Return how many claims of each kind go."""
        return Counter(KINDS[row.kind] for row in self.removed)


def compare(
    connection: sqlite3.Connection, keys: Keys, batch: LoadBatch, incoming: Incoming
) -> Difference:
    """Return what `batch` changes in its series, removals only within its parts."""
    found = Difference()
    left = {group: dict(claims) for group, claims in incoming.claims.items()}
    about = {(kind, keys.source(source)): claims for (kind, source), claims in left.items()}
    rows = connection.execute(
        "SELECT key, kind, id, source, part, CAST(payload AS BLOB) FROM claim WHERE series = ?",
        (keys.series(batch.series),),
    )
    held = Counter[int]()
    while some := rows.fetchmany(_AT_ONCE):
        held.update(map(itemgetter(1), some))
        _compare(some, about, batch, found)
    # In order of id, as the tables are: writing is quicker.
    found.added = [claims[ident] for claims in left.values() for ident in sorted(claims)]
    found.held = Counter({KINDS[kind]: count for kind, count in held.items()})
    return found


def _compare(
    rows: Sequence[Row],
    left: Mapping[tuple[int, int], dict[str, AnyClaim]],
    batch: LoadBatch,
    found: Difference,
) -> None:
    """Note what becomes of some rows; the claims that stand for them are taken out of `left`."""
    nothing: dict[str, AnyClaim] = {}
    stated = [
        left.get((kind, source), nothing).pop(ident, None) for _, kind, ident, source, _, _ in rows
    ]
    texts = iter(encode_claims([claim for claim in stated if claim is not None]))
    for (key, kind, ident, _, part, payload), new in zip(rows, stated, strict=True):
        if new is None:
            if in_scope(part, batch.parts):
                found.removed.append(Held(key, kind, ident))
        elif (text := next(texts)) == payload:
            found.unchanged += 1
        elif statement(text.decode()) == statement(payload.decode()):
            found.moved.append((key, new))
            found.unchanged += 1
        else:
            found.updated.append((key, new))


def outcome(
    batch: LoadBatch, incoming: Incoming, found: Difference, load_id: int | None
) -> LoadOutcome:
    """Return what `found` means to the person who loads `batch`."""
    changes = {
        "added": [claim.id for claim in found.added],
        "updated": [claim.id for _, claim in found.updated],
        "removed": [row.id for row in found.removed],
    }
    return outcome_of(batch, incoming.groups, changes, found.unchanged, load_id)
