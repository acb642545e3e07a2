"""The canvas on a page: mounts the packaged component and hears what people pick on it."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple

import msgspec
import streamlit as st

from explorer.canvas.change import change
from explorer.canvas.payload import backdrop, board, frame, network
from explorer.canvas_state import Board, CanvasState
from explorer.canvas_state import heard as heard_board
from explorer.viewmodel.model import ViewModel

COMPONENT = "maillage.canvas"
DEFAULT_HEIGHT = 640
PACKING = 1
"""Level of compression: the quickest."""


class Pick(msgspec.Struct, frozen=True, omit_defaults=True):
    """What someone picked: a structure, a tie, or nothing (`id` is then empty).

    `turn` counts what was done on the canvas up to it, where it can be arranged.
    """

    kind: Literal["node", "tie", "none"]
    id: str
    turn: int = 0


class Handling(NamedTuple):
    """What people did on the canvas so far, and who hears what they do next.

    `turn` is the number of the last thing heard (:class:`explorer.canvas_state.Board`); `paths` are
    chains of ids to show.
    """

    state: CanvasState
    turn: int
    on_board: Callable[[Board], None]
    paths: tuple[tuple[str, ...], ...] = ()


class _Part(NamedTuple):
    digest: str
    content: bytes


def canvas(
    view: ViewModel,
    *,
    key: str = "canvas",
    height: int = DEFAULT_HEIGHT,
    selected: Pick | None = None,
    on_pick: Callable[[Pick], None] | None = None,
    handling: Handling | None = None,
) -> Pick | None:
    """Draw `view` as an interactive canvas.

    Parameters
    ----------
    view : ViewModel
        What to draw.
    key : str
        Fixed name of this canvas: camera and focus of the keyboard survive reruns under it.
    height : int
        Height of the map in pixels; title, legend and caption come on top.
    selected : Pick, optional
        What to highlight; the page decides, so that a list or the URL can choose too.
    on_pick : callable, optional
        Called before the page runs again, with what was picked.
    handling : Handling, optional
        Lets people arrange the canvas (layout, multiple selection, hide, pin…); without it, the
        canvas shows the map and can only be picked from.

    Returns
    -------
    Pick or None
        What was picked just now; None on a run that no pick caused.
    """
    mount = _component()
    parts = _sent(view, key)
    data = {
        "key": key,
        "height": height,
        "frame": frame(view, handling.state.layout if handling else "carte"),
        "parts": {name: part.digest for name, part in parts.items()},
        "selected": msgspec.to_builtins(selected) if selected and selected.id else None,
        "board": board(handling.state) if handling else None,
        "turn": handling.turn if handling else 0,
        "paths": [list(path) for path in handling.paths] if handling else [],
    }

    def heard() -> None:
        pick = _pick(st.session_state[key].get("pick"))
        if pick is not None and on_pick is not None:
            on_pick(pick)

    def arranged() -> None:
        found = heard_board(st.session_state[key].get("board"))
        if found is not None and handling is not None:
            handling.on_board(found)

    with st.container(gap=None):
        result = mount(key=key, data=data, on_pick_change=heard, on_board_change=arranged)
        for name, part in parts.items():
            # Mounted apart: Streamlit sends a large message again only when it changes.
            mount(key=f"{key}-{name}", data=part.digest.encode() + part.content, height=1)
    return _pick(result.get("pick"))


@cache
def _component() -> Any:  # noqa: ANN401 - Streamlit's renderer, which AppTest replaces
    return st.components.v2.component(COMPONENT, js="main.js", css="canvas.css")


def _sent(view: ViewModel, key: str) -> dict[str, _Part]:
    """Return the parts of `view` as the browser of this session is to have them.

    The network that it got first stays, and what differs from it is sent beside, until that is too
    much.
    """
    base = st.session_state.setdefault(f"{key}_base", view)
    differs = {} if base is view else _change(base, view)
    if differs is None:
        st.session_state[f"{key}_base"] = base = view
    return {"network": _network(base), "backdrop": _backdrop(view), **(differs or {})}


@lru_cache(maxsize=32)
def _change(base: ViewModel, view: ViewModel) -> dict[str, _Part] | None:
    """Return the part that makes `view` of `base`, if one is needed; None: all had better go."""
    found = change(base, view)
    if found is None:
        return None
    differs = any((*found["gone"].values(), *found["put"].values()))
    return {"change": _encode(found)} if differs else {}


@lru_cache(maxsize=16)
def _network(view: ViewModel) -> _Part:
    return _encode(network(view))  # a rerun with the same view costs nothing


@lru_cache(maxsize=16)
def _backdrop(view: ViewModel) -> _Part:
    return _encode(backdrop(view))


def _encode(content: dict[str, Any]) -> _Part:
    encoded = msgspec.json.encode(content)
    packed = gzip.compress(encoded, PACKING, mtime=0)  # a tenth of the size, over a slow network
    return _Part(hashlib.blake2b(encoded, digest_size=16).hexdigest(), packed)


def _pick(value: Any) -> Pick | None:  # noqa: ANN401 - comes from the browser
    """Return what the browser sent if it is a pick, else None: nothing from there is trusted."""
    try:
        return msgspec.convert(value, Pick)
    except msgspec.ValidationError:
        return None
