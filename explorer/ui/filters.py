"""The filters of the network page. The state of the session is the truth; widgets only show it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from explorer.services.choices import Choice, Choices, territory_choices
from explorer.services.relaxing import is_filtered
from explorer.ui import session
from explorer.ui.lists import hit_nodes
from explorer.ui.panel import panel
from explorer.ui.saved import saved_views
from explorer.view_state import NO_FOCUS
from graph.messages import text
from graph.store.port import GraphStore, TerritoryQuery
from graph.vocabulary import KINDS

HITS = 12
_SWITCHES = ("inherit", "instances", "contacts", "supply")


def say(key: str, /, **params: object) -> str:
    """Return the message ``page.<key>`` in the reader's language."""
    return text(f"page.{key}", session.language(), **params)


def sidebar(store: GraphStore, choices: Choices) -> None:
    """Draw search, date, filters and the language switch."""
    with st.sidebar:
        _search(store)
        _date()
        _focus(store, choices)
        _many("kinds", _with_chosen_kinds(choices), "filter.any")
        _territories(store, choices)
        _many("statuses", choices.statuses, "filter.counted", help_key="filter.statuses_help")
        _many("themes", choices.themes, "filter.any")
        _layers()
        if is_filtered(session.state().selection):
            st.button(say("filter.reset"), key="reset", on_click=reset, width="stretch")
        saved_views()
        language_switch()


def reset() -> None:
    """Clear every filter, back to the focus of the settings, today."""
    session.change(selection=session.default_state().selection)


def language_switch() -> None:
    """Draw the button that changes the language."""
    other = "en" if session.language() == "fr" else "fr"
    st.button(
        say("other_language"),
        key="language",
        type="tertiary",
        icon=":material/translate:",
        help=say("other_language_help"),
        on_click=lambda: session.change(language=other),
    )


def _search(store: GraphStore) -> None:
    words = st.text_input(
        say("search.label"),
        key="w_search",
        placeholder=say("search.placeholder"),
        help=say("search.help"),
        icon=":material/search:",
    )
    if not words.strip():
        return
    hits = store.search(words, limit=HITS)
    key = "search.too_many" if len(hits) == HITS else "search.found"
    if hits:
        st.caption(say(key, n=len(hits)))
    codes = frozenset(f"commune:{hit.commune}" for hit in hits if hit.commune)
    named = store.territories(TerritoryQuery(ids=codes)) if codes else []
    communes = {item.code: item.name or item.code for item in named}
    panel(
        hit_nodes(hits, communes, session.language()),
        key="hits",
        subject=words,
        language=session.language(),
        on_open=session.open_sheet,
    )


def _show(key: str, value: Any) -> None:  # noqa: ANN401 - whatever the widget holds
    """Give a widget the value of the state before it is drawn."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def _date() -> None:
    _show("w_on", session.state().selection.on)

    def changed() -> None:
        if st.session_state["w_on"] is not None:
            session.select(on=st.session_state["w_on"])

    st.date_input(
        say("filter.date"),
        key="w_on",
        format="DD/MM/YYYY",
        min_value=session.FIRST_DAY,
        max_value=session.LAST_DAY,
        help=say("filter.date_help"),
        on_change=changed,
    )


def _focus(store: GraphStore, choices: Choices) -> None:
    focus = session.state().selection.focus
    labels = {item.value: item.label for item in choices.focuses}
    labels[NO_FOCUS] = say("filter.focus_all")
    if focus is not None and focus not in labels:
        labels[focus] = session.name_of(store, focus)
    _show("w_focus", focus or NO_FOCUS)

    def changed() -> None:
        chosen = st.session_state["w_focus"]
        session.select(focus=None if chosen == NO_FOCUS else chosen)

    st.selectbox(
        say("filter.focus"),
        list(labels),
        key="w_focus",
        format_func=lambda value: labels.get(value, value),
        on_change=changed,
    )


def _territories(store: GraphStore, choices: Choices) -> None:
    chosen = session.state().selection.territories
    missing = chosen - {item.value for item in choices.territories}
    options = (*choices.territories, *territory_choices(store, missing, session.language()))
    _many("territories", options, "filter.any", help_key="filter.territories_help")


def _with_chosen_kinds(choices: Choices) -> tuple[Choice, ...]:
    """Return the kinds offered, and those that a link asks for though nothing of them is held."""
    held = {item.value for item in choices.kinds}
    asked = [kind for kind in KINDS if kind in session.state().selection.kinds - held]
    more = (Choice(value=kind, label=text(f"kind.{kind}", session.language())) for kind in asked)
    return (*choices.kinds, *more)


def _many(
    field: str, options: Sequence[Choice], placeholder: str, help_key: str | None = None
) -> None:
    """Draw a filter that keeps any of several values; empty keeps all."""
    labels = {item.value: item.label for item in options}
    chosen = getattr(session.state().selection, field)
    key = f"w_{field}"
    _show(key, [value for value in labels if value in chosen])

    def changed() -> None:
        session.select(**{field: frozenset(st.session_state[key])})

    st.multiselect(
        say(f"filter.{field}"),
        list(labels),
        key=key,
        format_func=lambda value: labels.get(value, value),
        placeholder=say(placeholder),
        help=say(help_key) if help_key else None,
        on_change=changed,
        disabled=not labels,
    )


def _layers() -> None:
    st.markdown(f"**{say('filter.layers')}**")
    selection = session.state().selection
    for field in _SWITCHES:
        _switch(field, disabled=field == "supply" and not selection.kinds)


def _switch(field: str, *, disabled: bool) -> None:
    key = f"w_{field}"
    _show(key, bool(getattr(session.state().selection, field)) and not disabled)
    help_key = "filter.supply_needs_kind" if disabled else f"filter.{field}_help"
    st.toggle(
        say(f"filter.{field}"),
        key=key,
        help=say(help_key),
        disabled=disabled,
        on_change=lambda: session.select(**{field: st.session_state[key]}),
    )
