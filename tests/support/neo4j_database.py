"""An empty database on a Neo4j server for one test; never one that is somebody else's."""

from __future__ import annotations

import os

from neo4j import Driver, GraphDatabase

from graph.store.neo4j.address import DEFAULT_DATABASE, parse
from graph.store.neo4j.store import Neo4jStore

OURS = "MATCH (m:Maillage {id: 'store'}) RETURN m.test = true"
COUNT = "MATCH (n) RETURN count(n)"
EMPTY = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS"
MARK = "MATCH (m:Maillage {id: 'store'}) SET m.test = true"


class NotOursError(Exception):
    """The database holds something that no test put there: it was not touched."""


def driver(url: str) -> Driver:
    user, password = os.environ["MAILLAGE_NEO4J_USER"], os.environ["MAILLAGE_NEO4J_PASSWORD"]
    return GraphDatabase.driver(parse(url).uri, auth=(user, password))


def run(url: str, cypher: str, **values: object) -> list[list[object]]:
    """Run Cypher beside the store, in a transaction of its own."""
    with driver(url) as opened, opened.session(database=DEFAULT_DATABASE) as session:
        return session.run(cypher, values).values()  # type: ignore[arg-type]


def wipe(url: str) -> None:
    """Empty the database if it holds a test's store, or is empty already.

    Raises
    ------
    NotOursError
        It holds something else.
    """
    if run(url, COUNT) == [[0]]:
        return
    if run(url, OURS) != [[True]]:
        raise NotOursError(url)
    run(url, EMPTY)


def empty_store(url: str) -> str:
    """Leave an empty store that is marked as a test's; return its URL."""
    wipe(url)
    Neo4jStore(url).close()
    run(url, MARK)
    return url
