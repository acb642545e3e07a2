"""A named set of communes made on the page: typed, pasted or from a file; kept, and undone."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from explorer.cover_state import CoverState
from explorer.services.named_sets import (
    found_words,
    last_typed,
    save_set,
    unclear_words,
    undo_typed,
)
from explorer.ui import session
from explorer.ui.coverage.choosing import choose
from explorer.ui.guard import guarded
from explorer.ui.plain import plain
from graph.messages import text
from graph.store.port import GraphStore, TerritoryQuery
from loaders.territories.typed import Resolved, entries_in, entries_of, resolved

_SAID = "maillage_cover_set_said"
MOST_SAID = 12


def set_maker(store: GraphStore) -> None:
    """Draw the list, what is understood of it, and the buttons that keep it or undo it."""
    speaks = session.language()
    if said := st.session_state.pop(_SAID, None):
        st.toast(plain(said), icon=":material/check:")
    with st.expander(text("typed.title", speaks)):
        st.caption(text("typed.hint", speaks))
        name = st.text_input(text("typed.name", speaks), key="w_cover_set_name")
        typed = st.text_area(text("typed.list", speaks), key="w_cover_set_list", height=120)
        given = st.file_uploader(text("typed.file", speaks), key="w_cover_set_file")
        with guarded():
            listed = _listed(given.name, given.getvalue()) if given is not None else []
            _keep(store, name, resolved([*entries_of(typed), *listed]))
        with guarded():
            _undo(store)


def _listed(name: str, content: bytes) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="maillage-") as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        return entries_in(path)


def _keep(store: GraphStore, name: str, found: Resolved) -> None:
    speaks = session.language()
    if found.communes:
        st.caption(plain(found_words(found, speaks)))
    for item in found.unclear[:MOST_SAID]:
        st.caption(f":material/warning: {plain(unclear_words(item, speaks))}")
    if found.unclear:
        st.caption(text("typed.left_out", speaks))
    ready = bool(name.strip() and found.communes)
    if st.button(text("typed.save", speaks), key="cover_set_save", disabled=not ready):
        ref = save_set(store, name, found.communes)
        session.select(territories=frozenset({ref}))
        choose(level="set", territory=ref)
        st.session_state[_SAID] = text("typed.saved", speaks, name=name, n=len(found.communes))
        st.rerun()


def _undo(store: GraphStore) -> None:
    speaks, last = session.language(), last_typed(store)
    if last is None:
        return
    words = plain(text("typed.undo", speaks, name=last.file or last.series))
    if st.button(words, key="cover_set_undo", type="tertiary", icon=":material/undo:"):
        undone = undo_typed(store)
        left = session.state().selection.territories - {undone.ref}
        session.select(territories=left)
        if not store.territories(TerritoryQuery(levels=frozenset({"set"}))):
            choose(level=CoverState().level, territory=None)
        st.session_state[_SAID] = text("typed.undone", speaks, name=undone.name)
        st.rerun()
