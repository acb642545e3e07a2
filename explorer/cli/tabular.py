"""Tables on the terminal: CSV for scripts, aligned columns for people."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence

import click

from graph.messages import text

WIDEST = 44
"""A longer name is cut on the terminal; ``--csv`` and ``--json`` have it whole."""

Row = Mapping[str, object]


def print_csv(rows: Sequence[Row]) -> None:
    """Write `rows` as a CSV with semicolons; a list is joined by bars, nothing is empty."""
    if not rows:
        return
    writer = csv.DictWriter(sys.stdout, list(rows[0]), delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)


def _cell(value: object) -> object:
    return "|".join(map(str, value)) if isinstance(value, list) else value


def print_table(rows: Sequence[Row], columns: Mapping[str, str], language: str) -> None:
    """Write `rows` aligned under the headings of `columns`, the best tied first."""
    if not rows:
        return
    ranked = sorted(rows, key=lambda row: (-_number(row, "betweenness"), -_number(row, "degree")))
    body = [[_said(name, row.get(name), language) for name in columns] for row in ranked]
    table = [list(columns.values()), *body]
    widths = [max(len(line[at]) for line in table) for at in range(len(columns))]
    for line in table:
        cells = zip(line, widths, strict=True)
        click.echo("  ".join(cell.ljust(width) for cell, width in cells).rstrip())


def _number(row: Row, name: str) -> float:
    value = row.get(name)
    return float(value) if isinstance(value, int | float) else 0.0


def _said(name: str, value: object, language: str) -> str:
    from graph.analysis import METRICS, said_value

    if any(item.id == name for item in METRICS):
        return said_value(name, value if isinstance(value, int | float) else None, language)
    said = " ".join(str(value or "").split())
    if name == "kind":
        return text(f"kind_short.{said or 'unknown'}", language)
    return said if len(said) <= WIDEST else f"{said[: WIDEST - 1]}…"
