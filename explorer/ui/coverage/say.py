"""The words of the page."""

from __future__ import annotations

from explorer.ui import session
from graph.messages import text


def say(key: str, /, **params: object) -> str:
    """Return the message ``coverage.page.<key>`` in the reader's language."""
    return text(f"coverage.page.{key}", session.language(), **params)
