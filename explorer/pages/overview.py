"""Page « Vue d’ensemble »: the network today, what changed, what to deal with, what is missing."""

from __future__ import annotations

import streamlit as st

from explorer.canvas.component import canvas
from explorer.services.agreements import dues
from explorer.services.overview import AHEAD_DAYS
from explorer.ui import overview_parts as parts
from explorer.ui import page_answers, resources, session
from explorer.ui.beside import sheet_open
from explorer.ui.compared import compared_day
from explorer.ui.drawing import picked
from explorer.ui.frame import frame, speak
from explorer.ui.guard import guarded
from explorer.ui.looking import looked_at
from explorer.ui.opening import go, opened
from explorer.ui.overview_parts import say
from explorer.ui.panel import panel
from explorer.ui.plain import plain
from explorer.ui.tree import Node
from graph.messages import text
from graph.store.port import GraphStore

_SINCE = "w_since"
_MAP_HEIGHT = 380


def show() -> None:
    """Draw the page."""
    frame(text("page.title.overview", session.language()))
    with guarded():
        _draw(resources.store())
    speak()


def _draw(store: GraphStore) -> None:
    st.header(text("page.title.overview", session.language()), anchor=False)
    shown = looked_at(store)
    if shown is None:
        return
    caption = shown.view.caption
    st.caption(plain(f"{caption.title}. {caption.date}."))
    found = page_answers.overview(store, shown)
    _first_start(register=found.missing.register)
    speaks = session.language()
    _panel(parts.figure_nodes(found.figures, speaks), "figures")
    left, right = _two()
    with left, st.container(key="drawn_overview"):
        canvas(shown.view, key="canvas_overview", height=_MAP_HEIGHT, on_pick=picked)
    with right:
        st.subheader(say("ahead", days=AHEAD_DAYS), anchor=False)
        register = page_answers.register(store, shown)
        _panel(parts.due_nodes(dues(register, AHEAD_DAYS), register, speaks), "ahead")
        st.subheader(say("missing"), anchor=False)
        unplaced = len(shown.view.unplaced)
        _panel(parts.missing_nodes(found.missing, unplaced, speaks), "missing")
        with guarded():
            _changed(store, shown)


def _two() -> list[st.delta_generator.DeltaGenerator]:
    """Return two columns; one above the other where a sheet takes the room."""
    if sheet_open():
        return [st.container(), st.container()]
    return list(st.columns([0.55, 0.45], gap="medium"))


def _first_start(*, register: bool) -> None:
    if register:
        return
    st.info(say("start_advice"), title=say("start"))
    with st.container(horizontal=True):
        st.button(say("start_load"), key="start_load", on_click=go, args=("data",))


def _changed(store: GraphStore, shown: resources.Shown) -> None:
    st.subheader(say("changed"), anchor=False)
    on = shown.answer.network.on
    since = compared_day(say("since"), _SINCE, on)
    if since >= on:
        st.info(say("since_later"))
        return
    found = page_answers.overview_changes(store, shown, since)
    official = resources.changes(store, shown.answer.network.focus, on, session.language())
    seen = parts.seen_since(official, since)
    _panel(parts.changed_nodes(found, seen, session.language()), "changed")


def _panel(nodes: list[Node], key: str) -> None:
    panel(
        nodes,
        key=f"overview_{key}",
        subject=key,
        language=session.language(),
        on_open=opened,
    )
