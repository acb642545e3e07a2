"""Pieces of page as trees of tags and texts, which the browser builds without reading any markup.

A text in a tree becomes a text node and nothing else: a name such as ``<img onerror=…>`` or
``[x](javascript:…)`` is shown as it is written. Only the tags and attributes below are built.
"""

from __future__ import annotations

from collections.abc import Iterable

from explorer.palette import SYMBOLS

Node = str | list[object]
"""A text, or ``[tag, attributes, children]``."""

TAGS = frozenset(
    [
        "article",
        "aside",
        "button",
        "circle",
        "dd",
        "defs",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "footer",
        "g",
        "h2",
        "h3",
        "h4",
        "header",
        "li",
        "line",
        "ol",
        "p",
        "path",
        "pattern",
        "polygon",
        "section",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "svg",
        "table",
        "tbody",
        "td",
        "text",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
ATTRIBUTES = frozenset(
    [
        "class",
        "cx",
        "cy",
        "d",
        "data-key",
        "data-open",
        "fill",
        "fill-rule",
        "height",
        "hidden",
        "id",
        "lang",
        "open",
        "patternTransform",
        "patternUnits",
        "points",
        "r",
        "role",
        "scope",
        "stroke",
        "stroke-dasharray",
        "stroke-width",
        "text-anchor",
        "title",
        "transform",
        "type",
        "viewBox",
        "width",
        "x",
        "x1",
        "x2",
        "y",
        "y1",
        "y2",
    ]
)


def el(tag: str, *children: Node | None, **attributes: str | bool | None) -> Node:
    """Return an element; ``class_`` and ``data_open`` stand for ``class`` and ``data-open``.

    Raises
    ------
    ValueError
        A tag or attribute that the browser side would refuse.
    """
    named = {
        name.rstrip("_").replace("_", "-"): "" if value is True else value
        for name, value in attributes.items()
        if value is not None and value is not False
    }
    strange = [name for name in named if name not in ATTRIBUTES and not name.startswith("aria-")]
    if tag not in TAGS or strange:
        raise ValueError(f"not allowed in a tree: <{tag}> {strange}")
    return [tag, named, [child for child in children if child is not None]]


def plain(nodes: Iterable[Node]) -> str:
    """Return the texts of a tree, one after the other, as a screen reader would meet them."""
    found = []
    for node in nodes:
        if isinstance(node, str):
            found.append(node)
        else:
            children = node[2]
            assert isinstance(children, list)  # noqa: S101 - made by el()
            found.append(plain(children))
    return " ".join(part for part in found if part)


def icon(symbol: str, colour: str) -> Node:
    """Return the symbol of a kind as on the canvas; the kind's name always stands beside it."""
    shape: Node
    if not SYMBOLS[symbol]:
        shape = el("circle", cx="0", cy="0", r="1", fill=colour)
    else:
        points = " ".join(f"{x:g},{-y:g}" for x, y in SYMBOLS[symbol])
        shape = el("polygon", points=points, fill=colour)
    return el("svg", shape, viewBox="-1.6 -1.6 3.2 3.2", aria_hidden="true", class_="icon")


def opener(label: str, structure: str | None, *extra: Node) -> Node:
    """Return `label` as a button that opens the sheet of `structure`, or as text if it has none."""
    if structure is None:
        return el("span", label, *extra)
    return el("button", label, *extra, type="button", class_="open", data_open=structure)
