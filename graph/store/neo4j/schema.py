"""Constraints, indexes and version of a Neo4j store; a database of somebody else is left alone.

Everything here can be done again without harm: two processes may open a new store at once, and
one may be killed in between.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from typing import NamedTuple

from graph.errors import StoreError
from graph.store.neo4j.address import DATABASE
from graph.store.neo4j.server import Cypher, Server
from graph.store.port import SCHEMA_VERSION

OLDEST = (5, 26)
"""The oldest server: the first long-term release of Neo4j 5."""

MARKER = "store"
"""The `id` of the one node ``:Maillage``, by which a database is known as ours."""

CONSTRAINTS = (
    ("maillage_marker", "(n:Maillage) REQUIRE n.id IS UNIQUE"),
    ("maillage_commits", "(n:MaillageCommits) REQUIRE n.id IS UNIQUE"),
    ("maillage_entity", "(n:Entity) REQUIRE n.ref IS UNIQUE"),
    ("maillage_structure", "(n:Structure) REQUIRE n.id IS UNIQUE"),
    ("maillage_cooperation", "(n:Cooperation) REQUIRE n.id IS UNIQUE"),
    ("maillage_membership", "(n:Membership) REQUIRE n.id IS UNIQUE"),
    ("maillage_territory", "(n:Territory) REQUIRE n.id IS UNIQUE"),
    ("maillage_source", "(n:Source) REQUIRE n.id IS UNIQUE"),
    ("maillage_source_record", "(n:SourceRecord) REQUIRE (n.series, n.source) IS UNIQUE"),
    ("maillage_load", "(n:Load) REQUIRE n.id IS UNIQUE"),
    ("maillage_load_token", "(n:Load) REQUIRE n.token IS UNIQUE"),
    ("maillage_geometry", "(n:Geometry) REQUIRE n.digest IS UNIQUE"),
)
INDEXES = (
    ("maillage_kind", "INDEX", "FOR (n:Structure) ON (n.kind)"),
    ("maillage_open", "INDEX", "FOR (n:Structure) ON (n.open_until)"),
    ("maillage_level", "INDEX", "FOR (n:Structure) ON (n.level)"),
    ("maillage_commune", "INDEX", "FOR (n:Structure) ON (n.commune)"),
    ("maillage_legal_entity", "INDEX", "FOR (n:Structure) ON (n.legal_entity)"),
    ("maillage_position", "POINT INDEX", "FOR (n:Structure) ON (n.position)"),
    (
        "maillage_words",
        "FULLTEXT INDEX",
        (
            "FOR (n:Structure) ON EACH [n.words]"
            " OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace',"
            " `fulltext.eventually_consistent`: false}}"
        ),
    ),
    ("maillage_territory_level", "INDEX", "FOR (n:Territory) ON (n.level)"),
    ("maillage_territory_code", "INDEX", "FOR (n:Territory) ON (n.code)"),
    ("maillage_membership_member", "INDEX", "FOR (n:Membership) ON (n.member)"),
    ("maillage_cooperation_type", "INDEX", "FOR (n:Cooperation) ON (n.type)"),
    ("maillage_cooperation_known", "INDEX", "FOR (n:Cooperation) ON (n.known_from)"),
    ("maillage_claim", "INDEX", "FOR ()-[c:STATED_BY]-() ON (c.series, c.load)"),
    ("maillage_claim_geometry", "INDEX", "FOR ()-[c:STATED_BY]-() ON (c.geometry)"),
    ("maillage_member", "INDEX", "FOR ()-[m:MEMBER_OF]-() ON (m.id)"),
    ("maillage_replaced", "INDEX", "FOR (n:ReplacedClaim) ON (n.by_load)"),
    ("maillage_replaced_geometry", "INDEX", "FOR (n:ReplacedClaim) ON (n.geometry)"),
    ("maillage_replaced_source", "INDEX", "FOR (n:ReplacedSource) ON (n.by_load)"),
    ("maillage_loader", "INDEX", "FOR (n:Load) ON (n.loader)"),
    ("maillage_load_series", "INDEX", "FOR (n:Load) ON (n.series)"),
)

VERSION = "MATCH (m:Maillage {id: $marker}) RETURN m.schema"
IS_EMPTY = "MATCH (n) RETURN count(n) = 0"
THERE = """
SHOW INDEXES YIELD name, options
RETURN name, options.indexConfig['fulltext.eventually_consistent']
"""
DROP_WORDS = "DROP INDEX maillage_words IF EXISTS"
"""Text was once indexed after each commit: quicker, but a killed server lost a word once."""
AWAIT = "CALL db.awaitIndexes(300)"
MANY = 1_000
"""How many changes make it worth counting again what the indexes hold."""
COUNT_AGAIN = "CALL db.resampleOutdatedIndexes()"
PLAN_AGAIN = "CALL db.prepareForReplanning(60)"
MARK = """
MERGE (m:Maillage {id: $marker})
ON CREATE SET m.revision = 0, m.loads = 0
SET m.schema = $version
MERGE (c:MaillageCommits {id: $marker})
ON CREATE SET c.begun = 0, c.done = 0
"""
MADE_MEANWHILE = (
    "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists",
    "Neo.ClientError.Schema.IndexAlreadyExists",
    "Neo.ClientError.Schema.ConstraintAlreadyExists",
)
"""``IF NOT EXISTS`` looks before it locks: of two openers at once, one may be told so."""
_VERSION = re.compile(r"/(\d+)\.(\d+)")


class Migration(NamedTuple):
    """How a store of `version` becomes one of the next version: Cypher, run in one transaction."""

    version: int
    cypher: tuple[str, ...]


MIGRATIONS: tuple[Migration, ...] = ()
"""One step for each older version; version 1 is the first."""


def prepare(
    server: Server,
    migrations: Sequence[Migration] = MIGRATIONS,
    target: int = SCHEMA_VERSION,
) -> None:
    """Check that the database can be a store, and make or update what it needs.

    Raises
    ------
    StoreError
        The server is too old, or the database holds something else or is of a newer version.
        It was not touched.
    """
    check_server(server)
    version = server.read(lambda cypher: check_version(cypher, server.address.url, target))
    if version is not None and version != target:
        _migrate(server, migrations, version, target)
    if _make_missing(server) or version is None:
        server.write(lambda cypher: cypher.rows(AWAIT))
        server.write(lambda cypher: cypher.rows(MARK, marker=MARKER, version=target))


def check_server(server: Server) -> None:
    """Refuse a server older than 5.26 (numbers of later servers begin with the year)."""
    agent = server.agent()
    found = _VERSION.search(agent)
    if found and (int(found[1]), int(found[2])) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise StoreError("neo4j.old_server", url=server.address.url, server=agent, oldest=oldest)


def check_version(cypher: Cypher, url: str, target: int = SCHEMA_VERSION) -> int | None:
    """Return the version of the store (None if the database is empty) if it can be used."""
    found = cypher.rows(VERSION, marker=MARKER)
    if not found:
        if not cypher.rows(IS_EMPTY)[0][0]:
            raise StoreError("neo4j.foreign", url=url, variable=DATABASE)
        return None
    version = found[0][0]
    if not isinstance(version, int):
        raise StoreError("neo4j.foreign", url=url, variable=DATABASE)
    if version > target:
        raise StoreError("neo4j.newer", url=url, version=version, supported=target)
    return version


def statements() -> dict[str, str]:
    """Return what makes each constraint and index, by name."""
    made = {
        name: f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR {what}" for name, what in CONSTRAINTS
    }
    for name, kind, what in INDEXES:
        made[name] = f"CREATE {kind} {name} IF NOT EXISTS {what}"
    return made


def count_again(server: Server, *, first: bool) -> None:
    """Let the server plan reads for what it holds now.

    It counts what indexes hold from time to time; until it does, a large load leaves it planning
    for the few things that were there before, and it scans an index where it should seek. After
    the first load of a store that is every plan it has, so all are dropped; later, plans are made
    again by and by (the server looks every ten seconds), and nobody waits for all of them at once.
    """
    text = PLAN_AGAIN if first else COUNT_AGAIN
    # What was loaded is kept, whether the server takes the advice or not.
    with contextlib.suppress(StoreError):
        server.read(lambda cypher: cypher.rows(text))


def _make_missing(server: Server) -> bool:
    """Make the constraints and indexes that are not there; tell whether any was missing."""
    there = dict(server.read(lambda cypher: cypher.rows(THERE)))
    if there.get("maillage_words") is True:
        server.write(lambda cypher: cypher.rows(DROP_WORDS))
        del there["maillage_words"]
    missing = [text for name, text in statements().items() if name not in there]
    for text in missing:
        _make(server, text)
    return bool(missing)


def _make(server: Server, text: str) -> None:
    """Make a constraint or index; it does no harm if another process makes it meanwhile."""
    try:
        server.write(lambda cypher: cypher.rows(text))
    except StoreError as error:
        if getattr(error.__cause__, "code", None) not in MADE_MEANWHILE:
            raise


def _migrate(server: Server, migrations: Sequence[Migration], version: int, target: int) -> None:
    steps = {step.version: step.cypher for step in migrations}
    url = server.address.url
    if missing := [number for number in range(version, target) if number not in steps]:
        raise StoreError("neo4j.older", url=url, version=missing[0], supported=target)

    def work(cypher: Cypher) -> None:
        # Another process may have done it meanwhile.
        for number in range(check_version(cypher, url, target) or target, target):
            for text in steps[number]:
                cypher.rows(text)
        cypher.rows(MARK, marker=MARKER, version=target)

    server.write(work)
