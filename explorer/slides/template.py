"""The layout of the slides: our own, or one of a template that a person gives."""

from __future__ import annotations

import io
from typing import Any
from zipfile import BadZipFile

from explorer.exports.upload import Given, content_of, name_of
from explorer.slides.units import EMU
from graph.errors import InputError, cause_of

Presentation = Any
Layout = Any
Placeholder = Any
Element = Any
"""Objects of python-pptx, whose own types are wrong in places."""

LAYOUT = "Maillage"
"""Name of our layout, and of the one preferred in a template."""
LEGEND, SOURCES = 13, 14
"""Numbers of our placeholders."""
MOST_BYTES = 60_000_000
_TITLES = {"TITLE", "CENTER_TITLE"}
_TEXTS = {"BODY", "OBJECT"}


def our_own(width: float, height: float) -> Presentation:
    """Return an empty presentation of this size (mm), with one layout: title, legend, sources."""
    import pptx

    made: Presentation = pptx.Presentation()
    sides = made.slide_width, made.slide_height
    made.slide_width, made.slide_height = round(width * EMU), round(height * EMU)
    layout = next(item for item in made.slide_layouts if _kind(item) == "titleOnly")
    for other in list(made.slide_layouts):
        if other is not layout:
            made.slide_layouts.remove(other)
    layout.name = LAYOUT
    for part in (*made.slide_master.placeholders, *layout.placeholders):
        _rescale(part, made.slide_width / sides[0], made.slide_height / sides[1])
    for part in list(layout.placeholders):
        if part.placeholder_format.type.name not in _TITLES:
            part.element.getparent().remove(part.element)
    for number, name in ((LEGEND, "Légende"), (SOURCES, "Sources")):
        layout.shapes.element.append(_placeholder(number, name))
    _forget_thumbnail(made)
    return made


def given(file: Given) -> Presentation:
    """Return a person's template, without its slides.

    Raises
    ------
    InputError
        It cannot be read, is no presentation, or no layout has a title and two texts.
    """
    import pptx
    from pptx.exc import PackageNotFoundError

    said = name_of(file)
    try:
        data = content_of(file, MOST_BYTES)
        if data is None:
            raise InputError("slides.template_large", file=said, most=MOST_BYTES // 1_000_000)
        made = pptx.Presentation(io.BytesIO(data))
        layout_of(made, said)
    except OSError as error:
        raise InputError("slides.template_missing", file=said, why=cause_of(error)) from None
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, SyntaxError):
        raise InputError("slides.template_unreadable", file=said) from None
    _without_slides(made)
    _forget_thumbnail(made)
    return made


def layout_of(made: Presentation, file: str = "") -> Layout:
    """Return the layout to draw on: named as ours, else the first with a title and two texts.

    Raises
    ------
    InputError
        There is none; the message lists the layouts.
    """
    fitting = [item for item in made.slide_layouts if len(text_numbers(item)) > 1 and _titled(item)]
    if not fitting:
        names = ", ".join(item.name for item in made.slide_layouts) or "–"
        raise InputError("slides.template_layout", file=file, layouts=names)
    return next((item for item in fitting if item.name == LAYOUT), fitting[0])


def text_numbers(layout: Layout) -> list[int]:
    """Return the numbers of the placeholders that hold text, from top to bottom of the layout."""
    return [
        part.placeholder_format.idx
        for part in layout.placeholders
        if part.placeholder_format.type.name in _TEXTS
    ]


def _titled(layout: Layout) -> bool:
    return any(part.placeholder_format.type.name in _TITLES for part in layout.placeholders)


def _kind(layout: Layout) -> str | None:
    found: str | None = layout.element.get("type")
    return found


def _rescale(part: Placeholder, across: float, down: float) -> None:
    if part.element.spPr.find("{*}xfrm") is None:
        return
    part.left, part.width = round(part.left * across), round(part.width * across)
    part.top, part.height = round(part.top * down), round(part.height * down)


def _placeholder(number: int, name: str) -> Element:
    from pptx.oxml import parse_xml

    from explorer.slides.markup import NAMESPACES

    return parse_xml(
        f'<p:sp {NAMESPACES}><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/>'
        '<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f'<p:nvPr><p:ph type="body" sz="quarter" idx="{number}"/></p:nvPr></p:nvSpPr>'
        '<p:spPr><a:xfrm><a:off x="360000" y="360000"/><a:ext cx="3600000" cy="720000"/></a:xfrm>'
        '</p:spPr><p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0"><a:normAutofit/>'
        "</a:bodyPr>"
        '<a:lstStyle><a:lvl1pPr marL="0" indent="0"><a:spcBef><a:spcPts val="0"/></a:spcBef>'
        f'<a:buNone/><a:defRPr sz="900"/></a:lvl1pPr></a:lstStyle><a:p><a:r><a:rPr lang="fr"/>'
        f"<a:t>{name}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def _without_slides(made: Presentation) -> None:
    """Take away the slides of a template: only its look is wanted."""
    listed = made.slides.element
    for item in list(listed):
        made.part.drop_rel(item.rId)
        listed.remove(item)


def _forget_thumbnail(made: Presentation) -> None:
    """Drop the small picture of another presentation."""
    package = made.part.package
    for rel in list(package.iter_rels()):
        if rel.reltype.endswith("/thumbnail"):
            package.drop_rel(rel.rId)
