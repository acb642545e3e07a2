"""Rows with their geometry, and GeoJSON: structures, ties and territories in WGS 84."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import shapely

from explorer.exports.material import Material
from explorer.exports.notes import notes
from explorer.exports.plain_text import readable
from explorer.exports.rows import DEGREES, Row, Value, columns_of, degrees, table
from explorer.viewmodel.backdrop import shape_of

WGS_84 = "EPSG:4326"
LAYERS = ("territories", "ties", "structures")
"""Tables with a geometry, in the order in which they are drawn."""


def write_geojson(material: Material) -> bytes:
    """Return one FeatureCollection (RFC 7946, WGS 84).

    Each feature says its ``layer``. What has no position has a null geometry; so has a tie one end
    of which has none. Several values of a property are a list.
    """
    features = [
        {
            "type": "Feature",
            "id": f"{layer}/{row['id']}",
            "geometry": _in_degrees(shape),
            "properties": {"layer": layer, **{key: _json(value) for key, value in row.items()}},
        }
        for layer in LAYERS
        for row, shape in located(material, layer, WGS_84)
    ]
    document = {
        "type": "FeatureCollection",
        "name": readable(material.view.caption.title),
        "as_of": material.answer.selection.on.isoformat(),
        "notes": [readable(note) for note in notes(material)],
        "features": features,
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _json(value: Value) -> object:
    if isinstance(value, tuple):
        return [readable(item) for item in value]
    return readable(value) if isinstance(value, str) else value


def _in_degrees(shape: shapely.Geometry | None) -> Mapping[str, Any] | None:
    if shape is None:
        return None
    rounded: Mapping[str, Any] = json.loads(shapely.to_geojson(_wound(shape)))
    return {"type": rounded["type"], "coordinates": _rounded(rounded["coordinates"])}


def _wound(shape: shapely.Geometry) -> shapely.Geometry:
    """Return outer rings counter-clockwise, as RFC 7946 asks."""
    return shapely.orient_polygons(shape, exterior_cw=False)


def _rounded(value: Any) -> Any:  # noqa: ANN401 - numbers at any depth
    return [_rounded(item) for item in value] if isinstance(value, list) else round(value, DEGREES)


def located(
    material: Material, layer: str, crs: str
) -> Iterator[tuple[Row, shapely.Geometry | None]]:
    """Yield the rows of a layer with their geometry in `crs`."""
    columns = columns_of(material, layer)
    shapes = {item.id: item for item in material.territories} if layer == "territories" else {}
    for row in table(material, layer):
        kept = {column.key: row.get(column.key) for column in columns}
        if layer == "territories":
            yield kept, _polygon(shapes[str(row["id"])], crs)
        elif layer == "ties":
            ends = [_point(str(row[end]), material, crs) for end in ("a", "b")]
            placed = [end for end in ends if end is not None]
            both = len(placed) == len(ends)
            yield kept, shapely.LineString(placed) if both else None
        else:
            at = _point(str(row["id"]), material, crs)
            yield kept, shapely.Point(at) if at else None


def _polygon(territory: Any, crs: str) -> shapely.Geometry | None:  # noqa: ANN401
    if territory.geometry is None:
        return None
    shape = shapely.from_wkb(territory.geometry) if crs == WGS_84 else shape_of(territory, crs)
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


def _point(key: str, material: Material, crs: str) -> tuple[float, float] | None:
    place = material.places.get(key)
    if place is None:
        return None
    if crs == WGS_84:
        return degrees(place.x, place.y, material.view.crs)
    return round(place.x, 1), round(place.y, 1)
