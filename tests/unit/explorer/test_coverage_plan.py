"""Rules, sensitivity and simulation on the command line, on squares worked out by hand."""

import csv
import io
import json
import math

import pytest
from click.testing import CliRunner

from explorer.cli import main
from tests.support.coverage_store import small_store
from tests.support.small_world import FOCUS, OWN, SIDE, agreement, structure

HOMES = [
    structure("940000101", "EHPAD", (1, 0), name="Partenaire", capacity={"places_hebergement": 30}),
    structure("940000102", "EHPAD", (2, 3), name="Autre", capacity={"places_hebergement": 80}),
    structure("940000103", "EHPAD", (4, 4), name="Coin", capacity={"places_hebergement": 20}),
    structure("940000104", "EHPAD", (3, 3), name="Muette"),
]
EVERYWHERE = ("--focus", FOCUS, "--territory", "departement:94", "--as-of", "2026-11-25")
SUGGEST = ("suggest", "--kind", "EHPAD", "--radius-km", "1.2", "--count")
COVERAGE = ("coverage", "--level", "arrondissement", "--kind", "EHPAD", "--radius-km", "1.2")
PER_POINT = 10 / 4


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    path = tmp_path_factory.mktemp("plan") / "plan.db"
    return small_store(path, HOMES, [agreement("convention-1", "940000101")])


def run(url, *arguments, language="fr"):
    return CliRunner().invoke(main, ["--store", url, "--lang", language, *arguments, *EVERYWHERE])


