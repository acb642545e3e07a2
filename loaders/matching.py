"""Partner names written by hand, matched against the structures of the store.

A match is *clear*, *ambiguous* or *unknown*; only a clear one is ever used, so a name is never
guessed. A candidate's score (0-100) says how much of the written name it explains and how much of
its own name was written, rare words counting more. Spelling may differ a little (``Gallien`` for
``Galien``, ``Bel Air`` for ``Belair``); type words (hôpital, EHPAD, CMS…) are not compared as
letters but asked of the candidate's kind and category (:mod:`loaders.name_types`).

The thresholds come from evidence: ``tests/unit/loaders/test_matching.py`` matches the names of
published articles against the establishments of Île-de-France in FINESS and allows no wrong match.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from rapidfuzz import fuzz, process

from graph.identifiers import fold
from graph.model import StructureValues
from loaders.name_types import ParsedName, agrees, name_tokens, parse_name
from loaders.name_words import (
    GENERIC_WORDS,
    LONG_RATIO,
    SAME_SOUND,
    nearest,
    pairs_at,
    similarity,
    with_pairs,
)

CLEAR = 88.0
"""Score from which a match may be clear."""
LISTED = 60.0
"""Score from which a candidate is worth showing."""
MARGIN = 8.0
"""A clear match is ahead of every other candidate by this much, unless it alone is exact."""
WHOLE = 100.0
"""Score of a name written exactly, with nothing beside it that contradicts."""
KNOWN_SHARE = 0.75
"""Share of the candidate's own name that must have been written."""
KNOWN_SHARE_HERE = 0.5
"""The same where the commune stated is the candidate's."""
CERTAIN_SHARE = 0.5
"""Share of the telling words that must be spelt right, unless the commune confirms."""
PLACE_WEIGHT = 0.5
"""What a word of the commune weighs in a name, against another word."""
CANDIDATES_SHOWN = 5
UNTYPED_DISCOUNT = 0.5
"""A name without type word ("Bicêtre") says too little of a structure that has one."""
TELLING_ALONE = 2
"""So many telling words, all of them spelt right, need no type word ("Claude Gallien")."""
OTHER_TYPE_PENALTY = 30.0
OTHER_COMMUNE_PENALTY = 25.0

GENERIC_WEIGHT = 0.25
_BRACKETS = re.compile(r"\([A-Z]{2,8}\)")


class Candidate(NamedTuple):
    """A structure that a name may mean; `commune` is its code."""

    id: str
    name: str
    commune: str | None
    score: float
    closed: bool = False


class Match(NamedTuple):
    """What a name was found to mean; candidates are best first."""

    outcome: Literal["clear", "ambiguous", "unknown"]
    candidates: tuple[Candidate, ...] = ()

    @property
    def best(self) -> Candidate | None:
        """Return the structure matched, None if the match is not clear."""
        return self.candidates[0] if self.outcome == "clear" else None


class Named(NamedTuple):
    """A structure as the index knows it."""

    id: str
    values: StructureValues


class _Entry(NamedTuple):
    structure: int
    shown: str
    folded: str
    parsed: ParsedName


class _Scored(NamedTuple):
    score: float
    exact: bool
    written: float
    certain: float
    telling: bool
    structure: int
    entry: _Entry


class _Coverage(NamedTuple):
    """Shares of words that have a counterpart, and one spelt the same or sounding the same."""

    share: float
    certain: float


class _Hints(NamedTuple):
    """What stands beside a name: codes of communes, kind."""

    communes: frozenset[str] = frozenset()
    kind: str | None = None

    def penalty(self, values: StructureValues) -> float:
        """Return what a structure loses that is elsewhere or of another kind."""
        elsewhere = self.communes and values.commune and values.commune not in self.communes
        other = self.kind and values.kind and self.kind != values.kind
        return OTHER_COMMUNE_PENALTY * bool(elsewhere) + OTHER_TYPE_PENALTY * bool(other)


