"""Page « Couverture »: who serves each territory, where nobody does, whom to sign with."""

from __future__ import annotations

import streamlit as st

from explorer.cover_state import MEASURES
from explorer.services.access_words import places_notes
from explorer.services.choices import Choices, asked
from explorer.services.coverage import CoverageAnswer
from explorer.services.coverage_words import caveats, finding
from explorer.ui import resources, session
from explorer.ui.coverage import answers, parts
from explorer.ui.coverage.access import access
from explorer.ui.coverage.answers import Asked
from explorer.ui.coverage.controls import one, question_of
from explorer.ui.coverage.holes import holes
from explorer.ui.coverage.map_nodes import map_nodes
from explorer.ui.coverage.nodes import (
    GAP,
    MOST_ROWS,
    columns_of,
    gap_nodes,
    key_nodes,
    matrix_nodes,
    shown_kinds,
)
from explorer.ui.coverage.portrait_part import portrait
from explorer.ui.coverage.remedying import open_gap, remedy
from explorer.ui.coverage.say import say
from explorer.ui.coverage.suggesting import suggestion
from explorer.ui.coverage.trial import simulation
from explorer.ui.exports.link import export_button
from explorer.ui.frame import frame, speak
from explorer.ui.guard import guarded
from explorer.ui.looking import begun
from explorer.ui.opening import opened, page_link
from explorer.ui.panel import panel
from explorer.ui.plain import plain
from explorer.wording import day_in_words, source_in_words
from graph.messages import text
from graph.store.port import GraphStore
from graph.vocabulary import LEVELS

BESIDE_HEIGHT = 620


def show() -> None:
    """Draw the page."""
    frame(text("page.title.coverage", session.language()))
    with guarded():
        _draw(resources.store())
    speak()


def _draw(store: GraphStore) -> None:
    st.header(text("page.title.coverage", session.language()), anchor=False)
    if choices := begun(store):
        _answer(store, choices)


def _answer(store: GraphStore, choices: Choices) -> None:
    question, mine = question_of(store, asked(session.state().selection, choices))
    put = Asked(store, question)
    with st.spinner(say("wait"), show_time=False):
        answer = answers.answered(put)
    kinds = shown_kinds(answer)
    if not answer.rows:
        st.info(say("no_rows"))
        return
    if not kinds:
        st.info(say("nothing_known"))
        _notes(store, answer, mine.notes)
        return
    _matrix(answer, columns_of(answer, kinds))
    drawing, beside = st.columns([0.52, 0.48], gap="medium")
    with drawing, guarded():
        _map(put, kinds)
    with beside, guarded():
        _beside(put, answer, kinds, mine.notes)
    with guarded():
        access(put, kinds, _opened)
    _notes(store, answer, mine.notes)


def _matrix(answer: CoverageAnswer, kinds: list[str]) -> None:
    speaks = session.language()
    st.markdown(f"**{plain(finding(answer, speaks))}**")
    nodes = [*matrix_nodes(answer, kinds, speaks), *key_nodes(speaks)]
    panel(nodes, key="cover_matrix", subject="", language=speaks, on_open=_opened)
    if len(answer.read.ground.refs) > MOST_ROWS:
        st.caption(say("first_rows", n=MOST_ROWS))


def _map(put: Asked, kinds: list[str]) -> None:
    speaks = session.language()
    left, right = st.columns([0.36, 0.64])
    kind = one(left, "kind", kinds, "kind")
    measure = one(right, "measure", MEASURES, "coverage.page.measure")
    drawn = answers.mapped(put, kind, measure, speaks)
    title = say(
        "map_title",
        kind=text(f"kind.{kind}", speaks),
        measure=say(f"measure.{measure}"),
        day=day_in_words(put.question.selection.on, speaks),
    )
    if drawn is None:
        st.info(say("no_map"))
        return
    nodes = map_nodes(drawn, title, speaks)
    panel(nodes, key="cover_map", subject="", language=speaks, on_open=_opened)
    if measure == "access":
        said = places_notes(answers.thirds(put, kind), speaks)
        st.caption(plain(" ".join(said)))
    export_button("couverture")


def _beside(put: Asked, answer: CoverageAnswer, kinds: list[str], notes: list[str]) -> None:
    names = ("gaps", "suggest", "simulate", "perimeters")
    gaps, proposed, trial, perimeters = st.tabs([say(name) for name in names])
    with gaps, st.container(height=BESIDE_HEIGHT, border=True):
        _gaps_or_territory(put, answer, kinds, notes)
    with proposed, guarded():
        suggestion(put, answer, kinds, _opened)
    with trial, guarded():
        simulation(put, answer, kinds)
    with perimeters, guarded():
        holes(put, answer)


def _gaps_or_territory(
    put: Asked, answer: CoverageAnswer, kinds: list[str], notes: list[str]
) -> None:
    speaks = session.language()
    chosen = session.state().cover.territory
    if chosen is not None and chosen in answer.read.ground.refs:
        nodes = [*remedy(put, answer, chosen), *portrait(put, answer, chosen, notes)]
    else:
        st.caption(say("gaps_hint"))
        nodes = gap_nodes(answer, kinds, speaks)
    panel(nodes, key="cover_beside", subject=str(chosen), language=speaks, on_open=_opened)


def _opened(ident: str) -> None:
    """Open the sheet of a territory here, of a structure or an agreement beside."""
    level, _, rest = ident.partition(":")
    if level == GAP:
        kind, _, territory = rest.partition(":")
        open_gap(territory, kind)
    elif level in LEVELS:
        open_gap(ident, None)
    else:
        opened(ident)


def _notes(store: GraphStore, answer: CoverageAnswer, more: list[str]) -> None:
    speaks = session.language()
    with st.expander(say("notes"), expanded=False):
        for sentence in (*more, *caveats(answer, speaks)):
            st.markdown(f"- {plain(sentence)}")
        st.button(
            text("methods.open", speaks),
            key="cover_methods",
            type="tertiary",
            icon=":material/menu_book:",
            on_click=opened,
            args=(page_link("methods", mesure="territory_state"),),
        )
        st.markdown(f"**{say('sources')}**")
        ground = answer.read.ground
        used = {key for item in answer.read.situation.structures for key in item.sources}
        used |= {key for ref in ground.refs for key in ground.atlas[ref].sources}
        for source in store.sources():
            if source.id in used:
                st.markdown(f"- {plain(source_in_words(source, source.id, speaks))}")
    parts.download(answer)
