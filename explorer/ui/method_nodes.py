"""Methods as trees: formula, unit, what is fixed, settings in use, source, caveats, a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from explorer.ui.opening import page_link
from explorer.ui.tree import Node, el, opener
from graph.messages import text
from graph.methods import CHAPTERS, Method

InUse = Mapping[str, tuple[str, str]]


def setting_nodes(in_use: InUse) -> list[Node]:
    """Return the settings in use as a list of terms and values."""
    pairs = [(el("dt", name), el("dd", value)) for name, value in in_use.values()]
    return [el("dl", *(node for pair in pairs for node in pair))]


def method_nodes(methods: Sequence[Method], in_use: InUse, language: str) -> list[Node]:
    """Return `methods` chapter by chapter."""
    parts: list[Node] = []
    for chapter in CHAPTERS:
        here = [item for item in methods if item.chapter == chapter]
        if here:
            title = text(f"methods.chapter.{chapter}", language)
            articles = [method_node(item, in_use, language) for item in here]
            parts.append(el("section", el("h3", title, _count(len(here))), *articles))
    return [el("div", *parts, class_="methods")]


def _count(number: int) -> Node:
    return el("span", str(number), class_="count")


def method_node(item: Method, in_use: InUse, language: str) -> Node:
    """Return one method."""

    def say(key: str) -> str:
        return text(f"methods.{key}", language)

    measure = item.measure
    source = item.source(language)
    rows: list[tuple[str, list[str], str | None]] = [
        (
            say("formula" if measure else "how"),
            [item.how(language)],
            "formula" if measure else None,
        ),
        (say("unit"), [measure.unit_name(language)] if measure else [], None),
        (say("fixed"), list(measure.parameter_texts(language)) if measure else [], None),
        (say("uses"), _settings(item, in_use), "muted"),
        (say("source"), [] if source == "–" else [source], None),
        (say("caveat"), list(item.caveats(language)), None),
    ]
    pairs = [
        (el("dt", label), el("dd", *(el("p", line) for line in lines), class_=style))
        for label, lines, style in rows
        if lines
    ]
    name = el("h4", item.name(language))
    link = el("p", opener(say("link"), page_link("methods", mesure=item.id)), class_="muted")
    return el("article", name, el("dl", *(node for pair in pairs for node in pair)), link)


def _settings(item: Method, in_use: InUse) -> list[str]:
    """Return the settings that change a method, on one line; none where nothing changes it."""
    said = [f"{name} – {value}" for key in item.uses for name, value in (in_use[key],)]
    return [" · ".join(said)] if said else []
