"""What a button in a panel opens: a sheet beside, or another page that shows what it counts."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

import msgspec
import streamlit as st

from explorer.services.sheet_model import AGREEMENT
from explorer.ui import session
from explorer.view_state import from_query

PAGE = "page/"
"""Begins the id of what opens a page; the page's name and parameters of its address follow."""

_GO = "maillage_go"
PAGES = ("overview", "network", "coverage", "analysis", "agreements", "data", "exports", "methods")


def page_link(name: str, **query: str | list[str]) -> str:
    """Return what opens the page `name` with these parameters of its address."""
    return f"{PAGE}{name}?{urlencode(query, doseq=True)}"


def opened(link: str) -> None:
    """Open what was pressed: an agreement, a page, or else the sheet of a structure."""
    if link.startswith(AGREEMENT):
        session.open_agreement(link.removeprefix(AGREEMENT))
    elif link.startswith(PAGE):
        name, _, query = link.removeprefix(PAGE).partition("?")
        if name in PAGES:
            go(name, query)
    else:
        session.open_sheet(link)


def go(name: str, query: str = "") -> None:
    """Show the page `name` from this run on; `query` is read as its address would be."""
    state = session.state()
    asked = from_query(parse_qs(query), state).state
    session.keep(
        msgspec.structs.replace(
            asked, cover=state.cover, export=state.export, selected=None, tie=None
        )
        if query
        else msgspec.structs.replace(state, selected=None, tie=None, agreement=None)
    )
    st.session_state[_GO] = name


def arrive() -> None:
    """Switch to the page that was asked for; called where the pages are known, before one draws."""
    name = st.session_state.pop(_GO, None)
    if name is not None:
        st.switch_page(st.session_state["maillage_pages"][name])
