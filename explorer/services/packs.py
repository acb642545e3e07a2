"""Packs for a meeting: several pages at once, as one PDF or one presentation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import NamedTuple

import msgspec

from explorer.exports.upload import Given
from explorer.figures.drawing import Drawing
from explorer.figures.making import Style
from explorer.services import figure_coverage as covering
from explorer.services import figure_network as networks
from explorer.services.coverage import CoverageAnswer
from explorer.services.figure_question import FigureQuestion
from explorer.services.figures import FigureSpec, check_choices, style_of
from explorer.services.network import NetworkAnswer
from explorer.services.overview import a_year_before
from explorer.services.pack_pages import (
    contents_page,
    cover_page,
    essentials_page,
    method_page,
    say,
)
from explorer.viewmodel.model import ViewModel
from graph.analysis.watch import SILENT, Watch
from graph.errors import InputError, UsageError
from graph.identifiers import fold, split_ref
from graph.store.port import GraphStore

ATLAS = ("arrondissement", "partner", "cpts")
"""What an atlas has a page for."""
PACKS = ("comite", "atlas")
PACK_FORMATS = ("pdf", "pptx")
MOST_PAGES = 300
_STAGE = "pack.page"


class PackSpec(FigureSpec, frozen=True, kw_only=True):
    """A pack and how it should look.

    Attributes
    ----------
    pack : {'comite', 'atlas'}
        Which pack.
    per : {'arrondissement', 'partner', 'cpts'}
        What the atlas has a page for.
    since : date or None
        Day since which the committee looks at what moved; None for a year before.
    template : str, Upload or None
        A ``.pptx`` whose look is taken: its path, or the file itself.
    """

    pack: str = "comite"
    per: str = "arrondissement"
    since: date | None = None
    template: Given | None = None
    format: str = "pdf"


class Page(NamedTuple):
    """A page of a pack: its name in the contents, and what draws it."""

    name: str
    make: Callable[[], Drawing]


class _Desk(NamedTuple):
    """What all pages of a pack look at, asked once."""

    store: GraphStore
    question: FigureQuestion
    style: Style
    answer: NetworkAnswer
    view: ViewModel
    covered: CoverageAnswer | None


def draw_pack(
    store: GraphStore, question: FigureQuestion, spec: PackSpec, watch: Watch = SILENT
) -> list[Drawing]:
    """Return the pages of a pack.

    Raises
    ------
    UsageError
        A choice that does not exist, or more pages than a pack may have.
    InputError
        Nothing to show.
    Stopped
        `watch` asked to stop.
    """
    check_choices(
        ("pack", spec.pack, PACKS),
        ("per", spec.per, ATLAS),
        ("format", spec.format, PACK_FORMATS),
    )
    desk = _desk(store, question, spec)
    pages = _committee(desk, spec) if spec.pack == "comite" else _atlas(desk, spec)
    if len(pages) > MOST_PAGES:
        raise UsageError("pack.too_many", n=len(pages), most=MOST_PAGES)
    drawn = []
    for number, page in enumerate(pages):
        watch.step(_STAGE, number, len(pages))
        drawn.append(page.make())
    watch.step(_STAGE, len(pages), len(pages))
    return drawn


def render_pack(
    store: GraphStore, question: FigureQuestion, spec: PackSpec, watch: Watch = SILENT
) -> bytes:
    """Return a pack as a file: the same bytes whenever question and store are the same.

    Raises
    ------
    UsageError, InputError, Stopped
        As :func:`draw_pack`; also a template that cannot be used.
    """
    drawings = draw_pack(store, question, spec, watch)
    if spec.format == "pptx":
        from explorer.slides.deck import deck

        return deck(drawings, question.selection.on, spec.template)
    from explorer.figures.render import render_book

    return render_book(drawings)


def _desk(store: GraphStore, question: FigureQuestion, spec: PackSpec) -> _Desk:
    style = style_of(spec)
    answer = networks.network_asked(store, question)
    view = networks.view_asked(store, question, style.language)
    try:
        covered = covering.coverage_asked(store, question)
    except InputError:
        covered = None
    return _Desk(store, question, style, answer, view, covered)


def _committee(desk: _Desk, spec: PackSpec) -> list[Page]:
    """Return one map, the essentials, and the map of the kind whose gap is largest."""
    untitled = desk.style._replace(title=None)
    since = spec.since or a_year_before(desk.question.selection.on)
    if since >= desk.question.selection.on:
        raise UsageError("pack.since", day=since.isoformat())
    behind = desk.question.behind

    def essentials() -> Drawing:
        return essentials_page(
            desk.store, desk.answer, desk.view, desk.covered, since, behind, untitled
        )

    pages = [
        Page("", lambda: networks.on_territory(desk.store, desk.question, desk.style)),
        Page("", essentials),
    ]
    gaps = desk.covered.gaps if desk.covered else []
    if gaps:
        asked = msgspec.structs.replace(desk.question, kind=gaps[0].kind, measure="state")
        pages.append(Page("", lambda: covering.coverage(desk.store, asked, untitled)))
    return pages


def _atlas(desk: _Desk, spec: PackSpec) -> list[Page]:
    """Return cover, contents, one page a territory or partner, and the method."""
    inside = list(_one_each(desk, spec.per))
    if not inside:
        raise InputError("pack.empty", per=say(f"per_{spec.per}", desk.style))
    untitled = desk.style._replace(title=None)
    overview = Page(
        say("overview", desk.style),
        lambda: networks.on_territory(desk.store, desk.question, untitled),
    )
    method = Page(say("method", desk.style), lambda: method_page(desk.view, desk.covered, untitled))
    listed = [overview, *inside, method]
    entries = [(page.name, at) for at, page in enumerate(listed, 3)]
    title = say(f"atlas_{spec.per}", desk.style, name=_focus_name(desk))
    return [
        Page("", lambda: cover_page(title, desk.view, desk.style)),
        Page("", lambda: contents_page(entries, untitled)),
        *listed,
    ]


def _one_each(desk: _Desk, per: str) -> Iterator[Page]:
    plain = desk.style._replace(title=None)
    if per == "partner":
        nodes = [node for node in desk.view.nodes if node.role == "partner"]
        for node in sorted(nodes, key=lambda node: (fold(node.label), node.id)):
            asked = msgspec.structs.replace(desk.question, structure=node.id)
            yield Page(node.label, partial(covering.partner, desk.store, asked, plain))
        return
    asked = msgspec.structs.replace(desk.question, level=per)
    covered = covering.coverage_asked(desk.store, asked)
    for ref, name in _territories(covered):
        yield Page(name, partial(covering.portrait_in, desk.store, covered, (ref, None), plain))


def _territories(covered: CoverageAnswer) -> list[tuple[str, str]]:
    ground = covered.read.ground
    named = [(ref, ground.atlas[ref].name or split_ref(ref)[1]) for ref in ground.refs]
    return sorted(named, key=lambda item: (fold(item[1]), item[0]))


def _focus_name(desk: _Desk) -> str:
    focus = desk.question.selection.focus
    item = desk.answer.structures.get(focus) if focus else None
    return (item.name if item else None) or say("everyone", desk.style)
