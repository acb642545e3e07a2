"""The Neo4j store beside what one would write without it (DESIGN.md section 9).

    python benchmarks/neo4j.py                    loads of 5,000 rows, reads at 1,000 to 100,000
    python benchmarks/neo4j.py --size 1000 --size 10000 --rows 1000

It starts a Neo4j Community server of its own (Java needed), with the constraints and indexes of
the store, and wipes it at the end. Nothing here is a timed test: ratios are printed.

**Load.** A load of the store is beside three peers, on the same server, after a warm-up of each:
one auto-commit ``MERGE`` per row that writes the node alone; one that writes the node, its claim
with its source, its commune and its legal entity, as the store does; and ``LOAD CSV`` in
transactions of 1,000 rows, which writes the same. The store does more than these: it compares
with what it holds, records the load so that it can be undone, and commits once. The peers' rows
are prepared beforehand; the store's time includes encoding.

**Read.** A network filtered by kind and territory, and an ego network of 500 nodes at most. The
server's time is what its summaries say, bytes are counted by a relay in a second pass.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import math
import os
import socket  # noqa: TID251 - a relay on this machine counts bytes
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
ROOT = HERE.parent.parent
# This file has the name of the driver's package: its folder must not be searched.
sys.path[0] = str(ROOT)
sys.path.append(str(ROOT / "scripts"))

from neo4j import Driver, GraphDatabase, Session  # noqa: E402 - needs the path above

from graph.model import (  # noqa: E402
    AnyClaim,
    CooperationClaim,
    Party,
    SourceRecord,
    StructureClaim,
    TerritoryClaim,
)
from graph.store.encoding import encode  # noqa: E402
from graph.store.neo4j import Neo4jStore, reader, things, walks  # noqa: E402
from graph.store.neo4j.server import Cypher  # noqa: E402
from graph.store.port import (  # noqa: E402
    EgoQuery,
    LoadBatch,
    ReadReport,
    StructureQuery,
    TieFilter,
)
from neo4j_local.server import Server  # noqa: E402

ROWS = 5_000
WARM_UP = 1_000
SIZES = (1_000, 10_000, 100_000)
ROUNDS = 5
LOAD_ROUNDS = 2
"""The best round counts: on a machine that does other work, the least disturbed one."""
LOAD_GOAL = 30.0
SLOPE_GOAL = 1.15
COMMUNES, ARRONDISSEMENTS = 500, 50
HUB, HUB_AGREEMENTS = 5, 150
"""A register is an ego network: one structure is party to its agreements, whatever the size."""
KINDS = ("EHPAD", "CLINIQUE", "HOPITAL", "CMS")
DAY = date(2026, 11, 22)
SOURCE = SourceRecord(id="synthetic", family="finess", title="Synthetic")
PROPERTIES = (
    *("id", "name", "kind", "level", "category", "commune", "address", "legal_entity"),
    *("words", "open_from", "open_until"),
)
"""Those that people filter by or look for: each index of the store has its work."""

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
    MERGE (e:Entity {ref: 'structure:' + r.id})
    SET e:Structure, e += {id: r.id, name: r.name, kind: r.kind, level: r.level,
        category: r.category, commune: r.commune, address: r.address, legal_entity: r.legal_entity,
        words: r.words, open_from: date(r.open_from), open_until: date(r.open_until),
        position: point({longitude: toFloat(r.longitude), latitude: toFloat(r.latitude)})}
    MERGE (s:Source {id: 'synthetic'})
    MERGE (e)-[c:STATED_BY]->(s) SET c += {series: 'peer', locator: r.locator, payload: r.payload}
    MERGE (t:Entity {ref: 'territory:commune:' + r.commune}) MERGE (e)-[:LOCATED_IN]->(t)
    MERGE (j:Entity {ref: 'structure:' + r.legal_entity}) MERGE (e)-[:MANAGED_BY]->(j)
} IN TRANSACTIONS OF 1000 ROWS
"""
WIPE = """
MATCH (n) WHERE NOT n:Maillage AND NOT n:MaillageCommits
CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS
"""


