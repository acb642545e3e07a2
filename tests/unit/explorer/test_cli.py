"""The command line: one JSON document on standard output, words on standard error, exit codes."""

import csv
import io
import json
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from explorer.cli import common, main
from graph.messages import LANGUAGES, catalogue, text
from loaders.registry import REGISTRY
from tests.support.stores import fill_reference

CHECKOUT = Path(__file__).resolve().parents[3]
REFERENCE = CHECKOUT / "data" / "reference"
FOCUS = "ght:940110018"


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "reference.db"
    fill_reference(path)
    return path


@pytest.fixture
def store(filled: Path, tmp_path: Path) -> str:
    """A store of one's own: what a test changes is gone with it."""
    return f"sqlite:///{shutil.copy(filled, tmp_path / 'own.db')}"


@pytest.fixture(scope="module")
def shared(filled: Path) -> str:
    return f"sqlite:///{filled}"


def run(url: str, *arguments: str, language: str = "fr") -> Result:
    return CliRunner().invoke(main, ["--store", url, "--lang", language, *arguments])


def document(result: Result) -> object:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def reference_rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


NAMED = sorted(
    {
        (row["id"], row["name"])
        for row in reference_rows("structures")
        if row["source"].startswith("seed-") and row["name"]
    }
)


@pytest.mark.parametrize(("key", "name"), NAMED)
def test_find_finds_every_named_organisation_with_its_evidence(shared, key, name):
    hits = document(run(shared, "find", name, "--json"))
    found = {hit["id"]: hit for hit in hits}
    assert key in found
    assert any(source.startswith("seed-") for source in found[key]["sources"])


def test_find_is_sorted_by_id_and_says_which_is_best(shared):
    hits = document(run(shared, "find", "hopital", "--json"))
    assert [hit["id"] for hit in hits] == sorted(hit["id"] for hit in hits)
    assert sorted(hit["rank"] for hit in hits) == list(range(1, len(hits) + 1))
    best = run(shared, "find", "hopital").stdout.split("\t", 1)[0]
    assert next(hit["id"] for hit in hits if hit["rank"] == 1) == best


@pytest.mark.parametrize(
    "words", ["claude gallien", "CLAUDE GALIEN", "Sante Service", "coeur", "cœur"]
)
def test_find_ignores_accents_and_case(shared, words):
    assert document(run(shared, "find", words, "--json"))


def test_find_says_so_when_nothing_matches(shared):
    result = run(shared, "find", "zzzz")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "zzzz" in result.stderr


def test_find_on_an_empty_store_says_what_to_load(tmp_path):
    result = run(f"sqlite:///{tmp_path / 'new.db'}", "find", "x")
    assert "maillage load reference" in result.stderr


def test_status_counts_what_the_reference_holds(shared):
    held = document(run(shared, "status", "--json"))
    ids = {row["id"] for row in reference_rows("structures")}
    assert sum(held["structures"].values()) == len(ids)
    assert held["cooperations"] == len({row["id"] for row in reference_rows("cooperations")})
    assert held["memberships"] == len(reference_rows("memberships"))
    assert held["territories"]["arrondissement"] >= 3
    by_id = {row["id"]: row for row in held["sources"]}
    assert by_id["seed-003"]["date"] == "2023-11-13"
    assert by_id["seed-003"]["cooperations"] > 25


def test_network_is_the_focus_set_its_partners_and_their_ties(shared):
    found = document(run(shared, "network", "--as-of", "2026-11-22", "--json"))
    assert (found["as_of"], found["focus"]) == ("2026-11-22", FOCUS)
    rows = {row["id"]: row for row in found["structures"]}
    assert [row["id"] for row in found["structures"]] == sorted(rows)
    assert rows[FOCUS]["role"] == "focus"
    # Counted by hand in article 003: 28 partners named with an agreement.
    direct = [row for row in rows.values() if row["role"] == "partner" and row["via"] is None]
    assert len(direct) == 28
    assert rows["institution:cpam-94"]["agreements"] == 2
    assert rows["910500040"]["via"] == "EJ"
    assert found["summary"]["nodes"] == len(rows)
    assert all(tie["a"] < tie["b"] and {tie["a"], tie["b"]} <= set(rows) for tie in found["ties"])


