"""The portrait of a territory as one page of HTML that opens anywhere and prints on A4."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from explorer.services.portrait import Portrait, PortraitLine
from graph.messages import text

_STYLE = (
    "@page{size:A4;margin:14mm}"
    "body{font:10.5pt/1.4 system-ui,sans-serif;color:#1B1F23;max-width:46rem;margin:1.5rem auto}"
    "h1{font-size:16pt;margin:0}h2{font-size:11.5pt;margin:1em 0 .3em;color:#0B548F}"
    "ul{margin:0;padding-left:1.1em}p{margin:.2em 0}"
    "table{border-collapse:collapse;width:100%;font-size:9.5pt}"
    "th{text-align:left;border-bottom:1px solid #8C897C;font-weight:600}"
    "td{border-bottom:1px solid #DAD8D1;vertical-align:top}th,td{padding:.25em .6em .25em 0}"
    "footer{color:#545D66;font-size:8.5pt;margin-top:1.2em}"
)

_COLUMNS = ("kind", "state", "supply", "density", "reference", "rate", "reference_rate")


def portrait_html(found: Portrait, language: str) -> bytes:
    """Return the page; every name is escaped, and nothing is fetched from outside."""
    sections = (
        ("people", found.people),
        ("figures", found.figures),
        ("covered_by", found.covered_by),
        ("agreements", found.agreements),
        ("lapsing", found.lapsing),
        ("gaps_three", found.gaps),
    )
    before = _lists(sections[:2], language)
    after = _lists(sections[2:], language)
    heading = text("coverage.page.portrait_on", language, day=found.date)
    body = (
        f"<h1>{escape(found.title)}</h1><p>{escape(heading)}</p>"
        f"{before}{_table(found, language)}{after}{_foot(found, language)}"
    )
    head = f'<meta charset="utf-8"><title>{escape(found.title)}</title><style>{_STYLE}</style>'
    page = f'<!doctype html><html lang="{language}"><head>{head}</head><body>{body}</body></html>'
    return page.encode("utf-8")


def _lists(sections: Sequence[tuple[str, tuple[str, ...]]], language: str) -> str:
    return "".join(_list(name, lines, language) for name, lines in sections)


def _list(name: str, lines: tuple[str, ...], language: str) -> str:
    title = escape(text(f"coverage.page.{name}", language))
    if not lines:
        none = escape(text("coverage.page.none_known", language))
        return f"<h2>{title}</h2><p>{none}</p>"
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<h2>{title}</h2><ul>{items}</ul>"


def _table(found: Portrait, language: str) -> str:
    title = escape(text("coverage.page.supply_title", language))
    names = [text(f"coverage.page.portrait_{name}", language) for name in _COLUMNS]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = "".join(_row(line) for line in found.lines)
    said = ""
    if found.reference:
        words = text("coverage.page.portrait_beside", language, name=found.reference)
        said = f"<p>{escape(words)}</p>"
    return (
        f"<h2>{title}</h2>{said}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(line: PortraitLine) -> str:
    cells = "".join(f"<td>{escape(getattr(line, name))}</td>" for name in _COLUMNS)
    return f"<tr>{cells}</tr>"


def _foot(found: Portrait, language: str) -> str:
    sources = text("coverage.page.sources", language)
    notes = "".join(f"<li>{escape(line)}</li>" for line in found.notes)
    listed = "".join(f"<li>{escape(line)}</li>" for line in found.sources)
    return f"<footer><ul>{notes}</ul><p>{escape(sources)}</p><ul>{listed}</ul></footer>"
