"""A drawing as the shapes of a slide: grouped, named, ties glued to what they join."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import groupby
from math import cos, radians, sin
from typing import NamedTuple

from explorer.figures.drawing import (
    POINT,
    Area,
    Drawing,
    Group,
    Item,
    Line,
    Place,
    Rect,
    Symbol,
    Words,
)
from explorer.figures.lettering import ASCENT, LEADING, width_of
from explorer.slides import markup
from explorer.slides.symbols import FORMS, box_of, nearest_site
from explorer.slides.units import Fit, Frame, cut_lines, cut_rings

IN_PLACEHOLDERS = ("title", "legend", "sources")
"""Groups whose text stands in the placeholders of the layout."""
NETWORK = ("ties", "structures", "labels")
"""Groups kept as one, so that a tie and what it joins stay together."""
FIRST_NUMBER = 1000
"""Of our shapes; those of the layout's placeholders are smaller."""
_CORE = 0.34
_TEXT_ALIGN = {"left": "l", "center": "ctr", "right": "r"}
_WIDER = 1.02


class Drawn(NamedTuple):
    """The XML of a shape or group, and its frame."""

    xml: str
    frame: Frame


class _Glue(NamedTuple):
    """The symbols that ties may be glued to, and the number of the shape of each."""

    symbols: Mapping[str, Symbol]
    numbers: Mapping[str, int]


class Pen:
    """Writes the shapes of one slide, each with a number of its own."""

    def __init__(self, fit: Fit, language: str, say: Callable[[str], str]) -> None:
        self.fit = fit
        self.language = language
        self.say = say
        self._number = FIRST_NUMBER - 1

    def number(self) -> int:
        """Return the next number."""
        self._number += 1
        return self._number

    def shapes(self, drawing: Drawing) -> list[str]:
        """Return the groups of `drawing` in drawing order, without what placeholders hold."""
        return [part.xml for part in map(self._section, _sections(drawing)) if part is not None]

    def _section(self, section: _Section) -> Drawn | None:
        glue = self._glue(section.items)
        drawn = list(self._items(section.items, glue))
        if not drawn:
            return None
        return self._grouped(self.say(section.name), drawn, section.alt)

    def _grouped(self, name: str, drawn: Sequence[Drawn], alt: str = "") -> Drawn:
        frame = reduce(Frame.with_, (part.frame for part in drawn))
        inside = "".join(part.xml for part in drawn)
        return Drawn(markup.group(self.number(), name, frame, inside, alt), frame)

    def _glue(self, items: Sequence[Item]) -> _Glue:
        """Give the outer symbol of each structure its number: ties stand before what they join."""
        outer: dict[str, Symbol] = {}
        for item in items:
            if isinstance(item, Symbol) and item.key:
                held = outer.get(item.key)
                if held is None or item.radius > held.radius:
                    outer[item.key] = item
        return _Glue(outer, {key: self.number() for key in outer})

    def _items(self, items: Sequence[Item], glue: _Glue) -> Iterator[Drawn]:
        for _, same in groupby(items, _kept_together):
            together = list(same)
            symbols = [item for item in together if isinstance(item, Symbol)]
            lines = [item for item in together if isinstance(item, Words)]
            if symbols and symbols[0].key:
                yield self._structure(symbols, glue)
            elif lines:
                yield self._words(lines)
            else:
                for item in together:
                    yield from self._item(item, glue)

    def _item(self, item: Item, glue: _Glue) -> Iterator[Drawn]:
        match item:
            case Rect():
                yield self._rect(item)
            case Area():
                yield from self._area(item)
            case Line():
                yield from self._line(item, glue)
            case Symbol():
                yield from self._symbol(item, self.number())
            case _:
                return

    def _rect(self, item: Rect) -> Drawn:
        frame = self.fit.frame(item.box)
        kind = markup.preset("roundRect" if item.radius else "rect", _rounding(item))
        body = (
            markup.place(frame)
            + kind
            + markup.fill(item.fill, item.hatch, item.opacity)
            + markup.stroke(item.stroke, item.width * self.fit.scale)
        )
        return Drawn(markup.shape(self.number(), self._name(item.name), body), frame)

    def _area(self, item: Area) -> Iterator[Drawn]:
        rings = cut_rings(item.rings, item.clip)
        if not rings:
            return
        geometry, frame = markup.freeform(rings, self.fit, closed=True)
        body = (
            markup.place(frame)
            + geometry
            + markup.fill(item.fill, item.hatch)
            + markup.stroke(item.stroke, item.width * self.fit.scale)
        )
        yield Drawn(markup.shape(self.number(), self._name(item.name), body), frame)

    def _line(self, item: Line, glue: _Glue) -> Iterator[Drawn]:
        ink = markup.stroke(item.colour, item.width * self.fit.scale, item.dash, item.opacity)
        if item.ends and glue.numbers.keys() >= set(item.ends) and item.ends[0] != item.ends[1]:
            yield self._tie(item, ink, glue)
            return
        for part in cut_lines(item.points, item.clip):
            geometry, frame = markup.freeform([part], self.fit, closed=False)
            body = markup.place(frame) + geometry + "<a:noFill/>" + ink
            yield Drawn(markup.shape(self.number(), self._name(item.name), body), frame)

    def _tie(self, item: Line, ink: str, glue: _Glue) -> Drawn:
        assert item.ends is not None  # noqa: S101 - the caller asked
        one, other = (glue.symbols[end] for end in item.ends)
        first, start = nearest_site(one, (other.x, other.y))
        last, end = nearest_site(other, (one.x, one.y))
        frame, flip = self._span(start, end)
        body = markup.place(frame, flip=flip) + markup.preset("straightConnector1") + ink
        ends = tuple(
            (glue.numbers[key], site) for key, site in zip(item.ends, (first, last), strict=True)
        )
        return Drawn(markup.connector(self.number(), self._name(item.name), body, ends), frame)

    def _span(self, start: Place, end: Place) -> tuple[Frame, tuple[bool, bool]]:
        x, y = self.fit.x(start[0]), self.fit.y(start[1])
        to_x, to_y = self.fit.x(end[0]), self.fit.y(end[1])
        frame = Frame(min(x, to_x), min(y, to_y), abs(to_x - x), abs(to_y - y))
        return frame, (to_x < x, to_y < y)

    def _structure(self, parts: Sequence[Symbol], glue: _Glue) -> Drawn:
        """Draw a structure: one shape, or several that move together."""
        outer = glue.symbols[parts[0].key]
        number = glue.numbers[parts[0].key]
        drawn = [
            one
            for part in parts
            for one in self._symbol(part, number if part is outer else self.number())
        ]
        if len(drawn) == 1:
            return drawn[0]
        return self._grouped(self._name(parts[-1].name), drawn)

    def _symbol(self, item: Symbol, number: int) -> Iterator[Drawn]:
        form, frame = FORMS[item.symbol], self.fit.frame(box_of(item))
        body = (
            markup.place(frame)
            + markup.preset(form.preset, form.adjust)
            + markup.fill(item.fill)
            + markup.stroke(item.stroke, item.width * self.fit.scale, item.dash)
        )
        yield Drawn(markup.shape(number, self._name(item.name), body), frame)
        if item.core:
            core = Symbol(
                x=item.x,
                y=item.y,
                radius=item.radius * _CORE,
                symbol="dot",
                fill=item.core,
                stroke=item.core,
                name=item.name,
            )
            yield from self._symbol(core, self.number())

    def _words(self, lines: Sequence[Words]) -> Drawn:
        """Draw a text of one line or several, as one box to be typed in."""
        frame = self._text_frame(lines)
        first = lines[0]
        paragraphs = [
            markup.run(
                line.text, line.size * self.fit.scale, line.colour, self.language, bold=line.bold
            )
            for line in lines
        ]
        body = (
            markup.place(frame, turn=first.turn)
            + markup.preset("rect")
            + "<a:noFill/><a:ln><a:noFill/></a:ln>"
        )
        text = markup.lines_of_text(paragraphs, _TEXT_ALIGN[first.align])
        name = " ".join(line.text for line in lines)
        return Drawn(markup.shape(self.number(), name, body, text=text), frame)

    def _text_frame(self, lines: Sequence[Words]) -> Frame:
        """Return the box of a text; a turned one is given as it was before."""
        first = lines[0]
        width = max(width_of(line.text, line.size, bold=line.bold) for line in lines) * _WIDER
        height = first.size * LEADING * POINT * len(lines)
        shift = {"left": 0.0, "center": width / 2, "right": width}[first.align]
        middle = (width / 2 - shift, height / 2 - first.size * ASCENT * POINT)
        x, y = _turned(middle, first.turn)
        return Frame(
            self.fit.x(first.x + x - width / 2),
            self.fit.y(first.y + y - height / 2),
            self.fit.length(width),
            self.fit.length(height),
        )

    def _name(self, name: str) -> str:
        """Return the name of a shape as a person reads it: ids and kinds of item are left out."""
        kind, _, _ = name.partition(":")
        return self.say(kind) if kind in _KINDS else name


