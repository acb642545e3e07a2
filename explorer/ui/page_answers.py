"""Answers of the pages *Vue d'ensemble* and *Conventions*, kept across reruns."""

from __future__ import annotations

from datetime import date

import msgspec
import streamlit as st

from explorer.services.agreement_sheet import AgreementSheet, agreement_sheet_of
from explorer.services.agreements import Register, register_of
from explorer.services.overview import (
    Changed,
    Figures,
    Missing,
    changed_since,
    figures_of,
    missing_from,
)
from explorer.ui import resources
from explorer.ui.keys import HASH, Key, key_of
from explorer.ui.resources import KEPT_VIEWS
from explorer.ui.session import settings
from graph.store.port import GraphStore


def agreement(held: GraphStore, opaque: str, on: date, speaks: str) -> AgreementSheet:
    """Return the sheet of the agreement of this opaque id."""
    return _agreement(key_of(held, speaks, f"{opaque} {on}", settings()), held, opaque, on)


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=HASH)
def _agreement(key: tuple[Key, ...], _held: GraphStore, _opaque: str, _on: date) -> AgreementSheet:
    restricted = settings().restricted
    return agreement_sheet_of(_held, _opaque, _on, key[0].language, restricted=restricted)


def register(held: GraphStore, on: resources.Shown) -> Register:
    """Return the register of agreements of the selection shown."""
    return _register(key_of(held, "", on.answer.selection), held, on)


@st.cache_resource(show_spinner=False, max_entries=KEPT_VIEWS, hash_funcs=HASH)
def _register(
    key: tuple[Key, ...],  # noqa: ARG001 - what the cache goes by
    _held: GraphStore,
    _on: resources.Shown,
) -> Register:
    return register_of(_held, _on.answer)


class Overview(msgspec.Struct, frozen=True):
    """Figures of a network and what is not known of it."""

    figures: Figures
    missing: Missing


def overview(held: GraphStore, on: resources.Shown) -> Overview:
    """Return the figures of the network shown, and what is missing."""
    around = settings().territories
    key = key_of(held, "", on.answer.selection, settings())
    return _overview(key, held, on, register(held, on), around)


@st.cache_resource(show_spinner=False, max_entries=KEPT_VIEWS, hash_funcs=HASH)
def _overview(
    key: tuple[Key, ...],  # noqa: ARG001 - what the cache goes by
    _held: GraphStore,
    _on: resources.Shown,
    _listed: Register,
    _around: tuple[str, ...],
) -> Overview:
    return Overview(
        figures_of(_held, _on.answer, _on.view, _listed, _around),
        missing_from(_held, _on.answer, _listed),
    )


def overview_changes(held: GraphStore, on: resources.Shown, since: date) -> Changed:
    """Return what differs between the day `since` and the network shown."""
    key = key_of(held, "", on.answer.selection, since.isoformat())
    return _overview_changes(key, held, on, register(held, on), since)


@st.cache_resource(show_spinner=False, max_entries=KEPT_VIEWS, hash_funcs=HASH)
def _overview_changes(
    key: tuple[Key, ...],  # noqa: ARG001 - what the cache goes by
    _held: GraphStore,
    _on: resources.Shown,
    _listed: Register,
    _since: date,
) -> Changed:
    return changed_since(_held, _on.answer, _listed, _since)
