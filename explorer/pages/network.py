"""Page « Réseau et carte »: the partners at their place, and the sheet of what is chosen."""

from __future__ import annotations

import streamlit as st

from explorer.canvas.component import Pick, canvas
from explorer.selection import Selection
from explorer.services.choices import asked, checked
from explorer.services.relaxing import is_filtered, relaxations
from explorer.ui import resources, session
from explorer.ui import tables as frames
from explorer.ui.filters import reset, say, sidebar
from explorer.ui.frame import frame
from explorer.ui.guard import guarded
from explorer.ui.lists import directory_nodes, unplaced_nodes
from explorer.ui.panel import panel
from explorer.ui.plain import plain
from explorer.ui.sheet_tree import sheet_nodes, tie_nodes
from explorer.ui.tree import Node, el
from graph.store.port import GraphStore

MAP_HEIGHT = 600
_TICKED = "maillage_ticked"
PANEL_HEIGHT = 776


def show() -> None:
    """Draw the page."""
    frame(say("title.network"))
    with guarded():
        _draw(resources.store())


def _draw(store: GraphStore) -> None:
    choices = resources.choices(store, session.language())
    state, unknown = checked(store, session.state(), choices)
    session.keep(state)
    session.drop(unknown)
    sidebar(store, choices)
    if not choices.structures:
        _nothing_loaded()
        return
    _say_dropped()
    selection = asked(state.selection, choices)
    with st.spinner(say("start.view"), show_time=False):
        shown = resources.shown(store, selection, session.language())
    _relax(store, shown)
    drawing, beside = st.columns([0.67, 0.33], gap="medium")
    with drawing:
        _drawing(shown)
    with beside, st.container(height=PANEL_HEIGHT, border=True, key="sheet_box"):
        _beside(store, shown)


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


def _drawing(shown: resources.Shown) -> None:
    on_map, in_table = st.tabs([say("map.map"), say("map.table")])
    with on_map:
        canvas(shown.view, key="canvas", height=MAP_HEIGHT, selected=_selected(), on_pick=_picked)
    with in_table:
        _tables(shown)


def _selected() -> Pick | None:
    state = session.state()
    if state.selected:
        return Pick("node", state.selected)
    return Pick("tie", state.tie) if state.tie else None


def _picked(pick: Pick) -> None:
    if pick.kind == "node":
        session.open_sheet(pick.id)
    else:
        session.change(selected=None, tie=pick.id or None)


def _beside(store: GraphStore, shown: resources.Shown) -> None:
    state = session.state()
    tie = next((item for item in shown.view.ties if item.id == state.tie), None)
    if state.selected:
        _sheet_actions(state.selected)
        sheet = resources.sheet(store, state.selected, shown, state.language)
        nodes = sheet_nodes(sheet, state.language)
    elif tie is not None:
        _sheet_actions(None)
        nodes = tie_nodes(resources.tie_sheet(store, tie, shown, state.language), state.language)
    else:
        listed = directory_nodes(shown.view, shown.answer.network)
        nodes = [el("p", say("map.hint"), class_="muted"), *listed]
    subject = state.selected or state.tie or ""
    _panel([*nodes, *_unplaced(shown, opened=not subject)], subject)


def _unplaced(shown: resources.Shown, *, opened: bool) -> list[Node]:
    return unplaced_nodes(shown.view.unplaced, session.language(), opened=opened)


def _panel(nodes: list[Node], subject: str) -> None:
    panel(
        nodes,
        key="beside",
        subject=subject,
        language=session.language(),
        on_open=session.open_sheet,
    )


def _sheet_actions(structure: str | None) -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
        if structure is not None and structure != session.state().selection.focus:
            st.button(
                say("filter.see_network"),
                key="centre",
                type="tertiary",
                icon=":material/filter_center_focus:",
                help=say("filter.see_network_help"),
                on_click=session.select,
                kwargs={"focus": structure},
            )
        st.button(
            say("map.close"),
            key="close",
            type="tertiary",
            icon=":material/close:",
            on_click=session.close_sheet,
        )


def _tables(shown: resources.Shown) -> None:
    st.caption(plain(f"{shown.view.caption.title}. {shown.view.caption.date}."))
    structures, ties = shown.structures, shown.ties
    st.markdown(f"**{say('map.structures')}** ({len(structures.rows)})")
    chosen = frames.show(structures.frame, key="structures", ticked=True)
    _follow(None if chosen is None else str(structures.rows[chosen]["id"]))
    st.caption(say("map.table_hint"))
    _download("structures", structures)
    st.markdown(f"**{say('map.ties')}** ({len(ties.rows)})")
    frames.show(ties.frame, key="ties")
    _download("ties", ties)


def _follow(structure: str | None) -> None:
    """Open the sheet of a row that was just ticked; later choices elsewhere are not undone."""
    if structure == st.session_state.get(_TICKED):
        return
    st.session_state[_TICKED] = structure
    if structure is not None:
        session.open_sheet(structure)
        st.rerun()


def _download(name: str, listed: resources.Listed) -> None:
    day = session.state().selection.on.isoformat()
    file = f"maillage-{name}-{day}.csv"
    label = say(f"map.download_{name}")
    frames.download(label, listed.rows, listed.columns, name=file, key=f"download_{name}")
