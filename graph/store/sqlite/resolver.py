"""Resolve things from their claims: at once where one plain claim is all there is."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import msgspec

from graph.model import AnyClaim, Entity, SourceRecord
from graph.resolve import resolve
from graph.store.encoding import KINDS, decode_claim, encode
from graph.store.sharing import is_plain
from graph.store.sqlite.touched import Touched

CLAIMS_ABOUT = """
SELECT claim.id, claim.key, claim.payload
FROM json_each(?) AS wanted
CROSS JOIN claim ON claim.kind = ? AND claim.id = wanted.value
JOIN series ON series.key = claim.series
ORDER BY wanted.key, series.id
"""
"""In a fixed order: where precedence leaves two claims equal, the first of them is shown."""

SHOWN_SOURCES = """
SELECT name.id, source.payload FROM source
JOIN source_key AS name ON name.key = source.source ORDER BY source.load, source.series
"""


class Resolved(NamedTuple):
    """A thing to write: its values, and either the row of the claim that it shares or its text."""

    values: AnyClaim | Entity
    claim: int | None
    payload: str | None


class Resolver:
    """Resolves the things of one kind that a load touched."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        touched: Touched,
        kind: int,
        sources: Mapping[str, SourceRecord],
    ) -> None:
        self.connection = connection
        self.ids = touched.ids[kind]
        self._stated = touched.stated[kind]
        self._kind = kind
        self._sources = sources

    def resolved(self, ids: Sequence[str]) -> dict[str, Resolved]:
        """Return the things named that still have claims."""
        shared, asked = self.split(ids)
        found = {ident: Resolved(claim, key, None) for ident, (key, claim) in shared.items()}
        found.update(self.from_store(asked))
        return found

    def split(self, ids: Sequence[str]) -> tuple[dict[str, tuple[int, AnyClaim]], list[str]]:
        """Return the claims in hand that stand for their things, and the ids to ask for."""
        shared, asked = {}, []
        disputed, stated = self._disputed, self._stated
        for ident in ids:
            row = stated.get(ident)
            if row is not None and ident not in disputed and is_plain(row[1]):
                shared[ident] = row
            else:
                asked.append(ident)
        return shared, asked

    def not_in_hand(self, ids: Sequence[str]) -> list[str]:
        """Return the things of which the claim in hand, if any, is not the only one."""
        disputed, stated = self._disputed, self._stated
        return [ident for ident in ids if ident not in stated or ident in disputed]

    @cached_property
    def _disputed(self) -> set[str]:
        """The things that several claims speak of."""
        rows = self.connection.execute(
            "SELECT id FROM claim WHERE kind = ? GROUP BY id HAVING count(*) > 1", (self._kind,)
        )
        return {ident for (ident,) in rows}

    def from_store(self, ids: Sequence[str]) -> Iterator[tuple[str, Resolved]]:
        """Resolve things from all their claims; those that have none are left out."""
        about: defaultdict[str, list[tuple[int, AnyClaim]]] = defaultdict(list)
        stated = self._stated
        asked = self.not_in_hand(ids)
        alone = {*ids}.difference(asked)
        if asked:
            for ident, key, payload in self.connection.execute(
                CLAIMS_ABOUT, (encode(asked), self._kind)
            ):
                about[ident].append((key, decode_claim(payload)))
        for ident in ids:
            if ident in alone:
                yield ident, self._together([stated[ident]])
            elif ident in about:
                yield ident, self._together(about.pop(ident))

    def _together(self, claims: Sequence[tuple[int, AnyClaim]]) -> Resolved:
        key, first = claims[0]
        if len(claims) == 1 and is_plain(first):
            return Resolved(first, key, None)
        pairs = [(claim, self._sources[claim.source]) for _, claim in claims]
        entity = resolve(KINDS[self._kind], pairs)
        return Resolved(entity, None, encode(entity))


def source_records(connection: sqlite3.Connection) -> dict[str, SourceRecord]:
    """Return the sources by id; where two series describe one differently, the latest loaded."""
    return {
        ident: msgspec.json.decode(payload, type=SourceRecord)
        for ident, payload in connection.execute(SHOWN_SOURCES)
    }
