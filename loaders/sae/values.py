"""Numbers of SAE cells: a count is read only where it can mean one thing."""

from __future__ import annotations

import re
from functools import lru_cache

_COUNT = re.compile(
    r"(?P<whole>\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:[.,]0{1,2})?"
    r"(?:[ \u00a0\u202f]*(?P<unit>lits?|places?))?",
    re.IGNORECASE,
)
NOTHING = frozenset({"", ".", "NA", "ND"})
"""Cells that say nothing."""


class NotACountError(ValueError):
    """A cell that is no count of its unit."""


@lru_cache(maxsize=16384)
def count_of(cell: str, unit: str | None) -> int | None:
    """Return the count that `cell` states, None if it says nothing.

    ``12``, ``12,0``, ``1 962`` and, in a column of beds, ``12 lits`` are counts; ``1.962``,
    ``12 places`` in that column, ``-3`` or ``environ 10`` are not. Without `unit`, any will do.

    Raises
    ------
    NotACountError
        The cell is filled, and no count.
    """
    text = cell.strip()
    if text.upper() in NOTHING:
        return None
    found = _COUNT.fullmatch(text)
    if found is None or not _same_unit(found["unit"], unit):
        raise NotACountError(cell)
    return int(re.sub(r"\D", "", found["whole"]))


def _same_unit(written: str | None, unit: str | None) -> bool:
    return written is None or unit is None or f"{written.lower().rstrip('s')}s" == unit
