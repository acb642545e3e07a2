"""What agreements signed or ended would change."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from explorer.services.coverage import CoverageAnswer
from explorer.services.coverage_simulation import candidates
from explorer.ui import session
from explorer.ui.coverage import answers
from explorer.ui.coverage.answers import Asked
from explorer.ui.coverage.say import say
from explorer.ui.coverage.trial_nodes import simulation_nodes
from explorer.ui.panel import panel
from graph.messages import text
from graph.model import Structure


def simulation(asked: Asked, answer: CoverageAnswer, kinds: Sequence[str]) -> None:
    """Draw the choice of a kind, of whom to sign with and end with, and what that changes."""
    speaks = session.language()
    st.caption(say("simulate_hint"))
    kind: str = st.selectbox(
        say("simulate_kind"),
        list(kinds),
        key="w_cover_trial_kind",
        format_func=lambda value: text(f"kind.{value}", speaks),
    )
    unsigned, partners = candidates(answer, kind)
    add = _some("add", unsigned, kind)
    remove = _some("remove", partners, kind)
    if not add and not remove:
        return
    found = answers.simulated(asked, kind, add, remove)
    nodes = simulation_nodes(found, speaks)
    panel(nodes, key="cover_trial", subject=kind, language=speaks)


def _some(name: str, structures: Sequence[Structure], kind: str) -> frozenset[str]:
    labels = {item.id: f"{item.name or item.id} ({item.id})" for item in structures}
    chosen: list[str] = st.multiselect(
        say(name),
        list(labels),
        key=f"w_cover_{name}_{kind}",
        format_func=lambda ident: labels.get(ident, ident),
        placeholder=say("nobody"),
        disabled=not labels,
    )
    return frozenset(chosen)
