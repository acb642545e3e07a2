"""What every page has: its style, and a first heading for those who listen to it."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from explorer.ui.panel import panel
from explorer.ui.session import language
from explorer.view_state import Language
from graph.messages import text

_STYLE = Path(__file__).with_name("page.css")


def frame(title: str) -> None:
    """Give the page its style, and its title (from the catalogue) to those who listen to it."""
    st.html(f"<style>{_style()}{_uploader(language())}</style>")
    st.html(f'<h1 class="visually-hidden">{escape(title)}</h1>')


def _uploader(speaks: Language) -> str:
    """Return the words of Streamlit's file uploader, which it writes in English only."""
    zone = "stFileUploaderDropzone"
    places = (
        (f'[data-testid="{zone}"] button p', "upload.browse"),
        (f'[data-testid="{zone}Instructions"] span', "upload.drop"),
    )
    said = ((place, text(f"page.{key}", speaks)) for place, key in places)
    return "".join(f'{place}::after {{ content: "{words}" }}' for place, words in said)


@cache
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")


def speak() -> None:
    """Tell the browser the page's language; Streamlit leaves English."""
    panel([], key="speak", subject="", language=language())
