"""The network on two days: who came, who left, ties gained and lost."""

from __future__ import annotations

import streamlit as st

from explorer.services.analysis_dates import Compared, compared
from explorer.services.analysis_tables import comparison_rows
from explorer.services.analysis_words import STRUCTURE
from explorer.ui import resources, session
from explorer.ui import tables as frames
from explorer.ui.analysis.explain import explain, say
from explorer.ui.beside import tickable
from explorer.ui.compared import compared_day
from explorer.wording import day_in_words, number_in_words
from graph.analysis import metric
from graph.store.port import GraphStore

FIRST_SHOWN = ("degree", "betweenness")
_KEY = "w_compared"


def dates(store: GraphStore, shown: resources.Shown) -> None:
    """Draw the part."""
    on = shown.answer.network.on
    other = compared_day(say("other_day"), _KEY, on)
    if other == on:
        st.info(say("same_day"))
        return
    found = resources.analysed(
        store,
        shown,
        f"compared {other}",
        lambda watch: compared(store, shown.answer, other, watch=watch),
    )
    speaks = session.language()
    first, second = (day_in_words(item.network.on, speaks) for item in (found.before, found.after))
    st.write(say("between", before=first, after=second))
    _counts(found)
    _table(found)


def _counts(found: Compared) -> None:
    changes = found.changes
    for column, name in zip(st.columns(4), ("arrived", "left", "gained", "lost"), strict=True):
        count = number_in_words(len(getattr(changes, name)), session.language())
        column.metric(say(f"count_{name}"), count, border=True, help=say(f"count_{name}_help"))


def _table(found: Compared) -> None:
    speaks = session.language()
    if found.changes.structures.empty:
        st.info(say("both_empty"))
        return
    measures: list[str] = st.multiselect(
        say("measures"),
        list(STRUCTURE),
        default=list(FIRST_SHOWN),
        key="w_compared_measures",
        format_func=lambda key: metric(key).name(speaks),
        placeholder=say("measures_none"),
    )
    rows = comparison_rows(found, measures, speaks)
    tickable(rows, "compared")
    with st.container(horizontal=True, gap="small"):
        for name in measures:
            explain(name, place="_compared")
    days = "-".join(item.network.on.isoformat() for item in (found.before, found.after))
    name = f"maillage-comparaison-{days}.csv"
    frames.offer(say("download_compared"), lambda: rows, name=name, key="download_compared")
