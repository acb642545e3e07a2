"""Answers of the page, kept while store, question and language stay the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import streamlit as st

from explorer.services.access import Distances, distances_of
from explorer.services.accessibility import Accessibility, accessibility_of
from explorer.services.coverage import CoverageAnswer, coverage_of
from explorer.services.coverage_map import map_of, places_of
from explorer.services.coverage_reading import CoverageQuestion
from explorer.services.perimeter_map import perimeter_map
from explorer.services.portrait import Portrait, portrait_of
from explorer.services.portrait_reference import beside_of
from explorer.ui import resources, session
from explorer.ui.keys import Key
from explorer.viewmodel.choropleth import Choropleth
from graph.analysis import Watch
from graph.analysis.access import Approach
from graph.analysis.travel import TravelTimes
from graph.messages import text
from graph.store.port import GraphStore

_WAIT = "plan.waiting"
Result = TypeVar("Result")


class Asked(NamedTuple):
    """A question put to a store as it is now."""

    store: GraphStore
    question: CoverageQuestion

    def key(self, *more: object) -> tuple[Key, str]:
        """Return what an answer depends on."""
        held = self.store
        return Key(held.url, held.revision(), "", self.question), "|".join(map(str, more))


class Measured(NamedTuple):
    """Where costs come from, and what tells it from others."""

    times: TravelTimes
    key: str


_HASH: dict[str | type[Any], Callable[[Any], Any]] = {Key: Key.encoded}


def answered(asked: Asked) -> CoverageAnswer:
    """Return the table and the reach."""
    return _answered(asked.key(), asked)


@st.cache_resource(show_spinner=False, max_entries=resources.KEPT_VIEWS, hash_funcs=_HASH)
def _answered(key: tuple[Key, str], _asked: Asked) -> CoverageAnswer:  # noqa: ARG001 - the key
    return coverage_of(_asked.store, _asked.question)


def kept(asked: Asked, what: tuple[object, ...], make: Callable[[], Result]) -> Result:
    """Return what `make` computes of a question, kept by `what` tells it from other answers."""
    return cast("Result", _kept(asked.key(*what), make))


@st.cache_resource(show_spinner=False, max_entries=4 * resources.KEPT_VIEWS, hash_funcs=_HASH)
def _kept(key: tuple[Key, str], _make: Callable[[], object]) -> object:  # noqa: ARG001 - the key
    return _make()


def mapped(asked: Asked, kind: str, measure: str, language: str) -> Choropleth | None:
    """Return the map of one kind."""
    places = thirds(asked, kind) if measure == "access" else None
    return kept(
        asked,
        ("map", kind, measure, language),
        lambda: map_of(answered(asked), kind, measure, language, places),
    )


def thirds(asked: Asked, kind: str) -> Accessibility:
    """Return the places in reach of a kind as the map shows them."""
    return kept(asked, ("thirds", kind), lambda: places_of(asked.store, answered(asked), kind))


def worked(asked: Asked, what: str, make: Callable[[Watch], Result]) -> Result:
    """Return what `make` computes for a question, kept, with progress; see `resources.worked`."""
    key, _ = asked.key()
    return resources.worked(key.encoded() + what.encode(), text(_WAIT, session.language()), make)


def portrait(asked: Asked, ref: str, against: str | None, language: str) -> Portrait:
    """Return the portrait of a territory beside another."""

    def make() -> Portrait:
        answer = answered(asked)
        beside = beside_of(asked.store, answer, ref, against)
        return portrait_of(answer, ref, asked.store.sources(), language, beside)

    return kept(asked, ("portrait", ref, against, language), make)


def perimeter_drawn(asked: Asked, kind: str, language: str) -> Choropleth | None:
    """Return the map of the communes by perimeters of a kind."""
    return kept(
        asked,
        ("perimeters", kind, language),
        lambda: perimeter_map(answered(asked), kind, language),
    )


def distances(asked: Asked, measured: Measured) -> Distances:
    """Return the nearest of each commune and how far people are."""
    return kept(
        asked,
        ("distances", measured.key),
        lambda: distances_of(asked.store, asked.question, measured.times),
    )


def places(
    asked: Asked, measured: Measured, kind: str, how: tuple[str, str | None]
) -> Accessibility:
    """Return the places in reach of a kind, by a method and its bands."""
    approach = cast("Approach", how[0])
    return kept(
        asked,
        ("places", measured.key, kind, *how),
        lambda: accessibility_of(
            asked.store, asked.question, measured.times, kind, approach, how[1]
        ),
    )
