"""The network as a graph with everything that Gephi draws: GraphML, and the base of GEXF."""

from __future__ import annotations

import io
from typing import NamedTuple

import networkx as nx

from explorer import palette
from explorer.exports.delimited import joined
from explorer.exports.material import Material
from explorer.exports.notes import notes
from explorer.exports.plain_text import readable
from explorer.exports.rows import Row, Value, structure_rows, tie_rows

METRES_PER_UNIT = 25.0
"""One unit of the drawing, as on the canvas: symbols of 4 to 12 units then suit the distances."""

TIE_COLOUR = "#545D66"

Scalar = str | int | float | bool


class Look(NamedTuple):
    """How a structure is drawn: colour, diameter, and place in units from `origin`."""

    colour: str
    size: float
    place: tuple[float, float] | None


def looks(material: Material) -> dict[str, Look]:
    """Return how each structure is drawn; colours, sizes and places are those of the screen."""
    drawn = {node.id: node for node in material.view.nodes}
    origin = _origin(material)
    found = {}
    for key in material.ids:
        node, place = drawn.get(key), material.places.get(key)
        structure = material.answer.structures.get(key)
        mark = palette.mark(structure.kind if structure else None)
        found[key] = Look(
            node.colour if node else mark.colour,
            2 * (node.size if node else palette.SECONDARY_SITE),
            (
                round((place.x - origin[0]) / METRES_PER_UNIT, 2),
                round((place.y - origin[1]) / METRES_PER_UNIT, 2),
            )
            if place
            else None,
        )
    return found


def _origin(material: Material) -> tuple[float, float]:
    """Return the middle of what is placed, in whole kilometres."""
    placed = [material.places[key] for key in material.ids if key in material.places]
    if not placed:
        return 0.0, 0.0
    xs, ys = [item.x for item in placed], [item.y for item in placed]
    return round((min(xs) + max(xs)) / 2, -3), round((min(ys) + max(ys)) / 2, -3)


def attributes(row: Row, *leave: str) -> dict[str, Scalar]:
    """Return the values of a row that are stated; several are joined."""
    kept = {key: _scalar(value) for key, value in row.items() if key not in leave}
    return {key: value for key, value in kept.items() if value is not None}


def _scalar(value: Value) -> Scalar | None:
    if value is None or value == ():
        return None
    return readable(joined(value)) if isinstance(value, str | tuple) else value


def write_graphml(material: Material) -> bytes:
    """Return the network as GraphML: one node a structure, one edge a tie.

    Gephi reads ``label``, ``x``, ``y``, ``size`` and ``r``, ``g``, ``b``; other programs find
    the same place in metres (``x_lambert93``) and degrees. What no source states is absent. An
    edge reached by attachment has no weight: Gephi drops edges whose weight is zero.
    """
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.graph |= {
        "title": readable(material.view.caption.title),
        "as_of": material.answer.selection.on.isoformat(),
        "notes": readable(" ".join(notes(material))),
    }
    drawn = looks(material)
    for row in structure_rows(material):
        key = str(row["id"])
        look = _drawn(drawn[key])
        graph.add_node(key, label=readable(material.name(key)), **look, **attributes(row, "id"))
    for row in tie_rows(material):
        a, b = str(row["a"]), str(row["b"])
        graph.add_edge(a, b, str(row["id"]), **tie_attributes(row))
    out = io.BytesIO()
    nx.write_graphml_xml(graph, out, named_key_ids=True)
    return out.getvalue()


def tie_attributes(row: Row) -> dict[str, Scalar]:
    """Return the attributes of an edge; a weight of zero is no weight."""
    found = attributes(row, "id", "a", "b")
    found["label"] = str(found["tie_label"])
    if not found.get("weight"):
        found.pop("weight", None)
    return found


def _drawn(look: Look) -> dict[str, Scalar]:
    red, green, blue = channels(look.colour)
    place = {} if look.place is None else {"x": look.place[0], "y": look.place[1]}
    return {**place, "size": look.size, "r": red, "g": green, "b": blue, "color": look.colour}


def channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue (0-255) of ``#rrggbb``."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue
