"""The network on its territory, and the network alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from explorer.figures import panel
from explorer.figures.drawing import Box, Drawing, Group, Item, Place, Rect
from explorer.figures.ground import (
    crossing,
    ground_items,
    grounds_of,
    land_of,
    name_items,
    names_of,
)
from explorer.figures.labels import Around
from explorer.figures.legend import Entry, flow, height_needed
from explorer.figures.lettering import height_of
from explorer.figures.making import About, Style, begin, finish, more
from explorer.figures.naming import Behind, Named, label_items, name_dots
from explorer.figures.network_key import Base, entries_of
from explorer.figures.panel import Dot
from explorer.figures.scale import STRIP, bar_items, strip_items
from explorer.figures.window import (
    INSET_SHARE,
    Window,
    dense_part,
    fitted,
    free_corner,
)
from explorer.viewmodel.model import ViewModel

UNNAMED_COST = 8
"""How many numbers are better than one structure that bears neither name nor number."""
ONE_TRY = 150
"""Structures beyond which the first layout is taken, whatever finds no room."""
SIDES = ((1, 0.25), (2, 0.42))
"""Columns of legend and key on a landscape sheet, and the share of it that they take."""
MOST_BELOW = 0.42
"""Share of a portrait sheet that legend and key take at most."""
COLUMNS = 3


class _Shown(NamedTuple):
    """One panel: its symbols, their ties and names, and the items in drawing order by group."""

    groups: dict[str, list[Item]]
    named: Named
    dots: list[Dot]


def network_map(view: ViewModel, style: Style) -> Drawing:
    """Return the network of `view` on its territory."""
    places = {n.id: (n.x, n.y) for n in view.nodes if n.x is not None and n.y is not None}
    return _network(Base(view, places, on_map=True), style)


def network_alone(view: ViewModel, places: Mapping[str, Place], style: Style) -> Drawing:
    """Return the network of `view` at the `places` of a layout, in any unit, y upwards."""
    # a place on this sheet is nobody's place on the ground: none is approximate
    nodes = tuple(
        msgspec.structs.replace(node, placement="place", precision=None) for node in view.nodes
    )
    return _network(Base(msgspec.structs.replace(view, nodes=nodes), places, on_map=False), style)


def _network(base: Base, style: Style) -> Drawing:
    about = _about(base, style)
    sheet = begin(about, style)
    if style.paper.landscape:
        groups = _beside(base, sheet.body, style)
    else:
        groups = _above(base, sheet.body, style)
    return finish(about, style, sheet, groups)


def _about(base: Base, style: Style) -> About:
    caption, say = base.view.caption, style.say
    foot = (
        [say("sources", sources=say("separator").join(caption.sources))] if caption.sources else []
    )
    foot += [] if base.on_map else [say("alone")]
    return About(
        title=caption.title,
        subtitle=" · ".join((caption.date, *caption.filters)),
        foot=tuple(foot),
        description=base.view.description,
        reading=(base.view.description, caption.date, *caption.filters),
    )


def _beside(base: Base, body: Box, style: Style) -> list[Group]:
    """Lay out a landscape sheet: the drawing on the left, legend and key on the right.

    One column or two, whichever leaves fewer structures without their names.
    """
    gap = style.paper.mm(6)
    tries = []
    for columns, share in SIDES:
        side = body.width * share
        drawn = Box(body.left, body.top, body.width - side - gap, body.height)
        beside = Box(drawn.right + gap, body.top, side, body.height)
        tries.append(_tried(base, drawn, beside, columns, style))
        if not tries[-1].lost or len(base.places) > ONE_TRY:
            break
    return min(tries, key=lambda found: found.lost).groups


def _above(base: Base, body: Box, style: Style) -> list[Group]:
    """Lay out a portrait sheet: the drawing above, legend and key below in columns.

    The first try says how high legend and key are.
    """
    gap, most = style.paper.mm(4), body.height * MOST_BELOW
    entries = entries_of(base, None, style)
    found = None
    for _ in range(2):
        needed = height_needed(entries, body.width, COLUMNS, style.paper, style.theme)
        below = min(needed, most)
        drawn = Box(body.left, body.top, body.width, body.height - below - gap)
        beside = Box(body.left, drawn.bottom + gap, body.width, below)
        found = _tried(base, drawn, beside, COLUMNS, style, most)
        if not found.left_out or below == most:
            break
        entries = found.entries
    return found.groups if found else []


class _Try(NamedTuple):
    """A layout: its groups and legend, what found no room in it, and how bad that is."""

    groups: list[Group]
    entries: list[Entry]
    left_out: int
    lost: int


def _tried(
    base: Base, drawn: Box, beside: Box, columns: int, style: Style, most_high: float = 0.0
) -> _Try:
    """Lay out drawing and legend; names have numbers only as far as the key has room."""
    room = Box(beside.left, 0, beside.width, max(beside.height, most_high))
    most = _most_numbers(base, room, columns, style)
    while True:
        names, groups = _drawn(base, drawn, style, most)
        entries = entries_of(base, names, style)
        listed = flow(entries, beside, columns, style.paper, style.theme, more(style))
        lost = len(names.numbers) + UNNAMED_COST * len(names.unnamed) + 2 * listed.left_out
        found = _Try(
            [*groups, Group(name="legend", items=listed.items)], entries, listed.left_out, lost
        )
        over = listed.left_out and names.numbers and not most_high
        if not over:
            return found
        most = max(0, len(names.numbers) - listed.left_out - 1)


def _most_numbers(base: Base, box: Box, columns: int, style: Style) -> int:
    """Return how many lines of a key have room: a number on the map without one says nothing."""
    least = height_needed(
        entries_of(base, None, style), box.width, columns, style.paper, style.theme
    )
    line = height_of(1, style.paper.size("key")) + style.paper.mm(0.9)
    return max(0, int((box.height - least) * columns / line) - 1)


def _drawn(base: Base, box: Box, style: Style, most_numbers: int) -> tuple[Named, list[Group]]:
    """Return the names and the groups of the drawing: the frame, its inset, what stands below."""
    strip = style.paper.mm(STRIP) if base.on_map else 0.0
    frame = Box(box.left, box.top, box.width, box.height - strip)
    window = _window(base, frame, frame, style)
    dots = panel.dots_of(base.view.nodes, base.places, window, style.paper)
    part, corner = _inset_place(base, window, dots, frame, style)
    if part and corner and _covered(dots, corner):
        window = _window(base, frame, _without(frame, corner), style)
        dots = panel.dots_of(base.view.nodes, base.places, window, style.paper)
        part, corner = _inset_place(base, window, dots, frame, style)
    inset = _inset(base, window, (part, corner), style, most_numbers) if part and corner else None
    inside = frozenset(dot.node.id for dot in inset.dots) if inset else frozenset()
    dots = panel.dots_of(base.view.nodes, base.places, window, style.paper, inside)
    first = len(inset.named.numbers) + 1 if inset else 1
    numbers = range(first, max(first, most_numbers + 1))
    clear = tuple(filter(None, (part, corner)))
    main = _panel(base, window, frame, dots, style, _Wanted(clear, inside, numbers))
    names = _together(main.named, inset.named if inset else None)
    groups = [Group(name=key, items=tuple(items)) for key, items in main.groups.items()]
    lines: list[Item] = [Rect(box=frame, stroke=style.theme.rule, width=0.7, name="frame")]
    if inset and part and corner:
        lines.append(
            Rect(box=part, stroke=style.theme.ink, width=0.8 * style.paper.scale, name="part")
        )
        items = [item for found in inset.groups.values() for item in found]
        edge = Rect(box=corner, stroke=style.theme.ink, width=0.8 * style.paper.scale, name="inset")
        groups.append(Group(name="inset", items=(*items, edge)))
    groups.append(Group(name="frame", items=tuple(lines)))
    if base.on_map:
        below = Box(frame.left, frame.bottom, frame.width, strip)
        items = strip_items(window, below, base.view.caption.projection, style)
        groups.append(Group(name="scale", items=tuple(items)))
    return names, groups


def _window(base: Base, frame: Box, free: Box, style: Style) -> Window:
    """Return the window of `frame` in which all structures stand in its part `free`."""
    points = np.array(sorted(base.places.values()), dtype=float).reshape(-1, 2)
    if not len(points):
        rings = [
            ring for item in base.view.territories if item.fill == "inside" for ring in item.rings
        ]
        points = (
            np.concatenate([np.array(r).reshape(-1, 2) for r in rings])
            if rings
            else np.zeros((1, 2))
        )
    found = fitted(points, free, style.paper.mm(9), *(() if base.on_map else (1e-9,)))
    return found.part(frame, frame) if free == frame else _widened(found, frame)


def _widened(window: Window, frame: Box) -> Window:
    """Return the same scale over all of `frame`."""
    x = window.x + (frame.middle[0] - window.box.middle[0]) / window.scale
    y = window.y - (frame.middle[1] - window.box.middle[1]) / window.scale
    return Window(frame, window.scale, x, y)


def _inset_place(
    base: Base, window: Window, dots: Sequence[Dot], frame: Box, style: Style
) -> tuple[Box | None, Box | None]:
    """Return what part of the map is drawn larger, and in which corner."""
    if not base.on_map or not dots:
        return None, None
    places = np.array([(d.x, d.y) for d in dots])
    known = window.moved(np.array([base.places[d.node.id] for d in dots], dtype=float))
    part = dense_part(known, np.array([d.reach for d in dots]), frame)
    if part is None:
        return None, None
    side = INSET_SHARE * min(frame.width, frame.height)
    return part, free_corner(frame, side, style.paper.mm(2), places, part)


def _covered(dots: Sequence[Dot], corner: Box) -> bool:
    return any(
        corner.overlaps(Box(d.x - d.reach, d.y - d.reach, 2 * d.reach, 2 * d.reach)) for d in dots
    )


def _without(frame: Box, corner: Box) -> Box:
    """Return the larger part of `frame` beside or above a corner."""
    if frame.width >= frame.height:
        width = frame.width - corner.width
        left = frame.left if corner.middle[0] > frame.middle[0] else corner.right
        return Box(left, frame.top, width, frame.height)
    height = frame.height - corner.height
    top = frame.top if corner.middle[1] > frame.middle[1] else corner.bottom
    return Box(frame.left, top, frame.width, height)


def _inset(
    base: Base, window: Window, place: tuple[Box, Box], style: Style, most_numbers: int
) -> _Shown:
    """Draw a part of the map larger, with a scale of its own."""
    part, corner = place
    larger = window.part(part, corner)
    nodes = [
        node
        for node in base.view.nodes
        if node.id in base.places and _within(part, window.at(*base.places[node.id]))
    ]
    everyone = panel.dots_of(base.view.nodes, base.places, larger, style.paper)
    inside = {node.id for node in nodes}
    dots = [
        d for d in everyone if d.node.id in inside and _within(corner.grown(-d.reach), (d.x, d.y))
    ]
    bar = Box(
        corner.left, corner.bottom - style.paper.mm(6), corner.width * 0.55, style.paper.mm(6)
    )
    wanted = _Wanted((bar,), frozenset(), range(1, most_numbers // 2 + 1), tuple(dots))
    shown = _panel(base, larger, corner, everyone, style, wanted)
    shown.groups["labels"] += bar_items(larger, bar, corner.width * 0.4, style, style.theme.land)
    return shown


def _within(box: Box, place: Place) -> bool:
    return box.left <= place[0] <= box.right and box.top <= place[1] <= box.bottom


class _Wanted(NamedTuple):
    """What a panel keeps clear, whom another one names, its numbers, whom alone it shows."""

    clear: tuple[Box, ...]
    named: frozenset[str]
    numbers: range
    only: tuple[Dot, ...] | None = None


def _panel(
    base: Base,
    window: Window,
    frame: Box,
    dots: list[Dot],
    style: Style,
    wanted: _Wanted,
) -> _Shown:
    """Draw `dots` and their ties in `frame`."""
    paper, theme, kept_clear = style.paper, style.theme, wanted.clear
    by_id = {dot.node.id: dot for dot in dots}
    ties = panel.tie_items(base.view.ties, by_id, paper, theme, frame)
    drawn = dots if wanted.only is None else list(wanted.only)
    symbols = [item for dot in drawn for item in panel.symbol_items(dot, paper, theme)]
    around = Around(
        frame.grown(-paper.mm(0.8)), panel.discs_of(drawn), panel.segments_of(ties), kept_clear
    )
    unnamed = [dot for dot in drawn if dot.node.id not in wanted.named]
    named = name_dots(unnamed, around, paper, wanted.numbers)
    groups: dict[str, list[Item]] = {"territories": [], "places": []}
    behind = Behind(theme.sheet, theme.sheet, theme.muted, None, around.ties)
    if base.on_map:
        grounds = grounds_of(base.view.territories, window, frame)
        groups["territories"] = ground_items(grounds, frame, paper, theme)
        leaders = [(*n.leader[0], *n.leader[1]) for n in named.labels if n.leader]
        clear = around._replace(
            boxes=(*kept_clear, *named.boxes),
            leaders=np.array(leaders, dtype=float).reshape(-1, 4),
        )
        behind = Behind(
            theme.paper, theme.land, theme.muted, land_of(grounds), crossing(grounds, around.ties)
        )
        groups["places"] = name_items(names_of(grounds, clear, paper), theme)
    groups["ties"] = ties
    groups["structures"] = symbols
    groups["labels"] = label_items(named, by_id, paper, theme.ink, behind)
    return _Shown(groups, named, drawn)


def _together(main: Named, inset: Named | None) -> Named:
    if inset is None:
        return main
    return Named(
        (*main.labels, *inset.labels),
        {**main.numbers, **inset.numbers},
        (*main.unnamed, *inset.unnamed),
    )
