"""CSV: one table, UTF-8 with its mark, as French Excel or anything else reads it."""

from __future__ import annotations

import csv
import io

from explorer.exports.columns import heading
from explorer.exports.material import Material
from explorer.exports.plain_text import neutral
from explorer.exports.rows import Value, columns_of, table
from graph.messages import text

JOINED_BY = " | "
"""Between the values of a cell that holds several."""


def write_csv(material: Material) -> bytes:
    """Return the table asked for (``options.table``) as CSV.

    With semicolons, fractions have the comma that French spreadsheets expect; with commas, a
    point. A cell that a spreadsheet would take for a formula is preceded by an apostrophe.
    """
    options = material.options
    columns = columns_of(material, options.table)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=options.separator, lineterminator="\r\n")
    writer.writerow(heading(column, material.language) for column in columns)
    for row in table(material, options.table):
        writer.writerow(_cell(row.get(column.key), material) for column in columns)
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Value, material: Material) -> str:
    if isinstance(value, bool):
        return text("word.yes" if value else "word.no", material.language)
    if isinstance(value, float):
        return f"{value:.12g}".replace(".", "," if material.options.separator == ";" else ".")
    return "" if value is None else neutral(joined(value))


def joined(value: Value) -> str:
    """Return a value as text; several values in one cell are parted by bars."""
    return JOINED_BY.join(value) if isinstance(value, tuple) else str(value)
