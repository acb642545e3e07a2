"""The portrait of the territory opened: read beside a territory of choice, and as one page."""

from __future__ import annotations

import streamlit as st

from explorer.services.coverage import CoverageAnswer
from explorer.services.coverage_words import place_words
from explorer.services.portrait import Portrait, portrait_file
from explorer.services.portrait_page import portrait_html
from explorer.services.portrait_reference import FRANCE, references
from explorer.ui import session
from explorer.ui.coverage import answers
from explorer.ui.coverage.answers import Asked
from explorer.ui.coverage.choosing import choose
from explorer.ui.coverage.nodes import territory_nodes
from explorer.ui.coverage.portrait_nodes import portrait_nodes
from explorer.ui.coverage.remedying import open_gap
from explorer.ui.coverage.say import say
from explorer.ui.exports.link import export_button
from explorer.ui.tree import Node
from graph.messages import text


def portrait(asked: Asked, answer: CoverageAnswer, ref: str, notes: list[str]) -> list[Node]:
    """Draw the buttons and the choice of a reference; return the portrait itself.

    `notes` are sentences that stand beside its figures, such as how a polygon file was read.
    """
    speaks = session.language()
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.button(say("back"), key="cover_back", type="tertiary", on_click=_closed)
        export_button("portrait")
        place = st.empty()
    against = _reference(answer, ref)
    with st.spinner(text("portrait.wait", speaks), show_time=False):
        found = answers.portrait(asked, ref, against, speaks)
    with place:
        _download(found, ref, asked.question.selection.on.isoformat(), notes)
    title, *supply = territory_nodes(answer, ref, speaks)
    return [title, *portrait_nodes(found, speaks), *supply]


def _closed() -> None:
    open_gap(None, None)


def _reference(answer: CoverageAnswer, ref: str) -> str | None:
    """Draw the choice of a reference; None where there is nothing to choose."""
    speaks, atlas = session.language(), answer.read.ground.atlas
    offered = references(answer, ref)
    asked = session.state().cover.against
    shown = asked if asked in offered else offered[0]
    key = "w_cover_against"
    if st.session_state.get(key) != shown:
        st.session_state[key] = shown
    st.selectbox(
        text("portrait.choose", speaks),
        offered,
        key=key,
        format_func=lambda value: _named(
            value, {each: atlas.territories.get(each) for each in offered}
        ),
        help=text("portrait.choose_help", speaks),
        on_change=lambda: choose(against=st.session_state[key]),
    )
    return shown


def _named(value: str, known: dict[str, object]) -> str:
    speaks = session.language()
    if value == FRANCE:
        return text("portrait.france", speaks)
    return place_words(value, getattr(known.get(value), "name", None), speaks)


def _download(found: Portrait, ref: str, day: str, notes: list[str]) -> None:
    speaks = session.language()
    st.download_button(
        say("portrait"),
        lambda: portrait_html(found, speaks, notes),
        file_name=portrait_file(ref, day),
        mime="text/html",
        key="cover_portrait",
        on_click="ignore",
        icon=":material/description:",
    )
