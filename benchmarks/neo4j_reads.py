"""Reads of a network of growing size: time in all, on the server, bytes (see neo4j.py)."""

from __future__ import annotations

import contextlib
import math
import socket  # noqa: TID251 - a relay on this machine counts bytes
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from neo4j import Driver, Session

from benchmarks.neo4j_content import HUB, batch, network
from benchmarks.neo4j_loads import empty, took
from graph.store.neo4j import Neo4jStore, reader, walks
from graph.store.neo4j.server import Cypher
from graph.store.port import EgoQuery, StructureQuery, TieFilter

ROUNDS = 5
SLOPE_GOAL = 1.15
DAY = date(2026, 11, 22)


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
    store: Neo4jStore,
    direct: Driver,
    relayed: Driver,
    relay: Relay,
    sizes: Sequence[int],
    merge: float,
) -> None:
    """Load networks of growing size, read them, and print times and slopes.

    A load is beside as many times `merge`, the seconds of one ``MERGE`` a claim.
    """
    loads: dict[int, float] = {}
    reads: dict[int, dict[str, dict[str, float]]] = {}
    for size in sizes:
        with direct.session(database="neo4j") as session:
            empty(session)
        claims = list(network(size))
        loads[size] = took(lambda claims=claims: store.apply(batch(claims)))
        times = merge * len(claims) / loads[size]
        print(
            f"{size:>7} structures: loaded in {loads[size]:.1f} s ({len(claims)} claims,"
            f" MERGE a claim scaled {times:.1f}x)"
        )
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


def slope(points: dict[int, float]) -> float:
    """Return the slope of the least-squares line through the points, both axes logarithmic."""
    xs, ys = [math.log(size) for size in points], [math.log(item) for item in points.values()]
    middle_x, middle_y = statistics.mean(xs), statistics.mean(ys)
    up = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    return up / sum((x - middle_x) ** 2 for x in xs)
