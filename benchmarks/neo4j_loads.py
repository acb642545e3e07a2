"""The same rows loaded by the store and by what one would write without it (see neo4j.py)."""

from __future__ import annotations

import csv
import gc
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from neo4j import Driver, Session

from benchmarks.neo4j_content import batch, structures
from graph.model import StructureClaim
from graph.store.encoding import encode
from graph.store.neo4j import Neo4jStore, things
from graph.store.neo4j.claims import FIELDS, fields_of, written

WARM_UP = 1_000
ROW_ROUNDS, LOAD_ROUNDS = 2, 20
"""The best round counts: on a machine that does other work, the least disturbed one."""
GOAL = 30.0
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
    stated = written("structure", claim, encode(claim), "peer", 1)
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


def ways(store: Neo4jStore, session: Session) -> tuple[list[Way], list[Way]]:
    """Return the store and ``LOAD CSV``, and the peers that write row by row."""

    def merges(text: str) -> Callable[[list[StructureClaim]], Callable[[], object]]:
        def prepare(claims: list[StructureClaim]) -> Callable[[], object]:
            rows = [peer_row(claim) for claim in claims]
            return lambda: row_by_row(session, text, rows)

        return prepare

    in_bulk = [
        Way("maillage", LOAD_ROUNDS, lambda claims: lambda: store.apply(batch(claims))),
        Way("LOAD CSV", LOAD_ROUNDS, lambda _: lambda: session.run(LOAD_CSV).consume()),
    ]
    by_row = [
        Way("MERGE a row, same content", ROW_ROUNDS, merges(ROW)),
        Way("MERGE a row, node alone", ROW_ROUNDS, merges(NODE_ALONE)),
    ]
    return in_bulk, by_row


def compare_loads(store: Neo4jStore, driver: Driver, folder: Path, count: int) -> None:
    """Print how long the same rows take each way; each way begins with an empty store."""
    with driver.session(database="neo4j") as session:
        in_bulk, by_row = ways(store, session)
        best = measured(session, in_bulk, folder, count)
        ours, csv_seconds = best["maillage"], best["LOAD CSV"]
        print(f"load of {count} rows: maillage {ours:.2f} s ({ours / count * 1e3:.2f} ms a row)")
        print(
            f"  {'LOAD CSV, same content':<28}{csv_seconds:>8.2f} s   {csv_seconds / ours:>6.1f}x"
        )
        for name, seconds in measured(session, by_row, folder, count).items():
            times = f"{seconds:>8.2f} s   {seconds / ours:>6.1f}x (goal {GOAL:g})"
            print(f"  {name:<28}{times}", flush=True)
        empty(session)


def measured(session: Session, found: Iterable[Way], folder: Path, count: int) -> dict[str, float]:
    """Return the seconds of the best round of each way, after a round that warms it up."""
    best: dict[str, float] = {}
    for way in found:
        for turn in range(way.rounds + 1):
            claims = structures(count if turn else WARM_UP)
            write_csv(folder / "rows.csv", claims)
            empty(session)
            seconds = took(way.prepare(claims))
            if turn:
                best[way.name] = min(best.get(way.name, seconds), seconds)
    return best


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
