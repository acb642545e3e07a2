"""Drawings and files of the page *Exports*, kept while store, question and look stay the same."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import msgspec
import streamlit as st

from explorer.exports.drawn import Look, Subject
from explorer.exports.options import Options
from explorer.exports.registry import format_of
from explorer.exports.upload import Given, Upload
from explorer.figures.drawing import Drawing
from explorer.figures.render import render
from explorer.selection import Selection
from explorer.services.coverage import CoverageAnswer
from explorer.services.drawn import check_drawn, drawings_of, question_of, written
from explorer.services.exporting import Request
from explorer.services.figure_coverage import coverage_asked
from explorer.ui.exports.say import say
from explorer.ui.keys import HASH, Key
from explorer.ui.progress import progress_bar
from graph.analysis.watch import Watch
from graph.model import Record

KEPT_FILES = 12
KEPT_PACKS = 4
SCREEN_PIXELS = 1500
"""Width of a preview; its height where the sheet is upright."""
_INCH = 25.4


class Question(Record, frozen=True, kw_only=True):
    """What an answer depends on beside the store; files given are told by their digest."""

    selection: Selection
    behind: tuple[str, ...]
    title: str | None
    subject: Subject
    look: Look
    options: Options = Options()
    form: str = ""


def question(request: Request, form: str = "") -> Question:
    """Return what the file of this format depends on; without a format, the drawings alone."""
    look = msgspec.structs.replace(
        request.look,
        logo=_digest(request.look.logo),
        template=_digest(request.look.template) if form else None,
        dpi=request.look.dpi if form == "png" else Look().dpi,
    )
    return Question(
        selection=request.selection,
        behind=request.behind,
        title=request.title,
        subject=request.subject,
        look=look,
        options=request.options,
        form=form,
    )


def _digest(file: Given | None) -> Given | None:
    if not isinstance(file, Upload):
        return file
    return Upload(name=file.name, data=blake2b(file.data, digest_size=16).digest())


def key_of(request: Request, form: str = "") -> Key:
    """Return what an answer is kept by."""
    held = request.store
    return Key(held.url, held.revision(), request.language, question(request, form))


def drawing(request: Request) -> Drawing:
    """Return the sheet of a figure."""
    return _drawing(key_of(request), request)


@st.cache_resource(show_spinner=False, max_entries=KEPT_FILES, hash_funcs=HASH)
def _drawing(key: Key, _request: Request) -> Drawing:  # noqa: ARG001 - what the cache goes by
    return drawings_of(_request)[0]


def picture(request: Request) -> bytes:
    """Return a figure as the screen shows it, a PNG."""
    return _picture(key_of(request), drawing(request))


@st.cache_resource(show_spinner=False, max_entries=KEPT_FILES, hash_funcs=HASH)
def _picture(key: Key, _drawing: Drawing) -> bytes:  # noqa: ARG001 - what the cache goes by
    return on_screen(_drawing)


def on_screen(drawn: Drawing, pixels: int = SCREEN_PIXELS) -> bytes:
    """Return a sheet as a PNG whose longer side has `pixels`."""
    return render(drawn, "png", round(pixels * _INCH / max(drawn.width, drawn.height)))


def figure_file(request: Request, form: str) -> bytes:
    """Return a figure as a file."""
    check_drawn(request, form)
    return _figure_file(key_of(request, form), request, drawing(request), form)


@st.cache_resource(show_spinner=False, max_entries=KEPT_FILES, hash_funcs=HASH)
def _figure_file(
    key: Key,  # noqa: ARG001 - what the cache goes by
    _request: Request,
    _drawing: Drawing,
    _form: str,
) -> bytes:
    return written([_drawing], _request, _form)


def read_once(request: Request) -> Request:
    """Return the request whose material was read for the same question."""
    return _read_once(key_of(request), request)


@st.cache_resource(show_spinner=False, max_entries=KEPT_PACKS, hash_funcs=HASH)
def _read_once(key: Key, _request: Request) -> Request:  # noqa: ARG001 - what the cache goes by
    return _request


def data_file(request: Request, form: str) -> bytes:
    """Return a file of data, or the interactive page."""
    return _data_file(key_of(request, form), read_once(request), form)


@st.cache_resource(show_spinner=False, max_entries=KEPT_FILES, hash_funcs=HASH)
def _data_file(key: Key, _request: Request, _form: str) -> bytes:  # noqa: ARG001 - what the cache goes by
    return format_of(_form).write(_request)


def left_out(request: Request) -> int:
    """Return how many restricted agreements are not in the file."""
    return _left_out(
        Key(request.store.url, request.store.revision(), "", request.selection), request
    )


@st.cache_resource(show_spinner=False, max_entries=KEPT_FILES, hash_funcs=HASH)
def _left_out(key: Key, _request: Request) -> int:  # noqa: ARG001 - what the cache goes by
    return _request.left_out


def covered(request: Request) -> CoverageAnswer:
    """Return the coverage that a figure is about."""
    held, subject = request.store, request.subject
    plain = Subject(level=subject.level, population=subject.population)
    asked = Question(
        selection=request.selection, behind=request.behind, title=None, subject=plain, look=Look()
    )
    return _covered(Key(held.url, held.revision(), "covered", asked), request)


@st.cache_resource(show_spinner=False, max_entries=KEPT_PACKS, hash_funcs=HASH)
def _covered(key: Key, _request: Request) -> CoverageAnswer:  # noqa: ARG001 - what the cache goes by
    asked = msgspec.structs.replace(question_of(_request), measure="state", radius_km=None)
    return coverage_asked(_request.store, asked)


def pack_ready(request: Request, form: str) -> bool:
    """Tell whether the pack is made already."""
    return key_of(request, form).encoded() in _packs()


def pack_pages(request: Request) -> list[Drawing]:
    """Return the pages of a pack, drawn once, with progress; a change of the reader stops it."""
    pages: list[Drawing] = _kept(key_of(request), lambda: _watched(request, drawings_of))
    return pages


def pack_file(request: Request, form: str) -> bytes:
    """Return a pack as a file, made once, with progress; a change of the reader stops it."""
    check_drawn(request, form)

    def make(watched: Request) -> bytes:
        return written(pages, watched, form)

    pages = pack_pages(request)
    data: bytes = _kept(key_of(request, form), lambda: _watched(request, make))
    return data


def page_picture(request: Request, number: int, pixels: int) -> bytes:
    """Return a page of a pack as a PNG."""
    asked = key_of(request, f"page {number} {pixels}")
    return _page_picture(asked, pack_pages(request)[number], pixels)


@st.cache_resource(show_spinner=False, max_entries=KEPT_FILES, hash_funcs=HASH)
def _page_picture(key: Key, _page: Drawing, _pixels: int) -> bytes:  # noqa: ARG001 - what the cache goes by
    return on_screen(_page, _pixels)


def _watched(request: Request, make: Any) -> Any:  # noqa: ANN401 - whatever is made
    with progress_bar(say("packing")) as progress:
        return make(msgspec.structs.replace(request, watch=Watch(progress=progress)))


def _kept(key: Key, make: Any) -> Any:  # noqa: ANN401 - whatever is made
    kept, name = _packs(), key.encoded()
    if name not in kept:
        kept[name] = make()
        while len(kept) > 2 * KEPT_PACKS:
            kept.pop(next(iter(kept)), None)
    return kept[name]


@st.cache_resource(show_spinner=False)
def _packs() -> dict[bytes, Any]:
    return {}
