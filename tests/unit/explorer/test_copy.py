"""Copying a whole network: between files, to a Neo4j server and back, and what must not happen."""

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from explorer.cli import common, main
from explorer.services.copying import copy_network, place_of
from graph.messages import LANGUAGES
from graph.store.open import open_store
from graph.store.port import StateItem
from tests.support.neo4j_server import TestDatabase
from tests.support.stores import fill_reference

REFERENCE = Path(__file__).resolve().parents[3] / "data" / "reference"


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Path:
    """Give the reference ecosystem with a history: a load, another one over it, an undo."""
    folder = tmp_path_factory.mktemp("copy")
    url = fill_reference(folder / "reference.db")
    shorter = shutil.copytree(REFERENCE, folder / "shorter")
    rows = (shorter / "facts.csv").read_text(encoding="utf-8").splitlines()
    (shorter / "facts.csv").write_text("\n".join(rows[:-4]) + "\n", encoding="utf-8")
    for arguments in (("load", "reference", str(shorter)), ("undo", "reference")):
        assert CliRunner().invoke(main, ["--store", url, *arguments]).exit_code == 0
    again = CliRunner().invoke(main, ["--store", url, "load", "reference", str(shorter)])
    assert again.exit_code == 0
    return folder / "reference.db"


@pytest.fixture
def source(filled: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(filled, tmp_path / 'source.db')}"


@pytest.fixture
def target(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'target.db'}"


def copy(source: str, target: str, *options: str, language: str = "fr") -> Result:
    arguments = ["--lang", language, "copy", "--from", source, "--to", target, *options]
    return CliRunner().invoke(main, arguments)


def dumped(url: str) -> list[StateItem]:
    with closing(open_store(url)) as store:
        return list(store.dump())


def test_a_copy_holds_all_that_was_kept_and_says_how_much(source, target):
    before = dumped(source)
    result = copy(source, target, "--json")
    assert result.exit_code == 0, result.stderr
    document = json.loads(result.stdout)
    assert (document["from"], document["to"]) == (source, target)
    held = json.loads(CliRunner().invoke(main, ["--store", source, "status", "--json"]).stdout)
    assert document["structures"] == sum(held["structures"].values()) > 80
    assert document["cooperations"] == held["cooperations"] > 25
    assert document["loads"] == 4
    assert dumped(target) == dumped(source) == before


def test_the_store_of_the_run_is_copied_where_no_other_is_named(source, target):
    result = CliRunner().invoke(main, ["--store", source, "copy", "--to", target])
    assert (result.exit_code, result.stdout) == (0, "")
    assert target in result.stderr
    assert dumped(target) == dumped(source)


def test_a_copy_can_be_undone_where_the_original_could(source, target):
    copy(source, target)
    for url in (source, target):
        undone = CliRunner().invoke(main, ["--store", url, "undo", "reference", "--json"])
        assert json.loads(undone.stdout)["updated"] > 0
    assert dumped(target) == dumped(source)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_store_that_holds_a_network_is_replaced_only_where_asked(source, target, language):
    with closing(open_store(target)):
        pass
    assert copy(source, target).exit_code == 0
    CliRunner().invoke(main, ["--store", target, "undo", "reference"])
    before = dumped(target)
    refused = copy(source, target, "--json", language=language)
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert "--replace" in refused.stderr
    assert dumped(target) == before != dumped(source)
    assert copy(source, target, "--replace").exit_code == 0
    assert dumped(target) == dumped(source)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_store_is_not_copied_over_itself(source, tmp_path, language):
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "source.db")
    before = dumped(source)
    for target in (source, f"sqlite:///{tmp_path / '.' / 'source.db'}", f"sqlite:///{link}"):
        result = copy(source, target, "--replace", language=language)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "--to" in result.stderr
    assert dumped(source) == before


def test_addresses_of_one_server_are_known_as_such():
    same = ("neo4j://localhost", "bolt://127.0.0.1:7687", "neo4j+s://[::1]:7687/neo4j")
    assert len({place_of(url) for url in same}) == 1
    others = ("neo4j://localhost:7688", "neo4j://localhost/other", "neo4j://serveur")
    assert len({place_of(url) for url in (*same, *others)}) == 4


