"""Every measure of every structure: sorted, filtered, downloaded, explained."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from explorer.services.analysis import measured, ranked
from explorer.services.analysis_tables import (
    WHOLE_COLUMNS,
    filtered,
    network_rows,
    ranking_rows,
)
from explorer.services.analysis_words import NETWORK, SHOWN, STRUCTURE, name_in
from explorer.services.view_tables import Row
from explorer.ui import resources, session
from explorer.ui import tables as frames
from explorer.ui.analysis.explain import explain, say
from explorer.ui.beside import tickable
from explorer.ui.exports.link import export_button
from graph.analysis import metric, reading
from graph.messages import text
from graph.store.port import GraphStore


def ranking(store: GraphStore, shown: resources.Shown) -> None:
    """Draw the table of structures."""
    speaks, answer = session.language(), shown.answer
    both = resources.analysed(store, shown, "ranked", lambda watch: ranked(answer, watch))
    measures, apart = _columns(focused=answer.network.focus is not None)
    rows = ranking_rows(answer, both, measures, speaks, apart=apart)
    found = _filtered(rows)
    st.write(say("ranking_count", n=len(found), total=len(rows)))
    ticked = tickable(found, "ranking") if found else None
    first = str(rows[0][text("page.column.id", speaks)]) if rows else None
    _explanations(shown, both, measures, ticked or session.state().selected or first)
    name = f"maillage-classement-{answer.network.on.isoformat()}.csv"
    with st.container(horizontal=True):
        frames.offer(say("download_ranking"), lambda: found, name=name, key="download_ranking")
        export_button("classement", metric=measures[0] if measures else None)


def _columns(*, focused: bool) -> tuple[list[str], bool]:
    speaks = session.language()
    measures: list[str] = st.multiselect(
        say("measures"),
        list(STRUCTURE),
        default=list(SHOWN),
        key="w_measures",
        format_func=lambda key: metric(key).name(speaks),
        placeholder=say("measures_none"),
        help=say("measures_help"),
    )
    apart = focused and st.toggle(say("apart"), value=True, key="w_apart", help=say("apart_help"))
    return measures, apart


def _filtered(rows: list[Row]) -> list[Row]:
    speaks = session.language()
    words, kinds = st.columns(2)
    wanted = words.text_input(say("filter_words"), key="w_words", icon=":material/search:")
    kind = text("page.column.kind", speaks)
    chosen = kinds.multiselect(
        say("filter_kinds"),
        sorted({str(row[kind]) for row in rows}),
        key="w_ranking_kinds",
        placeholder=text("page.filter.any", speaks),
    )
    return filtered(rows, wanted, frozenset(chosen), speaks)


def _explanations(
    shown: resources.Shown, both: pd.DataFrame, measures: list[str], structure: str | None
) -> None:
    """Draw a button a column: what it means, and how to read it for the structure chosen."""
    st.caption(say("explain_hint"))
    with st.container(horizontal=True, gap="small"):
        for key in measures:
            said = None
            if structure is not None and structure in both.index:
                value = both[key, "with"][structure]
                name = name_in(shown.answer, structure)
                said = reading(key, _plain_value(key, value), session.language(), structure=name)
            explain(key, said, place="_ranking")


def _plain_value(key: str, value: object) -> float | bool:
    number = float(value)  # type: ignore[arg-type]
    return bool(number) if metric(key).unit == "yes_no" else number


def whole(store: GraphStore, shown: resources.Shown) -> None:
    """Draw the measures of the whole network, with and without the focus."""
    answer = shown.answer
    everyone = resources.analysed(
        store, shown, "whole", lambda watch: measured(answer, watch=watch)
    )
    apart = None
    if answer.network.focus is not None:
        apart = resources.analysed(
            store,
            shown,
            "whole apart",
            lambda watch: measured(answer, without_focus=True, watch=watch),
        )
    rows = network_rows(everyone, apart, session.language())
    st.caption(say("whole_hint"))
    columns = [name for name in WHOLE_COLUMNS if apart or name != "without_focus"]
    frames.wrapped(rows, columns, key="whole")
    with st.container(horizontal=True, gap="small"):
        for key, row in zip(NETWORK, rows, strict=True):
            explain(key, str(row["reading"]), place="_whole")
    name = f"maillage-reseau-{answer.network.on.isoformat()}.csv"
    frames.download(say("download_whole"), rows, columns, name=name, key="download_whole")
