"""Polygon files of one's own: names, projections, geometry that is broken, and what is said."""

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import Point, Polygon, box

from graph.errors import InputError
from loaders.territories import own
from loaders.territories.own import read_own
from tests.support.small_world import degrees

SQUARE = box(*degrees(0, 0), *degrees(2, 2))
BOW = Polygon([degrees(0, 0), degrees(2, 2), degrees(2, 0), degrees(0, 2)])


def put(path, shapes, crs=4326, **columns):
    gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs).to_file(path)
    return path


def test_names_and_projection_are_those_of_the_file(tmp_path):
    path = put(tmp_path / "a.geojson", [SQUARE], code=["7"], nom=["Bassin  d’essai"])
    found = read_own(path)
    assert [(item.code, item.name) for item in found.polygons] == [
        ("bassin-d-essai", "Bassin d’essai")
    ]
    assert (found.column, found.guessed, found.columns) == ("nom", True, ("code", "nom"))
    assert (found.crs, found.declared) == ("EPSG:4326", "EPSG:4326")
    assert read_own(path, "code").polygons[0].name == "7"


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp"])
def test_metres_become_degrees(tmp_path, name):
    metres = gpd.GeoSeries([SQUARE], crs=4326).to_crs(2154)
    path = put(tmp_path / name, metres, crs=2154, nom=["Carré"])
    if name.endswith("shp"):
        (tmp_path / "a.prj").unlink()
    found = read_own(path)
    assert found.crs == "EPSG:2154"
    assert found.declared == (None if name.endswith("shp") else "EPSG:2154")
    (polygon,) = found.polygons
    assert shapely.symmetric_difference(polygon.shape, SQUARE).area < 1e-6 * SQUARE.area


def test_what_is_broken_is_mended_or_refused_and_said(tmp_path):
    shapes = [BOW, Polygon(), None, Point(degrees(1, 1)), SQUARE]
    names = ["Papillon", "Vide", "Rien", "Point", "Carré"]
    found = read_own(put(tmp_path / "b.gpkg", shapes, nom=names))
    assert [item.name for item in found.polygons] == ["Papillon", "Carré"]
    assert all(item.shape.is_valid for item in found.polygons)
    assert [item.code for item in found.report.warnings] == ["territories.repaired"]
    assert [item.code for item in found.report.rejections] == [
        "territories.no_geometry",
        "territories.no_geometry",
        "territories.not_polygon",
    ]
    report = found.report
    assert (report.read, report.kept, report.rejected) == (5, 2, 3)


def test_without_names_they_are_numbered_and_same_names_stay_apart(tmp_path):
    found = read_own(put(tmp_path / "n.geojson", [SQUARE, SQUARE], rang=[1, 2]))
    assert (found.column, [item.name for item in found.polygons]) == (None, ["n° 1", "n° 2"])
    twins = read_own(put(tmp_path / "t.geojson", [SQUARE, SQUARE], nom=["A", "A"]))
    assert [item.code for item in twins.polygons] == ["a", "a-2"]


@pytest.mark.parametrize(
    ("shape", "crs", "asked", "code"),
    [
        (box(300_000, 5_000_000, 300_900, 5_000_900), 2154, None, "own.nothing"),  # not metres here
        (box(1e30, 1e30, 2e30, 2e30), 2154, None, "own.nothing"),
        (SQUARE, 4326, "EPSG:2154", "own.nothing"),
        (SQUARE, 4326, "nonsense", "territories.unknown_crs"),
        (Polygon(), 4326, None, "territories.no_polygon"),
    ],
)
def test_a_projection_that_cannot_be_is_refused(tmp_path, shape, crs, asked, code):
    path = put(tmp_path / "x.gpkg", [shape], crs=crs, nom=["Ailleurs"])
    with pytest.raises(InputError) as refused:
        read_own(path, crs=asked)
    assert refused.value.code == code
    assert "x.gpkg" in refused.value.message("fr")


def test_other_files_columns_and_layers_are_refused(tmp_path, monkeypatch):
    broken = tmp_path / "b.geojson"
    broken.write_text('{"type": "FeatureCollection", "features": [{')
    sound = put(tmp_path / "s.geojson", [SQUARE, SQUARE], nom=["A", "B"])
    for path, name, code in (
        (broken, None, "territories.unreadable"),
        (sound, "titre", "own.column"),
    ):
        with pytest.raises(InputError) as refused:
            read_own(path, name)
        assert refused.value.code == code
    monkeypatch.setattr(own, "MOST_POLYGONS", 1)
    with pytest.raises(InputError, match="at most 1"):
        read_own(sound)
