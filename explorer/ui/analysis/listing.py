"""Structures as lists whose names open their sheet, and what a departure does to them."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from explorer.palette import mark
from explorer.services.analysis_departure import Departure
from explorer.services.analysis_words import name_in
from explorer.services.network import NetworkAnswer
from explorer.ui import session
from explorer.ui.analysis.explain import explain, say
from explorer.ui.opening import opened
from explorer.ui.panel import panel
from explorer.ui.plain import plain
from explorer.ui.tree import Node, el, icon, opener
from explorer.wording import joined
from graph.analysis import reading
from graph.messages import text


def listed(nodes: list[Node], key: str) -> None:
    """Draw a list under the name `key`; a name pressed opens its sheet."""
    panel(
        nodes,
        key=f"analyse_{key}",
        subject=key,
        language=session.language(),
        on_open=opened,
    )


def structures(answer: NetworkAnswer, keys: Iterable[str]) -> Node:
    """Return structures as a list."""
    return el("ul", *(el("li", *structure(answer, key)) for key in keys), class_="plain")


def structure(answer: NetworkAnswer, key: str) -> tuple[Node, ...]:
    """Return the symbol and the name of a structure."""
    item = answer.structures.get(key)
    drawn = mark(item.kind if item else None)
    return icon(drawn.symbol, drawn.colour), opener(name_in(answer, key), key)


def effects(answer: NetworkAnswer, found: Departure, key: str) -> None:
    """Draw whom a departure cuts off, who is no partner any more, and what territories lose."""
    speaks = session.language()
    cut_off = [str(node) for node in found.removal.cut_off]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.write(plain(reading("cut_off", len(cut_off), speaks)))
        explain("cut_off", place=f"_{key}", named=False)
    if cut_off:
        listed([structures(answer, cut_off)], f"{key}_cut_off")
    if left := sorted(set(found.former) - set(cut_off)):
        st.write(say("former", n=len(left)))
        listed([structures(answer, left)], f"{key}_former")
    if found.losses:
        st.write(say("losses", n=len(found.losses)))
        listed([_losses(answer, found)], f"{key}_losses")


def _losses(answer: NetworkAnswer, found: Departure) -> Node:
    speaks = session.language()
    lines: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (territory, kind), who in found.losses.items():
        lines.setdefault((kind, who), []).append(found.places.get(territory, territory))
    items = [
        el(
            "li",
            el("strong", text(f"kind.{kind}", speaks)),
            el("span", say("loss", places=joined(sorted(where), speaks))),
            *(part for key in who for part in structure(answer, key)),
        )
        for (kind, who), where in lines.items()
    ]
    return el("ul", *items, class_="hits")
