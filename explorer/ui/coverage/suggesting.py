"""Whom to sign with: the choice asked for, its rules, what is proposed, and whether it holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import streamlit as st

from explorer.plan_state import LARGEST_CAPACITY
from explorer.services.coverage import MOST_SITES, CoverageAnswer, Proposal, suggestion_in
from explorer.services.coverage_plan import sensitivity_in
from explorer.services.coverage_plan_words import choice_caveats, names_of, rule_words
from explorer.services.coverage_simulation import candidates
from explorer.services.coverage_words import suggestion_caveats
from explorer.ui import session
from explorer.ui.coverage import answers
from explorer.ui.coverage.answers import Asked
from explorer.ui.coverage.plan_nodes import proposal_nodes, sensitivity_nodes
from explorer.ui.coverage.planning import (
    held,
    kind_choice,
    labelled,
    plan,
    replan,
    say_gone,
    some,
    tell,
)
from explorer.ui.coverage.say import say
from explorer.ui.panel import panel
from explorer.ui.plain import plain
from graph.analysis.plan_rules import PARTITIONS, Constraints
from graph.messages import text


class Wanted(NamedTuple):
    """A choice as it is asked for."""

    kind: str
    number: int
    constraints: Constraints

    def key(self, name: str) -> str:
        """Return what an answer about it is kept by."""
        rules = self.constraints
        parts = (
            *(name, self.kind, self.number, sorted(rules.include), sorted(rules.exclude)),
            *(rules.level, rules.most, rules.least_capacity),
        )
        return "|".join(map(str, parts))


def suggestion(
    asked: Asked, answer: CoverageAnswer, kinds: Sequence[str], on_open: Callable[[str], None]
) -> None:
    """Draw the choice of a kind, a number and rules, and what the solver proposes."""
    speaks = session.language()
    st.caption(say("suggest_hint", radius=asked.question.radius_km))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = kind_choice(say("suggest_kind"), "w_cover_suggest_kind", kinds, "kind")
        count = _number(say("suggest_count"), "count", 1, MOST_SITES, "w_cover_suggest_count")
        if plan().kind is None:
            st.button(
                say("suggest_button"),
                key="cover_suggest",
                type="primary",
                on_click=lambda: replan(kind=st.session_state["w_cover_suggest_kind"]),
            )
    unsigned, _ = candidates(answer, kind)
    if not unsigned:
        st.info(plain(tell("nothing_to_sign", kind=text(f"kind_short.{kind}", speaks))))
        return
    constraints = _rules(answer, labelled(unsigned))
    if plan().kind is not None:
        _proposed(asked, answer, Wanted(kind, count, constraints), on_open)


def _rules(answer: CoverageAnswer, labels: dict[str, str]) -> Constraints:
    """Draw the rules of the choice, and return them."""
    asked = plan()
    ruled = bool(asked.include or asked.exclude or asked.level or asked.least_capacity)
    with st.expander(tell("rules_title"), expanded=ruled):
        free = {ident: said for ident, said in labels.items() if ident not in asked.exclude}
        include = some(tell("choose_include"), "include", free)
        rest = {ident: said for ident, said in labels.items() if ident not in include}
        exclude = some(tell("choose_exclude"), "exclude", rest)
        say_gone(asked.include | asked.exclude, include | exclude, names_of(answer))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _level()
            if asked.level is not None:
                _number(tell("choose_most"), "most", 1, MOST_SITES, "w_cover_most")
            _capacity()
    return Constraints(
        include=include,
        exclude=exclude,
        level=asked.level,
        most=asked.most if asked.level else None,
        least_capacity=asked.least_capacity,
    )


def _level() -> None:
    speaks, key = session.language(), "w_cover_limit"
    held(key, plan().level)
    st.selectbox(
        tell("choose_level"),
        [None, *PARTITIONS],
        key=key,
        format_func=lambda level: text(f"level.{level}", speaks) if level else tell("no_level"),
        on_change=lambda: replan(level=st.session_state[key]),
        width=220,
    )


def _number(label: str, field: str, least: int, most: int, key: str) -> int:
    chosen: int = getattr(plan(), field)
    held(key, chosen)
    st.number_input(
        label,
        least,
        most,
        key=key,
        on_change=lambda: replan(**{field: int(st.session_state[key] or chosen)}),
        width=140,
    )
    return chosen


def _capacity() -> None:
    key = "w_cover_least_capacity"
    held(key, int(plan().least_capacity or 0))
    st.number_input(
        tell("choose_capacity"),
        0,
        int(LARGEST_CAPACITY),
        step=10,
        key=key,
        help=tell("choose_capacity_help"),
        on_change=lambda: replan(least_capacity=float(st.session_state[key] or 0) or None),
        width=160,
    )


def _proposed(
    asked: Asked, answer: CoverageAnswer, wanted: Wanted, on_open: Callable[[str], None]
) -> None:
    speaks = session.language()
    read, question = answer.read, asked.question
    kind, count, rules = wanted
    found: Proposal = answers.worked(
        asked,
        wanted.key("suggested"),
        lambda watch: suggestion_in(read, question, kind, count, rules, watch),
    )
    names = names_of(answer)
    suggested = found.suggestion
    if suggested.candidates and suggested.people_covered_before >= suggested.people:
        st.info(plain(tell("covered_already", km=question.radius_km)))
    nodes = proposal_nodes(found, rule_words(rules, names, speaks), speaks)
    panel(nodes, key="cover_proposal", subject=kind, language=speaks, on_open=on_open)
    notes = choice_caveats(suggested, names, speaks)
    for sentence in [*notes, *suggestion_caveats(found, question, speaks)]:
        st.caption(plain(sentence))
    if suggested.candidates and st.toggle(say("sensitive"), key="w_cover_sensitive"):
        other = answers.worked(
            asked,
            wanted.key("sensitive"),
            lambda watch: sensitivity_in(read, question, kind, count, rules, watch),
        )
        nodes = sensitivity_nodes(other, names, found.basis, speaks)
        panel(nodes, key="cover_sensitive", subject=kind, language=speaks, on_open=on_open)
