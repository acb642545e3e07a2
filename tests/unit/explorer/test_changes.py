"""What changed among the partners: the bundled ecosystem, and loads of newer files over it."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from explorer.cli import main
from explorer.services.change_words import CHANGE_COLUMNS, change_rows
from explorer.services.changes import ChangeShown, changes_of
from graph.errors import UsageError
from graph.messages import LANGUAGES
from graph.model import SourceRecord, StructureClaim
from graph.store.open import open_store
from graph.store.port import GraphStore, LoadBatch, ReadReport
from tests.support.stores import fill_reference

FOCUS = "ght:940110018"
TODAY = date(2026, 11, 22)
IMM, APHP = "750150104", "750712184"


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("changes") / "reference.db"
    fill_reference(path)
    return path


@pytest.fixture
def path(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(filled, tmp_path / "own.db"))


@pytest.fixture
def store(path: Path):
    opened = open_store(f"sqlite:///{path}")
    yield opened
    opened.close()


def load(store: GraphStore, vintage: str, *claims: StructureClaim) -> int:
    """Load a synthetic file of the directory; return the number of the load."""
    source = SourceRecord(id="finess-json", family="finess", title="Essai", vintage=vintage)
    report = ReadReport(read=len(claims), kept=len(claims))
    batch = LoadBatch(
        loader="finess", series="finess:json", sources=(source,), claims=list(claims), report=report
    )
    number = store.apply(batch).load_id
    assert number is not None
    return number


def site(ident: str, **values) -> StructureClaim:
    return StructureClaim(id=ident, source="finess-json", locator=f"ege {ident}", **values)


def found(store: GraphStore, **options) -> list[ChangeShown]:
    return changes_of(store, FOCUS, TODAY, "fr", **options)


def of(changes: list[ChangeShown], ident: str) -> list[str]:
    return [item.change for item in changes if item.id == ident]


def test_the_institut_mutualiste_montsouris_passed_to_another_entity(store):
    (change,) = [item for item in found(store) if item.id == IMM and item.change == "entity"]
    assert (change.before.value, change.before.source) == ("750720476", "sae-2023")
    assert (change.after.value, change.after.source) == ("750078115", "finess-2026-07")
    assert change.after.label == "ASSOCIATION NOUVEL IMM"
    assert change.role == "partner"
    assert [(deal.id, deal.status, deal.via) for deal in change.cooperations] == [
        ("confluence-institut-mutualiste-montsouris", "attestee", None)
    ]


def test_a_newer_file_shows_what_it_changed_and_undoing_it_hides_it(store):
    known = {"name": "INSTITUT MEDICO-CHIRURGICAL MONTSOURIS", "legal_entity": "750078115"}
    load(store, "2026-08", site(IMM, **known))
    before = found(store)
    number = load(store, "2026-09", site(IMM, **known, closed="2026-08-31"))
    only = found(store, load=number)
    assert [(item.id, item.change, item.after.value, item.load) for item in only] == [
        (IMM, "closed", "2026-08-31", number)
    ]
    assert only[0].after.label == "31 août 2026"
    assert of(found(store), IMM) == ["entity", "renamed", "closed"]
    store.undo("finess")
    assert found(store, load=number) == []
    assert found(store) == before


def test_since_keeps_what_a_source_of_that_day_or_later_shows(store):
    load(store, "2026-08", site(IMM, legal_entity="750078115", category="365"))
    load(store, "2026-09", site(IMM, legal_entity="750078115", category="355"))
    assert of(found(store, since=date(2026, 8, 1)), IMM) == ["category"]
    assert "entity" in of(found(store, since=date(2026, 7, 1)), IMM)
    assert found(store, since=date(2027, 1, 1)) == []


def test_a_site_of_a_partner_that_left_the_file_is_named(store):
    """Nothing else knows this synthetic site: its entity is what makes it matter."""
    gone = site("750000999", name="SITE D’ESSAI", legal_entity=APHP, level="ET")
    load(store, "2026-08", site(IMM), gone)
    number = load(store, "2026-09", site(IMM))
    (change,) = found(store, load=number)
    assert (change.id, change.change, change.name) == ("750000999", "vanished", "SITE D’ESSAI")
    assert change.after.vintage == "2026-09"
    load(store, "2026-10", site(IMM), site("750000998", name="AILLEURS", legal_entity="690000001"))
    load(store, "2026-11", site(IMM))
    assert "750000998" not in {item.id for item in found(store)}


def test_agreements_reached_through_the_entity_are_told_apart(store):
    bicetre = "940100043"
    deals = next(item for item in found(store) if item.id == bicetre).cooperations
    assert {deal.via for deal in deals} == {None, "EJ"}
    assert [deal.id for deal in deals] == sorted(deal.id for deal in deals)


def test_without_focus_every_party_is_looked_at(store):
    ids = {item.id for item in changes_of(store, None, TODAY, "fr")}
    assert IMM in ids


def test_an_unknown_load_is_refused(store):
    with pytest.raises(UsageError) as error:
        found(store, load=99)
    assert "99" in error.value.message("fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_are_in_words(store, language):
    changes = changes_of(store, FOCUS, TODAY, language)
    rows = change_rows(changes, language)
    assert all(set(row) == set(CHANGE_COLUMNS) for row in rows)
    first = rows[0]
    assert first["structure"] == f"Institut Mutualiste Montsouris ({IMM})"
    assert first["after"] == "ASSOCIATION NOUVEL IMM (750078115)"
    assert "2023" in str(first["seen"])


def run(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--store", f"sqlite:///{path}", "changes", *arguments])


def test_the_command_prints_one_document(path):
    result = run(path, "--json", "--as-of", "2026-11-22")
    assert result.exit_code == 0, result.stderr
    document = json.loads(result.stdout)
    assert [item["id"] for item in document] == sorted(item["id"] for item in document)
    first = document[0]
    assert (first["id"], first["change"], first["after"]["value"]) == (IMM, "entity", "750078115")
    assert first["cooperations"][0]["id"] == "confluence-institut-mutualiste-montsouris"


def test_the_command_in_words_names_what_to_look_at(path):
    result = run(path)
    assert result.exit_code == 0
    assert "Convention de partenariat – Institut Mutualiste Montsouris" in result.stdout


@pytest.mark.parametrize("options", [("--load", "99"), ("--since", "demain"), ("--focus", "nul")])
def test_a_question_that_is_off_is_refused(path, options):
    result = run(path, *options, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.strip()


def test_nothing_changed_is_said(path):
    result = run(path, "--since", "2027")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Aucun changement" in result.stderr
    assert json.loads(run(path, "--since", "2027", "--json").stdout) == []
