"""A page to read: sections of sentences and a table, on one sheet (portrait, fiche partenaire).

Letters are as large as lets all be on the page, down to a size that can still be read; what then
finds no room is counted. A column of a table that says nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from explorer.figures.drawing import Box, Drawing, Group, Item, Line, Rect, Words
from explorer.figures.lettering import baseline, clean, height_of, width_of, wrap
from explorer.figures.making import About, Style, begin, finish

SHRINK = (1.45, 1.3, 1.15, 1.0, 0.92, 0.85, 0.78, 0.72, 0.66)
"""Sizes tried, in those of the sheet."""
LINES = 6
_TEXT = 8.6


class Table(NamedTuple):
    """Headings and rows of words; `shares` are the widths of columns."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]


class Section(NamedTuple):
    """A heading, then bullets or lines, or a table.

    `small` is for notes and sources, `wide` for what stands across all columns.
    """

    title: str
    lines: tuple[str, ...] = ()
    table: Table | None = None
    small: bool = False
    plain: bool = False


class _Piece(NamedTuple):
    """What may stand in a column: its height, its items from a corner; it may head the next."""

    height: float
    items: tuple[Item, ...]
    keep: bool = False


def reading_page(sections: Sequence[Section], about: About, style: Style) -> Drawing:
    """Return `sections` on one sheet, in one column upright and in two across."""
    sheet = begin(about, style)
    paper, body = style.paper, sheet.body
    columns = 2 if paper.landscape else 1
    gap = paper.mm(8)
    wide = (body.width - gap * (columns - 1)) / columns
    boxes = [
        Box(body.left + at * (wide + gap), body.top, wide, body.height) for at in range(columns)
    ]
    items: list[Item] = []
    left_out = 0
    for shrink in SHRINK:
        pieces = list(_pieces(sections, wide, shrink, style))
        items, left_out = _filled(pieces, boxes)
        if not left_out:
            break
    if left_out:
        size = paper.size("foot")
        said = style.say("pieces_left_out", n=left_out)
        last = boxes[-1]
        y = baseline(last.bottom, size)
        items.append(
            Words(x=last.left, y=y, text=said, size=size, colour=style.theme.muted, name="more")
        )
    return finish(about, style, sheet, [Group(name="text", items=tuple(items))])


def _filled(pieces: Sequence[_Piece], boxes: Sequence[Box]) -> tuple[list[Item], int]:
    """Return the pieces that fit in the columns, and how many do not."""
    items: list[Item] = []
    column, top = 0, boxes[0].top
    for at, piece in enumerate(pieces):
        need = piece.height
        if piece.keep and at + 1 < len(pieces):
            need += pieces[at + 1].height
        if top + need > boxes[column].bottom:
            column += 1
            if column >= len(boxes):
                return items, sum(not each.keep for each in pieces[at:])
            top = boxes[column].top
        items += (_moved(item, boxes[column].left, top) for item in piece.items)
        top += piece.height
    return items, 0


def _moved(item: Item, x: float, y: float) -> Item:
    """Return an item of a piece at its place on the sheet."""
    import msgspec

    if isinstance(item, Words):
        return msgspec.structs.replace(item, x=item.x + x, y=item.y + y)
    if isinstance(item, Line):
        points = tuple((a + x, b + y) for a, b in item.points)
        return msgspec.structs.replace(item, points=points)
    assert isinstance(item, Rect)  # noqa: S101 - pieces hold nothing else
    box = item.box._replace(left=item.box.left + x, top=item.box.top + y)
    return msgspec.structs.replace(item, box=box)


def _pieces(
    sections: Iterable[Section], wide: float, shrink: float, style: Style
) -> Iterable[_Piece]:
    paper = style.paper
    for section in sections:
        size = (paper.size("foot") if section.small else _TEXT * paper.scale) * shrink
        yield _heading(section.title, wide, size, style)
        rows = section.table is not None and bool(section.table.rows)
        for line in section.lines if rows or section.table is None else ():
            yield _paragraph(line, wide, size, style, plain=section.plain)
        if section.table is not None and rows:
            yield from _table(section.table, wide, size * 0.92, style)
        if not rows and (section.table is not None or not section.lines):
            yield _paragraph(style.say("none_known"), wide, size, style, plain=True)


