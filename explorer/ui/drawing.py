"""The canvas of the page *Réseau et carte*: its controls, and what people do on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import msgspec
import streamlit as st

from explorer.canvas.component import Handling, Pick, canvas
from explorer.canvas_state import COLOURS, SIZES, Board, with_board
from explorer.services.drawing import MOST_STRUCTURES, MOST_TIES, drawn_as, too_many
from explorer.ui import resources, session
from explorer.ui.filters import say
from explorer.ui.plain import plain
from explorer.wording import day_in_words, number_in_words
from graph.analysis import metric
from graph.messages import text

MAP_HEIGHT = 600
MOST_OFFERED = 3
_TURN = "maillage_turn"


def draw(found: resources.Pictured) -> None:
    """Draw the canvas, or say why there is too much to draw and how to narrow it."""
    if too_many(found.view):
        _narrow(found)
        return
    state = session.state()
    shown_as = drawn_as(found.view)
    paths = tuple(
        tuple(dict.fromkeys(shown_as[key] for key in chain.nodes if key in shown_as))
        for chain in found.chains.found
    )
    handling = Handling(state.canvas, st.session_state.get(_TURN, 0), _arranged, paths)
    canvas(
        found.view,
        key="canvas",
        height=MAP_HEIGHT,
        selected=_selected(shown_as),
        on_pick=picked,
        handling=handling,
    )


def _selected(shown_as: Mapping[str, str]) -> Pick | None:
    state = session.state()
    if state.selected:
        return Pick("node", shown_as.get(state.selected, state.selected))
    return Pick("tie", state.tie) if state.tie else None


def picked(pick: Pick) -> None:
    """Open the sheet of what was picked on a drawing, unless several were chosen there since."""
    if pick.turn and not _is_latest(pick.turn) and session.state().canvas.chosen:
        session.keep(session.state())  # heard all the same: the link is late, and is not to be read
        return
    alter(chosen=())
    if pick.kind == "node":
        session.open_sheet(pick.id)
    else:
        session.change(selected=None, tie=pick.id or None, agreement=None)


def _arranged(board: Board) -> None:
    now = session.state().canvas
    new = with_board(now, board)
    if not _is_latest(board.turn):
        new = msgspec.structs.replace(new, chosen=now.chosen)
    session.change(canvas=new)
    if new.chosen:
        session.close_sheet()


def _is_latest(turn: int) -> bool:
    """Note that `turn` was heard; tell whether nothing later was.

    What was done twice in a moment is heard in one run, in whatever order.
    """
    heard: int = st.session_state.get(_TURN, 0)
    st.session_state[_TURN] = max(turn, heard)
    return turn >= heard


def alter(**changes: object) -> None:
    """Change how the canvas stands."""
    now = session.state().canvas
    session.change(canvas=msgspec.structs.replace(now, **changes))


def controls() -> None:
    """Draw what structures are coloured and sized by, and the day compared with."""
    with st.container(horizontal=True, gap="small", key="canvas_controls"):
        with st.popover(say("drawing.looks"), icon=":material/palette:", key="looks"):
            _choice("colour", COLOURS)
            _choice("size", SIZES)
        day = session.state().compared
        said = "" if day is None else day_in_words(day, session.language())
        label = say("drawing.dates") if day is None else say("drawing.dates_on", day=said)
        with st.popover(label, icon=":material/compare_arrows:", key="compare"):
            _other_day()


def _choice(field: str, options: tuple[str, ...]) -> None:
    key = f"w_canvas_{field}"
    value = getattr(session.state().canvas, field)
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    st.selectbox(
        say(f"drawing.{field}"),
        options,
        key=key,
        format_func=_colour_name if field == "colour" else _size_name,
        help=say(f"drawing.{field}_help"),
        on_change=lambda: alter(**{field: st.session_state[key]}),
    )


def _colour_name(colour: str) -> str:
    return text(f"canvas.colour.{colour}", session.language())


def _size_name(size: str) -> str:
    return say("drawing.size_role") if size == SIZES[0] else metric(size).name(session.language())


def _other_day() -> None:
    key = "w_canvas_compared"
    state = session.state()
    if st.session_state.get(key) != state.compared:
        st.session_state[key] = state.compared
    st.date_input(
        say("drawing.other_day"),
        value=None,
        key=key,
        format="DD/MM/YYYY",
        min_value=session.FIRST_DAY,
        max_value=session.LAST_DAY,
        help=say("drawing.other_day_help"),
        on_change=lambda: session.change(compared=st.session_state[key]),
    )
    if state.compared == state.selection.on:
        st.caption(say("drawing.same_day"))
    if state.compared is not None:
        st.button(
            say("drawing.no_comparison"),
            key="no_comparison",
            on_click=session.change,
            kwargs={"compared": None},
        )


def _narrow(found: resources.Pictured) -> None:
    """Say that there is too much to draw, and offer what would leave less."""
    speaks, view = session.language(), found.view
    counts = {
        "nodes": len(view.nodes),
        "ties": len(view.ties),
        "most_nodes": MOST_STRUCTURES,
        "most_ties": MOST_TIES,
    }
    words = {name: number_in_words(count, speaks) for name, count in counts.items()}
    st.warning(plain(say("drawing.too_many", **words)))
    st.write(say("drawing.too_many_advice"))
    selection = session.state().selection
    with st.container(horizontal=True):
        for field, off in (("supply", False), ("inherit", False)):
            if getattr(selection, field) is not off:
                _offer(say(f"drawing.narrow_{field}"), **{field: off})
        for kind, n in Counter(node.kind for node in view.nodes).most_common(MOST_OFFERED):
            if kind != "unknown" and selection.kinds != {kind}:
                label = text(f"kind.{kind}", speaks)
                words = {"kind": label, "n": number_in_words(n, speaks)}
                _offer(say("drawing.narrow_kind", **words), kinds=frozenset({kind}))


def _offer(label: str, **changes: object) -> None:
    name = "_".join(f"{field}_{value}" for field, value in changes.items())
    st.button(plain(label), key=f"narrow_{name}", on_click=session.select, kwargs=changes)
