"""``maillage network``: every measure, simulations, two dates, and what cannot be asked."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from explorer.cli import main
from graph.messages import text
from tests.support.confluence_synthetic import FOCUS, HOSTILE, synthetic_store
from tests.support.pages import plain
from tests.support.signed_register import CHARITY, CLINIC, CPTS, NORTH, signed_store
from tests.support.stores import fill_reference

SUMMARY = {
    *("nodes", "ties", "density", "components", "degree_centralization"),
    *("betweenness_centralization", "closeness_centralization", "transitivity", "mean_distance"),
    *("ei_index", "assortativity", "modularity", "bridges", "isolates"),
}
MEASURES = {
    *("degree", "strength", "betweenness", "closeness", "eigenvector", "constraint"),
    *("effective_size", "core_number", "community", "is_cut_point"),
    *("coordinator", "itinerant", "gatekeeper", "representative", "liaison"),
}
"""Keys of DESIGN.md section 8."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> str:
    return fill_reference(tmp_path_factory.mktemp("cli") / "reference.db")


@pytest.fixture(scope="module")
def signed(tmp_path_factory) -> str:
    return f"sqlite:///{signed_store(tmp_path_factory.mktemp('signed')).as_posix()}"


def run(url: str, *arguments: str, language: str = "fr") -> Result:
    return CliRunner().invoke(main, ["--store", url, "--lang", language, "network", *arguments])


def document(result: Result) -> dict:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def small(url: str, *arguments: str) -> Result:
    return run(url, "--focus", FOCUS, "--as-of", "2026-01-01", *arguments)


def test_the_document_has_every_measure(shared):
    found = document(run(shared, "--as-of", "2026-11-22", "--json"))
    assert set(found["summary"]) >= SUMMARY
    kept = {"id", "name", "kind", "role", "via", "through", "commune", "agreements", "sources"}
    assert all(set(row) >= MEASURES | kept for row in found["structures"])
    assert found["caveat"] == text("analyse.ego", "fr")
    assert (found["summary"]["nodes"], found["summary"]["ties"]) == (37, 31)
    assert found["summary"]["isolates"] == 5
    assert len(found["situation"]["direct_partners"]) == 28


def test_what_is_not_defined_is_null(shared):
    found = document(run(shared, "--without-focus", "--json"))
    assert found["summary"]["closeness_centralization"] is None
    assert found["summary"]["mean_distance"] is None
    assert all(row["constraint"] is None for row in found["structures"])
    before = document(run(shared, "--as-of", "1900", "--json"))
    assert before["summary"]["nodes"] == len(before["structures"])


def test_no_focus_and_no_partner_have_an_answer(shared):
    found = document(run(shared, "--focus", "none", "--json"))
    assert found["situation"]["direct_partners"] == []
    assert found["summary"]["nodes"] == len(found["structures"]) > 37
    assert run(shared, "--focus", "none").exit_code == 0
    empty = document(run(shared, "--focus", "none", "--kind", "DIALYSE", "--json"))
    assert (empty["structures"], empty["summary"]["nodes"]) == ([], 0)
    assert run(shared, "--focus", "none", "--kind", "DIALYSE").exit_code == 0
    assert run(shared, "--focus", "none", "--kind", "DIALYSE", "--csv").stdout == ""


def test_values_by_hand(signed):
    found = document(small(signed, "--json"))
    rows = {row["id"]: row for row in found["structures"]}
    assert rows[FOCUS]["betweenness"] == pytest.approx(6.5)
    assert (rows[CHARITY]["degree"], rows[CLINIC]["is_cut_point"]) == (3, False)
    (tie,) = found["situation"]["outside_ties"]
    assert ({tie["a"], tie["b"]}, tie["cooperations"]) == ({CHARITY, CPTS}, 1)


def test_a_removal_is_told_before_and_after(signed):
    found = document(small(signed, "--remove", NORTH, "--json"))["removal"]
    assert found["structures"] == [NORTH]
    assert set(found["before"]) == {"nodes", "ties", "components", "F", "DF"}
    assert (found["cut_off"], found["no_longer_partners"]) == ([CLINIC], [CLINIC])
    found = document(small(signed, "--remove", "S-1", "--remove", CPTS, "--json"))["removal"]
    assert (found["structures"], found["cooperations"]) == ([CPTS], ["S-1"])
    kinds = {item["kind"] for item in found["last_of_their_kind"]}
    assert kinds == {"CLINIQUE", "CPTS"}


