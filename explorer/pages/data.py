"""Page « Données »: what is loaded, from where, how old; loading, its report, and undoing it."""

from __future__ import annotations

import streamlit as st

from explorer.ui.guard import guarded


def show() -> None:
    """Draw the page."""
    with guarded():
        st.write("…")
