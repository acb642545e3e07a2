"""Errors on a page: a known one is explained, an unexpected one is said soberly and logged."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from explorer.ui.plain import plain
from explorer.ui.session import language, said_already
from graph.errors import InputError, MaillageError, StoreBusy, StoreError
from graph.messages import text

_LOG = logging.getLogger("maillage")
_RETRY = "retry"


@contextmanager
def guarded() -> Iterator[None]:
    """Show what goes wrong inside as a message, never as a traceback."""
    try:
        yield
    except MaillageError as error:
        show_error(error)
    except Exception:  # noqa: BLE001 - the last guard: whatever it is, people see a sentence
        _show_unexpected()


def show_error(error: MaillageError) -> None:
    """Explain `error`; what the store refuses now can be tried again.

    Every part of a page asks the store: what one part has said, the others do not repeat.
    """
    speaks = language()
    message = plain(error.message(speaks))
    if isinstance(error, StoreError):
        if said_already(message):
            return
        _show_store(message, busy=isinstance(error, StoreBusy))
        return
    st.error(message, title=_say("input" if isinstance(error, InputError) else "usage"))


def _show_store(message: str, *, busy: bool) -> None:
    if busy:
        st.warning(message, title=_say("busy"), icon=":material/hourglass_top:")
        st.caption(_say("busy_advice"))
    else:
        st.error(message, title=_say("store"))
    if not said_already(_RETRY):
        st.button(_say("retry"), key=_RETRY)


def _show_unexpected() -> None:
    mark = secrets.token_hex(3)
    _LOG.exception("unexpected error on a page (mark %s)", mark)
    st.error(_say("unexpected_advice", mark=mark), title=_say("unexpected"))


def _say(key: str, **params: object) -> str:
    return text(f"page.error.{key}", language(), **params)
