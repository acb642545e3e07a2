"""The holes of perimeters: a map of the communes, counts and names, and all of it as a file."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from explorer.services.coverage import CoverageAnswer, perimeters_of
from explorer.services.coverage_words import people_words
from explorer.services.perimeter_map import perimeter_kinds, perimeter_rows, unstated
from explorer.services.view_tables import as_csv
from explorer.ui import session
from explorer.ui.coverage import answers
from explorer.ui.coverage.answers import Asked
from explorer.ui.coverage.map_nodes import map_nodes
from explorer.ui.coverage.say import say
from explorer.ui.panel import panel
from explorer.ui.tree import Node, el
from explorer.wording import day_in_words
from graph.analysis.perimeters import PerimeterCover
from graph.messages import text

MOST_NAMED = 40


def holes(asked: Asked, answer: CoverageAnswer) -> None:
    """Draw who is in no perimeter, in one, in several, of a kind that has perimeters."""
    speaks = session.language()
    kinds = perimeter_kinds(answer)
    known = [item for item in perimeters_of(answer.read, kinds) if item.known]
    # kinds in the order people read them, those of which something is known
    shown = [kind for kind in kinds if any(item.kind == kind for item in known)]
    if not shown:
        st.info(say("no_perimeter"))
        return
    kind: str = st.selectbox(
        text("perimeter.kind", speaks),
        shown,
        key="w_cover_perimeter_kind",
        format_func=lambda value: text(f"kind.{value}", speaks),
    )
    _map(asked, answer, kind)
    nodes = [_perimeter(item, answer, speaks) for item in known if item.kind == kind]
    panel([el("ul", *nodes, class_="cards")], key="cover_perimeters", subject=kind, language=speaks)
    _download(answer, shown)


def _map(asked: Asked, answer: CoverageAnswer, kind: str) -> None:
    speaks = session.language()
    drawn = answers.perimeter_drawn(asked, kind, speaks)
    if drawn is None:
        st.caption(text("perimeter.no_map", speaks))
        return
    day = day_in_words(answer.question.selection.on, speaks)
    title = text("perimeter.title", speaks, kind=text(f"kind.{kind}", speaks), day=day)
    panel(map_nodes(drawn, title, speaks), key="cover_holes_map", subject=kind, language=speaks)


def _perimeter(item: PerimeterCover, answer: CoverageAnswer, language: str) -> Node:
    atlas = answer.read.ground.atlas
    silent = unstated(item, answer)
    said = {"none": "perimeter.silent" if silent else "coverage.page.in_none"}
    counts = [
        text(
            said.get(times, f"coverage.page.in_{times}"),
            language,
            n=len(item.communes[times]),
            people=people_words(item.people[times], item.basis, language),
        )
        for times in ("none", "one", "several")
    ]
    return el(
        "li",
        el("div", atlas[item.territory].name or item.territory, class_="title"),
        el("div", " · ".join(counts)),
        _names(item, answer, "perimeter.silent_names" if silent else "coverage.page.holes"),
        el("div", text("coverage.page.unstated", language, n=silent), class_="muted")
        if silent
        else None,
    )


def _names(item: PerimeterCover, answer: CoverageAnswer, key: str) -> Node | None:
    language = session.language()
    atlas, codes = answer.read.ground.atlas, item.communes["none"]
    if not codes:
        return None
    names = [atlas[f"commune:{code}"].name or code for code in codes[:MOST_NAMED]]
    if more := len(codes) - len(names):
        names.append(text("coverage.line.more", language, n=more))
    return el("div", text(key, language, names=", ".join(names)), class_="muted")


def _download(answer: CoverageAnswer, kinds: Sequence[str]) -> None:
    speaks = session.language()
    day = answer.question.selection.on.isoformat()
    st.download_button(
        text("perimeter.download", speaks),
        lambda: as_csv(perimeter_rows(answer, kinds, speaks)),
        file_name=f"maillage-perimetres-{day}.csv",
        mime="text/csv",
        key="cover_holes",
        on_click="ignore",
        icon=":material/download:",
    )
