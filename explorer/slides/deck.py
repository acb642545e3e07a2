"""Drawings as a PowerPoint file whose every part a person can move, recolour and retype."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from explorer.exports.upload import Given
from explorer.figures.drawing import Box, Drawing, Picture, Words
from explorer.slides import markup
from explorer.slides.drawn import Pen, words_of
from explorer.slides.listed import Paragraph, Text, box_around, legend_columns, plain_text
from explorer.slides.template import (
    Element,
    Layout,
    Placeholder,
    Presentation,
    given,
    layout_of,
    our_own,
    text_numbers,
)
from explorer.slides.units import EMU, Fit, fit
from graph.messages import text

Slide = Any
"""An object of python-pptx."""

AUTHOR = "Maillage"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of each file in the archive, the earliest that an archive can say."""
_MARGIN, _APART = 6.0, 1.0
"""Millimetres that no text takes: at the side of the slide, before what stands beside."""
_PARAGRAPH_GAP = 0.25
"""Space before an entry of a list, in sizes of its letters."""

Step = Callable[[int, int], None]


def deck(
    drawings: Sequence[Drawing], on: date, template: Given | None = None, step: Step | None = None
) -> bytes:
    """Return one slide a drawing, as a file that is the same each time.

    Parameters
    ----------
    drawings : sequence of Drawing
        At least one; slides have the size of the first where no template is given.
    on : date
        Date of what is shown; also that of the file.
    template : str or Upload, optional
        A ``.pptx`` whose look is taken: its path, or the file itself. Its layout needs
        a title and two texts.
    step : callable, optional
        Hears how many slides of how many are made; may raise to stop.

    Raises
    ------
    InputError
        The template cannot be used.
    """
    first = drawings[0]
    made = given(template) if template else our_own(first.width, first.height)
    layout = layout_of(made)
    for number, drawing in enumerate(drawings, 1):
        _slide(made, layout, drawing, own=template is None)
        if step:
            step(number, len(drawings))
    _properties(made, first, on)
    out = io.BytesIO()
    made.save(out)
    return _same_each_time(out.getvalue())


def _slide(made: Presentation, layout: Layout, drawing: Drawing, *, own: bool) -> None:
    sides = (made.slide_width or 0) / EMU, (made.slide_height or 0) / EMU
    fitted = fit((drawing.width, drawing.height), sides)
    slide = made.slides.add_slide(layout)
    _texts(slide, layout, drawing, fitted, own=own)
    pen = Pen(fitted, drawing.language, lambda name: _say(name, drawing.language))
    _append(slide, pen.shapes(drawing))
    for at, column in enumerate(_legend(drawing)[1:], 2):
        part = slide.shapes.add_textbox(0, 0, 0, 0)
        part.element.nvSpPr.cNvPr.set("id", str(pen.number()))
        part.name = f"{_say('legend', drawing.language)} {at}"
        _write(part, column, fitted, drawing, own=own)
    for item in drawing.items():
        if isinstance(item, Picture):
            _picture(slide, item, fitted, pen.number())
    slide.notes_slide.notes_text_frame.text = "\n".join(drawing.reading)


def _say(name: str, language: str) -> str:
    return text(f"slides.part.{name}", language)


def _texts(slide: Slide, layout: Layout, drawing: Drawing, fitted: Fit, *, own: bool) -> None:
    """Fill title, legend and sources; a placeholder that has nothing to say is taken away."""
    titles = [item for item in words_of(drawing.groups, "title") if item.name == "title"]
    numbers = text_numbers(layout)
    held = {part.placeholder_format.idx: part for part in slide.placeholders}
    title = slide.shapes.title
    wide = _whole(titles)
    _write(title, wide, fitted, drawing, own=own)
    _write(held.pop(numbers[0]), next(iter(_legend(drawing)), None), fitted, drawing, own=own)
    sources = plain_text(words_of(drawing.groups, "sources"))
    _write(held.pop(numbers[1]), sources, fitted, drawing, own=own)
    for number, part in held.items():
        if number != title.placeholder_format.idx:
            part.element.getparent().remove(part.element)


