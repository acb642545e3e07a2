"""What the filters offer, and whether what a link asks for exists in this store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from explorer.canvas_state import CanvasState, Pin
from explorer.selection import Selection
from explorer.settings import Settings
from explorer.view_state import ViewState, agreement_key, theme_id
from explorer.viewmodel.model import View
from graph.identifiers import fold, split_ref
from graph.messages import text
from graph.model import Cooperation, Territory
from graph.projection import insiders
from graph.store.port import GraphStore, StructureQuery, TerritoryQuery
from graph.vocabulary import KINDS, LEVELS, Status

_ON_CANVAS = {
    "choix": "chosen",
    "masque": "hidden",
    "proche": "near",
    "ouvert": "opened",
    "chemin": "path",
    "fixe": "pins",
}
"""Parameters that name structures of the canvas, and their fields."""
_WIDE_LEVELS = frozenset({"departement", "region", "set", "cpts"})
_ORDER = ("set", "cpts", "arrondissement", "intercommunalite", "departement", "region", "commune")


class Choice(View, frozen=True, kw_only=True):
    """A value that a filter offers, with its words."""

    value: str
    label: str


class Choices(View, frozen=True, kw_only=True):
    """What each filter offers, in the order in which people read it.

    `spellings` maps theme ids to every spelling that a source writes; `agreements` are the opaque
    ids of all agreements.
    """

    focuses: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    statuses: tuple[Choice, ...]
    territories: tuple[Choice, ...]
    themes: tuple[Choice, ...]
    spellings: dict[str, frozenset[str]]
    structures: int
    agreements: frozenset[str] = frozenset()


def choices_of(store: GraphStore, settings: Settings, language: str) -> Choices:
    """Return what the filters offer for what `store` holds."""
    counts = store.status().structures
    cooperations = store.cooperations()
    spellings = _themes(cooperations)
    return Choices(
        focuses=_focuses(store, settings.focus),
        kinds=tuple(_word("kind", kind, language) for kind in KINDS if counts.get(kind)),
        statuses=tuple(_word("status", str(status), language) for status in Status),
        territories=_territories(store, settings.territories, language),
        themes=tuple(
            Choice(value=key, label=min(written))
            for key, written in sorted(spellings.items(), key=lambda item: fold(min(item[1])))
        ),
        spellings=spellings,
        structures=sum(counts.values()),
        agreements=frozenset(agreement_key(item.id) for item in cooperations),
    )


def territory_choices(store: GraphStore, refs: Iterable[str], language: str) -> tuple[Choice, ...]:
    """Return the territories named by `refs` as a filter shows them; unknown ones are left out."""
    wanted = frozenset(refs)
    found = store.territories(TerritoryQuery(ids=wanted)) if wanted else []
    return tuple(_territory(item, language) for item in found)


def checked(
    store: GraphStore, state: ViewState, choices: Choices
) -> tuple[ViewState, tuple[str, ...]]:
    """Return `state` without what the store does not have, and the parameters left out.

    A link may come from anywhere, or from a day when the store held something else.
    """
    selection, dropped = state.selection, []
    ids = frozenset({selection.focus, state.selected} - {None})
    known = {item.id for item in store.structures(StructureQuery(ids=ids))} if ids else set()  # type: ignore[arg-type]
    changes: dict[str, object] = {}
    if selection.focus is not None and selection.focus not in known:
        changes["focus"] = next((item.value for item in choices.focuses), None)
        dropped.append("centre")
    refs = {item.value for item in territory_choices(store, selection.territories, state.language)}
    themes = selection.themes & frozenset(choices.spellings)
    kept = {"territories": frozenset(refs), "themes": themes}
    for field, name in (("territories", "territoires"), ("themes", "themes")):
        if kept[field] != getattr(selection, field):
            changes[field] = kept[field]
            dropped.append(name)
    selected = state.selected
    if selected is not None and selected not in known:
        selected = None
        dropped.append("fiche")
    agreement = state.agreement
    if agreement is not None and agreement not in choices.agreements:
        agreement = None
        dropped.append("convention")
    canvas, strange = _known_on_canvas(store, state.canvas)
    return (
        msgspec.structs.replace(
            state,
            selection=msgspec.structs.replace(selection, **changes),
            selected=selected,
            agreement=agreement,
            canvas=canvas,
        ),
        (*dropped, *strange),
    )


def _known_on_canvas(store: GraphStore, canvas: CanvasState) -> tuple[CanvasState, tuple[str, ...]]:
    """Return `canvas` without the structures that the store lacks, and what was left out."""
    named = {field: tuple(getattr(canvas, field)) for field in _ON_CANVAS.values()}
    ids = frozenset(_ident(item) for items in named.values() for item in items)
    if not ids:
        return canvas, ()
    known = {item.id for item in store.structures(StructureQuery(ids=ids))}
    if ids <= known:
        return canvas, ()
    kept: dict[str, Any] = {
        field: tuple(item for item in items if _ident(item) in known)
        for field, items in named.items()
    }
    kept["path"] = kept["path"] if kept["path"] == named["path"] else ()
    kept["depth"] = canvas.depth if kept["near"] else 0
    dropped = tuple(name for name, field in _ON_CANVAS.items() if kept[field] != named[field])
    return msgspec.structs.replace(canvas, **kept), dropped


def _ident(item: str | Pin) -> str:
    return item if isinstance(item, str) else item.id


def asked(selection: Selection, choices: Choices) -> Selection:
    """Return `selection` with its theme ids put back into the words that sources write."""
    written = (choices.spellings.get(key, frozenset()) for key in selection.themes)
    return msgspec.structs.replace(
        selection, themes=frozenset(word for words in written for word in words)
    )


def _word(area: str, key: str, language: str) -> Choice:
    return Choice(value=key, label=text(f"{area}.{key}", language))


def _themes(cooperations: Iterable[Cooperation]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for item in cooperations:
        for theme in item.themes:
            found.setdefault(theme_id(theme), set()).add(theme)
    return {key: frozenset(words) for key, words in found.items()}


def _focuses(store: GraphStore, focus: str) -> tuple[Choice, ...]:
    """Return the focus of the settings and its members; none if the store does not know it."""
    ids = [focus] + [item.member for item in insiders(store.memberships()) if item.group == focus]
    found = store.structures(StructureQuery(ids=frozenset(ids)))
    names = {item.id: item.name or item.id for item in found}
    if focus not in names:
        return ()
    return tuple(Choice(value=key, label=names[key]) for key in dict.fromkeys(ids) if key in names)


def _territories(store: GraphStore, around: tuple[str, ...], language: str) -> tuple[Choice, ...]:
    """Return named sets, départements and régions, and what the territory looked at is made of."""
    communes = store.territories(
        TerritoryQuery(levels=frozenset({"commune"}), parents=frozenset(around))
    )
    upper = frozenset(
        parent
        for item in communes
        for parent in item.parents
        if split_ref(parent)[0] in {"arrondissement", "intercommunalite"}
    )
    groups = store.territories(TerritoryQuery(ids=upper)) if upper else []
    wide = store.territories(TerritoryQuery(levels=_WIDE_LEVELS))
    ordered = sorted((*wide, *groups, *communes), key=_territory_order)
    return tuple(_territory(item, language) for item in ordered)


def _territory_order(item: Territory) -> tuple[int, str]:
    level = _ORDER.index(item.level) if item.level in _ORDER else len(LEVELS)
    return level, fold(item.name or item.code)


def _territory(item: Territory, language: str) -> Choice:
    level = text(f"level.{item.level}", language)
    return Choice(value=item.id, label=f"{item.name or item.code} · {level} {item.code}")
