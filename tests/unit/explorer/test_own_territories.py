"""Territories that a reader brings: polygons of a file, sets typed in; on squares, by hand."""

import json
from datetime import date

import geopandas as gpd
import pytest
from click.testing import CliRunner
from shapely.geometry import box

from explorer.cli import main
from explorer.selection import Selection
from explorer.services.coverage import coverage_of, perimeters_of
from explorer.services.coverage_reading import CoverageQuestion
from explorer.services.named_sets import last_typed, save_set, undo_typed
from explorer.services.own_polygons import own_notes, own_territories
from explorer.services.perimeter_map import perimeter_map, perimeter_rows, times_of
from graph.errors import InputError, UsageError
from graph.model import Territory
from graph.store.open import open_store
from graph.store.port import TerritoryQuery
from tests.support.coverage_store import batch, small_store
from tests.support.small_world import FOCUS, agreement, code, degrees, structure

HOMES = [
    structure("940000101", "EHPAD", (1, 0), name="Partenaire"),
    structure("940000102", "EHPAD", (2, 3), name="Autre"),
    structure("940000201", "CPTS", None, name="CPTS Sud", covers=("arrondissement:941",)),
    structure("940000202", "CPTS", None, name="CPTS Coin", covers=(f"commune:{code(0, 0)}",)),
]


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    path = tmp_path_factory.mktemp("own") / "x.db"
    registers = (("finess", frozenset({"94"})),)
    return small_store(path, HOMES, [agreement("c-1", "940000101")], registers)


@pytest.fixture(scope="module")
def polygons(tmp_path_factory):
    """South-west of 2 x 2 communes, a strip that cuts two, and a corner that holds no middle."""
    shapes = [
        box(*degrees(0, 0), *degrees(2, 2)),
        box(*degrees(3, 3), *degrees(4.7, 4)),
        box(*degrees(4.9, 4.9), *degrees(5, 5)),
    ]
    path = tmp_path_factory.mktemp("file") / "bassins.geojson"
    names = ["Sud-ouest", "Bande", "Coin"]
    gpd.GeoDataFrame({"nom": names}, geometry=shapes, crs=4326).to_file(path)
    return path


def asked(url, *arguments):
    return CliRunner().invoke(main, ["--store", url, "--lang", "fr", *arguments])


def test_a_commune_belongs_to_the_polygon_of_its_middle(url, polygons):
    store = open_store(url)
    found = own_territories(store, polygons)
    store.close()
    members = {
        item.name: {ref.partition(":")[2] for ref in item.members} for item in found.territories
    }
    assert members == {
        "Sud-ouest": {code(0, 0), code(1, 0), code(0, 1), code(1, 1)},
        "Bande": {code(3, 3), code(4, 3)},
    }
    assert found.empty == ("Coin",)
    # the corner lies in the last commune, and covers 1 % of it: no border that cuts
    assert found.cut == (code(4, 3),)
    said = " ".join(own_notes(found, "fr"))
    for expected in ("bassins.geojson", "« nom »", "EPSG:4326", "point central", "Coin"):
        assert expected in said.replace("\u00a0", " ")


def test_the_table_by_polygon_on_the_command_line(url, polygons):
    where = ("--polygons", str(polygons), "--focus", FOCUS, "--as-of", "2026-11-25")
    result = asked(url, "coverage", *where, "--kind", "EHPAD", "--json")
    assert result.exit_code == 0, result.stderr
    document = json.loads(result.stdout)
    rows = {row["name"]: row for row in document["rows"]}
    south = rows["Sud-ouest"]
    assert (south["state"], south["supply"], south["own"]) == ("agreed", 2, 1)
    assert (south["population"], south["population_basis"]) == (40, "75")
    assert (rows["Bande"]["state"], rows["Bande"]["supply"]) == ("no_supply", 0)
    assert any("bassins.geojson" in line for line in document["caveats"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("--level", "commune", "--polygons", "FILE"), 2),
        (("--level", "commune", "--crs", "EPSG:2154"), 2),
        (("--polygons", "/nowhere/x.geojson"), 3),
        (("--polygons", "FILE", "--name-column", "titre"), 3),
        (("--polygons", "FILE", "--crs", "EPSG:2154"), 3),
    ],
)
def test_a_question_that_cannot_be_meant_is_answered(url, polygons, arguments, code):
    given = [str(polygons) if each == "FILE" else each for each in arguments]
    result = asked(url, "coverage", *given, "--json")
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr


