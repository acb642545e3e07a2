"""Many rows at once, written by a thread of their own while the next ones are made.

One statement for some hundreds of rows costs half of as many statements, and SQLite works without
Python's lock meanwhile.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from types import TracebackType
from typing import Self

ROWS = 500
"""Rows a statement; more gain nothing, and the number of values of a statement has a limit."""
AHEAD = 2
"""Statements made ahead of the one that is being carried out."""


class Writing:
    """Statements that a thread carries out in order; leaving the context waits for all.

    After one that failed none is carried out: SQLite may have ended the transaction, and what
    came after it would be kept without the rest.

    Parameters
    ----------
    connection : sqlite3.Connection
        In a transaction. Nothing else may use it until `wait` or the end.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="maillage-rows")
        self._under_way: deque[Future[None]] = deque()
        self._stopped = False

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait for what is under way; carry nothing more out where something failed."""
        self._stopped = self._stopped or kind is not None
        self._thread.shutdown(wait=True)
        if kind is None:
            self.wait()

    def execute(self, sql: str, values: Sequence[object] = ()) -> None:
        """Have a statement carried out.

        Raises
        ------
        sqlite3.Error
            One that was given before failed.
        """
        if len(self._under_way) > AHEAD:
            self._under_way.popleft().result()
        self._under_way.append(self._thread.submit(self._carry_out, sql, values))

    def insert(self, into: str, row: str, columns: Sequence[Iterable[object]]) -> None:
        """Insert rows that are given as columns, made as they are needed.

        Parameters
        ----------
        into : str
            Table and columns.
        row : str
            The row as SQL, a question mark for each of `columns`.
        columns : sequence of iterables
            The values of each column, all of the same length.
        """
        for cells in _cells(columns):
            rows = ", ".join([row] * (len(cells) // len(columns)))
            self.execute(f"INSERT INTO {into} VALUES {rows}", cells)  # noqa: S608 - our tables

    def wait(self) -> None:
        """Wait until all is carried out.

        Raises
        ------
        sqlite3.Error
            A statement failed.
        """
        while self._under_way:
            self._under_way.popleft().result()

    def _carry_out(self, sql: str, values: Sequence[object]) -> None:
        if self._stopped:
            return
        try:
            self._connection.execute(sql, values)
        except BaseException:
            self._stopped = True
            raise


def _cells(columns: Sequence[Iterable[object]]) -> Iterator[list[object]]:
    """Yield the values of some hundred rows at a time, row after row."""
    values = chain.from_iterable(zip(*columns, strict=True))
    while cells := list(islice(values, ROWS * len(columns))):
        yield cells