def test_what_is_not_there_or_empty_is_not_copied(source, target, tmp_path):
    copy(source, target)
    before = dumped(target)
    absent = tmp_path / "absent.db"
    result = copy(f"sqlite:///{absent}", target, "--replace")
    assert (result.exit_code, result.stdout) == (3, "")
    assert str(absent) in result.stderr
    assert not absent.exists()
    empty = f"sqlite:///{tmp_path / 'empty.db'}"
    assert dumped(empty) == []
    result = copy(empty, target, "--replace")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "--from" in result.stderr
    assert dumped(target) == before


def test_the_store_to_write_must_be_named(source):
    result = CliRunner().invoke(main, ["--store", source, "copy"])
    assert result.exit_code == 2
    assert "--to" in result.stderr
    result = copy(source, "ftp://host")
    assert (result.exit_code, result.stdout) == (4, "")


def test_a_long_copy_shows_how_far_it_is(source, target, monkeypatch):
    monkeypatch.setattr(common, "PATIENCE_SECONDS", 0)
    result = copy(source, target, "--json")
    assert json.loads(result.stdout)["to"] == target
    assert "Écriture dans la base" in result.stderr
    assert "Mise à jour du réseau et de la recherche   0%" in result.stderr


class StoppedAt:
    """A person who presses Ctrl+C when the copy has told its progress so many times."""

    def __init__(self, last: int | None = None) -> None:
        self.last = last
        self.stages: list[str] = []

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        self.stages.append(stage)
        if len(self.stages) == self.last:
            raise KeyboardInterrupt


def check_interrupted_copies_change_nothing(source: str, target: str) -> None:
    patient = StoppedAt()
    copy_network(source, target, progress=patient)
    assert {"progress.store.writing", "progress.store.resolving"} <= set(patient.stages)
    CliRunner().invoke(main, ["--store", target, "undo", "reference"])
    before = dumped(target)
    steps = len(patient.stages)
    for step in sorted({1, 2, steps // 2, steps}):
        with pytest.raises(KeyboardInterrupt):
            copy_network(source, target, replace=True, progress=StoppedAt(step))
        assert dumped(target) == before
    copy_network(source, target, replace=True)
    assert dumped(target) == dumped(source)


def test_an_interrupted_copy_changes_nothing(source, target):
    check_interrupted_copies_change_nothing(source, target)


@pytest.mark.neo4j
def test_to_a_server_and_back_nothing_is_lost(source, target, neo4j_database: TestDatabase):
    result = copy(source, neo4j_database.url, "--json")
    assert result.exit_code == 0, result.stderr
    assert dumped(neo4j_database.url) == dumped(source)
    back = copy(neo4j_database.url, target, "--json")
    assert back.exit_code == 0, back.stderr
    assert dumped(target) == dumped(source)
    there, returned = json.loads(result.stdout), json.loads(back.stdout)
    assert (returned["from"], returned["to"]) == (neo4j_database.url, target)
    assert {**there, "from": "", "to": ""} == {**returned, "from": "", "to": ""}


@pytest.mark.neo4j
def test_a_server_asks_before_it_is_replaced_and_is_not_copied_over_itself(
    source, neo4j_database: TestDatabase
):
    url = neo4j_database.url
    assert copy(source, url).exit_code == 0
    refused = copy(source, url)
    assert refused.exit_code == 3
    assert "--replace" in refused.stderr
    same = copy(url, url.replace("neo4j://", "bolt://"), "--replace")
    assert (same.exit_code, same.stdout) == (2, "")
    assert dumped(url) == dumped(source)
    assert copy(source, url, "--replace").exit_code == 0
    assert dumped(url) == dumped(source)


@pytest.mark.neo4j
def test_an_interrupted_copy_to_a_server_changes_nothing(source, neo4j_database: TestDatabase):
    check_interrupted_copies_change_nothing(source, neo4j_database.url)