class NameIndex:
    """Structures by the words of their names.

    Parameters
    ----------
    structures : iterable of Named
        What can be meant.
    commune_name : callable
        Gives the name of a commune code, None if unknown.
    """

    def __init__(
        self, structures: Iterable[Named], commune_name: Callable[[str], str | None]
    ) -> None:
        self.structures = list(structures)
        self._by_id = {item.id: item.values for item in self.structures}
        self._communes = [
            frozenset(name_tokens(commune_name(item.values.commune or "") or ""))
            for item in self.structures
        ]
        self._place_words = frozenset(word for words in self._communes for word in words)
        self._entries: list[_Entry] = []
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for position, item in enumerate(self.structures):
            self._add(position, item.values)
        self._vocabulary = list(self._by_word)
        self._similar: dict[str, list[str]] = {}
        self._matches: dict[tuple[str, _Hints], Match] = {}
        self._rarest = math.log(len(self._entries) + 1) or 1.0

    def _add(self, position: int, values: StructureValues) -> None:
        names = dict.fromkeys(filter(None, (values.name, *values.other_names)))
        for name in names:
            entry = _Entry(position, values.name or name, fold(name), parse_name(name))
            for word in with_pairs(entry.parsed.words) | {" ".join(name_tokens(name))}:
                self._by_word[word].append(len(self._entries))
            self._entries.append(entry)

    def __contains__(self, structure: str) -> bool:
        return structure in self._by_id

    def values(self, structure: str) -> StructureValues | None:
        """Return what is known of the structure whose id is given."""
        return self._by_id.get(structure)

    def match(self, name: str, communes: Sequence[str] = (), kind: str | None = None) -> Match:
        """Find which structure `name` means.

        Parameters
        ----------
        name : str
            As written by hand.
        communes : sequence of str
            Codes of the communes that the one stated beside the name can be.
        kind : str, optional
            Kind stated beside the name.
        """
        hints = _Hints(frozenset(communes), kind)
        if (name, hints) not in self._matches:
            self._matches[name, hints] = self._match(name, hints)
        return self._matches[name, hints]

    def _match(self, name: str, hints: _Hints) -> Match:
        found = (item for reading in _readings(name) for item in self._scored(reading, hints))
        scored = sorted(found, key=lambda item: (-item.score, item.structure))
        listed = [item for item in _one_each(scored) if item.score >= LISTED]
        listed = self._open_first(listed)
        if not listed:
            return Match("unknown")
        chosen = self._clear(listed, hints.communes)
        candidates = [self._candidate(item) for item in listed[:CANDIDATES_SHOWN]]
        if chosen is None:
            return Match("ambiguous" if listed[0].score >= CLEAR else "unknown", tuple(candidates))
        first = self._candidate(chosen)
        rest = [item for item in candidates if item.id != first.id]
        return Match("clear", (first, *rest))

    def score(self, name: str, structure: str) -> float:
        """Return how well `name` names the structure whose id is given."""
        return max(
            (
                item.score
                for reading in _readings(name)
                for item in self._scored(reading, _Hints(), only=structure)
            ),
            default=0.0,
        )

    def _scored(self, name: str, hints: _Hints, only: str | None = None) -> Iterable[_Scored]:
        query, folded = parse_name(name), fold(name)
        if not folded:
            return
        numbers = self._near(query, name) if only is None else range(len(self._entries))
        for number in numbers:
            entry = self._entries[number]
            if only is None or self.structures[entry.structure].id == only:
                yield self._compare(query, folded, hints, entry)

    def _near(self, query: ParsedName, name: str) -> set[int]:
        """Return the entries that share enough telling words with `query`, spelt nearly the same.

        A listed candidate explains half of the name by weight, so it has one of the rarest words
        that weigh more than half together: the common ones need not be looked up.
        """
        found = set(self._by_word.get(" ".join(name_tokens(name)), ()))
        words = query.words
        near = {word: [*self._similar_words(word)] for word in words}
        rarest = sorted(set(words), key=lambda word: self._count(near[word]))
        left = sum(map(self._weight, rarest)) / 2
        for word in rarest:
            positions = [at for at, other in enumerate(words) if other == word]
            pairs = {pair for at in positions for pair in pairs_at(words, at)}
            for key in {*near[word], *(pairs & self._by_word.keys())}:
                found.update(self._by_word[key])
            # a word of a commune may be explained by the place of an entry, not by its name
            if near[word] and word not in self._place_words:
                left -= self._weight(word)
            if left < 0:
                break
        return found

    def _count(self, words: Iterable[str]) -> int:
        return sum(len(self._by_word[word]) for word in words)

    def _similar_words(self, word: str) -> list[str]:
        if word not in self._similar:
            hits = process.extract(
                word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=LONG_RATIO, limit=None
            )
            self._similar[word] = [near for near, _, _ in hits if similarity(word, near)]
        return self._similar[word]

    def _compare(self, query: ParsedName, folded: str, hints: _Hints, entry: _Entry) -> _Scored:
        values = self.structures[entry.structure].values
        place = self._communes[entry.structure]
        own = entry.parsed.words
        explained = self._coverage(query.words, (*own, *place)).share
        written = self._coverage(own, query.words, place).share
        telling = [word for word in own if word not in GENERIC_WORDS and word not in place]
        certain = self._coverage(telling, query.words).certain if telling else 0.0
        exact = folded == entry.folded or (bool(query.types) and query == entry.parsed)
        score = WHOLE if exact else min(99.0, 80.0 * explained + 20.0 * written)
        score -= hints.penalty(values)
        if not _types_agree(query, entry, values):
            score -= OTHER_TYPE_PENALTY
        said_in_full = len(telling) >= TELLING_ALONE and certain == 1.0
        if entry.parsed.types and not query.types and not said_in_full:
            written *= UNTYPED_DISCOUNT
        return _Scored(
            round(score, 1), exact, written, certain, bool(telling), entry.structure, entry
        )

    def _coverage(
        self, words: Sequence[str], others: Sequence[str], place: frozenset[str] = frozenset()
    ) -> _Coverage:
        """Return which share of `words`, by weight, has a counterpart in `others`."""
        pool = with_pairs(others)
        total = found = certain = 0.0
        for position, word in enumerate(words):
            weight = self._weight(word) * (PLACE_WEIGHT if word in place else 1.0)
            best = 1.0 if word in pool else nearest(word, pool)
            if best < 1.0 and not pairs_at(words, position).isdisjoint(others):
                best = 1.0
            total += weight
            found += weight * best
            certain += weight * (best >= SAME_SOUND)
        return _Coverage(found / total, certain / total) if total else _Coverage(0.0, 0.0)

    def _weight(self, word: str) -> float:
        if word in GENERIC_WORDS:
            return GENERIC_WEIGHT
        frequency = len(self._by_word.get(word, ())) + 1
        rarity = 1.0 - math.log(frequency) / self._rarest
        return 0.5 + 0.5 * max(0.0, rarity)

    def _clear(self, listed: Sequence[_Scored], communes: frozenset[str]) -> _Scored | None:
        best = listed[0]
        if best.score < CLEAR:
            return None
        known_commune = self._values(best).commune
        here = known_commune in communes
        if not best.exact and not self._trusted(best, here=here):
            return None
        if communes and known_commune is None and not best.telling:
            return None
        if best.exact and best.score == WHOLE:
            rivals = [item for item in listed if item.exact and item.score == WHOLE]
        else:
            rivals = [item for item in listed if item.score > best.score - MARGIN]
        return self._one_family(rivals)

    def _trusted(self, best: _Scored, *, here: bool) -> bool:
        """Tell whether a name that is not written exactly leaves no doubt."""
        if here:
            return best.telling and best.written >= KNOWN_SHARE_HERE
        return best.written >= KNOWN_SHARE and best.certain >= CERTAIN_SHARE

    def _one_family(self, rivals: Sequence[_Scored]) -> _Scored | None:
        """Choose among an entity and its own establishments; None if they are several families.

        One establishment alone stands for its legal entity of the same name. Several stand for
        the entity itself, which must be among them.
        """
        if len(rivals) == 1:
            return rivals[0]
        entities = [item for item in rivals if self._values(item).level == "EJ"]
        sites = [item for item in rivals if item not in entities]
        if len(entities) != 1:
            return None
        entity = self.structures[entities[0].structure].id
        if any(self._values(item).legal_entity != entity for item in sites):
            return None
        return sites[0] if len(sites) == 1 else entities[0]

    def _values(self, item: _Scored) -> StructureValues:
        return self.structures[item.structure].values

    def _open_first(self, listed: list[_Scored]) -> list[_Scored]:
        """Leave closed structures out where an open one is as good."""
        still_open = [item for item in listed if self._values(item).closed is None]
        if still_open and still_open[0].score >= CLEAR:
            return still_open
        return listed

    def _candidate(self, item: _Scored) -> Candidate:
        structure = self.structures[item.structure]
        return Candidate(
            structure.id,
            item.entry.shown,
            structure.values.commune,
            item.score,
            structure.values.closed is not None,
        )


def _one_each(scored: Sequence[_Scored]) -> list[_Scored]:
    """Keep the best score of each structure."""
    best: dict[int, _Scored] = {}
    for item in scored:
        best.setdefault(item.structure, item)
    return list(best.values())


def _types_agree(query: ParsedName, entry: _Entry, values: StructureValues) -> bool:
    """Tell whether the type words of the query may speak of the candidate.

    A type word that its kind contradicts is forgiven if its name has it too and another one
    agrees: "EHPAD Le Mas" is no maison d'accueil spécialisée.
    """
    verdicts = [
        (agrees(types, values.kind, values.category, named=types in entry.parsed.types), types)
        for types in query.types
    ]
    held = set(entry.parsed.types)
    if query.types and held and not held.intersection(query.types):
        verdicts = [(bool(verdict), types) for verdict, types in verdicts]
    denied = [types for verdict, types in verdicts if verdict is False]
    if not denied:
        return True
    agreed = any(verdict for verdict, _ in verdicts)
    return agreed and held.issuperset(denied)


def _readings(name: str) -> tuple[str, ...]:
    """Return `name` and, where it ends or breaks with an acronym in brackets, `name` without it."""
    return tuple(dict.fromkeys((name, _BRACKETS.sub(" ", name).strip())))
