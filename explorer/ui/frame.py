"""What every page has: its style, and a first heading for those who listen to it."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

_STYLE = Path(__file__).with_name("page.css")


def frame(title: str, *, visible: bool = False) -> None:
    """Give the page its style and its title; a map speaks for itself, so its title may be hidden.

    `title` comes from the catalogue.
    """
    st.html(f"<style>{_style()}</style>")
    if visible:
        st.title(title, anchor=False)
    else:
        st.html(f'<h1 class="visually-hidden">{escape(title)}</h1>')


@cache
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")
