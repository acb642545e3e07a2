"""What goes to the browser: pyvis builds the network, the rest stands around it.

The payload has three parts, sent apart, because they change at different paces: ``backdrop`` (the
polygons) seldom, ``network`` (nodes and ties) with a filter, ``frame`` (words, legend, selection)
with each click. Positions stay in metres of the view's projection; the browser turns them into
network coordinates (y downwards), from one origin kept as long as the canvas lives.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from pyvis.network import Network

from explorer import palette
from explorer.canvas_state import CanvasState, Layout
from explorer.viewmodel.caption import legend_kinds
from explorer.viewmodel.model import LegendKind, Role, ViewModel, ViewNode, ViewTerritory, ViewTie
from graph.messages import catalogue, text

CURVED_UP_TO = 600
"""Ties drawn as gentle curves, which part two ties between the same places; beyond, straight lines
are quicker."""

HIDDEN_WHILE_MOVING_FROM = 1500
"""Ties left out while one drags or zooms, so that the map follows the hand without a graphics
card; they come back when it stops."""

Look = dict[str, dict[str, float | list[float] | Literal[False]]]
"""Width and dashes in pixels by tie style."""

LOOKS: tuple[tuple[float, Look], ...] = (
    (
        CURVED_UP_TO,
        {
            "solid": {"width": 1.25, "dashes": False},
            "dashed": {"width": 1.25, "dashes": [6, 4]},
            "inferred": {"width": 1.25, "dashes": [0.5, 3.5]},
        },
    ),
    (
        4000,  # each dash takes its time to draw
        {
            "solid": {"width": 1, "dashes": False},
            "dashed": {"width": 1, "dashes": [14, 8]},
            "inferred": {"width": 1, "dashes": [2, 9]},
        },
    ),
    (
        math.inf,
        {
            "solid": {"width": 1, "dashes": False},  # a hair: broader lines take a second to draw
            "dashed": {"width": 0.6, "dashes": False},
            "inferred": {"width": 0.3, "dashes": False},
        },
    ),
)
"""How ties look, by the number of ties up to which it holds."""

_DRAW_ORDER = ("supply", "neighbour", "partner", "focus_site", "focus")
_APPROXIMATE = frozenset({"commune"})

_OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "nodes": {"shape": "custom", "fixed": True, "chosen": False},
    "edges": {"chosen": False, "color": {"inherit": False}, "hoverWidth": 0, "selectionWidth": 0},
    "interaction": {
        "dragNodes": False,
        "hover": False,
        "selectable": False,
        "keyboard": False,
        "tooltipDelay": 86_400_000,
    },
}


def payload(view: ViewModel) -> dict[str, Any]:
    """Return everything the canvas draws, ready for JSON.

    Parameters
    ----------
    view : ViewModel
        What to show.

    Returns
    -------
    dict
        ``frame``, ``network`` and ``backdrop``.
    """
    return {"frame": frame(view), "network": network(view), "backdrop": backdrop(view)}


def is_placed(node: ViewNode) -> bool:
    """Tell whether `node` stands on the map or unfolded."""
    return node.x is not None or node.unfolded is not None


def network(view: ViewModel, ties: int | None = None) -> dict[str, Any]:
    """Return pyvis's nodes, edges and options for what stands on the map or unfolded.

    Parameters
    ----------
    view : ViewModel
        What to show.
    ties : int, optional
        How many ties are drawn in all, where `view` is a part.
    """
    net = _network()
    placed = sorted(
        (node for node in view.nodes if is_placed(node)),
        key=lambda node: (_DRAW_ORDER.index(node.role), node.id),
    )
    roles = {node.id: node.role for node in placed}
    for node in placed:
        _add_node(net, node)
    for tie in view.ties:
        if tie.source in roles and tie.target in roles:
            _add_tie(net, tie, roles)
    net.set_options(json.dumps(_options(len(net.edges) if ties is None else ties)))
    return {"crs": view.crs, "nodes": net.nodes, "edges": net.edges, "options": net.options}


class _Ids(dict[str, None]):
    """Ids in order, found at once; pyvis looks through a list for each node and tie."""

    def append(self, item: str) -> None:
        self[item] = None


def _network() -> Any:  # noqa: ANN401 - pyvis has no types
    # Directed, or pyvis compares each tie with all the others.
    net = Network(directed=True)
    net.node_ids = _Ids()
    net.get_nodes = lambda: net.node_ids
    return net


def _options(ties: int) -> dict[str, Any]:
    smooth = {"enabled": ties <= CURVED_UP_TO, "type": "curvedCW", "roundness": 0.1}
    hide = ties >= HIDDEN_WHILE_MOVING_FROM
    moving = {"hideEdgesOnDrag": hide, "hideEdgesOnZoom": hide}
    return {
        **_OPTIONS,
        "edges": {**_OPTIONS["edges"], "smooth": smooth},
        "interaction": {**_OPTIONS["interaction"], **moving},
    }


def _add_node(net: Network, node: ViewNode) -> None:
    net.add_node(
        node.id,
        label=node.short_label or node.label,
        shape=node.symbol,
        color=node.colour,
        size=node.size,
        x=None if node.x is None else round(node.x, 1),
        y=None if node.y is None else round(node.y, 1),
        net=node.unfolded,
        **_stated(code=node.code, change=node.change),
        name=node.label,
        role=node.role,
        approximate=_approximate(node),
        lines=list(node.lines),
    )


def _stated(**values: str | None) -> dict[str, str]:
    """Return what has a value: thousands of empty fields need not travel."""
    return {name: value for name, value in values.items() if value is not None}


def _approximate(node: ViewNode) -> str:
    if node.placement == "rattachement":
        return "attached"
    return "centroid" if node.precision in _APPROXIMATE else ""


def _add_tie(net: Network, tie: ViewTie, roles: Mapping[str, Role]) -> None:
    # From the focus outwards, so that curves of one bundle bend the same way.
    ends = sorted((tie.target, tie.source), key=lambda end: -_DRAW_ORDER.index(roles[end]))
    net.add_edge(
        *ends,
        id=tie.id,
        arrows="",
        style=tie.style,
        words=tie.label,
        **_stated(change=tie.change),
    )


def backdrop(view: ViewModel) -> dict[str, Any]:
    """Return the territory polygons of `view`, in whole metres."""
    return {"crs": view.crs, "territories": [_territory(item) for item in view.territories]}


def _territory(territory: ViewTerritory) -> dict[str, Any]:
    return {
        "ref": territory.ref,
        "name": territory.name,
        "fill": territory.fill,
        "outline": territory.outline,
        "label": territory.label_at and [round(value) for value in territory.label_at],
        "rings": [[round(value) for value in ring] for ring in territory.rings],
    }


def board(state: CanvasState) -> dict[str, Any]:
    """Return what people did on the canvas, as the browser keeps it."""
    return {
        "layout": state.layout,
        "chosen": list(state.chosen),
        "hidden": list(state.hidden),
        "near": list(state.near),
        "depth": state.depth,
        "path": list(state.path),
        "opened": list(state.opened),
        "pins": [{"layout": p.layout, "id": p.id, "x": p.x, "y": p.y} for p in state.pins],
    }


def frame(view: ViewModel, layout: Layout = "carte") -> dict[str, Any]:
    """Return the words around the drawing: title, legend, caption, text alternative."""
    caption = view.caption
    return {
        "language": view.language,
        "title": caption.title,
        "subtitle": " · ".join(filter(None, (caption.date, *caption.filters))),
        "caption": _caption(view, layout),
        "description": view.description,
        "legend": _legend(view, layout),
        "changes": bool(view.legend_changes),
        "texts": _texts(view.language),
        "symbols": palette.SYMBOLS,
        "papers": palette.PAPERS,
        "lift": palette.LIFT,
        "tie_opacity": palette.TIE_OPACITY,
        "looks": next(look for most, look in LOOKS if len(view.ties) <= most),
    }


def _caption(view: ViewModel, layout: Layout) -> str:
    caption = view.caption
    parts = []
    if caption.sources:
        listed = text("canvas.caption.separator", view.language).join(caption.sources)
        parts.append(text("canvas.caption.sources", view.language, sources=listed))
    if layout == "reseau":
        return " ".join((*parts, text("canvas.caption.unfolded", view.language), *view.notes))
    parts.append(text("canvas.caption.projection", view.language, projection=caption.projection))
    if view.unplaced:
        parts.append(text("canvas.caption.unplaced", view.language, n=len(view.unplaced)))
    return " ".join((*parts, *view.notes))


def _legend(view: ViewModel, layout: Layout) -> list[dict[str, Any]]:
    """Return the groups of the legend: kinds and what else colours say, ties, how to read it."""

    def say(key: str) -> str:
        return text(f"canvas.legend.{key}", view.language)

    kinds = [
        {"mark": "symbol", "symbol": k.symbol, "colour": k.colour, "label": k.label, "n": k.count}
        for k in _kinds(view, layout)
    ]
    ties = [
        {"mark": "tie", "style": t.style, "label": t.label, "n": t.count} for t in view.legend_ties
    ]
    signs = [{"mark": sign, "label": say(sign)} for sign in _signs(view, layout)]
    groups = (
        (view.group_title, _group_entries(view, layout)),
        (view.size_title, _size_entries(view)),
        (say("kinds"), kinds),
        (view.change_title, _change_entries(view, layout)),
        (say("ties"), ties),
        (say("positions"), signs),
    )
    return [{"title": title, "entries": entries} for title, entries in groups if entries]


def _kinds(view: ViewModel, layout: Layout) -> tuple[LegendKind, ...]:
    """Return the kinds drawn: unfolded, those without a place on the map too."""
    if layout == "carte":
        return view.legend_kinds
    found = legend_kinds(view.nodes, everywhere=True)
    if not view.legend_groups:
        return found
    return tuple(msgspec.structs.replace(kind, colour=palette.NEUTRAL) for kind in found)


def _drawn(view: ViewModel, layout: Layout) -> list[ViewNode]:
    """Return the structures that the legend counts: on the map, those that have a place there."""
    return [node for node in view.nodes if layout == "reseau" or node.x is not None]


def _group_entries(view: ViewModel, layout: Layout) -> list[dict[str, Any]]:
    counts = Counter(node.code for node in _drawn(view, layout))
    return [
        {"mark": "group", "code": g.code, "colour": g.colour, "label": g.label, "n": counts[g.code]}
        for g in view.legend_groups
        if counts[g.code]
    ]


def _size_entries(view: ViewModel) -> list[dict[str, Any]]:
    return [{"mark": "size", "size": s.size, "label": s.label} for s in view.legend_sizes]


def _change_entries(view: ViewModel, layout: Layout) -> list[dict[str, Any]]:
    nodes = _drawn(view, layout)
    ids = {node.id for node in nodes}
    ties = (tie for tie in view.ties if tie.source in ids and tie.target in ids)
    counts = {
        "node": Counter(node.change for node in nodes),
        "tie": Counter(tie.change for tie in ties),
    }
    return [
        {"mark": f"{c.what}_change", "change": c.change, "label": c.label, "n": n}
        for c in view.legend_changes
        if (n := counts[c.what][c.change])
    ]


def _signs(view: ViewModel, layout: Layout) -> list[str]:
    if layout == "reseau":
        roles = {node.role for node in view.nodes}
        return [sign for sign in ("focus", "focus_site") if sign in roles]
    placed = [node for node in view.nodes if node.x is not None]
    signs = {_approximate(node) for node in placed} | {node.role for node in placed}
    return [sign for sign in ("focus", "focus_site", "centroid", "attached") if sign in signs]


def _texts(language: str) -> dict[str, str]:
    prefix = "canvas.ui."
    messages = catalogue(language)
    return {key.removeprefix(prefix): messages[key] for key in messages if key.startswith(prefix)}