def _heading(title: str, wide: float, size: float, style: Style) -> _Piece:
    big = size * 1.12
    above = style.paper.mm(2.2)
    lines = wrap(clean(title), big, wide, most=2, bold=True)
    items = tuple(
        Words(
            x=0.0,
            y=baseline(above, big, at),
            text=line,
            size=big,
            colour=style.theme.accent,
            bold=True,
            name="heading",
        )
        for at, line in enumerate(lines)
    )
    return _Piece(above + height_of(len(lines), big) + style.paper.mm(0.7), items, keep=True)


def _paragraph(said: str, wide: float, size: float, style: Style, *, plain: bool) -> _Piece:
    theme, paper = style.theme, style.paper
    indent = 0.0 if plain else width_of("•  ", size)
    lines = wrap(clean(said), size, wide - indent, most=LINES)
    items: list[Item] = [
        Words(
            x=indent,
            y=baseline(0, size, at),
            text=line,
            size=size,
            colour=theme.ink,
            name="text",
        )
        for at, line in enumerate(lines)
    ]
    if not plain:
        items.append(
            Words(x=0, y=baseline(0, size), text="•", size=size, colour=theme.muted, name="bullet")
        )
    return _Piece(height_of(len(lines), size) + paper.mm(0.6), tuple(items))


def _table(table: Table, wide: float, size: float, style: Style) -> Iterable[_Piece]:
    every = range(len(table.head))
    told = [at for at in every if any(row[at] for row in table.rows)] or list(every)
    head = [table.head[at] for at in told]
    pad = style.paper.mm(1.4)
    widths = _widths(head, [table.shares[at] for at in told], wide, size, pad)
    yield _table_row(head, widths, size, style, head=True)._replace(keep=True)
    for row in table.rows:
        yield _table_row([row[at] for at in told], widths, size, style, head=False)


def _widths(
    head: Sequence[str], shares: Sequence[float], wide: float, size: float, pad: float
) -> list[float]:
    """Return the widths of columns: by their shares, but no word of a heading is cut."""
    words = [clean(each).split(" ") for each in head]
    least = [max(width_of(w, size, bold=True) for w in each) + pad * 1.2 for each in words]
    found = [wide * share / sum(shares) for share in shares]
    lacking = sum(max(0.0, low - width) for low, width in zip(least, found, strict=True))
    spare = sum(max(0.0, width - low) for low, width in zip(least, found, strict=True))
    given = min(1.0, lacking / spare) if spare else 0.0
    return [
        max(low if spare >= lacking else width, width - given * max(0.0, width - low))
        for low, width in zip(least, found, strict=True)
    ]


def _table_row(
    cells: Sequence[str],
    widths: Sequence[float],
    size: float,
    style: Style,
    *,
    head: bool,
) -> _Piece:
    theme, paper = style.theme, style.paper
    pad = paper.mm(1.4)
    items: list[Item] = []
    left, tallest = 0.0, 1
    for cell, width in zip(cells, widths, strict=True):
        lines = wrap(clean(cell), size, width - pad, most=LINES, bold=head)
        tallest = max(tallest, len(lines))
        items += [
            Words(
                x=left,
                y=baseline(paper.mm(0.6), size, at),
                text=line,
                size=size,
                colour=theme.ink,
                bold=head,
                name="cell",
            )
            for at, line in enumerate(lines)
        ]
        left += width
    height = height_of(tallest, size) + paper.mm(1.4)
    rule = ((0.0, height), (sum(widths), height))
    colour = theme.heavy if head else theme.rule
    items.append(Line(points=rule, colour=colour, width=0.7 if head else 0.4, name="rule"))
    return _Piece(height, tuple(items))
