"""What Neo4j and its driver could not do, in our own words; never with a password in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    ConnectionAcquisitionTimeoutError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from graph.errors import StoreBusy, StoreError
from graph.store.neo4j.address import DATABASE, PASSWORD, USER, Address

MEMORY = (
    "Neo.TransientError.General.MemoryPoolOutOfMemoryError",
    "Neo.TransientError.General.TransactionOutOfMemoryError",
    "Neo.TransientError.General.OutOfMemoryError",
    "Neo.TransientError.General.TransactionMemoryLimit",
)
"""The server has no memory for a transaction of this size: doing it again would not help."""

MEMORY_SETTINGS = "dbms.memory.transaction.total.max, db.memory.transaction.max"

TIMED_OUT = (
    "Neo.ClientError.Transaction.TransactionTimedOut",
    "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration",
    "Neo.ClientError.Transaction.Terminated",
    "Neo.ClientError.Transaction.LockClientStopped",
    "Neo.TransientError.Transaction.LockAcquisitionTimeout",
)

BROKEN_OFF = "Neo.DatabaseError.Transaction.TransactionLogError"
_STOPPED = "critical error"
"""A disk that is full where the server writes its log stops the database until a restart."""

_CODES = {
    "Neo.ClientError.Security.CredentialsExpired": "neo4j.password_expired",
    "Neo.ClientError.Security.AuthenticationRateLimit": "neo4j.too_many_attempts",
    **dict.fromkeys(MEMORY, "neo4j.memory"),
    **dict.fromkeys(TIMED_OUT, "neo4j.timeout"),
    BROKEN_OFF: "neo4j.stopped",
    "Neo.ClientError.Database.DatabaseNotFound": "neo4j.no_database",
    "Neo.TransientError.Database.DatabaseUnavailable": "neo4j.unavailable",
    "Neo.TransientError.General.DatabaseUnavailable": "neo4j.unavailable",
    "Neo.ClientError.Security.Forbidden": "neo4j.forbidden",
    "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase": "neo4j.forbidden",
    "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase": "neo4j.forbidden",
    "Neo.ClientError.Cluster.NotALeader": "neo4j.no_writer",
}
_DRIVER: tuple[tuple[type[DriverError], str], ...] = (
    (IncompleteCommit, "neo4j.unsure"),
    (ServiceUnavailable, "neo4j.unavailable"),
    (SessionExpired, "neo4j.unavailable"),
    (ConfigurationError, "neo4j.configuration"),
)
"""Messages for what the driver raises, the finest first."""

_DISK = ("no space left", "disk full", "read-only", "device full")


@contextmanager
def translated(address: Address) -> Iterator[None]:
    """Say in our own words what could not be done."""
    try:
        yield
    except (Neo4jError, DriverError) as error:
        raise trouble(error, address) from error


def trouble(error: Neo4jError | DriverError, address: Address) -> StoreError:
    """Return the error that people see for one of the driver's."""
    if isinstance(error, Neo4jError):
        return _of_server(error, address)
    values = {"url": address.url, "why": _why(error)}
    if isinstance(error, ConnectionAcquisitionTimeoutError):
        return StoreBusy("neo4j.crowded", **values)
    said = (code for kind, code in _DRIVER if isinstance(error, kind))
    closed = "closed" in str(error).lower()
    return StoreError(next(said, "neo4j.closed" if closed else "neo4j.failed"), **values)


def _of_server(error: Neo4jError, address: Address) -> StoreError:
    values = {"url": address.url, "why": _why(error), "database": address.database}
    code = _CODES.get(error.code or "")
    if code is None and isinstance(error, AuthError):
        code = "neo4j.credentials"
    if code is None and any(sign in values["why"].lower() for sign in _DISK):
        code = "neo4j.full"
    if code is None and _STOPPED in values["why"].lower():
        code = "neo4j.stopped"
    return StoreError(
        code or "neo4j.failed",
        **values,
        user=USER,
        password=PASSWORD,
        variable=DATABASE,
        settings=MEMORY_SETTINGS,
    )


def _why(error: Exception) -> str:
    """Return the first line of what was said: the rest is for those who maintain the server."""
    said = error.message if isinstance(error, Neo4jError) else str(error)
    lines = [line.strip() for line in str(said or "").splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:300]
