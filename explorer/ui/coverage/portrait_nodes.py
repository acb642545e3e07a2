"""A portrait beside its reference, as a tree of tags and texts."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.services.portrait import Portrait
from explorer.ui.tree import Node, el
from explorer.viewmodel.model import View
from graph.messages import text

_OPEN = frozenset({"covered_by", "gaps_three"})


def portrait_nodes(found: Portrait, language: str) -> list[Node]:
    """Return the people by age, who covers, numbers beside the reference, agreements, gaps."""
    said = text("coverage.page.portrait_on", language, day=found.date)
    beside = []
    if found.reference:
        words = text("coverage.page.portrait_beside", language, name=found.reference)
        beside.append(el("p", words, class_="muted"))
    tables = (
        ("people", found.people, ("count", "share", "reference")),
        ("kinds", _numbered(found), ("kind", "density", "reference", "rate", "reference_rate")),
        ("activities", found.activities, ("name", "supply", "density", "reference")),
    )
    sections = (
        ("covered_by", found.covered_by),
        ("by_filiere", found.by_filiere),
        ("by_site", found.by_site),
        ("lapsing", found.lapsing),
        ("gaps_three", found.gaps),
    )
    return [
        el("h3", said),
        *beside,
        *(_table(name, rows, columns, language) for name, rows, columns in tables if rows),
        *(_section(name, lines, language) for name, lines in sections if lines),
    ]


def _numbered(found: Portrait) -> list[View]:
    """Return the kinds of which a number is known here or in the reference."""
    return [
        line
        for line in found.lines
        if line.density or line.reference or line.rate or line.reference_rate
    ]


def _table(name: str, rows: Sequence[View], columns: Sequence[str], language: str) -> Node:
    head = [el("th", text(f"portrait.{name}.{each}", language), scope="col") for each in columns]
    body = [el("tr", *(el("td", getattr(row, each)) for each in columns)) for row in rows]
    table = el("table", el("thead", el("tr", *head)), el("tbody", *body))
    return el("div", table, class_="wide beside")


def _section(name: str, lines: Sequence[str], language: str) -> Node:
    title = text(f"portrait.title.{name}", language)
    count = el("span", f" ({len(lines)})", class_="count")
    return el(
        "details",
        el("summary", title, count),
        el("ul", *(el("li", line) for line in lines)),
        class_="group",
        data_key=name,
        **({"open": "open"} if name in _OPEN else {}),
    )
