"""Views kept under a name: opened, kept and removed from beside the filters."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explorer.services.saved_views import (
    LONGEST_NAME,
    SavedView,
    list_views,
    remove_view,
    save_view,
)
from explorer.ui import session
from explorer.ui.guard import show_error
from explorer.ui.plain import plain
from explorer.view_state import from_query, to_query
from graph.errors import MaillageError
from graph.messages import text

_DONE = "maillage_saved_done"
_FAILED = "maillage_saved_failed"
_BEFORE = "maillage_saved_before"
_GO = "maillage_saved_go"


def saved_views() -> None:
    """Draw the views kept under a name."""
    if (target := st.session_state.pop(_GO, None)) is not None:
        st.switch_page(st.session_state["maillage_pages"][target])
    with st.expander(_say("title"), expanded=False, icon=":material/bookmark:"):
        try:
            views = {view.name: view for view in list_views()}
        except MaillageError as error:
            show_error(error)
            return
        if views:
            _choose(views)
        else:
            st.caption(_say("none"))
        _keep(st.session_state.get("maillage_page", ""))
        _answer()


def _choose(views: dict[str, SavedView]) -> None:
    name = st.selectbox(
        _say("choose"), list(views), index=None, key="saved_chosen", placeholder=_say("placeholder")
    )
    if name not in views:
        return
    with st.container(horizontal=True):
        st.button(_say("open"), key="saved_open", on_click=_open, args=(views[name],))
        st.button(_say("remove"), key="saved_remove", on_click=_try, args=(_remove, name))


def _keep(page: str) -> None:
    name = st.text_input(
        _say("name"), key="saved_name", max_chars=LONGEST_NAME, help=_say("name_help")
    )
    st.button(
        _say("keep"),
        key="saved_keep",
        disabled=not name.strip(),
        on_click=_try,
        args=(_save, name, page),
    )


def _answer() -> None:
    if (error := st.session_state.pop(_FAILED, None)) is not None:
        show_error(error)
    done: str | None = st.session_state.get(_DONE)
    if done is None:
        return
    st.success(plain(done))
    if st.session_state.get(_BEFORE) is not None:
        st.button(_say("undo"), key="saved_undo", on_click=_try, args=(_undo,))


def _open(view: SavedView) -> None:
    reading = from_query(view.query, session.default_state())
    session.keep(reading.state)
    session.drop(reading.dropped)
    if view.page in st.session_state["maillage_pages"]:
        st.session_state[_GO] = view.page
    _forget()


def _save(name: str, page: str) -> None:
    query = to_query(session.state(), session.default_state())
    listed = {key: value if isinstance(value, list) else [value] for key, value in query.items()}
    st.session_state[_BEFORE] = save_view(SavedView(name=name, page=page, query=listed))
    said = "replaced" if st.session_state[_BEFORE] else "kept"
    st.session_state[_DONE] = _say(said, name=" ".join(name.split()))
    st.session_state["saved_name"] = ""


def _remove(name: str) -> None:
    st.session_state[_BEFORE] = remove_view(name)
    st.session_state[_DONE] = _say("removed", name=name)


def _undo() -> None:
    view: SavedView = st.session_state.pop(_BEFORE)
    save_view(view)
    _forget()
    st.session_state[_DONE] = _say("restored", name=view.name)


def _try(action: Any, *given: str) -> None:  # noqa: ANN401 - one of the three above
    """Do what was asked; what goes wrong is said where the answer would be."""
    _forget()
    try:
        action(*given)
    except MaillageError as error:
        st.session_state[_FAILED] = error


def _forget() -> None:
    for key in (_DONE, _FAILED):
        st.session_state.pop(key, None)


def _say(key: str, **params: object) -> str:
    return text(f"saved.{key}", session.language(), **params)
