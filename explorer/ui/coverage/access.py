"""Distances, times and places in reach: what is asked, how trips are counted, what comes of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.cover_state import (
    APPROACHES,
    FASTEST_KMH,
    LONGEST_DETOUR,
    MEASURED_BY,
    SHOWN,
    SLOWEST_KMH,
)
from explorer.services.access import table_of
from explorer.services.access_documents import access_rows, nearest_rows, spread_rows
from explorer.services.access_words import access_notes, band_words, distance_notes
from explorer.services.accessibility import bands_of
from explorer.services.view_tables import as_csv
from explorer.ui import session
from explorer.ui.coverage import answers
from explorer.ui.coverage.access_nodes import access_nodes, distance_nodes
from explorer.ui.coverage.answers import Asked, Measured
from explorer.ui.coverage.choosing import choose
from explorer.ui.coverage.controls import one
from explorer.ui.guard import guarded
from explorer.ui.panel import panel
from explorer.ui.plain import plain
from graph.analysis.proximity import Travel
from graph.analysis.service_areas import service_rule
from graph.analysis.travel import Crow, Estimated
from graph.messages import text
from loaders.routing import Router

Row = dict[str, object]


def access(asked: Asked, kinds: Sequence[str], on_open: Callable[[str], None]) -> None:
    """Draw the part of the page on distances, times and places in reach."""
    st.subheader(_say("title"), anchor=False)
    placed = [kind for kind in kinds if service_rule(kind) == "place"]
    shown, which, how = st.columns(3)
    wanted = one(shown, "access", SHOWN, "access.shown")
    if wanted == "nothing":
        return
    if not placed:
        st.info(_say("no_kind"))
        return
    kind = one(which, "access_kind", placed, "kind")
    offered = [way for way in MEASURED_BY if way != "router" or session.settings().router]
    way = one(how, "by", offered, "access.measured")
    chosen = msgspec.structs.replace(asked.question.selection, kinds=frozenset({kind}))
    question = msgspec.structs.replace(asked.question, selection=chosen)
    with guarded():
        method = _method() if wanted == "places" else None
        measured = _measured(asked, way)
        if measured is None:
            st.info(_say("table_missing"))
        elif method is None:
            _distances(Asked(asked.store, question), measured, on_open)
        else:
            _places(Asked(asked.store, question), measured, kind, method)


def _distances(asked: Asked, measured: Measured, on_open: Callable[[str], None]) -> None:
    speaks = session.language()
    with st.spinner(_say("wait"), show_time=False):
        found = answers.distances(asked, measured)
    panel(
        distance_nodes(found, speaks),
        key="cover_distances",
        subject="",
        language=speaks,
        on_open=on_open,
    )
    _notes(distance_notes(found, speaks))
    with st.container(horizontal=True):
        _download("nearest", nearest_rows(found), asked)
        _download("spread", spread_rows(found), asked)


def _places(asked: Asked, measured: Measured, kind: str, how: tuple[str, str | None]) -> None:
    speaks = session.language()
    bands = bands_of(*how)
    unit = bands.unit if bands else "min"
    if unit != measured.times.unit:
        st.info(_say("unfit", asked=unit, given=measured.times.unit))
        return
    with st.spinner(_say("wait"), show_time=False):
        found = answers.places(asked, measured, kind, how)
    panel(access_nodes(found, speaks), key="cover_places", subject="", language=speaks)
    _notes(access_notes(found, speaks))
    if found.rows:
        _download("access", access_rows(found, speaks), asked)


def _method() -> tuple[str, str | None]:
    """Draw the choice of a method and of its bands."""
    left, right = st.columns([1, 2])
    approach = one(left, "approach", APPROACHES, "access.method")
    if approach == "drees":
        return approach, None
    key, held = "w_cover_bands", session.state().cover.bands or ""
    if st.session_state.get(key) != held:
        st.session_state[key] = held
    right.text_input(
        _say("bands"),
        key=key,
        placeholder=_usual(approach),
        help=_say("bands_help"),
        on_change=lambda: choose(bands=st.session_state[key].strip() or None),
    )
    return approach, held or None


def _usual(approach: str) -> str:
    bands = bands_of(approach, None)
    return band_words(bands, session.language()) if bands else ""


def _measured(asked: Asked, way: str) -> Measured | None:
    """Draw what the way of counting takes; None where its table is not given yet."""
    if way == "km":
        return Measured(Crow(), "km")
    if way == "min":
        left, right = st.columns(2)
        _number(left, "detour", (1.0, LONGEST_DETOUR), 0.1)
        _number(right, "speed_kmh", (SLOWEST_KMH, FASTEST_KMH), 5.0)
        held = session.state().cover
        travel = Travel(detour=held.detour, speed_kmh=held.speed_kmh)
        return Measured(Estimated(travel), f"min {travel.detour} {travel.speed_kmh}")
    if way == "router":
        address = session.settings().router or ""
        return Measured(Router(address), f"router {address}")
    return _table(asked)


def _table(asked: Asked) -> Measured | None:
    st.caption(_say("table_hint"))
    given = st.file_uploader(_say("table"), key="w_cover_times")
    if given is None:
        return None
    with tempfile.TemporaryDirectory(prefix="maillage-") as folder:
        path = Path(folder) / Path(given.name).name
        path.write_bytes(given.getvalue())
        return Measured(table_of(path, asked.store), f"table {given.file_id}")


def _number(place: DeltaGenerator, field: str, bounds: tuple[float, float], step: float) -> None:
    key, held = f"w_cover_{field}", getattr(session.state().cover, field)
    if st.session_state.get(key) != held:
        st.session_state[key] = held
    place.number_input(
        _say(field),
        min_value=bounds[0],
        max_value=bounds[1],
        step=step,
        format="%g",
        key=key,
        help=_say(f"{field}_help"),
        on_change=lambda: choose(**{field: st.session_state[key] or held}),
    )


def _notes(sentences: Sequence[str]) -> None:
    st.caption(plain(" ".join(sentences)))


def _download(name: str, rows: list[Row], asked: Asked) -> None:
    day = asked.question.selection.on.isoformat()
    (kind,) = asked.question.selection.kinds
    st.download_button(
        _say(f"download_{name}"),
        lambda: as_csv(rows),
        file_name=f"maillage-{name}-{kind.lower()}-{day}.csv",
        mime="text/csv",
        key=f"cover_download_{name}",
        on_click="ignore",
        icon=":material/download:",
    )


def _say(key: str, **params: object) -> str:
    return text(f"access.page.{key}", session.language(), **params)
