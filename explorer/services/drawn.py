"""Figures and packs as files: what a request draws, and the bytes of each format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from explorer.exports.drawn import Choices
from explorer.figures.drawing import Drawing
from explorer.figures.spec import FIGURE_FILES
from explorer.services.figure_question import FigureQuestion
from explorer.services.figures import check_choices, draw_figure
from explorer.services.packs import PACK_FORMATS, PACKS, PackSpec, draw_pack
from graph.errors import UsageError
from graph.store.port import StructureQuery, TerritoryQuery

if TYPE_CHECKING:
    from explorer.services.exporting import Request

_FIRST_WORDS = dict(FIGURE_FILES)
_PER_WORDS = {"arrondissement": "arrondissements", "partner": "partenaires", "cpts": "cpts"}
WRITING = "pack.write"


def question_of(request: Request) -> FigureQuestion:
    """Return what the figure of `request` is asked about."""
    chosen = {name: getattr(request.subject, name) for name in Choices.__struct_fields__}
    return FigureQuestion(selection=request.selection, behind=request.behind, **chosen)


def spec_of(request: Request) -> PackSpec:
    """Return how the figure or the pack of `request` looks."""
    subject, look = request.subject, request.look
    return PackSpec(
        kind=subject.figure,
        pack=subject.pack or PACKS[0],
        per=subject.per,
        since=subject.since,
        page=look.page,
        orientation=look.orientation,
        theme=look.theme,
        title=request.title,
        logo=look.logo,
        mark=look.mark,
        dpi=look.dpi,
        template=look.template,
        language=request.language,
    )


def check_drawn(request: Request, form: str) -> None:
    """Check what can be before anything is drawn.

    Raises
    ------
    UsageError
        A pack in a format that has no pages.
    InputError
        The template cannot be used.
    """
    subject, look = request.subject, request.look
    if subject.pack is not None:
        check_choices(("pack", subject.pack, PACKS))
        if form not in PACK_FORMATS:
            raise UsageError("export.pack_format", value=form, allowed=", ".join(PACK_FORMATS))
    if look.template is not None and form == "pptx":
        from explorer.slides.template import given

        given(look.template)


def drawings_of(request: Request) -> list[Drawing]:
    """Return the sheets that `request` asks for: one of a figure, several of a pack.

    Raises
    ------
    UsageError, InputError
        As :func:`draw_figure` and :func:`draw_pack`.
    Stopped
        Nobody wants the pack any more.
    """
    question, spec = question_of(request), spec_of(request)
    if request.subject.pack is not None:
        return draw_pack(request.store, question, spec, request.watch)
    return [draw_figure(request.store, question, spec)]


def written(drawings: Sequence[Drawing], request: Request, form: str) -> bytes:
    """Return sheets as a file of the format `form`: png, svg, pdf or pptx.

    Raises
    ------
    InputError
        The template cannot be used.
    Stopped
        Nobody wants the file any more.
    """
    from explorer.figures.render import render, render_book

    def step(done: int, total: int) -> None:
        request.watch.step(WRITING, done, total)

    if form == "pptx":
        from explorer.slides.deck import deck

        return deck(drawings, request.selection.on, request.look.template, step)
    if request.subject.pack is not None:
        return render_book(drawings, step)
    return render(drawings[0], form, request.look.dpi)


def drawn_file(request: Request, form: str) -> bytes:
    """Return the figure or the pack of `request` as a file of the format `form`.

    Raises
    ------
    UsageError, InputError, Stopped
        As :func:`check_drawn`, :func:`drawings_of` and :func:`written`.
    """
    check_drawn(request, form)
    return written(drawings_of(request), request, form)


def naming_of(request: Request) -> tuple[str, str | None]:
    """Return the first word of the file's name, and whom or what it is about.

    None stands for the focus of the selection.
    """
    subject = request.subject
    if subject.pack is not None:
        per = _PER_WORDS.get(subject.per, subject.per)
        return (f"atlas-{per}" if subject.pack == "atlas" else "comite-territorial"), None
    if subject.figure == "fiche":
        return "fiche", _structure(request, subject.structure)
    if subject.figure == "portrait":
        return "portrait", _territory(request, subject.territory)
    more = {"couverture": subject.kind, "classement": subject.metric}.get(subject.figure)
    first = _FIRST_WORDS.get(subject.figure, subject.figure)
    return (f"{first}-{more}" if more else first), None


def _structure(request: Request, key: str | None) -> str | None:
    query = StructureQuery(ids=frozenset({key} if key else ()))
    found = request.store.structures(query) if key else []
    return (found[0].name or key) if found else key


def _territory(request: Request, ref: str | None) -> str | None:
    query = TerritoryQuery(ids=frozenset({ref} if ref else ()))
    found = request.store.territories(query) if ref else []
    return (found[0].name or ref) if found else ref
