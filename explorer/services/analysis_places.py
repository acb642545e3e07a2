"""In which territories a partner counts: those it covers, else the one it stands in."""

from __future__ import annotations

from collections.abc import Iterable

from graph.identifiers import split_ref
from graph.model import Structure, Territory
from graph.store.port import GraphStore, TerritoryQuery


def served(
    store: GraphStore, structures: Iterable[Structure], level: str
) -> dict[str, tuple[str, ...]]:
    """Return the territories of `level` that each structure serves, sorted.

    A perimeter or zone of intervention is taken where one is stated, else the commune. A wider
    territory counts for all that it is made of. A structure without either is left out.
    """
    stated = {item.id: refs for item in structures if (refs := _stated(item))}
    known = _known(store, {ref for refs in stated.values() for ref in refs})
    communes = {ref for item in known.values() for ref in item.members} - set(known)
    known |= _known(store, communes)
    wide = frozenset(ref for ref, item in known.items() if item.level not in {level, "commune"})
    query = TerritoryQuery(levels=frozenset({level}), parents=wide)
    below = store.territories(query) if wide else []
    found = {}
    for key, refs in stated.items():
        here = {place for ref in refs for place in _places(ref, level, known, below)}
        if here:
            found[key] = tuple(sorted(here))
    return found


def _stated(item: Structure) -> tuple[str, ...]:
    return item.covers or ((f"commune:{item.commune}",) if item.commune else ())


def _known(store: GraphStore, refs: set[str]) -> dict[str, Territory]:
    query = TerritoryQuery(ids=frozenset(refs))
    return {item.id: item for item in store.territories(query)} if refs else {}


def _places(
    ref: str, level: str, known: dict[str, Territory], below: Iterable[Territory]
) -> set[str]:
    """Return the territories of `level` in or around `ref`."""
    item = known.get(ref)
    if item is None or item.level == level:
        return {ref} if item is not None else set()
    parents = {parent for parent in item.parents if split_ref(parent)[0] == level}
    inside = {part.id for part in below if ref in part.parents}
    members = {
        place
        for member in item.members
        if member in known
        for place in _places(member, level, known, below)
    }
    return (parents if item.level == "commune" else inside) | members
