"""What pages share across reruns: the store, and answers cached by its revision."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import date
from time import monotonic
from typing import Any, TypeVar, cast

import msgspec
import pandas as pd
import streamlit as st

from explorer.canvas_state import SIZES, CanvasState
from explorer.selection import Selection
from explorer.services.analysis import Measured, measured
from explorer.services.changes import ChangeShown, changes_of
from explorer.services.choices import Choices, choices_of
from explorer.services.drawing import Ground, drawn, in_sight
from explorer.services.exploring import Chains
from explorer.services.loading import load_bundled
from explorer.services.network import NetworkAnswer, network_of
from explorer.services.sheet import sheet_of, tie_sheet_of
from explorer.services.sheet_around import MOST_MEASURED, with_surroundings
from explorer.services.sheet_model import Sheet, TieSheet
from explorer.services.tables import by_index
from explorer.services.unfolding import base_positions
from explorer.services.view import Language, backdrop_of, view_from
from explorer.services.view_tables import (
    Row,
    structure_columns,
    structure_rows,
    tie_columns,
    tie_rows,
)
from explorer.settings import Settings
from explorer.ui.keys import HASH as _HASH
from explorer.ui.keys import Key
from explorer.ui.keys import key_of as _key
from explorer.ui.progress import progress_bar
from explorer.ui.session import language, settings
from explorer.ui.tables import frame_of
from explorer.viewmodel.model import ViewModel, ViewTerritory, ViewTie
from graph.analysis import Watch
from graph.analysis.layout import Positions
from graph.messages import text
from graph.store.open import open_store
from graph.store.port import GraphStore, Progress

KEPT_VIEWS = 24
KEPT_ANALYSES = 64
PACE_SECONDS = 0.25

Result = TypeVar("Result")


class Listed(msgspec.Struct, frozen=True):
    """Rows of a table, and the frame that shows them."""

    rows: list[Row]
    columns: tuple[str, ...]
    frame: Any


class Shown(msgspec.Struct, frozen=True):
    """A network and the view of it: made once, shown at every run."""

    answer: NetworkAnswer
    view: ViewModel


class Pictured(msgspec.Struct, frozen=True):
    """What the canvas draws (:func:`explorer.services.drawing.drawn`), and that part as tables.

    `sight` is the view without what people hid, or the réseau proche alone.
    """

    view: ViewModel
    chains: Chains
    sight: ViewModel
    structures: Listed
    ties: Listed


def store() -> GraphStore:
    """Return the store of this installation; on first start the bundled ecosystem is loaded."""
    url = settings().store
    found = _store(url)
    _bundled(url, found)
    return found


@st.cache_resource(show_spinner=False, on_release=lambda held: held.close())
def _store(url: str | None) -> GraphStore:
    return open_store(url)


def _bundled(url: str | None, held: GraphStore) -> None:
    if url in st.session_state.setdefault("maillage_ready", set()):
        return
    with st.spinner(text("page.start.loading", language())):
        load_bundled(held)
    st.session_state["maillage_ready"].add(url)


@st.cache_resource(show_spinner=False)
def settled(page: str) -> None:  # noqa: ARG001 - once for each page
    """Spare the collector of garbage what is in memory once `page` has been drawn.

    Streamlit collects after every run, and no other session runs meanwhile: looking through the
    libraries and the answers kept took eight times as long as a run.
    """
    gc.collect()
    gc.freeze()


def choices(held: GraphStore, speaks: str) -> Choices:
    """Return what the filters offer."""
    fixed = settings()
    return _choices(_key(held, speaks, fixed), held, fixed)


@st.cache_resource(show_spinner=False, max_entries=8, hash_funcs=_HASH)
def _choices(key: tuple[Key, ...], _held: GraphStore, _fixed: Settings) -> Choices:
    return choices_of(_held, _fixed, key[0].language)


def shown(held: GraphStore, selection: Selection, speaks: Language) -> Shown:
    """Return the network of `selection` and its view."""
    behind = _behind(held)
    base = _base(_key(held, "", selection.focus), held, selection.focus)
    return _shown(
        _key(held, speaks, selection, settings()), held, selection, speaks, (behind, base)
    )


def _behind(held: GraphStore) -> tuple[ViewTerritory, ...]:
    found: tuple[ViewTerritory, ...] = _backdrop(
        _key(held, "", settings()), held, settings().territories
    )
    return found


@st.cache_resource(show_spinner=False, max_entries=8, hash_funcs=_HASH)
def _base(
    key: tuple[Key, ...],  # noqa: ARG001 - what the cache goes by
    _held: GraphStore,
    _focus: str | None,
) -> Positions:
    return base_positions(_held, _focus)


@st.cache_resource(show_spinner=False, max_entries=KEPT_VIEWS, hash_funcs=_HASH)
def _shown(
    key: tuple[Key, ...],  # noqa: ARG001 - what the cache goes by
    _held: GraphStore,
    _selection: Selection,
    _speaks: Language,
    _places: tuple[tuple[ViewTerritory, ...], Positions],
) -> Shown:
    answer = network_of(_held, _selection)
    return Shown(answer, view_from(_held, answer, _places[0], _speaks, _places[1]))


def pictured(held: GraphStore, on: Shown, canvas: CanvasState, compared: date | None) -> Pictured:
    """Return what the canvas draws of the network shown, and the same as tables."""
    measures = None
    if canvas.size != SIZES[0]:
        answer = on.answer
        measures = analysed(held, on, "measured", lambda watch: measured(answer, watch=watch))
    # Neither layout nor selection nor pins change what is drawn, only how.
    lasting = msgspec.structs.replace(canvas, layout="carte", chosen=(), pins=())
    question = (on.answer.selection, lasting, f"{compared}", settings())
    key = _key(held, on.view.language, *question)
    return _pictured(key, held, on, (lasting, compared, measures))


@st.cache_resource(show_spinner=False, max_entries=KEPT_VIEWS, hash_funcs=_HASH)
def _pictured(
    key: tuple[Key, ...],  # noqa: ARG001 - what the cache goes by
    _held: GraphStore,
    _on: Shown,
    _asked: tuple[CanvasState, date | None, Measured | None],
) -> Pictured:
    canvas, compared, measures = _asked
    focus = _on.answer.selection.focus
    base = _base(_key(_held, "", focus), _held, focus)
    frame = pd.DataFrame() if measures is None else measures.structures
    found = drawn(
        _held, _on.answer, Ground(_behind(_held), base, _on.view), canvas, compared, frame
    )
    sight = in_sight(found.view, canvas)
    speaks = sight.language
    rows = structure_rows(sight, _on.answer)
    return Pictured(
        view=found.view,
        chains=found.chains,
        sight=sight,
        structures=_listed(rows, structure_columns(sight), speaks),
        ties=_listed(tie_rows(sight), tie_columns(sight), speaks),
    )


def view_after(held: GraphStore, answer: NetworkAnswer, speaks: Language) -> ViewModel:
    """Return the view of what a simulation leaves, over the same polygons."""
    return view_from(held, answer, _behind(held), speaks)


def _listed(rows: list[Row], columns: tuple[str, ...], speaks: str) -> Listed:
    return Listed(rows, columns, frame_of(rows, columns, speaks))


@st.cache_resource(show_spinner=False, max_entries=4, hash_funcs=_HASH)
def _backdrop(
    key: tuple[Key, ...],  # noqa: ARG001 - what the cache goes by
    _held: GraphStore,
    _refs: tuple[str, ...],
) -> tuple[ViewTerritory, ...]:
    return backdrop_of(_held, _refs)


def sheet(held: GraphStore, structure: str, on: Shown, speaks: str) -> Sheet:
    """Return the sheet of a structure."""
    key = _key(held, speaks, structure, on.answer.selection, settings())
    return _sheet(key, held, structure, on)


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=_HASH)
def _sheet(key: tuple[Key, ...], _held: GraphStore, _structure: str, _on: Shown) -> Sheet:
    network, speaks = _on.answer.network, _speaks(key)
    found = sheet_of(
        _held,
        _structure,
        network.on,
        speaks,
        network,
        inherit=_on.answer.selection.inherit,
        restricted=settings().restricted,
    )
    measures = _measures_of(_held, _structure, _on)
    return with_surroundings(found, _held, _on.answer, measures, speaks)


def _speaks(key: tuple[Key, ...]) -> Language:
    return "en" if key[0].language == "en" else "fr"


def _measures_of(held: GraphStore, structure: str, on: Shown) -> dict[str, float | bool | None]:
    """Return the measures of a structure of the network shown; none where they would take long."""
    if len(on.answer.network.structures) > MOST_MEASURED:
        return {}
    if structure not in on.answer.network.structures:
        return {}
    found = analysed(held, on, "measured", lambda watch: measured(on.answer, watch=watch))
    if structure not in found.structures.index:
        return {}
    row = by_index(found.structures.loc[[structure]])[structure]
    return cast("dict[str, float | bool | None]", row)


def changes(held: GraphStore, focus: str | None, on: date, speaks: str) -> list[ChangeShown]:
    """Return what changed among the partners of `focus`."""
    return _changes(_key(held, speaks, f"{focus} {on}"), held, focus, on)


@st.cache_resource(show_spinner=False, max_entries=8, hash_funcs=_HASH)
def _changes(
    key: tuple[Key, ...], _held: GraphStore, _focus: str | None, _on: date
) -> list[ChangeShown]:
    return changes_of(_held, _focus, _on, key[0].language)


def analysed(held: GraphStore, on: Shown, what: str, make: Callable[[Watch], Result]) -> Result:
    """Return what `make` computes of the network shown; computed once, with progress.

    Parameters
    ----------
    held : GraphStore
        The store, whose revision is part of what the answer is kept by.
    on : Shown
        The network that is measured.
    what : str
        Which computation, parameters included.
    make : callable
        Computes it, and tells the watch given how far it is. The reader who changes something, or
        stops the page, stops it too.
    """
    selection = on.answer.selection
    key = b"".join(part.encoded() for part in _key(held, "", selection, what))
    return worked(key, text("page.analyse.computing", language()), make)


def worked(key: bytes, words: str, make: Callable[[Watch], Result]) -> Result:
    """Return what `make` computes, kept by `key`; with progress, under `words`.

    The reader who changes something, or stops the page, stops the computation at its next step.
    """
    kept = _analyses()
    if key not in kept:
        with progress_bar(words) as progress:
            found = make(Watch(progress=_seldom(progress)))
        kept[key] = found
        while len(kept) > KEPT_ANALYSES:
            kept.pop(next(iter(kept)), None)
    answer: Result = kept[key]
    return answer


@st.cache_resource(show_spinner=False)
def _analyses() -> dict[bytes, Any]:
    return {}


def _seldom(progress: Progress) -> Callable[[str, int, int], None]:
    """Pass on one step in a while: thousands a second would slow what they tell of."""
    last = monotonic()

    def step(stage: str, done: int, total: int) -> None:
        nonlocal last
        if monotonic() - last > PACE_SECONDS:
            last = monotonic()
            progress(f"analysis.metric.{stage}.name", done, total)

    return step


def tie_sheet(held: GraphStore, tie: ViewTie, on: Shown, speaks: str) -> TieSheet:
    """Return the sheet of a tie."""
    day = on.answer.selection.on
    return tie_sheet_of(held, tie, day, speaks, restricted=settings().restricted)
