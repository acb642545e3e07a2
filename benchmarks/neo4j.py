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
are prepared beforehand; the store's time includes encoding. Python looks for no reference cycles
meanwhile, as in a load of the program. The server compiles what it runs often: a peer runs its
query thousands of times a round, the store and ``LOAD CSV`` a few times, so they get more rounds.
All take turns: none is measured on a colder server, and other work of the machine hits none alone.
All have the store's constraints and indexes.

**Read.** A network filtered by kind and territory, and an ego network of 500 nodes at most. The
server's time is what its summaries say, bytes are counted by a relay in a second pass.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve()
ROOT = HERE.parent.parent
# This file has the name of the driver's package: its folder must not be searched.
sys.path[0] = str(ROOT)
sys.path.append(str(ROOT / "scripts"))

from neo4j import GraphDatabase  # noqa: E402 - needs the path above

from benchmarks.neo4j_loads import compare_loads  # noqa: E402
from benchmarks.neo4j_reads import Relay, grow  # noqa: E402
from graph.store.neo4j import Neo4jStore  # noqa: E402
from neo4j_local.server import Server  # noqa: E402

ROWS = 5_000
SIZES = (1_000, 10_000, 100_000)


@contextmanager
def own_server(folder: Path, heap: str) -> Iterator[Server]:
    """Start a server that may read files of `folder`; wipe it at the end."""
    imports = folder / "import"
    imports.mkdir()
    server = Server(
        folder / "server",
        port=0,
        heap=heap,
        java_options=(f"-Xms{heap}",),  # as compose.yaml does
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
            merge = compare_loads(store, direct, Path(name) / "import", given.rows)
            grow(store, direct, relayed, relay, given.size or SIZES, merge)
        store.close()


if __name__ == "__main__":
    main()
