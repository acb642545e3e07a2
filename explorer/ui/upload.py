"""Loading a file on a page: choose, explain the headings, look at what would change, agree."""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any

import msgspec
import streamlit as st

from explorer.services.holdings import loader_title
from explorer.services.loading import read_batch
from explorer.services.mapping import headings_of, profile_names
from explorer.services.preview import CHANGE_COLUMNS, Preview, file_name, preview_of
from explorer.services.sources import about_source
from explorer.ui import session
from explorer.ui.downloading import official
from explorer.ui.explaining import explain, follow_saved
from explorer.ui.guard import guarded, show_error
from explorer.ui.plain import plain
from explorer.ui.progress import progress_bar
from explorer.ui.reports import counts, rejections
from explorer.ui.tables import download, wrapped
from graph.errors import ConfirmationNeeded, InputError, MaillageError
from graph.messages import text
from graph.store.port import GraphStore, LoadBatch
from graph.store.rules import SAMPLES_KEPT
from loaders.base import LoadContext, SourceSpec
from loaders.conventions import write_template
from loaders.registry import REGISTRY, loader

REGISTER = "conventions"
_DESK = "maillage_upload"
_DONE = "maillage_loaded"
_ROUND = "maillage_round"
_CODES = re.compile(r"[0-9A-Za-z]+")


class Desk(msgspec.Struct, weakref=True):
    """What lies on the table between two runs: the files, what was read, what is agreed."""

    token: str = ""
    paths: tuple[Path, ...] = ()
    tried: str = ""
    batch: LoadBatch | None = None
    preview: Preview | None = None
    error: MaillageError | None = None
    asked: ConfirmationNeeded | None = None


def say(key: str, /, **params: object) -> str:
    """Return the message ``page.<key>`` in the reader's language."""
    return text(f"page.{key}", session.language(), **params)


def upload(store: GraphStore) -> None:
    """Draw the whole way from choosing a file to its report."""
    spec = _source()
    above = st.container()
    desk = _files(spec)
    with above:
        _report()
    if spec.needs_path and not desk.paths:
        return
    options = _options(spec, desk)
    if options is None:
        return
    asked = repr((desk.token, options))
    if desk.tried != asked and (spec.needs_path or st.button(say("upload.preview_button"))):
        _prepare(store, spec, desk, options)
        desk.tried = asked
    if desk.tried != asked:
        return
    if desk.error is not None:
        show_error(desk.error)
    elif desk.preview is not None:
        _preview(store, desk, desk.preview)


def _source() -> SourceSpec:
    speaks = session.language()
    ids = sorted((spec.id for spec in REGISTRY), key=lambda key: key != REGISTER)
    choice, about = st.columns([0.45, 0.55], gap="medium")
    chosen = choice.selectbox(
        say("upload.source"),
        ids,
        key="w_source",
        format_func=lambda key: loader_title(key, speaks),
    )
    with about:
        for line in about_source(loader(chosen), speaks):
            st.caption(line)  # our own words: the address is to be a link
        if chosen == REGISTER:
            st.download_button(
                say("upload.template"),
                _template(speaks),
                file_name="registre-conventions.xlsx",
                key="template",
                help=say("upload.template_help"),
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )
    return loader(chosen)


