"""Where a Neo4j store is, and who asks: addresses without secrets, credentials from outside."""

from __future__ import annotations

import os
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from graph.errors import StoreError

SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
"""``+s`` asks for a certificate of a known authority, ``+ssc`` takes any, neither is encrypted."""

USER = "MAILLAGE_NEO4J_USER"
PASSWORD = "MAILLAGE_NEO4J_PASSWORD"  # noqa: S105 - the name of the variable
DATABASE = "MAILLAGE_NEO4J_DATABASE"
DEFAULT_USER = "neo4j"
DEFAULT_DATABASE = "neo4j"
EXAMPLE = "neo4j://localhost:7687"


class Address(NamedTuple):
    """A server and one of its databases; `url` is what people see and holds no secret."""

    uri: str
    database: str
    url: str


class Login(NamedTuple):
    """Who asks; without a password, nobody in particular."""

    user: str
    password: str | None

    def __repr__(self) -> str:
        return f"Login(user={self.user!r})"


def parse(url: str) -> Address:
    """Return what `url` (``neo4j://host[:port][/database]``) names.

    Raises
    ------
    StoreError
        It holds credentials (it is not repeated then), or names no server.
    """
    scheme = url.partition(":")[0].lower()
    if "@" in url:
        raise StoreError("neo4j.credentials_in_url", scheme=scheme, user=USER, password=PASSWORD)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, SplitResult("", "", "", "", "")
    database = parts.path.strip("/")
    if scheme not in SCHEMES or not host or parts.query or parts.fragment or "/" in database:
        raise StoreError("neo4j.bad_url", url=url, example=EXAMPLE)
    where = f"[{host}]" if ":" in host else host
    uri = f"{scheme}://{where}:{port}" if port else f"{scheme}://{where}"
    named = database or os.environ.get(DATABASE) or DEFAULT_DATABASE
    return Address(uri, named, f"{uri}/{named}" if named != DEFAULT_DATABASE else uri)


def login() -> Login:
    """Return the credentials that the environment gives."""
    return Login(os.environ.get(USER) or DEFAULT_USER, os.environ.get(PASSWORD) or None)
