"""Page « Données »: what is loaded, from where, how old; loading, its report, and undoing it."""

from __future__ import annotations

import streamlit as st

from explorer.services.holdings import (
    LOAD_COLUMNS,
    Undoable,
    load_rows,
    source_rows,
    undoable,
)
from explorer.ui import resources, session
from explorer.ui.changed import changed
from explorer.ui.filters import language_switch, say
from explorer.ui.frame import frame, speak
from explorer.ui.guard import guarded
from explorer.ui.lists import source_nodes
from explorer.ui.panel import panel
from explorer.ui.plain import plain
from explorer.ui.reports import rejections
from explorer.ui.saved import saved_views
from explorer.ui.tables import table
from explorer.ui.upload import upload
from explorer.wording import number_in_words
from graph.messages import text
from graph.store.port import GraphStore

_UNDONE = "maillage_undone"
_ASKED = "maillage_undo_asked"


def show() -> None:
    """Draw the page."""
    frame(say("title.data"))
    st.header(say("title.data"), anchor=False)
    with st.sidebar:
        saved_views()
        language_switch()
    with guarded():
        _draw(resources.store())
    speak()


def _draw(store: GraphStore) -> None:
    st.caption(say("data.intro"))
    _figures(store)
    names = [say("data.sources"), say("data.load"), say("data.history")]
    sources, load, history, changes = st.tabs([*names, text("changes.tab", session.language())])
    with sources, guarded():
        _sources(store)
    with load, guarded():
        upload(store)
    with history, guarded():
        _history(store)
    with changes, guarded():
        changed(store)


def _figures(store: GraphStore) -> None:
    held = store.status()
    figures = (
        ("structures", sum(held.structures.values())),
        ("cooperations", held.cooperations),
        ("memberships", held.memberships),
        ("territories", sum(held.territories.values())),
    )
    for column, (name, count) in zip(st.columns(len(figures)), figures, strict=True):
        figure = number_in_words(count, session.language())
        column.metric(say(f"data.{name}"), figure, border=True)


def _sources(store: GraphStore) -> None:
    rows = source_rows(store, session.today(), session.language())
    if not rows:
        st.info(say("data.no_source"))
        return
    st.caption(say("data.sources_hint"))
    panel(
        source_nodes(rows, session.language()),
        key="sources",
        subject="",
        language=session.language(),
    )
    st.caption(plain(say("data.store", url=store.url)))


def _history(store: GraphStore) -> None:
    loads = store.loads()
    if not loads:
        st.info(say("data.no_load"))
        return
    if undone := st.session_state.pop(_UNDONE, None):
        st.success(undone)
    st.caption(say("data.history_hint"))
    chosen = table(load_rows(loads, session.language()), LOAD_COLUMNS, key="loads", ticked=True)
    if chosen is not None:
        rejections(loads[chosen].report, key=f"load_{loads[chosen].id}")
    _undo(store, undoable(loads, session.language()), key=f"w_undo_{loads[0].id}")


def _undo(store: GraphStore, choices: list[Undoable], key: str) -> None:
    """Offer to undo a last load; nothing happens before a second agreement."""
    by_id = {item.loader: item for item in choices}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            say("undo.choose"),
            list(by_id),
            key=key,
            format_func=lambda loader: by_id[loader].title,
            width=420,
        )
        if st.button(say("undo.button"), key="undo", disabled=chosen is None):
            st.session_state[_ASKED] = chosen
    if (asked := st.session_state.get(_ASKED)) in by_id:
        _ask(store, by_id[asked])


def _ask(store: GraphStore, what: Undoable) -> None:
    with st.container(border=True, key="undo_box"):
        st.markdown(f"**{plain(say('undo.what', source=what.title, day=what.loaded_at))}**")
        st.write(say("undo.question"))
        if what.idle:
            st.write(say("undo.idle", n=what.idle))
        with st.container(horizontal=True):
            agreed = st.button(say("undo.confirm"), key="undo_yes", type="primary")
            refused = st.button(say("undo.keep"), key="undo_no")
    if agreed or refused:
        st.session_state.pop(_ASKED, None)
        if agreed:
            outcome = store.undo(what.loader)
            done = {name: getattr(outcome, name) for name in ("added", "updated", "removed")}
            st.session_state[_UNDONE] = say("undo.done", **done)
        st.rerun()
