"""The official file of a source: downloaded on demand, its age shown, read when one asks for it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from explorer.services.fetching import (
    FetchResult,
    fetchable,
    held_in_words,
    page_lines,
    run_fetch,
)
from explorer.ui import session
from explorer.ui.guard import guarded
from explorer.ui.plain import plain
from explorer.ui.progress import progress_bar
from graph.messages import text
from loaders.downloads import cached_files

_FETCHED = "maillage_fetched"


def say(key: str, /, **params: object) -> str:
    """Return the message ``fetch.<key>`` in the reader's language."""
    return text(f"fetch.{key}", session.language(), **params)


def official(source: str, turn: int) -> tuple[Path, ...]:
    """Offer the official file of `source`; return the files to read, none unless asked for.

    `turn` grows with each load: what was agreed to once is asked again.
    """
    held = cached_files(source)
    can_fetch = source in fetchable()
    if not held and not can_fetch:
        return ()
    with st.container(border=True, key="official"):
        _told()
        words = held_in_words(source, session.language()) if held else say("none_held")
        st.caption(plain(words))
        if can_fetch and st.button(
            say("button_refresh" if held else "button"), key="fetch", icon=":material/download:"
        ):
            _fetch(source, refresh=bool(held))
        if held and st.checkbox(say("use"), key=f"w_use_{source}_{turn}"):
            return tuple(held)
    return ()


def _fetch(source: str, *, refresh: bool) -> None:
    with guarded():
        with progress_bar(text("progress.fetching", session.language())) as progress:
            result = run_fetch(source, session.language(), refresh=refresh, progress=progress)
        st.session_state[_FETCHED] = result
        st.rerun()


def _told() -> None:
    """Say once what the last download brought."""
    result = st.session_state.pop(_FETCHED, None)
    if isinstance(result, FetchResult):
        for line in page_lines(result, session.language()):
            st.success(plain(line))
        for line in result.by_hand:
            st.info(plain(line))
