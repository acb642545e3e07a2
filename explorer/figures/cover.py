"""The map of one kind: territories by state or by a number, with partners and other supply."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import shapely

from explorer.figures.drawing import Area, Box, Drawing, Group, Item, Rect, Symbol, Words
from explorer.figures.ground import boxes_in, even_odd, rings_of
from explorer.figures.labels import Around, place_names
from explorer.figures.legend import Entry, Sign, flow, height_needed
from explorer.figures.lettering import baseline, clean, height_of, width_of
from explorer.figures.making import About, Style, begin, finish, more
from explorer.figures.notes import note_box
from explorer.figures.paper import Shade, shade
from explorer.figures.scale import STRIP, strip_items
from explorer.figures.window import Window
from explorer.viewmodel.choropleth import WIDTH, Choropleth, MapArea, MapMark
from graph.messages import text

SIDE = 0.27
"""Share of a landscape sheet that legend, notes and key take."""
BELOW = 0.4
COLUMNS = 2
OUTLINE = "#5D5A50"
_RADII = {"partner": 1.25, "supply": 0.85}
_RING = re.compile(r"M([^Z]*)Z")


class CoverWords(NamedTuple):
    """What is said of the map: of what its classes are, its projection, what is estimated."""

    measure: str
    projection: str
    notes: tuple[str, ...] = ()
    estimated: bool = False
    """Whether the notes are the hypotheses of an estimate."""


class _Tile(NamedTuple):
    area: MapArea
    shape: shapely.Geometry
    shade: Shade


def cover_map(drawn: Choropleth, about: About, said: CoverWords, style: Style) -> Drawing:
    """Return the choropleth `drawn` on a sheet, as on screen: same classes, colours, marks."""
    sheet = begin(about, style)
    gap, body = style.paper.mm(6), sheet.body
    if style.paper.landscape:
        side = body.width * SIDE
        room = Box(body.left, body.top, body.width - side - gap, body.height)
        beside, columns = Box(room.right + gap, body.top, side, body.height), 1
    else:
        below = min(_height(drawn, said, body.width, style), body.height * BELOW)
        room = Box(body.left, body.top, body.width, body.height - below - gap)
        beside, columns = Box(body.left, room.bottom + gap, body.width, below), COLUMNS
    most = _key_room(drawn, said, (beside, columns), style)
    groups, named = _map(drawn, room, said, most, style)
    groups += _beside(drawn, said, named, (beside, columns), style)
    return finish(about, style, sheet, groups)


def _map(
    drawn: Choropleth, room: Box, said: CoverWords, most_numbers: int, style: Style
) -> tuple[list[Group], _Named]:
    """Return the groups of the map, and what is named on it."""
    paper, theme = style.paper, style.theme
    frame = Box(room.left, room.top, room.width, room.height - paper.mm(STRIP))
    inner = frame.grown(-paper.mm(3))
    scale = min(inner.width / WIDTH, inner.height / drawn.height)
    left = inner.middle[0] - WIDTH * scale / 2
    top = inner.middle[1] - drawn.height * scale / 2
    classes = {item.key: item for item in drawn.classes}
    tiles = []
    for area in drawn.areas:
        found = classes[area.key]
        ink = shade(found.key, found.colour, theme, hatched=found.hatched)
        tiles.append(_Tile(area, _shape(area.path, left, top, scale), ink))
    areas = [_area_item(tile, style) for tile in tiles]
    marks = [_mark_item(mark, left, top, scale, style) for mark in drawn.marks]
    discs = np.array([(m.x, m.y, m.radius + 0.3) for m in marks], dtype=float).reshape(-1, 3)
    around = Around(frame, discs, np.empty((0, 4)))
    named = _names(tiles, around, most_numbers, style)
    window = Window(frame, scale * drawn.scale, 0.0, 0.0)
    below = Box(frame.left, frame.bottom, frame.width, paper.mm(STRIP))
    ground = Rect(box=frame, fill=theme.paper, stroke=theme.rule, width=0.7, name="frame")
    return [
        Group(name="territories", items=(ground, *areas)),
        Group(name="structures", items=tuple(marks)),
        Group(name="labels", items=tuple(named.items)),
        Group(name="scale", items=tuple(strip_items(window, below, said.projection, style))),
    ], named


def _shape(path: str, left: float, top: float, scale: float) -> shapely.Geometry:
    """Return the polygons of an SVG path of :func:`explorer.viewmodel.choropleth.areas_of`."""
    rings = []
    for found in _RING.findall(path):
        places = np.array([spot.split(",") for spot in found.split("L")], dtype=float)
        if len(places) > 2:  # noqa: PLR2004 - a triangle at least
            rings.append(np.vstack([places, places[:1]]) * scale + (left, top))
    return even_odd(rings) if rings else shapely.Polygon()


def _area_item(tile: _Tile, style: Style) -> Area:
    return Area(
        rings=rings_of(tile.shape),
        fill=tile.shade.fill,
        stroke=OUTLINE,
        width=0.6 * style.paper.scale,
        hatch=tile.shade.hatch,
        name=clean(tile.area.words),
    )


def _mark_item(mark: MapMark, left: float, top: float, scale: float, style: Style) -> Symbol:
    place = left + mark.x * scale, top + mark.y * scale
    return mark_symbol(place, mark.role, style, clean(mark.words))


def mark_symbol(place: tuple[float, float], role: str, style: Style, name: str) -> Symbol:
    """Return a structure on a coverage map: a partner is filled, any other supply is a ring."""
    filled = role == "partner"
    return Symbol(
        x=place[0],
        y=place[1],
        radius=style.paper.mm(_RADII[role]),
        symbol="dot",
        fill="#1B1F23" if filled else "#FFFFFF",
        stroke="#FFFFFF" if filled else "#1B1F23",
        width=0.7 * style.paper.scale,
        name=name,
    )


class _Named(NamedTuple):
    """Items of names and numbers, the key of the numbers, and how many bear neither."""

    items: list[Item]
    key: list[tuple[str, str]]
    unnamed: int


def _names(tiles: Sequence[_Tile], around: Around, most_numbers: int, style: Style) -> _Named:
    """Return the names inside their territories, and numbers where a name does not fit.

    Names that do not fit are tried in smaller letters; numbers go to the largest that are left.
    """
    order = sorted(tiles, key=lambda tile: (-tile.area.surface, tile.area.ref))
    labels = {tile.area.ref: clean(tile.area.name) for tile in order}
    inks = {tile.area.ref: tile.shade for tile in tiles}
    items: list[Item] = []
    for name in ("label", "place"):
        size = style.paper.size(name)
        found = _placed(order, labels, size, around)
        for ref, box in found.items():
            items += _written(labels[ref], box, size, inks[ref])
        around = around._replace(boxes=(*around.boxes, *found.values()))
        order = [tile for tile in order if tile.area.ref not in found]
    size = style.paper.size("key")
    digits = {tile.area.ref: "8" * len(str(most_numbers)) for tile in order}
    spots = _placed(order, digits, size, around) if most_numbers else {}
    kept = [tile.area.ref for tile in order if tile.area.ref in spots][:most_numbers]
    kept.sort(key=lambda ref: (labels[ref].casefold(), ref))
    for at, ref in enumerate(kept, 1):
        items += _written(str(at), spots[ref], size, inks[ref])
    key = [(str(at), labels[ref]) for at, ref in enumerate(kept, 1)]
    return _Named(items, key, len(order) - len(kept))


def _placed(
    tiles: Sequence[_Tile], labels: Mapping[str, str], size: float, around: Around
) -> dict[str, Box]:
    high = height_of(1, size)
    asked = [
        (t.area.ref, boxes_in(t.shape, width_of(labels[t.area.ref], size), high, heavy=True))
        for t in tiles
    ]
    return place_names(asked, around)


def _written(label: str, box: Box, size: float, ink: Shade) -> list[Item]:
    items: list[Item] = []
    if ink.hatch:
        items.append(Rect(box=box.grown(0.2), fill=ink.fill, opacity=0.9, radius=0.5, name="plate"))
    items.append(
        Words(
            x=box.middle[0],
            y=baseline(box.top, size),
            text=label,
            size=size,
            colour=ink.ink,
            align="center",
            name="label",
        )
    )
    return items


def _beside(
    drawn: Choropleth,
    said: CoverWords,
    named: _Named,
    place: tuple[Box, int],
    style: Style,
) -> list[Group]:
    """Return legend, hypotheses and key."""
    box, columns = place
    entries = _entries(drawn, said, named, style)
    heading = "hypotheses" if said.estimated else "good_to_know"
    notes, room = note_box(said.notes, box, style, heading) if said.notes else ((), box)
    listed = flow(entries, room, columns, style.paper, style.theme, more(style))
    return [Group(name="legend", items=listed.items), Group(name="hypotheses", items=notes)]


def _height(drawn: Choropleth, said: CoverWords, width: float, style: Style) -> float:
    """Return the height of what stands below the map on an upright sheet, key included."""
    names = [("88", area.name) for area in drawn.areas][: len(drawn.areas) // 3 + 1]
    entries = _entries(drawn, said, _Named([], names, 0), style)
    need = height_needed(entries, width, COLUMNS, style.paper, style.theme)
    tall = Box(0, 0, width, 10 * style.paper.height)
    _, above = note_box(said.notes, tall, style) if said.notes else ((), tall)
    return need + tall.height - above.height


def _key_room(drawn: Choropleth, said: CoverWords, place: tuple[Box, int], style: Style) -> int:
    """Return how many lines of a key have room: a number without one says nothing."""
    box, columns = place
    least = _entries(drawn, said, _Named([], [("8", "x")], 1), style)
    need = height_needed(least, box.width, columns, style.paper, style.theme)
    _, room = note_box(said.notes, box, style) if said.notes else ((), box)
    line = height_of(1, style.paper.size("key")) + style.paper.mm(0.9)
    return max(0, int((room.height - need) * columns / line) - 1)


def _entries(drawn: Choropleth, said: CoverWords, named: _Named, style: Style) -> list[Entry]:
    entries = [Entry(said.measure, heading=True)]
    entries += [
        Entry(
            style.say("counted", label=item.label, n=item.count),
            sign=swatch(shade(item.key, item.colour, style.theme, hatched=item.hatched), style),
        )
        for item in drawn.classes
    ]
    entries += _mark_entries(drawn, style)
    if named.key:
        entries.append(Entry(style.say("key"), heading=True))
        entries += [Entry(name, number=number, size="key") for number, name in named.key]
    if named.unnamed:
        entries.append(Entry(style.say("places_unnamed", n=named.unnamed), size="key"))
    if drawn.missing:
        lost = text(
            "coverage.page.no_outline",
            style.language,
            n=len(drawn.missing),
            names=", ".join(drawn.missing),
        )
        entries.append(Entry(lost, size="key"))
    return entries


def swatch(ink: Shade, style: Style, sign: str = "") -> Sign:
    """Return the sign of a class: a filled square, with the sign of a state upon it."""
    half = style.paper.mm(2.1), style.paper.mm(1.4)

    def drawn(x: float, y: float) -> tuple[Item, ...]:
        box = Box(x - half[0], y - half[1], 2 * half[0], 2 * half[1])
        size = style.paper.size("key")
        square = Rect(
            box=box, fill=ink.fill, stroke=OUTLINE, width=0.6, hatch=ink.hatch, name="legend"
        )
        if not sign:
            return (square,)
        at = Words(
            x=x,
            y=y + 0.13 * size,
            text=sign,
            size=size,
            colour=ink.ink,
            align="center",
            name="sign",
        )
        return square, at

    return drawn


def _mark_entries(drawn: Choropleth, style: Style) -> list[Entry]:
    entries = []
    for role in ("partner", "supply"):
        count = sum(mark.role == role for mark in drawn.marks)
        if count:
            said = text(f"coverage.page.mark_{role}", style.language)
            label = style.say("counted", label=said, n=count)
            entries.append(Entry(label, sign=_mark_sign(role, style)))
    return entries


def _mark_sign(role: str, style: Style) -> Sign:
    def drawn(x: float, y: float) -> tuple[Item, ...]:
        return (mark_symbol((x, y), role, style, "legend"),)

    return drawn
