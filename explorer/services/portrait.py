"""The portrait of a territory: its people, who offers what, agreements, what lapses, the gaps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from explorer.services.coverage import CoverageAnswer, population_of
from explorer.services.coverage_words import (
    caveats,
    people_words,
    place_words,
    state_word,
    supply_words,
)
from explorer.viewmodel.model import View
from explorer.wording import day_in_words, joined, number_in_words, source_in_words
from graph.analysis.coverage import CoverageRow, coverage_table
from graph.analysis.partnership import PARTNER_STATES
from graph.analysis.service_areas import service_rule
from graph.identifiers import split_ref
from graph.messages import catalogue, text
from graph.model import Cooperation, SourceRecord, Territory
from graph.vocabulary import KINDS

LAPSE_DAYS = 365
GAPS = 3

_BASES = (
    ("total", "population"),
    ("65", "population_65"),
    ("75", "population_75"),
)


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
    people: tuple[str, ...]
    figures: tuple[str, ...]
    lines: tuple[PortraitLine, ...]
    covered_by: tuple[str, ...]
    agreements: tuple[str, ...]
    lapsing: tuple[str, ...]
    gaps: tuple[str, ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]


def portrait_of(
    answer: CoverageAnswer, ref: str, sources: list[SourceRecord], language: str
) -> Portrait:
    """Return the portrait of the territory `ref`, one of the rows of `answer`.

    The reference is its département, whose structures were all read; None where it is in several.
    """
    atlas = answer.read.ground.atlas
    territory, on = atlas[ref], answer.question.selection.on
    rows = sorted(
        (row for row in answer.rows if row.territory == ref and row.state != "unknown"),
        key=lambda row: KINDS.index(row.kind),
    )
    reference = reference_of(answer, ref)
    beside = _reference_rows(answer, reference) if reference else {}
    used = _used_sources(answer, ref, rows)
    return Portrait(
        title=place_words(ref, territory.name, language),
        date=day_in_words(on, language),
        reference=place_words(reference, atlas[reference].name, language) if reference else None,
        people=tuple(_people(territory, language)),
        figures=tuple(figure_words(territory, language)),
        lines=tuple(_line(row, beside.get(row.kind), language) for row in rows),
        covered_by=tuple(_covered_by(answer, rows, language)),
        agreements=tuple(_agreements(answer, rows, language)),
        lapsing=tuple(_lapsing(answer, rows, language)),
        gaps=tuple(_gaps(answer, ref, language)),
        notes=tuple(caveats(answer, language)),
        sources=tuple(
            source_in_words(item, item.id, language) for item in sources if item.id in used
        ),
    )


def reference_of(answer: CoverageAnswer, ref: str) -> str | None:
    """Return the département of a territory, None where there are several or it is one."""
    atlas = answer.read.ground.atlas
    found = {
        parent for code in atlas.communes(ref) for parent in atlas.parents(code, "departement")
    }
    known = found & atlas.territories.keys() - {ref}
    return next(iter(known)) if len(found) == 1 and known else None


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


def _reference_rows(answer: CoverageAnswer, reference: str) -> dict[str, CoverageRow]:
    question = answer.question
    table = coverage_table(
        answer.read.situation,
        [reference],
        question.kinds,
        population_of(answer.read, question),
        question.activity,
    )
    return {row.kind: row for row in table.rows}


def _people(territory: Territory, language: str) -> Iterator[str]:
    for basis, field in _BASES:
        count = getattr(territory, field)
        if count is not None or basis == "total":
            yield people_words(count, basis, language)


def _line(row: CoverageRow, beside: CoverageRow | None, language: str) -> PortraitLine:
    return PortraitLine(
        kind=text(f"kind.{row.kind}", language),
        state=state_word(row.state, language),
        supply=supply_words(row, language),
        density=_number(row.places_per_1000, language),
        reference=_number(beside.places_per_1000 if beside else None, language),
        rate=_share(row.partnership_rate, language),
        reference_rate=_share(beside.partnership_rate if beside else None, language),
    )


def _number(value: float | None, language: str) -> str:
    return "" if value is None else number_in_words(round(value, 1), language)


def _share(value: float | None, language: str) -> str:
    if value is None:
        return ""
    return text("coverage.page.percent", language, value=f"{100 * value:.0f}")


def _covered_by(answer: CoverageAnswer, rows: list[CoverageRow], language: str) -> Iterator[str]:
    """Yield who covers the territory by a zone or perimeter: CPTS, DAC, SAS, HAD."""
    names = {item.id: item.name or item.id for item in answer.read.situation.structures}
    for row in rows:
        if service_rule(row.kind) == "place":
            continue
        ids = [ident for found in row.structures.values() for ident in found]
        if ids:
            listed = joined(sorted(names[ident] for ident in ids), language)
            kind = text(f"kind_short.{row.kind}", language)
            yield text("coverage.line.kind", language, kind=kind, state=listed)


def _concerned(answer: CoverageAnswer, rows: list[CoverageRow]) -> list[Cooperation]:
    """Return the agreements with the partners that serve the territory, by title."""
    network = answer.read.network.network
    keys = {
        key
        for row in rows
        for state in PARTNER_STATES
        for ident in row.structures[state]
        if ident in network.partners
        for key in network.partners[ident].cooperations
    }
    found = [answer.read.network.cooperations[key] for key in keys]
    return sorted(found, key=lambda item: ((item.title or item.id).casefold(), item.id))


def _agreements(answer: CoverageAnswer, rows: list[CoverageRow], language: str) -> Iterator[str]:
    """Yield each agreement with its filière or themes, its sites and its status."""
    names = {key: item.name or key for key, item in answer.read.network.structures.items()}
    standings = answer.read.network.network.standings
    for item in _concerned(answer, rows):
        sites = [names.get(site, site) for site in item.sites]
        parts = [
            item.filiere or joined(list(item.themes), language),
            joined(sites, language) if sites else "",
            text(f"status.{standings[item.id].status}", language),
        ]
        details = " ; ".join(part for part in parts if part)
        yield text(
            "coverage.page.agreement", language, title=item.title or item.id, details=details
        )


def _lapsing(answer: CoverageAnswer, rows: list[CoverageRow], language: str) -> Iterator[str]:
    """Yield the agreements that end within a year, the first to end at the head."""
    standings = answer.read.network.network.standings
    limit = answer.question.selection.on + timedelta(days=LAPSE_DAYS)
    ending = [
        (term, item)
        for item in _concerned(answer, rows)
        if (term := standings[item.id].term) is not None and term <= limit
    ]
    for term, item in sorted(ending, key=lambda pair: (pair[0], pair[1].id)):
        day = day_in_words(term, language)
        yield text("coverage.page.lapse", language, title=item.title or item.id, day=day)


def _gaps(answer: CoverageAnswer, ref: str, language: str) -> Iterator[str]:
    for row in [row for row in answer.gaps if row.territory == ref][:GAPS]:
        yield text(
            "coverage.page.gap",
            language,
            kind=text(f"kind.{row.kind}", language),
            why=text(f"coverage.page.why_{row.state}", language),
            people=people_words(row.population, row.basis, language),
        )


def _used_sources(answer: CoverageAnswer, ref: str, rows: list[CoverageRow]) -> set[str]:
    ids = {ident for row in rows for found in row.structures.values() for ident in found}
    used = {key for s in answer.read.situation.structures if s.id in ids for key in s.sources}
    used |= set(answer.read.ground.atlas[ref].sources)
    return used | {key for item in _concerned(answer, rows) for key in item.sources}


def portrait_file(ref: str, day: str) -> str:
    """Return the name of the file of a portrait."""
    level, code = split_ref(ref)
    return f"maillage-portrait-{level}-{code}-{day}.html"
