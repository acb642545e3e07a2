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

_CODES = {
    "Neo.ClientError.Database.DatabaseNotFound": "neo4j.no_database",
    "Neo.TransientError.Database.DatabaseUnavailable": "neo4j.unavailable",
    "Neo.TransientError.General.DatabaseUnavailable": "neo4j.unavailable",
    "Neo.ClientError.Security.Forbidden": "neo4j.forbidden",
    "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase": "neo4j.forbidden",
    "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase": "neo4j.forbidden",
    "Neo.ClientError.Cluster.NotALeader": "neo4j.no_writer",
}
_CREDENTIALS_EXPIRED = "Neo.ClientError.Security.CredentialsExpired"
_RATE_LIMIT = "Neo.ClientError.Security.AuthenticationRateLimit"
_DISK = ("no space left", "disk full", "read-only", "device full")


@contextmanager
def translated(address: Address) -> Iterator[None]:
    """Say in our own words what could not be done."""
    try:
        yield
    except (Neo4jError, DriverError) as error:
        raise trouble(error, address) from error
    except OSError as error:
        raise StoreError("neo4j.unavailable", url=address.url, why=_why(error)) from error


def trouble(error: Neo4jError | DriverError, address: Address) -> StoreError:
    """Return the error that people see for one of the driver's."""
    if isinstance(error, Neo4jError):
        return _of_server(error, address)
    values = {"url": address.url, "why": _why(error)}
    if isinstance(error, IncompleteCommit):
        return StoreError("neo4j.unsure", **values)
    if isinstance(error, ServiceUnavailable | SessionExpired):
        return StoreError("neo4j.unavailable", **values)
    if isinstance(error, ConnectionAcquisitionTimeoutError):
        return StoreBusy("neo4j.crowded", **values)
    if isinstance(error, ConfigurationError):
        return StoreError("neo4j.configuration", **values)
    if "closed" in str(error).lower():
        return StoreError("neo4j.closed", **values)
    return StoreError("neo4j.failed", **values)


def _of_server(error: Neo4jError, address: Address) -> StoreError:
    code, values = error.code or "", {"url": address.url, "why": _why(error)}
    if code == _CREDENTIALS_EXPIRED:
        return StoreError("neo4j.password_expired", password=PASSWORD, **values)
    if code == _RATE_LIMIT:
        return StoreError("neo4j.too_many_attempts", user=USER, password=PASSWORD, **values)
    if isinstance(error, AuthError):
        return StoreError("neo4j.credentials", user=USER, password=PASSWORD, **values)
    if code in MEMORY:
        return StoreError("neo4j.memory", settings=MEMORY_SETTINGS, **values)
    if code in TIMED_OUT:
        return StoreError("neo4j.timeout", **values)
    if code in _CODES:
        values["database"] = address.database
        return StoreError(_CODES[code], variable=DATABASE, **values)
    if any(sign in values["why"].lower() for sign in _DISK):
        return StoreError("neo4j.full", **values)
    return StoreError("neo4j.failed", **values)


def _why(error: Exception) -> str:
    """Return the first line of what was said: the rest is for those who maintain the server."""
    said = error.message if isinstance(error, Neo4jError) else str(error)
    lines = [line.strip() for line in str(said or "").splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:300]
