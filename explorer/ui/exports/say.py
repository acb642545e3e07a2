"""Words of the page *Exports*."""

from __future__ import annotations

from explorer.ui.session import language
from graph.messages import text


def say(key: str, /, **params: object) -> str:
    """Return the message ``exports.<key>`` in the reader's language."""
    return text(f"exports.{key}", language(), **params)
