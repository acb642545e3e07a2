"""Coverage in words: states, what stands beside every figure, lines to read in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from explorer.services.coverage import CoverageAnswer, Proposal
from explorer.services.coverage_reading import CoverageQuestion
from explorer.wording import joined, number_in_words
from graph.analysis.coverage import CoverageRow
from graph.analysis.partnership import STATES
from graph.analysis.proximity import Travel
from graph.analysis.reach import Reach
from graph.analysis.service_areas import service_rule
from graph.analysis.travel import TravelTimes
from graph.identifiers import split_ref
from graph.messages import text
from graph.vocabulary import KINDS

_NAMED = 5
"""How many structures are named in one sentence."""


def state_word(state: str, language: str) -> str:
    """Return a state as people say it."""
    return text(f"coverage.state.{state}", language)


def people_words(count: float | None, basis: str, language: str) -> str:
    """Return a number of people with who they are; rounded, since no one is a part of a person."""
    if count is None:
        return text("coverage.people.unknown", language)
    said = number_in_words(round(count), language)
    return text(f"coverage.people.{basis}", language, n=round(count), count=said)


def place_words(ref: str, name: str | None, language: str) -> str:
    """Return a territory with its level: Créteil · Arrondissement 941."""
    level, code = split_ref(ref)
    return f"{name or code} · {text(f'level.{level}', language)} {code}"


def coverage_lines(answer: CoverageAnswer, language: str) -> Iterator[str]:
    """Yield the table for a person: territory by territory, what is known of each kind."""
    rows: dict[str, list[CoverageRow]] = {}
    for row in answer.rows:
        rows.setdefault(row.territory, []).append(row)
    for ref, found in rows.items():
        yield place_words(ref, found[0].name, language)
        for row in sorted(found, key=lambda row: KINDS.index(row.kind)):
            if row.state != "unknown":
                yield f"  {_row_line(row, answer.reached.get((row.kind, ref)), language)}"
        if silent := [row.kind for row in found if row.state == "unknown"]:
            yield f"  {text('coverage.line.unknown', language, kinds=_kinds(silent, language))}"
        yield ""


def finding(answer: CoverageAnswer, language: str) -> str:
    """Return what the table says first: how many gaps there are, and the largest."""
    known = [row for row in answer.rows if row.state != "unknown"]
    gaps = answer.gaps
    if not gaps:
        return text("coverage.page.no_gap", language)
    first = gaps[0]
    return text(
        "coverage.page.finding",
        language,
        n=len(gaps),
        known=len(known),
        kind=text(f"kind_short.{first.kind}", language),
        place=first.name or first.territory,
        people=people_words(first.population, first.basis, language),
    )


def _row_line(row: CoverageRow, reached: Reach | None, language: str) -> str:
    kind = text(f"kind_short.{row.kind}", language)
    state = state_word(row.state, language)
    parts = [text("coverage.line.kind", language, kind=kind, state=state)]
    parts += [supply_words(row, language), people_words(row.population, row.basis, language)]
    if reached is not None and reached.share_covered is not None:
        share = f"{100 * reached.share_covered:.0f}"
        parts.append(text("coverage.line.reach", language, share=share))
    return text("coverage.line.between", language).join(part for part in parts if part)


def supply_words(row: CoverageRow, language: str) -> str:
    """Return how many structures there are, by state, and how many places."""
    counts = [(state, getattr(row, state)) for state in STATES]
    shown = [
        text("coverage.line.count", language, n=count, state=state_word(state, language))
        for state, count in counts
        if count
    ]
    known = sum(count for _, count in counts)
    key = "supply" if row.supply is not None else "at_least"
    said = text(f"coverage.line.{key}", language, n=known) if known or row.supply == 0 else ""
    return f"{said} ({', '.join(shown)})" if shown else said


def caveats(answer: CoverageAnswer, language: str) -> list[str]:
    """Return what must be said beside the table."""
    question, table = answer.question, answer.table
    found = []
    if answer.times is not None and question.minutes is not None:
        found = [*timed_caveats(answer, answer.times, question.minutes, language)]
    elif question.radius_km is not None:
        found = [_estimate(question, language), _minutes(question.radius_km, language)]
    found += _about_people(answer, language)
    found += _about_registers(table.rows, language)
    listed = (
        ("unplaced", _ids(table.unplaced, "place")),
        ("doubtful", _ids(table.doubtful)),
        ("approximate", answer.approximate),
        ("unreachable", answer.unreachable),
    )
    for key, ids in listed:
        if ids:
            names = _names(answer, ids, language)
            found.append(text(f"coverage.caveat.{key}", language, n=len(ids), names=names))
    return found


def _ids(by_kind: Mapping[str, tuple[str, ...]], rule: str | None = None) -> tuple[str, ...]:
    """Return the structures of the kinds that serve by `rule` (any if None), each once."""
    kinds = (kind for kind in by_kind if rule is None or service_rule(kind) == rule)
    return tuple(sorted({ident for kind in kinds for ident in by_kind[kind]}))


def _about_people(answer: CoverageAnswer, language: str) -> list[str]:
    rows, found = answer.table.rows, []
    if answer.question.stays:
        total = number_in_words(round(sum(answer.question.stays.values())), language)
        found.append(text("coverage.caveat.stays", language, count=total))
    asked = answer.question.population
    if any(row.basis == "65" for row in rows) and asked != "65":
        found.append(text("coverage.caveat.older", language))
    silent = {row.territory for row in rows if row.population is None}
    if silent:
        found.append(text("coverage.caveat.no_people", language, n=len(silent)))
    return found


def _about_registers(rows: Iterable[CoverageRow], language: str) -> list[str]:
    listed = list(rows)
    silent = {row.kind for row in listed if row.supply is None}
    found = []
    if silent:
        found.append(text("coverage.caveat.register", language, kinds=_kinds(silent, language)))
    moving = {row.kind for row in listed if service_rule(row.kind) != "place"} - silent
    if moving:
        found.append(text("coverage.caveat.zones", language, kinds=_kinds(moving, language)))
    unstated = {row.kind for row in listed if row.unstated}
    if unstated:
        found.append(text("coverage.caveat.unstated", language, kinds=_kinds(unstated, language)))
    return found


def _estimate(question: CoverageQuestion, language: str) -> str:
    return text(f"coverage.caveat.{question.demand}", language, radius=question.radius_km)


def _minutes(radius_km: float, language: str) -> str:
    """Return about how long the radius takes by road, with the assumptions that say so."""
    travel = Travel()
    minutes = float(travel.minutes(np.array([radius_km * 1000.0]))[0])
    said = text("coverage.caveat.minutes", language, radius=radius_km, minutes=f"{minutes:.0f}")
    return f"{said} {travel.sentence(language)}"


def timed_caveats(
    answer: CoverageAnswer, times: TravelTimes, minutes: float, language: str
) -> Iterator[str]:
    """Yield what must be said of a reach in minutes: within what, measured how, from where."""
    said = number_in_words(minutes, language)
    yield text("access.within", language, minutes=said)
    yield times.sentence(language)
    yield text(f"access.from.{answer.question.demand}", language)
    codes = pd.Index(sorted(answer.read.ground.communes), dtype=object)
    if timeless := int((~times.known(codes)).sum()):
        yield text("access.timeless", language, n=timeless)


def _kinds(kinds: Iterable[str], language: str) -> str:
    ordered = sorted(set(kinds), key=KINDS.index)
    return joined([text(f"kind_short.{kind}", language) for kind in ordered], language)


def _names(answer: CoverageAnswer, ids: Iterable[str], language: str) -> str:
    known = {item.id: item.name for item in answer.read.situation.structures}
    listed = [known.get(ident) or ident for ident in ids]
    more = len(listed) - _NAMED
    shown = listed[:_NAMED]
    if more > 0:
        shown.append(text("coverage.line.more", language, n=more))
    return joined(shown, language)


def suggestion_lines(proposal: Proposal, language: str) -> Iterator[str]:
    """Yield a suggestion for a person: what is gained, then every set that does as well."""
    found = proposal.suggestion
    kind = text(f"kind_short.{found.kind}", language)
    if not found.candidates:
        yield text("coverage.suggest.none", language, kind=kind)
        return
    yield gain_words(proposal, language)
    yield text("coverage.suggest.candidates", language, n=found.candidates, kind=kind)
    if len(found.solutions) > 1:
        yield text("coverage.suggest.equal", language, n=len(found.solutions))
    for number, sites in enumerate(found.solutions, 1):
        said = [f"{proposal.names.get(site) or site} ({site})" for site in sites]
        yield f"  {number}. {joined(said, language)}"


def gain_words(proposal: Proposal, language: str) -> str:
    """Return how many people are in reach of a partner today, and would be."""
    found = proposal.suggestion
    counts = (found.people_covered_before, found.people_covered_after, found.people)
    before, after, whole = (people_words(count, proposal.basis, language) for count in counts)
    return text("coverage.suggest.gain", language, before=before, after=after, whole=whole)


def suggestion_caveats(proposal: Proposal, question: CoverageQuestion, language: str) -> list[str]:
    """Return what must be said beside a suggestion."""
    found = proposal.suggestion
    said = [_estimate(question, language)]
    if proposal.basis == "65" and question.population != "65":
        said.append(text("coverage.caveat.older", language))
    if not proposal.complete:
        said.append(
            text("coverage.caveat.register", language, kinds=_kinds([found.kind], language))
        )
    if found.truncated:
        said.append(text("coverage.caveat.truncated", language, n=len(found.solutions)))
    if found.uncounted:
        said.append(text("coverage.caveat.uncounted", language, n=len(found.uncounted)))
    return said
