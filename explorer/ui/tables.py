"""Tables on a page: plain cells, headings in the reader's language, a CSV beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st

from explorer.services.view_tables import Row, as_csv, headed, in_writing
from explorer.ui.lists import table_nodes
from explorer.ui.opening import opened
from explorer.ui.panel import panel
from explorer.ui.session import language
from graph.messages import text

ROW_HEIGHT = 35
MAX_HEIGHT = 420
MAX_WRAPPED = 100
NOTHING = "–"
"""Stands where a cell has no value."""


def frame_of(rows: Sequence[Row], columns: Sequence[str], speaks: str) -> pd.DataFrame:
    """Return `rows` as a frame under the headings that people read."""
    return plain_frame(headed(rows, columns, speaks))


def plain_frame(rows: Sequence[Row]) -> pd.DataFrame:
    """Return rows that bear their headings as a frame: what is not known stays empty."""
    frame = pd.DataFrame(rows).convert_dtypes()
    return frame.fillna({name: "" for name in frame if frame[name].dtype == "string"})


def table(
    rows: Sequence[Row], columns: Sequence[str], *, key: str, ticked: bool = False
) -> int | None:
    """Show `rows`; with `ticked` a row can be chosen, and its place in `rows` is returned."""
    return show(frame_of(rows, columns, language()), key=key, ticked=ticked)


def show(
    frame: pd.DataFrame, *, key: str, ticked: bool = False, widths: Mapping[str, int] | None = None
) -> int | None:
    """Show a frame; with `ticked` a row can be chosen, and its place is returned.

    `widths` are the widths in pixels of columns that would otherwise take all the room.
    """
    height = min(ROW_HEIGHT * (len(frame) + 1) + 3, MAX_HEIGHT)
    columns = {name: st.column_config.Column(width=at) for name, at in (widths or {}).items()}
    if not ticked:
        st.dataframe(frame, key=key, hide_index=True, height=height, placeholder=NOTHING)
        return None
    event = st.dataframe(
        frame,
        key=key,
        hide_index=True,
        height=height,
        placeholder=NOTHING,
        column_config=columns,
        on_select="rerun",
        selection_mode="single-row",
    )
    chosen = event["selection"]["rows"]
    return chosen[0] if chosen and chosen[0] < len(frame) else None


def wrapped(
    rows: Sequence[Row],
    columns: Sequence[str],
    *,
    key: str,
    opens: Mapping[str, str] | None = None,
) -> None:
    """Show the first rows of a table whose long cells must be read whole.

    `opens` names, for a column, the value of the row whose sheet a cell opens.
    """
    nodes = table_nodes(rows[:MAX_WRAPPED], columns, language(), opens=opens)
    panel(nodes, key=key, subject=key, language=language(), on_open=opened)
    if len(rows) > MAX_WRAPPED:
        st.caption(text("page.data.first_rows", language(), n=MAX_WRAPPED))


def download(
    label: str, rows: Sequence[Row], columns: Sequence[str], *, name: str, key: str
) -> None:
    """Offer `rows` as a CSV file, written when it is asked for."""
    speaks = language()
    offer(label, lambda: headed(rows, columns, speaks), name=name, key=key)


def offer(label: str, rows: Callable[[], Sequence[Row]], *, name: str, key: str) -> None:
    """Offer rows that bear their headings as a CSV file, written when it is asked for."""
    speaks = language()
    st.download_button(
        label,
        lambda: as_csv(in_writing(rows(), speaks)),
        file_name=name,
        mime="text/csv",
        key=key,
        on_click="ignore",
        icon=":material/download:",
    )
