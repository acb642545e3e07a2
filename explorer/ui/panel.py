"""A panel: a tree of tags and texts in the page, which hears which structure people open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from explorer.ui.tree import Node

_HERE = Path(__file__).parent
_MAX_ID = 200


def panel(
    nodes: Sequence[Node],
    *,
    key: str,
    subject: str,
    language: str,
    on_open: Callable[[str], None] | None = None,
) -> None:
    """Show `nodes`; `on_open` hears the id of the structure whose button was pressed.

    Parameters
    ----------
    nodes : sequence of Node
        What to show (:func:`explorer.ui.tree.el`).
    key : str
        Fixed name of this panel.
    subject : str
        What the panel is about: while it stays, opened details stay open.
    language : {'fr', 'en'}
        Language of the texts; also set as the page's own.
    on_open : callable, optional
        Called before the page runs again.
    """

    def heard() -> None:
        opened = st.session_state[key].get("open")
        if on_open is not None and isinstance(opened, str) and 0 < len(opened) <= _MAX_ID:
            on_open(opened)

    data = {"nodes": list(nodes), "subject": subject, "language": language}
    _component()(key=key, data=data, on_open_change=heard)


@cache
def _component() -> Any:  # noqa: ANN401 - Streamlit's renderer has no public type
    return st.components.v2.component(
        "maillage_panel",
        html='<div class="panel"></div>',
        css=(_HERE / "panel.css").read_text(encoding="utf-8"),
        js=(_HERE / "panel.js").read_text(encoding="utf-8"),
    )
