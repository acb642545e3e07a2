"""A legend as text that can be retyped: each sign becomes letters of its shape and colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeGuard

from explorer.figures.drawing import POINT, Box, Item, Line, Rect, Symbol, Words
from explorer.figures.lettering import ASCENT, LEADING, width_of
from explorer.slides.symbols import FORMS, box_of

_SOLID, _DASHED, _DOTTED = "———", "– – –", "· · ·"
_RINGED = "◉"
_NEXT_LINE = 1.03
"""Share of a line's height within which a line continues the entry above it."""
_WHITE = "#FFFFFF"


class Sign(NamedTuple):
    """Letters that stand for a sign of the drawing."""

    letters: str
    colour: str


class Paragraph(NamedTuple):
    """An entry of a list: its sign, its words, how they are set."""

    sign: Sign | None
    text: str
    size: float
    colour: str
    bold: bool


class Text(NamedTuple):
    """What a text box holds: paragraphs, and the box that they had on the sheet."""

    paragraphs: tuple[Paragraph, ...]
    box: Box


def legend_text(items: Sequence[Item]) -> Text | None:
    """Return a legend as text; None where there is none."""
    words = [item for item in items if isinstance(item, Words)]
    if not words:
        return None
    return Text(tuple(_entries(items)), _around(items))


def legend_columns(items: Sequence[Item]) -> list[Text]:
    """Return the columns of a legend, each as a text of its own."""
    starts, above = [0], None
    for at, item in enumerate(items):
        if not _is_entry(item):
            continue
        if above is not None and item.y <= above.y and above.name != "number":
            starts.append(_with_signs(items, at, starts[-1]))
        above = item
    ends = [*starts[1:], len(items)]
    found = (legend_text(items[a:b]) for a, b in zip(starts, ends, strict=True))
    return [text for text in found if text is not None]


def _is_entry(item: Item) -> TypeGuard[Words]:
    return isinstance(item, Words) and item.name != "sign"


def _with_signs(items: Sequence[Item], at: int, least: int) -> int:
    """Return where an entry begins: at the first of the signs before its words."""
    while at > least and not _is_entry(items[at - 1]):
        at -= 1
    return at


def plain_text(words: Sequence[Words]) -> Text | None:
    """Return lines as one paragraph each; None where there are none."""
    if not words:
        return None
    entries = tuple(Paragraph(None, w.text, w.size, w.colour, w.bold) for w in words)
    return Text(entries, _around(words))


def _entries(items: Sequence[Item]) -> Iterator[Paragraph]:
    entry: Paragraph | None = None
    signs: list[Item] = []
    above: Words | None = None
    for item in items:
        if not isinstance(item, Words) or item.name == "sign":
            signs.append(item)
        elif entry is not None and (above is not None) and not signs and _continues(item, above):
            entry = entry._replace(text=f"{entry.text} {item.text}")
            above = item
        else:
            if entry is not None:
                yield entry
            entry = Paragraph(_sign(signs), item.text, item.size, item.colour, item.bold)
            signs, above = [], item
    if entry is not None:
        yield entry


def _continues(line: Words, above: Words) -> bool:
    """Say whether a line belongs to the entry above: its next line, or the words of a number."""
    down = line.y - above.y
    if above.name == "number":
        return down == 0
    alike = line.x == above.x and line.bold == above.bold and line.name != "number"
    return alike and 0 < down <= line.size * LEADING * POINT * _NEXT_LINE


def _sign(items: Sequence[Item]) -> Sign | None:
    found = [sign for item in items if (sign := _letters(item)) is not None]
    symbols = [item for item in items if isinstance(item, Symbol)]
    if len(symbols) > 1 or any(item.core for item in symbols):
        return Sign(_RINGED, symbols[0].stroke)
    return found[-1] if found else None


def _letters(item: Item) -> Sign | None:
    match item:
        case Symbol():
            form = FORMS[item.symbol]
            hollow = item.fill is None or item.fill.upper() == _WHITE
            return Sign(form.hollow, item.stroke) if hollow else Sign(form.sign, item.fill or "")
        case Line():
            dotted = bool(item.dash) and item.dash[0] <= 2 * item.width
            letters = _DOTTED if dotted else _DASHED if item.dash else _SOLID
            return Sign(letters, item.colour)
        case Rect():
            if item.hatch:
                return Sign("▨", "#6B6960")
            pale = item.fill is None or item.fill.upper() == _WHITE
            return Sign("□", "#1B1F23") if pale else Sign("■", item.fill or _WHITE)
        case _:
            return None


def _around(items: Sequence[Item]) -> Box:
    boxes = [box for item in items if (box := box_around(item)) is not None]
    left, top = min(b.left for b in boxes), min(b.top for b in boxes)
    right, bottom = max(b.right for b in boxes), max(b.bottom for b in boxes)
    return Box(left, top, right - left, bottom - top)


def box_around(item: Item) -> Box | None:
    """Return the box that an item takes; None for areas and lines, which nothing keeps clear of."""
    match item:
        case Words():
            width = width_of(item.text, item.size, bold=item.bold)
            top = item.y - item.size * ASCENT * POINT
            return Box(item.x, top, width, item.size * LEADING * POINT)
        case Symbol():
            return box_of(item)
        case Rect():
            return item.box
        case _:
            return None
