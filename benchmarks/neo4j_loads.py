"""The same rows loaded by the store and by what one would write without it (see neo4j.py)."""

from __future__ import annotations

import csv
import gc
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from neo4j import Driver, Session

from benchmarks.neo4j_content import batch, structures
from graph.model import StructureClaim
from graph.store.neo4j import Neo4jStore, things
from graph.store.neo4j.claims import FIELDS, Written, fields_of

WARM_UP = 1_000
TURNS = 3
ROW_ROUNDS, LOAD_ROUNDS = 1, 10
"""Rounds of a turn; the best counts: on a machine that does other work, the least disturbed one."""
GOAL = 30.0
CSV, SAME = "LOAD CSV, same content", "MERGE a row, same content"
OPEN = {"open_from": date.min, "open_until": date.max}
"""What a query of the store fills in where a row says nothing of openings and closings."""

NODE_ALONE = "MERGE (s:Structure {id: $id}) SET s += $properties, s.position = point($point)"
ROW = """
MERGE (e:Entity {ref: $ref}) SET e:Structure, e += $properties, e.position = point($point)
MERGE (s:Source {id: $source})
MERGE (e)-[c:STATED_BY]->(s) SET c += $claim
MERGE (t:Entity {ref: $place}) MERGE (e)-[:LOCATED_IN]->(t)
MERGE (j:Entity {ref: $owner}) MERGE (e)-[:MANAGED_BY]->(j)
"""
LOAD_CSV = """
LOAD CSV WITH HEADERS FROM 'file:///rows.csv' AS r
CALL (r) {
    MERGE (e:Entity {ref: r.ref})
    SET e:Structure, e += {id: r.id, name: r.name, kind: r.kind,
        level: r.level, category: r.category, commune: r.commune, address: r.address,
        precision: r.precision, legal_entity: r.legal_entity, words: r.words,
        name_end: toInteger(r.name_end), name_length: toInteger(r.name_length),
        open_from: date(r.open_from), open_until: date(r.open_until),
        position: point({longitude: toFloat(r.longitude), latitude: toFloat(r.latitude)})}
    MERGE (s:Source {id: r.source})
    MERGE (e)-[c:STATED_BY]->(s)
    SET c += {series: r.series, part: r.part, load: toInteger(r.load), locator: r.locator,
        stated: toInteger(r.stated), placed: toInteger(r.placed), payload: r.payload}
    MERGE (t:Entity {ref: r.place}) MERGE (e)-[:LOCATED_IN]->(t)
    MERGE (j:Entity {ref: r.owner}) MERGE (e)-[:MANAGED_BY]->(j)
} IN TRANSACTIONS OF 1000 ROWS
"""
WIPE = """
MATCH (n) WHERE NOT n:Maillage AND NOT n:MaillageCommits
CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS
"""


def peer_row(claim: StructureClaim) -> dict[str, Any]:
    """Return the parameters of :data:`ROW`: all that the store writes of a claim."""
    stated = Written("structure", claim, "peer", 1)
    own = things.row_of("structure", stated.ref, things.Shown(claim, None), {})
    known = dict(zip(things.COLUMNS["structure"], own, strict=True)) | OPEN
    longitude, latitude = known.pop("position")
    fields = dict(zip(FIELDS, fields_of(stated), strict=True))
    return {
        "ref": stated.ref,
        "id": claim.id,
        "properties": _filled(known),
        "point": {"longitude": longitude, "latitude": latitude},
        "source": claim.source,
        "claim": _filled(fields),
        "place": f"territory:commune:{claim.commune}",
        "owner": f"structure:{claim.legal_entity}",
    }


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def row_by_row(session: Session, text: str, rows: Sequence[dict[str, Any]]) -> None:
    """Run one auto-commit transaction for each row."""
    for row in rows:
        session.run(text, row).consume()


def write_csv(file: Path, claims: Sequence[StructureClaim]) -> None:
    """Write the file that ``LOAD CSV`` reads."""
    rows = [_flat(peer_row(claim)) for claim in claims]
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    plain = {name: row[name] for name in ("source", "place", "owner")}
    return {**row["properties"], **row["point"], **row["claim"], **plain}


class Way(NamedTuple):
    """A way to load rows: its name, its rounds, and what prepares the work that is timed."""

    name: str
    rounds: int
    prepare: Callable[[list[StructureClaim]], Callable[[], object]]


def ways(store: Neo4jStore, session: Session) -> list[Way]:
    """Return the store, ``LOAD CSV``, and the peers that write row by row."""

    def merges(text: str) -> Callable[[list[StructureClaim]], Callable[[], object]]:
        def prepare(claims: list[StructureClaim]) -> Callable[[], object]:
            rows = [peer_row(claim) for claim in claims]
            return lambda: row_by_row(session, text, rows)

        return prepare

    return [
        Way("maillage", LOAD_ROUNDS, lambda claims: lambda: store.apply(batch(claims))),
        Way(CSV, LOAD_ROUNDS, lambda _: lambda: session.run(LOAD_CSV).consume()),
        Way(SAME, ROW_ROUNDS, merges(ROW)),
        Way("MERGE a row, node alone", ROW_ROUNDS, merges(NODE_ALONE)),
    ]


def compare_loads(store: Neo4jStore, driver: Driver, folder: Path, count: int) -> float:
    """Print how long the same rows take each way; each way begins with an empty store.

    Returns
    -------
    float
        Seconds that one ``MERGE`` of the same content takes, by which larger loads are judged.
    """
    best: dict[str, float] = {}
    with driver.session(database="neo4j") as session:
        for turn in range(TURNS + 1):
            for way in ways(store, session):
                rows = count if turn else WARM_UP
                seconds = min(measured(session, way, folder, rows))
                if turn:
                    best[way.name] = min(best.get(way.name, seconds), seconds)
        empty(session)
    ours = best.pop("maillage")
    print(f"load of {count} rows: maillage {ours:.2f} s ({ours / count * 1e3:.2f} ms a row)")
    for name, seconds in best.items():
        goal = "" if name == CSV else f" (goal {GOAL:g})"
        print(f"  {name:<28}{seconds:>8.2f} s   {seconds / ours:>6.1f}x{goal}", flush=True)
    return best[SAME] / count


def measured(session: Session, way: Way, folder: Path, count: int) -> Iterator[float]:
    """Yield the seconds of each round of a turn of `way`."""
    for _ in range(way.rounds):
        claims = structures(count)
        write_csv(folder / "rows.csv", claims)
        empty(session)
        yield took(way.prepare(claims))


def took(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes, reference cycles left alone."""
    gc.collect()
    gc.disable()
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    gc.enable()
    return seconds


def empty(session: Session) -> None:
    """Remove all that was loaded."""
    session.run(WIPE).consume()
