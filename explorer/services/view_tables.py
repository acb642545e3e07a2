"""What the canvas shows, as tables: for reading without a map, for sorting, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from explorer.services.network import NetworkAnswer
from explorer.viewmodel.model import ViewModel, ViewNode
from graph.messages import text

STRUCTURE_COLUMNS = (
    "name",
    "kind",
    "commune",
    "role",
    "agreements",
    "status",
    "via",
    "position",
    "id",
)
TIE_COLUMNS = ("from", "to", "type", "status", "agreements", "style")
EXTRA_COLUMNS = ("coloured_by", "sized_by", "evolution")
"""Columns that are there where the canvas is coloured, sized or compares two days."""
Row = dict[str, str | int | float | None]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def structure_columns(view: ViewModel) -> tuple[str, ...]:
    """Return the columns of the structures of `view`: colours and sizes are columns too."""
    shown = (view.legend_groups, view.legend_sizes, view.legend_changes)
    extra = (name for name, legend in zip(EXTRA_COLUMNS, shown, strict=True) if legend)
    return (*STRUCTURE_COLUMNS[:-1], *extra, STRUCTURE_COLUMNS[-1])


def tie_columns(view: ViewModel) -> tuple[str, ...]:
    """Return the columns of the ties of `view`."""
    return (*TIE_COLUMNS, "evolution") if view.legend_changes else TIE_COLUMNS


def structure_rows(view: ViewModel, answer: NetworkAnswer) -> list[Row]:
    """Return one row a structure, in words, the focus first, then by name."""
    order = {"focus": 0, "focus_site": 1, "partner": 2, "neighbour": 3, "supply": 4}
    nodes = sorted(view.nodes, key=lambda node: (order[node.role], node.label.casefold()))
    return [_structure(node, answer, view.language) for node in nodes]


def _structure(node: ViewNode, answer: NetworkAnswer, language: str) -> Row:
    partner = answer.network.partners.get(node.id)
    unknown = text("word.unknown", language)
    return {
        "id": node.id,
        "name": node.label,
        "kind": node.kind_label,
        "commune": node.commune or unknown,
        "role": text(f"page.role.{node.role}", language),
        "agreements": len(partner.cooperations) if partner else None,
        "status": ", ".join(text(f"status.{item}", language) for item in node.statuses) or None,
        "via": _via(node.id, answer, language),
        "position": text(f"precision.{node.precision}", language) if node.precision else unknown,
        "coloured_by": node.group,
        "sized_by": node.value,
        "evolution": _evolution(node.change, language),
    }


def _evolution(change: str | None, language: str) -> str | None:
    return text(f"page.evolution.{change}", language) if change else None


def _via(key: str, answer: NetworkAnswer, language: str) -> str | None:
    partner = answer.network.partners.get(key)
    if partner is None or partner.via is None or partner.through is None:
        return None
    through = answer.structures.get(partner.through)
    name = (through.name if through else None) or partner.through
    return f"{text(f'via.{partner.via}', language)} {name}"


def tie_rows(view: ViewModel) -> list[Row]:
    """Return one row a tie, with the names of its ends."""
    names = {node.id: node.label for node in view.nodes}
    return [
        {
            "from": names.get(tie.source, tie.source),
            "to": names.get(tie.target, tie.target),
            "type": tie.label,
            "status": text(f"status.{tie.status}", view.language) if tie.status else None,
            "agreements": len(tie.cooperations) or None,
            "style": text(f"page.style.{tie.style}", view.language),
            "evolution": _evolution(tie.change, view.language),
        }
        for tie in view.ties
    ]


def headed(rows: Sequence[Row], columns: Sequence[str], language: str) -> list[Row]:
    """Return `rows` under the headings that people read, in the order of `columns`."""
    headings = {name: text(f"page.column.{name}", language) for name in columns}
    return [{headings[name]: row.get(name) for name in columns} for row in rows]


def in_writing(rows: Sequence[Row], language: str) -> list[Row]:
    """Return `rows` with fractions as a spreadsheet in `language` reads them: 0,5 in French."""
    mark = "," if language == "fr" else "."
    return [
        {
            key: str(value).replace(".", mark) if isinstance(value, float) else value
            for key, value in row.items()
        }
        for row in rows
    ]


def as_csv(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Return `rows` as a CSV that Excel opens in French: UTF-8 with mark, semicolons.

    A cell that a spreadsheet would take for a formula is preceded by an apostrophe.
    """
    out = io.StringIO(newline="")
    if rows:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
