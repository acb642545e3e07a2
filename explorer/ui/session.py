"""The view state of a session: read from the URL once, changed by widgets, written back."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import streamlit as st

from explorer.selection import Selection
from explorer.settings import Settings, read_settings
from explorer.view_state import Language, ViewState, from_query, to_query
from graph.store.port import GraphStore, StructureQuery

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2200, 12, 31)
_STATE = "maillage_state"
_WRITTEN = "maillage_written"
_DROPPED = "maillage_dropped"
_CHANGED = "maillage_changed"
_SAID = "maillage_said"


def settings() -> Settings:
    """Return the settings of this installation."""
    return read_settings()


def today() -> date:
    """Return the day on this computer: the reader's own."""
    return date.today()  # noqa: DTZ011 - no time zone: it is the date on the desk


def default_state() -> ViewState:
    """Return what is shown when nothing is asked: the group's partners today."""
    fixed = settings()
    selection = Selection(focus=fixed.focus, on=today())
    return ViewState(selection=selection, language="en" if fixed.language == "en" else "fr")


def begin() -> ViewState:
    """Return the state of this run: that of the URL when it is new, else that of the session.

    Changing page clears the URL; what was looked at is kept and written back. Where the reader has
    just changed the state, the URL is only late: the browser asked before it had heard of the last
    one.
    """
    st.session_state[_SAID] = set()
    acted = st.session_state.pop(_CHANGED, False)
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    asked_before = st.session_state.get(_WRITTEN)
    if _STATE not in st.session_state or (query and query != asked_before and not acted):
        reading = from_query(query, default_state())
        st.session_state[_STATE] = reading.state
        st.session_state[_DROPPED] = reading.dropped
    return state()


def state() -> ViewState:
    """Return the state of the session."""
    current: ViewState = st.session_state[_STATE]
    return current


def language() -> Language:
    """Return the language of the session; the installation's own before it begins."""
    return (state() if _STATE in st.session_state else default_state()).language


def keep(new: ViewState) -> None:
    """Replace the state of the session."""
    st.session_state[_STATE] = new
    st.session_state[_CHANGED] = True


def change(**changes: Any) -> None:  # noqa: ANN401 - fields of ViewState, checked by msgspec
    """Change fields of the state."""
    keep(msgspec.structs.replace(state(), **changes))


def select(**changes: Any) -> None:  # noqa: ANN401 - fields of Selection, checked by msgspec
    """Change fields of the selection."""
    change(selection=msgspec.structs.replace(state().selection, **changes))


def name_of(store: GraphStore, structure: str) -> str:
    """Return the name of a structure, its id where no source names it."""
    found = store.structures(StructureQuery(ids=frozenset({structure})))
    return (found[0].name if found else None) or structure


def open_sheet(structure: str) -> None:
    """Open the sheet of a structure."""
    change(selected=structure, tie=None, agreement=None)


def open_agreement(key: str) -> None:
    """Open the sheet of an agreement, by its opaque id (:func:`.view_state.agreement_key`)."""
    change(selected=None, tie=None, agreement=key)


def close_sheet() -> None:
    """Close whatever sheet is open."""
    change(selected=None, tie=None, agreement=None)


def dropped() -> tuple[str, ...]:
    """Return the parameters of the link that were left out; a change of state forgets them."""
    names: tuple[str, ...] = st.session_state.get(_DROPPED, ())
    return names


def drop(names: tuple[str, ...]) -> None:
    """Add parameters that the store does not know to those left out."""
    st.session_state[_DROPPED] = tuple(dict.fromkeys((*dropped(), *names)))


def forget_dropped() -> None:
    """Forget what the link asked in vain: it has been read."""
    st.session_state[_DROPPED] = ()


def said_already(what: str) -> bool:
    """Tell whether this run of the page has said `what` before; note that it now has."""
    said: set[str] = st.session_state.setdefault(_SAID, set())
    if what in said:
        return True
    said.add(what)
    return False


def finish() -> None:
    """Write the state into the URL, so that the address can be sent to a colleague."""
    query = to_query(state(), default_state())
    listed = {name: value if isinstance(value, list) else [value] for name, value in query.items()}
    current = {name: st.query_params.get_all(name) for name in st.query_params}
    # What was written before may be on its way to the browser still: it is overruled too.
    if listed != current or listed != st.session_state.get(_WRITTEN, current):
        st.query_params.from_dict(query)
    st.session_state[_WRITTEN] = listed
    st.session_state[_CHANGED] = False
