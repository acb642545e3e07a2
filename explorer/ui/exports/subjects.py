"""What each figure asks: kind and measure, territory, structure, measure of the ranking."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import streamlit as st

from explorer.cover_state import MEASURES, POPULATIONS, CoverState
from explorer.services.analysis_words import STRUCTURE
from explorer.services.coverage import CoverageAnswer
from explorer.services.exporting import Request
from explorer.services.figure_coverage import ESTIMATES
from explorer.ui import resources, session
from explorer.ui.coverage.choosing import choose
from explorer.ui.coverage.controls import one
from explorer.ui.exports import answers
from explorer.ui.exports.controls import chosen, pick, show
from explorer.ui.exports.say import say
from graph.analysis import metric
from graph.identifiers import fold
from graph.messages import text
from graph.store.port import GraphStore
from graph.vocabulary import KINDS, LEVELS

_TERRITORY = "w_export_territory"
Asker = Callable[[CoverState], Request]
"""Makes the request of what the page *Couverture* was asked."""


def coverage(request: Asker) -> CoverState | None:
    """Ask level, people, kind and measure of the map; None where no kind is known."""
    cover = _levels()
    kinds = _known(answers.covered(request(cover)))
    if not kinds:
        return None
    kind = one(st.container(), "kind", kinds, "kind")
    measure = one(st.container(), "measure", MEASURES, "coverage.page.measure")
    if measure in ESTIMATES:
        st.caption(say("radius", km=cover.radius_km))
    return msgspec.structs.replace(cover, kind=kind, measure=measure)


def matrix() -> CoverState:
    """Ask level and people."""
    return _levels()


def portrait(request: Asker) -> CoverState:
    """Ask for the level and the territory."""
    cover = _levels()
    ground = answers.covered(request(msgspec.structs.replace(cover, territory=None))).read.ground
    names = {ref: ground.atlas[ref].name or ref for ref in ground.refs}
    options: list[str | None] = [None, *sorted(names, key=lambda ref: (fold(names[ref]), ref))]
    held = cover.territory if cover.territory in names else None
    show(_TERRITORY, held)
    st.selectbox(
        say("territory"),
        options,
        key=_TERRITORY,
        format_func=lambda ref: say("best_known") if ref is None else names[ref],
        on_change=lambda: choose(territory=st.session_state[_TERRITORY]),
    )
    return msgspec.structs.replace(cover, territory=held)


def partner(store: GraphStore, shown: resources.Shown) -> str | None:
    """Ask for the structure of a sheet."""
    nodes = [node for node in shown.view.nodes if node.role != "supply"]
    names = {node.id: node.label for node in nodes}
    held = chosen().structure
    if held is not None and held not in names:
        names[held] = session.name_of(store, held)
    if not names:
        return None
    ordered = sorted(names, key=lambda key: (fold(names[key]), key))
    first = next((n.id for n in nodes if n.role == "partner"), ordered[0])
    values = [held or first, *(key for key in ordered if key != (held or first))]
    found: str = pick("structure", values, say("structure"), lambda key: names.get(key, str(key)))
    return found


def ranking() -> None:
    """Ask for the measure."""
    speaks = session.language()
    pick("metric", STRUCTURE, say("metric"), lambda key: metric(key).name(speaks))


def _levels() -> CoverState:
    left, right = st.columns(2)
    level = one(left, "level", LEVELS, "level")
    people = one(right, "population", POPULATIONS, "coverage.page.population")
    return msgspec.structs.replace(session.state().cover, level=level, population=people)


def _known(answer: CoverageAnswer) -> list[str]:
    known = {row.kind for row in answer.rows if row.state != "unknown"}
    return [kind for kind in KINDS if kind in known]


def nothing_known() -> None:
    """Say why there is no map."""
    st.info(text("coverage.page.nothing_known", session.language()))
