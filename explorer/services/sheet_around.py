"""Where a structure stands in the network on screen: its territories, neighbours and measures."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from explorer.services.analysis_words import name_in
from explorer.services.network import NetworkAnswer
from explorer.services.sheet_model import Entry, Sheet
from explorer.view_state import Language
from graph.analysis import metric, said_value
from graph.identifiers import fold, split_ref
from graph.messages import text
from graph.projection import Tie
from graph.store.port import GraphStore, TerritoryQuery
from graph.vocabulary import LEVELS

MEASURES = ("degree", "strength", "betweenness", "closeness", "constraint", "is_cut_point")
"""Measures of the registry that a sheet shows; the page *Analyse* has all of them."""
MOST_MEASURED = 1_000
"""Above so many structures the sheet does not wait for measures."""


def with_surroundings(
    sheet: Sheet,
    store: GraphStore,
    answer: NetworkAnswer,
    measures: Mapping[str, float | bool | None],
    language: Language,
) -> Sheet:
    """Return `sheet` with its place, its neighbours in the network and its `measures` (by id)."""
    return msgspec.structs.replace(
        sheet,
        place=_place(sheet.id, store, answer, language),
        neighbours=_neighbours(sheet.id, answer, language),
        measures=tuple(
            Entry(label=metric(key).name(language), text=said_value(key, measures[key], language))
            for key in MEASURES
            if key in measures
        ),
    )


def _place(
    key: str, store: GraphStore, answer: NetworkAnswer, language: Language
) -> tuple[Entry, ...]:
    """Return the territories around its commune, the smallest first."""
    item = answer.structures.get(key)
    if item is None or item.commune is None:
        return ()
    found = store.territories(TerritoryQuery(ids=frozenset({f"commune:{item.commune}"})))
    refs = frozenset(ref for commune in found for ref in commune.parents)
    around = store.territories(TerritoryQuery(ids=refs)) if refs else []
    return tuple(
        Entry(label=text(f"level.{territory.level}", language), text=territory.name or territory.id)
        for territory in sorted(around, key=lambda item: LEVELS.index(split_ref(item.id)[0]))
    )


def _neighbours(key: str, answer: NetworkAnswer, language: Language) -> tuple[Entry, ...]:
    ties = {(tie.b if tie.a == key else tie.a): tie for tie in _strongest(key, answer)}
    order = sorted(ties, key=lambda other: fold(name_in(answer, other)))
    return tuple(
        Entry(label=_tie_words(ties[other], language), text=name_in(answer, other), link=other)
        for other in order
    )


def _strongest(key: str, answer: NetworkAnswer) -> list[Tie]:
    """Return the ties of a structure, those of agreements last, so that they are kept."""
    mine = [tie for tie in answer.network.ties if key in {tie.a, tie.b}]
    return sorted(mine, key=lambda tie: tie.kind == "cooperation")


def _tie_words(tie: Tie, language: Language) -> str:
    if tie.kind == "membership":
        return text("type.membership", language)
    said = text("view.agreements", language, n=len(tie.cooperations))
    return f"{said}, {text(f'via.{tie.via}', language)}" if tie.via else said
