"""Answers of the page, kept while store, question and language stay the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, cast

import streamlit as st

from explorer.services.access import Distances, distances_of
from explorer.services.accessibility import Accessibility, accessibility_of
from explorer.services.coverage import CoverageAnswer, Proposal, coverage_of, suggestion_in
from explorer.services.coverage_map import map_of
from explorer.services.coverage_reading import CoverageQuestion
from explorer.services.coverage_simulation import (
    Sensitivity,
    Simulation,
    sensitivity_of,
    simulation_of,
)
from explorer.services.portrait import Portrait, portrait_of
from explorer.ui.keys import Key
from explorer.viewmodel.choropleth import Choropleth
from graph.analysis.access import Approach
from graph.analysis.travel import TravelTimes
from graph.store.port import GraphStore


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


def suggested(asked: Asked, kind: str, count: int) -> Proposal:
    """Return whom to sign with."""
    return _suggested(asked.key(kind, count), asked, kind, count)


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs=_HASH)
def _suggested(
    key: tuple[Key, str],  # noqa: ARG001 - what the cache goes by
    _asked: Asked,
    _kind: str,
    _count: int,
) -> Proposal:
    return suggestion_in(answered(_asked).read, _asked.question, _kind, _count)


def sensitive(asked: Asked, kind: str, count: int) -> Sensitivity:
    """Return whom to sign with at other radii."""
    return _sensitive(asked.key("sensitive", kind, count), asked, kind, count)


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs=_HASH)
def _sensitive(
    key: tuple[Key, str],  # noqa: ARG001 - what the cache goes by
    _asked: Asked,
    _kind: str,
    _count: int,
) -> Sensitivity:
    return sensitivity_of(answered(_asked).read, _asked.question, _kind, _count)


def simulated(asked: Asked, kind: str, add: frozenset[str], remove: frozenset[str]) -> Simulation:
    """Return a kind before and after."""
    changes = "+".join(sorted(add)), "-".join(sorted(remove))
    return _simulated(asked.key("simulated", kind, *changes), asked, kind, add, remove)


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs=_HASH)
def _simulated(
    key: tuple[Key, str],  # noqa: ARG001 - what the cache goes by
    _asked: Asked,
    _kind: str,
    _add: frozenset[str],
    _remove: frozenset[str],
) -> Simulation:
    return simulation_of(answered(_asked), _kind, _add, _remove)


def portrait(asked: Asked, ref: str, language: str) -> Portrait:
    """Return the portrait of a territory."""
    return _portrait(asked.key("portrait", ref, language), asked, ref, language)


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs=_HASH)
def _portrait(
    key: tuple[Key, str],  # noqa: ARG001 - what the cache goes by
    _asked: Asked,
    _ref: str,
    _language: str,
) -> Portrait:
    return portrait_of(answered(_asked), _ref, _asked.store.sources(), _language)


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
