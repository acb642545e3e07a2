"""The sheet beside what is looked at: a structure, tie or agreement, alike on every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from explorer.services.view_tables import Row
from explorer.ui import page_answers, resources, session
from explorer.ui import tables as frames
from explorer.ui.exports.link import export_button
from explorer.ui.filters import say
from explorer.ui.opening import opened
from explorer.ui.panel import panel
from explorer.ui.sheet_tree import agreement_nodes, sheet_nodes, tie_nodes
from explorer.ui.tree import Node
from graph.messages import text
from graph.store.port import GraphStore

PANEL_HEIGHT = 776
NAME_WIDTH = 220
_TICKED = "maillage_ticked"


def sheet_beside(store: GraphStore, structure: str, shown: resources.Shown) -> list[Node]:
    """Draw the buttons of a sheet, and return the sheet itself."""
    sheet_actions(structure)
    sheet = resources.sheet(store, structure, shown, session.language())
    return sheet_nodes(sheet, session.language())


def sheet_panel(nodes: list[Node], subject: str) -> None:
    """Draw the panel that holds a sheet or a list."""
    panel(
        nodes,
        key="beside",
        subject=subject,
        language=session.language(),
        on_open=opened,
    )


def sheet_open() -> bool:
    """Tell whether the address names a sheet."""
    state = session.state()
    return bool(state.selected or state.tie or state.agreement)


def any_sheet(store: GraphStore, shown: resources.Shown) -> bool:
    """Draw the sheet that the address names; False where it names none, or none that exists."""
    state = session.state()
    if state.selected:
        nodes = sheet_beside(store, state.selected, shown)
    elif state.agreement:
        sheet_actions(None)
        sheet = page_answers.agreement(store, state.agreement, state.selection.on, state.language)
        nodes = agreement_nodes(sheet, state.language)
    elif tie := next((item for item in shown.view.ties if item.id == state.tie), None):
        sheet_actions(None)
        nodes = tie_nodes(resources.tie_sheet(store, tie, shown, state.language), state.language)
    else:
        return False
    sheet_panel(nodes, state.selected or state.agreement or state.tie or "")
    return True


def sheet_actions(structure: str | None) -> None:
    """Draw the buttons that centre the network on a structure and close its sheet."""
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
        if structure is not None:
            export_button("fiche", structure=structure)
        st.button(
            say("map.close"),
            key="close",
            type="tertiary",
            icon=":material/close:",
            on_click=session.close_sheet,
        )


def tickable(rows: Sequence[Row], key: str, widths: Mapping[str, int] | None = None) -> str | None:
    """Draw a table of structures that bears its headings; the row ticked opens its sheet.

    Parameters
    ----------
    rows : sequence of Row
        With the columns of name and id.
    key : str
        Fixed name of the table.
    widths : mapping, optional
        Widths in pixels of other columns than the name.

    Returns
    -------
    str or None
        The structure of the row that is ticked.
    """
    speaks = session.language()
    asked = {text("page.column.name", speaks): NAME_WIDTH, **(widths or {})}
    chosen = frames.show(frames.plain_frame(rows), key=key, ticked=True, widths=asked)
    ticked = None if chosen is None else str(rows[chosen][text("page.column.id", speaks)])
    follow(ticked, key)
    return ticked


def follow(link: str | None, table: str = "") -> None:
    """Open the sheet of a row just ticked in `table`; later choices elsewhere are not undone.

    `link` is the id of a structure, or what opens an agreement
    (:func:`explorer.services.sheet_model.link_to`).
    """
    key = f"{_TICKED}{table}"
    if link == st.session_state.get(key):
        return
    st.session_state[key] = link
    if link is not None:
        opened(link)
        st.rerun()
