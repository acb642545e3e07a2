"""The table of structures as shown, and the search index that goes with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, cast

from graph.dates import PartialDate, earliest, latest
from graph.identifiers import fold
from graph.model import Structure
from graph.store.sqlite.encoding import encode
from graph.store.sqlite.resolver import Resolved

HELD = """
SELECT structure.id, structure.key, structure.name, structure.words
FROM json_each(?) AS wanted CROSS JOIN structure ON structure.id = wanted.value
"""
WRITE = """
INSERT INTO structure
(key, id, kind, level, commune, legal_entity, opened, closed, name, words, claim, payload)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
REWRITE = """
UPDATE structure SET kind = ?, level = ?, commune = ?, legal_entity = ?, opened = ?, closed = ?,
name = ?, words = ?, claim = ?, payload = ? WHERE key = ?
"""
UNINDEX = "INSERT INTO search (search, rowid, name, words) VALUES ('delete', ?, ?, ?)"
INDEX = "INSERT INTO search (rowid, name, words) VALUES (?, ?, ?)"
INDEX_FROM = (
    "INSERT INTO search (rowid, name, words) SELECT key, name, words FROM structure WHERE key >= ?"
)

_KEY, _ID, _NAME, _WORDS = 0, 1, 8, 9
_DAY = len("2026-11-22")

Row = tuple[object, ...]


class Held(NamedTuple):
    """A structure already in the table, with what the index knows of it."""

    key: int
    name: str | None
    words: str


class StructureTable:
    """Writes structures chunk by chunk; new ones enter the index together at the end."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        query = "SELECT coalesce(max(key), 0) + 1 FROM structure"
        self._first = self._next = int(connection.execute(query).fetchone()[0])
        names = connection.execute("SELECT code, name FROM territory WHERE level = 'commune'")
        self._communes: dict[str | None, str | None] = dict(names)

    def in_communes(self, codes: Sequence[str]) -> set[str]:
        """Return the ids of the structures in the communes named."""
        if not codes:
            return set()
        rows = self._connection.execute(
            "SELECT id FROM structure WHERE commune IN (SELECT value FROM json_each(?))",
            (encode(codes),),
        )
        return {ident for (ident,) in rows}

    def write(self, ids: Sequence[str], found: Mapping[str, Resolved]) -> None:
        """Write the structures of `ids` that were `found`, and remove the others."""
        held = {
            ident: Held(*rest) for ident, *rest in self._connection.execute(HELD, (encode(ids),))
        }
        self._remove(held[ident] for ident in held.keys() - found.keys())
        rows = [self._row(ident, item, held.get(ident)) for ident, item in found.items()]
        new = [row for row in rows if row[_ID] not in held] if held else rows
        self._connection.executemany(WRITE, new)
        if held:
            self._rewrite(held, [row for row in rows if row[_ID] in held])

    def index_new(self) -> None:
        """Put what was added into the search index."""
        self._connection.execute(INDEX_FROM, (self._first,))

    def _remove(self, rows: Iterable[Held]) -> None:
        gone = list(rows)
        self._connection.executemany(UNINDEX, gone)
        self._connection.executemany(
            "DELETE FROM structure WHERE key = ?", ((row.key,) for row in gone)
        )

    def _rewrite(self, held: Mapping[str, Held], rows: Sequence[Row]) -> None:
        self._connection.executemany(REWRITE, (row[2:] + row[:1] for row in rows))
        changed = []
        for row in rows:
            old = held[cast("str", row[_ID])]
            if (old.name, old.words) != (row[_NAME], row[_WORDS]):
                changed.append((old, (row[_KEY], row[_NAME], row[_WORDS])))
        self._connection.executemany(UNINDEX, (old for old, _ in changed))
        self._connection.executemany(INDEX, (entry for _, entry in changed))

    def _row(self, ident: str, item: Resolved, held: Held | None) -> Row:
        if held is None:
            key, self._next = self._next, self._next + 1
        else:
            key = held.key
        shown = cast("Structure", item.values)
        name = shown.name
        words = [ident, *shown.other_names]
        if commune := self._communes.get(shown.commune):
            words.append(commune)
        return (
            key,
            ident,
            shown.kind,
            shown.level,
            shown.commune,
            shown.legal_entity,
            shown.opened and _bound(shown.opened, last=False),
            shown.closed and _bound(shown.closed, last=True),
            name and searchable(name),
            searchable(" ".join(words)),
            item.claim,
            item.payload,
        )


def searchable(value: str) -> str:
    """Return `value` as the index reads it: ASCII is taken apart and put in lower case there."""
    return value if value.isascii() else fold(value)


def _bound(value: PartialDate, *, last: bool) -> str:
    """Return the first or last day of a partial date, in a form that sorts."""
    if len(value) == _DAY and value[4] == "-":
        return value
    return (latest(value) if last else earliest(value)).isoformat()
