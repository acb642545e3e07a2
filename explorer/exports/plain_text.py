"""Text that a file can hold as it is: no control character, no formula."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 refuses or discourages."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""First characters after which a spreadsheet may take a cell for a formula."""


def readable(value: str) -> str:
    """Return `value` without the characters that no file format can hold."""
    return _FORBIDDEN.sub("", value)


def neutral(value: str) -> str:
    """Return `value` so that no spreadsheet takes it for a formula: an apostrophe before it.

    Spaces in front are looked through, since some programs drop them when they read a CSV.
    """
    text = readable(value)
    start = text.lstrip(" \n\u00a0\u202f")
    return f"'{text}" if start.startswith(FORMULA_STARTS) else text
