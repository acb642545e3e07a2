"""``maillage coverage`` and ``maillage suggest`` on squares, answers worked out by hand."""

import csv
import io
import itertools
import json
import math
from datetime import date

import pytest
import shapely
from click.testing import CliRunner

from explorer.cli import main
from explorer.selection import Selection
from explorer.services.coverage import coverage_of
from explorer.services.coverage_reading import SERVICE_KINDS, CoverageQuestion
from explorer.services.loading import run_load, undo_last
from graph.model import Territory
from graph.store.open import open_store
from loaders.base import LoadContext
from tests.support.coverage_store import batch, small_store
from tests.support.small_world import (
    FOCUS,
    SIDE,
    agreement,
    code,
    commune,
    square,
    structure,
    territories,
    upper,
)

HOMES = [
    structure("940000101", "EHPAD", (1, 0), name="Partenaire"),
    structure("940000102", "EHPAD", (2, 3), name="Autre", capacity={"places_hebergement": 80}),
    structure("940000103", "EHPAD", (4, 4), name="Coin", capacity={"places_hebergement": 20}),
]
SIGNED = [agreement("convention-1", "940000101")]
EVERYWHERE = ("--focus", FOCUS, "--territory", "departement:94", "--as-of", "2026-11-25")
PER_POINT = 10 / 4
"""People of 75 and over at each of the four points of a square."""


def run(url, *arguments, language="fr"):
    return CliRunner().invoke(main, ["--store", url, "--lang", language, *arguments])


