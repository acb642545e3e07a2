"""What a person gives: title, logo, template, and what is let in that stays out else."""

from __future__ import annotations

import streamlit as st

from explorer.exports.naming import checked_title
from explorer.exports.upload import Upload
from explorer.figures.lettering import clean
from explorer.services.ordering import Own
from explorer.ui.exports.controls import show
from explorer.ui.exports.say import say
from explorer.ui.plain import plain

_TITLE, _RESTRICTED, _PERSONS = "w_export_title", "w_export_restricted", "w_export_persons"
_KEPT = "maillage_export_"
"""Begins what is kept across pages: a widget forgets its value where it is not drawn."""


def title(proposed: str) -> str | None:
    """Ask for a title, and return it; None for the one proposed.

    Raises
    ------
    UsageError
        It is too long or has markup.
    """
    show(_TITLE, st.session_state.get(f"{_KEPT}title", ""))
    st.text_input(
        say("title"),
        key=_TITLE,
        placeholder=clean(proposed),
        help=say("title_help"),
        on_change=_keep,
        args=("title", _TITLE),
    )
    return checked_title(st.session_state[_TITLE])


def logo() -> Upload | None:
    """Ask for a logo."""
    return _file("logo", ["png", "jpg", "jpeg"])


def template() -> Upload | None:
    """Ask for a template of slides."""
    return _file("template", ["pptx"])


def let_in(left_out: int, *, persons: bool) -> tuple[bool, bool]:
    """Ask what is let in: restricted agreements, columns that may name a person.

    Parameters
    ----------
    left_out : int
        Restricted agreements that are not in the file.
    persons : bool
        Whether the format has such columns.
    """
    with st.expander(say("left_out"), expanded=bool(left_out), icon=":material/shield:"):
        if left_out:
            st.caption(say("restricted_out", n=left_out))
        restricted = _switch("restricted", _RESTRICTED)
        named = persons and _switch("persons", _PERSONS)
        if not persons:
            st.caption(say("no_person"))
        return restricted, named


def _switch(name: str, key: str) -> bool:
    show(key, bool(st.session_state.get(f"{_KEPT}{name}")))
    st.toggle(say(name), key=key, help=say(f"{name}_help"), on_change=_keep, args=(name, key))
    if st.session_state[key]:
        st.warning(say(f"{name}_warning"), icon=":material/warning:")
    return bool(st.session_state[key])


def _keep(name: str, key: str) -> None:
    st.session_state[f"{_KEPT}{name}"] = st.session_state[key]


def _file(name: str, types: list[str]) -> Upload | None:
    """Ask for a file; one given before stays until it is taken away."""
    kept, key = f"{_KEPT}{name}", f"w_export_{name}"

    def changed() -> None:
        given = st.session_state[key]
        st.session_state[kept] = (
            Upload(name=given.name, data=given.getvalue()) if given is not None else None
        )

    given = st.file_uploader(
        say(name), type=types, key=key, help=say(f"{name}_help"), on_change=changed
    )
    held: Upload | None = st.session_state.get(kept)
    if held is not None and given is None:
        st.caption(plain(say("held", file=held.name)))
        st.button(
            say("take_away"), key=f"{key}_away", on_click=lambda: st.session_state.pop(kept, None)
        )
    return held


def own_of(worded: str | None, *, restricted: bool, persons: bool, slides: bool) -> Own:
    """Return what was given; a template only where slides are made."""
    logo_held: Upload | None = st.session_state.get(f"{_KEPT}logo")
    template_held: Upload | None = st.session_state.get(f"{_KEPT}template")
    return Own(
        title=worded,
        logo=logo_held,
        template=template_held if slides else None,
        restricted=restricted,
        persons=persons,
    )


def held_restricted() -> bool:
    """Tell whether restricted agreements are let in, before the switch is drawn."""
    return bool(st.session_state.get(f"{_KEPT}restricted"))
