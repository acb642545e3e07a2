"""The XML of shapes (ECMA-376 PresentationML), as text: thousands of them in a moment.

Values from files enter through :func:`escaped` only.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from explorer.figures.drawing import Hatch, Place
from explorer.slides.units import Fit, Frame

NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_HATCHES: dict[Hatch, str] = {"lines": "ltUpDiag", "cross": "openDmnd", "dots": "pct10"}
_HATCH_INK = "6B6960"
_PERCENT = 100_000
_EMU_POINT = 12_700


def escaped(words: str) -> str:
    """Return text for an element."""
    return escape(words)


def colour(value: str, opacity: float = 1.0) -> str:
    """Return a colour ``#RRGGBB``."""
    alpha = f'<a:alpha val="{round(opacity * _PERCENT)}"/>' if opacity < 1 else ""
    return f'<a:srgbClr val="{value.lstrip("#").upper()}">{alpha}</a:srgbClr>'


def fill(value: str | None, hatch: Hatch = "", opacity: float = 1.0) -> str:
    """Return how a shape is filled: not at all, plainly, or with a pattern."""
    if hatch:
        ground = colour(value or "#FFFFFF")
        ink = colour("#FFFFFF" if hatch == "dots" else _HATCH_INK)
        return (
            f'<a:pattFill prst="{_HATCHES[hatch]}"><a:fgClr>{ink}</a:fgClr>'
            f"<a:bgClr>{ground}</a:bgClr></a:pattFill>"
        )
    if value is None:
        return "<a:noFill/>"
    return f"<a:solidFill>{colour(value, opacity)}</a:solidFill>"


def stroke(
    value: str | None, points: float, dash: Sequence[float] = (), opacity: float = 1.0
) -> str:
    """Return an outline; `points` is its width."""
    if value is None:
        return "<a:ln><a:noFill/></a:ln>"
    kind = f'<a:prstDash val="{_dash(dash, points)}"/>' if dash else ""
    return (
        f'<a:ln w="{round(points * _EMU_POINT)}">'
        f"<a:solidFill>{colour(value, opacity)}</a:solidFill>{kind}<a:round/></a:ln>"
    )


def _dash(dash: Sequence[float], points: float) -> str:
    """Return the preset nearest to a pattern: dots where the ink is about as long as it is wide."""
    return "sysDot" if dash[0] <= 2 * points else "dash"


def place(frame: Frame, *, flip: tuple[bool, bool] = (False, False), turn: float = 0.0) -> str:
    """Return where a shape is; `turn` is in degrees, against the clock."""
    flips = "".join(f' flip{axis}="1"' for axis, on in zip("HV", flip, strict=True) if on)
    turned = f' rot="{round(-turn * 60_000) % 21_600_000}"' if turn else ""
    return (
        f'<a:xfrm{turned}{flips}><a:off x="{frame.x}" y="{frame.y}"/>'
        f'<a:ext cx="{max(frame.width, 0)}" cy="{max(frame.height, 0)}"/></a:xfrm>'
    )


def preset(name: str, adjust: str = "") -> str:
    """Return a shape of PowerPoint's own."""
    return f'<a:prstGeom prst="{name}"><a:avLst>{adjust}</a:avLst></a:prstGeom>'


def freeform(paths: Sequence[Sequence[Place]], fit: Fit, *, closed: bool) -> tuple[str, Frame]:
    """Return a shape of its own outline, and its frame; rings fill by the even-odd rule."""
    moved = [[(fit.x(x), fit.y(y)) for x, y in path] for path in paths]
    left = min(x for path in moved for x, _ in path)
    top = min(y for path in moved for _, y in path)
    width = max(x for path in moved for x, _ in path) - left
    height = max(y for path in moved for _, y in path) - top
    steps = "".join(_steps(path, left, top, closed=closed) for path in moved)
    ink = "" if closed else ' fill="none"'
    geometry = (
        "<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        '<a:rect l="0" t="0" r="r" b="b"/><a:pathLst>'
        f'<a:path w="{width}" h="{height}"{ink}>{steps}</a:path></a:pathLst></a:custGeom>'
    )
    return geometry, Frame(left, top, width, height)


def _steps(path: Sequence[tuple[int, int]], left: int, top: int, *, closed: bool) -> str:
    (x, y), rest = path[0], path[1:]
    if closed and rest and rest[-1] == path[0]:
        rest = rest[:-1]
    lines = "".join(f'<a:lnTo><a:pt x="{x - left}" y="{y - top}"/></a:lnTo>' for x, y in rest)
    start = f'<a:moveTo><a:pt x="{x - left}" y="{y - top}"/></a:moveTo>'
    return f"{start}{lines}{'<a:close/>' if closed else ''}"


def named(number: int, name: str, alt: str = "") -> str:
    """Return the number and name of a shape, and its text alternative."""
    said = f" descr={quoteattr(alt)}" if alt else ""
    return f'<p:cNvPr id="{number}" name={quoteattr(name)}{said}/>'


def shape(number: int, name: str, body: str, *, alt: str = "", text: str = "") -> str:
    """Return a shape; `body` is its place, geometry, fill and outline."""
    box = ' txBox="1"' if text else ""
    return (
        f"<p:sp><p:nvSpPr>{named(number, name, alt)}<p:cNvSpPr{box}/><p:nvPr/></p:nvSpPr>"
        f"<p:spPr>{body}</p:spPr>{text}</p:sp>"
    )


def connector(number: int, name: str, body: str, ends: tuple[tuple[int, int], ...]) -> str:
    """Return a connector glued to two shapes: the number of each and its connection site."""
    (first, at), (last, to) = ends
    return (
        f"<p:cxnSp><p:nvCxnSpPr>{named(number, name)}<p:cNvCxnSpPr>"
        f'<a:stCxn id="{first}" idx="{at}"/><a:endCxn id="{last}" idx="{to}"/>'
        f"</p:cNvCxnSpPr><p:nvPr/></p:nvCxnSpPr><p:spPr>{body}</p:spPr></p:cxnSp>"
    )


def group(number: int, name: str, frame: Frame, inside: str, alt: str = "") -> str:
    """Return shapes kept together; their places stay those of the slide."""
    at = f'x="{frame.x}" y="{frame.y}"'
    size = f'cx="{frame.width}" cy="{frame.height}"'
    return (
        f"<p:grpSp><p:nvGrpSpPr>{named(number, name, alt)}<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>"
        f"<p:grpSpPr><a:xfrm><a:off {at}/><a:ext {size}/><a:chOff {at}/><a:chExt {size}/></a:xfrm>"
        f"</p:grpSpPr>{inside}</p:grpSp>"
    )


def run(words: str, points: float, ink: str | None, language: str, *, bold: bool = False) -> str:
    """Return a run of text in the template's font; without `ink`, in its colour too."""
    tone = fill(ink) if ink else ""
    weight = ' b="1"' if bold else ' b="0"'
    return (
        f'<a:r><a:rPr lang="{language}" sz="{round(points * 100)}"{weight} dirty="0">{tone}</a:rPr>'
        f"<a:t>{escaped(words)}</a:t></a:r>"
    )


def lines_of_text(lines: Sequence[str], align: str = "l") -> str:
    """Return a text box's content: runs line by line, no margins, never wrapped."""
    paragraphs = "".join(f'<a:p><a:pPr algn="{align}"/>{runs}</a:p>' for runs in lines)
    return (
        '<p:txBody><a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t">'
        f"<a:noAutofit/></a:bodyPr><a:lstStyle/>{paragraphs}</p:txBody>"
    )
