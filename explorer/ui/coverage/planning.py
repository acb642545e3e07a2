"""What the parts on plans share: their state, and choices of structures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import streamlit as st

from explorer.plan_state import PlanState
from explorer.services.analysis_words import told_apart
from explorer.services.coverage_plan_words import listed
from explorer.ui import session
from explorer.ui.coverage.choosing import choose
from explorer.ui.plain import plain
from graph.messages import text
from graph.model import Structure


def tell(key: str, /, **params: object) -> str:
    """Return the message ``plan.<key>`` in the reader's language."""
    return text(f"plan.{key}", session.language(), **params)


def plan() -> PlanState:
    """Return what was asked of the plans."""
    return session.state().cover.plan


def replan(**changes: Any) -> None:  # noqa: ANN401 - fields of PlanState
    """Change what was asked of the plans."""
    choose(plan=msgspec.structs.replace(plan(), **changes))


def held(key: str, shown: object) -> None:
    """Give a widget the value of the state, which alone is the truth."""
    if st.session_state.get(key) != shown:
        st.session_state[key] = shown


def kind_choice(label: str, key: str, kinds: Sequence[str], field: str) -> str:
    """Draw the choice of a kind; kept in the state under `field` once it was changed."""
    asked = getattr(plan(), field)
    if asked in kinds:
        held(key, asked)
    chosen: str = st.selectbox(
        label,
        list(kinds),
        key=key,
        format_func=lambda value: text(f"kind.{value}", session.language()),
        on_change=lambda: replan(**{field: st.session_state[key]}) if asked else None,
        width=320,
    )
    return chosen


def some(label: str, field: str, labels: Mapping[str, str]) -> frozenset[str]:
    """Draw a choice of several structures, kept in the state under `field`."""
    key = f"w_cover_{field}"
    asked = getattr(plan(), field)
    shown = [ident for ident in labels if ident in asked]
    held(key, shown)
    st.multiselect(
        label,
        list(labels),
        key=key,
        format_func=lambda ident: labels.get(ident, ident),
        placeholder=text("coverage.page.nobody", session.language()),
        disabled=not labels,
        on_change=lambda: replan(**{field: frozenset(st.session_state[key])}),
    )
    return frozenset(shown)


def say_gone(asked: frozenset[str], shown: frozenset[str], names: Mapping[str, str]) -> None:
    """Say which of the structures asked are not to be chosen here."""
    if gone := asked - shown:
        said = tell("gone", n=len(gone), names=listed(gone, names, session.language()))
        st.caption(plain(said))


def labelled(structures: Sequence[Structure]) -> dict[str, str]:
    """Return a label for each structure, in their order; those of one name are told apart."""
    return told_apart({item.id: item.name or item.id for item in structures})
