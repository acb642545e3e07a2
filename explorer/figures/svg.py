"""The end of an SVG: the letters used, in the file, and its text alternative."""

from __future__ import annotations

import base64
import io
import re
from collections import defaultdict
from html import escape
from typing import Any

from explorer.figures.drawing import Drawing, Words
from explorer.figures.lettering import FAMILY, LOST, font_file

_ROOT = re.compile(rb"<svg\b[^>]*>")


def finished(data: bytes, drawing: Drawing) -> bytes:
    """Return the SVG with its fonts (only the letters used), title and description."""
    letters: dict[bool, set[str]] = defaultdict(set)
    for item in drawing.items():
        if isinstance(item, Words):
            letters[item.bold] |= set(item.text)
    faces = "".join(_face(bold, used) for bold, used in sorted(letters.items()))
    said = (
        f'<title id="title">{escape(drawing.title)}</title>'
        f'<desc id="desc">{escape(drawing.description)}</desc>'
        f'<style type="text/css">{faces}</style>'
    )
    root = _ROOT.search(data)
    assert root is not None  # noqa: S101 - Matplotlib writes one
    opening = root.group()[:-1] + (
        f' role="img" xml:lang="{drawing.language}" aria-labelledby="title desc">'
    ).encode("ascii")
    return data[: root.start()] + opening + said.encode("utf-8") + data[root.end() :]


def _face(bold: bool, used: set[str]) -> str:  # noqa: FBT001 - a weight has two values here
    font = base64.b64encode(subset(bold, used)).decode("ascii")
    weight = 700 if bold else 400
    return (
        f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};"
        f"src:url(data:font/woff;base64,{font}) format('woff')}}"
    )


def subset(bold: bool, used: set[str]) -> bytes:  # noqa: FBT001 - a weight has two values here
    """Return the font with the letters `used` only, as WOFF, the same bytes each time."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options: Any = Options()
    options.flavor = "woff"
    options.layout_features = ["kern", "liga", "mark", "mkmk", "ccmp", "locl"]
    options.name_IDs = [0, 1, 2, 13, 14]
    options.notdef_outline = True
    options.hinting = False
    options.drop_tables += ["FFTM"]
    with TTFont(font_file(bold), recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=sorted({ord(sign) for sign in used | {LOST}}))
        subsetter.subset(font)
        font.flavor = "woff"
        out = io.BytesIO()
        font.save(out, reorderTables=False)
    return out.getvalue()
