"""Which kinds have a register loaded, and for which départements.

Without a register of a kind, that nobody is known somewhere says nothing: supply is unknown.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from graph.analysis.situation import Registers
from graph.identifiers import departement_of_commune
from graph.store.port import GraphStore, StructureQuery
from graph.vocabulary import KINDS
from loaders.sae.tables import TABLES, URGENCES

_NOT_IN_FINESS = frozenset(
    {"GHT", "SAS", "GROUPE", "FILIERE", "INSTITUTION", "URPS", "ASSOCIATION", "INSTANCE"}
)
_PARTLY_IN_FINESS = frozenset({"IMAGERIE", "MMG_SAMI", "RESEAU", "GESTIONNAIRE", "AUTRE"})
"""Most radiology has no FINESS category of its own; few networks and SAMI have a number."""

LOADER_KINDS: Mapping[str, tuple[str, ...]] = {
    "finess": tuple(k for k in KINDS if k not in _NOT_IN_FINESS | _PARTLY_IN_FINESS),
    "ght": ("GHT",),
    "cpts": ("CPTS",),
    "cms": ("CMS", "CDS"),
    "ehpad": ("EHPAD",),
    "cliniques": ("CLINIQUE",),
    "activites": ("HAD",),
}
"""Kinds of which a file of a loader lists all that exist. The bundled ecosystem and the register of
agreements list partners: they are no registers in this sense."""

TABLE_KINDS: Mapping[str, tuple[str, ...]] = {"had": ("HAD",), "id": ("HOPITAL", "CLINIQUE")}
"""The same for the tables of the SAE, loaded one by one."""

ACTIVITY_LOADERS: Mapping[str, tuple[str, ...]] = {"activites": (), "cms": ("CMS", "CDS")}
"""Loaders that say what every structure does, and of which kinds (empty: of all)."""

_TABLE_ACTIVITIES: Mapping[str, tuple[str, ...]] = {
    table.name.casefold(): (
        *((table.activity,) if table.activity else ()),
        *(("urgences_pediatriques",) if table is URGENCES else ()),
    )
    for table in TABLES
}

_DEPARTEMENT = re.compile(r"\d[\dAB]\d?")
_PRIVATE = frozenset({"CLINIQUE", "HOPITAL"})
_PRIVATE_CATEGORIES = frozenset({"365", "128", "129", "122", "109", "161"})


def registers_of(
    store: GraphStore, kinds: Collection[str], territories: frozenset[str]
) -> Registers:
    """Return which of `kinds` have a register loaded, with the départements that it is of.

    Parameters
    ----------
    store : GraphStore
        Its loads that are not undone are read.
    kinds : collection of str
        Kinds asked about.
    territories : frozenset of str
        Where: private hospitals whose legal status is not stated there are neither clinics nor
        hospitals for sure, and make both unknown in their département.
    """
    found: dict[str, set[str]] = defaultdict(set)
    everywhere: set[str] = set()
    for kind, departement in _listed(store):
        if departement is None:
            everywhere.add(kind)
        else:
            found[kind].add(departement)
    asked = {kind for kind in kinds if kind in found or kind in everywhere}
    doubtful = _undecided(store, territories) if asked & _PRIVATE else frozenset()
    return {
        kind: None
        if kind in everywhere
        else frozenset(found[kind])
        if kind not in _PRIVATE
        else frozenset(found[kind] - doubtful)
        for kind in sorted(asked)
    }


def activity_registers(store: GraphStore, registers: Registers, activity: str) -> Registers:
    """Return `registers` where a source of `activity` is loaded too.

    A list of hospitals does not say who has emergencies: without the feed of activities or the
    table of the SAE, that nobody is known to have them says nothing.
    """
    scopes = store.scopes()
    found: dict[str, set[str]] = defaultdict(set)
    everywhere: set[str] = set()
    for load in store.loads():
        if load.undone:
            continue
        kinds, parts = _activity_scope(load.loader, scopes[load.id], activity, registers)
        for kind in kinds:
            found[kind] |= parts or set()
            everywhere |= {kind} if parts is None else set()
    return {
        kind: scope
        if kind in everywhere
        else frozenset(found[kind])
        if scope is None
        else scope & found[kind]
        for kind, scope in registers.items()
    }


def _activity_scope(
    loader: str, parts: frozenset[str] | None, activity: str, kinds: Collection[str]
) -> tuple[Collection[str], set[str] | None]:
    """Return of which kinds a load says who has `activity`, and in which départements."""
    if loader == "sae":
        pairs = (part.partition(":")[::2] for part in parts or ())
        listed = {where for where, name in pairs if activity in _TABLE_ACTIVITIES.get(name, ())}
        return kinds, listed
    if loader not in ACTIVITY_LOADERS:
        return (), set()
    own = ACTIVITY_LOADERS[loader] or kinds
    return own, None if parts is None else {p for p in parts if _DEPARTEMENT.fullmatch(p)}


def _listed(store: GraphStore) -> Iterator[tuple[str, str | None]]:
    """Yield the kinds of which a load that holds lists all, with the département (None: all)."""
    scopes = store.scopes()
    for load in store.loads():
        if not load.undone:
            yield from _kinds_of(load.loader, scopes[load.id])


def _kinds_of(loader: str, parts: frozenset[str] | None) -> Iterator[tuple[str, str | None]]:
    for kind in LOADER_KINDS.get(loader, ()):
        if parts is None:
            yield kind, None
        for part in parts or ():
            # legal entities are a part of their own, ej:94, and no register of establishments
            if _DEPARTEMENT.fullmatch(part):
                yield kind, part
    for part in (parts or ()) if loader == "sae" else ():
        departement, _, table = part.partition(":")
        for kind in TABLE_KINDS.get(table, ()):
            yield kind, departement


def _undecided(store: GraphStore, territories: frozenset[str]) -> frozenset[str]:
    """Return the départements of private hospitals that may be clinics or not."""
    if not store.status().structures.get("unknown") or not territories:
        return frozenset()
    return frozenset(
        departement_of_commune(item.commune)
        for item in store.structures(StructureQuery(territories=territories))
        if item.kind is None and item.category in _PRIVATE_CATEGORIES and item.commune
    )
