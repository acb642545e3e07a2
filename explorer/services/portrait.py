"""The portrait of a territory: its people, who offers what, agreements, what lapses, the gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from explorer.services.coverage import CoverageAnswer
from explorer.services.coverage_words import (
    caveats,
    people_words,
    place_words,
    state_word,
    supply_words,
)
from explorer.services.portrait_parts import (
    PortraitActivity,
    activities,
    agreements,
    by_filiere,
    by_site,
    concerned,
    covered_by,
    lapsing,
    rounded,
)
from explorer.services.portrait_reference import Beside, count_of
from explorer.viewmodel.model import View
from explorer.wording import day_in_words, number_in_words, source_in_words
from graph.analysis.coverage import CoverageRow
from graph.analysis.people import Basis
from graph.identifiers import split_ref, territory_ref
from graph.messages import catalogue, text
from graph.model import Cooperation, SourceRecord, Territory
from graph.vocabulary import KINDS

GAPS = 3

_BASES: tuple[Basis, ...] = ("total", "65", "75")


class PortraitPeople(View, frozen=True, kw_only=True):
    """How many live there, and which share of all they are there and in the reference."""

    count: str
    share: str = ""
    reference: str = ""


class PortraitLine(View, frozen=True, kw_only=True):
    """A kind in the territory and in the reference, in words; empty where nothing is known."""

    kind: str
    state: str
    supply: str
    density: str
    reference: str
    rate: str
    reference_rate: str


class Portrait(View, frozen=True, kw_only=True):
    """A territory on a day, ready to be read on one page."""

    title: str
    date: str
    reference: str | None
    people: tuple[PortraitPeople, ...]
    figures: tuple[str, ...]
    lines: tuple[PortraitLine, ...]
    activities: tuple[PortraitActivity, ...]
    covered_by: tuple[str, ...]
    agreements: tuple[str, ...]
    by_filiere: tuple[str, ...]
    by_site: tuple[str, ...]
    lapsing: tuple[str, ...]
    gaps: tuple[str, ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]


def portrait_of(
    answer: CoverageAnswer,
    ref: str,
    sources: list[SourceRecord],
    language: str,
    beside: Beside | None = None,
) -> Portrait:
    """Return the portrait of the territory `ref`, one of the rows of `answer`.

    Parameters
    ----------
    answer : CoverageAnswer
        The answer to a question of which `ref` is a row.
    ref : str
        A reference.
    sources : list of SourceRecord
        Those of the store: the ones that are used are named.
    language : str
        Of the reader.
    beside : Beside, optional
        What it is read beside (:func:`explorer.services.portrait_reference.beside_of`).
    """
    atlas = answer.read.ground.atlas
    every = [row for row in answer.rows if row.territory == ref]
    rows = sorted(
        (row for row in every if row.state != "unknown"), key=lambda row: KINDS.index(row.kind)
    )
    other = beside.rows() if beside else {}
    signed = concerned(answer, rows)
    used = _used_sources(answer, ref, rows, signed)
    used |= set(beside.answer.read.ground.atlas[beside.ref].sources) if beside else set()
    return Portrait(
        title=place_words(ref, atlas[ref].name, language),
        date=day_in_words(answer.question.selection.on, language),
        reference=beside.name(language) if beside else None,
        people=tuple(_people(answer, ref, beside, language)),
        figures=tuple(figure_words(atlas[ref], language)),
        lines=tuple(_line(row, other.get(row.kind), language) for row in rows),
        activities=tuple(activities(answer, ref, rows, beside, language)),
        covered_by=tuple(covered_by(answer, ref, every, language)),
        agreements=tuple(agreements(answer, signed, language)),
        by_filiere=tuple(by_filiere(signed, language)),
        by_site=tuple(by_site(answer, signed, language)),
        lapsing=tuple(lapsing(answer, signed, language)),
        gaps=tuple(_gaps(answer, ref, language)),
        notes=tuple(caveats(answer, language)),
        sources=tuple(
            source_in_words(item, item.id, language) for item in sources if item.id in used
        ),
    )


def figure_words(territory: Territory, language: str) -> Iterator[str]:
    """Yield the latest of each indicator published on a territory (APL), with its period."""
    latest = {fact.topic: fact for fact in sorted(territory.figures, key=lambda f: f.date or "")}
    for fact in latest.values():
        if isinstance(fact.value, int | float):
            yield text(
                "coverage.page.figure",
                language,
                topic=catalogue(language).get(f"topic.{fact.topic}", fact.topic),
                value=number_in_words(fact.value, language),
                unit=fact.unit or "",
                date=fact.date or text("word.unknown", language),
            )


def _people(
    answer: CoverageAnswer, ref: str, beside: Beside | None, language: str
) -> Iterator[PortraitPeople]:
    """Yield everybody, then those of an age, with their share there and in the reference."""
    atlas = answer.read.ground.atlas
    everybody = count_of(atlas, ref, "total")
    for basis in _BASES:
        count = count_of(atlas, ref, basis)
        if basis == "total":
            yield PortraitPeople(count=people_words(count, basis, language))
        elif count is not None:
            yield PortraitPeople(
                count=people_words(count, basis, language),
                share=_share_of(count, everybody, language),
                reference=_reference_share(beside, basis, language),
            )


def _reference_share(beside: Beside | None, basis: Basis, language: str) -> str:
    if beside is None:
        return ""
    atlas = beside.answer.read.ground.atlas
    whole = count_of(atlas, beside.ref, "total")
    return _share_of(count_of(atlas, beside.ref, basis), whole, language)


def _share_of(part: float | None, whole: float | None, language: str) -> str:
    if part is None or not whole:
        return ""
    said = number_in_words(round(100 * part / whole, 1), language)
    return text("coverage.page.percent", language, value=said)


def _line(row: CoverageRow, beside: CoverageRow | None, language: str) -> PortraitLine:
    return PortraitLine(
        kind=text(f"kind.{row.kind}", language),
        state=state_word(row.state, language),
        supply=supply_words(row, language),
        density=rounded(row.places_per_1000, language),
        reference=rounded(beside.places_per_1000 if beside else None, language),
        rate=_share(row.partnership_rate, language),
        reference_rate=_share(beside.partnership_rate if beside else None, language),
    )


def _share(value: float | None, language: str) -> str:
    if value is None:
        return ""
    return text("coverage.page.percent", language, value=f"{100 * value:.0f}")


def _gaps(answer: CoverageAnswer, ref: str, language: str) -> Iterator[str]:
    for row in [row for row in answer.gaps if row.territory == ref][:GAPS]:
        yield text(
            "coverage.page.gap",
            language,
            kind=text(f"kind.{row.kind}", language),
            why=text(f"coverage.page.why_{row.state}", language),
            people=people_words(row.population, row.basis, language),
        )


def _used_sources(
    answer: CoverageAnswer, ref: str, rows: Sequence[CoverageRow], signed: Sequence[Cooperation]
) -> set[str]:
    ids = {ident for row in rows for found in row.structures.values() for ident in found}
    used = {key for s in answer.read.situation.structures if s.id in ids for key in s.sources}
    atlas = answer.read.ground.atlas
    # what no source states of a territory is the sum of its communes
    places = [ref, *(territory_ref("commune", code) for code in atlas.communes(ref))]
    used |= {key for place in places if place in atlas.territories for key in atlas[place].sources}
    return used | {key for item in signed for key in item.sources}


def portrait_file(ref: str, day: str) -> str:
    """Return the name of the file of a portrait."""
    level, code = split_ref(ref)
    return f"maillage-portrait-{level}-{code}-{day}.html"
