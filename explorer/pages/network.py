"""Page « Réseau et carte »: the partners at their place, and the sheet of what is chosen."""

from __future__ import annotations

import msgspec
import streamlit as st

from explorer.ui import resources, session
from explorer.ui import tables as frames
from explorer.ui.beside import PANEL_HEIGHT, any_sheet, follow, sheet_panel
from explorer.ui.chain_tree import chain_nodes, chosen_nodes
from explorer.ui.drawing import alter, controls, draw
from explorer.ui.exports.link import export_button
from explorer.ui.filters import say
from explorer.ui.frame import frame
from explorer.ui.guard import guarded
from explorer.ui.lists import directory_nodes, unplaced_nodes
from explorer.ui.looking import looked_at
from explorer.ui.plain import plain
from explorer.ui.tree import Node, el
from graph.store.port import GraphStore


def show() -> None:
    """Draw the page."""
    frame(say("title.network"))
    with guarded():
        _draw(resources.store())


def _draw(store: GraphStore) -> None:
    shown = looked_at(store)
    if shown is None:
        return
    state = session.state()
    found = resources.pictured(store, shown, state.canvas, state.compared)
    drawing, beside = st.columns([0.67, 0.33], gap="medium")
    with drawing:
        _drawing(shown, found)
    with beside, st.container(height=PANEL_HEIGHT, border=True, key="sheet_box"):
        _beside(store, shown, found)


def _drawing(shown: resources.Shown, found: resources.Pictured) -> None:
    controls()
    on_map, in_table = st.tabs([say("map.map"), say("map.table")])
    with on_map:
        draw(found)
        export_button("territoire")
    with in_table:
        _tables(shown, found)


def _beside(store: GraphStore, shown: resources.Shown, found: resources.Pictured) -> None:
    state = session.state()
    asked = state.canvas
    if any_sheet(store, msgspec.structs.replace(shown, view=found.view)):
        return
    if asked.path:
        _chain_controls(every=asked.every)
        nodes = chain_nodes(found.chains, asked.path, shown.answer, state.language)
    elif asked.chosen:
        label = say("chosen.close")
        st.button(label, key="close_chosen", type="tertiary", on_click=_choose_nothing)
        nodes = chosen_nodes(asked.chosen, found.view, shown.answer, state.language)
    else:
        listed = directory_nodes(found.sight, shown.answer.network)
        nodes = [el("p", say("map.hint"), class_="muted"), *listed]
    subject = "--".join((*asked.path, *asked.chosen))
    sheet_panel([*nodes, *_unplaced(found, opened=not subject)], subject)


def _choose_nothing() -> None:
    alter(chosen=())


def _chain_controls(*, every: bool) -> None:
    st.button(
        say("chain.close"),
        key="close_chains",
        type="tertiary",
        icon=":material/close:",
        on_click=lambda: alter(path=(), every=False),
    )
    if st.session_state.get("w_every") != every:
        st.session_state["w_every"] = every
    st.toggle(
        say("chain.every"),
        key="w_every",
        on_change=lambda: alter(every=st.session_state["w_every"]),
    )


def _unplaced(found: resources.Pictured, *, opened: bool) -> list[Node]:
    return unplaced_nodes(found.view.unplaced, session.language(), opened=opened)


def _tables(shown: resources.Shown, found: resources.Pictured) -> None:
    st.caption(plain(f"{shown.view.caption.title}. {shown.view.caption.date}."))
    structures, ties = found.structures, found.ties
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
