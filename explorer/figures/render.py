"""A drawing as PNG, SVG or PDF: Matplotlib through its objects, never its global state of figures.

What is drawn in one format is drawn in all: every item is placed by the sheet. Two runs give the
same bytes: no dates, no random ids. Matplotlib's settings are global, so one drawing at a time.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

from explorer.figures.drawing import (
    Area,
    Box,
    Drawing,
    Item,
    Line,
    Picture,
    Rect,
    Symbol,
    Words,
)
from explorer.figures.lettering import FAMILY, font_file
from explorer.figures.pdf import with_language
from explorer.palette import SYMBOLS

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline
    from matplotlib.transforms import Transform

FORMATS = ("png", "svg", "pdf")
CREATOR = "Maillage"
Step = Callable[[int, int], None]
_DRAWING = Lock()
_INCH = 25.4
_INCH_POINTS = 72
_HATCHES = {"lines": "////", "cross": "xxx", "dots": "..."}
_HATCH_INKS = {"dots": "#FFFFFF"}
_HATCH_INK = "#6B6960"
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "maillage",
    "svg.image_inline": True,
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "pdf.use14corefonts": False,
    "text.usetex": False,
    "text.parse_math": False,
    "text.hinting": "no_hinting",
    "text.antialiased": True,
    "path.simplify": False,
    "path.snap": False,
    "path.sketch": None,
    "path.effects": [],
    "hatch.linewidth": 0.5,
    "font.family": FAMILY,
}


def render(drawing: Drawing, form: str, dpi: int) -> bytes:
    """Return `drawing` as a file of the format `form`.

    Parameters
    ----------
    drawing : Drawing
        What stands where.
    form : {'png', 'svg', 'pdf'}
        Format. In SVG and PDF text is text, and the fonts are in the file.
    dpi : int
        Points an inch of a PNG, and of images in the others.
    """
    import matplotlib as mpl

    with _DRAWING, mpl.rc_context(_SETTINGS):
        figure = _figure(drawing, dpi)
        out = io.BytesIO()
        figure.savefig(
            out,
            format=form,
            dpi=dpi if form == "png" else _INCH_POINTS,
            facecolor=drawing.background,
            edgecolor="none",
            metadata=_metadata(drawing, form),
        )
    data = out.getvalue()
    if form == "svg":
        from explorer.figures.svg import finished

        return finished(data, drawing)
    return with_language(data, drawing.language) if form == "pdf" else data


def render_book(drawings: Sequence[Drawing], step: Step | None = None) -> bytes:
    """Return `drawings` as one PDF, a page each; text is text, and the fonts are in the file.

    `step` hears how many pages of how many are made; it may raise to stop.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_pdf import PdfPages

    out = io.BytesIO()
    with (
        _DRAWING,
        mpl.rc_context(_SETTINGS),
        PdfPages(out, metadata=_metadata(drawings[0], "pdf")) as book,
    ):
        for number, drawing in enumerate(drawings, 1):
            figure = _figure(drawing, _INCH_POINTS)
            book.savefig(figure, facecolor=drawing.background, edgecolor="none")
            if step:
                step(number, len(drawings))
    return with_language(out.getvalue(), drawings[0].language)


def _metadata(drawing: Drawing, form: str) -> dict[str, Any]:
    """Return what the file says of itself: its title and its text alternative, no date."""
    if form == "png":
        said = {"Title": drawing.title, "Description": drawing.description}
        return {**said, "Software": CREATOR}
    if form == "pdf":
        said = {"Title": drawing.title, "Subject": drawing.description}
        return {**said, "Creator": CREATOR, "Producer": CREATOR, "CreationDate": None}
    return dict.fromkeys(("Date", "Creator", "Format", "Type"))


def _figure(drawing: Drawing, dpi: int) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as NewFigure
    from matplotlib.transforms import Affine2D

    figure = NewFigure(figsize=(drawing.width / _INCH, drawing.height / _INCH), dpi=dpi)
    FigureCanvasAgg(figure)
    upright = Affine2D().scale(1 / _INCH, -1 / _INCH).translate(0, drawing.height / _INCH)
    to_sheet = upright + figure.dpi_scale_trans
    at = 0
    for item in drawing.items():
        for artist in _artists(item, to_sheet):
            artist.set_zorder(at)
            figure.add_artist(artist)
            at += 1
    return figure


def _artists(item: Item, to_sheet: Transform) -> list[Artist]:
    if isinstance(item, Picture):
        return [_picture(item, to_sheet)]
    makers: dict[type[Any], Any] = {
        Rect: _rect,
        Area: _area,
        Line: _line,
        Symbol: _symbol,
        Words: _words,
    }
    made: list[Artist] = makers[type(item)](item)
    for artist in made:
        artist.set_transform(to_sheet)
    return made


def _rect(item: Rect) -> list[Artist]:
    outline = _rounded(item.box, item.radius)
    return [_patch(outline, item.fill, item.stroke, item.width, item.hatch, item.opacity)]


