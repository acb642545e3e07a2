"""The cookbook (docs/cypher.md): each query gives, on a server, the answer printed under it."""

import json
import re
from datetime import date
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from neo4j import READ_ACCESS, Query

from explorer.cli import main
from graph.model import CooperationClaim, Party, SourceRecord, StructureClaim
from graph.store.open import open_store
from graph.store.port import LoadBatch, ReadReport
from tests.support.neo4j_server import TestDatabase, give_credentials
from tests.support.pages import page
from tests.support.stores import fill_reference

pytestmark = pytest.mark.neo4j

FOCUS = "ght:940110018"
SECTION = re.compile(
    r"^## (?P<title>\d+\. .+?)$.*?```cypher\n:param (?P<values>\{.*?\})\n```\n+"
    r"```cypher\n(?P<query>.*?)```\n+(?P<table>(?:\|[^\n]*\n)+)",
    re.MULTILINE | re.DOTALL,
)


class Recipe(NamedTuple):
    """A question of the cookbook: parameters as Cypher writes them, query, printed answer."""

    title: str
    values: str
    query: str
    table: str

    def printed(self) -> list[list[str]]:
        """Return the names of the columns, then the rows."""
        lines = [line.strip().strip("|").split("|") for line in self.table.splitlines()]
        return [[cell.strip() for cell in line] for line in (lines[0], *lines[2:])]


RECIPES = [Recipe(**found.groupdict()) for found in SECTION.finditer(page("docs/cypher.md"))]
BY_NUMBER = {recipe.title.split(".")[0]: recipe for recipe in RECIPES}


@pytest.fixture(scope="module")
def filled(neo4j_server: TestDatabase, tmp_path_factory) -> tuple[TestDatabase, str]:
    """Give the reference ecosystem on the server, and the file that it was copied from."""
    neo4j_server.empty()
    url = fill_reference(tmp_path_factory.mktemp("cookbook") / "reference.db")
    with pytest.MonkeyPatch.context() as patch:
        give_credentials(patch, neo4j_server.server)
        copied = CliRunner().invoke(main, ["copy", "--from", url, "--to", neo4j_server.url])
    assert copied.exit_code == 0, copied.stderr
    return neo4j_server, url


def asked(database: TestDatabase, recipe: Recipe, **other: object) -> list[list[str]]:
    """Put a query to the server as Neo4j Browser would, in a transaction that cannot write."""
    ((values,),) = database.rows(Query(f"RETURN {recipe.values} AS values"))
    assert isinstance(values, dict)
    assert set(values) == set(re.findall(r"\$(\w+)", recipe.query))
    with database.driver.session(database="neo4j", default_access_mode=READ_ACCESS) as session:
        result = session.run(Query(recipe.query), {**values, **other})
        return [list(result.keys()), *([cell(value) for value in row] for row in result.values())]


def cell(value: object) -> str:
    """Return a value as the page prints it."""
    if value is None:
        return "–"
    if isinstance(value, list):
        return " ; ".join(map(cell, value)) or "–"
    return str(value)


def test_there_are_ten_questions():
    assert list(BY_NUMBER) == [str(number) for number in range(1, 11)]
    assert page("docs/cypher.md").count("\n:param ") == len(RECIPES)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_a_question_has_the_answer_printed(filled, recipe):
    database, _ = filled
    assert len(recipe.printed()) > 1
    assert asked(database, recipe) == recipe.printed()


def test_the_partners_are_those_that_the_program_counts(filled):
    database, url = filled
    arguments = ("--store", url, "network", "--as-of", "2026-11-22", "--json")
    network = json.loads(CliRunner().invoke(main, arguments).stdout)["structures"]
    direct = [row for row in network if row["role"] == "partner" and row["via"] is None]
    rows = asked(database, BY_NUMBER["1"])[1:]
    assert sum(int(row[1]) for row in rows) == len(direct) == 28
    by_agency = {row["id"] for row in network if row["via"] == "EJ"}
    assert {row[0] for row in asked(database, BY_NUMBER["5"])[1:]} == by_agency


@pytest.fixture
def register(filled, monkeypatch) -> TestDatabase:
    """Add what articles do not tell: terms, and an EHPAD without agreement (synthetic)."""
    database, _ = filled
    give_credentials(monkeypatch, database.server)
    source = SourceRecord(id="register", family="register", title="Registre d’essai")
    own = Party(structure=FOCUS, role="signataire")
    where = {"source": source.id, "locator": "essai"}
    claims = [
        StructureClaim(
            id="ehpad:essai", name="EHPAD d’essai", kind="EHPAD", commune="94028", **where
        ),
        *(
            CooperationClaim(
                id=f"essai-{number}",
                title=f"Essai {number}",
                type="convention_cadre",
                parties=(own, Party(structure="institution:cpam-94", role="signataire")),
                **where,
                **values,
            )
            for number, values in enumerate(
                (
                    {"signed": "2024-01-01", "end": "2027-03-31"},
                    {"signed": "2024-03-01", "duration_months": 36},
                    {"signed": "2024-01-01", "end": "2028-01-01"},
                    {"signed": "2020-01-01", "end": "2024-01-01"},
                )
            )
        ),
    ]
    store = open_store(database.url)
    try:
        report = ReadReport(read=len(claims), kept=len(claims))
        batch = LoadBatch(
            loader="conventions", series="register", sources=(source,), claims=claims, report=report
        )
        store.apply(batch)
        yield database
        store.undo("conventions")
    finally:
        store.close()


def test_what_lapses_is_found_by_its_term_or_its_duration(register):
    rows = asked(register, BY_NUMBER["4"])[1:]
    printed = BY_NUMBER["4"].printed()[1:]
    assert [row for row in rows if row not in printed] == [
        ["2027-03-01", "1", "Essai 1"],
        ["2027-03-31", "1", "Essai 0"],
    ]
    later = asked(register, BY_NUMBER["4"], mois=24)[1:]
    assert ["2028-01-01", "1", "Essai 2"] in later
    assert len(later) == len(rows) + 1


def test_what_has_lapsed_counts_no_more(register):
    before = {row[0]: row for row in BY_NUMBER["1"].printed()[1:]}
    after = {row[0]: row for row in asked(register, BY_NUMBER["1"])[1:]}
    assert after["INSTITUTION"] == ["INSTITUTION", "1", str(int(before["INSTITUTION"][2]) + 3)]
    earlier = asked(register, BY_NUMBER["1"], jour=date(2023, 6, 1))[1:]
    assert ["INSTITUTION", "1", "3"] in earlier


def test_an_ehpad_without_agreement_is_found(register):
    assert asked(register, BY_NUMBER["7"], type="EHPAD")[1:] == [
        ["ehpad:essai", "EHPAD d’essai", "non"]
    ]
