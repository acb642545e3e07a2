"""Identifiers of the field: FINESS numbers, slugs, territory references."""

from __future__ import annotations

import re
import unicodedata

_FINESS = re.compile(r"(?:\d{2}|2[AB])\d{7}", re.IGNORECASE)
_MARKS = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_BYTES = bytes(ord(chr(code).lower()) if chr(code).isalnum() else 32 for code in range(128)) * 2
_WORD = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}


def is_finess(value: str) -> bool:
    """Tell whether `value` is written as a FINESS number: 9 characters, 2A and 2B allowed."""
    return _FINESS.fullmatch(value) is not None


def fold(value: str) -> str:
    """Return `value` in lower case without accents or ligatures, words parted by one space.

    Search and matching compare texts in this form.
    """
    folded = value.translate(_LETTER)
    if not folded.isascii():
        folded = _fold_any(value)
    return " ".join(folded.split())


def _fold_any(value: str) -> str:
    if not value.isascii():
        value = value.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")
        value = _MARKS.sub("", unicodedata.normalize("NFKD", value)).casefold()
        value = value.encode("ascii", "replace").decode("ascii")
    return value.translate(_WORD)


_LETTER = str.maketrans(
    {chr(code): _fold_any(chr(code)) for code in (*range(128), *range(0xA0, 0x180), 0x2019)}
)
"""The letters of European languages, and the apostrophe of French, each folded by itself."""


def fold_alike(one: str, other: str) -> bool:
    """Tell whether two texts are the same once folded; quicker than folding both."""
    if one.isascii() and other.isascii():
        return one.encode().translate(_BYTES).split() == other.encode().translate(_BYTES).split()
    return fold(one) == fold(other)


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


def departement_of_finess(number: str) -> str:
    """Return the département in which a FINESS number was given."""
    start = number[:2]
    return f"{start}{number[3]}" if start in {"97", "98"} else start


def departement_of_commune(code: str) -> str:
    """Return the département of an INSEE commune code."""
    return code[:3] if code[:2] in {"97", "98"} else code[:2]
