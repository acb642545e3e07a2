"""How the canvas stands, to and from the URL: layout, colours, what is hidden, pinned, opened."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from graph.analysis.registry import METRICS
from graph.model import Record

Layout = Literal["carte", "reseau"]
LAYOUTS: tuple[Layout, ...] = ("carte", "reseau")
COLOURS = ("kind", "community", "status", "theme", "territory")
"""What structures can be coloured by, the first one by default."""

UNORDERED = frozenset({"community"})
SIZES = ("role", *(m.id for m in METRICS if m.kind == "structure" and m.id not in UNORDERED))
"""What structures can be sized by: their role, or a measure whose values have an order."""

DEEPEST = 3
"""Steps of the largest réseau proche."""

MOST = 200
"""Structures hidden, chosen, opened or pinned at most: an address has an end."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._\-]{0,119}")
_PIN = re.compile(r"(carte|reseau)~(-?\d{1,8})~(-?\d{1,8})~([A-Za-z0-9][A-Za-z0-9:._\-]{0,119})")


class Pin(Record, frozen=True):
    """A structure that a person put somewhere, in one layout.

    `x` and `y` are metres on the map, the layout's own units (:mod:`graph.analysis.layout`) in the
    network, y upwards, whole numbers.
    """

    layout: Layout
    id: str
    x: int
    y: int


class CanvasState(Record, frozen=True, kw_only=True):
    """What the canvas was asked.

    `chosen` are the structures of a multiple selection. `near` are the structures whose réseau
    proche of `depth` steps is shown alone; `path` the two ends of the chains looked at (`every`:
    also those a step longer); `opened` those whose neighbours outside the view were asked for.
    """

    layout: Layout = "carte"
    colour: str = COLOURS[0]
    size: str = SIZES[0]
    chosen: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    depth: int = 0
    path: tuple[str, ...] = ()
    every: bool = False
    opened: tuple[str, ...] = ()
    pins: tuple[Pin, ...] = ()


class Board(Record, frozen=True):
    """What people do on the canvas itself, as the browser sends it; `turn` counts what they do."""

    turn: int
    layout: Layout
    chosen: list[str]
    hidden: list[str]
    near: list[str]
    depth: int
    path: list[str]
    opened: list[str]
    pins: list[Pin]


_LISTS = (("choix", "chosen"), ("masque", "hidden"), ("proche", "near"), ("ouvert", "opened"))
_CHOICES = (("vue", "layout", LAYOUTS), ("couleur", "colour", COLOURS), ("taille", "size", SIZES))


def canvas_query(state: CanvasState) -> dict[str, str | list[str]]:
    """Return the URL parameters of `state`; what is as by default is left out."""
    query: dict[str, str | list[str]] = {
        name: getattr(state, field)
        for name, field, allowed in _CHOICES
        if getattr(state, field) != allowed[0]
    }
    query |= {name: list(found) for name, field in _LISTS if (found := getattr(state, field))}
    if state.near:
        query["profondeur"] = str(state.depth)
    if state.path:
        query["chemin"] = list(state.path)
        query |= {"chemins": "tous"} if state.every else {}
    if state.pins:
        query["fixe"] = [f"{pin.layout}~{pin.x}~{pin.y}~{pin.id}" for pin in state.pins]
    return query


def read_canvas(query: Mapping[str, Sequence[str]], dropped: list[str]) -> CanvasState:
    """Return what URL parameters ask; names of those left out are added to `dropped`."""
    found: dict[str, Any] = {}
    for name, field, allowed in _CHOICES:
        if name in query:
            value = query[name][0] if len(query[name]) == 1 else ""
            found |= {field: value} if value in allowed else {}
            dropped += [] if value in allowed else [name]
    for name, field in _LISTS:
        if name in query:
            found[field] = _ids(query[name])
            dropped += [name] if len(found[field]) < len(set(query[name])) else []
    found |= _near(query, found, dropped) | _path(query, dropped) | _pins(query, dropped)
    return CanvasState(**found)


def heard(value: object) -> Board | None:
    """Return what the browser sent if it has the form of a board, else None."""
    try:
        board = msgspec.convert(value, Board)
    except msgspec.ValidationError:
        return None
    lists = (board.chosen, board.hidden, board.near, board.path, board.opened)
    ids = [*(key for keys in lists for key in keys), *(pin.id for pin in board.pins)]
    small = all(len(keys) <= MOST for keys in (*lists, board.pins))
    sound = small and all(_ID.fullmatch(key) for key in ids)
    ends = len(set(board.path)) in {0, 2}
    return board if sound and ends and 0 <= board.depth <= DEEPEST else None


def with_board(state: CanvasState, board: Board) -> CanvasState:
    """Return `state` as people left it on the canvas."""
    path = tuple(board.path)
    return msgspec.structs.replace(
        state,
        layout=board.layout,
        chosen=tuple(board.chosen),
        hidden=tuple(board.hidden),
        near=tuple(board.near) if board.depth else (),
        depth=board.depth if board.near else 0,
        path=path,
        every=state.every and path == state.path,
        opened=tuple(board.opened),
        pins=tuple(board.pins),
    )


def _ids(values: Sequence[str]) -> tuple[str, ...]:
    sound = dict.fromkeys(value for value in values if _ID.fullmatch(value))
    return tuple(sound)[:MOST]


def _near(
    query: Mapping[str, Sequence[str]], found: Mapping[str, Any], dropped: list[str]
) -> dict[str, Any]:
    """Return the depth; without one, or without a centre, nothing is shown alone."""
    if "profondeur" not in query and "near" not in found:
        return {}
    value = next(iter(query.get("profondeur", ())), "")
    depth = int(value) if value in {str(step) for step in range(1, DEEPEST + 1)} else 0
    if depth and found.get("near"):
        return {"depth": depth}
    dropped.append("profondeur")
    return {"near": (), "depth": 0}


def _path(query: Mapping[str, Sequence[str]], dropped: list[str]) -> dict[str, Any]:
    if "chemin" not in query:
        return {}
    ends = _ids(query["chemin"])
    if len(ends) != 2:  # noqa: PLR2004 - a chain has two ends
        dropped.append("chemin")
        return {}
    return {"path": ends, "every": list(query.get("chemins", ())) == ["tous"]}


def _pins(query: Mapping[str, Sequence[str]], dropped: list[str]) -> dict[str, Any]:
    if "fixe" not in query:
        return {}
    read = [_PIN.fullmatch(value) for value in dict.fromkeys(query["fixe"])]
    pins = [Pin(hit[1], hit[4], int(hit[2]), int(hit[3])) for hit in read if hit]  # type: ignore[arg-type]
    dropped += ["fixe"] if len(pins) < len(read) else []
    return {"pins": tuple(pins[:MOST])}
