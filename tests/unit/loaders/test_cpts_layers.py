"""Polygon layers of CPTS: synthetic layers drawn from real communes, in every projection."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from graph.errors import InputError
from graph.model import StructureClaim, TerritoryClaim
from graph.store.port import LoadBatch
from loaders import cpts
from loaders.base import LoadContext
from loaders.cpts.overlay import coverage_of
from loaders.territories.bundled import bundled, shape_of

BIEVRE = ("94016", "94021", "94034", "94038", "94065")
MARSEILLE = ("13214", "13215")


def union(*codes: str) -> BaseGeometry:
    rows = [bundled().get("commune", code) for code in codes]
    return shapely.union_all([shape_of(row) for row in rows if row])


def part(code: str, share: float) -> BaseGeometry:
    """Return the western part of a commune that holds `share` of its area, to a thousandth."""
    whole = union(code)
    west, south, east, north = whole.bounds
    low, high = west, east
    for _ in range(40):
        middle = (low + high) / 2
        cut = shapely.intersection(whole, shapely.box(west, south, middle, north))
        low, high = (middle, high) if cut.area < share * whole.area else (low, middle)
    return shapely.intersection(whole, shapely.box(west, south, high, north))


def projected(shape: BaseGeometry, epsg: int, *, swapped: bool = False) -> BaseGeometry:
    transformer = Transformer.from_crs(4326, epsg, always_xy=True)

    def turn(points: Any) -> Any:
        east, north = transformer.transform(points[:, 0], points[:, 1])
        return np.column_stack((north, east) if swapped else (east, north))

    return shapely.transform(shape, turn)


def feature(name: str | None, shape: BaseGeometry | None, **fields: Any) -> dict[str, Any]:
    geometry = None if shape is None else json.loads(shapely.to_geojson(shape))
    return {"type": "Feature", "properties": {"NOM_CPTS": name, **fields}, "geometry": geometry}


def write(path: Path, features: Sequence[dict[str, Any]], **members: Any) -> Path:
    document = {"type": "FeatureCollection", **members, "features": list(features)}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def read(path: Path, **options: str) -> LoadBatch:
    return cpts.read([path], LoadContext(options=options))


def layer(tmp_path: Path, *features: dict[str, Any], **members: Any) -> LoadBatch:
    return read(write(tmp_path / "ambu_cpts_2026.json", features, **members))


def structures(batch: LoadBatch) -> dict[str, StructureClaim]:
    return {claim.id: claim for claim in batch.claims if isinstance(claim, StructureClaim)}


def communes(claim: StructureClaim) -> tuple[str, ...]:
    return tuple(ref[8:] for ref in claim.covers if ref.startswith("commune:"))


def warned(batch: LoadBatch) -> list[str]:
    return [item.code for item in batch.report.warnings]


def named(epsg: int) -> dict[str, Any]:
    return {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{epsg}"}}


def test_a_polygon_covers_its_communes_and_is_a_territory(tmp_path: Path) -> None:
    shape = union(*BIEVRE)
    batch = layer(tmp_path, feature("CPTS La Bièvre", shape, STATUT_2026="ACI signé"))
    claim = structures(batch)["cpts:la-bievre-94"]
    assert communes(claim) == BIEVRE
    assert claim.covers[-1] == "cpts:la-bievre-94"
    assert [(fact.topic, fact.value) for fact in claim.facts] == [("stade_cpts", "ACI signé")]
    (territory,) = [item for item in batch.claims if isinstance(item, TerritoryClaim)]
    assert territory.geometry is not None
    assert shapely.from_wkb(territory.geometry).equals_exact(shape, 1e-9)
    assert (batch.parts, batch.series) == (frozenset({"94"}), "cpts:contours")
    assert (batch.report.read, batch.report.kept, batch.report.warnings) == (1, 1, [])


@pytest.mark.parametrize("epsg", [4326, 3857, 2154])
@pytest.mark.parametrize("declared", [True, False])
def test_every_projection_gives_the_same_communes(
    tmp_path: Path, epsg: int, *, declared: bool
) -> None:
    members = {"crs": named(epsg)} if declared else {}
    shape = projected(union(*BIEVRE), epsg)
    batch = layer(tmp_path, feature("CPTS La Bièvre", shape), **members)
    (claim,) = structures(batch).values()
    assert communes(claim) == BIEVRE
    assert warned(batch) == []


def test_latitude_first_and_a_false_declaration_are_seen(tmp_path: Path) -> None:
    swapped = projected(union(*BIEVRE), 4326, swapped=True)
    batch = layer(tmp_path, feature("CPTS La Bièvre", swapped))
    assert communes(structures(batch)["cpts:la-bievre-94"]) == BIEVRE
    metres = projected(union(*BIEVRE), 2154)
    batch = layer(tmp_path, feature("CPTS La Bièvre", metres), crs=named(3857))
    assert communes(structures(batch)["cpts:la-bievre-94"]) == BIEVRE
    (warning,) = batch.report.warnings
    assert (warning.code, warning.value, warning.params["used"]) == (
        *("cpts.crs", "EPSG:3857", "EPSG:2154"),
    )


def test_metres_that_two_projections_place_in_france_are_refused(tmp_path: Path) -> None:
    """Lambert-93 around Toulouse is Lorraine in Web Mercator: only the row's place decides."""
    toulouse = projected(union("31555", "31149"), 2154)
    with pytest.raises(InputError) as caught:
        layer(tmp_path, feature("CPTS Essai", toulouse))
    assert caught.value.code == "territories.unknown_crs"
    batch = layer(tmp_path, feature("CPTS Essai", toulouse, dep="31"))
    assert communes(structures(batch)["cpts:essai-31"]) == ("31149", "31555")
    path = write(tmp_path / "l.json", [feature("CPTS Essai", toulouse)])
    assert list(structures(read(path, crs="EPSG:2154"))) == ["cpts:essai-31"]


