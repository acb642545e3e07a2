"""What if: structures or agreements taken away, the network before and after."""

from __future__ import annotations

import streamlit as st

from explorer.canvas.component import canvas
from explorer.services.analysis_departure import Departure, departure, in_network
from explorer.services.analysis_words import name_in, told_apart
from explorer.services.network import NetworkAnswer
from explorer.services.view_tables import Row
from explorer.ui import resources, session
from explorer.ui import tables as frames
from explorer.ui.analysis.explain import explain, say
from explorer.ui.analysis.listing import effects
from explorer.ui.beside import sheet_open
from explorer.view_state import agreement_key
from graph.analysis import metric, reading, said_value
from graph.messages import text
from graph.store.port import GraphStore

HEIGHT = 380
FIGURES = ("nodes", "ties", "components", "F", "DF")


def simulation(store: GraphStore, shown: resources.Shown) -> None:
    """Draw the part."""
    answer = shown.answer
    st.caption(say("simulation_hint"))
    left, right = st.columns(2)
    with left:
        gone = _choose("removed", _structures(answer))
    with right:
        chosen = _choose("ended", _agreements(answer))
    ended = frozenset(key for key in in_network(answer) if agreement_key(key) in chosen)
    asked = session.state().removed | session.state().ended
    if missing := asked - gone - chosen:
        st.caption(say("not_here", n=len(missing)))
    if asked:
        st.button(say("undo"), key="undo_simulation", icon=":material/undo:", on_click=_undo)
    if not gone and not ended:
        st.info(say("choose"))
        return
    what = f"departure {sorted(gone)} {sorted(ended)}"
    found = resources.analysed(
        store, shown, what, lambda watch: departure(store, answer, gone, ended, watch=watch)
    )
    _before_after(found)
    if not found.removal.after.nodes:
        st.warning(text("analyse.nothing_left", session.language()))
    if answer.network.focus is not None:
        effects(answer, found, "simulation")
    _drawn(store, shown, found)


def _choose(field: str, labels: dict[str, str]) -> frozenset[str]:
    """Draw a choice of several; the state of the session is the truth."""
    key = f"w_{field}"
    asked = getattr(session.state(), field)
    shown = [value for value in labels if value in asked]
    if st.session_state.get(key) != shown:
        st.session_state[key] = shown
    st.multiselect(
        say(field),
        list(labels),
        key=key,
        format_func=lambda value: labels.get(value, value),
        placeholder=say(f"{field}_none"),
        on_change=lambda: session.change(**{field: frozenset(st.session_state[key])}),
        disabled=not labels,
    )
    return frozenset(shown)


def _structures(answer: NetworkAnswer) -> dict[str, str]:
    return told_apart({key: name_in(answer, key) for key in answer.network.structures})


def _agreements(answer: NetworkAnswer) -> dict[str, str]:
    titles = {key: answer.cooperations[key].title or key for key in in_network(answer)}
    return {agreement_key(key): title for key, title in told_apart(titles).items()}


def _undo() -> None:
    session.change(removed=frozenset(), ended=frozenset())


def _before_after(found: Departure) -> None:
    speaks = session.language()
    rows: list[Row] = [
        {
            text("page.column.measure", speaks): metric(key).name(speaks),
            text("page.column.before", speaks): _said(key, getattr(found.removal.before, key)),
            text("page.column.after", speaks): _said(key, getattr(found.removal.after, key)),
        }
        for key in FIGURES
    ]
    frames.show(frames.plain_frame(rows), key="before_after")
    with st.container(horizontal=True, gap="small"):
        for key in FIGURES:
            said = reading(key, getattr(found.removal.after, key), speaks)
            explain(key, said, place="_simulation")


def _said(key: str, value: float | None) -> str:
    return said_value(key, value, session.language())


def _drawn(store: GraphStore, shown: resources.Shown, found: Departure) -> None:
    """Draw the network before and after; side by side where there is room."""
    if found.former:
        st.caption(say("drawn_hint"))
    after = resources.view_after(store, found.after, session.language())
    wide = not sheet_open()
    places = st.columns(2) if wide else (st.container(), st.container())
    for place, view, when in zip(places, (shown.view, after), ("before", "after"), strict=True):
        with place, st.container(key=f"drawn_{when}"):
            st.markdown(f"**{text(f'page.column.{when}', session.language())}**")
            canvas(view, key=f"canvas_{when}", height=HEIGHT, on_pick=_picked)


def _picked(pick: object) -> None:
    if getattr(pick, "kind", "") == "node":
        session.open_sheet(str(getattr(pick, "id", "")))