def structures(count: int, first: int = 0) -> list[StructureClaim]:
    """Return synthetic establishments, ten to a legal entity."""
    return [
        StructureClaim(
            id=f"{990_000_000 + number}",
            source=SOURCE.id,
            locator=f"ligne {number}",
            name=f"Établissement synthétique {number}",
            kind=KINDS[number % len(KINDS)],
            level="ET",
            category="500",
            commune=f"{99_000 + number % COMMUNES}",
            address=f"{number % 200} rue de l’Essai",
            longitude=2.0 + number % 1000 / 1000,
            latitude=48.0 + number % 997 / 1000,
            precision="adresse",
            legal_entity=f"{980_000_000 + number // 10}",
        )
        for number in range(first, first + count)
    ]


def network(size: int) -> Iterator[AnyClaim]:
    """Return `size` structures, their communes, and an agreement of three for every five."""
    for number in range(ARRONDISSEMENTS):
        yield _territory("arrondissement", f"9{number:02}", ())
    for number in range(COMMUNES):
        parent = f"arrondissement:9{number % ARRONDISSEMENTS:02}"
        yield _territory("commune", f"{99_000 + number}", (parent,))
    yield from structures(size)
    for number in range(size // 5):
        parties = {(number * 5 + step) % size for step in (0, 1, 7)}
        if number < HUB_AGREEMENTS:
            parties.add(HUB)
        yield CooperationClaim(
            id=f"conv-{number}",
            source=SOURCE.id,
            locator=f"ligne {number}",
            title=f"Convention {number}",
            type="convention_cadre",
            signed="2020-01-01",
            parties=tuple(Party(structure=f"{990_000_000 + party}") for party in sorted(parties)),
        )


def _territory(level: str, code: str, parents: tuple[str, ...]) -> TerritoryClaim:
    return TerritoryClaim(
        id=f"{level}:{code}",
        source=SOURCE.id,
        locator=code,
        level=level,
        code=code,
        name=f"{level} {code}",
        parents=parents,
    )


def batch(claims: Sequence[AnyClaim]) -> LoadBatch:
    """Return one load of `claims`."""
    report = ReadReport(read=len(claims), kept=len(claims))
    return LoadBatch(
        loader="finess",
        series="finess:bench",
        sources=(SOURCE,),
        claims=list(claims),
        report=report,
    )


def peer_row(claim: StructureClaim) -> dict[str, Any]:
    """Return the parameters of :data:`ROW`: the values that the store's own node would have."""
    own = things.row_of("structure", "", things.Shown(claim, None, claim.source), {})
    known = dict(zip(things.COLUMNS["structure"], own, strict=True))
    return {
        "ref": f"structure:{claim.id}",
        "id": claim.id,
        "properties": {name: known[name] for name in PROPERTIES},
        "point": {"longitude": claim.longitude, "latitude": claim.latitude},
        "source": claim.source,
        "claim": {"series": "peer", "locator": claim.locator, "payload": encode(claim)},
        "place": f"territory:commune:{claim.commune}",
        "owner": f"structure:{claim.legal_entity}",
    }


def row_by_row(session: Session, text: str, rows: Sequence[dict[str, Any]]) -> None:
    """Run one auto-commit transaction for each row."""
    for row in rows:
        session.run(text, row).consume()


def write_csv(file: Path, claims: Sequence[StructureClaim]) -> None:
    """Write the file that ``LOAD CSV`` reads."""
    names = [*PROPERTIES, "longitude", "latitude", "locator", "payload"]
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        for claim in claims:
            row = peer_row(claim)
            stated = {name: row["claim"][name] for name in names[-2:]}
            writer.writerow({**row["properties"], **row["point"], **stated})


def took(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def compare_loads(store: Neo4jStore, driver: Driver, folder: Path, count: int) -> None:
    """Print how long the same rows take each way; each way begins with an empty store."""
    with driver.session(database="neo4j") as session:

        def merges(text: str) -> Callable[[list[StructureClaim]], Callable[[], object]]:
            def prepare(claims: list[StructureClaim]) -> Callable[[], object]:
                rows = [peer_row(claim) for claim in claims]
                return lambda: row_by_row(session, text, rows)

            return prepare

        ways: dict[str, Callable[[list[StructureClaim]], Callable[[], object]]] = {
            "maillage, one load": lambda claims: lambda: store.apply(batch(claims)),
            "LOAD CSV, same content": lambda _: lambda: session.run(LOAD_CSV).consume(),
            "MERGE a row, same content": merges(ROW),
            "MERGE a row, node alone": merges(NODE_ALONE),
        }
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for rows in (WARM_UP, *[count] * LOAD_ROUNDS):
            claims = structures(rows)
            write_csv(folder / "rows.csv", claims)
            for name, prepare in ways.items():
                session.run(WIPE).consume()
                seconds[name].append(took(prepare(claims)))
        session.run(WIPE).consume()
    best = {name: min(found[1:]) for name, found in seconds.items()}
    ours = best.pop("maillage, one load")
    print(f"load of {count} rows: maillage {ours:.2f} s ({ours / count * 1e3:.2f} ms a row)")
    for name, other in best.items():
        goal = f" (goal {LOAD_GOAL:g})" if name.startswith("MERGE") else ""
        print(f"  {name:<28}{other:>8.2f} s   {other / ours:>6.1f}x{goal}", flush=True)


class Summing:
    """Runs Cypher as the store does, and adds up what the server says that it took."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.server_ms = 0
        self.rows_read = 0

    def rows(self, text: str, /, **values: object) -> list[list[Any]]:
        """Run `text` with `values` as parameters and return the rows."""
        result = self._session.run(text, values)
        found = result.values()
        summary = result.consume()
        self.server_ms += (summary.result_available_after or 0) + (
            summary.result_consumed_after or 0
        )
        self.rows_read += len(found)
        return found


class Relay:
    """Passes bytes between the driver and the server, and counts those that come back."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.received = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            near, _ = self._listening.accept()
            far = socket.create_connection(("127.0.0.1", self._to))
            for start, end, weight in ((near, far, 0), (far, near, 1)):
                threading.Thread(target=self._pass, args=(start, end, weight), daemon=True).start()

    def _pass(self, start: socket.socket, end: socket.socket, weight: int) -> None:
        with contextlib.suppress(OSError):  # either side may end first
            while data := start.recv(65_536):
                self.received += len(data) * weight
                end.sendall(data)
        end.close()


QUERIES: tuple[tuple[str, Callable[[Cypher], Any]], ...] = (
    (
        "filtered network",
        lambda cypher: reader.read_structures(
            cypher,
            StructureQuery(
                kinds=frozenset({"EHPAD"}),
                territories=frozenset({"arrondissement:900"}),
                open_on=DAY,
            ),
        ),
    ),
    (
        "ego network",
        lambda cypher: walks.read_neighbourhood(
            cypher,
            EgoQuery(ids=frozenset({f"{990_000_000 + HUB}"}), depth=2, ties=TieFilter(on=DAY)),
        ),
    ),
)


def measure_reads(direct: Driver, relayed: Driver, relay: Relay) -> dict[str, dict[str, float]]:
    """Return, for each query, seconds in all, server's milliseconds, rows and bytes."""
    found = {}
    for name, ask in QUERIES:
        totals, server, rows, answer = [], [], 0, None
        with direct.session(database="neo4j") as session:
            for number in range(ROUNDS + 1):
                summing = Summing(session)
                began = time.perf_counter()
                answer = ask(summing)
                if number:  # the first one plans the queries
                    totals.append(time.perf_counter() - began)
                    server.append(summing.server_ms)
                rows = summing.rows_read
        with relayed.session(database="neo4j") as session:
            ask(Summing(session))
            before = relay.received
            ask(Summing(session))
            bytes_read = relay.received - before
        things = len(answer.distances) if hasattr(answer, "distances") else len(answer or ())
        found[name] = {
            "seconds": statistics.median(totals),
            "server_ms": statistics.median(server),
            "rows": rows,
            "things": things,
            "bytes": bytes_read,
        }
    return found


def grow(
    store: Neo4jStore, direct: Driver, relayed: Driver, relay: Relay, sizes: Sequence[int]
) -> None:
    """Load networks of growing size, read them, and print times and slopes."""
    loads: dict[int, float] = {}
    reads: dict[int, dict[str, dict[str, float]]] = {}
    for size in sizes:
        _wipe(direct)
        claims = list(network(size))
        loads[size] = took(lambda claims=claims: store.apply(batch(claims)))
        print(f"{size:>7} structures: loaded in {loads[size]:.1f} s ({len(claims)} claims)")
        reads[size] = measure_reads(direct, relayed, relay)
        for name, item in reads[size].items():
            print(
                f"        {name:<18}{item['things']:>6.0f} found,"
                f" server {item['server_ms']:>5.0f} ms, in all {item['seconds'] * 1e3:>6.0f} ms,"
                f" {item['bytes'] / 1e3:>8.1f} kB",
                flush=True,
            )
    if len(sizes) > 1:
        print(f"growth of load: slope {slope(loads):.2f} (goal {SLOPE_GOAL})")
        for name, _ in QUERIES:
            spent = {size: reads[size][name]["seconds"] for size in sizes}
            answered = {size: max(reads[size][name]["bytes"], 1.0) for size in sizes}
            print(f"growth of {name}: time {slope(spent):.2f}, bytes {slope(answered):.2f}")


def _wipe(driver: Driver) -> None:
    with driver.session(database="neo4j") as session:
        session.run(WIPE).consume()


def slope(points: dict[int, float]) -> float:
    """Return the slope of the least-squares line through the points, both axes logarithmic."""
    xs, ys = [math.log(size) for size in points], [math.log(item) for item in points.values()]
    middle_x, middle_y = statistics.mean(xs), statistics.mean(ys)
    up = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    return up / sum((x - middle_x) ** 2 for x in xs)


@contextmanager
def own_server(folder: Path, heap: str) -> Iterator[Server]:
    """Start a server that may read files of `folder`; wipe it at the end."""
    imports = folder / "import"
    imports.mkdir()
    server = Server(
        folder / "server",
        port=0,
        heap=heap,
        more={
            "server.directories.import": str(imports),
            "server.memory.pagecache.size": "512m",
        },
    )
    try:
        server.start()
        yield server
    finally:
        server.kill()
        server.wipe()


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--rows", type=int, default=ROWS, help="rows of the loads compared")
    parser.add_argument("--size", action="append", type=int, help="structures of a network read")
    parser.add_argument("--heap", default="4g", help="memory of the server (%(default)s)")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="maillage-neo4j-bench-") as name,
        own_server(Path(name), given.heap) as server,
    ):
        os.environ |= {"MAILLAGE_NEO4J_USER": "neo4j", "MAILLAGE_NEO4J_PASSWORD": server.password}
        store = Neo4jStore(server.url)
        relay = Relay(server.state.port or 0)
        login = ("neo4j", server.password)
        with (
            GraphDatabase.driver(server.url, auth=login) as direct,
            GraphDatabase.driver(f"bolt://127.0.0.1:{relay.port}", auth=login) as relayed,
        ):
            compare_loads(store, direct, Path(name) / "import", given.rows)
            grow(store, direct, relayed, relay, given.size or SIZES)
        store.close()


if __name__ == "__main__":
    main()
