"""Who signed with whom: partners against the group's own entities."""

from __future__ import annotations

import streamlit as st

from explorer.services.analysis_tables import entity_headings, matrix_rows
from explorer.ui import resources, session
from explorer.ui import tables as frames
from explorer.ui.analysis.explain import say
from explorer.ui.beside import tickable
from graph.analysis.matrix import signature_matrix
from graph.store.port import GraphStore

ENTITY_WIDTH = 125


def matrix(store: GraphStore, shown: resources.Shown) -> None:
    """Draw the part."""
    answer, speaks = shown.answer, session.language()
    found = resources.analysed(
        store,
        shown,
        "matrix",
        lambda _: signature_matrix(answer.network, answer.structures, answer.cooperations),
    )
    if not found.rows:
        st.info(say("needs_focus" if answer.network.focus is None else "no_partner"))
        return
    st.caption(say("matrix_hint"))
    headings = entity_headings(answer, found, speaks)
    signed, apart = st.columns(2)
    with signed:
        by = _entity("signed_by", headings)
    with apart:
        lacks = _entity("not_by", {key: name for key, name in headings.items() if key != by})
    rows = matrix_rows(answer, found, speaks, by, lacks)
    stated = [cells[key].signed for cells in found.rows.values() for key in found.own_entities]
    if not any(stated) and len(found.entities) > 1:
        st.info(say("matrix_unknown"))
    st.write(say("matrix_count", n=len(rows)))
    if not rows:
        return
    own = {name: ENTITY_WIDTH for key, name in headings.items() if key in found.own_entities}
    tickable(rows, "matrix", own)
    day = answer.network.on.isoformat()
    name = f"maillage-signatures-{day}.csv"
    frames.offer(say("download_matrix"), lambda: rows, name=name, key="download_matrix")


def _entity(key: str, headings: dict[str, str]) -> str | None:
    chosen: str | None = st.selectbox(
        say(key),
        list(headings),
        index=None,
        key=f"w_{key}",
        format_func=lambda entity: headings.get(entity, entity),
        placeholder=say("whoever"),
    )
    return chosen
