"""What the page asks beside the shared filters: level, people, radius, where people are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import msgspec
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.cover_state import DEMANDS, LARGEST_KM, POPULATIONS, CoverState
from explorer.selection import Selection
from explorer.services.coverage_reading import CoverageQuestion, usual_territories
from explorer.ui import session
from explorer.ui.coverage.choosing import choose
from explorer.ui.coverage.mine import Mine, activity, mine
from explorer.ui.coverage.say import say
from graph.analysis.demand import Shape
from graph.analysis.people import Population
from graph.messages import text
from graph.store.port import GraphStore
from graph.vocabulary import LEVELS

SHORTEST_KM = 0.1


def question_of(store: GraphStore, selection: Selection) -> tuple[CoverageQuestion, Mine]:
    """Draw the controls; return the question that they and the shared selection ask.

    Beside it what the reader brought: stays, polygons, and what must be said of them.
    """
    level, population, radius, demand, having, more = st.columns(
        [0.9, 1.15, 0.7, 0.9, 0.85, 1.0], vertical_alignment="bottom"
    )
    chosen = selection.territories or usual_territories(store, session.settings().territories)
    one(level, "level", LEVELS, "level")
    one(population, "population", POPULATIONS, "coverage.page.population")
    _radius(radius)
    one(demand, "demand", DEMANDS, "coverage.page.demand")
    able = activity(having)
    with more:
        ours = mine(store)
    asked = session.state().cover
    question = CoverageQuestion(
        selection=msgspec.structs.replace(selection, territories=chosen, supply=False),
        level=asked.level,
        population=cast("Population", asked.population),
        radius_km=asked.radius_km,
        demand=cast("Shape", asked.demand),
        activity=able,
        stays=ours.stays,
        drawn=ours.drawn,
    )
    return question, ours


def one(place: DeltaGenerator, field: str, values: Sequence[str], words: str) -> str:
    """Draw the choice of a field of the state, and return what is chosen."""
    speaks, key = session.language(), f"w_cover_{field}"
    chosen = getattr(session.state().cover, field)
    shown = chosen if chosen in values else values[0]
    if st.session_state.get(key) != shown:
        st.session_state[key] = shown
    place.selectbox(
        say(f"choose_{field}"),
        values,
        key=key,
        format_func=lambda value: text(f"{words}.{value}", speaks),
        help=say(f"choose_{field}_help"),
        on_change=lambda: choose(**{field: st.session_state[key]}),
    )
    return shown


def _radius(place: DeltaGenerator) -> None:
    key, chosen = "w_cover_radius", session.state().cover.radius_km
    if st.session_state.get(key) != chosen:
        st.session_state[key] = chosen
    place.number_input(
        say("radius"),
        min_value=SHORTEST_KM,
        max_value=LARGEST_KM,
        step=1.0,
        format="%g",
        key=key,
        help=say("radius_help"),
        on_change=lambda: choose(radius_km=st.session_state[key] or CoverState().radius_km),
    )
