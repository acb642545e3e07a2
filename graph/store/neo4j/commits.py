"""Reads that see one state of the content, whatever loads end meanwhile.

The server promises a reader only what is committed, and it applies a commit piece by piece in
view of all: a large one takes seconds, in which one query finds some structures as they were and
others as they will be. No number that the load itself writes can tell, since it is one of those
pieces. So a load says on a node of its own, in small transactions beside the large one, that its
commit begins and that it is done. A reader looks before and after: if no commit was on its way at
first and none has begun since, what it read is whole; else it reads again.

A load holds the lock of loads until its commit is applied. Whoever gets that lock knows that no
commit is on its way, even where the one who announced it has died.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from graph.errors import StoreBusy, StoreError
from graph.store.neo4j import journal
from graph.store.neo4j.journal import Taken
from graph.store.neo4j.schema import MARKER
from graph.store.neo4j.server import READ_SECONDS, Cypher, Server

PAUSE = 0.05
"""Seconds between two looks at a commit that is on its way."""
PATIENCE = 2.0
"""Seconds after which a reader asks whether the one who announced a commit is still there."""
SETTLE_SECONDS = 5.0
"""How long it waits for the answer at most, before it looks again."""

STATE = "MATCH (c:MaillageCommits {id: $marker}) RETURN c.begun, c.done"
BEGIN = """
MATCH (c:MaillageCommits {id: $marker})
SET c.begun = c.begun + 1
RETURN c.begun
"""
END = """
MATCH (c:MaillageCommits {id: $marker})
WHERE c.done < $number
SET c.done = $number
"""
SETTLE = """
MATCH (c:MaillageCommits {id: $marker})
WHERE c.done < c.begun
SET c.done = c.begun
"""
GONE = "Neo.ClientError.Statement.EntityNotFound"
"""A query came to something that a commit was taking away."""

T = TypeVar("T")


def read_whole(server: Server, work: Callable[[Cypher], T], seconds: float = READ_SECONDS) -> T:
    """Run reads that must see one state of the content.

    Raises
    ------
    StoreBusy
        Loads ended all the time.
    """
    began = time.monotonic()
    while (waited := time.monotonic() - began) < seconds:
        if found := _attempt(server, work):
            return found[0]
        time.sleep(PAUSE)
        if waited > PATIENCE:
            _settle(server)
    raise StoreBusy("neo4j.busy", url=server.address.url)


def _attempt(server: Server, work: Callable[[Cypher], T]) -> tuple[T] | None:
    """Run reads; None if a commit was on its way."""

    def whole(cypher: Cypher) -> tuple[T] | None:
        begun, done = _state(cypher)
        if begun != done:
            return None
        found = work(cypher)
        return (found,) if _state(cypher) == (begun, done) else None

    try:
        return server.read(whole)
    except StoreError as error:
        if getattr(error.__cause__, "code", None) == GONE:
            return None
        raise


def load(server: Server, token: str, work: Callable[[Cypher, Taken], T], *, again: bool) -> T:
    """Run what changes the content in one transaction, alone, its commit announced.

    `again` tells whether `work` may be run once more where the server gave the transaction up.
    """
    announced: list[int] = []

    def alone(cypher: Cypher) -> T:
        taken = journal.lock(cypher, token)
        server.write(lambda beside: beside.rows(SETTLE, marker=MARKER))
        found = work(cypher, taken)
        announced.extend(server.write(_begin))
        return found

    try:
        found = server.write(alone) if again else server.write_once(alone)
    except BaseException:
        if announced:
            _settle(server)
        raise
    _end(server, announced[-1])
    return found


def _state(cypher: Cypher) -> tuple[int, int]:
    begun, done = cypher.rows(STATE, marker=MARKER)[0]
    return begun, done


def _begin(cypher: Cypher) -> list[int]:
    return [number for (number,) in cypher.rows(BEGIN, marker=MARKER)]


def _end(server: Server, number: int) -> None:
    """Say that a commit is done; if that fails the load stands, and readers find out."""
    try:
        server.write(lambda cypher: cypher.rows(END, marker=MARKER, number=number))
    except StoreError:
        return


def _settle(server: Server) -> None:
    """Note that no commit is on its way, once the lock of loads can be had."""

    def alone(cypher: Cypher) -> None:
        journal.lock(cypher, "")
        cypher.rows(SETTLE, marker=MARKER)
        journal.release(cypher)

    try:
        server.write(alone, SETTLE_SECONDS)
    except StoreError:
        # Somebody loads, or the server is gone: the next look tells.
        return
