"""What a person looks at, to and from the URL, so that a link restores the view.

Only opaque ids, dates and switches go into the URL: never a name or a theme as written. What comes
from a URL is text from anybody: each value is taken only if it has the form expected here, and the
ids are checked against the store afterwards (:func:`explorer.services.choices.checked`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import blake2s
from typing import Any, Literal, cast

import msgspec

from explorer.canvas_state import CanvasState, canvas_query, read_canvas
from explorer.cover_state import CoverState, cover_query, read_cover
from explorer.export_state import ExportState, export_query, read_export
from explorer.register_state import RegisterState, read_register, register_query
from explorer.selection import Selection
from graph.identifiers import fold
from graph.messages import LANGUAGES
from graph.vocabulary import KINDS, LEVELS, Status

NO_FOCUS = "tous"
"""Value of ``centre`` when no structure is at the centre."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._\-]{0,119}")
_TIE = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._\-]{0,239}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,59}")
_THEME = re.compile(r"[0-9a-f]{8}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEARS = range(1900, 2201)
_SWITCHES = (("instances", "instances"), ("contacts", "contacts"), ("offre", "supply"))
_LISTS = (
    ("types", "kinds"),
    ("territoires", "territories"),
    ("statuts", "statuses"),
    ("themes", "themes"),
)
_AGREEMENT = re.compile(r"[0-9a-f]{12}")
_SIMULATED = (("retrait", "removed", _ID), ("fin", "ended", _AGREEMENT))
_DAYS = (("comparer", "compared"), ("echeance", "lapse"))

PARTS = ("a_traiter", "signatures", "classement", "reseau", "simulation", "dates")
"""Parts of the page *Analyse*, the first one by default."""


Language = Literal["fr", "en"]


class ViewState(msgspec.Struct, frozen=True, kw_only=True):
    """The selection, the structure or tie whose sheet is open, and the language.

    `themes` of the selection hold theme ids (:func:`theme_id`), not words. `tie` is the id of a
    tie of the view, ``a--b``; `agreement` the opaque id (:func:`agreement_key`) of the agreement
    whose sheet is open. Of these three at most one is set. `canvas` is how the canvas stands,
    `compared` the day that canvas and page *Analyse* compare with. `cover` is what *Couverture*
    was asked, `register` what *Conventions* and *Méthode* were asked, `export` what *Exports* was.
    The rest is what the
    page *Analyse* was asked: its part, the structures and agreements (:func:`agreement_key`) taken
    away in the simulation, the day before which agreements lapse.
    """

    selection: Selection
    language: Language
    selected: str | None = None
    tie: str | None = None
    agreement: str | None = None
    part: str = PARTS[0]
    removed: frozenset[str] = frozenset()
    ended: frozenset[str] = frozenset()
    compared: date | None = None
    lapse: date | None = None
    cover: CoverState = CoverState()
    register: RegisterState = RegisterState()
    export: ExportState = ExportState()
    canvas: CanvasState = CanvasState()


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a URL says: the state, and the names of the parameters that were left out."""

    state: ViewState
    dropped: tuple[str, ...] = ()


def theme_id(theme: str) -> str:
    """Return the opaque id of a theme: the same for spellings that fold alike."""
    return blake2s(fold(theme).encode(), digest_size=4).hexdigest()


def agreement_key(agreement: str) -> str:
    """Return the opaque id of an agreement: a register may number them as it likes."""
    return blake2s(agreement.encode(), digest_size=6).hexdigest()


def to_query(state: ViewState, default: ViewState) -> dict[str, str | list[str]]:
    """Return the URL parameters of `state`; what is as by default is left out."""
    now, base = state.selection, default.selection
    query: dict[str, str | list[str]] = {}
    if now.focus != base.focus:
        query["centre"] = now.focus or NO_FOCUS
    if now.on != base.on:
        query["date"] = now.on.isoformat()
    for name, field in _LISTS:
        if values := sorted(getattr(now, field)):
            query[name] = values
    if not now.inherit:
        query["rattachement"] = "0"
    query |= {name: "1" for name, field in _SWITCHES if getattr(now, field)}
    if state.selected:
        query["fiche"] = state.selected
    elif state.tie:
        query["lien"] = state.tie
    elif state.agreement:
        query["convention"] = state.agreement
    query |= _asked_of_analysis(state)
    query |= cover_query(state.cover)
    query |= register_query(state.register)
    query |= export_query(state.export)
    query |= canvas_query(state.canvas)
    if state.language != default.language:
        query["lang"] = state.language
    return query


def _asked_of_analysis(state: ViewState) -> dict[str, str | list[str]]:
    query: dict[str, str | list[str]] = {}
    if state.part != PARTS[0]:
        query["volet"] = state.part
    for name, field, _ in _SIMULATED:
        if values := sorted(getattr(state, field)):
            query[name] = values
    for name, field in _DAYS:
        if day := getattr(state, field):
            query[name] = day.isoformat()
    return query


def from_query(query: Mapping[str, Sequence[str]], default: ViewState) -> Reading:
    """Return the state that URL parameters ask for, starting from `default`.

    Parameters
    ----------
    query : mapping of name to values
        Parameters as decoded from the URL.
    default : ViewState
        What holds where the URL says nothing.
    """
    dropped: list[str] = []
    changes: dict[str, object] = {}
    if "centre" in query:
        focus = _one(query, "centre", _ID, dropped)
        changes |= {"focus": None if focus == NO_FOCUS else focus} if focus else {}
    if "date" in query:
        day = _day(_one(query, "date", _DAY, dropped))
        changes |= {"on": day} if day else {}
        dropped += [] if day else ["date"]
    for name, field in _LISTS:
        if name in query:
            kept = frozenset(item for item in query[name] if _allowed(name, item))
            changes[field] = kept
            dropped += [name] if len(kept) < len(set(query[name])) else []
    changes |= {field: True for name, field in _SWITCHES if list(query.get(name, ())) == ["1"]}
    changes |= {"inherit": False} if list(query.get("rattachement", ())) == ["0"] else {}
    selected = _one(query, "fiche", _ID, dropped) if "fiche" in query else default.selected
    tie = _one(query, "lien", _TIE, dropped) if "lien" in query else default.tie
    agreement = _one(query, "convention", _AGREEMENT, dropped) if "convention" in query else None
    language = _one(query, "lang", _CODE, dropped) if "lang" in query else default.language
    if language not in LANGUAGES:
        dropped.append("lang")
        language = default.language
    state = ViewState(
        selection=msgspec.structs.replace(default.selection, **changes),
        language=cast("Language", language),
        selected=selected,
        tie=None if selected else tie,
        agreement=None if selected or tie else agreement,
        **_analysis(query, dropped),
        cover=read_cover(query, dropped),
        register=read_register(query, dropped),
        export=read_export(query, dropped),
        canvas=read_canvas(query, dropped),
    )
    return Reading(state=state, dropped=tuple(dict.fromkeys(dropped)))


def _analysis(query: Mapping[str, Sequence[str]], dropped: list[str]) -> dict[str, Any]:
    """Return the fields of the page *Analyse* that the URL gives."""
    found: dict[str, Any] = {}
    if "volet" in query:
        part = _one(query, "volet", _CODE, dropped)
        found |= {"part": part} if part in PARTS else {}
        dropped += [] if part in PARTS else ["volet"]
    for name, field, form in _SIMULATED:
        if name in query:
            found[field] = frozenset(item for item in query[name] if form.fullmatch(item))
            dropped += [name] if len(found[field]) < len(set(query[name])) else []
    for name, field in _DAYS:
        if name in query:
            found[field] = _day(_one(query, name, _DAY, dropped))
            dropped += [] if found[field] else [name]
    return found


def _one(
    query: Mapping[str, Sequence[str]], name: str, form: re.Pattern[str], dropped: list[str]
) -> str | None:
    values = query[name]
    if len(values) == 1 and form.fullmatch(values[0]):
        return values[0]
    dropped.append(name)
    return None


def _day(value: str | None) -> date | None:
    try:
        day = date.fromisoformat(value) if value else None
    except ValueError:
        return None
    return day if day and day.year in _YEARS else None


def _allowed(name: str, value: str) -> bool:
    if name == "types":
        return value in KINDS
    if name == "statuts":
        return value in set(Status)
    if name == "themes":
        return _THEME.fullmatch(value) is not None
    level, _, code = value.partition(":")
    return level in LEVELS and _CODE.fullmatch(code) is not None
