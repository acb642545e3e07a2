"""The analysis as tables under the headings that people read, on the page and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from explorer.services.analysis import Measured
from explorer.services.analysis_dates import Compared
from explorer.services.analysis_words import NETWORK, name_in
from explorer.services.network import NetworkAnswer
from explorer.services.view_tables import Row
from graph.analysis import metric, reading, said_value
from graph.analysis.matrix import Cell, Matrix
from graph.identifiers import fold
from graph.messages import text

DECIMALS = 4
"""Kept of a measure in a table; ``maillage network --json`` has them all."""


def ranking_rows(
    answer: NetworkAnswer,
    both: pd.DataFrame,
    measures: Sequence[str],
    language: str,
    *,
    apart: bool,
) -> list[Row]:
    """Return one row a structure with `measures`, the highest of the first measure first.

    Parameters
    ----------
    answer : NetworkAnswer
        The network.
    both : pandas.DataFrame
        Columns (measure, ``with``) and (measure, ``without``).
    measures : sequence of str
        Ids of measures of structures, in the order of the columns.
    language : {'fr', 'en'}
        Language of the headings.
    apart : bool
        Also each measure without the focus, beside it.
    """
    sides = ("with", "without") if apart else ("with",)
    columns = {(name, side): both[name, side].to_dict() for name in measures for side in sides}
    rows = []
    for key in order_of(both, measures, answer):
        row: Row = {
            _column("name", language): name_in(answer, key),
            _column("kind", language): _kind(answer, key, language),
        }
        for (name, side), values in columns.items():
            row[_measure_heading(name, side, language)] = _value(name, values[key], language)
        rows.append(row | {_column("id", language): key})
    return rows


def _measure_heading(name: str, side: str, language: str) -> str:
    said = metric(name).name(language)
    return said if side == "with" else text("analyse.apart", language, name=said)


def order_of(both: pd.DataFrame, measures: Sequence[str], answer: NetworkAnswer) -> list[str]:
    """Return the structures from the highest of the first of `measures`, then by name."""
    keys = [str(key) for key in both.index]
    first = measures[0] if measures else "degree"
    values = both[first, "with"].astype(float).fillna(-1.0)
    return sorted(keys, key=lambda key: (-values[key], fold(name_in(answer, key)), key))


def _kind(answer: NetworkAnswer, key: str, language: str) -> str:
    item = answer.structures.get(key)
    return text(f"kind.{(item.kind if item else None) or 'unknown'}", language)


def _value(name: str, value: object, language: str) -> str | float | None:
    """Return a measure as a table holds it: a number, or a word for yes and no."""
    if pd.isna(value):  # type: ignore[call-overload]
        return None
    if metric(name).unit == "yes_no":
        return said_value(name, bool(value), language)
    number = round(float(value), DECIMALS)  # type: ignore[arg-type]
    return int(number) if number.is_integer() else number


WHOLE_COLUMNS = ("measure", "with_focus", "without_focus", "reading")


def network_rows(everyone: Measured, apart: Measured | None, language: str) -> list[Row]:
    """Return one row a measure of the whole network: with and without the focus, its reading."""
    return [
        {
            "measure": metric(key).name(language),
            "with_focus": said_value(key, _whole(everyone, key), language),
            "without_focus": said_value(key, _whole(apart, key), language) if apart else None,
            "reading": reading(key, _whole(everyone, key), language),
        }
        for key in NETWORK
    ]


def _whole(found: Measured, key: str) -> float | None:
    if key == "multiplexity":
        return found.multiplexity
    value = found.summary.get(key)
    return value if isinstance(value, int | float) else None


def comparison_rows(found: Compared, measures: Sequence[str], language: str) -> list[Row]:
    """Return one row a structure of either day: who came and went, ties, measures before and after.

    Those that came or went stand first, then those whose ties changed most.
    """
    order = {"arrived": 0, "left": 1, "stayed": 2}
    lines: dict[str, dict[str, Any]] = found.changes.structures.to_dict("index")  # type: ignore[assignment]
    keys = sorted(
        lines,
        key=lambda key: (
            order[lines[key]["presence"]],
            -lines[key]["gained"] - lines[key]["lost"],
            fold(found.name_of(key)),
        ),
    )
    return [_compared(found.name_of(key), key, lines[key], measures, language) for key in keys]


def _compared(
    name: str, key: str, line: dict[str, Any], measures: Sequence[str], language: str
) -> Row:
    row: Row = {
        _column("name", language): name,
        _column("presence", language): text(f"analyse.presence.{line['presence']}", language),
        _column("gained", language): line["gained"],
        _column("lost", language): line["lost"],
    }
    for measure in measures:
        for when in ("before", "after"):
            heading = text(f"analyse.{when}", language, name=metric(measure).name(language))
            row[heading] = _value(measure, line[f"{measure}_{when}"], language)
    return row | {_column("id", language): key}


def matrix_rows(
    answer: NetworkAnswer,
    matrix: Matrix,
    language: str,
    signed_by: str | None = None,
    not_by: str | None = None,
) -> list[Row]:
    """Return one row a partner: with which entity of the group it signed what.

    `signed_by` keeps the partners with which that entity signed, `not_by` those with which that
    one did not.
    """
    kept = [
        key
        for key, cells in matrix.rows.items()
        if (signed_by is None or cells[signed_by].signed)
        and (not_by is None or not cells[not_by].signed)
    ]
    headings = entity_headings(answer, matrix, language)
    return [
        {
            _column("name", language): name_in(answer, key),
            _column("kind", language): _kind(answer, key, language),
            **{
                headings[entity]: cell_words(matrix.rows[key][entity], language)
                for entity in matrix.entities
            },
            _column("id", language): key,
        }
        for key in sorted(kept, key=lambda key: fold(name_in(answer, key)))
    ]


def entity_headings(answer: NetworkAnswer, matrix: Matrix, language: str) -> dict[str, str]:
    """Return a heading of its own for each entity: one of a name already taken bears its id."""
    taken = {_column(name, language) for name in ("name", "kind", "id")}
    headings = {}
    for entity in matrix.entities:
        name = entity_name(answer, matrix, entity, language)
        headings[entity] = f"{name} ({entity})" if name in taken else name
        taken.add(headings[entity])
    return headings


def entity_name(answer: NetworkAnswer, matrix: Matrix, entity: str, language: str) -> str:
    """Return the heading of an entity; the grouping's says that nobody knows who signed."""
    if entity not in matrix.own_entities:
        return text("analyse.for_the_group", language)
    return name_in(answer, entity)


def cell_words(cell: Cell, language: str) -> str:
    """Return what there is between a partner and an entity: signed, concerned, or nothing."""
    said = [
        text(f"analyse.cell.{name}", language, n=len(ids))
        for name, ids in (("signed", cell.signed), ("concerned", cell.concerned))
        if ids
    ]
    return ", ".join(said) or text("analyse.cell.nothing", language)


def filtered(rows: Iterable[Row], words: str, kinds: frozenset[str], language: str) -> list[Row]:
    """Return the rows whose name or id holds `words`, of one of the `kinds` (in words)."""
    name, kind, key = (_column(item, language) for item in ("name", "kind", "id"))
    wanted = fold(words)
    return [
        row
        for row in rows
        if (wanted in fold(str(row[name])) or wanted in fold(str(row[key])))
        and (not kinds or row[kind] in kinds)
    ]


def _column(name: str, language: str) -> str:
    return text(f"page.column.{name}", language)
