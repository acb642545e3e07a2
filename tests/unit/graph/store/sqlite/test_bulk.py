"""Rows written by a thread of their own: in order, and nothing after a statement that failed."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import count

import pytest

from graph.store.sqlite.bulk import ROWS, Writing

SIZE = 3 * ROWS + 7


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)")
    connection.execute("BEGIN")
    yield connection
    connection.close()


def names(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT name FROM item ORDER BY id")
    return [name for (name,) in rows]


@pytest.mark.parametrize("size", [0, 1, ROWS, SIZE])
def test_all_rows_are_written_in_order_and_read_afterwards(
    connection: sqlite3.Connection, size: int
) -> None:
    with Writing(connection) as rows:
        rows.insert("item (name)", "(?)", [(f"n{number}" for number in range(size))])
        rows.execute("INSERT INTO item (name) VALUES (?)", ("last",))
        rows.wait()
        assert names(connection)[-1] == "last"
        rows.execute("UPDATE item SET name = upper(name)")
    assert names(connection) == [*(f"N{number}" for number in range(size)), "LAST"]


def test_nothing_is_carried_out_after_a_statement_that_failed(
    connection: sqlite3.Connection,
) -> None:
    """SQLite ends the transaction itself where the disk is full: what followed would be kept."""

    def go_on_until_it_is_told() -> None:
        with Writing(connection) as rows:
            rows.execute("INSERT INTO item (id) VALUES (1)")
            rows.execute("INSERT OR ROLLBACK INTO item (id) VALUES (1)")
            for number in count(2):
                rows.execute("INSERT INTO item (id) VALUES (?)", (number,))

    with pytest.raises(sqlite3.IntegrityError):
        go_on_until_it_is_told()
    assert not connection.in_transaction
    assert names(connection) == []


def test_leaving_lets_nothing_through_after_a_failure_that_nobody_asked_for_yet(
    connection: sqlite3.Connection,
) -> None:
    """What waits behind the statement that failed begins only after the context is left."""
    left = threading.Event()
    begin = threading.Event()
    connection.create_function("held", 0, lambda: begin.wait(5) and 1)

    def leave_between() -> None:
        with Writing(connection) as rows:
            rows.execute("INSERT INTO item (id) VALUES (1)")
            rows.execute("INSERT OR ROLLBACK INTO item (id) VALUES (held())")
            rows._under_way[-1].add_done_callback(lambda _: left.wait(5))
            rows.execute("INSERT INTO item (id) VALUES (2)")
            failed = rows._under_way[-2]
            begin.set()
            assert failed.exception(5)
            threading.Timer(0.3, left.set).start()

    with pytest.raises(sqlite3.IntegrityError):
        leave_between()
    assert names(connection) == []


def test_the_failure_of_the_last_statement_is_told(connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError), Writing(connection) as rows:
        rows.execute("INSERT INTO nowhere VALUES (1)")


def test_a_failure_while_rows_are_made_comes_out_and_stops_the_rest(
    connection: sqlite3.Connection,
) -> None:
    def made() -> Iterator[str]:
        yield from ("fine" for _ in range(SIZE))
        raise KeyboardInterrupt

    with suppress(KeyboardInterrupt), Writing(connection) as rows:
        rows.insert("item (name)", "(?)", [made()])
        pytest.fail("the rows came to an end")
    written = names(connection)
    assert len(written) % ROWS == 0
    assert len(written) < SIZE


def test_columns_of_different_lengths_are_refused(connection: sqlite3.Connection) -> None:
    with pytest.raises(ValueError, match="shorter"), Writing(connection) as rows:
        rows.insert("item (id, name)", "(?, ?)", [range(3), ["one"]])