def _legend(drawing: Drawing) -> list[Text]:
    """Return the columns of the legend: the first one goes into the placeholder."""
    items = [item for group in drawing.groups if group.name == "legend" for item in group.items]
    return legend_columns(items)


def _whole(titles: Sequence[Words]) -> Text | None:
    """Return a title as one paragraph, which wraps in its own box."""
    found = plain_text(titles)
    if found is None:
        return None
    words = " ".join(item.text for item in found.paragraphs)
    return found._replace(paragraphs=(found.paragraphs[0]._replace(text=words),))


def _write(
    part: Placeholder,
    said: Text | None,
    fitted: Fit,
    drawing: Drawing,
    *,
    own: bool,
) -> None:
    if part is None:
        return
    if said is None:
        part.element.getparent().remove(part.element)
        return
    room = _room(said.box, drawing)
    frame = fitted.frame(room)
    part.left, part.top, part.width, part.height = frame
    body = part.element.get_or_add_txBody()
    body.getparent().replace(body, _parsed(_body(said, fitted, drawing.language, own=own)))


def _room(box: Box, drawing: Drawing) -> Box:
    """Return a little more than a text took, as far as nothing stands there.

    Another font may be wider.
    """
    beside = [
        other.left
        for item in drawing.items()
        if (other := box_around(item)) is not None
        and other.left >= box.right
        and other.top < box.bottom
        and box.top < other.bottom
    ]
    limit = min([drawing.width - _MARGIN, *(left - _APART for left in beside)])
    right = max(box.right, min(limit, box.right + 0.12 * box.width + 2))
    return Box(box.left, box.top, right - box.left, box.height * 1.04 + 1)


def _body(said: Text, fitted: Fit, language: str, *, own: bool) -> str:
    paragraphs = "".join(
        _paragraph(entry, fitted.scale, language, own=own) for entry in said.paragraphs
    )
    return (
        f'<p:txBody {markup.NAMESPACES}><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="t">'
        f"<a:normAutofit/></a:bodyPr><a:lstStyle/>{paragraphs}</p:txBody>"
    )


def _paragraph(entry: Paragraph, scale: float, language: str, *, own: bool) -> str:
    size = entry.size * scale
    sign = (
        markup.run(f"{entry.sign.letters}  ", size, entry.sign.colour, language)
        if entry.sign
        else ""
    )
    words = markup.run(entry.text, size, entry.colour if own else None, language, bold=entry.bold)
    before = round(size * _PARAGRAPH_GAP * (3 if entry.bold else 1) * 100)
    return (
        f'<a:p><a:pPr marL="0" indent="0" algn="l"><a:spcBef><a:spcPts val="{before}"/></a:spcBef>'
        f"<a:buNone/></a:pPr>{sign}{words}</a:p>"
    )


def _append(slide: Slide, shapes: Sequence[str]) -> None:
    tree = slide.shapes.element
    inside = _parsed(f"<p:spTree {markup.NAMESPACES}>{''.join(shapes)}</p:spTree>")
    # The drawing stands below title and legend, so that these can be taken with the mouse.
    for at, element in enumerate(list(inside)):
        tree.insert(2 + at, element)


def _parsed(xml: str) -> Element:
    from pptx.oxml import parse_xml

    return parse_xml(xml)


def _picture(slide: Slide, item: Picture, fitted: Fit, number: int) -> None:
    frame = fitted.frame(item.box)
    shape = slide.shapes.add_picture(io.BytesIO(item.data), *frame)
    tag = shape.element.nvPicPr.cNvPr
    tag.set("id", str(number))
    tag.set("name", item.name)
    tag.set("descr", item.alt)


def _properties(made: Presentation, first: Drawing, on: date) -> None:
    said = made.core_properties
    day = datetime(on.year, on.month, on.day)  # noqa: DTZ001 - a day, in no zone
    said.title, said.author, said.last_modified_by = first.title[:255], AUTHOR, AUTHOR
    said.subject, said.comments, said.keywords = first.description[:255], "", ""
    said.created, said.modified, said.last_printed = day, day, day
    said.revision, said.language = 1, first.language


def _same_each_time(data: bytes) -> bytes:
    """Return the archive with the dates of its files set: they are those of the run."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return out.getvalue()
