"""A progress bar on the page, for what takes long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from explorer.ui.session import language
from graph.messages import catalogue
from graph.store.port import Progress


@contextmanager
def progress_bar(words: str) -> Iterator[Progress]:
    """Yield a progress callback that draws a bar; `words` are said until a stage is known."""
    place = st.empty()
    place.progress(0.0, text=words)

    def show(stage: str, done: int, total: int | None) -> None:
        said = catalogue(language()).get(stage, words)
        place.progress(min(done / total, 1.0) if total else 0.0, text=said)

    try:
        yield show
    finally:
        place.empty()
