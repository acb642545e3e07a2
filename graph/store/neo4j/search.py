"""Search by text: every word, as a prefix, whatever its accents."""

from __future__ import annotations

from typing import cast

from graph.identifiers import fold
from graph.model import Structure
from graph.store.encoding import decode_entity
from graph.store.neo4j.reader import TEXT
from graph.store.neo4j.server import Cypher
from graph.store.port import Hit

FIND = f"""
CALL db.index.fulltext.queryNodes('maillage_words', $asked) YIELD node AS n
WITH n, ' ' + coalesce(n.name_words, left(n.words, n.name_end)) AS name
WITH n, all(word IN $words WHERE name CONTAINS ' ' + word) AS named
WHERE all(word IN $words WHERE ' ' + n.words CONTAINS ' ' + word)
WITH n, named
ORDER BY NOT named, n.name_length, n.id LIMIT $limit
RETURN {TEXT.format(n="n")}
"""
"""First those whose name holds all words, the shortest name before the others.

The name comes first in the words; older stores hold its own words once more.
"""

LONGEST = 255
"""Lucene parts longer words, and takes no prefix of some thousand letters: they are compared whole
in what it finds."""


def find(cypher: Cypher, words: str, limit: int) -> list[Hit]:
    """Return the structures that hold all `words`, best first."""
    # Folded words are made of a to z and 0 to 9: nothing in them means anything to Lucene.
    asked = fold(words).split()
    if not asked or limit <= 0:
        return []
    query = " ".join(f"+{word[:LONGEST]}*" for word in asked)
    rows = cypher.rows(FIND, asked=query, words=asked, limit=limit)
    found = (cast("Structure", decode_entity("structure", *row)) for row in rows)
    return [hit(item) for item in found]


def hit(found: Structure) -> Hit:
    """Return a structure as a search shows it."""
    return Hit(
        id=found.id,
        name=found.name or found.id,
        kind=found.kind,
        commune=found.commune,
        sources=found.sources,
    )
