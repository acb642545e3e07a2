"""Answers of the page, kept while store, question and language stay the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import streamlit as st

from explorer.services.access import Distances, distances_of
from explorer.services.accessibility import Accessibility, accessibility_of
from explorer.services.coverage import CoverageAnswer, coverage_of
from explorer.services.coverage_map import map_of
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


@st.cache_resource(show_spinner=False, max_entries=8, hash_funcs=_HASH)
def _answered(key: tuple[Key, str], _asked: Asked) -> CoverageAnswer:  # noqa: ARG001 - the key
    return coverage_of(_asked.store, _asked.question)


def mapped(asked: Asked, kind: str, measure: str, language: str) -> Choropleth | None:
    """Return the map of one kind."""
    return _mapped(asked.key(kind, measure, language), asked, kind, measure, language)


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs=_HASH)
def _mapped(
    key: tuple[Key, str],  # noqa: ARG001 - what the cache goes by
    _asked: Asked,
    _kind: str,
    _measure: str,
    _language: str,
) -> Choropleth | None:
    return map_of(answered(_asked), _kind, _measure, _language)


def worked(asked: Asked, what: str, make: Callable[[Watch], Result]) -> Result:
    """Return what `make` computes for a question, kept, with progress; see `resources.worked`."""
    key, _ = asked.key()
    return resources.worked(key.encoded() + what.encode(), text(_WAIT, session.language()), make)


def portrait(asked: Asked, ref: str, against: str | None, language: str) -> Portrait:
    """Return the portrait of a territory beside another."""
    return _portrait(asked.key("portrait", ref, against, language), asked, ref, against, language)


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs=_HASH)
def _portrait(
    key: tuple[Key, str],  # noqa: ARG001 - what the cache goes by
    _asked: Asked,
    _ref: str,
    _against: str | None,
    _language: str,
) -> Portrait:
    answer = answered(_asked)
    beside = beside_of(_asked.store, answer, _ref, _against)
    return portrait_of(answer, _ref, _asked.store.sources(), _language, beside)


def perimeter_drawn(asked: Asked, kind: str, language: str) -> Choropleth | None:
    """Return the map of the communes by perimeters of a kind."""
    return _perimeter_drawn(asked.key("perimeters", kind, language), asked, kind, language)


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs=_HASH)
def _perimeter_drawn(
    key: tuple[Key, str],  # noqa: ARG001 - what the cache goes by
    _asked: Asked,
    _kind: str,
    _language: str,
) -> Choropleth | None:
    return perimeter_map(answered(_asked), _kind, _language)


def distances(asked: Asked, measured: Measured) -> Distances:
    """Return the nearest of each commune and how far people are."""
    return _distances(asked.key("distances", measured.key), asked, measured)


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs=_HASH)
def _distances(
    key: tuple[Key, str],  # noqa: ARG001 - what the cache goes by
    _asked: Asked,
    _measured: Measured,
) -> Distances:
    return distances_of(_asked.store, _asked.question, _measured.times)


def places(
    asked: Asked, measured: Measured, kind: str, how: tuple[str, str | None]
) -> Accessibility:
    """Return the places in reach of a kind, by a method and its bands."""
    return _places(asked.key("places", measured.key, kind, *how), asked, measured, kind, how)


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs=_HASH)
def _places(
    key: tuple[Key, str],  # noqa: ARG001 - what the cache goes by
    _asked: Asked,
    _measured: Measured,
    _kind: str,
    _how: tuple[str, str | None],
) -> Accessibility:
    approach = cast("Approach", _how[0])
    return accessibility_of(
        _asked.store, _asked.question, _measured.times, _kind, approach, _how[1]
    )
