"""What every page has: its style, and a first heading for those who listen to it."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from explorer.ui.panel import panel
from explorer.view_state import Language

_STYLE = Path(__file__).with_name("page.css")


def frame(title: str) -> None:
    """Give the page its style, and its title (from the catalogue) to those who listen to it."""
    st.html(f"<style>{_style()}</style>")
    st.html(f'<h1 class="visually-hidden">{escape(title)}</h1>')


@cache
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")


def speak(language: Language) -> None:
    """Tell the browser the page's language; Streamlit leaves English."""
    panel([], key="speak", subject="", language=language)