@st.cache_data(show_spinner=False)
def _template(speaks: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "registre.xlsx"
        write_template(path, speaks)
        return path.read_bytes()


def _files(spec: SourceSpec) -> Desk:
    """Return the desk of the files given; other files clear it."""
    given: list[Any] = []
    if spec.extensions or spec.needs_path:
        formats = ", ".join(item.removeprefix(".").upper() for item in spec.extensions)
        found = st.file_uploader(
            say("upload.file"),
            key=f"w_file_{spec.id}_{st.session_state.get(_ROUND, 0)}",
            accept_multiple_files=spec.id != REGISTER,
            help=say("upload.limit", formats=formats),
        )
        given = found if isinstance(found, list) else [found] if found else []
        st.caption(say("upload.file_help"))
    else:
        st.caption(say("upload.no_file"))
    kept = () if given else official(spec.id, st.session_state.get(_ROUND, 0))
    token = repr((spec.id, [(item.file_id, item.size) for item in given], kept))
    desk = st.session_state.get(_DESK)
    if not isinstance(desk, Desk) or desk.token != token:
        if given or kept:
            st.session_state.pop(_DONE, None)
        desk = st.session_state[_DESK] = Desk(token=token)
        if given:
            folder = _folder(desk)
            desk.paths = tuple(_saved(folder, item) for item in given)
        desk.paths = desk.paths or kept
    return desk


def _folder(desk: Desk) -> Path:
    """Return a folder that lives as long as the desk does."""
    folder = tempfile.mkdtemp(prefix="maillage-")
    weakref.finalize(desk, shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _saved(folder: Path, given: Any) -> Path:  # noqa: ANN401 - Streamlit's uploaded file
    path = folder / file_name(given.name)
    with path.open("wb") as out:
        given.seek(0)
        while block := given.read(1 << 20):
            out.write(block)
    return path


def _as_given(error: MaillageError, desk: Desk) -> MaillageError:
    """Name the files of `error` as the person did, not by the folder where they are kept."""
    for path in desk.paths:
        for name, value in error.params.items():
            if isinstance(value, str):
                error.params[name] = value.replace(str(path), path.name)
    return error


def _options(spec: SourceSpec, desk: Desk) -> dict[str, str] | None:
    """Return what the loader is told besides the files; None while headings need an answer."""
    if spec.id == REGISTER:
        return _register_options(desk)
    if spec.by_departement:
        written = st.text_input(
            say("upload.departements"), key="w_departements", help=say("upload.departements_help")
        )
        return {"departements": ",".join(_CODES.findall(written))}
    return {}


def _register_options(desk: Desk) -> dict[str, str] | None:
    speaks = session.language()
    options: dict[str, str] = {}
    names = profile_names()
    follow_saved()
    if names:
        profile = st.selectbox(
            say("mapping.profile"),
            ["", *names],
            key="w_profile",
            format_func=lambda name: name or say("mapping.profile_none"),
        )
        options |= {"profile": profile} if profile else {}
    try:
        found = headings_of(desk.paths[0], speaks, profile=options.get("profile"))
        if len(found.sheets) > 1:
            sheet = st.selectbox(
                say("upload.sheet"), found.sheets, index=found.sheets.index(found.sheet)
            )
            options["sheet"] = sheet
            found = headings_of(desk.paths[0], speaks, sheet, options.get("profile"))
    except InputError as error:
        show_error(_as_given(error, desk))
        return None
    explain(found, options)
    return options if found.complete else None


def _prepare(store: GraphStore, spec: SourceSpec, desk: Desk, options: dict[str, str]) -> None:
    """Read the files and compare them with the store, which stays as it is."""
    desk.batch = desk.preview = desk.error = desk.asked = None
    names = ", ".join(path.name for path in desk.paths)
    codes = options.pop("departements", "")
    context = LoadContext(
        store=store,
        departements=tuple(codes.split(",")) if codes else (),
        options={"focus": session.settings().focus, **options},
    )
    with progress_bar(plain(say("upload.reading", file=names))) as progress:
        context.progress = progress
        try:
            desk.batch = read_batch(spec, desk.paths, context)
            desk.batch.file = names or desk.batch.file
            desk.preview = preview_of(
                store, desk.batch, session.today(), session.language(), progress
            )
        except MaillageError as error:
            desk.error = _as_given(error, desk)


def _preview(store: GraphStore, desk: Desk, preview: Preview) -> None:
    st.subheader(say("upload.preview"), anchor=False)
    counts(preview.report, preview.outcome)
    if preview.changes:
        st.caption(say("upload.would_change"))
        wrapped(preview.changes, CHANGE_COLUMNS, key="changes")
        label, name = say("upload.download_changes"), "maillage-apercu.csv"
        download(label, preview.changes, CHANGE_COLUMNS, name=name, key="preview_csv")
        if preview.is_cut:
            st.caption(say("upload.changes_cut", n=SAMPLES_KEPT))
    rejections(preview.report, key="preview")
    if preview.is_empty:
        st.info(say("upload.nothing_changes"))
        return
    allowed = _confirmed(desk)
    with st.container(horizontal=True):
        if st.button(say("upload.apply"), key="apply", type="primary", disabled=allowed is None):
            _apply(store, desk, allowed=bool(allowed))
        st.button(say("upload.cancel"), key="cancel", on_click=_clear)


def _confirmed(desk: Desk) -> bool | None:
    """Return whether large removals are agreed to; None while the question stands unanswered."""
    if desk.asked is None:
        return False
    params = desk.asked.params
    st.warning(say("upload.removals", removed=params.get("n"), total=params.get("total")))
    st.caption(say("upload.removals_advice"))
    agreed = st.checkbox(say("upload.removals_accept"), key=f"w_agree_{desk.token}")
    return True if agreed else None


def _apply(store: GraphStore, desk: Desk, *, allowed: bool) -> None:
    assert desk.batch is not None  # noqa: S101 - there is a preview of it
    report = desk.batch.report
    with guarded():
        try:
            with progress_bar(say("upload.applying")) as progress:
                outcome = store.apply(desk.batch, allow_removals=allowed, progress=progress)
        except ConfirmationNeeded as question:
            desk.asked = question
        else:
            _clear()
            st.session_state[_DONE] = (report, outcome)
        st.rerun()


def _clear() -> None:
    """Take everything off the table: the uploader is made anew, empty."""
    st.session_state.pop(_DESK, None)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _report() -> None:
    """Show what the last load did, until another file is chosen."""
    done = st.session_state.get(_DONE)
    if done is None:
        return
    report, outcome = done
    st.success(say("upload.done"))
    counts(report, outcome)
    rejections(report, key="report")
