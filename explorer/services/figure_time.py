"""Agreements over time and rankings, as figures."""

from __future__ import annotations

from datetime import date, timedelta

from explorer.figures.bars import Bar, Ranking, ranking_bars
from explorer.figures.drawing import Drawing
from explorer.figures.making import About, Style
from explorer.figures.timeline import Span, Timeline, timeline_chart
from explorer.palette import mark
from explorer.services.analysis import ranked
from explorer.services.analysis_tables import order_of
from explorer.services.analysis_words import STRUCTURE, name_in, told_apart
from explorer.services.figure_question import FigureQuestion
from explorer.services.network import NetworkAnswer, network_of
from explorer.services.view import view_from
from explorer.wording import day_in_words, joined
from graph.analysis import metric, said_value
from graph.dates import PartialDate, bounds
from graph.errors import InputError, UsageError
from graph.messages import text
from graph.model import Cooperation
from graph.store.port import GraphStore

SOON_DAYS = 365


def timeline(store: GraphStore, question: FigureQuestion, style: Style) -> Drawing:
    """Return the agreements behind the ties, over time."""
    answer = network_of(store, question.selection)
    keys = {key for tie in answer.network.ties for key in tie.cooperations}
    shown = [answer.cooperations[key] for key in keys]
    if not shown:
        raise InputError("figure.no_agreement", day=question.selection.on.isoformat())
    on, language = question.selection.on, style.language
    spans = sorted((_span(item, answer, language) for item in shown), key=_begun)
    terms = [answer.network.standings[item.id].term for item in shown]
    soon = sum(term is not None and term <= on + timedelta(days=SOON_DAYS) for term in terms)
    unknown = sum(
        term is None and not item.indefinite for term, item in zip(terms, shown, strict=True)
    )
    title = style.say("timeline_title", n=len(shown))
    title += style.say("timeline_soon", n=soon) if soon else ""
    title += style.say("timeline_unknown", n=unknown) if unknown else ""
    view = view_from(store, answer, (), language)
    day = day_in_words(on, language)
    sources = style.say("separator").join(view.caption.sources)
    about = About(
        title=title,
        subtitle=" · ".join((view.caption.date, *view.caption.filters)),
        foot=(style.say("sources", sources=sources),),
        description=f"{title}. {view.caption.date}.",
        reading=(title, *(f"{span.label}, {span.status}" for span in spans)),
    )
    return timeline_chart(Timeline(tuple(spans), on, day), about, style)


def _span(item: Cooperation, answer: NetworkAnswer, language: str) -> Span:
    standing = answer.network.standings[item.id]
    begun = item.effective or item.signed
    first, start = _edges(begun)
    last, end = _edges(item.end)
    if standing.term is not None and (end is None or standing.term > end):
        last = end = standing.term
    attested = _edges(item.attested)
    return Span(
        key=item.id,
        label=_label(item, answer, language),
        # what stands in brackets is in the legend
        status=text(f"status.{standing.status}", language).split(" (")[0],
        first=first,
        start=start,
        last=last,
        end=end,
        attested=(attested[0], attested[1]) if attested[0] and attested[1] else None,
    )


def _edges(value: PartialDate | None) -> tuple[date | None, date | None]:
    """Return the earliest and the latest day of a partial date; an open side is not drawn."""
    if value is None:
        return None, None
    first, last = bounds(value)
    return (first if first > date.min else last), (last if last < date.max else first)


def _label(item: Cooperation, answer: NetworkAnswer, language: str) -> str:
    """Return the partners of an agreement, then its title."""
    inside = answer.network.focus_set if answer.network.focus else frozenset()
    parties = [p.structure for p in item.parties if p.structure not in inside]
    names = joined([name_in(answer, key) for key in dict.fromkeys(parties)], language)
    title = item.title or item.object or item.id
    return f"{names} · {title}" if names and names not in title else title


def _begun(span: Span) -> tuple[date, str, str]:
    first = span.first or (span.attested[0] if span.attested else date.max)
    return first, span.label.casefold(), span.key


def ranking(store: GraphStore, question: FigureQuestion, style: Style) -> Drawing:
    """Return the structures by a measure of the registry, the highest first."""
    if question.metric not in STRUCTURE:
        allowed = ", ".join(STRUCTURE)
        raise UsageError("unknown_value", option="metric", value=question.metric, allowed=allowed)
    answer = network_of(store, question.selection)
    if not answer.network.structures:
        raise InputError("figure.nothing", day=question.selection.on.isoformat())
    language, chosen = style.language, metric(question.metric)
    both = ranked(answer)
    values, apart = both[chosen.id, "with"].to_dict(), both[chosen.id, "without"].to_dict()
    focused = answer.network.focus is not None
    labels = told_apart({str(key): name_in(answer, key) for key in both.index})
    bars = [
        _bar(
            (str(key), labels[str(key)]),
            answer,
            chosen.id,
            (values[key], apart[key] if focused else None),
            language,
        )
        for key in order_of(both, [chosen.id], answer)
        if values[key] == values[key]
    ]
    if not bars:
        raise InputError("figure.no_value", metric=chosen.name(language))
    view = view_from(store, answer, (), language)
    first = bars[0]
    title = style.say(
        "ranking_title", metric=chosen.name(language), name=first.label, value=first.said
    )
    unit = style.say("labelled", label=chosen.name(language), value=chosen.unit_name(language))
    fixed = style.say("separator").join(chosen.parameter_texts(language))
    notes = (*chosen.caveat_texts(language), f"{fixed[:1].upper()}{fixed[1:]}.")
    about = About(
        title=title,
        subtitle=" · ".join((view.caption.date, *view.caption.filters)),
        foot=(
            style.say("sources", sources=style.say("separator").join(view.caption.sources)),
            style.say("method", formula=chosen.formula, source=chosen.source),
        ),
        description=f"{title}. {view.caption.date}.",
        reading=(title, *(f"{bar.label}, {bar.said}" for bar in bars[:10])),
    )
    apart_said = style.say("without_focus") if focused else ""
    return ranking_bars(Ranking(unit, tuple(bars), apart_said, notes=notes), about, style)


def _bar(
    named: tuple[str, str],
    answer: NetworkAnswer,
    measure: str,
    values: tuple[float, float | None],
    language: str,
) -> Bar:
    key, label = named
    structure = answer.structures.get(key)
    kind = (structure.kind if structure else None) or "unknown"
    drawn = mark(kind)
    value, apart = values
    known = apart is not None and apart == apart  # noqa: PLR0124 - NaN: not defined for it
    return Bar(
        key=key,
        label=label,
        kind=kind,
        symbol=drawn.symbol,
        colour=drawn.colour,
        value=float(value),
        said=said_value(
            measure, bool(value) if metric(measure).unit == "yes_no" else value, language
        ),
        apart=float(apart) if known and apart is not None else None,
    )
