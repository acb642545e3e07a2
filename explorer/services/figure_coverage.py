"""Coverage and pages to read as figures: map, matrix, portrait of a territory, partner sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import cast

import msgspec

from explorer.cover_state import LARGEST_KM, MEASURES, CoverState
from explorer.figures.drawing import Drawing
from explorer.figures.making import About, Style
from explorer.services.coverage import CoverageAnswer, coverage_of
from explorer.services.coverage_reading import CoverageQuestion, usual_territories
from explorer.services.coverage_words import caveats, finding, state_word
from explorer.services.figure_question import FigureQuestion
from explorer.services.network import network_of
from explorer.services.portrait import portrait_of
from explorer.services.sheet import sheet_of
from explorer.services.view import territory_names
from explorer.viewmodel.build import Words
from explorer.viewmodel.caption import filters_in_words
from explorer.wording import day_in_words, source_in_words
from graph.analysis.coverage import CoverageRow
from graph.analysis.partnership import STATES
from graph.analysis.people import Population
from graph.confidentiality import restricted
from graph.errors import InputError, UsageError
from graph.messages import text
from graph.store.port import GraphStore
from graph.vocabulary import KINDS

ESTIMATES = frozenset({"share_covered", "access"})
"""Measures of a coverage map that rest on distances."""


def coverage(store: GraphStore, question: FigureQuestion, style: Style) -> Drawing:
    """Return the coverage of a kind, territory by territory."""
    from explorer.figures.cover import CoverWords, cover_map
    from explorer.services.coverage_map import map_of

    if question.measure not in MEASURES:
        raise UsageError(
            "unknown_value", option="measure", value=question.measure, allowed=", ".join(MEASURES)
        )
    language = style.language
    kind = question.kind or _first_known(coverage_asked(store, question))
    answer = coverage_asked(store, question, frozenset({kind}))
    drawn = map_of(answer, kind, question.measure, language)
    if drawn is None:
        raise InputError("figure.no_outline")
    day = day_in_words(question.selection.on, language)
    measure = text(f"coverage.page.measure.{question.measure}", language)
    label = text(f"kind.{kind}", language)
    rows = [row for row in answer.rows if row.kind == kind]
    served = sum(row.state in {"agreed", "attested", "own"} for row in rows)
    unknown = sum(row.state == "unknown" for row in rows)
    title = (
        style.say("coverage_title", n=len(rows), served=served, kind=label)
        + (style.say("coverage_unknown", n=unknown) if unknown else "")
        if question.measure == "state"
        else style.say("measure_title", kind=label, measure=measure)
    )
    said = text("coverage.page.map_title", language, kind=label, measure=measure, day=day)
    estimated = question.measure in ESTIMATES or question.radius_km is not None
    words = CoverWords(
        measure=f"{measure[:1].upper()}{measure[1:]}",
        projection="Lambert-93" if drawn.epsg == 2154 else f"EPSG:{drawn.epsg}",  # noqa: PLR2004
        notes=tuple(caveats(answer, language)),
        estimated=estimated,
    )
    reading = (said, *(area.words for area in drawn.areas))
    about = About(
        title=title,
        subtitle=_subtitle(store, answer, style, said),
        foot=_cover_sources(store, answer, style),
        description=" ".join((title + ".", said)),
        reading=reading,
    )
    return cover_map(drawn, about, words, style)


def matrix(store: GraphStore, question: FigureQuestion, style: Style) -> Drawing:
    """Return the states of coverage, territories against kinds."""
    from explorer.figures.grid import Grid, coverage_grid, known_columns

    answer = coverage_asked(store, question)
    language = style.language
    cells = {(row.territory, row.kind): row.state for row in answer.rows}
    kinds = known_columns(cells, answer.question.kinds)
    if not kinds:
        raise InputError("figure.nothing_known")
    people = {row.territory: row.population or 0 for row in answer.rows if row.basis == "total"}
    names = {row.territory: row.name or row.territory for row in answer.rows}
    order = sorted(names, key=lambda ref: (-people.get(ref, 0), names[ref]))
    counts = {(row.territory, row.kind): _count(row) for row in answer.rows}
    words = {state: state_word(state, language) for state in (*STATES, "no_supply", "unknown")}
    grid = Grid(
        rows=tuple((ref, names[ref]) for ref in order),
        columns=tuple((kind, text(f"kind_short.{kind}", language)) for kind in kinds),
        cells=cells,
        counts=counts,
        words=words,
        notes=tuple(caveats(answer, language)),
    )
    title = finding(answer, language)
    day = day_in_words(question.selection.on, language)
    about = About(
        title=title.rstrip("."),
        subtitle=_subtitle(store, answer, style, text("view.situation", language, day=day) + "."),
        foot=_cover_sources(store, answer, style),
        description=title,
        reading=(title, style.say("matrix_reading")),
    )
    return coverage_grid(grid, about, style)


def portrait(store: GraphStore, question: FigureQuestion, style: Style) -> Drawing:
    """Return the portrait of a territory on one page."""
    answer = coverage_asked(store, question)
    refs = answer.read.ground.refs
    ref = question.territory or _best_known(answer)
    if ref not in refs:
        raise UsageError("figure.territory", value=ref, allowed=", ".join(refs))
    return portrait_in(store, answer, (ref, question.against), style)


def portrait_in(
    store: GraphStore, answer: CoverageAnswer, pair: tuple[str, str | None], style: Style
) -> Drawing:
    """Return the portrait of a territory of `answer`; `pair` is it and what it is read beside."""
    from explorer.figures.pages import reading_page
    from explorer.services.figure_portrait import portrait_sections
    from explorer.services.portrait_reference import beside_of

    language = style.language
    ref, against = pair
    beside = beside_of(store, answer, ref, against)
    found = portrait_of(answer, ref, store.sources(), language, beside)
    subtitle = text("coverage.page.portrait_on", language, day=found.date)
    if found.reference:
        other = text("coverage.page.portrait_beside", language, name=found.reference)
        subtitle = f"{subtitle}. {other}"
    people = [each.count for each in found.people]
    sections = list(portrait_sections(found, style))
    about = About(
        title=found.title,
        subtitle=subtitle,
        foot=_sources(found.sources, style),
        description=" ".join((found.title + ".", *people)),
        reading=(found.title, *people, *found.gaps),
    )
    return reading_page(sections, about, style)


def partner(store: GraphStore, question: FigureQuestion, style: Style) -> Drawing:
    """Return what is known of a structure on one page, without persons."""
    from explorer.figures.pages import Section, reading_page
    from explorer.services.figure_sheet import sections_of

    if question.structure is None:
        raise UsageError("figure.which_structure")
    answer = network_of(store, question.selection)
    sheet = sheet_of(
        store,
        question.structure,
        question.selection.on,
        style.language,
        answer.network,
        inherit=question.selection.inherit,
    )
    asked = question.selection
    hidden = frozenset() if asked.restricted else restricted(store.cooperations())
    sections = [Section(*item) for item in sections_of(sheet, hidden, style)]
    place = f"{sheet.kind_label} · {sheet.commune}" if sheet.commune else sheet.kind_label
    subtitle = " · ".join(filter(None, (place, sheet.standing_words, sheet.situation)))
    sources = dict.fromkeys(item.source for item in sheet.references)
    about = About(
        title=sheet.name,
        subtitle=subtitle,
        foot=_sources(sources, style),
        description=f"{sheet.name}. {subtitle}.",
        reading=(sheet.name, subtitle),
    )
    return reading_page(sections, about, style)


def coverage_asked(
    store: GraphStore, question: FigureQuestion, kinds: frozenset[str] = frozenset()
) -> CoverageAnswer:
    """Return the coverage of the territories behind the network, or of those chosen.

    Raises
    ------
    UsageError
        The radius cannot be used.
    InputError
        No territory of this level.
    """
    radius = question.radius_km
    if radius is None and question.measure in ESTIMATES:
        radius = CoverState().radius_km
    if radius is not None and not 0 < radius <= LARGEST_KM:
        raise UsageError("figure.radius", value=radius, most=LARGEST_KM)
    selection = question.selection
    where = selection.territories or usual_territories(store, question.behind)
    answer = coverage_of(
        store,
        CoverageQuestion(
            selection=msgspec.structs.replace(
                selection, territories=where, supply=False, kinds=kinds or selection.kinds
            ),
            level=question.level,
            population=cast("Population", question.population),
            radius_km=radius,
        ),
    )
    if not answer.rows:
        raise InputError("figure.no_rows", level=text(f"level.{question.level}"))
    return answer


def _first_known(answer: CoverageAnswer) -> str:
    """Return the first kind of which anything is known."""
    known = {row.kind for row in answer.rows if row.state != "unknown"}
    if not known:
        raise InputError("figure.nothing_known")
    return next(kind for kind in KINDS if kind in known)


def _best_known(answer: CoverageAnswer) -> str:
    """Return the territory of which most is known, the most peopled first."""
    known = Counter(row.territory for row in answer.rows if row.state != "unknown")
    people = {row.territory: row.population or 0 for row in answer.rows}
    return max(answer.read.ground.refs, key=lambda ref: (known[ref], people.get(ref, 0), ref))


def _count(row: CoverageRow) -> str:
    """Return how many structures there are; at least how many where no register says all."""
    if row.supply is not None:
        return str(row.supply)
    known = sum(getattr(row, state) for state in STATES)
    return f"≥\u00a0{known}" if known else ""


def _subtitle(store: GraphStore, answer: CoverageAnswer, style: Style, said: str) -> str:
    selection = answer.question.selection
    words = Words(style.language, {}, {}, territory_names(store, selection.territories))
    filters = filters_in_words(msgspec.structs.replace(selection, kinds=frozenset()), words)
    return " · ".join((said.rstrip("."), *filters))


def _cover_sources(store: GraphStore, answer: CoverageAnswer, style: Style) -> tuple[str, ...]:
    ground = answer.read.ground
    shown = {i for row in answer.rows for found in row.structures.values() for i in found}
    structures = answer.read.situation.structures
    used = {key for item in structures if item.id in shown for key in item.sources}
    used |= {key for ref in ground.refs for key in ground.atlas[ref].sources}
    listed = [
        source_in_words(item, item.id, style.language)
        for item in store.sources()
        if item.id in used
    ]
    return _sources(listed, style)


def _sources(listed: Iterable[str], style: Style) -> tuple[str, ...]:
    found = list(listed)
    if not found:
        return ()
    return (style.say("sources", sources=style.say("separator").join(found)),)