def document(url, *arguments, where=EVERYWHERE):
    result = run(url, *arguments, *where, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def cells(found, *names):
    return {
        (row["territory"].partition(":")[2], row["kind"]): tuple(row[name] for name in names)
        for row in found["rows"]
    }


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    return small_store(tmp_path_factory.mktemp("homes") / "homes.db", HOMES, SIGNED)


def near(radius_km, *places):
    """Count the people of 75 and over within a radius of any of the middles of squares."""
    spots = [(column + 0.5, row + 0.5) for column, row in places]
    points = itertools.product((each / 2 + 0.25 for each in range(2 * SIDE)), repeat=2)
    inside = [p for p in points if any(math.dist(p, spot) <= radius_km for spot in spots)]
    return len(inside) * PER_POINT


def test_table_by_arrondissement(homes):
    found = document(homes, "coverage", "--level", "arrondissement", "--kind", "EHPAD")
    assert (found["level"], found["focus"], found["as_of"]) == (
        "arrondissement",
        FOCUS,
        "2026-11-25",
    )
    names = ("population", "supply", "own", "agreed", "unsigned", "state", "capacity")
    assert cells(found, *names) == {
        ("941", "EHPAD"): (100, 2, 1, 1, 0, "agreed", None),
        ("942", "EHPAD"): (150, 2, 0, 0, 2, "unsigned", 100),
    }
    assert found["radius_km"] is None
    reached = ("population_covered", "share_covered", "population_near_supply")
    assert set(cells(found, *reached).values()) == {(None, None, None)}
    assert cells(found, "places_per_1000", "partnership_rate")["942", "EHPAD"] == (
        pytest.approx(1000 * 100 / 150),
        0,
    )


def test_without_kind_all_that_serve_people_are_listed(homes):
    found = document(homes, "coverage", "--level", "arrondissement")
    rows = cells(found, "supply", "state")
    assert {kind for _, kind in rows} == set(SERVICE_KINDS)
    assert rows["941", "CLINIQUE"] == (None, "unknown")
    keys = [(row["territory"], row["kind"]) for row in found["rows"]]
    assert keys == sorted(keys)


def test_reach_counts_points_of_the_grid(homes):
    asked = ("coverage", "--level", "departement", "--kind", "EHPAD", "--radius-km", "1.3")
    names = ("population_covered", "share_covered", "population_near_supply")
    covered, share, supply = cells(document(homes, *asked), *names)["94", "EHPAD"]
    assert covered == pytest.approx(near(1.3, (1, 0)))
    assert share == pytest.approx(covered / 250)
    assert supply == pytest.approx(near(1.3, (0, 0), (1, 0), (2, 3), (4, 4)))
    # 1.3 km, a third longer by road, at 30 km/h: 3.4 minutes
    assert "en 3 minutes environ" in " ".join(document(homes, *asked)["caveats"])


def test_reach_from_one_point_a_commune(homes):
    asked = ("coverage", "--level", "departement", "--kind", "EHPAD", "--radius-km", "1.3")
    found = document(homes, *asked, "--demand", "centroid", "--population", "total")
    # itself and three of its neighbours: the fourth would be south of the country
    assert cells(found, "population", "population_covered")["94", "EHPAD"] == (2500, 400)
    assert "un seul point" in " ".join(found["caveats"])


@pytest.mark.parametrize("count", [1, 2, 3])
def test_suggestion_is_the_best_of_all_choices(homes, count):
    asked = ("suggest", "--kind", "EHPAD", "--radius-km", "1.3", "--count", str(count))
    found = document(homes, *asked)
    places = {"940000102": (2, 3), "940000103": (4, 4)}
    size = min(count, len(places))
    choices = {
        ids: near(1.3, (1, 0), *(places[each] for each in ids))
        for ids in itertools.combinations(sorted(places), size)
    }
    best = max(choices.values())
    assert found["candidates"] == 2
    assert found["people_covered_before"] == pytest.approx(near(1.3, (1, 0)))
    assert found["people_covered_after"] == pytest.approx(best)
    assert found["solutions"] == [list(ids) for ids, n in choices.items() if n == best]
    assert (found["kind"], found["count"], found["radius_km"]) == ("EHPAD", count, 1.3)
    assert found["truncated"] is False


def test_an_activity_keeps_those_that_have_it(tmp_path):
    centres = [
        structure("940000601", "CDS", (1, 1), activities=("centre_dentaire",)),
        structure("940000602", "CDS", (3, 3), activities=("centre_medical",)),
    ]
    url = small_store(tmp_path / "x.db", centres, registers=(("cms", frozenset({"94"})),))
    only = ("--activity", "centre_dentaire")
    found = document(url, "coverage", "--level", "arrondissement", "--kind", "CDS", *only)
    assert cells(found, "supply", "state") == {
        ("941", "CDS"): (1, "unsigned"),
        ("942", "CDS"): (0, "no_supply"),
    }
    asked = ("suggest", "--kind", "CDS", "--radius-km", "1", "--count", "2")
    assert document(url, *asked, *only)["solutions"] == [["940000601"]]


@pytest.mark.parametrize(
    ("filters", "state"),
    [
        (("--theme", "gériatrie"), "agreed"),
        (("--theme", "cancer"), "unsigned"),
        (("--status", "en_vigueur"), "agreed"),
        (("--status", "echue"), "unsigned"),
        (("--focus", "none"), "unsigned"),
        (("--as-of", "2019-12-31"), "unsigned"),
    ],
)
def test_filters_say_who_is_a_partner(tmp_path, filters, state):
    signed = [
        agreement("convention-1", "940000102", themes=("gériatrie",)),
        agreement("convention-2", "940000999", themes=("cancer",)),
    ]
    url = small_store(tmp_path / "x.db", HOMES, signed)
    asked = ("coverage", "--level", "arrondissement", "--kind", "EHPAD")
    found = document(url, *asked, where=(*EVERYWHERE, *filters))
    assert cells(found, "state")["942", "EHPAD"] == (state,)


def test_suggestion_for_one_commune_is_what_is_near_it(homes):
    where = ("--focus", FOCUS, "--territory", f"commune:{code(4, 4)}")
    asked = ("suggest", "--kind", "EHPAD", "--radius-km", "1", "--count", "1")
    found = document(homes, *asked, where=where)
    assert (found["solutions"], found["people"]) == ([["940000103"]], 10)


def test_nothing_to_sign_is_said(homes):
    result = run(
        homes, *("suggest", "--kind", "DIALYSE", "--radius-km", "5", "--count", "2"), *EVERYWHERE
    )
    assert result.exit_code == 0
    assert "aucune structure sans convention à portée" in result.stdout
    assert "Pas de registre complet pour\u00a0: Dialyse" in result.stderr


@pytest.mark.parametrize("parts", [frozenset({"91"}), frozenset({"ej:94"})])
def test_a_register_of_elsewhere_leaves_supply_unknown(tmp_path, parts):
    url = small_store(tmp_path / "x.db", HOMES, SIGNED, (("ehpad", parts),))
    found = document(url, "coverage", "--level", "arrondissement", "--kind", "EHPAD")
    assert cells(found, "supply", "unsigned", "state")["942", "EHPAD"] == (None, 2, "unsigned")
    assert "Pas de registre complet pour\u00a0: EHPAD" in " ".join(found["caveats"])


def test_only_structures_that_may_be_here_are_named_as_without_a_commune(tmp_path):
    lost = [
        structure("940000109", "EHPAD", name="Sans commune"),
        structure("130000109", "EHPAD", name="Au loin"),
        structure("130000110", "EHPAD", name="Au loin aussi", commune="13055"),
    ]
    signed = [agreement(f"convention-{item.id}", item.id) for item in lost]
    url = small_store(tmp_path / "x.db", [*HOMES, *lost], signed)
    found = document(url, "coverage", "--level", "arrondissement", "--kind", "EHPAD")
    (said,) = [line for line in found["caveats"] if "commune connue" in line]
    assert said.startswith("1 structure ne dessert")
    assert "Sans commune" in said
    assert "Au loin" not in said


def test_a_register_that_is_undone_is_none(tmp_path):
    url = small_store(tmp_path / "x.db", HOMES, SIGNED)
    store = open_store(url)
    undo_last(store, "ehpad")
    store.close()
    found = document(url, "coverage", "--level", "arrondissement", "--kind", "EHPAD")
    assert cells(found, "supply", "state")["942", "EHPAD"] == (None, "unknown")


def test_a_zone_is_served_from_anywhere_and_a_seat_is_nothing(tmp_path):
    south = tuple(f"commune:{code(column, 0)}" for column in range(SIDE))
    home_care = [
        structure("920000201", "HAD", name="HAD de loin", commune="92044", covers=south),
        structure("940000202", "HOPITAL", (4, 4), activities=("had",), covers=south[:1]),
    ]
    signed = [agreement("convention-had", "920000201")]
    where = ("activites", frozenset({"94", "92"}))
    url = small_store(tmp_path / "x.db", home_care, signed, (where,))
    found = document(url, "coverage", "--level", "arrondissement", "--kind", "HAD")
    assert cells(found, "supply", "agreed", "unsigned", "state") == {
        ("941", "HAD"): (2, 1, 1, "agreed"),
        ("942", "HAD"): (0, 0, 0, "no_supply"),
    }
    assert "jamais d’après le siège" in " ".join(found["caveats"])


def test_private_hospitals_without_legal_status_leave_clinics_unknown(tmp_path):
    private = structure("940000301", None, (1, 1), category="365")
    clinic = structure("940000302", "CLINIQUE", (1, 4))
    register = (("finess", frozenset({"94"})),)
    url = small_store(tmp_path / "x.db", [private, clinic], registers=register)
    asked = ("coverage", "--level", "arrondissement", "--kind", "CLINIQUE", "--kind", "EHPAD")
    rows = cells(document(url, *asked), "supply", "state")
    assert rows["941", "CLINIQUE"] == (None, "unknown")
    assert rows["942", "CLINIQUE"] == (None, "unsigned")
    assert rows["942", "EHPAD"] == (0, "no_supply")


def test_population_that_is_not_known_is_never_a_zero(tmp_path):
    nobody = territories(population=None, population_65=None, population_75=None)
    url = small_store(tmp_path / "x.db", HOMES, SIGNED, country=nobody)
    asked = ("coverage", "--level", "departement", "--kind", "EHPAD", "--radius-km", "2")
    found = document(url, *asked)
    names = ("population", "population_covered", "share_covered", "places_per_1000", "supply")
    assert cells(found, *names)["94", "EHPAD"] == (None, None, None, None, 4)
    assert "Population non renseignée" in " ".join(found["caveats"])
    result = run(
        url, *("suggest", "--kind", "EHPAD", "--radius-km", "2", "--count", "1"), *EVERYWHERE
    )
    assert (result.exit_code, result.stdout) == (2, "")
    assert "personne ne peut être compté" in result.stderr


def test_older_people_stand_in_where_the_oldest_are_not_loaded(tmp_path):
    url = small_store(tmp_path / "x.db", HOMES, country=territories(population_75=None))
    found = document(url, "coverage", "--level", "departement", "--kind", "EHPAD")
    assert cells(found, "population", "population_basis")["94", "EHPAD"] == (500, "65")
    assert "65 ans et plus qui sont comptés" in " ".join(found["caveats"])


def test_capacity_that_cannot_be_believed_is_named(tmp_path):
    absurd = structure("940000401", "EHPAD", (2, 4), capacity={"places_hebergement": 99_999})
    url = small_store(tmp_path / "x.db", [absurd])
    found = document(url, "coverage", "--level", "departement", "--kind", "EHPAD")
    assert cells(found, "supply", "capacity", "capacity_stated")["94", "EHPAD"] == (2, None, 0)
    assert "1 capacité invraisemblable, laissée de côté\u00a0: 940000401." in found["caveats"]


def test_named_sets_and_drawn_perimeters(tmp_path):
    named = Territory(
        id="set:nous",
        level="set",
        code="nous",
        name="Nous",
        members=(f"commune:{code(0, 0)}", f"commune:{code(1, 0)}", "arrondissement:942"),
    )
    drawn = Territory(
        id="cpts:coin",
        level="cpts",
        code="coin",
        name="Coin",
        geometry=shapely.to_wkb(shapely.union_all([square(3, 4), square(4, 4)])),
    )
    country = [*territories(), named, drawn]
    url = small_store(tmp_path / "x.db", HOMES, SIGNED, country=country)
    rows = cells(
        document(url, "coverage", "--level", "set", "--kind", "EHPAD"), "population", "supply"
    )
    assert rows == {("nous", "EHPAD"): (170, 4)}
    rows = cells(
        document(url, "coverage", "--level", "cpts", "--kind", "EHPAD"), "population", "supply"
    )
    assert rows == {("coin", "EHPAD"): (20, 1)}
    where = ("--focus", FOCUS, "--territory", "cpts:coin")
    found = document(url, "coverage", "--level", "commune", "--kind", "EHPAD", where=where)
    assert [row["territory"] for row in found["rows"]] == [
        f"commune:{code(3, 4)}",
        f"commune:{code(4, 4)}",
    ]


def test_a_territory_over_a_border_is_whole(tmp_path):
    across = commune(0, 0, id="commune:91001", code="91001")
    parents = ("intercommunalite:12", "departement:91", "region:11")
    country = [
        *territories(),
        Territory(**{**_values(across), "parents": parents}),
        Territory(
            **{**_values(commune(4, 4)), "parents": ("intercommunalite:12", "departement:94")}
        ),
        upper("intercommunalite", "12"),
        upper("departement", "91"),
    ]
    known = {item.id: item for item in country}
    url = small_store(tmp_path / "x.db", HOMES, country=known.values())
    found = document(url, "coverage", "--level", "intercommunalite", "--kind", "EHPAD")
    names = ("population", "supply", "unsigned")
    assert cells(found, *names)["12", "EHPAD"] == (20, None, 1)


def _values(item):
    return {name: getattr(item, name) for name in item.__struct_fields__}


def test_only_what_is_needed_is_read(homes):
    away = structure("750000501", "EHPAD", commune="75113", longitude=2.36, latitude=48.83)
    store = open_store(homes)
    store.apply(batch("cms", [away, structure("940000502", "CMS", (1, 1))]))
    selection = Selection(
        focus=FOCUS,
        on=date(2026, 11, 25),
        kinds=frozenset({"EHPAD"}),
        territories=frozenset({"departement:94"}),
    )
    answer = coverage_of(store, CoverageQuestion(selection=selection, level="arrondissement"))
    undo_last(store, "cms")
    store.close()
    read = {item.id for item in answer.read.situation.structures}
    assert {item.id for item in HOMES} <= read
    assert not {"750000501", "940000502"} & read


def test_overseas_distances_are_in_the_right_projection(tmp_path):
    url = f"sqlite:///{(tmp_path / 'reunion.db').as_posix()}"
    store = open_store(url)
    run_load(store, "territoires", context=LoadContext(departements=("974",)))
    # Saint-Denis, by its town hall
    home = structure("970400001", "EHPAD", commune="97411", longitude=55.4481, latitude=-20.8789)
    store.apply(batch("ehpad", [home], frozenset({"974"})))
    store.close()
    where = ("--focus", "none", "--territory", "departement:974")
    asked = ("coverage", "--level", "departement", "--kind", "EHPAD", "--population", "total")
    names = ("population", "supply", "population_near_supply", "population_covered")
    found = document(url, *asked, "--radius-km", "100", where=where)
    population, supply, near_supply, covered = cells(found, *names)["974", "EHPAD"]
    assert (supply, covered) == (1, 0)
    assert near_supply == pytest.approx(population)
    found = document(url, *asked, "--radius-km", "20", where=where)
    assert 0 < cells(found, *names)["974", "EHPAD"][2] < population


BAD = [
    (("--level", "arrondissement", "--territory", "departement:00"), "departement:00"),
    (("--level", "arrondissement", "--territory", "lieu:94"), "niveau de territoire"),
    (("--level", "quartier"), "quartier"),
    (("--level", "commune", "--kind", "CRECHE"), "CRECHE"),
    (("--level", "commune", "--focus", "ght:0"), "ght:0"),
    (("--level", "commune", "--radius-km", "0"), "0 km n’est pas un rayon"),
    (("--level", "commune", "--radius-km", "-1"), "-1 km n’est pas un rayon"),
    (("--level", "commune", "--radius-km", "1000"), "1000 km n’est pas un rayon"),
    (("--level", "commune", "--radius-km", "nan"), "n’est pas un rayon"),
    (("--level", "commune", "--population", "80"), "total, 65, 75"),
    (("--level", "commune", "--demand", "points"), "grid, centroid"),
    (("--level", "commune", "--as-of", "hier"), "hier"),
]


@pytest.mark.parametrize(("arguments", "said"), BAD)
def test_a_question_that_cannot_be_meant_is_answered(homes, arguments, said):
    result = run(homes, "coverage", *EVERYWHERE[:2], *arguments, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


@pytest.mark.parametrize("count", ["0", "-1", "21"])
def test_a_count_that_is_none_is_refused(homes, count):
    asked = ("suggest", "--kind", "EHPAD", "--radius-km", "2", "--count", count)
    result = run(homes, *asked, *EVERYWHERE, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "de 1 à 20" in result.stderr


def test_a_level_without_territory_is_said(homes):
    result = run(homes, "coverage", "--level", "cpts", *EVERYWHERE)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Périmètre de CPTS" in result.stderr


def test_csv_holds_the_same_cells(homes):
    asked = ("coverage", "--level", "arrondissement", "--kind", "EHPAD")
    result = run(homes, *asked, *EVERYWHERE, "--csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout), delimiter=";"))
    expected = document(homes, *asked)["rows"]
    assert [row["territory"] for row in rows] == [row["territory"] for row in expected]
    assert [int(row["supply"]) for row in rows] == [row["supply"] for row in expected]
    assert [row["population_covered"] for row in rows] == ["", ""]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (
            "fr",
            "EHPAD\u00a0: conventionné\u00a0; 2 structures (conventionné\u00a0: 1, en propre",
        ),
        ("en", "EHPAD: with an agreement; 2 structures (with an agreement: 1, own site: 1); 100"),
    ],
)
def test_it_reads_as_a_sentence(homes, language, line):
    asked = ("coverage", "--level", "arrondissement", "--kind", "EHPAD", "--radius-km", "1")
    result = run(homes, *asked, *EVERYWHERE, language=language)
    assert line in result.stdout
    assert "500 m" in result.stderr


def test_our_patients_are_counted_in_place_of_people(homes, tmp_path):
    table = tmp_path / "sejours.csv"
    rows = [f"{code(1, 0)};300", f"{code(2, 3)};100", f"{code(0, 2)};4"]
    table.write_text("commune;sejours\n" + "\n".join(rows) + "\n", encoding="utf-8")
    asked = ("coverage", "--level", "arrondissement", "--kind", "EHPAD", "--radius-km", "0.5")
    result = run(homes, *asked, *EVERYWHERE, "--recruitment", str(table), "--json")
    found = json.loads(result.stdout)
    names = ("population", "population_basis", "population_covered", "places_per_1000", "supply")
    assert cells(found, *names) == {
        ("941", "EHPAD"): (300, "stays", 300, None, 2),
        ("942", "EHPAD"): (100, "stays", 0, None, 2),
    }
    assert found["population"] == "stays"
    assert "nos séjours (400)" in " ".join(found["caveats"])
    assert "moins de 11 séjours" in result.stderr
    asked = ("suggest", "--kind", "EHPAD", "--radius-km", "0.5", "--count", "1")
    best = document(homes, *asked, "--recruitment", str(table))
    assert (best["solutions"], best["people_covered_after"]) == ([["940000102"]], 400)


@pytest.mark.parametrize(("text", "exit_code"), [(None, 3), ("commune;sejours\n94001;3\n", 3)])
def test_a_recruitment_that_cannot_be_read_is_said(homes, tmp_path, text, exit_code):
    table = tmp_path / "sejours.csv"
    if text:
        table.write_text(text, encoding="utf-8")
    asked = ("coverage", "--level", "arrondissement", "--kind", "EHPAD")
    result = run(homes, *asked, *EVERYWHERE, "--recruitment", str(table), "--json")
    assert (result.exit_code, result.stdout) == (exit_code, "")
    assert "sejours.csv" in result.stderr
