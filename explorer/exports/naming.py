"""Names of files and titles: useful, short, and safe on every system."""

from __future__ import annotations

import re
from datetime import date

from explorer.exports.plain_text import readable
from graph.errors import UsageError
from graph.identifiers import slug
from graph.messages import text

LONGEST_TITLE = 200
LONGEST_SLUG = 40
EVERYTHING = "tous"
"""Stands for the focus where there is none."""

_MILLION = 1_000_000
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|<!--")

_COMMON = frozenset(
    {
        *("ght", "groupe", "groupement", "hospitalier", "hospitaliere", "hospitaliers", "hopital"),
        *(
            "hopitaux",
            "centre",
            "territoire",
            "ch",
            "chi",
            "chu",
            "le",
            "la",
            "les",
            "l",
            "de",
            "des",
        ),
        *("du", "d", "et"),
    }
)
"""Words that tell no group of hospitals from another."""


def file_name(figure: str, focus: str | None, on: date, extension: str) -> str:
    """Return a name such as ``reseau_confluence_2026-11-22.pdf``.

    Parameters
    ----------
    figure : str
        What the file shows, already short: ``reseau``, ``echeances``.
    focus : str or None
        Name of the structure at the centre; None without one.
    on : datetime.date
        The day looked at.
    extension : str
        Without its dot.
    """
    return f"{slug(figure)}_{_short(focus)}_{on.isoformat()}.{extension}"


def _short(focus: str | None) -> str:
    if focus is None:
        return EVERYTHING
    words = slug(focus).split("-")
    telling = [word for word in words if word not in _COMMON]
    kept = "-".join(telling or words)[:LONGEST_SLUG].strip("-")
    return kept or EVERYTHING


def size_in_words(count: int, language: str) -> str:
    """Return how large a file is: ``1,2 Mo``, ``340 ko``."""
    small = count < _MILLION
    value = f"{max(1, round(count / 1000))}" if small else f"{count / _MILLION:.1f}"
    written = value.replace(".", ",") if language == "fr" else value
    return text(f"exports.size.{'kilo' if small else 'mega'}", language, n=written)


def checked_title(title: str | None) -> str | None:
    """Return a title on one line, None where none was worded.

    Raises
    ------
    UsageError
        It is longer than a title can be, or holds markup, which no format would show as meant.
    """
    said = " ".join(readable(title or "").split())
    if len(said) > LONGEST_TITLE:
        raise UsageError("export.long_title", length=len(said), most=LONGEST_TITLE)
    if found := _MARKUP.search(said):
        raise UsageError("export.markup", value=found[0])
    return said or None