def test_polygons_that_hold_no_middle_are_refused(url, tmp_path):
    path = tmp_path / "coin.geojson"
    shape = box(*degrees(4.9, 4.9), *degrees(5, 5))
    gpd.GeoDataFrame({"nom": ["Coin"]}, geometry=[shape], crs=4326).to_file(path)
    store = open_store(url)
    with pytest.raises(InputError) as refused:
        own_territories(store, path)
    store.close()
    assert refused.value.code == "own.no_commune"


def test_the_portrait_of_a_polygon(url, polygons):
    where = ("--polygons", str(polygons), "--focus", FOCUS, "--as-of", "2026-11-25")
    result = asked(url, "portrait", "Sud-ouest", *where, "--kind", "EHPAD", "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert (found["against"], found["population"]["75"]) == ("departement:94", 40)
    assert asked(url, "portrait", "Nulle part", *where).exit_code == 2


def test_a_set_is_kept_replaced_and_undone(tmp_path):
    store = open_store(f"sqlite:///{(tmp_path / 's.db').as_posix()}")
    ref = save_set(store, "Bassin", {"94028": "Créteil", "91191": "Crosne"})
    held = TerritoryQuery(ids=frozenset({ref}))
    assert len(store.territories(held)[0].members) == 2
    save_set(store, "Bassin", {"94028": "Créteil"})
    assert store.territories(held)[0].members == ("commune:94028",)
    assert undo_typed(store) == ("Bassin", ref)
    assert len(store.territories(held)[0].members) == 2
    undo_typed(store)
    assert store.territories(held) == []
    assert last_typed(store) is None
    with pytest.raises(UsageError):
        undo_typed(store)
    store.close()


def test_a_set_kept_again_as_it_was_is_not_the_one_undone(tmp_path):
    store = open_store(f"sqlite:///{(tmp_path / 's.db').as_posix()}")
    for name in ("Bassin", "Filière", "Bassin"):
        save_set(store, name, {"94028": "Créteil"})
    assert undo_typed(store).name == "Filière"
    held = store.territories(TerritoryQuery(levels=frozenset({"set"})))
    assert [item.id for item in held] == ["set:bassin"]
    store.close()


def test_the_name_of_another_source_is_not_taken_nor_its_load_undone(url, tmp_path):
    store = open_store(f"sqlite:///{(tmp_path / 's.db').as_posix()}")
    save_set(store, "Saisi", {"94028": "Créteil"})
    listed = Territory(id="set:bassin", level="set", code="bassin", members=("commune:94028",))
    store.apply(batch("ensembles", [listed]))
    with pytest.raises(UsageError) as refused:
        save_set(store, "Bassin", {"91191": "Crosne"})
    assert refused.value.code == "typed.taken"
    with pytest.raises(UsageError):
        undo_typed(store)
    assert len(store.territories(TerritoryQuery(levels=frozenset({"set"})))) == 2
    store.close()


@pytest.fixture
def answered(url):
    def answer(*kinds):
        store = open_store(url)
        selection = Selection(
            focus=FOCUS,
            on=date(2026, 11, 25),
            kinds=frozenset(kinds),
            territories=frozenset({"departement:94"}),
        )
        found = coverage_of(store, CoverageQuestion(selection=selection, level="departement"))
        store.close()
        return found

    return answer


def test_holes_of_perimeters_as_a_map_and_as_rows(answered):
    answer = answered("CPTS", "DAC")
    times = times_of(perimeters_of(answer.read, ["CPTS"]), answer)
    assert times[code(0, 0)] == "several"
    assert sum(found == "one" for found in times.values()) == 9
    assert sum(found == "none" for found in times.values()) == 15
    drawn = perimeter_map(answer, "CPTS", "fr")
    counts = {item.key: (item.count, item.hatched) for item in drawn.classes}
    assert counts == {"none": (15, False), "one": (9, False), "several": (1, False)}
    corner = next(area for area in drawn.areas if area.ref == f"commune:{code(0, 0)}")
    assert "CPTS Sud et CPTS Coin" in corner.words
    rows = {row["commune"]: row for row in perimeter_rows(answer, ["CPTS"], "fr")}
    assert rows[code(0, 0)]["perimeters"] == 2
    assert (rows[code(4, 4)]["perimeters"], rows[code(4, 4)]["population"]) == (0, 100)


def test_without_a_register_no_hole_is_claimed(answered):
    answer = answered("SAS")
    times = times_of(perimeters_of(answer.read, ["SAS"]), answer)
    assert set(times.values()) == {"unknown"}
    drawn = perimeter_map(answer, "SAS", "fr")
    assert [(item.key, item.count, item.hatched) for item in drawn.classes] == [
        ("unknown", 25, True)
    ]
    assert {row["perimeters"] for row in perimeter_rows(answer, ["SAS"], "fr")} == {None}
