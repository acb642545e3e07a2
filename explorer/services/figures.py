"""Figures for a meeting: from a question and how it should look to a file, the same each time."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from explorer.exports.naming import checked_title
from explorer.exports.saving import check_place, save
from explorer.exports.upload import Given, content_of, name_of
from explorer.figures.drawing import Drawing
from explorer.figures.making import Style
from explorer.figures.paper import ORIENTATIONS, PAGES, THEMES, paper_of, theme_of
from explorer.figures.render import FORMATS, render
from explorer.figures.sheet import Logo
from explorer.figures.spec import DPI, MARKS, FigureSpec
from explorer.services import figure_coverage as covered
from explorer.services import figure_network as networks
from explorer.services import figure_time as over_time
from explorer.services.figure_question import FigureQuestion
from graph.errors import InputError, UsageError, cause_of
from graph.messages import LANGUAGES, text
from graph.store.port import GraphStore

__all__ = ["FIGURES", "MARKS", "FigureQuestion", "FigureSpec", "render_figure", "save_figure"]

LARGEST_LOGO = 8_000_000
"""Bytes of a logo file."""
MOST_PIXELS = 40_000_000


Maker = Callable[[GraphStore, FigureQuestion, Style], Drawing]


class FigureKind(NamedTuple):
    """A figure: its id, and what draws it. Its name is ``figure.name.<id>``."""

    id: str
    make: Maker

    def name(self, language: str) -> str:
        """Return what people call it."""
        return text(f"figure.name.{self.id}", language)


FIGURES = (
    FigureKind("territoire", networks.on_territory),
    FigureKind("reseau", networks.alone),
    FigureKind("couverture", covered.coverage),
    FigureKind("matrice", covered.matrix),
    FigureKind("frise", over_time.timeline),
    FigureKind("classement", over_time.ranking),
    FigureKind("portrait", covered.portrait),
    FigureKind("fiche", covered.partner),
)
"""The figures, in the order in which they are offered."""


def draw_figure(store: GraphStore, question: FigureQuestion, spec: FigureSpec) -> Drawing:
    """Return what stands where on the sheet, for any renderer.

    Raises
    ------
    UsageError
        A choice that does not exist, a title too long or with markup, an id that is not known.
    InputError
        A logo that cannot be read, or nothing to show.
    """
    _check(spec)
    make = next(item.make for item in FIGURES if item.id == spec.kind)
    return make(store, question, style_of(spec))


def style_of(spec: FigureSpec) -> Style:
    """Return how `spec` asks for things to look.

    Raises
    ------
    UsageError
        A title too long or with markup.
    InputError
        A logo that cannot be read.
    """
    _check_look(spec)
    return Style(
        paper=paper_of(spec.page, spec.orientation),
        theme=theme_of(spec.theme),
        language=spec.language,
        title=checked_title(spec.title),
        logo=read_logo(spec.logo, spec.language) if spec.logo else None,
        mark=text(f"figure.mark.{spec.mark}", spec.language) if spec.mark else None,
    )


def render_figure(store: GraphStore, question: FigureQuestion, spec: FigureSpec) -> bytes:
    """Return a figure as a file: the same bytes whenever the question and the store are the same.

    Raises
    ------
    UsageError, InputError
        As :func:`draw_figure`.
    """
    return render(draw_figure(store, question, spec), spec.format, spec.dpi)


def save_figure(
    store: GraphStore, question: FigureQuestion, spec: FigureSpec, target: Path
) -> None:
    """Write a figure to `target`, whole or not at all.

    Raises
    ------
    UsageError, InputError
        As :func:`draw_figure`.
    OutputError
        The folder cannot be written.
    """
    check_place(target)
    save(render_figure(store, question, spec), target)


def _check(spec: FigureSpec) -> None:
    check_choices(
        ("figure", spec.kind, tuple(item.id for item in FIGURES)),
        ("format", spec.format, FORMATS),
    )


def _check_look(spec: FigureSpec) -> None:
    check_choices(
        ("page", spec.page, tuple(page[0] for page in PAGES)),
        ("orientation", spec.orientation, ORIENTATIONS),
        ("theme", spec.theme, THEMES),
        ("mark", spec.mark or MARKS[0], MARKS),
        ("language", spec.language, LANGUAGES),
    )
    if not DPI[0] <= spec.dpi <= DPI[1]:
        raise UsageError("figure.dpi", value=spec.dpi, least=DPI[0], most=DPI[1])


def check_choices(*choices: tuple[str, str, tuple[str, ...]]) -> None:
    """Check each option's value against what is allowed.

    Raises
    ------
    UsageError
        A value is not; the message lists those that are.
    """
    for option, value, allowed in choices:
        if value not in allowed:
            said = ", ".join(allowed)
            raise UsageError("unknown_value", option=option, value=value, allowed=said)


def read_logo(file: Given, language: str) -> Logo:
    """Return an image file and its sides.

    Raises
    ------
    InputError
        It cannot be read, is no PNG or JPEG, or is too large.
    """
    from PIL import Image

    said = name_of(file)
    large = InputError("figure.large_logo", file=said, most=LARGEST_LOGO // 1_000_000)
    try:
        data = content_of(file, LARGEST_LOGO)
    except OSError as error:
        raise InputError("figure.no_logo", file=said, why=cause_of(error)) from None
    if data is None:
        raise large
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise large
            image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise InputError("figure.bad_logo", file=said) from None
    return Logo(data, width, height, text("figure.logo", language))
