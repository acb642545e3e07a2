"""Words of names, compared one by one: the same, sounding the same, misspelt, or different."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

SAME_SOUND = 0.97
SHORT, MEDIUM = 3, 5
MEDIUM_RATIO, LONG_RATIO = 88.0, 83.0
"""How alike two words must be (0-100) to be one word misspelt; short ones must agree."""

GENERIC_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
    adultes agees association centre centres chirurgical chirurgicale clinique departement
    docteur etablissement etablissements filiere fondation foyer france geriatrique groupe
    groupement hopital hopitaux hospitalier hospitaliere hospitaliers ile institut
    intercommunal maison medical medicale medico municipal personnes pole polyclinique prive
    privee professeur public publics readaptation reseau residence retraite sa sante sarl
    sas scm selarl service services site social sociale soins unite universitaire
    universitaires
    """,
    )
)
"""Words that many names have: they tell little."""


def with_pairs(words: Sequence[str]) -> set[str]:
    """Return the words, and each joined to the next: "bel air" may be written "belair"."""
    return {*words, *(a + b for a, b in pairwise(words))}


def pairs_at(words: Sequence[str], position: int) -> set[str]:
    """Return the word at `position` joined to its neighbours."""
    return {
        "".join(words[max(0, position - 1) : position + 1]),
        "".join(words[position : position + 2]),
    }


def nearest(word: str, pool: Iterable[str]) -> float:
    """Return how near the nearest word of `pool` is, 0 where none is."""
    return max((similarity(word, other) for other in pool), default=0.0)


@lru_cache(maxsize=1 << 17)
def similarity(word: str, other: str) -> float:
    """Return 1 for the same word, the ratio for a small slip, else 0; short words must agree."""
    if word == other:
        return 1.0
    if word.isdigit() or other.isdigit():
        return 0.0
    length = min(len(word), len(other))
    if length >= MEDIUM and _sound(word) == _sound(other):
        return SAME_SOUND
    if length <= SHORT:
        return 0.0
    ratio = fuzz.ratio(word, other, score_cutoff=MEDIUM_RATIO if length <= MEDIUM else LONG_RATIO)
    return ratio / 100.0


@lru_cache(maxsize=65536)
def _sound(word: str) -> str:
    """Return `word` without what the ear does not hear: doubled letters, h, y for i."""
    for written, heard in (("ph", "f"), ("h", ""), ("y", "i"), ("qu", "k"), ("ck", "k")):
        word = word.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", word)
