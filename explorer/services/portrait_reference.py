"""What a portrait is read beside: its département, its région, France, another territory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from explorer.services.coverage import CoverageAnswer, coverage_of, population_of
from explorer.services.coverage_words import place_words
from graph.analysis.coverage import CoverageRow, coverage_table
from graph.analysis.people import FIELDS, Basis, people_concerned
from graph.analysis.service_areas import Atlas
from graph.identifiers import split_ref, territory_ref
from graph.messages import text
from graph.model import Territory
from graph.store.port import GraphStore, TerritoryQuery

FRANCE = "france"
"""The whole country, which no source describes as a territory: the régions together."""

_ABOVE = ("departement", "region")


class Beside(NamedTuple):
    """A reference: the territory, and the answer in which its structures were read."""

    answer: CoverageAnswer
    ref: str

    def rows(self) -> dict[str, CoverageRow]:
        """Return the row of each kind."""
        if self.ref in self.answer.read.ground.refs:
            return {row.kind: row for row in self.answer.rows if row.territory == self.ref}
        return {row.kind: row for row in rows_of(self.answer, self.ref)}

    def name(self, language: str) -> str:
        """Return the reference as people say it."""
        if self.ref == territory_ref("set", FRANCE):
            return text("portrait.france", language)
        return place_words(self.ref, self.answer.read.ground.atlas[self.ref].name, language)


def rows_of(
    answer: CoverageAnswer,
    ref: str,
    kinds: Sequence[str] | None = None,
    activity: str | None = None,
) -> list[CoverageRow]:
    """Return the rows of a territory whose structures were read, of some kinds and an activity."""
    question = answer.question
    return coverage_table(
        answer.read.situation,
        [ref],
        question.kinds if kinds is None else kinds,
        population_of(answer.read, question),
        activity or question.activity,
    ).rows


def above(answer: CoverageAnswer, ref: str, level: str) -> str | None:
    """Return the territory of `level` around `ref` whole; None where it is one or in several."""
    atlas = answer.read.ground.atlas
    found = {parent for code in atlas.communes(ref) for parent in atlas.parents(code, level)}
    return next(iter(found)) if len(found) == 1 and found != {ref} else None


def reference_of(answer: CoverageAnswer, ref: str) -> str | None:
    """Return what a portrait is read beside where nobody chooses: département, else région."""
    return next((found for level in _ABOVE if (found := above(answer, ref, level))), None)


def references(answer: CoverageAnswer, ref: str) -> tuple[str, ...]:
    """Return what can be chosen: what holds the territory, France, and the other rows."""
    higher = [found for level in _ABOVE if (found := above(answer, ref, level))]
    others = [other for other in answer.read.ground.refs if other != ref and other not in higher]
    return (*higher, FRANCE, *others)


def beside_of(
    store: GraphStore, answer: CoverageAnswer, ref: str, against: str | None = None
) -> Beside | None:
    """Return the reference `against` of a portrait, that of :func:`reference_of` where None.

    The structures of a row of the answer, or of the département around it, were read with it; those
    of any other reference are read now.

    Raises
    ------
    UsageError
        `against` is no territory that is known.
    """
    chosen = against or reference_of(answer, ref)
    if chosen is None:
        return None
    if chosen in answer.read.ground.refs or (
        chosen == above(answer, ref, "departement") and not answer.question.drawn
    ):
        return Beside(answer, chosen)
    question = msgspec.structs.replace(answer.question, radius_km=None, drawn=(), outlines=False)
    if chosen == FRANCE:
        whole = _france(store)
        asked = msgspec.structs.replace(question, level="set", drawn=(whole,))
        return Beside(coverage_of(store, asked), whole.id)
    selection = msgspec.structs.replace(question.selection, territories=frozenset({chosen}))
    asked = msgspec.structs.replace(question, level=split_ref(chosen)[0], selection=selection)
    return Beside(coverage_of(store, asked), chosen)


def _france(store: GraphStore) -> Territory:
    """Return the régions together, with their people where all are known."""
    regions = store.territories(TerritoryQuery(levels=frozenset({"region"})))
    inhabited = [item for item in regions if item.population is not None]
    return Territory(
        id=territory_ref("set", FRANCE),
        level="set",
        code=FRANCE,
        members=tuple(item.id for item in regions),
        population=_sum(inhabited, "population"),
        population_65=_sum(inhabited, "population_65"),
        population_75=_sum(inhabited, "population_75"),
    )


def _sum(territories: Iterable[Territory], field: str) -> int | None:
    counts = [getattr(item, field) for item in territories]
    return None if not counts or None in counts else sum(counts)


def count_of(atlas: Atlas, ref: str, basis: Basis) -> float | None:
    """Return how many people of `basis` live in a territory: as published, else summed up."""
    stated = getattr(atlas[ref], FIELDS[basis])
    if stated is not None:
        return float(stated)
    communes = atlas.communes(ref)
    people = people_concerned(atlas, communes, "", basis)
    return people.living_in(communes) if people.basis == basis else None
