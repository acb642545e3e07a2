"""Page « Réseau et carte »: the partners at their place, and the sheet of what is chosen."""

from __future__ import annotations

import streamlit as st

from explorer.canvas.component import Pick, canvas
from explorer.ui import resources, session
from explorer.ui import tables as frames
from explorer.ui.beside import PANEL_HEIGHT, any_sheet, follow, sheet_panel
from explorer.ui.exports.link import export_button
from explorer.ui.filters import say
from explorer.ui.frame import frame
from explorer.ui.guard import guarded
from explorer.ui.lists import directory_nodes, unplaced_nodes
from explorer.ui.looking import looked_at
from explorer.ui.plain import plain
from explorer.ui.tree import Node, el
from graph.store.port import GraphStore

MAP_HEIGHT = 600


def show() -> None:
    """Draw the page."""
    frame(say("title.network"))
    with guarded():
        _draw(resources.store())


def _draw(store: GraphStore) -> None:
    shown = looked_at(store)
    if shown is None:
        return
    drawing, beside = st.columns([0.67, 0.33], gap="medium")
    with drawing:
        _drawing(shown)
    with beside, st.container(height=PANEL_HEIGHT, border=True, key="sheet_box"):
        _beside(store, shown)


def _drawing(shown: resources.Shown) -> None:
    on_map, in_table = st.tabs([say("map.map"), say("map.table")])
    with on_map:
        canvas(shown.view, key="canvas", height=MAP_HEIGHT, selected=_selected(), on_pick=picked)
        export_button("territoire")
    with in_table:
        _tables(shown)


def _selected() -> Pick | None:
    state = session.state()
    if state.selected:
        return Pick("node", state.selected)
    return Pick("tie", state.tie) if state.tie else None


def picked(pick: Pick) -> None:
    """Open the sheet of what was picked on a drawing."""
    if pick.kind == "node":
        session.open_sheet(pick.id)
    else:
        session.change(selected=None, tie=pick.id or None, agreement=None)


def _beside(store: GraphStore, shown: resources.Shown) -> None:
    if any_sheet(store, shown):
        return
    listed = directory_nodes(shown.view, shown.answer.network)
    nodes = [el("p", say("map.hint"), class_="muted"), *listed]
    sheet_panel([*nodes, *_unplaced(shown)], "")


def _unplaced(shown: resources.Shown) -> list[Node]:
    return unplaced_nodes(shown.view.unplaced, session.language(), opened=True)


def _tables(shown: resources.Shown) -> None:
    st.caption(plain(f"{shown.view.caption.title}. {shown.view.caption.date}."))
    structures, ties = shown.structures, shown.ties
    st.markdown(f"**{say('map.structures')}** ({len(structures.rows)})")
    chosen = frames.show(structures.frame, key="structures", ticked=True)
    follow(None if chosen is None else str(structures.rows[chosen]["id"]))
    st.caption(say("map.table_hint"))
    _download("structures", structures)
    st.markdown(f"**{say('map.ties')}** ({len(ties.rows)})")
    frames.show(ties.frame, key="ties")
    _download("ties", ties)


def _download(name: str, listed: resources.Listed) -> None:
    day = session.state().selection.on.isoformat()
    file = f"maillage-{name}-{day}.csv"
    label = say(f"map.download_{name}")
    frames.download(label, listed.rows, listed.columns, name=file, key=f"download_{name}")
