"""The portrait of a territory as one page of HTML that opens anywhere and prints on one A4.

What one page cannot hold is counted: “and 12 more”. The table of kinds is always whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from explorer.services.portrait import Portrait
from explorer.viewmodel.model import View
from graph.messages import text

_STYLE = (
    "@page{size:A4;margin:10mm}"
    "*{box-sizing:border-box}"
    "body{font:8.6pt/1.28 system-ui,'DejaVu Sans',sans-serif;color:#1B1F23;max-width:190mm;"
    "margin:6mm auto}"
    "@media print{body{margin:0 auto}}"
    "h1{font-size:15pt;line-height:1.15;margin:0}.day{margin:0 0 1.5mm;color:#545D66}"
    "h2{font-size:9.4pt;margin:2mm 0 .6mm;color:#0B548F;border-bottom:.5pt solid #C9C7BF}"
    "ul{margin:0;padding-left:3.2mm}li{margin:0}p{margin:.4mm 0}"
    "table{border-collapse:collapse;width:100%;font-size:7.9pt;line-height:1.2}"
    "th{text-align:left;border-bottom:.7pt solid #8C897C;font-weight:600}"
    "td{border-bottom:.4pt solid #DAD8D1;vertical-align:top}"
    "th,td{padding:.45mm 1.6mm .45mm 0}td.n,th.n{text-align:right;white-space:nowrap}"
    ".close table{font-size:6.9pt;line-height:1.1}.close{font-size:7.8pt;line-height:1.2}"
    ".close th,.close td{padding:.2mm 1.6mm .2mm 0}.close h2{margin-top:1.2mm}"
    ".close footer{font-size:6.3pt;margin-top:1.2mm;line-height:1.15}"
    "td:nth-child(1){white-space:nowrap}.kinds td:nth-child(1){width:22%;white-space:normal}"
    ".two{display:grid;grid-template-columns:1fr 1fr;column-gap:6mm}"
    ".two>div{min-width:0;overflow-wrap:anywhere}"
    "footer{color:#545D66;font-size:6.8pt;line-height:1.2;margin-top:2mm;"
    "border-top:.5pt solid #C9C7BF}"
)
_KINDS = ("kind", "state", "supply", "density", "reference", "rate", "reference_rate")
_ACTIVITIES = ("name", "supply", "density", "reference")
_PEOPLE = ("count", "share", "reference")
_NUMBERS = frozenset({"density", "reference", "rate", "reference_rate", "share"})
Most = Mapping[str, int]

_MOST: Most = {
    "figures": 3,
    "covered_by": 6,
    "activities": 6,
    "by_filiere": 4,
    "by_site": 3,
    "lapsing": 3,
    "gaps_three": 3,
    "foot": 800,
}
"""Lines of each part that the page holds, and letters of notes and of sources at its foot."""

_CLOSE: Most = {
    **_MOST,
    "figures": 2,
    "covered_by": 5,
    "activities": 3,
    "by_filiere": 2,
    "by_site": 2,
    "lapsing": 2,
    "foot": 560,
}
"""The same where the table of kinds takes half of the page."""

_LONGEST = 110
"""Letters of a line that a page of two columns can hold without growing."""
_MOST_KINDS = 18
_MANY_KINDS = 12
"""From so many kinds on, the page is set closer."""


def portrait_html(found: Portrait, language: str, more: Sequence[str] = ()) -> bytes:
    """Return the page; every name is escaped, and nothing is fetched from outside.

    `more` are sentences to be said beside the figures, such as how a polygon file was read.
    """
    title = escape(found.title)
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    most = _CLOSE if len(found.lines) > _MANY_KINDS else _MOST
    covered = _section("covered_by", found.covered_by, most, language)
    body = (
        f"<h1>{title}</h1>{_day(found, language)}"
        f"{_two(_population(found, most, language), covered)}"
        f"{_kinds(found, language)}{_activities(found, most, language)}"
        f"{_two(_left(found, most, language), _right(found, most, language))}"
        f"{_foot(found, most, language, more)}"
    )
    close = ' class="close"' if len(found.lines) > _MANY_KINDS else ""
    page = (
        f'<!doctype html><html lang="{language}"><head>{head}</head>'
        f"<body{close}>{body}</body></html>"
    )
    return page.encode("utf-8")


def _day(found: Portrait, language: str) -> str:
    said = text("coverage.page.portrait_on", language, day=found.date)
    if found.reference:
        said += f". {text('coverage.page.portrait_beside', language, name=found.reference)}"
    return f'<p class="day">{escape(said)}</p>'


def _two(left: str, right: str) -> str:
    return f'<div class="two"><div>{left}</div><div>{right}</div></div>'


def _left(found: Portrait, most: Most, language: str) -> str:
    return _section("by_filiere", found.by_filiere, most, language) + _section(
        "by_site", found.by_site, most, language
    )


def _right(found: Portrait, most: Most, language: str) -> str:
    return _section("gaps_three", found.gaps, most, language) + _section(
        "lapsing", found.lapsing, most, language
    )


def _population(found: Portrait, most: Most, language: str) -> str:
    table = _table(found.people, _PEOPLE, "people", language)
    figures = _section("figures", found.figures, most, language) if found.figures else ""
    return f"{_heading('people', language)}{table}{figures}"


def _kinds(found: Portrait, language: str) -> str:
    heading = _heading("supply_title", language)
    if not found.lines:
        return f"{heading}<p>{escape(text('coverage.page.none_known', language))}</p>"
    shown = found.lines[:_MOST_KINDS]
    more = _more(len(found.lines) - len(shown), language)
    return f"{heading}{_table(shown, _KINDS, 'kinds', language)}{_paragraph(more)}"


def _activities(found: Portrait, most: Most, language: str) -> str:
    if not found.activities:
        return ""
    shown = found.activities[: most["activities"]]
    more = _more(len(found.activities) - len(shown), language)
    table = _table(shown, _ACTIVITIES, "activities", language)
    return f"{_heading('activities', language)}{table}{_paragraph(more)}"


def _heading(name: str, language: str) -> str:
    return f"<h2>{escape(text(f'portrait.title.{name}', language))}</h2>"


def _section(name: str, lines: Sequence[str], most: Most, language: str) -> str:
    shown = [_short(line) for line in lines[: most[name]]]
    shown = shown or [text("coverage.page.none_known", language)]
    if more := _more(len(lines) - len(shown), language):
        shown.append(more)
    items = "".join(f"<li>{escape(line)}</li>" for line in shown)
    return f"{_heading(name, language)}<ul>{items}</ul>"


def _more(count: int, language: str) -> str:
    return text("coverage.line.more", language, n=count) if count > 0 else ""


def _short(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def _paragraph(said: str) -> str:
    return f"<p>{escape(said)}</p>" if said else ""


def _table(rows: Iterable[View], columns: Sequence[str], name: str, language: str) -> str:
    head = "".join(
        f'<th scope="col"{_kind_of(each)}>{escape(text(f"portrait.{name}.{each}", language))}</th>'
        for each in columns
    )
    body = "".join(_row(row, columns) for row in rows)
    return f'<table class="{name}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _row(row: View, columns: Sequence[str]) -> str:
    cells = "".join(
        f"<td{_kind_of(each)}>{escape(_short(getattr(row, each)))}</td>" for each in columns
    )
    return f"<tr>{cells}</tr>"


def _kind_of(column: str) -> str:
    return ' class="n"' if column in _NUMBERS else ""


def _foot(found: Portrait, most: Most, language: str, more: Sequence[str]) -> str:
    notes = _within([*more, *found.notes], most["foot"], language)
    blank = text("portrait.blank", language)
    sources = _within(found.sources, most["foot"], language)
    listed = text("portrait.sources", language, names=" ; ".join(sources)) if sources else ""
    return f"<footer>{_paragraph(' '.join((*notes, blank)))}{_paragraph(listed)}</footer>"


def _within(sentences: Sequence[str], room: int, language: str) -> list[str]:
    """Return the sentences that the foot of the page holds, and how many it does not."""
    kept: list[str] = []
    for said in sentences:
        if kept and sum(map(len, kept)) + len(said) > room:
            break
        kept.append(said if len(said) <= room else f"{said[: room - 1]}…")
    left = _more(len(sentences) - len(kept), language)
    return [*kept, left] if left else kept
