"""A local Neo4j Community server, on the loopback address, with a password.

::

    python scripts/neo4j_server.py start      # fetch it if need be, start it, say how to use it
    python scripts/neo4j_server.py status | stop | wipe
    python scripts/neo4j_server.py run -- COMMAND ...   # servers for the time of a command

Needs Java, and Maven the first time. `MAILLAGE_NEO4J_HOME` says where everything stands.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shlex
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from neo4j_local import access
from neo4j_local.configuration import QUICK_START
from neo4j_local.install import VERSION, server_folder
from neo4j_local.server import Server
from neo4j_local.trouble import ServerTrouble

TEST_ADDRESSES = "MAILLAGE_TEST_NEO4J"


def start(server: Server) -> int:
    """Start the user's server and print the lines that point Maillage to it."""
    there = server.running
    server.start()
    print(f"Neo4j {VERSION} {'runs already' if there else 'has started'}. For Maillage:")
    print(f"  export MAILLAGE_STORE={server.url}")
    print(f"  export MAILLAGE_NEO4J_USER={access.USER}")
    print(f'  export {access.PASSWORD}="$(cat {shlex.quote(str(server.password_file))})"')
    return 0


def stop(server: Server) -> int:
    """Stop the user's server."""
    there = server.running
    server.stop()
    print("Neo4j has stopped; its data are kept." if there else "Neo4j does not run.")
    return 0


def status(server: Server) -> int:
    """Say whether the user's server runs; exit with 0 if so, else 3 as services do."""
    if not server.running:
        print(f"Neo4j does not run; its folder is {server.home}")
        return 3
    print(f"Neo4j {VERSION} runs at {server.url} (process {server.state.pid}) in {server.home}")
    return 0


def wipe(server: Server) -> int:
    """Stop the user's server and remove its data."""
    server.wipe()
    print(f"Neo4j has stopped; {server.home} is removed.")
    return 0


def run(command: list[str], servers: int) -> int:
    """Run a command with empty servers of its own, and stop them whatever happens.

    The command finds their addresses in ``MAILLAGE_TEST_NEO4J`` and the credentials beside it.
    """
    # An ordinary end for a signal, so that the servers are stopped.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    os.environ[access.PASSWORD] = secrets.token_urlsafe(24)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="maillage-neo4j-"))
        addresses = []
        for number in range(servers):
            server = Server(Path(folder) / str(number), port=0, java_options=QUICK_START)
            stack.callback(server.stop)
            server.start()
            addresses.append(server.url)
        told = {
            TEST_ADDRESSES: " ".join(addresses),
            f"{TEST_ADDRESSES}_USER": access.USER,
            f"{TEST_ADDRESSES}_PASSWORD": os.environ.pop(access.PASSWORD),
        }
        print(f"Neo4j {VERSION} runs at {told[TEST_ADDRESSES]}", file=sys.stderr)
        return subprocess.run(command, env=os.environ | told, check=False).returncode


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; what went wrong is said in a line, not a traceback."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--port", type=int, help="port wanted (by default the last, or 7687)")
    parser.add_argument("--heap", default="3g", help="memory of the server (%(default)s)")
    actions = parser.add_subparsers(dest="action", required=True)
    single = {action.__name__: action for action in (start, stop, status, wipe)}
    for name, action in single.items():
        actions.add_parser(name, help=str(action.__doc__))
    runs = actions.add_parser("run", help="servers for the time of a command")
    runs.add_argument("--servers", type=int, default=1, help="how many (%(default)s)")
    runs.add_argument("command", nargs="+")
    asked = parser.parse_args(arguments)
    try:
        if asked.action == "run":
            return run(asked.command, asked.servers)
        return single[asked.action](Server(server_folder(), port=asked.port, heap=asked.heap))
    except ServerTrouble as trouble:
        print(f"neo4j_server: {trouble}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
