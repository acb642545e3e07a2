"""Page « Conventions »: the register, the timeline, the queues, one agreement's sheet beside."""

from __future__ import annotations

from typing import Any

import msgspec
import streamlit as st

from explorer.register_state import LISTS, UNSTATED
from explorer.services.agreements import QUEUES, Register, narrowed, queued
from explorer.ui import page_answers, resources, session
from explorer.ui.agreements import parts
from explorer.ui.agreements.parts import say
from explorer.ui.frame import frame, speak
from explorer.ui.guard import guarded
from explorer.ui.looking import looked_at
from explorer.ui.plain import plain
from graph.messages import text
from graph.store.port import GraphStore
from graph.vocabulary import COOPERATION_TYPES

_PART, _TYPES, _WORDS = "w_list", "w_natures", "w_words"


def show() -> None:
    """Draw the page."""
    frame(text("page.title.agreements", session.language()))
    with guarded():
        _draw(resources.store())
    speak()


def _draw(store: GraphStore) -> None:
    st.header(text("page.title.agreements", session.language()), anchor=False)
    shown = looked_at(store)
    if shown is None:
        return
    register = page_answers.register(store, shown)
    st.caption(plain(f"{say('intro')} {shown.view.caption.date}."))
    if not register.rows:
        st.info(say("none"))
        return
    words, types = _narrow(register)
    rows = narrowed(register, types, words)
    waiting = {item.id: queued(rows, item.id) for item in QUEUES}
    part = _part({name: len(found) for name, found in waiting.items()})
    if not rows:
        st.info(say("no_match"))
    elif part in waiting:
        parts.queue(waiting[part], register, part)
    elif part == "frise":
        parts.frieze(rows, register)
    else:
        parts.table(rows, register)


def _narrow(register: Register) -> tuple[str, frozenset[str]]:
    """Ask for words and types; return them."""
    left, right = st.columns([0.45, 0.55], gap="medium")
    words = left.text_input(
        say("words"),
        key=_WORDS,
        placeholder=say("words_placeholder"),
        icon=":material/search:",
    )
    held = {row.record.type or UNSTATED for row in register.rows}
    chosen = session.state().register.types
    options = [name for name in (*COOPERATION_TYPES, UNSTATED) if name in held | chosen]
    _show(_TYPES, [name for name in options if name in chosen])
    right.multiselect(
        say("types"),
        options,
        key=_TYPES,
        format_func=lambda name: text(
            f"type.{'unknown' if name == UNSTATED else name}", session.language()
        ),
        placeholder=text("page.filter.any", session.language()),
        on_change=lambda: _change(types=frozenset(st.session_state[_TYPES])),
    )
    return words, session.state().register.types


def _part(counts: dict[str, int]) -> str:
    current = session.state().register.part
    _show(_PART, current)
    st.segmented_control(
        say("part"),
        LISTS,
        key=_PART,
        required=True,
        format_func=lambda name: _label(name, counts),
        label_visibility="collapsed",
        on_change=lambda: _change(part=st.session_state[_PART]),
    )
    return current


def _label(name: str, counts: dict[str, int]) -> str:
    if name not in counts:
        return say(f"part_{name}")
    return f"{say(f'queue.{name}.name')} ({counts[name]})"


def _show(key: str, value: object) -> None:
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def _change(**changes: Any) -> None:  # noqa: ANN401 - fields of RegisterState
    session.change(register=msgspec.structs.replace(session.state().register, **changes))
