"""The whole program on a Neo4j server: what it answers is what it answers on a file."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from explorer.cli import main
from tests.support.neo4j_server import TestDatabase, give_credentials
from tests.support.stores import fill_reference

pytestmark = pytest.mark.neo4j

CHECKOUT = Path(__file__).resolve().parents[2]
REFERENCE = CHECKOUT / "data" / "reference"
REGISTER = """N°;Intitulé;Partenaire;Type;Date de signature
1;Imagerie;Clinique Boyer;Convention cadre;12/03/2024
2;Biologie;Clinique Boyer;pacte;
3;Hospitalisation à domicile;HAD Santé Service;Convention de partenariat;01/09/2023
"""
QUESTIONS = (
    ("find", "claude gallien"),
    ("find", "hôpital"),
    ("find", "creteil"),
    ("find", "zzzz"),
    ("status",),
    ("sources",),
    ("network", "--as-of", "2026-11-22"),
    ("network", "--as-of", "2022-06-30", "--kind", "CLINIQUE", "--without-focus"),
    ("network", "--as-of", "2026-11-22", "--territory", "arrondissement:943"),
    ("network", "--as-of", "2026-11-22", "--focus", "none"),
    ("network", "--as-of", "2026-11-22", "--status", "attestee"),
    ("network", "--as-of", "2026-11-22", "--remove", "940300502"),
    ("network", "--as-of", "2026-11-22", "--lapse-before", "2030"),
    ("network", "--as-of", "2026-11-22", "--compare-with", "2019"),
    ("coverage", "--level", "arrondissement", "--as-of", "2026-11-22", "--kind", "HOPITAL"),
    (
        *("suggest", "--kind", "HOPITAL", "--as-of", "2026-11-22", "--territory", "departement:94"),
        *("--radius-km", "5", "--count", "2"),
    ),
    ("changes", "--as-of", "2026-11-22"),
    ("changes", "--as-of", "2026-11-22", "--since", "2026-07"),
)
WRONG = (
    ("network", "--territory", "75101"),
    ("network", "--territory", "arrondissement:000"),
    ("network", "--focus", "nobody"),
    ("network", "--theme", "nothing"),
    ("changes", "--load", "99"),
    ("undo", "finess"),
    ("load", "reference", "absent"),
)


class Pair:
    """The same network in a file and on a server."""

    def __init__(self, file: str, server: str) -> None:
        self.file, self.server = file, server

    def ask(self, *arguments: str) -> tuple[Result, Result]:
        """Put a question to both; what differs by right (the store's address) is made equal."""
        return run(self.file, *arguments), run(self.server, *arguments)


def run(url: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--store", url, "--lang", "fr", *arguments])


@pytest.fixture(scope="module")
def pair(neo4j_server: TestDatabase, tmp_path_factory) -> Pair:
    """Fill a file with the reference ecosystem and copy it to the server."""
    neo4j_server.empty()
    url = fill_reference(tmp_path_factory.mktemp("neo4j") / "reference.db")
    with pytest.MonkeyPatch.context() as patch:
        give_credentials(patch, neo4j_server.server)
        copied = run(url, "copy", "--to", neo4j_server.url)
    assert copied.exit_code == 0, copied.stderr
    return Pair(url, neo4j_server.url)


@pytest.fixture(autouse=True)
def credentials(pair: Pair, neo4j_server: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    give_credentials(monkeypatch, neo4j_server.server)


def same(pair: Pair, *arguments: str) -> object:
    """Check that both answer the same document; return it."""
    on_file, on_server = pair.ask(*arguments, "--json")
    assert on_file.exit_code == on_server.exit_code == 0, on_server.stderr
    assert on_server.stdout.replace(pair.server, pair.file) == on_file.stdout
    assert on_server.stderr == on_file.stderr
    return json.loads(on_server.stdout)


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_a_question_has_the_same_answer(pair, question):
    answer = same(pair, *question)
    assert answer or question == ("find", "zzzz")


@pytest.mark.parametrize("question", WRONG, ids=" ".join)
def test_a_wrong_question_is_refused_in_the_same_words(pair, question):
    on_file, on_server = pair.ask(*question, "--json")
    assert on_file.exit_code == on_server.exit_code != 0
    assert (on_server.stdout, on_server.stderr) == ("", on_file.stderr)


def test_doctor_looks_at_the_server(pair):
    on_file, on_server = (json.loads(item.stdout) for item in pair.ask("doctor", "--json"))
    assert [(row["check"], row["ok"]) for row in on_server] == [
        (row["check"], row["ok"]) for row in on_file
    ]
    said = {row["check"]: row["message"] for row in on_server}
    count = sum(json.loads(run(pair.server, "status", "--json").stdout)["structures"].values())
    assert pair.server in said["store"]
    assert str(count) in said["store"]


def test_the_template_is_written_whatever_the_store(pair, tmp_path):
    for url in (pair.file, pair.server):
        out = tmp_path / f"{len(url)}.xlsx"
        assert run(url, "template", str(out)).exit_code == 0
        assert out.stat().st_size > 5_000


def test_loads_previews_and_undos_answer_the_same(pair, tmp_path):
    register = tmp_path / "registre.csv"
    register.write_text(REGISTER, encoding="utf-8")
    shorter = shutil.copytree(REFERENCE, tmp_path / "reference")
    rows = (shorter / "facts.csv").read_text(encoding="utf-8").splitlines()
    (shorter / "facts.csv").write_text("\n".join(rows[:-3]) + "\n", encoding="utf-8")
    before = same(pair, "status")
    preview = same(pair, "load", "reference", str(shorter), "--dry-run")
    assert preview["changes"]
    assert same(pair, "status") == before
    loaded = same(pair, "load", "conventions", str(register))
    assert (loaded["read"], loaded["kept"], loaded["rejected"]) == (3, 2, 1)
    assert same(pair, "status") != before
    same(pair, "load", "reference", str(shorter))
    for question in QUESTIONS:
        if question != ("sources",):  # it says when each was loaded
            same(pair, *question)
    assert same(pair, "changes", "--load", "3", "--as-of", "2026-11-22") is not None
    for source in ("conventions", "reference"):
        same(pair, "undo", source)
    assert same(pair, "status") == before


SECRET = "hunter2-very-secret"  # noqa: S105 - what must never be shown


def child(url: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a person does, with all that it may log."""
    return subprocess.run(
        [sys.executable, "-X", "dev", "-c", "from explorer.cli import main; main()", *arguments],
        cwd=CHECKOUT,
        env={**os.environ, "MAILLAGE_STORE": url, "MAILLAGE_LANGUAGE": "fr", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


COMMANDS = (
    ("status", "--json"),
    ("load", "reference", "--json"),
    ("doctor", "--json"),
    ("app",),
)


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda item: item[0])
def test_a_wrong_password_is_said_and_never_shown(pair, arguments):
    # The server locks a user out for a while after three mistakes: one is made as `neo4j`.
    user = os.environ["MAILLAGE_NEO4J_USER"] if arguments[0] == "status" else "nobody"
    wrong = {"MAILLAGE_NEO4J_USER": user, "MAILLAGE_NEO4J_PASSWORD": SECRET}
    result = child(pair.server, *arguments, **wrong)
    assert result.returncode == 4
    said = result.stdout + result.stderr
    assert SECRET not in said
    assert "Traceback" not in said
    assert "MAILLAGE_NEO4J_PASSWORD" in said
    assert "a refusé l’utilisateur ou le mot de passe" in said
    assert arguments[0] == "doctor" or result.stdout == ""


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda item: item[0])
def test_a_server_that_is_not_there_is_said(arguments):
    result = child("neo4j://127.0.0.1:9", *arguments, MAILLAGE_NEO4J_PASSWORD=SECRET)
    assert result.returncode == 4
    said = result.stdout + result.stderr
    assert "Le serveur neo4j://127.0.0.1:9 ne répond pas" in said
    assert (SECRET in said, "Traceback" in said) == (False, False)


@pytest.mark.parametrize("scheme", ["neo4j", "bolt+s"])
def test_credentials_in_an_address_are_refused_unrepeated(scheme):
    url = f"{scheme}://someone:{SECRET}@127.0.0.1:9"
    for arguments in (*COMMANDS, ("copy", "--to", url), ("copy", "--from", url, "--to", url)):
        result = child(url, *arguments)
        assert result.returncode == 4
        assert "someone" not in result.stdout + result.stderr
        assert SECRET not in result.stdout + result.stderr
        assert "MAILLAGE_NEO4J_USER" in result.stdout + result.stderr


@pytest.fixture
def foreign(pair: Pair, neo4j_server: TestDatabase):
    """Put something else in the database for a while."""
    neo4j_server.empty()
    neo4j_server.rows("CREATE (:Patient {name: 'x'})-[:SEES]->(:Doctor {name: 'y'})")
    yield pair.server
    neo4j_server.empty()
    assert run(pair.file, "copy", "--to", pair.server).exit_code == 0


def test_a_database_that_holds_something_else_is_left_alone(foreign, pair, neo4j_server):
    everything = "MATCH (n) OPTIONAL MATCH (n)-[r]->(m) RETURN labels(n), n.name, type(r), m.name"
    before = sorted(map(str, neo4j_server.rows(everything)))
    for arguments in (*COMMANDS, ("copy", "--from", pair.file, "--to", foreign, "--replace")):
        result = child(foreign, *arguments)
        assert result.returncode == 4
        said = result.stdout + result.stderr
        assert "contient déjà autre chose qu’un réseau Maillage" in said
        assert (neo4j_server.server.password in said, "Traceback" in said) == (False, False)
    assert sorted(map(str, neo4j_server.rows(everything))) == before
