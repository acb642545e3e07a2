"""Identifiers of the field: FINESS numbers, slugs, territory references."""

from __future__ import annotations

import re
import unicodedata

_FINESS = re.compile(r"(?:\d{2}|2[AB])\d{7}", re.IGNORECASE)
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def is_finess(value: str) -> bool:
    """Tell whether `value` is written as a FINESS number: 9 characters, 2A and 2B allowed."""
    return _FINESS.fullmatch(value) is not None


def fold(value: str) -> str:
    """Return `value` in lower case without accents or ligatures, words parted by one space.

    Search and matching compare texts in this form.
    """
    value = value.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")
    decomposed = unicodedata.normalize("NFKD", value)
    ascii_text = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", ascii_text.casefold()).strip()


def slug(value: str) -> str:
    """Return `value` as the readable part of an identifier: ``dac-94-nord``."""
    return fold(value).replace(" ", "-")


def structure_id(kind: str, name: str) -> str:
    """Return the identifier of a structure that has no FINESS number: ``kind:slug``."""
    return f"{kind.lower()}:{slug(name)}"


def territory_ref(level: str, code: str) -> str:
    """Return the reference of a territory, ``level:code``: a code alone is not a key."""
    return f"{level}:{code}"


def split_ref(ref: str) -> tuple[str, str]:
    """Return level and code of a territory reference."""
    level, _, code = ref.partition(":")
    return level, code
