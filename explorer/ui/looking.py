"""What pages that look at a network begin with: the selection checked, the filters, the network."""

from __future__ import annotations

import streamlit as st

from explorer.selection import Selection
from explorer.services.choices import Choices, asked, checked
from explorer.services.relaxing import is_filtered, relaxations
from explorer.ui import resources, session
from explorer.ui.filters import reset, say, sidebar
from graph.store.port import GraphStore


def begun(store: GraphStore) -> Choices | None:
    """Draw filters and messages, and return what can be chosen; None where nothing is loaded."""
    choices = resources.choices(store, session.language())
    state, unknown = checked(store, session.state(), choices)
    session.keep(state)
    session.drop(unknown)
    sidebar(store, choices)
    if not choices.structures:
        _nothing_loaded()
        return None
    _say_dropped()
    return choices


def looked_at(store: GraphStore) -> resources.Shown | None:
    """Begin as :func:`begun` does; return the network asked for, None where nothing is loaded."""
    choices = begun(store)
    if choices is None:
        return None
    selection = asked(session.state().selection, choices)
    with st.spinner(say("start.view"), show_time=False):
        shown = resources.shown(store, selection, session.language())
    _relax(store, shown)
    return shown


def _nothing_loaded() -> None:
    st.info(say("empty.store_advice"), title=say("empty.store"))
    if st.button(say("empty.open_data"), key="open_data"):
        st.switch_page(st.session_state["maillage_pages"]["data"])


def _say_dropped() -> None:
    names = [say(f"parameter.{name}") for name in session.dropped()]
    if names:
        st.warning(say("link.dropped", names=", ".join(names)))
        session.forget_dropped()


def _relax(store: GraphStore, shown: resources.Shown) -> None:
    """Where no partner is left, say which filter to relax, and offer it."""
    network = shown.answer.network
    if network.partners or network.focus is None:
        return
    selection = session.state().selection
    filtered = is_filtered(selection)
    st.info(say("empty.nothing" if filtered else "empty.only"))
    found = relaxations(
        shown.answer.selection, session.today(), lambda item: _partners(store, item)
    )
    with st.container(horizontal=True):
        for item in found:
            words = say("empty.relax", n=item.partners, filter=say(f"relax.{item.name}"))
            field = {item.name: getattr(item.selection, item.name)}
            st.button(words, key=f"relax_{item.name}", on_click=session.select, kwargs=field)
        if filtered:
            st.button(say("filter.reset"), key="reset_here", on_click=reset, type="primary")
    if filtered and not found:
        st.caption(say("empty.relax_none"))


def _partners(store: GraphStore, selection: Selection) -> int:
    nodes = resources.shown(store, selection, session.language()).view.nodes
    return sum(node.role == "partner" for node in nodes)
