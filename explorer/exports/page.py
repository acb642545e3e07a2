"""One HTML file that shows the network as the screen does, and opens no connection.

pyvis builds nodes, ties and options (:mod:`explorer.canvas.payload`), its vis-network and the
canvas's own code stand in the file. Data are JSON in which no character can end the element, and
a Content-Security-Policy lets nothing run but these scripts, and nothing be fetched.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from explorer.canvas.payload import payload
from explorer.exports.bundle import canvas_script, vis_script
from explorer.exports.material import Material
from explorer.exports.notes import notes
from explorer.exports.plain_text import readable
from explorer.exports.rows import agreement_rows
from explorer.services.view_tables import (
    STRUCTURE_COLUMNS,
    TIE_COLUMNS,
    headed,
    structure_rows,
    tie_rows,
)
from explorer.wording import date_in_words
from graph.dates import PartialDate
from graph.messages import text

_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def write_html(material: Material) -> bytes:
    """Return the page: map, legend, caption, tables, notes."""
    scripts = (vis_script(), canvas_script())
    caption, language = material.view.caption, material.language

    def say(key: str) -> str:
        return _text(text(f"export.page.{key}", language))

    title = _text(caption.title)
    subtitle = _text(" · ".join((caption.date, *caption.filters)))
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{language}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="generator" content="Maillage">',
        f'<meta name="description" content="{_text(material.view.description)}">',
        f"<title>{title}</title>",
        f"<style>\n{_styles()}</style>",
        "</head>",
        "<body>",
        f'<header><h1 dir="auto">{title}</h1><p class="subtitle">{subtitle}</p></header>',
        f"<main><noscript><p>{say('no_script')}</p></noscript>",
        '<div id="map"></div>',
        *_unplaced(material),
        f"<h2>{say('tables')}</h2>",
        f'<label class="search" hidden>{say("search")} <input id="search" type="search"></label>',
        *_tables(material),
        f"<h2>{say('notes')}</h2>",
        "<ul>",
        *(f'<li dir="auto">{_text(note)}</li>' for note in notes(material)),
        "</ul></main>",
        f"<footer>{say('made')}</footer>",
        f'<script type="application/json" id="maillage-data">{safe_json(_data(material))}</script>',
        *(f"<script>{script}</script>" for script in scripts),
        "</body>",
        "</html>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _policy(scripts: Sequence[str]) -> str:
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    allowed = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def _styles() -> str:
    canvas = files("explorer.canvas").joinpath("assets", "canvas.css")
    own = files("explorer.exports").joinpath("page.css")
    return canvas.read_text(encoding="utf-8") + own.read_text(encoding="utf-8")


def safe_json(document: object) -> str:
    """Return `document` as JSON that can stand in a script element whatever texts it holds."""
    written = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    for character, code in _UNSAFE.items():
        written = written.replace(character, code)
    return readable(written)


def _text(value: str) -> str:
    return escape(readable(value), quote=True)


def _data(material: Material) -> Mapping[str, Any]:
    """Return what the page's script reads: the canvas's payload, and agreements by id."""
    language = material.language
    partners = material.answer.network.partners
    return {
        **payload(material.view),
        "agreements": {
            str(row["id"]): {
                "title": row["title"] or row["object"] or row["id"],
                "line": _agreement_line(row, language),
            }
            for row in agreement_rows(material)
        },
        "agreements_of": {
            "node": {key: list(item.cooperations) for key, item in partners.items()},
            "tie": {tie.id: list(tie.cooperations) for tie in material.view.ties},
        },
        "words": {name: text(f"export.page.{name}", language) for name in ("details", "close")},
    }


def _agreement_line(row: Mapping[str, Any], language: str) -> str:
    parts = [row["type_label"], row["status_label"]]
    for name in ("signed", "effective", "term", "attested"):
        if row[name]:
            day = date_in_words(PartialDate(row[name]), language)
            parts.append(text(f"export.page.{name}", language, day=day))
    return " · ".join(parts)


def _unplaced(material: Material) -> list[str]:
    """Return the list of what no source places, which the caption of the map announces."""
    names = [f"<bdi>{_text(item.label)}</bdi>" for item in material.view.unplaced]
    said = _text(text("export.page.unplaced", material.language))
    return [f'<p class="unplaced"><b>{said}</b> {", ".join(names)}</p>'] if names else []


def _tables(material: Material) -> list[str]:
    """Return the tables that say what the map says, as on the page *Réseau et carte*."""
    view, language = material.view, material.language
    placed = {node.id for node in view.nodes if node.x is not None}
    rows = structure_rows(view, material.answer)
    structures = headed(rows, STRUCTURE_COLUMNS, language)
    ids = [str(row["id"]) for row in rows]
    return [
        *_table(
            "structures", structures, language, [key if key in placed else None for key in ids]
        ),
        *_table("ties", headed(tie_rows(view), TIE_COLUMNS, language), language),
    ]


def _table(
    name: str,
    rows: Sequence[Mapping[str, Any]],
    language: str,
    nodes: Sequence[str | None] = (),
) -> list[str]:
    if not rows:
        return []
    title = _text(text(f"export.page.{name}", language))
    heads = "".join(f'<th scope="col">{_text(head)}</th>' for head in rows[0])
    lines = [
        f'<div class="scroll" tabindex="0" role="region" aria-label="{title}">',
        f"<table><caption>{title} ({len(rows)})</caption><thead><tr>{heads}</tr></thead><tbody>",
    ]
    for at, row in enumerate(rows):
        node = nodes[at] if nodes else None
        cells = [
            _cell(value, node if place == 0 else None) for place, value in enumerate(row.values())
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return [*lines, "</tbody></table></div>"]


def _cell(value: object, node: str | None) -> str:
    said = "" if value is None else _text(str(value))
    if node is not None:
        said = f'<button type="button" data-node="{_text(node)}">{said}</button>'
    return f'<td dir="auto">{said}</td>'
