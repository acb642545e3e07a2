"""What a reader brings to the page (stays, polygons, sets of communes), and the activity."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.services.own_polygons import own_notes
from explorer.ui import session
from explorer.ui.coverage.choosing import choose
from explorer.ui.coverage.own import own_polygons
from explorer.ui.coverage.recruitment import stays
from explorer.ui.coverage.sets import set_maker
from graph.identifiers import fold
from graph.messages import catalogue, text
from graph.model import Territory
from graph.store.port import GraphStore

_AREA = "activity."
_KEY = "w_cover_activity"
_ANY = ""


class Mine(NamedTuple):
    """Stays by commune and territories of a file, empty where none were given; and notes."""

    stays: dict[str, float]
    drawn: tuple[Territory, ...]
    notes: list[str]


def mine(store: GraphStore) -> Mine:
    """Draw what can be brought along, folded away; return what was."""
    speaks = session.language()
    with st.popover(text("mine.title", speaks), icon=":material/upload_file:", width="stretch"):
        set_maker(store)
        own = own_polygons(store)
        counted = stays()
    if own is None:
        return Mine(counted, (), [])
    return Mine(counted, own.territories, own_notes(own, speaks))


def activity(place: DeltaGenerator) -> str | None:
    """Draw the choice of an activity; return it, None where any structure counts."""
    speaks = session.language()
    words = catalogue(speaks)
    known = {key.removeprefix(_AREA): said for key, said in words.items() if key.startswith(_AREA)}
    ordered = sorted(known, key=lambda key: fold(known[key]))
    asked = session.state().cover.activity
    shown = asked if asked in known else _ANY
    if st.session_state.get(_KEY) != shown:
        st.session_state[_KEY] = shown
    place.selectbox(
        text("mine.activity", speaks),
        [_ANY, *ordered],
        key=_KEY,
        format_func=lambda key: known[key] if key else text("mine.any", speaks),
        help=text("mine.activity_help", speaks),
        on_change=lambda: choose(activity=st.session_state[_KEY] or None),
    )
    return shown or None
