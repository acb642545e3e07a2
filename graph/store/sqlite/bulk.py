"""Many rows at once: one statement for some hundreds costs half of as many statements."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain, islice

ROWS = 250
"""Rows a statement; more gain nothing, and the number of values of a statement has a limit."""


def insert(
    connection: sqlite3.Connection, into: str, row: str, values: Iterable[Sequence[object]]
) -> None:
    """Insert one row for each of `values`.

    Parameters
    ----------
    connection : sqlite3.Connection
        In a transaction.
    into : str
        Table and columns.
    row : str
        The row as SQL, a question mark for each of its values.
    values : iterable of sequences
        The values of each row.
    """
    waiting = iter(values)
    while rows := list(islice(waiting, ROWS)):
        statement = f"INSERT INTO {into} VALUES {', '.join([row] * len(rows))}"  # noqa: S608
        connection.execute(statement, list(chain.from_iterable(rows)))
