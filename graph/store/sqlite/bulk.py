"""Many rows at once: one statement for some hundreds costs half of as many statements."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain, islice

ROWS = 250
"""Rows a statement; more gain nothing, and the number of values of a statement has a limit."""


def insert(
    connection: sqlite3.Connection, into: str, row: str, columns: Sequence[Iterable[object]]
) -> None:
    """Insert rows that are given as columns.

    Parameters
    ----------
    connection : sqlite3.Connection
        In a transaction.
    into : str
        Table and columns.
    row : str
        The row as SQL, a question mark for each of `columns`.
    columns : sequence of iterables
        The values of each column, all of the same length.
    """
    values = chain.from_iterable(zip(*columns, strict=True))
    while cells := list(islice(values, ROWS * len(columns))):
        rows = ", ".join([row] * (len(cells) // len(columns)))
        connection.execute(f"INSERT INTO {into} VALUES {rows}", cells)  # noqa: S608
