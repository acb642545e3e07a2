"""What the driver and the server could not do, in our own words."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from neo4j import exceptions

from graph.errors import StoreBusy, StoreError
from graph.messages import catalogue
from graph.store.neo4j import troubles
from graph.store.neo4j.address import parse
from graph.store.neo4j.server import Transaction
from graph.store.neo4j.troubles import translated, trouble

ADDRESS = parse("neo4j://serveur:7687")
MODULES = Path(troubles.__file__).parent


def server(code: str, message: str = "said") -> exceptions.Neo4jError:
    return exceptions.Neo4jError._hydrate_neo4j(code=code, message=message)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (exceptions.ServiceUnavailable("gone"), "neo4j.unavailable"),
        (exceptions.SessionExpired("gone"), "neo4j.unavailable"),
        (exceptions.IncompleteCommit("gone"), "neo4j.unsure"),
        (exceptions.ConfigurationError("odd"), "neo4j.configuration"),
        (exceptions.DriverError("Driver closed"), "neo4j.closed"),
        (exceptions.DriverError("odd"), "neo4j.failed"),
        (server("Neo.ClientError.Security.Unauthorized"), "neo4j.credentials"),
        (server("Neo.ClientError.Security.AuthenticationRateLimit"), "neo4j.too_many_attempts"),
        (server("Neo.ClientError.Security.CredentialsExpired"), "neo4j.password_expired"),
        (server("Neo.ClientError.Security.Forbidden"), "neo4j.forbidden"),
        (server("Neo.ClientError.Database.DatabaseNotFound"), "neo4j.no_database"),
        (server("Neo.ClientError.Transaction.TransactionTimedOut"), "neo4j.timeout"),
        (server("Neo.TransientError.General.MemoryPoolOutOfMemoryError"), "neo4j.memory"),
        (server("Neo.ClientError.Cluster.NotALeader"), "neo4j.no_writer"),
        (server("Neo.DatabaseError.General.UnknownError", "No space left on device"), "neo4j.full"),
        (server("Neo.DatabaseError.Transaction.TransactionLogError"), "neo4j.stopped"),
        (
            server("Neo.DatabaseError.Transaction.TransactionStartFailed", "a critical error"),
            "neo4j.stopped",
        ),
        (server("Neo.ClientError.Statement.SyntaxError"), "neo4j.failed"),
    ],
    ids=lambda item: item if isinstance(item, str) else "",
)
def test_each_trouble_has_its_message(error: Exception, code: str) -> None:
    assert isinstance(error, exceptions.Neo4jError | exceptions.DriverError)
    found = trouble(error, ADDRESS)
    assert found.code == code
    assert "neo4j://serveur:7687" in found.message("fr")
    assert found.message("fr") != found.message("en")


def test_a_crowded_pool_is_waited_for() -> None:
    found = trouble(exceptions.ConnectionAcquisitionTimeoutError("full"), ADDRESS)
    assert isinstance(found, StoreBusy)


def test_only_the_first_line_is_shown() -> None:
    found = trouble(exceptions.ServiceUnavailable("first\nsecond"), ADDRESS)
    assert found.params["why"] == "first"
    assert len(str(trouble(exceptions.DriverError("x" * 9999), ADDRESS).params["why"])) == 300


def test_errors_of_the_caller_pass() -> None:
    with pytest.raises(InterruptedError), translated(ADDRESS):
        raise InterruptedError


def test_a_lack_of_memory_is_not_tried_again() -> None:
    class Opened:
        def run(self, text: str, values: dict[str, object]) -> None:
            raise server("Neo.TransientError.General.MemoryPoolOutOfMemoryError")

    with pytest.raises(StoreError) as caught:
        Transaction(Opened(), ADDRESS).rows("RETURN 1")  # type: ignore[arg-type]
    assert caught.value.code == "neo4j.memory"
    assert "dbms.memory.transaction.total.max" in caught.value.message("fr")


def test_every_code_of_these_modules_has_its_message() -> None:
    codes = {
        code
        for file in MODULES.glob("*.py")
        for code in re.findall(r'"(neo4j\.[a-z_]+)"', file.read_text(encoding="utf-8"))
    }
    assert len(codes) > 20
    for language in ("fr", "en"):
        known: Callable[[str], bool] = catalogue(language).__contains__
        assert [code for code in sorted(codes) if not known(f"error.{code}")] == []
