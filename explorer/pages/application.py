"""The application: its pages, what stands around every one of them, and the sheet beside."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from explorer.pages import agreements, analysis, coverage, data, exports, methods, network, overview
from explorer.services.choices import asked
from explorer.ui import resources, session
from explorer.ui.beside import PANEL_HEIGHT, any_sheet, sheet_open
from explorer.ui.guard import guarded
from explorer.ui.opening import arrive
from graph.messages import text

ICON = Path(__file__).parents[1] / "ui" / "icon.png"
_OWN_SHEET = frozenset({"reseau", "analyse"})
"""Addresses of the pages that keep a place for the sheet themselves."""


def run() -> None:
    """Draw the page that the address asks for, and the sheet that it names."""
    # A file of our own: Streamlit fetches the other kinds of icon from outside.
    st.set_page_config(page_icon=str(ICON), layout="wide")
    with guarded():
        session.begin()
        pages = {
            "overview": _page(overview.show, "overview", ":material/dashboard:", "apercu"),
            "network": _page(network.show, "network", ":material/hub:", "reseau"),
            "coverage": _page(coverage.show, "coverage", ":material/map:", "couverture"),
            "analysis": _page(analysis.show, "analysis", ":material/query_stats:", "analyse"),
            "agreements": _page(
                agreements.show, "agreements", ":material/contract:", "conventions"
            ),
            "data": _page(data.show, "data", ":material/database:", "donnees"),
            "exports": _page(exports.show, "exports", ":material/ios_share:", "exports"),
            "methods": _page(methods.show, "methods", ":material/menu_book:", "methode"),
        }
        st.session_state["maillage_pages"] = pages
        chosen = st.navigation(list(pages.values()), position="top")
        st.session_state["maillage_page"] = next(key for key in pages if pages[key] == chosen)
        arrive()
        st.set_page_config(page_title=f"{chosen.title} · Maillage")
        _around(chosen)
        session.finish()
        resources.settled(st.session_state["maillage_page"])


def _around(chosen: st.Page) -> None:
    """Draw the page, and beside it the sheet that the address names."""
    if chosen.url_path in _OWN_SHEET or not sheet_open():
        chosen.run()
        return
    main, beside = st.columns([0.64, 0.36], gap="medium")
    with main:
        chosen.run()
    with beside, st.container(height=PANEL_HEIGHT, border=True, key="sheet_box"), guarded():
        _sheet()


def _sheet() -> None:
    held, speaks = resources.store(), session.language()
    selection = asked(session.state().selection, resources.choices(held, speaks))
    any_sheet(held, resources.shown(held, selection, speaks))


def _page(show: object, name: str, icon: str, path: str) -> st.Page:
    title = text(f"page.title.{name}", session.language())
    first = name == "overview"
    return st.Page(show, title=title, icon=icon, url_path=path, default=first)  # type: ignore[arg-type]
