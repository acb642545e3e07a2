"""The first page of a pack: what it is, of whom, on which day."""

from __future__ import annotations

from explorer.figures.drawing import Box, Drawing, Group, Item, Line, Words
from explorer.figures.lettering import baseline, clean, height_of, wrap
from explorer.figures.making import About, Style
from explorer.figures.sheet import Surroundings, surround

_SIZE, _SMALLER, _FROM_TOP, _WIDTH = 2.1, 1.35, 0.34, 0.8


def front_page(about: About, style: Style) -> Drawing:
    """Return a cover: title and subtitle large, logo, mark and sources where a figure has them."""
    paper, theme = style.paper, style.theme
    around = surround(
        Surroundings(title="", subtitle="", foot=about.foot, logo=style.logo, mark=style.mark),
        paper,
        theme,
    )
    title = style.title or about.title
    box = Box(paper.margin, paper.height * _FROM_TOP, paper.width * _WIDTH, 0)
    size, small = paper.size("title") * _SIZE, paper.size("subtitle") * _SMALLER
    lines = wrap(clean(title), size, box.width, most=3, bold=True)
    items: list[Item] = [
        _line(line, box.left, baseline(box.top, size, at), size, theme.ink, "title")
        for at, line in enumerate(lines)
    ]
    top = box.top + height_of(len(lines), size) + paper.mm(4)
    rule = ((box.left, top), (box.left + paper.mm(40), top))
    items.append(Line(points=rule, colour=theme.accent, width=2.0 * paper.scale, name="rule"))
    below = wrap(clean(about.subtitle), small, box.width, most=3)
    items += [
        _line(
            line, box.left, baseline(top + paper.mm(5), small, at), small, theme.muted, "subtitle"
        )
        for at, line in enumerate(below)
    ]
    groups = (Group(name="title", items=tuple(items)), *_without_titles(around.groups))
    return Drawing(
        width=paper.width,
        height=paper.height,
        background=theme.sheet,
        language=style.language,
        title=title,
        description=about.description,
        reading=about.reading,
        groups=tuple(group for group in groups if group.items),
    )


def _line(text: str, x: float, y: float, size: float, colour: str, name: str) -> Words:
    return Words(x=x, y=y, text=text, size=size, colour=colour, bold=name == "title", name=name)


def _without_titles(groups: tuple[Group, ...]) -> list[Group]:
    """Return what surrounds the page without the empty lines of its usual title."""
    return [
        Group(
            name="heading" if group.name == "title" else group.name,
            items=tuple(i for i in group.items if not (isinstance(i, Words) and not i.text)),
        )
        for group in groups
    ]
