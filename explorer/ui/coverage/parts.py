"""Whom to sign with, and the table as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from explorer.services.coverage import MOST_SITES, CoverageAnswer, Proposal
from explorer.services.coverage_documents import coverage_rows
from explorer.services.coverage_words import gain_words, suggestion_caveats
from explorer.services.view_tables import as_csv
from explorer.ui import session
from explorer.ui.coverage import answers
from explorer.ui.coverage.answers import Asked
from explorer.ui.coverage.say import say
from explorer.ui.coverage.trial_nodes import sensitivity_nodes
from explorer.ui.panel import panel
from explorer.ui.plain import plain
from explorer.ui.tree import Node, el, opener
from graph.messages import text

_ASKED = "maillage_cover_asked"
MOST_SHOWN = 12


def suggestion(asked: Asked, kinds: Sequence[str], on_open: Callable[[str], None]) -> None:
    """Draw the choice of a kind and a number, and what the solver proposes."""
    speaks = session.language()
    st.caption(say("suggest_hint", radius=asked.question.radius_km))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            say("suggest_kind"),
            list(kinds),
            key="w_cover_suggest_kind",
            format_func=lambda value: text(f"kind.{value}", speaks),
            width=320,
        )
        count = st.number_input(
            say("suggest_count"), 1, MOST_SITES, 3, key="w_cover_suggest_count", width=160
        )
        if st.button(say("suggest_button"), key="cover_suggest", type="primary"):
            st.session_state[_ASKED] = True
    if not st.session_state.get(_ASKED):
        return
    with st.spinner(say("suggest_wait")):
        found = answers.suggested(asked, kind, int(count))
    panel(
        _proposal_nodes(found, speaks),
        key="cover_proposal",
        subject=kind,
        language=speaks,
        on_open=on_open,
    )
    for sentence in suggestion_caveats(found, asked.question, speaks):
        st.caption(plain(sentence))
    if found.suggestion.candidates and st.toggle(say("sensitive"), key="w_cover_sensitive"):
        with st.spinner(say("suggest_wait")):
            other = answers.sensitive(asked, kind, int(count))
        panel(
            sensitivity_nodes(other, found, answers.answered(asked), speaks),
            key="cover_sensitive",
            subject=kind,
            language=speaks,
        )


def _proposal_nodes(found: Proposal, language: str) -> list[Node]:
    suggested = found.suggestion
    if not suggested.candidates:
        kind = text(f"kind_short.{suggested.kind}", language)
        return [el("p", text("coverage.suggest.none", language, kind=kind))]
    nodes: list[Node] = [el("p", el("strong", gain_words(found, language)))]
    if len(suggested.solutions) > 1:
        said = text("coverage.suggest.equal", language, n=len(suggested.solutions))
        nodes.append(el("p", said))
    for sites in suggested.solutions[:MOST_SHOWN]:
        items = [el("li", opener(found.names.get(site) or site, site)) for site in sites]
        nodes.append(el("ul", *items, class_="solution"))
    return nodes


def download(answer: CoverageAnswer) -> None:
    """Offer the whole table as a CSV file."""
    question = answer.question
    day = question.selection.on.isoformat()
    st.download_button(
        say("download"),
        lambda: as_csv(coverage_rows(answer)),
        file_name=f"maillage-couverture-{question.level}-{day}.csv",
        mime="text/csv",
        key="cover_download",
        on_click="ignore",
        icon=":material/download:",
    )