def test_a_removal_of_all_is_an_answer(signed):
    ids = [row["id"] for row in document(small(signed, "--json"))["structures"]]
    asked = [part for key in ids for part in ("--remove", key)]
    found = document(small(signed, *asked, "--json"))["removal"]
    assert found["after"] == {"nodes": 0, "ties": 0, "components": 0, "F": None, "DF": None}
    assert "Il ne resterait aucune structure" in small(signed, *asked).stdout


def test_a_lapse_names_what_ends_before_the_day(signed):
    found = document(small(signed, "--lapse-before", "2026-07", "--json"))["lapse"]
    assert found["before"] == "2026-07-01"
    assert found["agreements"] == [
        {"id": "S-1", "title": "Imagerie synthétique", "end": "2026-06-30"}
    ]
    assert found["effect"]["cut_off"] == [CLINIC]
    found = document(small(signed, "--lapse-before", "2026-06-30", "--json"))["lapse"]
    assert (found["agreements"], found["effect"]) == ([], None)


def test_two_dates_are_compared(signed):
    found = document(small(signed, "--compare-with", "2023-01-01", "--json"))["comparison"]
    assert (found["before"], found["after"]) == ("2023-01-01", "2026-01-01")
    assert found["arrived"] == sorted([CLINIC, CPTS, CHARITY])
    assert (len(found["gained"]), found["lost"], found["left"]) == (5, [], [])
    assert found["summary"]["nodes"] == {"before": 3.0, "after": 6.0, "change": 3.0}
    result = small(signed, "--compare-with", "2023-01-01", "--csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout), delimiter=";"))
    assert {row["presence"] for row in rows} == {"arrived", "stayed"}
    assert len(rows) == 6


WRONG = [
    (("--remove", "nobody"), "nobody"),
    (("--remove", NORTH, "--remove", "S-9"), "S-9"),
    (("--lapse-before", "2025-01-01"), "2025-01-01"),
    (("--lapse-before", "2026-01-01"), "2026-01-01"),
    (("--lapse-before", "demain"), "demain"),
    (("--compare-with", "2026-01-01"), "2026-01-01"),
    (("--compare-with", "hier"), "hier"),
]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("arguments", "named"), WRONG)
def test_what_cannot_be_asked_is_exit_code_2(signed, arguments, named, language):
    asked = ("--focus", FOCUS, "--as-of", "2026-01-01", "--json", *arguments)
    result = run(signed, *asked, language=language)
    assert (result.exit_code, result.stdout) == (2, "")
    assert named in result.stderr


def test_people_read_sentences_then_a_table(signed):
    caveat = plain(text("analyse.ego", "fr"))
    result = small(
        signed, "--remove", NORTH, "--lapse-before", "2026-07-01", "--compare-with", "2023"
    )
    lines = plain(result.stdout).splitlines()
    for expected in (
        "Groupe synthétique · Situation au 1er janvier 2026",
        "Nous avons 3 partenaires directs.",
        "1 lien entre nos partenaires existe sans nous.",
        "1 structure ne pourrait plus nous joindre. (Clinique synthétique)",
        "1 convention prend fin avant le 2026-07-01 si rien n’est fait.",
        "3 structures arrivées (Clinique synthétique, CPTS synthétique et Association synthétique)",
        "Le réseau compte 7 liens.",
        caveat,
    ):
        assert expected in lines
    table = lines[lines.index(caveat) + 2 :]
    assert table[0].split("  ")[0] == "Nom"
    assert table[1].startswith("Groupe synthétique")
    assert "4" in table[1]
    assert len(table) == 7


def test_hostile_names_stay_on_their_line(tmp_path: Path):
    synthetic_store(tmp_path).close()
    url = f"sqlite:///{(tmp_path / 'synthetic.db').as_posix()}"
    result = run(url, "--focus", FOCUS, "--as-of", "2024-06-01", language="en")
    assert result.exit_code == 0
    assert HOSTILE[:40] in result.stdout
    found = document(run(url, "--focus", FOCUS, "--as-of", "2024-06-01", "--json"))
    assert HOSTILE in {row["name"] for row in found["structures"]}
