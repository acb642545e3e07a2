"""The pages of a pack that are read: figures of the network, what moved, gaps, contents, method."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from explorer.figures.drawing import Drawing
from explorer.figures.front import front_page
from explorer.figures.making import About, Style
from explorer.figures.pages import Section, reading_page
from explorer.services.agreements import Agreement, Register, register_of, title_of
from explorer.services.coverage import CoverageAnswer
from explorer.services.coverage_words import caveats, people_words
from explorer.services.network import NetworkAnswer
from explorer.services.overview import figures_of
from explorer.viewmodel.model import ViewModel
from explorer.wording import day_in_words
from graph.amendments import as_amended
from graph.identifiers import fold
from graph.messages import text
from graph.status import Standing, standing
from graph.store.port import GraphStore

GAPS = 2
MOST_NAMED = 12
"""Agreements named under one heading; the others are counted."""


def say(key: str, style: Style, **values: object) -> str:
    """Return a text of the packs."""
    return text(f"pack.{key}", style.language, **values)


def cover_page(title: str, view: ViewModel, style: Style) -> Drawing:
    """Return the first page."""
    subtitle = " · ".join((view.caption.date, *view.caption.filters))
    about = About(title, subtitle, sources_of(view, style), title, (title, subtitle))
    return front_page(about, style)


def contents_page(entries: Sequence[tuple[str, int]], style: Style) -> Drawing:
    """Return the contents: what each page shows, and its number."""
    title = say("contents", style)
    lines = tuple(say("entry", style, name=name, page=page) for name, page in entries)
    about = About(title, "", (), title, (title,))
    return reading_page([Section(title, lines, plain=True)], about, style._replace(title=None))


def method_page(view: ViewModel, covered: CoverageAnswer | None, style: Style) -> Drawing:
    """Return how the pages are made: rules, assumptions, sources."""
    title = say("method", style)
    rules = tuple(say(f"rule_{name}", style) for name in ("ties", "dates", "inherited", "unknown"))
    sections = [Section(say("rules", style), rules)]
    if covered is not None:
        sections.append(Section(say("assumptions", style), tuple(caveats(covered, style.language))))
    sections.append(Section(say("sources", style), view.caption.sources, small=True))
    about = About(title, view.caption.date, (), title, (title, *rules))
    return reading_page(sections, about, style._replace(title=None))


def essentials_page(
    store: GraphStore,
    answer: NetworkAnswer,
    view: ViewModel,
    covered: CoverageAnswer | None,
    since: date,
    behind: Sequence[str],
    style: Style,
) -> Drawing:
    """Return three figures, what is new, renewed and lapsed since a day, and two gaps."""
    register = register_of(store, answer)
    figures = figures_of(store, answer, view, register, behind)
    counted = sum(row.standing is not None and row.standing.counted for row in register.rows)
    numbers = [
        say("partners", style, n=figures.partners),
        say("agreements", style, n=counted),
    ]
    if figures.places is not None:
        numbers.append(say("places", style, n=figures.places, all=figures.all_places))
    moved = _moves(answer, register, since)
    sections = [Section(say("three", style), tuple(numbers))]
    day = day_in_words(since, style.language)
    sections += [
        Section(say(name, style, day=day), _named(moved[name], style))
        for name in ("new", "renewed", "lapsed")
    ]
    sections.append(Section(say("two_gaps", style), tuple(_gaps(covered, style))))
    title = say("essentials", style)
    about = About(title, view.caption.date, sources_of(view, style), title, (title, *numbers))
    return reading_page(sections, about, style._replace(title=None))


def sources_of(view: ViewModel, style: Style) -> tuple[str, ...]:
    """Return the line of sources of a view."""
    listed = view.caption.sources
    return (style.say("sources", sources=style.say("separator").join(listed)),) if listed else ()


def _moves(answer: NetworkAnswer, register: Register, since: date) -> dict[str, list[Agreement]]:
    """Return the agreements that began to count, that were renewed, that ceased to count."""
    then = {item.id: item for item in as_amended(answer.cooperations.values(), since)}
    found: dict[str, list[Agreement]] = {"new": [], "renewed": [], "lapsed": []}
    for row in register.rows:
        how = _move(standing(then[row.record.id], since), row.standing)
        if how:
            found[how].append(row)
    return found


def _move(before: Standing | None, after: Standing | None) -> str | None:
    was = before is not None and before.counted
    now = after is not None and after.counted
    if was != now:
        return "new" if now else "lapsed"
    if before and after and was and before.term and after.term and after.term > before.term:
        return "renewed"
    return None


def _named(rows: Sequence[Agreement], style: Style) -> tuple[str, ...]:
    names = sorted((title_of(row.record) for row in rows), key=fold)
    more = [say("more", style, n=len(names) - MOST_NAMED)] if len(names) > MOST_NAMED else []
    return (*names[:MOST_NAMED], *more) or (say("nobody", style),)


def _gaps(covered: CoverageAnswer | None, style: Style) -> Iterable[str]:
    rows = covered.gaps[:GAPS] if covered is not None else []
    for row in rows:
        gap = text(
            "coverage.page.gap",
            style.language,
            kind=text(f"kind.{row.kind}", style.language),
            why=text(f"coverage.page.why_{row.state}", style.language),
            people=people_words(row.population, row.basis, style.language),
        )
        yield say("gap_at", style, place=row.name or row.territory, gap=gap)
    if not rows:
        yield say("no_gap", style)
