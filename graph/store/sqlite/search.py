"""Search by text: every word, as a prefix, whatever its accents."""

from __future__ import annotations

import sqlite3
from typing import cast

from graph.identifiers import fold
from graph.model import Structure
from graph.store.port import Hit
from graph.store.sqlite.encoding import decode_entity

FOUND = """
SELECT coalesce(shown.payload, claim.payload), name.id
FROM search
JOIN structure AS shown ON shown.key = search.rowid
LEFT JOIN claim ON claim.key = shown.claim
LEFT JOIN source_key AS name ON name.key = claim.source
WHERE search MATCH ?
ORDER BY bm25(search, 10.0, 1.0), length(shown.name), shown.id
LIMIT ?
"""
"""A word in the name counts ten times one among the other names, the id or the commune."""


def find(connection: sqlite3.Connection, words: str, limit: int) -> list[Hit]:
    """Return the structures that hold all `words`, best first."""
    query = " AND ".join(f'"{word}"*' for word in fold(words).split())
    if not query or limit <= 0:
        return []
    rows = connection.execute(FOUND, (query, limit))
    return [_hit(cast("Structure", decode_entity("structure", *row))) for row in rows]


def _hit(found: Structure) -> Hit:
    return Hit(
        id=found.id,
        name=found.name or found.id,
        kind=found.kind,
        commune=found.commune,
        sources=found.sources,
    )
