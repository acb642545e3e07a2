"""Whom to sign with, the holes of perimeters, and the table as a file."""

from __future__ import annotations

import streamlit as st

from explorer.services.coverage import CoverageAnswer, perimeters_of
from explorer.services.coverage_documents import coverage_rows
from explorer.services.coverage_words import people_words
from explorer.services.portrait import Portrait, portrait_file
from explorer.services.portrait_page import portrait_html
from explorer.services.view_tables import as_csv
from explorer.ui import session
from explorer.ui.coverage.say import say
from explorer.ui.panel import panel
from explorer.ui.tree import Node, el
from graph.analysis.perimeters import PerimeterCover
from graph.analysis.service_areas import service_rule
from graph.messages import text

MOST_NAMED = 40


def perimeters(answer: CoverageAnswer) -> None:
    """Draw who is in no perimeter, in one, in several, for each kind that has perimeters."""
    speaks = session.language()
    kinds = [kind for kind in answer.question.kinds if service_rule(kind) != "place"]
    found = perimeters_of(answer.read, kinds)
    known = [item for item in found if item.known]
    if not known:
        st.info(say("no_perimeter"))
        return
    nodes = [_perimeter(item, answer, speaks) for item in known]
    panel([el("ul", *nodes, class_="cards")], key="cover_perimeters", subject="", language=speaks)


def _perimeter(item: PerimeterCover, answer: CoverageAnswer, language: str) -> Node:
    atlas = answer.read.ground.atlas
    counts = [
        text(
            f"coverage.page.in_{times}",
            language,
            n=len(item.communes[times]),
            people=people_words(item.people[times], item.basis, language),
        )
        for times in ("none", "one", "several")
    ]
    holes = [atlas[f"commune:{code}"].name or code for code in item.communes["none"][:MOST_NAMED]]
    name = atlas[item.territory].name or item.territory
    kind = text(f"kind_short.{item.kind}", language)
    return el(
        "li",
        el("div", text("coverage.line.kind", language, kind=kind, state=name), class_="title"),
        el("div", " · ".join(counts)),
        el("div", text("coverage.page.holes", language, names=", ".join(holes)), class_="muted")
        if holes
        else None,
        el(
            "div",
            text("coverage.page.unstated", language, n=len(item.unstated)),
            class_="muted",
        )
        if item.unstated
        else None,
    )


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


def portrait(found: Portrait, ref: str, day: str) -> None:
    """Offer the portrait of a territory as one page."""
    speaks = session.language()
    st.download_button(
        say("portrait"),
        lambda: portrait_html(found, speaks),
        file_name=portrait_file(ref, day),
        mime="text/html",
        key="cover_portrait",
        on_click="ignore",
        icon=":material/description:",
    )
