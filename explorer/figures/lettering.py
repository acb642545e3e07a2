"""How wide a text is, from the font's own tables, so that no renderer need be asked.

The font is DejaVu Sans, which comes with Matplotlib: it knows Latin, Greek, Cyrillic, Arabic and
the signs used here, and may be embedded.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from explorer.figures.drawing import POINT

FAMILY = "DejaVu Sans"
LEADING = 1.25
"""Height of a line of text, in sizes of its letters."""
_SMALLER, _FILLED = 0.9, 0.94
"""Letters of a label on two lines, and how much of a row they may take."""
ASCENT, DESCENT = 0.95, 0.25
"""How far accents rise over the baseline and tails hang below it, in sizes."""

ELLIPSIS = "…"
LOST = "\N{REPLACEMENT CHARACTER}"


class Face(NamedTuple):
    """Advance of each character in sizes of the letters."""

    advances: dict[int, float]


def font_file(bold: bool) -> Path:  # noqa: FBT001 - a weight has two values here
    """Return the file of the font."""
    import matplotlib as mpl

    return Path(mpl.get_data_path(), "fonts", "ttf", f"DejaVuSans{'-Bold' if bold else ''}.ttf")


@cache
def _face(bold: bool) -> Face:  # noqa: FBT001 - a weight has two values here
    from fontTools.ttLib import TTFont

    with TTFont(font_file(bold), lazy=True) as font:
        unit = font["head"].unitsPerEm
        widths = font["hmtx"].metrics
        return Face({code: widths[name][0] / unit for code, name in font.getBestCmap().items()})


def clean(value: str) -> str:
    """Return `value` on one line, without control or direction signs, in letters of the font."""
    known = _face(False).advances  # noqa: FBT003
    kept = []
    for sign in unicodedata.normalize("NFC", value):
        category = unicodedata.category(sign)
        if sign in "\t\n\r\v\f" or category in {"Zl", "Zp"}:
            kept.append(" ")
        elif category[0] != "C":
            kept.append(sign if ord(sign) in known else LOST)
    return " ".join(part for part in "".join(kept).split(" ") if part)


def width_of(value: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text in millimetres, `size` in points."""
    advances = _face(bold).advances
    lost = advances[ord(LOST)]
    return sum(advances.get(ord(sign), lost) for sign in value) * size * POINT


def height_of(lines: int, size: float) -> float:
    """Return the height of a block of lines in millimetres."""
    return ((lines - 1) * LEADING + ASCENT + DESCENT) * size * POINT


def baseline(top: float, size: float, line: int = 0) -> float:
    """Return the baseline of a line of a block that begins at `top`."""
    return top + (ASCENT + line * LEADING) * size * POINT


def cut(value: str, size: float, width: float, *, bold: bool = False) -> str:
    """Return `value`, cut with an ellipsis where it is wider than `width`."""
    if width_of(value, size, bold=bold) <= width:
        return value
    kept = value
    while kept and width_of(kept.rstrip() + ELLIPSIS, size, bold=bold) > width:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def wrap(
    value: str, size: float, width: float, *, most: int = 99, bold: bool = False
) -> tuple[str, ...]:
    """Return `value` in at most `most` lines no wider than `width`; what is over is cut.

    Lines break at spaces, never at no-break spaces; a word wider than the line is cut.
    """
    lines: list[str] = []
    words = value.split(" ")
    while words and len(lines) < most:
        line = words.pop(0)
        while words and width_of(f"{line} {words[0]}", size, bold=bold) <= width:
            line = f"{line} {words.pop(0)}"
        if words and len(lines) == most - 1:
            line = f"{line} {' '.join(words)}"
            words = []
        lines.append(cut(line, size, width, bold=bold))
    return tuple(lines)


def in_row(value: str, size: float, width: float, row: float) -> list[tuple[str, float, float]]:
    """Return a label as lines, each with its baseline from the middle of a row and its size.

    Parameters
    ----------
    value : str
        The label.
    size : float
        Letters, in points.
    width, row : float
        Room in millimetres: two lines, a little smaller, where one is too short and the row is
        high enough; else one.
    """
    smaller = size * _SMALLER
    two = width_of(value, size) > width and height_of(2, smaller) <= row * _FILLED
    size = smaller if two else size
    lines = wrap(value, size, width, most=2 if two else 1)
    top = -height_of(len(lines), size) / 2
    return [(line, baseline(top, size, at), size) for at, line in enumerate(lines)]


def balanced(value: str, size: float, lines: int, *, bold: bool = False) -> tuple[str, ...] | None:
    """Return `value` in exactly `lines` lines of like width, None where it has too few words."""
    words = value.split(" ")
    if len(words) < lines:
        return None
    whole = width_of(value, size, bold=bold)
    width = whole / lines
    while width <= whole:
        found = wrap(value, size, width, bold=bold)
        if len(found) <= lines and not any(line.endswith(ELLIPSIS) for line in found):
            return found if len(found) == lines else None
        width *= 1.05
    return None


def widest(lines: Sequence[str], size: float, *, bold: bool = False) -> float:
    """Return the width of the widest of `lines`."""
    return max((width_of(line, size, bold=bold) for line in lines), default=0.0)