def test_before_the_report_nothing_is_attested(shared):
    found = document(run(shared, "network", "--as-of", "2015", "--json"))
    assert [row for row in found["structures"] if row["role"] == "partner"] == []


def test_without_the_focus_only_ties_among_partners_remain(shared):
    found = document(run(shared, "network", "--without-focus", "--json"))
    assert all(row["role"] == "partner" for row in found["structures"])
    assert found["summary"]["isolates"] == len(found["structures"])


def test_filters_narrow_the_partners_and_keep_the_focus(shared):
    found = document(run(shared, "network", "--kind", "HAD", "--json"))
    partners = {row["id"] for row in found["structures"] if row["role"] == "partner"}
    assert partners == {"920813623", "750042459"}
    found = document(run(shared, "network", "--territory", "arrondissement:943", "--json"))
    partners = {
        row["id"]: row["commune"] for row in found["structures"] if row["role"] == "partner"
    }
    assert "940300502" in partners  # Clinique Boyer, Villeneuve-Saint-Georges
    assert "940000649" not in partners  # Saint-Camille, Bry-sur-Marne


def test_network_without_focus_holds_every_tie(shared):
    found = document(run(shared, "network", "--focus", "none", "--json"))
    ids = {row["id"] for row in found["structures"]}
    assert {"750065179", "750100125", FOCUS} <= ids
    assert found["focus"] is None


def test_the_same_question_twice_gives_the_same_bytes(shared):
    first, second = (run(shared, "network", "--json").stdout for _ in range(2))
    assert first == second


def test_csv_can_be_read_back(shared):
    result = run(shared, "network", "--csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout), delimiter=";"))
    assert {"id", "name", "kind"} <= set(rows[0])


WRONG = [
    (("network", "--focus", "940999999"), 2, "940999999"),
    (("network", "--kind", "PHARMACIE"), 2, "PHARMACIE"),
    (("network", "--territory", "arrondissement:999"), 2, "arrondissement:999"),
    (("network", "--territory", "canton:1"), 2, "canton"),
    (("network", "--territory", "75101"), 2, "arrondissement:75101"),
    (("network", "--status", "fini"), 2, "fini"),
    (("network", "--theme", "zzz"), 2, "zzz"),
    (("network", "--as-of", "31/12/2025"), 2, "31/12/2025"),
    (("load", "nothing"), 2, "nothing"),
    (("load", "finess"), 3, "finess"),
    (("load", "conventions", "r.csv", "--departement", "94"), 2, "finess, ght, cpts"),
    (("load", "ensembles", "e.csv", "--departement", "94"), 2, "ensembles"),
    (("load", "reference", "--departement", "94", "--dry-run"), 2, "reference"),
    (("load", "finess", "no/such/file.csv"), 3, "file.csv"),
    (("undo", "conventions"), 2, "conventions"),
    (("undo", "nothing"), 2, "nothing"),
]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("arguments", "code", "said"), WRONG)
def test_a_mistake_is_named_and_standard_output_stays_empty(
    shared, arguments, code, said, language
):
    result = run(shared, *arguments, "--json", language=language)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_and_option_has_its_help(shared, language):
    for name, item in main.commands.items():
        words = catalogue(language)
        assert f"help.{name}" in words
        options = {option.name for option in item.params if isinstance(option, click.Option)}
        assert {key for key in options if f"help.option.{key}" not in words} <= {
            key for key in options if f"help.{name}.{key}" in words
        }
        shown = run(shared, name, "--help", language=language)
        assert shown.exit_code == 0
        assert words["help.option.help"] in shown.stdout
    whole = " ".join(run(shared, "--help", language=language).stdout.split())
    assert " ".join(catalogue(language)["help.main"].split()) in whole


