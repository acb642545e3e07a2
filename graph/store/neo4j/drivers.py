"""Drivers: one a process for each server and user, however many stores are open."""

from __future__ import annotations

import logging
import threading
from typing import Any

import msgspec
from neo4j import Driver, GraphDatabase, NotificationMinimumSeverity
from neo4j.api import BookmarkManager

from graph.store.neo4j.address import Login

CONNECT_SECONDS = 5.0
"""How long a server that does not answer is waited for."""
ACQUIRE_SECONDS = 30.0
"""How long a read waits for one of the connections."""
RETRY_SECONDS = 10.0
"""How long an action that may be repeated safely is repeated: a server that restarts comes back."""
CONNECTIONS = 50


# What the driver tells of its attempts is for those who set up a log, not for the terminal.
logging.getLogger("neo4j").addHandler(logging.NullHandler())


class Lent(msgspec.Struct):
    """A driver, what its sessions have seen of the server's writes, and how many use it."""

    driver: Driver
    bookmarks: BookmarkManager
    users: int = 0


Key = tuple[str, Login]

_lent: dict[Key, Lent] = {}
_lock = threading.Lock()


def lend(uri: str, login: Login) -> Lent:
    """Return the driver for a server and user, made if there is none yet."""
    with _lock:
        if (lent := _lent.get((uri, login))) is None:
            lent = _lent[uri, login] = Lent(_driver(uri, login), GraphDatabase.bookmark_manager())
        lent.users += 1
        return lent


def give_back(uri: str, login: Login) -> None:
    """Take a driver back; the last user's leaving closes it."""
    with _lock:
        lent = _lent[uri, login]
        lent.users -= 1
        if lent.users:
            return
        del _lent[uri, login]
    lent.driver.close()


def open_drivers() -> int:
    """Return how many drivers this process holds."""
    return len(_lent)


def _driver(uri: str, login: Login) -> Driver:
    settings: dict[str, Any] = {
        "auth": None if login.password is None else (login.user, login.password),
        "user_agent": "maillage",
        "connection_timeout": CONNECT_SECONDS,
        "connection_acquisition_timeout": ACQUIRE_SECONDS,
        "max_transaction_retry_time": RETRY_SECONDS,
        "max_connection_pool_size": CONNECTIONS,
        "liveness_check_timeout": 30.0,
        "notifications_min_severity": NotificationMinimumSeverity.OFF,
        "telemetry_disabled": True,
    }
    return GraphDatabase.driver(uri, **settings)
