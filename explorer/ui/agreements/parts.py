"""Register, timeline and queues: what each part of the page « Conventions » draws."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from explorer.services.agreement_words import (
    REGISTER_COLUMNS,
    register_rows,
    status_word,
    why,
)
from explorer.services.agreements import Agreement, Register, title_of
from explorer.services.sheet_model import link_to
from explorer.ui import session
from explorer.ui import tables as frames
from explorer.ui.agreements.timeline_nodes import timeline_nodes
from explorer.ui.beside import follow, sheet_open
from explorer.ui.exports.link import export_button
from explorer.ui.opening import opened, page_link
from explorer.ui.panel import panel
from explorer.ui.tree import Node, el, opener
from explorer.viewmodel.timeline import timeline
from explorer.wording import day_in_words
from graph.messages import text

MOST_BARS = 200
_WIDE, _NARROW = 760.0, 420.0
_WIDTHS = {"title": 300, "partners": 220, "status": 190, "begins": 170, "term": 150}


def say(key: str, /, **params: object) -> str:
    """Return the message ``agreements.<key>`` in the reader's language."""
    return text(f"agreements.{key}", session.language(), **params)


def table(rows: Sequence[Agreement], register: Register) -> None:
    """Draw the register as a table; a row ticked opens the sheet of its agreement."""
    st.markdown(f"**{say('count', n=len(rows))}**")
    speaks = session.language()
    made = register_rows(rows, register.names, speaks)
    frame = frames.frame_of(made, REGISTER_COLUMNS, speaks)
    widths = {text(f"page.column.{name}", speaks): width for name, width in _WIDTHS.items()}
    chosen = frames.show(frame, key="register", ticked=True, widths=widths)
    follow(None if chosen is None else link_to(rows[chosen].record.id), "register")
    st.caption(say("table_hint"))
    _download(rows, register, "conventions")


def frieze(rows: Sequence[Agreement], register: Register) -> None:
    """Draw the timeline."""
    st.markdown(f"**{say('count', n=len(rows))}**")
    shown = rows[:MOST_BARS]
    drawn = timeline([(row.record, row.standing) for row in shown], register.on)
    width = _NARROW if sheet_open() else _WIDE
    nodes = timeline_nodes(drawn, shown, session.language(), width=width)
    _panel(nodes, "frieze")
    export_button("frise")
    if len(rows) > MOST_BARS:
        st.caption(say("first_bars", n=MOST_BARS))


def queue(rows: Sequence[Agreement], register: Register, name: str) -> None:
    """Draw a queue: its rule in words, then the agreements in it."""
    rule = el("p", say(f"queue.{name}.rule"), class_="rule")
    more = opener(say("rules"), page_link("methods", mesure=f"queue_{name}"))
    if not rows:
        _panel([rule, el("p", say("queue_none"), class_="muted"), el("p", more)], "queue")
        return
    items = [el("li", *_line(row, register, name)) for row in rows]
    _panel([rule, el("ul", *items, class_="todo"), el("p", more)], "queue")
    _download(rows, register, name)


def _download(rows: Sequence[Agreement], register: Register, name: str) -> None:
    """Offer `rows` as a file, without what is restricted, which is counted."""
    asked = session.settings().restricted
    kept = [row for row in rows if asked or row.record.id not in register.restricted]
    frames.download(
        say("download"),
        register_rows(kept, register.names, session.language()),
        REGISTER_COLUMNS,
        name=f"maillage-{name}-{register.on.isoformat()}.csv",
        key=f"download_{name}",
    )
    if len(kept) < len(rows):
        st.caption(say("left_out", n=len(rows) - len(kept)))


def _line(row: Agreement, register: Register, name: str) -> list[Node]:
    speaks = session.language()
    partners = ", ".join(register.names[key] for key in row.partners)
    label = status_word(row.status, speaks)
    said = [partners, label] if partners else [label]
    reason = why(row.record, row.standing, register.on, speaks)
    return [
        el("p", opener(title_of(row.record), link_to(row.record.id))),
        el("span", " · ".join(said), class_="muted"),
        el("span", _urgent(row, name) or reason, class_="note"),
    ]


def _urgent(row: Agreement, name: str) -> str | None:
    """Return what makes a row of this queue urgent: the last day of notice, or the term."""
    if name == "preavis" and row.deadline is not None:
        return say("due.notice", day=day_in_words(row.deadline, session.language()))
    term = row.standing.term if row.standing else None
    if name == "a_renouveler" and term is not None:
        return say("due.lapse", day=day_in_words(term, session.language()))
    return None


def _panel(nodes: list[Node], key: str) -> None:
    panel(nodes, key=key, subject=key, language=session.language(), on_open=opened)
