"""Page « Exports »: what goes to a meeting, seen before it is downloaded."""

from __future__ import annotations

import streamlit as st

from explorer.cover_state import CoverState
from explorer.export_state import FIGURES, PACKS, PAGE
from explorer.services.choices import Choices, asked
from explorer.services.exporting import Request
from explorer.services.ordering import Asked, Own, request_of
from explorer.ui import resources, session
from explorer.ui.exports import answers, controls, own, preview, subjects
from explorer.ui.exports.say import say
from explorer.ui.exports.terminal import as_command
from explorer.ui.frame import frame, speak
from explorer.ui.guard import guarded
from explorer.ui.looking import begun
from explorer.ui.plain import plain
from explorer.wording import day_in_words
from graph.messages import text
from graph.store.port import GraphStore

_COVERAGE = frozenset({"couverture", "matrice", "portrait"})


def show() -> None:
    """Draw the page."""
    frame(text("page.title.exports", session.language()))
    with guarded():
        _draw(resources.store())
    speak()


def _draw(store: GraphStore) -> None:
    st.header(text("page.title.exports", session.language()), anchor=False)
    choices = begun(store)
    if choices is None:
        return
    day = day_in_words(session.state().selection.on, session.language())
    st.caption(plain(f"{say('intro')} {text('view.situation', session.language(), day=day)}."))
    controls.family()
    left, right = st.columns([0.34, 0.66], gap="medium")
    wanted = None
    with left, guarded():
        wanted = _choose(store, choices)
    if wanted is not None:
        with right, guarded():
            _result(store, wanted)


def _choose(store: GraphStore, choices: Choices) -> Asked | None:
    """Draw the choices; return what they ask, None where something is missing."""
    controls.what()
    form = controls.form()
    cover = _subject(store, choices)
    if cover is None:
        return None
    state = controls.chosen()
    drawn = state.drawn
    first = _asked(
        choices,
        cover,
        own.own_of(None, restricted=own.held_restricted(), persons=False, slides=False),
    )
    worded = own.title(_proposed(store, first))
    if drawn:
        controls.look(form)
        with st.expander(say("more"), icon=":material/tune:"):
            own.logo()
            if form == "pptx":
                own.template()
    elif state.what != PAGE:
        controls.data(form)
    restricted, persons = own.let_in(answers.left_out(request_of(store, first)), persons=not drawn)
    given = own.own_of(worded, restricted=restricted, persons=persons, slides=form == "pptx")
    return _asked(choices, cover, given)


def _asked(choices: Choices, cover: CoverState, given: Own) -> Asked:
    state = session.state()
    return Asked(
        selection=asked(state.selection, choices),
        state=state.export,
        cover=cover,
        own=given,
        language=session.language(),
        behind=session.settings().territories,
    )


def _subject(store: GraphStore, choices: Choices) -> CoverState | None:
    """Ask what this figure, pack or file is about; None where there is nothing to choose from."""
    what, held = controls.chosen().what, session.state().cover
    if what in PACKS:
        controls.pack(session.state().selection.on)
    elif what == "classement":
        subjects.ranking()
    elif what == "fiche":
        shown = resources.shown(
            store, asked(session.state().selection, choices), session.language()
        )
        found = subjects.partner(store, shown)
        if found is None:
            st.info(say("no_structure"))
            return None
        controls.settle(structure=found)
    elif what in _COVERAGE:
        return _covered(store, choices, what)
    return held


def _covered(store: GraphStore, choices: Choices, what: str) -> CoverState | None:
    def request(cover: CoverState) -> Request:
        given = Own(restricted=own.held_restricted())
        return request_of(store, _asked(choices, cover, given))

    if what == "couverture":
        cover = subjects.coverage(request)
        if cover is None:
            subjects.nothing_known()
        return cover
    return subjects.portrait(request) if what == "portrait" else subjects.matrix()


def _proposed(store: GraphStore, asked_for: Asked) -> str:
    """Return the title that the figure proposes; for others, that of the view."""
    request = request_of(store, asked_for)
    if asked_for.state.what in FIGURES:
        return answers.drawing(request).title
    return say("title_proposed") if asked_for.state.drawn else preview.request_title(request)


def _result(store: GraphStore, wanted: Asked) -> None:
    request, form = request_of(store, wanted), wanted.state.chosen_form
    what = wanted.state.what
    if what in FIGURES:
        preview.figure(request, form)
    elif what in PACKS:
        preview.pack(request, form)
    elif what == PAGE:
        preview.page(request)
    else:
        preview.data(request, form)
    as_command(wanted, request)
