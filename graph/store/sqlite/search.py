"""Search by text: every word, as a prefix, whatever its accents."""

from __future__ import annotations

import sqlite3
from typing import cast

from graph.identifiers import fold
from graph.model import Structure
from graph.store.encoding import decode_entity
from graph.store.port import Hit

FOUND = """
SELECT coalesce(merged.payload, claim.payload), name.id
FROM structure AS shown
LEFT JOIN merged_structure AS merged ON merged.key = shown.key
LEFT JOIN claim ON claim.key = shown.key
LEFT JOIN source_key AS name ON name.key = claim.source
WHERE {condition}
ORDER BY shown.key NOT IN (SELECT rowid FROM search WHERE search MATCH ?),
    length(shown.name), coalesce(claim.id, merged.id)
LIMIT ?
"""
"""First those whose name holds all words, the shortest name before the others."""

WORDS = "shown.key IN (SELECT rowid FROM search WHERE search MATCH ?)"
NUMBER = """
shown.key IN (
    SELECT rowid FROM search WHERE search MATCH ?
    UNION ALL SELECT key FROM claim WHERE kind = 0 AND id >= ? AND id < ?
    UNION ALL SELECT key FROM merged_structure WHERE id >= ? AND id < ?
)
"""
"""A word that begins with a digit can be the beginning of an identifier."""

AFTER = "\U0010ffff"
"""Sorts after whatever can follow a prefix."""


def find(connection: sqlite3.Connection, words: str, limit: int) -> list[Hit]:
    """Return the structures that hold all `words`, best first."""
    asked = fold(words).split()
    if not asked or limit <= 0:
        return []
    conditions, values = [], []
    numbers = [word for word in asked if word[0].isdigit()]
    if texts := [word for word in asked if not word[0].isdigit()]:
        conditions.append(WORDS)
        values.append(_prefixes(texts))
    for word in numbers:
        first = word.upper()
        conditions.append(NUMBER)
        values.extend([_prefixes([word]), *(first, first + AFTER) * 2])
    query = FOUND.format(condition=" AND ".join(conditions))
    named = f"{{name}} : ({_prefixes(asked)})"
    rows = connection.execute(query, (*values, named, limit))
    return [_hit(cast("Structure", decode_entity("structure", *row))) for row in rows]


def _prefixes(words: list[str]) -> str:
    return " AND ".join(f'"{word}"*' for word in words)


def _hit(found: Structure) -> Hit:
    return Hit(
        id=found.id,
        name=found.name or found.id,
        kind=found.kind,
        commune=found.commune,
        sources=found.sources,
    )
