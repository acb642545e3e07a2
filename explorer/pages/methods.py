"""Page « Méthode »: every number, how it is made, and with which settings just now."""

from __future__ import annotations

import streamlit as st

from explorer.services.choices import Choices
from explorer.services.method_words import matching, settings_in_use
from explorer.ui import resources, session
from explorer.ui.frame import frame, speak
from explorer.ui.guard import guarded
from explorer.ui.looking import begun
from explorer.ui.method_nodes import InUse, method_node, method_nodes, setting_nodes
from explorer.ui.opening import opened
from explorer.ui.panel import panel
from explorer.ui.tree import Node, el
from graph.messages import text
from graph.methods import method
from graph.store.port import GraphStore

_WORDS = "w_method"


def say(key: str, /, **params: object) -> str:
    """Return the message ``methods.<key>`` in the reader's language."""
    return text(f"methods.{key}", session.language(), **params)


def show() -> None:
    """Draw the page."""
    frame(text("page.title.methods", session.language()))
    with guarded():
        _draw(resources.store())
    speak()


def _draw(store: GraphStore) -> None:
    st.header(text("page.title.methods", session.language()), anchor=False)
    st.caption(say("intro"))
    choices = begun(store)
    if choices is None:
        return
    in_use = _in_use(store, choices)
    _asked(in_use)
    with st.expander(say("in_use"), expanded=False):
        st.caption(say("in_use_hint"))
        _panel(setting_nodes(in_use), "settings")
    words = st.text_input(
        say("words"),
        key=_WORDS,
        placeholder=say("words_placeholder"),
        icon=":material/search:",
        width=420,
    )
    found = matching(words, session.language())
    st.caption(say("count", n=len(found)))
    if not found:
        st.info(say("nothing"))
        return
    _panel(method_nodes(found, in_use, session.language()), "all")


def _in_use(store: GraphStore, choices: Choices) -> InUse:
    state = session.state()
    focus = state.selection.focus
    name = session.name_of(store, focus) if focus else ""
    return settings_in_use(store, state, choices, name, session.settings().territories)


def _asked(in_use: InUse) -> None:
    """Draw the method that the address names, first."""
    key = session.state().register.method
    found = method(key) if key else None
    if found is None:
        return
    with st.container(border=True, key="method_asked"):
        article = method_node(found, in_use, session.language())
        _panel([el("div", article, class_="methods")], "asked")


def _panel(nodes: list[Node], key: str) -> None:
    subject = session.state().register.method or ""
    panel(
        nodes,
        key=f"methods_{key}",
        subject=subject,
        language=session.language(),
        on_open=opened,
    )
