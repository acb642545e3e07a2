"""Headings that are not recognised: the reader says what each stands for, once."""

from __future__ import annotations

import streamlit as st

from explorer.services.mapping import (
    Heading,
    Headings,
    field_choices,
    keep_profile,
    read_twice,
)
from explorer.ui import session
from explorer.ui.plain import plain
from graph.messages import text

_ABREAST = 3
_PROFILE = "w_profile"
_NEXT_PROFILE = "maillage_next_profile"


def explain(found: Headings, options: dict[str, str]) -> None:
    """Draw a choice a heading; saving keeps them as a profile and uses it at once.

    Where the columns that are needed were found, the rest may stay unexplained: the box is closed.
    What was said once can be looked at again, and said otherwise.
    """
    asked = _asked(found, again="profile" in options)
    if not asked:
        return
    with st.expander(_title(found), expanded=not found.complete):
        if found.missing:
            fields = ", ".join(found.missing)
            st.warning(_say("missing", n=len(found.missing), fields=fields))
        st.caption(_say("intro"))
        with st.form("mapping", border=False):
            chosen = {}
            columns = st.columns(_ABREAST)
            for rank, item in enumerate(asked):
                with columns[rank % _ABREAST]:
                    chosen[item.text] = _choice(item, rank)
            name = st.text_input(_say("save"), value=options.get("profile", _say("default_name")))
            sent = st.form_submit_button(_say("save_button"), type="primary")
        twice = read_twice(found, chosen, session.language()) if sent else ()
        for field, headings in twice:
            st.error(_say("twice", field=field, headings=" / ".join(map(plain, headings))))
    if sent and name.strip() and not twice:
        keep_profile(name.strip(), chosen, options.get("profile"))
        st.session_state[_NEXT_PROFILE] = name.strip()
        st.rerun()


def follow_saved() -> None:
    """Choose the profile that was just saved: called before its widget is drawn."""
    if _NEXT_PROFILE in st.session_state:
        st.session_state[_PROFILE] = st.session_state.pop(_NEXT_PROFILE)


def _title(found: Headings) -> str:
    if not found.complete:
        return _say("title")
    return _say("title_count", n=len(found.unknown)) if found.unknown else _say("review")


def _asked(found: Headings, *, again: bool) -> tuple[Heading, ...]:
    """Return the headings to explain: the unknown ones, all but the certain where it matters."""
    if found.complete and not again:
        return found.unknown
    return tuple(item for item in found.columns if item.how != "certain")


def _choice(item: Heading, rank: int) -> str | None:
    labels = {choice.value: choice.label for choice in field_choices(session.language())}
    options: list[str | None] = [None, *labels]
    guess = item.field or item.proposed
    chosen = st.selectbox(
        plain(item.text),
        options,
        index=options.index(guess) if guess in options else 0,
        key=f"w_heading_{rank}_{item.text}",
        format_func=lambda value: labels[value] if value else _say("ignore"),
    )
    if item.example:
        st.caption(plain(_say("example", value=item.example)))
    return chosen


def _say(key: str, **params: object) -> str:
    return text(f"page.mapping.{key}", session.language(), **params)
