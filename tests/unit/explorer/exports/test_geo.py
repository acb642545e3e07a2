"""GeoJSON and GeoPackage read back by geopandas: same structures, ties, places."""

import io
import json
import sqlite3

import geopandas as gpd
import msgspec
import pyogrio
import pytest
import shapely

from explorer.exports.geo import LAYERS, write_geojson
from explorer.exports.geopackage import write_gpkg
from explorer.exports.material import Material
from explorer.exports.options import TABLES
from explorer.exports.periods import tie_id
from explorer.exports.rows import table
from graph.model import Territory
from tests.support.confluence_synthetic import CHARITY, CLINIC_EAST, HOSTILE


@pytest.fixture(scope="module")
def package(made, tmp_path_factory):
    path = tmp_path_factory.mktemp("gpkg") / "réseau.gpkg"
    path.write_bytes(write_gpkg(made))
    return path


@pytest.fixture(scope="module")
def document(made):
    return json.loads(write_geojson(made))


def layer_of(document, name: str) -> dict:
    return {
        feature["properties"]["id"]: feature
        for feature in document["features"]
        if feature["properties"]["layer"] == name
    }


def test_the_package_holds_every_table_and_says_its_projection(package, made):
    layers = dict(pyogrio.list_layers(package))
    assert set(layers) == {*TABLES, "about"}
    assert {name: bool(kind) for name, kind in layers.items()} == {
        name: name in LAYERS for name in layers
    }
    for name in LAYERS:
        info = pyogrio.read_info(package, layer=name)
        assert info["crs"] == "EPSG:2154"
        assert info["features"] == len(table(made, name))


def test_structures_of_the_package_stand_where_the_view_places_them(package, made):
    frame = gpd.read_file(package, layer="structures").set_index("id")
    assert set(frame.index) == set(made.ids)
    assert frame.loc[CHARITY, "name"] == HOSTILE
    assert frame.loc[CHARITY].geometry is None
    for key, place in made.places.items():
        assert frame.loc[key].geometry.distance(shapely.Point(place.x, place.y)) < 0.1


def test_ties_of_the_package_are_those_of_the_network(package, made):
    frame = gpd.read_file(package, layer="ties").set_index("id")
    assert set(frame.index) == {tie_id(tie) for tie in made.answer.network.ties}
    for tie in made.answer.network.ties:
        placed = tie.a in made.places and tie.b in made.places
        assert (frame.loc[tie_id(tie)].geometry is not None) == placed


def test_the_collection_is_in_degrees_and_keeps_what_has_no_place(document, made):
    structures = layer_of(document, "structures")
    assert set(structures) == set(made.ids)
    assert structures[CHARITY]["geometry"] is None
    assert structures[CLINIC_EAST]["geometry"]["coordinates"] == [2.49, 48.76]
    assert structures[CLINIC_EAST]["properties"]["sources"] == ["finess"]
    assert "crs" not in document  # RFC 7946: WGS 84, and no other
    assert set(layer_of(document, "ties")) == {tie_id(tie) for tie in made.answer.network.ties}


def test_geopandas_reads_the_collection(document, made):
    frame = gpd.read_file(io.StringIO(json.dumps(document)))
    assert frame.crs == "EPSG:4326"
    assert len(frame) == sum(len(table(made, name)) for name in LAYERS)


def test_polygons_are_wound_as_the_standard_asks(made):
    clockwise = shapely.Polygon([(2, 48), (2, 49), (3, 49), (3, 48)])
    square = Territory(
        id="commune:1", level="commune", code="1", geometry=shapely.to_wkb(clockwise)
    )
    one: Material = msgspec.structs.replace(made, territories=(square,))
    found = layer_of(json.loads(write_geojson(one)), "territories")["commune:1"]["geometry"]
    assert found["type"] == "MultiPolygon"
    assert shapely.LinearRing(found["coordinates"][0][0]).is_ccw


def test_the_package_states_the_day_looked_at_not_that_of_the_export(package):
    with sqlite3.connect(package) as database:
        days = {row[0] for row in database.execute("SELECT last_change FROM gpkg_contents")}
    database.close()
    assert days == {"2026-01-01T00:00:00.000Z"}
