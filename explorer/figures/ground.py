"""The territories behind a figure, cut at the frame, and their names where these fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import shapely

from explorer.figures.drawing import Area, Box, Item, Line, Rect, Words
from explorer.figures.labels import Around, place_names
from explorer.figures.lettering import baseline, clean, height_of, width_of
from explorer.figures.paper import Paper, Theme
from explorer.figures.window import Numbers, Window
from explorer.viewmodel.model import ViewTerritory

SIMPLE = 0.05
"""Millimetres to which outlines are simplified."""
_SHIFTS = (0.0, 0.25, -0.25, 0.5, -0.5)
"""Where a name may stand beside the middle of its territory, in shares of its sides."""
MOST_TIES = 0
"""Ties that may pass over the name of a territory."""
_ALONG = 0.05
"""Millimetres from the frame at which an outline counts as running along it."""


class Ground(NamedTuple):
    """A territory on the sheet: its shape in millimetres, cut at the frame."""

    territory: ViewTerritory
    shape: shapely.Geometry
    whole: bool


class Name(NamedTuple):
    """The name of a territory where it stands."""

    text: str
    box: Box
    size: float
    heavy: bool


def grounds_of(territories: Iterable[ViewTerritory], window: Window, frame: Box) -> list[Ground]:
    """Return the territories that `frame` shows, in millimetres."""
    cut = shapely.box(frame.left, frame.top, frame.right, frame.bottom)
    found = []
    for item in territories:
        rings = [
            window.moved(np.array(ring, dtype=float).reshape(-1, 2))
            for ring in item.rings
            if len(ring) >= 8  # noqa: PLR2004 - a closed ring has four places
        ]
        if not rings:
            continue
        shape = shapely.simplify(even_odd(rings), SIMPLE)
        inside = shapely.intersection(shapely.make_valid(shape), cut)
        if not shapely.is_empty(inside) and shapely.area(inside) > 0:
            found.append(Ground(item, inside, bool(shapely.contains_properly(cut, shape))))
    return found


def even_odd(rings: Sequence[Numbers]) -> shapely.Geometry:
    """Return the area that closed `rings` bound: what lies in a second one is a hole."""
    if len(rings) == 1:
        return shapely.make_valid(shapely.Polygon(rings[0]))
    return shapely.make_valid(shapely.build_area(shapely.MultiLineString(list(rings))))


def ground_items(grounds: Sequence[Ground], frame: Box, paper: Paper, theme: Theme) -> list[Item]:
    """Return what is drawn under a network: land, communes, then the heavy outlines."""
    items: list[Item] = [Rect(box=frame, fill=theme.paper, name="frame")]
    for ground in grounds:
        item = ground.territory
        inside = item.fill == "inside"
        thin = item.outline == "thin"
        colour = theme.context if not inside else theme.thin if thin else theme.heavy
        width = paper.scale * (0.5 if thin else 0.6 if not inside else 0.9)
        items += outlined(ground, theme.land if inside and thin else None, colour, width, frame)
    return items


def outlined(ground: Ground, fill: str | None, colour: str, width: float, frame: Box) -> list[Item]:
    """Return a territory; where the frame cuts it, no outline runs along the frame."""
    name = clean(ground.territory.name)
    rings = rings_of(ground.shape)
    if ground.whole:
        return [Area(rings=rings, fill=fill, stroke=colour, width=width, name=name)]
    items: list[Item] = [Area(rings=rings, fill=fill, name=name)] if fill else []
    return items + border(ground, colour, width, frame)


def border(ground: Ground, colour: str, width: float, frame: Box) -> list[Item]:
    """Return the outline of a territory without the parts along the frame that cuts it."""
    inner = frame.grown(-_ALONG)
    cut = shapely.box(inner.left, inner.top, inner.right, inner.bottom)
    lines = shapely.line_merge(shapely.intersection(shapely.boundary(ground.shape), cut))
    name = clean(ground.territory.name)
    return [
        Line(
            points=tuple((float(x), float(y)) for x, y in shapely.get_coordinates(part)),
            colour=colour,
            width=width,
            name=name,
        )
        for part in shapely.get_parts(lines)
        if isinstance(part, shapely.LineString)
    ]


def rings_of(shape: shapely.Geometry) -> tuple[tuple[float, ...], ...]:
    """Return the rings of polygons, rounded to a hundredth of a millimetre."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)]
    rings = (ring for part in parts for ring in (part.exterior, *part.interiors))
    return tuple(
        tuple(round(float(value), 2) for value in shapely.get_coordinates(ring).ravel())
        for ring in rings
    )


def land_of(grounds: Iterable[Ground]) -> shapely.Geometry:
    """Return the territory looked at, as one shape."""
    inside = [g.shape for g in grounds if g.territory.fill == "inside"]
    land = shapely.union_all(inside)
    shapely.prepare(land)
    return land


def crossing(grounds: Iterable[Ground], ties: Numbers) -> Numbers:
    """Return what should not run through a name: `ties`, and the heavy outlines."""
    heavy = [g.shape for g in grounds if g.territory.outline == "heavy"]
    rows = [ties]
    for ring in shapely.get_rings(shapely.get_parts(heavy)) if heavy else ():
        places = shapely.get_coordinates(ring)
        rows.append(np.hstack([places[:-1], places[1:]]))
    return np.vstack(rows)


def names_of(grounds: Sequence[Ground], around: Around, paper: Paper) -> list[Name]:
    """Return the names of territories that fit inside them, clear of symbols and labels.

    Arrondissements come before communes, the largest first.
    """
    asked: list[tuple[str, list[Box]]] = []
    known: dict[str, Name] = {}
    order = sorted(grounds, key=_importance)
    for at, ground in enumerate(order):
        if ground.territory.label_at is None:
            continue
        heavy = ground.territory.outline == "heavy"
        size = paper.size("place") * (1.15 if heavy else 1.0)
        label = clean(ground.territory.name)
        label = label.upper() if heavy else label
        boxes = boxes_in(ground.shape, width_of(label, size), height_of(1, size), heavy=heavy)
        if boxes:
            asked.append((str(at), boxes))
            known[str(at)] = Name(label, boxes[0], size, heavy)
    placed = place_names(asked, around, MOST_TIES)
    return [known[key]._replace(box=box) for key, box in placed.items()]


def _importance(ground: Ground) -> tuple[bool, float, str]:
    heavy = ground.territory.outline == "heavy"
    return not heavy, -float(shapely.area(ground.shape)), ground.territory.ref


def boxes_in(shape: shapely.Geometry, width: float, height: float, *, heavy: bool) -> list[Box]:
    """Return the boxes in which a name may stand: its middle line inside the territory."""
    left, top, right, bottom = map(float, shapely.bounds(shape))
    if width > (right - left) * (1.0 if heavy else 0.96) or height > bottom - top:
        return []
    middle = shapely.point_on_surface(shape)
    found = []
    for down in _SHIFTS:
        for across in _SHIFTS:
            x = middle.x + across * (right - left) / 2
            y = middle.y + down * (bottom - top) / 2
            line = shapely.LineString([(x - width / 2, y), (x + width / 2, y)])
            if shapely.contains(shape, line):
                found.append(Box(x - width / 2, y - height / 2, width, height))
    return found


def name_items(names: Iterable[Name], theme: Theme) -> list[Item]:
    """Return the names of territories."""
    return [
        Words(
            x=name.box.middle[0],
            y=baseline(name.box.top, name.size),
            text=name.text,
            size=name.size,
            colour=theme.place,
            align="center",
            name="place",
        )
        for name in names
    ]
