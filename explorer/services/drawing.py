"""What the canvas draws: a view with what the reader opened, compared, coloured and sized."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

import msgspec
import pandas as pd

from explorer.canvas_state import CanvasState
from explorer.services.exploring import (
    Chains,
    chains_between,
    neighbours,
    whole_network,
    with_structures,
)
from explorer.services.network import NetworkAnswer, network_of
from explorer.services.styling import groups_of, measure_of
from explorer.services.view import view_from
from explorer.viewmodel.changes import CHANGES, ChangeWords, compared_view
from explorer.viewmodel.model import ViewModel, ViewTerritory
from explorer.viewmodel.styling import coloured, sized
from explorer.wording import day_in_words
from graph.analysis import metric
from graph.analysis.layout import Positions
from graph.messages import text
from graph.store.port import GraphStore

MOST_STRUCTURES = 5_000
MOST_TIES = 20_000
"""What the canvas draws at most; beyond, the page asks to narrow."""


class Drawn(NamedTuple):
    """The view to draw, and the chains asked for between two structures."""

    view: ViewModel
    chains: Chains


class Ground(NamedTuple):
    """The polygons behind, the positions of the layout *réseau*, the plain view on them."""

    territories: tuple[ViewTerritory, ...]
    base: Positions
    view: ViewModel


def drawn(
    store: GraphStore,
    answer: NetworkAnswer,
    ground: Ground,
    canvas: CanvasState,
    compared: date | None,
    measures: pd.DataFrame,
) -> Drawn:
    """Return what the canvas draws.

    Parameters
    ----------
    store : GraphStore
        Where the network comes from.
    answer : NetworkAnswer
        The network looked at.
    ground : Ground
        Where it is drawn, and the plain view of it.
    canvas : CanvasState
        What the reader asked of the canvas.
    compared : datetime.date or None
        The other day; None, or the day looked at: nothing is compared.
    measures : pandas.DataFrame
        Measures of `answer` by structure; read only where the canvas is sized by one.
    """
    territories, base, view = ground
    wider, chains = _wider(store, answer, canvas)
    if wider is not answer:
        view = view_from(store, wider, territories, view.language, base)
    answers = [answer]
    if compared is not None and compared != answer.selection.on:
        other = network_of(store, msgspec.structs.replace(answer.selection, on=compared))
        beside = view_from(store, other, territories, view.language, base)
        view = _compared(view, beside, compared, answer.selection.on)
        answers.append(other)
    if canvas.colour != "kind":
        view = coloured(view, groups_of(store, view, answers, canvas.colour))
    if canvas.size != "role":
        view = _sized(view, measures, canvas.size)
    return Drawn(view, chains)


def _wider(
    store: GraphStore, answer: NetworkAnswer, canvas: CanvasState
) -> tuple[NetworkAnswer, Chains]:
    """Return `answer` with the neighbours opened and what the chains pass, and the chains."""
    if not canvas.opened and not canvas.path:
        return answer, Chains()
    whole = whole_network(store, answer)
    wanted = set(neighbours(whole, canvas.opened)) if canvas.opened else set()
    chains = Chains()
    if canvas.path:
        ends = (canvas.path[0], canvas.path[1])
        chains = chains_between(answer, whole, ends, every=canvas.every)
        wanted |= {key for chain in chains.found for key in chain.nodes}
    return with_structures(answer, whole, wanted), chains


def _compared(view: ViewModel, other: ViewModel, day: date, on: date) -> ViewModel:
    first, last = (day_in_words(item, view.language) for item in sorted((day, on)))

    def say(key: str) -> str:
        return text(f"canvas.change.{key}", view.language, first=first, last=last)

    pairs = [(what, change) for what in ("node", "tie") for change in CHANGES]
    words = ChangeWords(
        title=say("title"),
        legend={(what, change): say(f"{what}_{change}") for what, change in pairs},
        one={(what, change): say(f"one_{what}_{change}") for what, change in pairs},
    )
    found = compared_view(view, other, words, other_is_earlier=day < on)
    caption = msgspec.structs.replace(found.caption, filters=(*found.caption.filters, say("title")))
    said = {entry.change: entry.count for entry in found.legend_changes if entry.what == "node"}
    summary = text(
        "canvas.change.summary",
        view.language,
        first=first,
        last=last,
        new=said.get("new", 0),
        ended=said.get("ended", 0),
    )
    described = f"{found.description} {summary}"
    return msgspec.structs.replace(
        found, caption=caption, description=described, notes=(*found.notes, summary)
    )


def _sized(view: ViewModel, measures: pd.DataFrame, size: str) -> ViewModel:
    found = sized(view, measure_of(view, measures, size))
    caveats = metric(size).caveat_texts(view.language)
    return msgspec.structs.replace(found, notes=(*found.notes, *caveats))


def too_many(view: ViewModel) -> bool:
    """Tell whether `view` is more than the canvas draws."""
    return len(view.nodes) > MOST_STRUCTURES or len(view.ties) > MOST_TIES


def near(view: ViewModel, of: Collection[str], depth: int) -> frozenset[str]:
    """Return the structures within `depth` steps of some along the ties of `view`."""
    beside: dict[str, set[str]] = {node.id: set() for node in view.nodes}
    for tie in view.ties:
        beside[tie.source].add(tie.target)
        beside[tie.target].add(tie.source)
    found = set(of) & set(beside)
    edge = found
    for _ in range(depth):
        edge = {other for key in edge for other in beside[key]} - found
        found |= edge
    return frozenset(found)


def in_sight(view: ViewModel, canvas: CanvasState) -> ViewModel:
    """Return `view` as the canvas shows it: without what is hidden, or the réseau proche alone."""
    kept = {node.id for node in view.nodes} - set(canvas.hidden)
    if canvas.near and canvas.depth:
        rest = msgspec.structs.replace(
            view,
            nodes=tuple(node for node in view.nodes if node.id in kept),
            ties=tuple(tie for tie in view.ties if {tie.source, tie.target} <= kept),
        )
        kept = set(near(rest, canvas.near, canvas.depth)) or kept
    if len(kept) == len(view.nodes):
        return view
    return msgspec.structs.replace(
        view,
        nodes=tuple(node for node in view.nodes if node.id in kept),
        ties=tuple(tie for tie in view.ties if {tie.source, tie.target} <= kept),
    )


def drawn_as(view: ViewModel) -> Mapping[str, str]:
    """Return the id under which each structure is drawn, main establishments included."""
    own = {node.id: node.id for node in view.nodes}
    return {key: node.id for node in view.nodes for key in node.stands_for} | own
