"""GEXF 1.2, written element by element: places, colours, sizes and the days that ties hold.

NetworkX writes GEXF too, but fails on unknown values, stamps today's date and knows nothing of an
edge's look. Gephi reads ``viz`` elements and, in a dynamic graph, ``start`` and ``end`` or
``spells`` (both bounds included). A bound that no source states is left out: the tie is then
shown without limit on that side.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET

from explorer.exports.graphs import (
    TIE_COLOUR,
    Look,
    Scalar,
    attributes,
    channels,
    looks,
    tie_attributes,
)
from explorer.exports.material import Material
from explorer.exports.notes import notes
from explorer.exports.periods import Period, tie_periods
from explorer.exports.plain_text import readable
from explorer.exports.rows import Row, structure_rows, tie_rows
from graph.dates import PartialDate, earliest, latest

SPACE = "http://www.gexf.net/1.2draft"
VIZ = "http://www.gexf.net/1.2draft/viz"
_TYPES = ((bool, "boolean"), (int, "integer"), (float, "double"), (str, "string"))
_SHAPES = {"solid": "solid", "dashed": "dashed", "inferred": "dotted"}

_APART = frozenset({"weight", "label", "start", "end"})
"""What GEXF has attributes of its own for."""

Attributes = dict[str, Scalar]


def write_gexf(material: Material) -> bytes:
    """Return the network as a dynamic GEXF graph."""
    nodes = [(row, attributes(row, "id")) for row in structure_rows(material)]
    edges = [(row, tie_attributes(row)) for row in tie_rows(material)]
    root = ET.Element("gexf", {"xmlns": SPACE, "xmlns:viz": VIZ, "version": "1.2"})
    _meta(root, material)
    graph = ET.SubElement(
        root,
        "graph",
        {"mode": "dynamic", "defaultedgetype": "undirected", "timeformat": "date"},
    )
    _declare(graph, "node", [kept for _, kept in nodes])
    _declare(graph, "edge", [kept for _, kept in edges])
    _nodes(graph, nodes, material)
    _edges(graph, edges, material)
    ET.indent(root)
    out = io.BytesIO()
    ET.ElementTree(root).write(out, encoding="utf-8", xml_declaration=True)
    return out.getvalue()


def _meta(root: ET.Element, material: Material) -> None:
    day = material.answer.selection.on.isoformat()
    meta = ET.SubElement(root, "meta", {"lastmodifieddate": day})
    ET.SubElement(meta, "creator").text = "Maillage"
    said = (material.view.caption.title, *notes(material))
    ET.SubElement(meta, "description").text = readable("\n".join(said))


def _declare(graph: ET.Element, thing: str, rows: Iterable[Attributes]) -> None:
    """Declare the attributes in use, in the order of the columns; edges' weights stand apart."""
    types: dict[str, str] = {}
    for row in rows:
        for key, value in row.items():
            types.setdefault(key, next(name for kind, name in _TYPES if isinstance(value, kind)))
    declared = ET.SubElement(graph, "attributes", {"class": thing, "mode": "static"})
    for key, kind in types.items():
        if key not in _APART:
            ET.SubElement(declared, "attribute", {"id": key, "title": key, "type": kind})


def _nodes(graph: ET.Element, rows: Sequence[tuple[Row, Attributes]], material: Material) -> None:
    drawn = looks(material)
    parent = ET.SubElement(graph, "nodes")
    for row, kept in rows:
        key = str(row["id"])
        node = ET.SubElement(
            parent, "node", {"id": readable(key), "label": readable(material.name(key))}
        )
        _dates(node, [_life(row)])
        _values(node, kept)
        _look(node, drawn[key])


def _life(row: Row) -> Period:
    opened, closed = row["opened"], row["closed"]
    return Period(
        earliest(PartialDate(str(opened))) if opened else None,
        latest(PartialDate(str(closed))) if closed else None,
    )


def _edges(graph: ET.Element, rows: Sequence[tuple[Row, Attributes]], material: Material) -> None:
    periods = tie_periods(material)
    parent = ET.SubElement(graph, "edges")
    for row, kept in rows:
        names = {"id": row["id"], "source": row["a"], "target": row["b"], "label": kept["label"]}
        edge = ET.SubElement(parent, "edge", {k: readable(str(v)) for k, v in names.items()})
        if "weight" in kept:
            edge.set("weight", str(kept["weight"]))
        _dates(edge, periods[str(row["id"])])
        _values(edge, {k: v for k, v in kept.items() if k not in _APART})
        _tie_look(edge, str(row["style"]))


def _dates(element: ET.Element, periods: Sequence[Period]) -> None:
    stated = [item for item in dict.fromkeys(periods) if item.start or item.end]
    if len(stated) < len(set(periods)):  # one of them has no bound at all
        return
    holder = element if len(stated) == 1 else ET.SubElement(element, "spells") if stated else None
    for item in stated:
        bounds = {
            name: day.isoformat()
            for name, day in (("start", item.start), ("end", item.end))
            if day is not None
        }
        if holder is element:
            element.attrib.update(bounds)
        elif holder is not None:
            ET.SubElement(holder, "spell", bounds)


def _values(element: ET.Element, kept: Attributes) -> None:
    values = ET.SubElement(element, "attvalues")
    for key, value in kept.items():
        said = str(value).lower() if isinstance(value, bool) else str(value)
        ET.SubElement(values, "attvalue", {"for": key, "value": said})


def _look(node: ET.Element, look: Look) -> None:
    _colour(node, look.colour)
    ET.SubElement(node, "viz:size", {"value": str(look.size)})
    if look.place is not None:
        x, y = look.place
        ET.SubElement(node, "viz:position", {"x": str(x), "y": str(y), "z": "0.0"})


def _tie_look(edge: ET.Element, style: str) -> None:
    _colour(edge, TIE_COLOUR)
    ET.SubElement(edge, "viz:thickness", {"value": "1.0"})
    ET.SubElement(edge, "viz:shape", {"value": _SHAPES[style]})


def _colour(element: ET.Element, colour: str) -> None:
    red, green, blue = map(str, channels(colour))
    ET.SubElement(element, "viz:color", {"r": red, "g": green, "b": blue, "a": "1.0"})