_KINDS = frozenset(
    (
        *("ring", "leader", "plate", "frame", "part", "inset", "north", "scale"),
        *("rule", "legend", "cell"),
    )
)


def _kept_together(item: Item) -> tuple[str, str] | int:
    """Say what an item is drawn with: the parts of a structure, the lines of a label."""
    if isinstance(item, Symbol) and item.key:
        return "structure", item.key
    if isinstance(item, Words) and item.name.startswith("label:"):
        return "label", item.name
    return id(item)


class _Section(NamedTuple):
    name: str
    items: tuple[Item, ...]
    alt: str = ""


def _sections(drawing: Drawing) -> Iterator[_Section]:
    kept = [group for group in drawing.groups if group.name not in IN_PLACEHOLDERS]
    marks = [_signs(group) for group in drawing.groups if group.name == "title"]
    for network, groups in groupby((*kept, *marks), lambda group: group.name in NETWORK):
        together = list(groups)
        if network:
            items = tuple(item for group in together for item in group.items)
            yield _Section("network", items, drawing.description)
        else:
            for group in together:
                alt = drawing.description if group.name in _ALONE else ""
                yield _Section(group.name, group.items, alt)


_ALONE = ("matrix", "timeline", "ranking", "text")
"""Groups that are the whole figure where there is no network."""


def _signs(group: Group) -> Group:
    """Return what a title has beside its text: subtitle and mark."""
    items = tuple(
        item for item in group.items if not (isinstance(item, Words) and item.name == "title")
    )
    return Group(name="heading", items=items)


def _rounding(item: Rect) -> str:
    if not item.radius:
        return ""
    share = min(0.5, item.radius / min(item.box.width, item.box.height))
    return f'<a:gd name="adj" fmla="val {round(share * 100_000)}"/>'


def _turned(place: Place, degrees: float) -> Place:
    """Turn a place against the clock around the origin (y downwards)."""
    angle = radians(degrees)
    x, y = place
    return x * cos(angle) + y * sin(angle), -x * sin(angle) + y * cos(angle)


def words_of(groups: Iterable[Group], name: str) -> list[Words]:
    """Return the lines of text of the group `name`."""
    return [
        item
        for group in groups
        if group.name == name
        for item in group.items
        if isinstance(item, Words)
    ]
