"""Page « Analyse »: what to act on, who signed, every measure, simulations, two days."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from explorer.services.analysis_words import name_in
from explorer.ui import resources, session
from explorer.ui.analysis.dates import dates
from explorer.ui.analysis.explain import say
from explorer.ui.analysis.matrix import matrix
from explorer.ui.analysis.now import now
from explorer.ui.analysis.ranking import ranking, whole
from explorer.ui.analysis.simulation import simulation
from explorer.ui.beside import PANEL_HEIGHT, any_sheet, sheet_open
from explorer.ui.frame import frame, speak
from explorer.ui.guard import guarded
from explorer.ui.looking import looked_at
from explorer.ui.plain import plain
from explorer.view_state import PARTS
from graph.messages import text
from graph.store.port import GraphStore

_KEY = "w_part"
SHOWN: dict[str, Callable[[GraphStore, resources.Shown], None]] = dict(
    zip(PARTS, (now, matrix, ranking, whole, simulation, dates), strict=True)
)


def show() -> None:
    """Draw the page."""
    frame(text("page.title.analysis", session.language()))
    with guarded():
        _draw(resources.store())
    speak()


def _draw(store: GraphStore) -> None:
    shown = looked_at(store)
    if shown is None:
        return
    part = _part()
    _about(shown)
    if not sheet_open():
        SHOWN[part](store, shown)
        return
    main, beside = st.columns([0.64, 0.36], gap="medium")
    with main:
        SHOWN[part](store, shown)
    with beside, st.container(height=PANEL_HEIGHT, border=True, key="sheet_box"):
        any_sheet(store, shown)


def _about(shown: resources.Shown) -> None:
    """Say whose network it is, on which day, and how far its centralities can be believed."""
    speaks = session.language()
    focus = shown.answer.network.focus
    name = name_in(shown.answer, focus) if focus else text("analyse.everyone", speaks)
    about = plain(f"{name} · {shown.view.caption.date}")
    st.caption(f"**{about}**  \n:material/visibility: {text('analyse.ego', speaks)}")


def _part() -> str:
    current = session.state().part
    if st.session_state.get(_KEY) != current:
        st.session_state[_KEY] = current
    st.segmented_control(
        say("part"),
        PARTS,
        key=_KEY,
        required=True,
        format_func=lambda part: say(f"part_{part}"),
        label_visibility="collapsed",
        on_change=lambda: session.change(part=st.session_state[_KEY]),
    )
    return current
