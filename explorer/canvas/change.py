"""What turns a network that the browser has into another: a filter need not send all again."""

from __future__ import annotations

from typing import Any

import msgspec

from explorer.canvas.payload import is_placed, network
from explorer.viewmodel.model import ViewModel

WORTH = 0.5
"""Share of a network above which it is sent whole."""
_ID_COST = 0.25
"""What the id of something gone weighs, beside something sent."""


def change(base: ViewModel, view: ViewModel) -> dict[str, Any] | None:
    """Return what turns ``network(base)`` into ``network(view)``; None where all had better go.

    Parameters
    ----------
    base : ViewModel
        What the browser has.
    view : ViewModel
        What it is to draw.

    Returns
    -------
    dict or None
        ``gone`` (ids of nodes and edges), ``put`` (nodes and edges that are new or differ) and
        ``options``. Edges that lose an end go without being named.
    """
    if base.crs != view.crs:
        return None
    had = {node.id: node for node in base.nodes if is_placed(node)}
    now = {node.id: node for node in view.nodes if is_placed(node)}
    gone = [key for key in had if key not in now]
    put = {key for key, node in now.items() if had.get(key) != node}
    # A tie runs from the more important end: it may turn with the role of one.
    turned = {key for key in put if key not in had or had[key].role != now[key].role}
    ties = {tie.id: tie for tie in base.ties if tie.source in had and tie.target in had}
    drawn = [tie for tie in view.ties if tie.source in now and tie.target in now]
    kept = {tie.id for tie in drawn}
    lost = [k for k, t in ties.items() if k not in kept and t.source in now and t.target in now]
    fresh = [t for t in drawn if ties.get(t.id) != t or t.source in turned or t.target in turned]
    weight = len(put) + len(fresh) + _ID_COST * (len(gone) + len(lost))
    if weight > WORTH * (len(now) + len(drawn)):
        return None
    ends = {end for tie in fresh for end in (tie.source, tie.target)}
    nodes = tuple(node for key, node in now.items() if key in put or key in ends)
    sent = network(msgspec.structs.replace(view, nodes=nodes, ties=tuple(fresh)), ties=len(drawn))
    return {
        "gone": {"nodes": gone, "edges": lost},
        "put": {
            "nodes": [node for node in sent["nodes"] if node["id"] in put],
            "edges": sent["edges"],
        },
        "options": sent["options"],
    }
