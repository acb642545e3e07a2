"""Parts of the page « Vue d’ensemble » as trees: each figure and line opens what it counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from explorer.palette import mark
from explorer.services.agreement_words import due_words, moved_words, status_word
from explorer.services.agreements import Register, queued
from explorer.services.changes import ChangeShown
from explorer.services.overview import Changed, Figures, Missing
from explorer.services.sheet_model import AGREEMENT, link_to
from explorer.ui.opening import page_link
from explorer.ui.session import language
from explorer.ui.tree import Node, el, icon, opener
from explorer.wording import joined, number_in_words
from graph.agenda import Due
from graph.dates import latest
from graph.messages import text

MOST_LINES = 12


def say(key: str, /, **params: object) -> str:
    """Return the message ``overview.<key>`` in the reader's language."""
    return text(f"overview.{key}", language(), **params)


def figure_nodes(found: Figures, speaks: str) -> list[Node]:
    """Return the figures, each opening the list behind it."""
    cells = [
        _figure("partners", found.partners, page_link("network"), speaks),
        _figure("agreements", found.agreements, page_link("agreements", liste="registre"), speaks),
    ]
    if found.places is not None:
        link = page_link("coverage")
        label = say("places", all=number_in_words(found.all_places, speaks))
        cells.append(_cell(label, found.places, link, speaks))
    kinds = [
        el(
            "li",
            icon(mark(kind).symbol, mark(kind).colour),
            _counted(text(f"kind.{kind}", speaks), count, _kind_link(kind), speaks),
        )
        for kind, count in found.kinds
    ]
    statuses = [
        el("li", _counted(status_word(status, speaks), count, _status_link(status), speaks))
        for status, count in found.statuses
    ]
    return [
        el("ul", *cells, class_="figures"),
        el("h3", say("by_kind")),
        el("ul", *kinds, class_="key"),
        el("h3", say("by_status")),
        el("ul", *statuses, class_="key"),
    ]


def _figure(name: str, value: int, link: str, speaks: str) -> Node:
    return _cell(say(name), value, link, speaks)


def _cell(label: str, value: int, link: str, speaks: str) -> Node:
    number = el("span", number_in_words(value, speaks), class_="value")
    return el("li", number, opener(label, link))


def _counted(label: str, count: int, link: str | None, speaks: str) -> Node:
    number = el("span", f" {number_in_words(count, speaks)}", class_="count")
    return el("span", opener(label, link), number)


def _kind_link(kind: str) -> str | None:
    return None if kind == "unknown" else page_link("network", types=kind)


def _status_link(status: str | None) -> str | None:
    return page_link("agreements", liste="registre", statuts=status) if status else None


def due_nodes(found: Sequence[Due], register: Register, speaks: str) -> list[Node]:
    """Return what is to be dealt with, by day."""
    if not found:
        return [el("p", say("ahead_none"), class_="muted"), *_unknown_terms(register)]
    titles = register.titles()
    items = [
        el(
            "li",
            el("span", due_words(due, speaks)),
            opener(titles[due.agreement], link_to(due.agreement)),
        )
        for due in found[:MOST_LINES]
    ]
    more = [el("p", say("more", n=len(found) - MOST_LINES))] if len(found) > MOST_LINES else []
    queues = opener(say("open_queues"), page_link("agreements", liste="a_renouveler"))
    return [el("ul", *items, class_="todo"), *more, el("p", queues), *_unknown_terms(register)]


def _unknown_terms(register: Register) -> list[Node]:
    """Say how many agreements have no term: nothing can be announced for them."""
    count = len(queued(register.rows, "sans_terme"))
    return [el("p", say("no_term", n=count), class_="unknown")] if count else []


def seen_since(changes: Iterable[ChangeShown], since: date) -> int:
    """Return how many changes a source of this day or later shows."""
    vintages = (item.after.vintage for item in changes)
    return sum(value is not None and latest(value) >= since for value in vintages)


def changed_nodes(found: Changed, official: int, speaks: str) -> list[Node]:
    """Return partners gained and lost, agreements whose status changed, files and their news."""
    nodes: list[Node] = []
    for name, keys in (("arrived", found.arrived), ("left", found.left)):
        if keys:
            links = [el("li", opener(found.names[key], key)) for key in keys]
            nodes.append(_group(say(name, n=len(keys)), links, name))
    if found.moved:
        lines = [
            el("li", opener(title, f"{AGREEMENT}{key}"), el("span", said, class_="note"))
            for key, title, said in moved_words(found.moved, speaks)
        ]
        nodes.append(_group(say("moved", n=len(lines)), lines, "moved"))
    if official:
        nodes.append(el("p", opener(say("official", n=official), page_link("data"))))
    if found.loads:
        nodes.append(el("p", opener(say("loads", n=found.loads), page_link("data"))))
    return nodes or [el("p", say("changed_none"), class_="muted")]


def _group(title: str, lines: Sequence[Node], key: str) -> Node:
    return el(
        "details",
        el("summary", title),
        el("ul", *lines),
        class_="group",
        data_key=key,
        open=len(lines) <= MOST_LINES,
    )


def missing_nodes(found: Missing, unplaced: int, speaks: str) -> list[Node]:
    """Return what is not known, each line opening where one mends it."""
    lines = [
        opener(say(name, n=count), page_link("agreements", liste=name))
        for name, count in found.queues
        if count
    ]
    if unplaced:
        lines.append(opener(say("unplaced", n=unplaced), page_link("network")))
    if found.kinds:
        kinds = joined([text(f"kind.{kind}", speaks) for kind in found.kinds], speaks)
        lines.append(opener(say("registers", kinds=kinds), page_link("data")))
    if not lines:
        return [el("p", say("missing_none"), class_="muted")]
    return [el("ul", *(el("li", line) for line in lines), class_="todo")]
