"""The table of structures as shown, and the search index that goes with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import cast

from graph.identifiers import fold
from graph.model import Structure, StructureClaim
from graph.store.encoding import CODES, encode
from graph.store.sqlite.bulk import Writing
from graph.store.sqlite.resolver import Resolver

Shown = StructureClaim | Structure
STRUCTURE = CODES["structure"]

TABLE = "structure (key, kind, level, commune, legal_entity, name, words)"
MERGED = "merged_structure (key, id, payload)"
COMMUNES = """
SELECT code, name FROM territory
WHERE level = 'commune' AND id IN (SELECT 'commune:' || value FROM json_each(?))
"""
INDEX = """
INSERT INTO search (rowid, name, words)
SELECT key, name, words FROM structure WHERE key IN (SELECT value FROM json_each(?))
"""
INDEX_RANGE = """
INSERT INTO search (rowid, name, words)
SELECT key, name, words FROM structure WHERE key BETWEEN ? AND ?
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
        self._places: dict[str | None, str] = {}

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

    def remove_about(self, ids: Sequence[str], resolver: Resolver) -> None:
        """Remove what is shown of `ids`: merged, or sharing the text of another claim."""
        if self._was_empty:
            return
        merged = self._merged(ids)
        spoken_of = (encode(resolver.not_in_hand(ids)), STRUCTURE)
        others = self._connection.execute(CLAIMS_ABOUT, spoken_of)
        self.remove(merged + [key for (key,) in others])
        self._connection.execute(REMOVE_MERGED, (encode(merged),))

    def _merged(self, ids: Sequence[str]) -> list[int]:
        """Return the keys of those of `ids` that are resolved from several claims."""
        if self._first("SELECT count(*) FROM merged_structure") > len(ids):
            return [key for (key,) in self._connection.execute(MERGED_ABOUT, (encode(ids),))]
        asked = {*ids}
        rows = self._connection.execute("SELECT key, id FROM merged_structure")
        return [key for key, ident in rows if ident in asked]

    def write(self, ids: Sequence[str], resolver: Resolver, rows: Writing) -> None:
        """Write the structures of `ids`, which were removed; those without claims stay away."""
        shared, asked = resolver.split(ids)
        shown = cast("list[tuple[int, Shown]]", [*shared.values()])
        merged = []
        if asked:
            rows.wait()
        for ident, item in resolver.from_store(asked):
            key = item.claim
            if key is None:
                key = self._lowest = self._lowest - 1
                merged.append((key, ident, item.payload))
            shown.append((key, cast("Shown", item.values)))
        rows.insert(MERGED, "(?, ?, ?)", [*zip(*merged, strict=True)])
        self._fill(shown, rows)

    def _fill(self, shown: list[tuple[int, Shown]], rows: Writing) -> None:
        if not shown:
            return
        shown.sort(key=itemgetter(0))
        keys, items = zip(*shown, strict=True)
        communes = [item.commune for item in items]
        places = self._named({*communes}, rows)
        columns = (
            keys,
            map(attrgetter("kind"), items),
            map(attrgetter("level"), items),
            communes,
            map(attrgetter("legal_entity"), items),
            (_folded(item.name) for item in items),
            (_words(item, places) for item in items),
        )
        rows.insert(TABLE, "(?, ?, ?, ?, ?, ?, ?)", columns)
        # Made findable: those of a first load have no gap.
        if keys[-1] - keys[0] == len(keys) - 1:
            rows.execute(INDEX_RANGE, (keys[0], keys[-1]))
        else:
            rows.execute(INDEX, (encode(keys),))

    def _named(self, communes: set[str | None], rows: Writing) -> Mapping[str | None, str]:
        """Return the folded names of communes, by code."""
        if unknown := communes - self._places.keys():
            rows.wait()
            self._places.update(dict.fromkeys(unknown, ""))
            found = self._connection.execute(COMMUNES, (encode([*unknown]),))
            self._places.update((code, fold(name or "")) for code, name in found)
        return self._places

    def _first(self, query: str) -> int:
        return int(self._connection.execute(query).fetchone()[0])


def _words(item: Shown, places: Mapping[str | None, str]) -> str:
    """Return what a structure is found by besides its name."""
    own = (*item.other_names, item.id) if ":" in item.id else item.other_names
    place = places.get(item.commune)
    words = " ".join((*own, place) if place else own)
    return words if words.isascii() else fold(words)


def _folded(text: str | None) -> str | None:
    """Return a text as the index can take it apart: ASCII serves as it is."""
    return text if text is None or text.isascii() else fold(text)
