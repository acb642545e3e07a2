"""Scale bar and north arrow."""

from __future__ import annotations

from explorer.figures.drawing import Box, Item, Line, Rect, Words
from explorer.figures.lettering import width_of
from explorer.figures.making import Style
from explorer.figures.window import BAR_SHARE, Window, bar_length
from explorer.wording import number_in_words

STRIP = 8.0
"""Height in millimetres of A4 of the strip below a map: scale, north, projection."""


def strip_items(window: Window, box: Box, projection: str, style: Style) -> list[Item]:
    """Return scale bar, north arrow and projection, in a strip below the map."""
    paper, theme = style.paper, style.theme
    items = bar_items(window, box, box.width * BAR_SHARE, style)
    x, top = box.left + box.width * BAR_SHARE + paper.mm(24), box.top + paper.mm(1.4)
    bottom, wing = top + paper.mm(5), paper.mm(1.1)
    arrow = ((x - wing, top + 1.6 * wing), (x, top), (x + wing, top + 1.6 * wing))
    width = 0.9 * paper.scale
    items += [
        Line(points=((x, bottom), (x, top)), colour=theme.ink, width=width, name="north"),
        Line(points=arrow, colour=theme.ink, width=width, name="north"),
        Words(
            x=x + paper.mm(2),
            y=bottom - paper.mm(0.6),
            text=style.say("north"),
            size=paper.size("key"),
            colour=theme.ink,
            bold=True,
            name="north",
        ),
        Words(
            x=box.right,
            y=bottom - paper.mm(0.6),
            text=style.say("projection", projection=projection),
            size=paper.size("foot"),
            colour=theme.muted,
            align="right",
            name="projection",
        ),
    ]
    return items


def bar_items(
    window: Window, box: Box, longest: float, style: Style, plate: str | None = None
) -> list[Item]:
    """Return a scale bar at the left of `box`, on a plate of the colour `plate` if one is given."""
    paper, theme = style.paper, style.theme
    metres = bar_length(window.scale, longest)
    length = metres * window.scale
    size = paper.size("key")
    said = style.say("km", n=number_in_words(metres / 1000, style.language))
    left, y, tick = box.left + paper.mm(1.2), box.top + paper.mm(3.9), paper.mm(1.2)
    bar = ((left, y - tick), (left, y), (left + length, y), (left + length, y - tick))
    items: list[Item] = []
    if plate:
        wide = length + width_of(said, size) + paper.mm(5)
        behind = Box(box.left, box.top, wide, box.height)
        items.append(Rect(box=behind, fill=plate, opacity=0.85, name="plate"))
    items += [
        Line(points=bar, colour=theme.ink, width=1.1 * paper.scale, name="scale"),
        Words(
            x=left + length + paper.mm(1.8),
            y=y + paper.mm(0.4),
            text=said,
            size=size,
            colour=theme.ink,
            name="scale",
        ),
    ]
    return items