def test_reloading_the_reference_changes_nothing_and_undo_takes_it_back(store):
    again = document(run(store, "load", "reference", "--json"))
    assert (again["added"], again["updated"], again["removed"]) == (0, 0, 0)
    assert again["unchanged"] > 200
    assert again["read"] == again["kept"] + again["skipped"] + again["rejected"]
    undone = document(run(store, "undo", "reference", "--json"))
    assert undone["removed"] == again["unchanged"]
    assert sum(document(run(store, "status", "--json"))["structures"].values()) == 0


def test_undo_says_which_loads_went_with_it(store):
    for _ in range(2):
        run(store, "load", "reference")
    said = run(store, "undo", "reference").stderr
    assert said.splitlines()[1] == text("cli.undone_idle", "fr", n=2)
    assert len(run(store, "undo", "reference").stderr.splitlines()) == 1


def test_a_dry_run_changes_nothing(store, tmp_path):
    before = run(store, "status", "--json").stdout
    copy = shutil.copytree(REFERENCE, tmp_path / "reference")
    rows = (copy / "facts.csv").read_text(encoding="utf-8").splitlines()
    (copy / "facts.csv").write_text("\n".join(rows[:-3]) + "\n", encoding="utf-8")
    would = document(run(store, "load", "reference", str(copy), "--dry-run", "--json"))
    assert would["dry_run"] is True
    assert would["updated"] + would["removed"] >= 1
    assert len(would["changes"]) == would["updated"] + would["removed"]
    assert all({"change", "thing", "name", "id"} <= set(row) for row in would["changes"])
    said = run(store, "load", "reference", str(copy), "--dry-run").stderr
    assert would["changes"][0]["name"] in said
    assert run(store, "status", "--json").stdout == before


def test_what_takes_long_shows_how_far_it_is(store, monkeypatch):
    assert "%" not in run(store, "load", "reference", "--json").stderr
    monkeypatch.setattr(common, "PATIENCE_SECONDS", 0)
    result = run(store, "load", "reference", "--json")
    assert document(result)["source"] == "reference"
    assert "Comparaison avec la base" in result.stderr


def test_sources_lists_every_loader_with_what_it_reads(shared):
    rows = document(run(shared, "sources", "--json"))
    assert [row["id"] for row in rows] == sorted(spec.id for spec in REGISTRY)
    assert all(row["title"] and row["reads"] and row["vintage"] for row in rows)
    own = {"ensembles", "conventions"}
    assert {row["id"] for row in rows if not row["address"] or not row["licence"]} == own
    last = next(row for row in rows if row["id"] == "territoires")
    assert last["last_load"]


SHAPES = {
    "find": {"id", "name", "kind", "commune", "sources"},
    "status": {"store", "structures", "cooperations", "memberships", "territories", "sources"},
    "network": {"as_of", "focus", "summary", "structures", "ties"},
    "load": {
        *("source", "file", "read", "kept", "skipped", "rejected", "rejections", "added"),
        *("updated", "removed", "unchanged", "structures", "cooperations", "memberships"),
    },
}
"""Keys that scripts rely on (DESIGN.md section 8)."""


def test_documents_have_the_keys_that_scripts_rely_on(store):
    (hit, *_) = document(run(store, "find", "CHIC", "--json"))
    assert set(hit) >= SHAPES["find"]
    held = document(run(store, "status", "--json"))
    assert set(held) >= SHAPES["status"]
    wanted = {"id", "title", "date", "structures", "cooperations"}
    assert all(set(row) >= wanted for row in held["sources"])
    found = document(run(store, "network", "--json"))
    assert set(found) >= SHAPES["network"]
    assert all({"id", "name", "kind", "degree"} <= set(row) for row in found["structures"])
    assert set(document(run(store, "load", "reference", "--json"))) >= SHAPES["load"]


REGISTER = """N°;Intitulé;Partenaire;Type
1;Imagerie;Clinique Boyer;Convention cadre
2;Biologie;Clinique Boyer;pacte
"""