def document(url, *arguments):
    result = run(url, *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def near(radius, *places):
    spots = [(column + 0.5, row + 0.5) for column, row in places]
    points = [(c / 2 + 0.25, r / 2 + 0.25) for c in range(2 * SIDE) for r in range(2 * SIDE)]
    return sum(PER_POINT for p in points if any(math.dist(p, s) <= radius for s in spots))


def test_rules_bind_and_are_said(url):
    free = document(url, *SUGGEST, "2")
    assert free["rules"] == {
        "include": [],
        "exclude": [],
        "per_territory": None,
        "least_capacity": None,
    }
    without = document(url, *SUGGEST, "1", "--exclude", free["solutions"][0][0])
    assert free["solutions"][0][0] not in without["solutions"][0]
    must = document(url, *SUGGEST, "1", "--include", "940000103")
    assert must["solutions"] == [["940000103"]]
    assert must["people_covered_after"] == pytest.approx(near(1.2, (1, 0), (4, 4)))
    spread = document(url, *SUGGEST, "1", "--per-territory", "arrondissement:1")
    assert spread["rules"]["per_territory"] == {"level": "arrondissement", "most": 1}
    large = document(url, *SUGGEST, "3", "--least-capacity", "50")
    assert (large["solutions"], large["unsized"]) == ([["940000102"]], ["940000104"])
    assert any("Muette" in sentence for sentence in large["caveats"])
    said = run(url, *SUGGEST, "3", "--least-capacity", "50")
    assert "Capacité d’au moins 50" in said.stdout
    assert "Muette" in said.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("1", "--include", "999999999"), "structure inconnue, ou trop loin"),
        (("1", "--exclude", "999999999"), "structure inconnue, ou trop loin"),
        (("1", "--include", "940000101"), "déjà partenaire"),
        (("1", "--include", OWN), "site du groupe"),
        (("1", "--per-territory", "quartier:1"), "quartier:1"),
        (("1", "--per-territory", "arrondissement"), "NIVEAU:NOMBRE"),
        (("1", "--least-capacity", "-1"), "-1 n’est pas une capacité"),
        (("1", "--least-capacity", "5000"), "Aucune des 3 candidates"),
        (("3", "--per-territory", "departement:1"), "1 seule signature est possible"),
    ],
)
def test_rules_that_cannot_hold_are_answered(url, arguments, said):
    result = run(url, *SUGGEST, *arguments, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


@pytest.mark.parametrize("radius", ["0", "-1", "1000"])
def test_a_radius_that_is_none_is_refused(url, radius):
    asked = ("suggest", "--kind", "EHPAD", "--radius-km", radius, "--count", "1", "--json")
    result = run(url, *asked)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "n’est pas un rayon utilisable" in result.stderr


def test_more_than_there_are_are_all_taken_and_it_is_said(url):
    found = run(url, *SUGGEST, "20")
    assert "3 candidates pour 20" in found.stderr
    assert document(url, *SUGGEST, "20")["solutions"] == [["940000102", "940000103", "940000104"]]


def test_a_choice_is_tried_at_other_radii_and_detours(url):
    found = document(url, *SUGGEST, "1", "--sensitivity")["sensitivity"]
    assert [(t["radius_km"], t["detour"]) for t in found["trials"][:4]] == [
        (0.6, 1.0),
        (0.6, 1.15),
        (0.6, 1.3),
        (0.6, 1.5),
    ]
    assert len(found["trials"]) == 20
    asked = next(t for t in found["trials"] if (t["radius_km"], t["detour"]) == (1.2, 1))
    assert asked["holds"]
    assert asked["people_best"] == pytest.approx(
        document(url, *SUGGEST, "1")["people_covered_after"]
    )
    assert found["fragile"] == any(not t["holds"] for t in found["trials"])
    said = run(url, *SUGGEST, "1", "--sensitivity")
    assert said.stdout.count("détour 1,15") == 5
    whole = document(url, *SUGGEST, "3", "--sensitivity")["sensitivity"]
    assert not whole["fragile"]
    assert whole["words"][0].startswith("Le choix tient")


def test_a_simulation_gives_before_and_after(url):
    found = document(url, *COVERAGE, "--add", "940000103", "--remove", "940000101")
    sides = [{row["territory"]: row for row in found[when]["rows"]} for when in ("before", "after")]
    south, north = "arrondissement:941", "arrondissement:942"
    assert [side[south]["state"] for side in sides] == ["agreed", "own"]
    assert [side[north]["state"] for side in sides] == ["unsigned", "agreed"]
    totals = [sum(row["population_covered"] for row in side.values()) for side in sides]
    assert totals == pytest.approx([near(1.2, (1, 0)), near(1.2, (4, 4))])
    networks = [found[when]["network"] for when in ("before", "after")]
    assert [n["direct_partners"] for n in networks] == [1, 1]
    assert [n["nodes"] for n in networks] == [3, 3]
    assert found["before"]["structures"]["940000103"] is None
    assert found["after"]["structures"]["940000103"]["ties"] == 1
    # every place is shared among people: what is within reach of all adds up to the places
    reached = [
        sum(r["places_in_reach_per_1000"] * r["population"] / 1000 for r in side.values())
        for side in sides
    ]
    assert reached == pytest.approx([30, 20])
    assert any("Hypothèse" in sentence for sentence in found["assumptions"])


def test_a_simulation_reads_as_sentences_and_as_a_table(url):
    said = run(url, *COVERAGE, "--add", "940000103")
    assert "sans convention → conventionné" in said.stdout
    assert "Partenaires directs\u00a0: 1 → 2" in said.stdout
    assert "une signature est une convention" in said.stderr
    table = run(url, *COVERAGE, "--add", "940000103", "--csv")
    rows = list(csv.DictReader(io.StringIO(table.stdout), delimiter=";"))
    assert {(r["territory"], r["state_before"], r["state_after"]) for r in rows} == {
        ("arrondissement:941", "agreed", "agreed"),
        ("arrondissement:942", "unsigned", "agreed"),
    }


def test_without_radius_reach_stays_unknown_and_kinds_are_those_of_the_structures(url):
    asked = ("coverage", "--level", "departement", "--add", "940000103")
    found = document(url, *asked)
    (row,) = found["after"]["rows"]
    assert (row["kind"], row["state"], row["population_covered"]) == ("EHPAD", "agreed", None)
    assert row["places_in_reach_per_1000"] is None
    assert "--radius-km" in run(url, *asked).stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--add", "999999999"), "999999999 est inconnue"),
        (("--remove", "940000102"), "n’est pas partenaire"),
        (("--add", "940000101"), "déjà partenaire"),
        (("--add", "940000102", "--remove", "940000102"), "à la fois"),
    ],
)
def test_a_simulation_that_cannot_be_is_answered(url, arguments, said):
    result = run(url, *COVERAGE, *arguments, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_zone_depends_on_neither_radius_nor_detour(tmp_path):
    zones = [
        structure("940000301", "HAD", name="Zone", covers=("arrondissement:942",)),
        structure("940000302", "HAD", name="Petite", covers=("commune:94001",)),
    ]
    there = small_store(tmp_path / "had.db", zones, registers=(("activites", frozenset({"94"})),))
    asked = ("suggest", "--kind", "HAD", "--radius-km", "1", "--count", "1", "--sensitivity")
    found = document(there, *asked)
    assert found["solutions"] == [["940000301"]]
    assert not found["sensitivity"]["fragile"]
    assert "zone déclarée seule compte" in found["sensitivity"]["words"][0]


def test_where_a_choice_changes_is_said_first(tmp_path):
    # the middle reaches nobody near by, and most once its neighbours are in reach
    homes = [
        structure("940000401", "EHPAD", (0, 0), name="Angle"),
        structure("940000402", "EHPAD", (1, 3), name="Milieu"),
    ]
    there = small_store(tmp_path / "turn.db", homes)
    stays = tmp_path / "sejours.csv"
    stays.write_text("commune;sejours\n94001;100\n94016;60\n94018;60\n", encoding="utf-8")
    asked = ("suggest", "--kind", "EHPAD", "--radius-km", "1.05", "--count", "1", "--sensitivity")
    near_by = ("--demand", "centroid", "--recruitment", str(stays))
    found = document(there, *asked, *near_by)
    assert found["solutions"] == [["940000402"]]
    turns = found["sensitivity"]["changes_at"]
    assert turns == {"smaller_radius_km": 0.84, "larger_radius_km": None, "detour": 1.15}
    said = run(there, *asked, *near_by).stdout
    assert "change dès que le rayon descend à 0,84" in said
    assert "le détour par la route atteint 1,15" in said
    assert found["sensitivity"]["people_lost_at_worst"] == 100


def test_too_wide_a_question_is_answered_at_once(url, monkeypatch):
    monkeypatch.setattr("explorer.services.coverage_plan.MOST_PAIRS", 10)
    result = run(url, *SUGGEST, "1", "--sensitivity", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "centroid" in result.stderr
