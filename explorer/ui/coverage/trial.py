"""What agreements signed or ended would change: coverage, accessibility and network together."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from explorer.services.coverage import CoverageAnswer
from explorer.services.coverage_plan_words import names_of
from explorer.services.coverage_simulation import candidates, trial_of
from explorer.services.coverage_trial_words import trial_notes
from explorer.ui import session
from explorer.ui.coverage import answers
from explorer.ui.coverage.answers import Asked
from explorer.ui.coverage.planning import (
    kind_choice,
    labelled,
    plan,
    replan,
    say_gone,
    some,
    tell,
)
from explorer.ui.coverage.say import say
from explorer.ui.coverage.trial_nodes import coverage_nodes, network_nodes
from explorer.ui.panel import panel
from explorer.ui.plain import plain
from graph.model import Structure


def simulation(asked: Asked, answer: CoverageAnswer, kinds: Sequence[str]) -> None:
    """Draw the choice of a kind, of whom to sign with and end with, and what that changes."""
    speaks = session.language()
    st.caption(say("simulate_hint"))
    if answer.read.situation.network.focus is None:
        st.info(tell("needs_focus"))
        return
    kind = kind_choice(say("simulate_kind"), "w_cover_trial_kind", kinds, "trial_kind")
    unsigned, partners = candidates(answer, kind)
    add = some(say("add"), "add", _labels(answer, unsigned, plan().add, partners=False))
    remove = some(say("remove"), "remove", _labels(answer, partners, plan().remove, partners=True))
    names = names_of(answer)
    say_gone(plan().add | plan().remove, add | remove, names)
    if not partners and not remove:
        st.caption(tell("no_partner_here"))
    if plan().add or plan().remove:
        st.button(tell("reset"), key="cover_reset", icon=":material/undo:", on_click=_reset)
    if not add and not remove:
        return
    shown = [each for each in kinds if each == kind or each in _kinds(answer, add | remove)]
    found = answers.worked(
        asked,
        f"trial|{shown}|{sorted(add)}|{sorted(remove)}",
        lambda watch: trial_of(asked.store, answer, shown, add, remove, watch=watch),
    )
    panel(coverage_nodes(found, speaks), key="cover_trial", subject=kind, language=speaks)
    panel(network_nodes(found, names, speaks), key="cover_network", subject="", language=speaks)
    for sentence in trial_notes(found, names, speaks):
        st.caption(plain(sentence))


def _labels(
    answer: CoverageAnswer,
    offered: Sequence[Structure],
    chosen: frozenset[str],
    *,
    partners: bool,
) -> dict[str, str]:
    """Return those of the kind, and those chosen already, whatever their kind."""
    situation = answer.read.situation
    inside = situation.network.partners if partners else situation.network.structures
    more = [
        item
        for item in situation.structures
        if item.id in chosen and (item.id in inside) == partners
    ]
    return labelled(list({item.id: item for item in [*offered, *more]}.values()))


def _kinds(answer: CoverageAnswer, ids: frozenset[str]) -> set[str]:
    return {item.kind or "" for item in answer.read.situation.structures if item.id in ids}


def _reset() -> None:
    replan(add=frozenset(), remove=frozenset())
