"""What a person may ask of a file beside the selection."""

from __future__ import annotations

from typing import Literal

import msgspec

from explorer.figures.spec import FigureSpec

TABLES = (
    "structures",
    "ties",
    "agreements",
    "parties",
    "memberships",
    "territories",
    "sources",
)
"""Tables of an export, in the order of the sheets."""

COVERAGE = "coverage"
"""One table more, where a level of territories was asked for."""

SEPARATORS = (";", ",")


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What a person may ask of a file beside the selection.

    `persons` keeps the columns that may name or reach a person, which are out by default;
    `coverage` is the level of territories whose coverage is a table more. `separator` and `table`
    concern CSV alone; `figure` is how a figure looks, `of` and `level` what it is about.
    """

    persons: bool = False
    coverage: str | None = None
    separator: Literal[";", ","] = ";"
    table: str = "structures"
    figure: FigureSpec = FigureSpec()
    of: str | None = None
    level: str | None = None
