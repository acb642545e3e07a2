"""What a local server is told: its settings file, its Java options, its port."""

from __future__ import annotations

import socket  # noqa: TID251 - asks the system for a free port; nothing is sent
from collections.abc import Mapping
from pathlib import Path

LOOPBACK = "127.0.0.1"
USUAL_PORT = 7687

SETTINGS = {
    "server.default_listen_address": LOOPBACK,
    "server.http.enabled": "false",
    "server.https.enabled": "false",
    "dbms.security.auth_enabled": "true",
    "dbms.usage_report.enabled": "false",
    # A query's text and parameters are nobody's business but the database's.
    "db.logs.query.enabled": "OFF",
    "server.memory.pagecache.size": "128m",
    # The server waits ten seconds for nothing when it stops; these let it go at once.
    "internal.server.bolt.thread_pool_shutdown_wait_time": "1s",
    "internal.dbms.bolt.netty_server_shutdown_quiet_period": "0",
}
"""Settings of every local server; nobody outside this machine can reach it."""

QUICK_START = ("-XX:TieredStopAtLevel=1",)
"""Java options of a server for tests: half the time to start, slower when it runs for long."""


def settings(port: int, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return all settings of a server on `port`; `more` come last and win."""
    bolt = f"{LOOPBACK}:{port}"
    addresses = {"server.bolt.listen_address": bolt, "server.bolt.advertised_address": bolt}
    return SETTINGS | addresses | dict(more or {})


def write_settings(folder: Path, values: Mapping[str, str]) -> None:
    """Write ``neo4j.conf`` into the `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{name}={value}\n" for name, value in values.items())
    (folder / "neo4j.conf").write_text(lines, encoding="utf-8")


def is_free(port: int) -> bool:
    """Tell whether nobody listens on the loopback `port`."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def any_free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as asked:
        asked.bind((LOOPBACK, 0))
        return int(asked.getsockname()[1])


def choose_port(wanted: int | None) -> int:
    """Return the `wanted` port (by default Neo4j's usual one) if it is free, else another."""
    port = USUAL_PORT if wanted is None else wanted
    return port if port and is_free(port) else any_free_port()
