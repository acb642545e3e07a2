"""The table of structures as shown, and the search index that goes with it.

Both are filled by SQLite itself from the JSON of claims: the rows are many, and binding the values
of each from Python costs more than reading them there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence

from graph.store.encoding import CODES, encode
from graph.store.sqlite.resolver import Resolver

STRUCTURE = CODES["structure"]

# ASCII serves as it is: the index takes it apart and puts it in lower case. The array of other
# names serves as it is too, its punctuation parts words, unless it holds escapes.
FILL = """
INSERT INTO structure (key, kind, level, commune, legal_entity, name, words)
SELECT key, kind, level, commune, legal_entity,
    CASE WHEN length(CAST(name AS BLOB)) > length(name) THEN fold(name) ELSE name END,
    CASE WHEN length(CAST(words AS BLOB)) > length(words) THEN fold(words) ELSE words END
FROM (SELECT 1) CROSS JOIN (
    SELECT stated.key AS key,
        stated.payload ->> 'kind' AS kind,
        stated.payload ->> 'level' AS level,
        stated.payload ->> 'commune' AS commune,
        stated.payload ->> 'legal_entity' AS legal_entity,
        stated.payload ->> 'name' AS name,
        coalesce(CASE WHEN instr(stated.payload ->> 'other_names', '\\')
            THEN (SELECT group_concat(value, ' ') FROM json_each(stated.payload, '$.other_names'))
            ELSE stated.payload ->> 'other_names' END || ' ', '')
        || CASE WHEN stated.id GLOB '*:*' THEN stated.id || ' ' ELSE '' END
        || coalesce(commune.name, '') AS words
    FROM json_each(?) AS wanted
    CROSS JOIN {table} AS stated ON stated.key = wanted.value
    LEFT JOIN territory AS commune
        ON commune.id = 'commune:' || (stated.payload ->> 'commune')
    LIMIT -1
)
"""
"""The limit within a join keeps the inner query apart, so that each value is read once."""

FILL_FROM_CLAIMS = FILL.format(table="claim")
FILL_FROM_MERGED = FILL.format(table="merged_structure")
INDEX = """
INSERT INTO search (rowid, name, words)
SELECT key, name, words FROM structure WHERE key IN (SELECT value FROM json_each(?))
"""
UNINDEX = """
INSERT INTO search (search, rowid, name, words)
SELECT 'delete', key, name, words FROM structure WHERE key IN (SELECT value FROM json_each(?))
"""
REMOVE = "DELETE FROM structure WHERE key IN (SELECT value FROM json_each(?))"
REMOVE_MERGED = "DELETE FROM merged_structure WHERE key IN (SELECT value FROM json_each(?))"
MERGED_ABOUT = """
SELECT key FROM merged_structure WHERE id IN (SELECT value FROM json_each(?))
"""
CLAIMS_ABOUT = """
SELECT claim.key FROM json_each(?) AS wanted
CROSS JOIN claim ON claim.kind = ? AND claim.id = wanted.value
"""
IN_COMMUNES = """
SELECT coalesce(claim.id, merged.id) FROM structure
LEFT JOIN claim ON claim.key = structure.key
LEFT JOIN merged_structure AS merged ON merged.key = structure.key
WHERE structure.commune IN (SELECT value FROM json_each(?))
"""


class StructureTable:
    """Writes structures, chunk by chunk."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._was_empty = self._first("SELECT count(*) = 0 FROM (SELECT 1 FROM structure LIMIT 1)")
        self._lowest = self._first("SELECT coalesce(min(key), 0) FROM merged_structure")

    def in_communes(self, codes: Sequence[str]) -> set[str]:
        """Return the ids of the structures in the communes named."""
        if not codes:
            return set()
        rows = self._connection.execute(IN_COMMUNES, (encode(codes),))
        return {ident for (ident,) in rows}

    def remove(self, rows: Sequence[int]) -> None:
        """Remove the structures that shared the text of the claims `rows`."""
        if rows and not self._was_empty:
            keys = encode(rows)
            for statement in (UNINDEX, REMOVE):
                self._connection.execute(statement, (keys,))

    def write(self, ids: Sequence[str], resolver: Resolver) -> None:
        """Write the structures of `ids` anew; those without claims go."""
        shared, asked = resolver.split(ids)
        self._remove_about(ids, asked)
        keys = [key for key, _ in shared.values()]
        merged = []
        for ident, item in resolver.from_store(asked):
            if item.claim is not None:
                keys.append(item.claim)
            else:
                self._lowest -= 1
                merged.append((self._lowest, ident, item.payload))
        self._connection.executemany("INSERT INTO merged_structure VALUES (?, ?, ?)", merged)
        self._fill(FILL_FROM_CLAIMS, keys)
        self._fill(FILL_FROM_MERGED, [key for key, _, _ in merged])

    def _fill(self, statement: str, keys: Collection[int]) -> None:
        if keys:
            text = encode(sorted(keys))
            self._connection.execute(statement, (text,))
            self._connection.execute(INDEX, (text,))

    def _remove_about(self, ids: Sequence[str], asked: Sequence[str]) -> None:
        """Remove what is shown of `ids`: merged, or sharing the text of another claim."""
        if self._was_empty:
            return
        merged = [key for (key,) in self._connection.execute(MERGED_ABOUT, (encode(ids),))]
        others = self._connection.execute(CLAIMS_ABOUT, (encode(asked), STRUCTURE))
        self.remove(merged + [key for (key,) in others])
        self._connection.execute(REMOVE_MERGED, (encode(merged),))

    def _first(self, query: str) -> int:
        return int(self._connection.execute(query).fetchone()[0])
