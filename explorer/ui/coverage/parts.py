"""Whom to sign with, and the table as a file."""

from __future__ import annotations

import streamlit as st

from explorer.services.coverage import CoverageAnswer
from explorer.services.coverage_documents import coverage_rows
from explorer.services.view_tables import as_csv
from explorer.ui.coverage.say import say


def download(answer: CoverageAnswer) -> None:
    """Offer the whole table as a CSV file."""
    question = answer.question
    day = question.selection.on.isoformat()
    st.download_button(
        say("download"),
        lambda: as_csv(coverage_rows(answer)),
        file_name=f"maillage-couverture-{question.level}-{day}.csv",
        mime="text/csv",
        key="cover_download",
        on_click="ignore",
        icon=":material/download:",
    )
