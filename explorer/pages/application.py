"""The application: its pages, and what stands around every one of them."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from explorer.pages import analysis, coverage, data, network
from explorer.ui import session
from explorer.ui.guard import guarded
from graph.messages import text

ICON = Path(__file__).parents[1] / "ui" / "icon.png"


def run() -> None:
    """Draw the page that the address asks for."""
    # A file of our own: Streamlit fetches the other kinds of icon from outside.
    st.set_page_config(page_icon=str(ICON), layout="wide")
    with guarded():
        session.begin()
        pages = {
            "network": _page(network.show, "network", ":material/hub:", "reseau", default=True),
            "coverage": _page(coverage.show, "coverage", ":material/map:", "couverture"),
            "analysis": _page(analysis.show, "analysis", ":material/query_stats:", "analyse"),
            "data": _page(data.show, "data", ":material/database:", "donnees"),
        }
        st.session_state["maillage_pages"] = pages
        chosen = st.navigation(list(pages.values()), position="top")
        st.session_state["maillage_page"] = next(key for key in pages if pages[key] == chosen)
        st.set_page_config(page_title=f"{chosen.title} · Maillage")
        chosen.run()
        session.finish()


def _page(show: object, name: str, icon: str, path: str, *, default: bool = False) -> st.Page:
    title = text(f"page.title.{name}", session.language())
    return st.Page(show, title=title, icon=icon, url_path=path, default=default)  # type: ignore[arg-type]