def test_overseas_layers_are_placed(tmp_path: Path) -> None:
    shape = projected(union("97411"), 2975)
    batch = layer(tmp_path, feature("CPTS Essai", shape))
    assert communes(structures(batch)["cpts:essai-974"]) == ("97411",)


def test_half_of_a_commune_is_covered_less_is_listed(tmp_path: Path) -> None:
    drawn = [
        (0.45, (), ["Fresnes (45 %)"], "cpts.partial"),
        (0.55, ("94034",), ["Fresnes (55 %)"], "cpts.split"),
    ]
    for share, extra, said, code in drawn:
        shape = shapely.union(union("94016", "94021"), part("94034", share))
        batch = layer(tmp_path, feature("CPTS Essai", shape))
        assert communes(structures(batch)["cpts:essai-94"]) == ("94016", "94021", *extra)
        (warning,) = batch.report.warnings
        assert (warning.code, warning.value) == (code, ", ".join(said).replace(" %", "%"))


def test_slivers_along_a_border_are_not_named(tmp_path: Path) -> None:
    shape = union(*BIEVRE).buffer(0.0002)  # some 15 m into every neighbour
    batch = layer(tmp_path, feature("CPTS Essai", shape))
    assert communes(structures(batch)["cpts:essai-94"]) == BIEVRE
    assert warned(batch) == []


def test_cpts_that_share_a_city_each_cover_it(tmp_path: Path) -> None:
    west = part("31555", 0.3)
    east = shapely.difference(union("31555"), west)
    batch = layer(tmp_path, feature("CPTS Ouest", west), feature("CPTS Est", east))
    found = structures(batch)
    assert communes(found["cpts:ouest-31"]) == communes(found["cpts:est-31"]) == ("31555",)
    assert warned(batch) == ["cpts.split", "cpts.split"]


def test_municipal_arrondissements_are_communes(tmp_path: Path) -> None:
    batch = layer(tmp_path, feature("CPTS Essai", union(*MARSEILLE)))
    assert communes(structures(batch)["cpts:essai-13"]) == MARSEILLE


def test_the_features_of_one_cpts_are_united(tmp_path: Path) -> None:
    batch = layer(
        tmp_path,
        feature("CPTS Essai", union("94016"), etat="Lettre d'intention"),
        feature("CPTS essai", union("94065"), etat="ACI signé"),
        feature("CPTS Essai", union("13214")),
    )
    found = structures(batch)
    assert sorted(found) == ["cpts:essai-13", "cpts:essai-94"]
    assert communes(found["cpts:essai-94"]) == ("94016", "94065")
    assert found["cpts:essai-94"].locator == "élément 1, 2"
    assert [fact.value for fact in found["cpts:essai-94"].facts] == [
        *("lettre d’intention", "ACI signé"),
    ]


@pytest.mark.parametrize("field", ["nom_cpts", "LIB_CPTS", "Nom CPTS 2024", "nom", "Libellé"])
def test_names_of_fields_change_with_the_vintage(tmp_path: Path, field: str) -> None:
    item = feature(None, union("94028"))
    item["properties"] = {"id": 7, "contact": "essai@exemple.invalid", field: "CPTS Essai"}
    batch = layer(tmp_path, item)
    assert list(structures(batch)) == ["cpts:essai-94"]
    assert "exemple.invalid" not in repr(batch)


def test_an_unknown_name_field_is_asked_for(tmp_path: Path) -> None:
    item = feature(None, union("94028"))
    item["properties"] = {"gid": 7, "zzz": "CPTS Essai"}
    path = write(tmp_path / "l.geojson", [item])
    with pytest.raises(InputError) as caught:
        read(path)
    assert "zzz" in caught.value.message("fr")
    assert list(structures(read(path, name="zzz"))) == ["cpts:essai-94"]


