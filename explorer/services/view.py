"""The view of a selection, ready to be drawn: network, positions, polygons, words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import shapely

from explorer.selection import Selection
from explorer.services.network import NetworkAnswer, network_of
from explorer.services.unfolding import unfolded_view
from explorer.viewmodel.backdrop import backdrop, shape_of
from explorer.viewmodel.build import Words, build_view
from explorer.viewmodel.model import ViewModel, ViewTerritory
from explorer.viewmodel.placing import Geography, Placer, needed_territories
from graph.analysis.layout import Positions
from graph.errors import UsageError
from graph.identifiers import split_ref, territory_ref
from graph.model import Structure, Territory
from graph.projection import active
from graph.store.port import GraphStore, TerritoryQuery
from graph.vocabulary import LEVELS

Language = Literal["fr", "en"]


def view_of(
    store: GraphStore,
    selection: Selection,
    territories: tuple[ViewTerritory, ...],
    language: Language,
) -> ViewModel:
    """Return the view of `selection` over `territories` (see :func:`backdrop_of`).

    Raises
    ------
    UsageError
        The focus is not in the store.
    """
    answer = network_of(store, selection)
    return view_from(store, answer, territories, language)


def view_from(
    store: GraphStore,
    answer: NetworkAnswer,
    territories: tuple[ViewTerritory, ...],
    language: Language,
    base: Positions | None = None,
) -> ViewModel:
    """Return the view of a network already read.

    With `base` (:func:`explorer.services.unfolding.base_positions`) it can be drawn unfolded too.
    """
    shown = _shown(answer)
    placer = placer_of(store, answer)
    communes = frozenset(f"commune:{item.commune}" for item in shown if item.commune)
    words = Words(
        language=language,
        communes={item.code: item.name or item.code for item in _named(store, communes)},
        sources={item.id: item for item in store.sources()},
        territory_names=territory_names(store, answer.selection.territories),
    )
    unfolded = None if base is None else unfolded_view(answer, base)
    return build_view(answer, placer, territories, words, unfolded)


def placer_of(store: GraphStore, answer: NetworkAnswer) -> Placer:
    """Return what tells where the structures of `answer` stand."""
    return Placer(
        answer.structures,
        active(answer.memberships, answer.selection.on),
        Geography(_shapes(store, needed_territories(_shown(answer)))),
    )


def _shown(answer: NetworkAnswer) -> list[Structure]:
    shown = answer.network.structures | set(answer.supply) | set(answer.beyond)
    return [item for key, item in answer.structures.items() if key in shown]


def backdrop_of(store: GraphStore, refs: tuple[str, ...]) -> tuple[ViewTerritory, ...]:
    """Return the polygons behind the network: communes and arrondissements of `refs`.

    The other départements of the same regions are drawn around them, for orientation.
    """
    asked = frozenset(refs)
    looked_at = store.territories(TerritoryQuery(ids=asked, geometry=True))
    query = TerritoryQuery(
        levels=frozenset({"commune", "arrondissement"}), parents=asked, geometry=True
    )
    inside = [*store.territories(query), *looked_at]
    regions = frozenset(
        parent for item in looked_at for parent in item.parents if parent.startswith("region:")
    )
    around = _departements(store, regions) if regions else []
    return backdrop(inside, [item for item in around if item.id not in asked])


def _departements(store: GraphStore, regions: frozenset[str]) -> list[Territory]:
    query = TerritoryQuery(levels=frozenset({"departement"}), parents=regions, geometry=True)
    return store.territories(query)


def territory_names(store: GraphStore, refs: Iterable[str]) -> dict[str, str]:
    """Return the names of territories by reference; one without a name shows its reference."""
    wanted = frozenset(refs)
    return {item.id: item.name or item.id for item in _named(store, wanted)}


def resolve_territory(store: GraphStore, value: str) -> str:
    """Return the reference that a person means by ``LEVEL:CODE`` or by a bare code.

    Raises
    ------
    UsageError
        No such territory or level, or a bare code that several levels have.
    """
    level, code = split_ref(value)
    if code:
        if level not in LEVELS:
            raise UsageError("unknown_level", value=level, allowed=", ".join(LEVELS))
        if not store.territories(TerritoryQuery(ids=frozenset({value}))):
            raise UsageError("unknown_territory", value=value)
        return value
    found = store.territories(TerritoryQuery(codes=frozenset({value})))
    if not found:
        raise UsageError("unknown_territory", value=value)
    if len(found) > 1:
        choices = ", ".join(f"{item.id} ({item.name})" for item in found)
        raise UsageError("ambiguous_territory", value=value, choices=choices)
    return territory_ref(found[0].level, found[0].code)


def _named(store: GraphStore, refs: frozenset[str]) -> list[Territory]:
    return store.territories(TerritoryQuery(ids=refs)) if refs else []


def _shapes(store: GraphStore, refs: frozenset[str]) -> dict[str, shapely.Geometry]:
    if not refs:
        return {}
    found = store.territories(TerritoryQuery(ids=refs, geometry=True))
    shapes = {item.id: shape_of(item) for item in found}
    return {ref: shape for ref, shape in shapes.items() if shape is not None}
