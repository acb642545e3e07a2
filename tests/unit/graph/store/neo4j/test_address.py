"""Addresses of servers: what they name, and that they never hold a secret."""

import pytest

from graph.errors import StoreError
from graph.store.neo4j.address import Address, Login, login, parse
from graph.store.open import NEO4J_SCHEMES, STORES, open_store


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("neo4j://host", Address("neo4j://host", "neo4j", "neo4j://host")),
        ("bolt://host:7688", Address("bolt://host:7688", "neo4j", "bolt://host:7688")),
        ("NEO4J+S://Host:1/", Address("neo4j+s://host:1", "neo4j", "neo4j+s://host:1")),
        ("neo4j://h/other", Address("neo4j://h", "other", "neo4j://h/other")),
        ("bolt+ssc://h/neo4j", Address("bolt+ssc://h", "neo4j", "bolt+ssc://h")),
        ("neo4j://[::1]:7687", Address("neo4j://[::1]:7687", "neo4j", "neo4j://[::1]:7687")),
    ],
)
def test_what_an_address_names(
    url: str, expected: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAILLAGE_NEO4J_DATABASE", raising=False)
    assert parse(url) == expected


def test_the_database_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_NEO4J_DATABASE", "equipe")
    assert parse("neo4j://h").database == "equipe"
    assert parse("neo4j://h").url == "neo4j://h/equipe"
    assert parse("neo4j://h/other").database == "other"


@pytest.mark.parametrize(
    "url",
    ["neo4j://", "neo4j:h", "neo4j://h:99999", "neo4j://h/a/b", "neo4j://h?x=1", "bolt://[::"],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        parse(url)
    assert caught.value.code == "neo4j.bad_url"


@pytest.mark.parametrize(
    "url", ["neo4j://neo4j:s3cret@h:7687", "bolt+s://s3cret@h", "neo4j://h/s3cret@x"]
)
def test_credentials_in_an_address_are_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert caught.value.code == "neo4j.credentials_in_url"
    said = caught.value.message("fr") + caught.value.message("en") + repr(caught.value)
    assert "s3cret" not in said
    assert "MAILLAGE_NEO4J_PASSWORD" in said


def test_credentials_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_NEO4J_USER", "maillage")
    monkeypatch.setenv("MAILLAGE_NEO4J_PASSWORD", "s3cret")
    assert login() == Login("maillage", "s3cret")
    assert "s3cret" not in repr(login())
    monkeypatch.delenv("MAILLAGE_NEO4J_USER")
    monkeypatch.setenv("MAILLAGE_NEO4J_PASSWORD", "")
    assert login() == Login("neo4j", None)


def test_every_scheme_is_opened_by_a_store() -> None:
    from graph.store.neo4j import SCHEMES

    assert NEO4J_SCHEMES == SCHEMES
    assert set(SCHEMES) < {scheme for scheme, _ in STORES}