def test_a_layer_of_communes_is_refused_unless_its_field_is_named(tmp_path: Path) -> None:
    """Communes would pass for CPTS, unless a field of CPTS names or the option says otherwise."""
    features = [feature(None, union(code)) for code in ("94028", "94038")]
    for item, name in zip(features, ("Créteil", "Haÿ-les-Roses"), strict=True):
        item["properties"] = {"nom": name}
    path = write(tmp_path / "communes.geojson", features)
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.code == "cpts.territories"
    assert "Haÿ-les-Roses" in caught.value.message("fr")
    assert list(structures(read(path, name="nom"))) == ["cpts:creteil-94", "cpts:hay-les-roses-94"]
    for item in features:
        item["properties"] = {"nom_cpts": item["properties"]["nom"]}
    assert len(structures(read(write(tmp_path / "cpts.geojson", features)))) == 2


def test_features_that_do_not_hold_are_rejected_alone(tmp_path: Path) -> None:
    west, south, east, north = union("94028").bounds
    bow = shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])
    batch = layer(
        tmp_path,
        feature("CPTS Essai", union("94028")),
        feature(None, union("94034")),
        feature("CPTS", union("94034")),
        feature("CPTS Sans contour", None),
        feature("CPTS Point", shapely.Point(2.4, 48.8)),
        feature("CPTS Ailleurs", shapely.box(-30, 40, -29, 41)),
        feature("CPTS Croisée", bow),
        {"type": "Feature", "properties": {"NOM_CPTS": "CPTS Mal formée"}, "geometry": {"a": 1}},
    )
    assert [(item.row, item.code) for item in batch.report.rejections] == [
        ("élément 2", "cpts.no_name"),
        ("élément 3", "cpts.no_name"),
        ("4", "territories.no_geometry"),
        ("5", "territories.not_polygon"),
        ("élément 6", "cpts.outside"),
        ("8", "territories.no_geometry"),
    ]
    assert "territories.repaired" in warned(batch)
    assert (batch.report.read, batch.report.kept, batch.report.rejected) == (8, 2, 6)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"type": "FeatureCollection", "features": []}', "territories.no_polygon"),
        (b'{"type": "FeatureCollection", "features": [{"type": "Fea', "cpts.bad_json"),
        (b'{"exceptions": [{"code": "NoApplicableCode"}]}', "cpts.not_geojson"),
        (b"[1, 2]", "cpts.not_geojson"),
        (b"", "tabular.empty"),
        (b"<html><body>504 Gateway Time-out</body></html>", "tabular.foreign.html"),
        (
            gzip.compress(b'{"type": "FeatureCollection"}' * 99, mtime=0)[:-30],
            "tabular.truncated_gzip",
        ),
    ],
)
def test_files_that_are_no_layer_are_named(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "cpts.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.code == code
    assert "cpts.json" in caught.value.message("fr")


def test_a_layer_that_the_server_cut_short_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "l.json", [feature("CPTS Essai", union("94028"))], totalFeatures=900)
    with pytest.raises(InputError) as caught:
        read(path)
    assert (caught.value.code, caught.value.params["total"]) == ("cpts.cut_layer", 900)
    whole = write(tmp_path / "l.json", [feature("CPTS Essai", union("94028"))], totalFeatures=1)
    assert len(structures(read(whole))) == 1


def test_geopackage_and_compressed_geojson_are_read(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"NOM_CPTS": ["CPTS Essai"], "VALEUR": [np.nan]},
        geometry=[projected(union("94028"), 2154)],
        crs=2154,
    )
    frame.to_file(tmp_path / "cpts.gpkg")
    assert list(structures(read(tmp_path / "cpts.gpkg"))) == ["cpts:essai-94"]
    plain = write(tmp_path / "l.json", [feature("CPTS Essai", union("94028"))])
    packed = tmp_path / "cpts.json.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert list(structures(read(packed))) == ["cpts:essai-94"]


def test_a_damaged_geopackage_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cpts.gpkg"
    path.write_bytes(b"SQLite format 3\x00 essai")
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.code == "territories.unreadable"


def test_a_departement_keeps_its_own(tmp_path: Path) -> None:
    path = write(
        tmp_path / "l.json",
        [feature("CPTS Un", union("94028")), feature("CPTS Deux", union("13214"))],
    )
    batch = cpts.read([path], LoadContext(departements=("94",)))
    assert list(structures(batch)) == ["cpts:un-94"]
    assert (batch.report.kept, batch.report.skipped) == (1, 1)


def test_coverage_of_an_arrondissement_is_its_communes() -> None:
    row = bundled().get("arrondissement", "941")
    assert row is not None
    shape = shape_of(row)
    assert shape is not None
    found = coverage_of(shape)
    assert tuple(item.code for item in found.covered) == bundled().members["arrondissement:941"]
    assert (found.partial, found.split, found.departement) == ((), (), "94")