def test_a_rejected_row_is_told_with_its_column_and_the_rest_is_kept(store, tmp_path):
    path = tmp_path / "registre.csv"
    path.write_text(REGISTER, encoding="utf-8")
    loaded = run(store, "load", "conventions", str(path))
    assert loaded.exit_code == 0
    assert "ligne 3 (n° 2), Type :" in loaded.stderr.replace("\xa0", " ")
    again = run(store, "load", "conventions", str(path), language="en")
    assert "row 3 (no. 2), Type: " in again.stderr
    report = document(run(store, "load", "conventions", str(path), "--json"))
    assert (report["read"], report["kept"], report["rejected"]) == (2, 1, 1)
    (rejection,) = report["rejections"]
    assert set(rejection) == {"row", "field", "value", "reason"}
    assert (rejection["field"], rejection["value"]) == ("Type", "pacte")
    assert "Convention cadre" in rejection["reason"]


def test_a_file_of_which_nothing_can_be_kept_says_the_first_reason(store, tmp_path):
    path = tmp_path / "registre.csv"
    path.write_text("N°;Intitulé;Partenaire;Type\n2;Biologie;Clinique Boyer;pacte\n", "utf-8")
    before = run(store, "status", "--json").stdout
    result = run(store, "load", "conventions", str(path), "--json")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "ligne 2 (n° 2), Type" in result.stderr
    assert run(store, "status", "--json").stdout == before


@pytest.mark.parametrize(
    ("lines", "option", "words"),
    [
        (["code;x"], (), "aucune ligne"),
        (["94028;1;1"], ("--departement", "2A"), "--departement"),
        (["94028;1;1"], ("--departement", "ZZ"), "ZZ"),
        (["94999;1;1"], (), "94999"),
    ],
)
def test_a_load_that_keeps_nothing_says_why(store, tmp_path, lines, option, words):
    path = tmp_path / "ages.csv"
    header = "CODGEO;P22_POP;P22_POP75P" if lines != ["code;x"] else "nom_ensemble;commune"
    rows = lines if lines != ["code;x"] else []
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    source = "population" if rows else "conventions"
    if not rows:
        path.write_text("N°;Intitulé;Partenaires\n", encoding="utf-8")
    result = run(store, "load", source, str(path), *option, "--json")
    assert result.exit_code in {2, 3}
    assert result.stdout == ""
    assert words in result.stderr
    assert "—" not in result.stderr


@pytest.mark.parametrize("language", ["fr", "en"])
def test_sources_in_words_say_address_licence_and_vintage(shared, language):
    said = run(shared, "sources", language=language).stdout
    for spec in REGISTRY:
        assert f"\n{spec.id}\t" in f"\n{said}"
        assert spec.address in said
        assert spec.licence in said
        assert text(f"source.{spec.id}.vintage", language) in said


def test_doctor_finds_a_sound_installation_and_a_bad_store(shared, tmp_path):
    assert all(row["ok"] for row in document(run(shared, "doctor", "--json")))
    bad = tmp_path / "bad.db"
    bad.write_bytes(b"%PDF-1.4 no database")
    result = run(f"sqlite:///{bad}", "doctor", "--json")
    assert result.exit_code == 4
    assert not next(row for row in json.loads(result.stdout) if row["check"] == "store")["ok"]


def test_a_store_that_cannot_be_used_is_exit_code_4(tmp_path):
    bad = tmp_path / "bad.db"
    bad.write_bytes(b"%PDF-1.4 no database")
    result = run(f"sqlite:///{bad}", "status", "--json")
    assert (result.exit_code, result.stdout) == (4, "")
    assert bad.read_bytes() == b"%PDF-1.4 no database"


def test_the_template_is_written_and_an_unwritable_place_is_named(shared, tmp_path):
    out = tmp_path / "conventions.xlsx"
    assert run(shared, "template", str(out)).exit_code == 0
    assert out.stat().st_size > 5_000
    result = run(shared, "template", str(tmp_path / "no" / "such" / "place.xlsx"))
    assert result.exit_code == 3
    assert "place.xlsx" in result.stderr
    assert "dossier ou fichier introuvable" in result.stderr
