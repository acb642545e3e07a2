"""The box of hypotheses: what a figure assumes, framed where it is read."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.figures.drawing import Box, Item, Rect, Words
from explorer.figures.lettering import baseline, clean, height_of, wrap
from explorer.figures.making import Style

MOST = 0.62
"""Share of the room that the box takes at most."""
_LINES = 12


def note_box(
    notes: Sequence[str], room: Box, style: Style, heading: str = "good_to_know"
) -> tuple[tuple[Item, ...], Box]:
    """Return the box of `notes` at the foot of `room`, and the room above it."""
    paper, theme = style.paper, style.theme
    pad = paper.mm(2.2)
    size = paper.size("foot")
    lines = [
        line
        for note in notes
        for line in wrap(clean(note), size, room.width - 2 * pad, most=_LINES)
    ]
    head = paper.size("key")
    most = int((room.height * MOST - 2 * pad - height_of(1, head)) / height_of(1, size) * 0.95)
    if len(lines) > most:
        lines = [*lines[: most - 1], style.say("notes_more")]
    height = height_of(1, head) + height_of(len(lines), size) + 2 * pad + paper.mm(0.8)
    box = Box(room.left, room.bottom - height, room.width, height)
    items: list[Item] = [
        Rect(box=box, fill=theme.paper, stroke=theme.heavy, width=0.7, name="hypotheses")
    ]
    items.append(
        Words(
            x=box.left + pad,
            y=baseline(box.top + pad, head),
            text=style.say(heading),
            size=head,
            colour=theme.ink,
            bold=True,
            name="hypotheses",
        )
    )
    top = box.top + pad + height_of(1, head) + paper.mm(0.8)
    items += [
        Words(
            x=box.left + pad,
            y=baseline(top, size, at),
            text=line,
            size=size,
            colour=theme.ink,
            name="hypotheses",
        )
        for at, line in enumerate(lines)
    ]
    above = Box(room.left, room.top, room.width, room.height - height - paper.mm(3))
    return tuple(items), above
