"""What the page asks beside the shared filters: level, people, radius, where people are."""

from __future__ import annotations

from typing import cast

import msgspec
import streamlit as st

from explorer.selection import Selection
from explorer.services.coverage_reading import CoverageQuestion, usual_territories
from explorer.ui import session
from explorer.ui.coverage.say import say
from graph.analysis.demand import Shape
from graph.analysis.people import Population
from graph.analysis.proximity import LARGEST_RADIUS
from graph.messages import text
from graph.store.port import GraphStore
from graph.vocabulary import LEVELS

POPULATIONS = ("concerned", "total", "65", "75")
DEMANDS = ("grid", "centroid")
FIRST_LEVEL = "arrondissement"
FIRST_RADIUS = 5.0


def question_of(store: GraphStore, selection: Selection) -> CoverageQuestion:
    """Draw the controls; return the question that they and the shared selection ask."""
    level, population, radius, demand = st.columns([1, 1, 0.7, 1])
    chosen = selection.territories or usual_territories(store, session.settings().territories)
    return CoverageQuestion(
        selection=msgspec.structs.replace(selection, territories=chosen, supply=False),
        level=_one(level, "level", LEVELS, "level", first=FIRST_LEVEL),
        population=cast(
            "Population", _one(population, "population", POPULATIONS, "coverage.page.population")
        ),
        radius_km=radius.number_input(
            say("radius"),
            min_value=0.1,
            max_value=LARGEST_RADIUS / 1000,
            value=FIRST_RADIUS,
            step=1.0,
            format="%g",
            key="w_cover_radius",
            help=say("radius_help"),
        ),
        demand=cast("Shape", _one(demand, "demand", DEMANDS, "coverage.page.demand")),
    )


def _one(
    place: st.delta_generator.DeltaGenerator,
    name: str,
    values: tuple[str, ...],
    words: str,
    first: str | None = None,
) -> str:
    speaks = session.language()
    chosen: str = place.selectbox(
        say(f"choose_{name}"),
        values,
        index=values.index(first) if first else 0,
        key=f"w_cover_{name}",
        format_func=lambda value: text(f"{words}.{value}", speaks),
        help=say(f"choose_{name}_help"),
    )
    return chosen
