"""A polygon file of one's own as the territories of the page: read here and kept nowhere."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import streamlit as st

from explorer.services.own_polygons import OwnTerritories, own_notes, own_territories
from explorer.ui import session
from explorer.ui.guard import guarded
from explorer.ui.plain import plain
from graph.messages import text
from graph.store.port import GraphStore
from loaders.territories.own import EXTENSIONS

_KEPT = "maillage_cover_polygons"


def own_polygons(store: GraphStore) -> OwnTerritories | None:
    """Draw the choice of a file; return its polygons as territories, None where there are none."""
    speaks = session.language()
    found: OwnTerritories | None = None
    with st.expander(text("own.title", speaks)):
        st.caption(text("own.hint", speaks))
        given = st.file_uploader(
            text("own.file", speaks), type=[each[1:] for each in EXTENSIONS], key="w_cover_polygons"
        )
        if given is None:
            st.session_state.pop(_KEPT, None)
            return None
        crs = st.text_input(
            text("own.crs", speaks), key="w_cover_crs", placeholder=text("own.crs_none", speaks)
        )
        with guarded():
            found = _read(store, given, None, crs.strip() or None)
            column = _column(found)
            if column is not None:
                found = _read(store, given, column, crs.strip() or None)
            for sentence in own_notes(found, speaks):
                st.caption(plain(sentence))
    return found


def _column(found: OwnTerritories) -> str | None:
    """Draw the choice of the column of names; None where the guess is to stand."""
    speaks, columns = session.language(), list(found.read.columns)
    if len(columns) < 2:  # noqa: PLR2004 - nothing to choose among
        return None
    at = columns.index(found.read.column) if found.read.column in columns else None
    chosen: str | None = st.selectbox(
        text("own.name_column", speaks), columns, index=at, key="w_cover_name_column"
    )
    return None if chosen == found.read.column else chosen


def _read(store: GraphStore, given: Any, name: str | None, crs: str | None) -> OwnTerritories:  # noqa: ANN401 - Streamlit's uploaded file
    """Return what a file holds, read once a way; its bytes are on disk only meanwhile."""
    key = (given.file_id, name, crs, store.url, store.revision())
    kept: dict[object, OwnTerritories] = st.session_state.setdefault(_KEPT, {})
    if key not in kept:
        with tempfile.TemporaryDirectory(prefix="maillage-") as folder:
            path = Path(folder) / Path(given.name).name
            path.write_bytes(given.getvalue())
            kept[key] = own_territories(store, path, name, crs)
    return kept[key]
