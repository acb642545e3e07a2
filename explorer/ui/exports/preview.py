"""What the file will show, before it is downloaded, and the file itself."""

from __future__ import annotations

import streamlit as st

from explorer.exports.columns import heading
from explorer.exports.naming import size_in_words
from explorer.exports.notes import remarks
from explorer.exports.registry import Format, format_of
from explorer.exports.rows import columns_of, table
from explorer.services.exporting import Request, has_partners, useful_name
from explorer.services.view_tables import Row
from explorer.ui import session
from explorer.ui import tables as frames
from explorer.ui.exports import answers
from explorer.ui.exports.say import say
from explorer.ui.plain import plain
from graph.messages import text

PREVIEWED, _ABREAST = 4, 2
"""Pages of a pack that are shown."""
_PAGE_PIXELS, _HTML_HEIGHT = 900, 620
_WANTED = "maillage_export_wanted"


def figure(request: Request, form: str) -> None:
    """Show a figure, then offer it."""
    with st.spinner(say("drawing"), show_time=False):
        drawn = answers.drawing(request)
        shown = answers.picture(request)
    with st.container(border=True, key="export_preview"):
        st.image(shown, width="stretch", alt=f"{drawn.title}. {drawn.description}")
    with st.spinner(say("writing"), show_time=False):
        content = answers.figure_file(request, form)
    _offer(content, request, form)


def pack(request: Request, form: str) -> None:
    """Offer to make a pack; show its first pages and offer it once it is made."""
    wanted = st.session_state.get(_WANTED)
    own = answers.key_of(request, form).encoded()
    if not answers.pack_ready(request, form) and wanted != own:
        st.info(say("pack_hint"))
        st.button(say("make"), key="export_make", on_click=_want, args=(own,))
        return
    if not answers.pack_ready(request, form):
        st.button(say("cancel"), key="export_cancel", icon=":material/close:", on_click=_want)
    content = answers.pack_file(request, form)
    if wanted == own:
        st.session_state.pop(_WANTED, None)
        st.rerun()
    pages = answers.pack_pages(request)
    st.caption(say("pages", n=len(pages)))
    columns = st.columns(_ABREAST)
    for number, drawn in enumerate(pages[:PREVIEWED]):
        shown = answers.page_picture(request, number, _PAGE_PIXELS)
        with columns[number % _ABREAST], st.container(border=True):
            st.image(shown, width="stretch", alt=drawn.title)
    _offer(content, request, form)


def page(request: Request) -> None:
    """Show the interactive page as it will be, then offer it."""
    with st.spinner(say("writing"), show_time=False):
        content = answers.data_file(request, "html")
    alt = request_title(request)
    with st.container(border=True, key="export_preview"):
        st.iframe(content.decode(), height=_HTML_HEIGHT, alt=alt)
    _remarks(request)
    _offer(content, request, "html")


def data(request: Request, form: str) -> None:
    """Show which tables the file holds and how one begins, then offer it."""
    with st.spinner(say("writing"), show_time=False):
        content = answers.data_file(request, form)
    material = answers.read_once(request).material
    speaks = session.language()
    names = (request.options.table,) if form == "csv" else material.tables
    rows: list[Row] = [
        {
            say("sheet_name"): text(f"export.sheet.{name}", speaks),
            say("sheet_rows"): len(table(material, name)),
            say("sheet_columns"): ", ".join(
                heading(column, speaks) for column in columns_of(material, name)
            ),
        }
        for name in names
    ]
    with st.container(border=True, key="export_preview"):
        st.caption(plain(f"{material.view.caption.title}. {material.view.caption.date}."))
        frames.show(frames.plain_frame(rows), key="export_tables")
    _remarks(request)
    _offer(content, request, form)


def request_title(request: Request) -> str:
    """Return the title of the network."""
    return answers.read_once(request).material.view.caption.title


def _want(key: bytes | None = None) -> None:
    """Want this pack from the next run on; none stops the one being made."""
    st.session_state[_WANTED] = key


def _remarks(request: Request) -> None:
    material = answers.read_once(request).material
    if not has_partners(material):
        st.info(text("export.no_partner", session.language()))
    for words in remarks(material):
        st.caption(plain(words))


def _offer(content: bytes, request: Request, form: str) -> None:
    """Say name and size, and offer the file."""
    made: Format = format_of(form)
    name = useful_name(request, made)
    with st.container(horizontal=True, vertical_alignment="center", key="export_offer"):
        st.download_button(
            say("download"),
            content,
            file_name=name,
            mime=made.mime,
            key="export_download",
            on_click="ignore",
            icon=":material/download:",
        )
        size = size_in_words(len(content), session.language())
        st.markdown(plain(say("file", name=name, size=size)))
