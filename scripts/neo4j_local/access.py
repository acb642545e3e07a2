"""Who may enter a local server: its password, and the first entry that sets it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from neo4j import Driver, GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from neo4j_local.trouble import ServerTrouble

USER = "neo4j"
FIRST_PASSWORD = "neo4j"  # noqa: S105 - what every new Neo4j has, and asks to change
PASSWORD = "MAILLAGE_NEO4J_PASSWORD"  # noqa: S105 - the name of the variable
WAIT_SECONDS = 60.0


def new_password() -> str:
    """Return the password of a new server: of ``MAILLAGE_NEO4J_PASSWORD``, else a random one."""
    return os.environ.get(PASSWORD) or secrets.token_urlsafe(24)


def write_password(file: Path, password: str) -> None:
    """Keep a password in a `file` that only its owner can read."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(password + "\n")


def read_password(file: Path) -> str:
    """Return the password that `file` keeps."""
    return file.read_text(encoding="utf-8").strip()


def set_password(url: str, password: str) -> None:
    """Enter a new server for the first time and give it its password."""
    try:
        with _driver(url, FIRST_PASSWORD) as driver:
            driver.execute_query(
                "ALTER CURRENT USER SET PASSWORD FROM $old TO $new",
                {"old": FIRST_PASSWORD, "new": password},
                database_="system",
            )
    except (DriverError, Neo4jError) as error:
        raise ServerTrouble(f"the password of {url} could not be set: {error}") from error


def check(url: str, password: str) -> None:
    """Wait until the database answers.

    Raises
    ------
    ServerTrouble
        It does not, or not with this password.
    """
    try:
        with _driver(url, password) as driver:
            driver.execute_query("RETURN 1", database_="neo4j")
    except (DriverError, Neo4jError) as error:
        raise ServerTrouble(f"{url} runs, but does not answer: {error}") from error


def _driver(url: str, password: str) -> Driver:
    return GraphDatabase.driver(
        url,
        auth=(USER, password),
        max_transaction_retry_time=WAIT_SECONDS,
        telemetry_disabled=True,
    )