def _area(item: Area) -> list[Artist]:
    import numpy as np
    from matplotlib.path import Path as NewPath

    parts = []
    for ring in item.rings:
        places = np.array(ring, dtype=float).reshape(-1, 2)
        codes = np.full(len(places), NewPath.LINETO, dtype=np.uint8)
        codes[0], codes[-1] = NewPath.MOVETO, NewPath.CLOSEPOLY
        parts.append(NewPath(places, codes))
    outline = NewPath.make_compound_path(*parts)
    return [_patch(outline, item.fill, item.stroke, item.width, item.hatch, 1.0)]


def _patch(
    outline: Outline,
    fill: str | None,
    stroke: str | None,
    width: float,
    hatch: str,
    opacity: float,
) -> PathPatch:
    from matplotlib.patches import PathPatch

    patch = PathPatch(
        outline,
        facecolor=fill or "none",
        edgecolor=stroke or "none",
        linewidth=width if stroke else 0,
        alpha=opacity if opacity < 1 else None,
        joinstyle="round",
    )
    if hatch:
        patch.set_hatch(_HATCHES[hatch])
        patch.set_hatchcolor(_HATCH_INKS.get(hatch, _HATCH_INK))
    return patch


def _rounded(box: Box, radius: float) -> Outline:
    from matplotlib.path import Path as NewPath

    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    if not radius:
        corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        return NewPath(corners, closed=True)
    r = min(radius, box.width / 2, box.height / 2)
    places = [
        *((left + r, top), (right - r, top), (right, top), (right, top + r)),
        *((right, bottom - r), (right, bottom), (right - r, bottom)),
        *((left + r, bottom), (left, bottom), (left, bottom - r)),
        *((left, top + r), (left, top), (left + r, top), (left + r, top)),
    ]
    curve = [NewPath.LINETO, NewPath.CURVE3, NewPath.CURVE3]
    return NewPath(places, [NewPath.MOVETO, *curve * 4, NewPath.CLOSEPOLY])


def _line(item: Line) -> list[Artist]:
    from matplotlib.lines import Line2D

    xs, ys = zip(*item.points, strict=True)
    line = Line2D(
        xs,
        ys,
        color=item.colour,
        linewidth=item.width,
        alpha=item.opacity if item.opacity < 1 else None,
        solid_capstyle="round",
        dash_capstyle="round",
        solid_joinstyle="round",
    )
    if item.dash:
        line.set_linestyle((0, tuple(each / item.width for each in item.dash)))
    return [line]


def _symbol(item: Symbol) -> list[Artist]:
    made: list[Artist] = []
    if item.rim:
        outline = _outline(item.symbol, item.x, item.y, item.radius)
        made.append(_patch(outline, item.rim, item.rim, item.width + 1.2, "", 1.0))
    outline = _outline(item.symbol, item.x, item.y, item.radius)
    edge = _patch(outline, item.fill, item.stroke, item.width, "", 1.0)
    if item.dash:
        edge.set_linestyle((0, tuple(each / item.width for each in item.dash)))
    made.append(edge)
    if item.core:
        core = _outline("dot", item.x, item.y, item.radius * 0.34)
        made.append(_patch(core, item.core, None, 0, "", 1.0))
    return made


def _outline(symbol: str, x: float, y: float, radius: float) -> Outline:
    from matplotlib.path import Path as NewPath
    from matplotlib.transforms import Affine2D

    points = SYMBOLS.get(symbol, ())
    if not points:
        return NewPath.circle((x, y), radius)
    return (
        Affine2D()
        .scale(radius, -radius)
        .translate(x, y)
        .transform_path(NewPath([*points, points[0]], closed=True))
    )


def _words(item: Words) -> list[Artist]:
    from matplotlib.font_manager import FontProperties
    from matplotlib.text import Text

    font = FontProperties(
        family=FAMILY,
        weight=700 if item.bold else 400,
        size=item.size,
        fname=str(font_file(item.bold)),
    )
    return [
        Text(
            item.x,
            item.y,
            item.text,
            fontproperties=font,
            color=item.colour,
            horizontalalignment=item.align,
            verticalalignment="baseline",
            rotation=item.turn,
            rotation_mode="anchor",
            parse_math=False,
        )
    ]


def _picture(item: Picture, to_sheet: Transform) -> Artist:
    import numpy as np
    from matplotlib.image import BboxImage
    from matplotlib.transforms import Bbox, TransformedBbox
    from PIL import Image

    box = item.box
    corners = Bbox([(box.left, box.bottom), (box.right, box.top)])
    image = BboxImage(
        TransformedBbox(corners, to_sheet), interpolation="antialiased", origin="lower"
    )
    with Image.open(io.BytesIO(item.data)) as opened:
        image.set_data(np.asarray(opened.convert("RGBA")))
    return image
