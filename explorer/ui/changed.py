"""Panel « Ce qui a changé »: partners no longer the same, and the agreements to look at."""

from __future__ import annotations

import streamlit as st

from explorer.services.change_words import CHANGE_COLUMNS, change_rows
from explorer.ui import resources, session
from explorer.ui.tables import download, wrapped
from graph.messages import text
from graph.store.port import GraphStore, StructureQuery


def changed(store: GraphStore) -> None:
    """Draw the panel for the centre that is looked at."""
    speaks = session.language()
    selection = session.state().selection
    focus = selection.focus
    # A link, or an undone load, may name a centre that the store does not know.
    known = focus is None or bool(store.structures(StructureQuery(ids=frozenset({focus}))))
    found = resources.changes(store, focus, selection.on, speaks) if known else []
    if not found:
        st.info(text("changes.none", speaks))
        return
    st.caption(text("changes.panel_hint", speaks))
    rows = change_rows(found, speaks)
    ids = [{**row, "id": item.id} for row, item in zip(rows, found, strict=True)]
    wrapped(ids, CHANGE_COLUMNS, key="what_changed", opens={"structure": "id"})
    download(
        text("changes.csv", speaks), rows, CHANGE_COLUMNS, name="changements.csv", key="changes_csv"
    )
