"""Views that people keep under a name: what the address of a page says, in a small file.

A view holds what the URL holds (:mod:`explorer.view_state`): opaque ids, dates and switches. The
file stands in the settings folder of this installation, so that those who share a server share
their views. A view without a date opens on the day of the reader.
"""

from __future__ import annotations

import os
import threading
import unicodedata
from pathlib import Path

import msgspec
from platformdirs import user_config_path

from graph.errors import InputError, OutputError, UsageError, cause_of
from graph.identifiers import fold

MOST_VIEWS = 200
LONGEST_NAME = 80

Query = dict[str, list[str]]


class SavedView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A named view: the page it is on, and the parameters of its address."""

    name: str
    page: str
    query: Query = {}


class _Kept(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    views: list[SavedView] = []


_WRITING = threading.Lock()


def views_path() -> Path:
    """Return the file of the views; it may not exist yet."""
    return user_config_path("maillage", appauthor=False) / "views.json"


def list_views() -> list[SavedView]:
    """Return the views by name.

    Raises
    ------
    InputError
        The file is there and is none of ours; it is left as it is.
    """
    return sorted(_read(), key=lambda view: fold(view.name))


def save_view(view: SavedView) -> SavedView | None:
    """Keep `view`; return the one of the same name that it replaces, if any.

    Raises
    ------
    UsageError
        The name is empty or too long, or there are too many views.
    InputError, OutputError
        The file cannot be read or written; what it held is still there.
    """
    kept = msgspec.structs.replace(view, name=_checked(view.name))
    with _WRITING:
        before = _read()
        others = [item for item in before if not _same(item, kept.name)]
        if len(others) >= MOST_VIEWS:
            raise UsageError("saved.too_many", most=MOST_VIEWS)
        _write([*others, kept])
    return next((item for item in before if _same(item, kept.name)), None)


def remove_view(name: str) -> SavedView | None:
    """Forget the view of that name; return it, so that it can be kept again."""
    with _WRITING:
        before = _read()
        _write([item for item in before if not _same(item, name)])
    return next((item for item in before if _same(item, name)), None)


def _same(view: SavedView, name: str) -> bool:
    return fold(view.name) == fold(name)


def _checked(name: str) -> str:
    words = " ".join(name.split())
    hidden = any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in words)
    if not fold(words) or len(words) > LONGEST_NAME or hidden:
        raise UsageError("saved.name", value=words[:LONGEST_NAME], most=LONGEST_NAME)
    return words


def _read() -> list[SavedView]:
    path = views_path()
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Kept).views
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError("saved.unreadable", file=str(path), why=cause_of(error)) from None
    except msgspec.MsgspecError as error:
        raise InputError("saved.unreadable", file=str(path), why=str(error)) from None


def _write(views: list[SavedView]) -> None:
    path = views_path()
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(msgspec.json.format(msgspec.json.encode(_Kept(views=views)), indent=2))
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutputError("saved.unwritable", file=str(path), why=cause_of(error)) from None
