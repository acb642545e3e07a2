"""What a load read and changed, and what it did not take, on a page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from explorer.services.holdings import REJECTION_COLUMNS, rejection_rows
from explorer.ui.session import language
from explorer.ui.tables import download, wrapped
from explorer.wording import number_in_words
from graph.messages import text
from graph.store.port import LoadOutcome, ReadReport, Rejection
from loaders.base import REJECTIONS_KEPT

_CHANGES = ("added", "updated", "removed", "unchanged")


def say(key: str, /, **params: object) -> str:
    """Return the message ``page.<key>`` in the reader's language."""
    return text(f"page.{key}", language(), **params)


def counts(report: ReadReport, outcome: LoadOutcome) -> None:
    """Say what was read, and show what changes as figures."""
    names = ("read", "kept", "skipped", "rejected")
    read = {name: number_in_words(getattr(report, name), language()) for name in names}
    st.write(say("upload.would_read", n=report.read, **read))
    with st.container(horizontal=True):
        for name in _CHANGES:
            figure = number_in_words(getattr(outcome, name), language())
            st.metric(say(f"column.{name}"), figure, border=True, width=150)


def rejections(report: ReadReport, *, key: str) -> None:
    """List the rows that were not taken, and the remarks on those that were."""
    if not report.rejected:
        st.caption(say("data.no_rejection"))
    else:
        title = say("data.rejections_of", n=report.rejected)
        _rows(title, report.rejections, key=f"{key}_rejections", opened=True)
        if report.rejected > len(report.rejections):
            st.caption(say("data.rejections_cut", n=REJECTIONS_KEPT))
    if report.warnings:
        title = say("data.warnings_of", n=len(report.warnings))
        _rows(title, report.warnings, key=f"{key}_warnings", opened=False)


def _rows(title: str, found: Sequence[Rejection], *, key: str, opened: bool) -> None:
    rows = rejection_rows(found, language())
    with st.expander(title, expanded=opened):
        wrapped(rows, REJECTION_COLUMNS, key=key)
        label = say("data.download_rejections")
        download(label, rows, REJECTION_COLUMNS, name=f"maillage-{key}.csv", key=f"{key}_csv")
