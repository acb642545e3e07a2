"""What every figure is made from: sheet, theme, language, and the words around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from explorer.figures.drawing import Drawing, Group
from explorer.figures.paper import Paper, Theme
from explorer.figures.sheet import Logo, Sheet, Surroundings, surround
from graph.messages import text

Language = Literal["fr", "en"]


class Style(NamedTuple):
    """How a figure is asked: sheet, theme, language; title, logo and mark where they were given."""

    paper: Paper
    theme: Theme
    language: Language
    title: str | None = None
    logo: Logo | None = None
    mark: str | None = None

    def say(self, key: str, **values: object) -> str:
        """Return a text of the figures."""
        return text(f"figure.{key}", self.language, **values)


class About(NamedTuple):
    """What is said around a figure: proposed title, subtitle, foot, and the text alternative."""

    title: str
    subtitle: str
    foot: tuple[str, ...]
    description: str
    reading: tuple[str, ...] = ()


def begin(about: About, style: Style) -> Sheet:
    """Return what surrounds the figure, and the box that is left for it."""
    said = Surroundings(
        title=style.title or about.title,
        subtitle=about.subtitle,
        foot=about.foot,
        logo=style.logo,
        mark=style.mark,
    )
    return surround(said, style.paper, style.theme)


def finish(about: About, style: Style, sheet: Sheet, groups: Sequence[Group]) -> Drawing:
    """Return the drawing of a figure and of what surrounds it."""
    return Drawing(
        width=style.paper.width,
        height=style.paper.height,
        background=style.theme.sheet,
        language=style.language,
        title=style.title or about.title,
        description=about.description,
        reading=about.reading,
        groups=tuple(group for group in (*groups, *sheet.groups) if group.items),
    )


def more(style: Style) -> Callable[[int], str]:
    """Return what says how many entries of a list found no room."""
    return lambda n: style.say("more", n=n)
