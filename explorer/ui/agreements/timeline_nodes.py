"""The timeline as a table of bars: what each bar shows is also written beside its name."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.services.agreement_words import begins, ends, status_word
from explorer.services.agreements import Agreement, title_of
from explorer.services.sheet_model import link_to
from explorer.ui.tree import Node, el, opener
from explorer.viewmodel.timeline import Bar, Part, Timeline
from graph.messages import text

HEIGHT = 22.0
_MIDDLE = HEIGHT / 2
_TOP, _BOTTOM = _MIDDLE - 7, _MIDDLE + 7
_EDGE = 10.0
_FIGURES_WIDTH = 44.0
"""Room that a year takes on the axis, in units of the drawing."""


def timeline_nodes(
    drawn: Timeline, rows: Sequence[Agreement], language: str, *, width: float
) -> list[Node]:
    """Return the key, the axis and one line an agreement; a name pressed opens its sheet.

    `width` is that of a bar's drawing in its own units: fewer units make larger letters.
    """
    say = _Say(language)
    head = el(
        "tr",
        el("th", say("agreement"), scope="col"),
        el("th", _axis(drawn, width, say), scope="col"),
    )
    body = [
        el("tr", _name(row, language), el("td", _drawing(bar, drawn, width, _words(row, language))))
        for row, bar in zip(rows, drawn.bars, strict=True)
    ]
    table = el("table", el("thead", head), el("tbody", *body), class_="frieze")
    return [_key(say), table]


class _Say:
    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, /, **params: object) -> str:
        return text(f"agreements.timeline.{key}", self.language, **params)


def _name(row: Agreement, language: str) -> Node:
    title = opener(title_of(row.record), link_to(row.record.id))
    return el("th", title, el("span", _words(row, language), class_="note"), scope="row")


def _words(row: Agreement, language: str) -> str:
    item = row.record
    if item.attested and not (item.effective or item.signed or item.end):
        return text("agreements.timeline.row_attested", language, begins=begins(item, language))
    return text(
        "agreements.timeline.row",
        language,
        status=status_word(row.status, language),
        begins=begins(item, language),
        ends=ends(item, row.standing, language),
    )


def _axis(drawn: Timeline, width: float, say: _Say) -> Node:
    years = range(drawn.first, drawn.last + 1)
    step = next(n for n in (1, 2, 5, 10, 20, 50) if len(years) / n * _FIGURES_WIDTH <= width)
    labels = [
        el("text", str(year), x=_x(drawn.year_at(year), width), y="15", class_="year")
        for year in years
        if year % step == 0
    ]
    said = say("axis", first=drawn.first, last=drawn.last)
    return el(
        "svg", *labels, _today(drawn, width), viewBox=_box(width), role="img", aria_label=said
    )


def _drawing(bar: Bar, drawn: Timeline, width: float, words: str) -> Node:
    marks: list[Node] = [_part(part, width) for part in bar.parts]
    if bar.notice is not None:
        marks.append(_block("notice", *bar.notice, width, _MIDDLE + 6, 3.0))
    last = bar.parts[-1].end if bar.parts else None
    if last is not None and bar.end != "term":
        marks.append(_ending(bar.end, last, width))
    return el(
        "svg",
        el("title", words),
        _today(drawn, width),
        *marks,
        viewBox=_box(width),
        role="img",
        aria_label=words,
    )


def _part(part: Part, width: float) -> Node:
    if part.kind == "unknown":
        middle = f"{_MIDDLE:g}"
        ends = {"x1": _x(part.start, width), "x2": _x(part.end, width)}
        return el("line", **ends, y1=middle, y2=middle, class_="unknown_end")
    return _block(part.kind, part.start, part.end, width, _MIDDLE - 5, 10.0)


def _block(kind: str, start: float, end: float, width: float, top: float, height: float) -> Node:
    left, right = float(_x(start, width)), max(float(_x(end, width)), float(_x(start, width)) + 1.5)
    path = f"M{left:g},{top:g}H{right:g}V{top + height:g}H{left:g}Z"
    return el("path", d=path, class_=f"part {kind}")


def _ending(kind: str, at: float, width: float) -> Node:
    """Return the sign at the end: an arrow (no end), « ? » (not stated), a cross (ended)."""
    x = float(_x(at, width))
    if kind == "open":
        return el(
            "polygon", points=f"{x},{_MIDDLE - 7} {x + 9},{_MIDDLE} {x},{_MIDDLE + 7}", class_="end"
        )
    if kind == "unknown":
        return el("text", "?", x=f"{x + 2:g}", y="16", class_="sign")
    left, right = f"{x - 4:g}", f"{x + 4:g}"
    path = f"M{left},{_TOP}L{right},{_BOTTOM}M{left},{_BOTTOM}L{right},{_TOP}"
    return el("path", d=path, class_="cross")


def _today(drawn: Timeline, width: float) -> Node:
    x = _x(drawn.today, width)
    return el("line", x1=x, x2=x, y1="-4", y2=f"{HEIGHT + 4:g}", class_="today")


def _x(share: float, width: float) -> str:
    return f"{share * width:.1f}"


def _box(width: float) -> str:
    return f"-4 0 {width + _EDGE + 8:g} {HEIGHT:g}"


def _key(say: _Say) -> Node:
    """Return the key: a sample of each kind of stretch and its words."""
    samples = [
        (_block(kind, 0, 1, 26, _MIDDLE - 5, 10.0), kind)
        for kind in ("sure", "doubtful", "renewed", "attested")
    ]
    line = el("line", x1="0", x2="16", y1="11", y2="11", class_="unknown_end")
    question = el("text", "?", x="18", y="16", class_="sign")
    arrow = el("polygon", points="8,4 17,11 8,18", class_="end")
    today = el("line", x1="13", x2="13", y1="0", y2="22", class_="today")
    groups: list[tuple[list[Node], str]] = [([sample], kind) for sample, kind in samples]
    groups += [([line, question], "unknown"), ([arrow], "open")]
    groups += [([_block("notice", 0, 1, 26, _MIDDLE - 1, 3.0)], "notice"), ([today], "today")]
    items = [
        el(
            "li",
            el("svg", *marks, viewBox="-1 0 28 22", class_="sample", aria_hidden="true"),
            say(f"key_{name}"),
        )
        for marks, name in groups
    ]
    return el("ul", *items, class_="key frieze_key")
