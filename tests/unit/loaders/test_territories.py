"""Loaders of territories: the bundled file, finer polygons, population by age, named sets.

Files written here are synthetic (real codes, made-up figures and simplified outlines) unless the
test is marked ``realdata``.
"""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
import xlsxwriter

from graph.errors import InputError, MaillageError, UsageError
from graph.model import SourceRecord, Territory, TerritoryClaim
from graph.resolve import resolve
from graph.store.port import LoadBatch
from loaders.base import LoadContext
from loaders.territories import POPULATION_SPEC, SETS_SPEC, SPEC
from loaders.territories.ages import Band, band_of, cover
from loaders.territories.bundled import bundled, shape_of


def claim_of(batch: LoadBatch, ref: str) -> TerritoryClaim:
    found = [claim for claim in batch.claims if claim.id == ref]
    assert len(found) == 1
    assert isinstance(found[0], TerritoryClaim)
    return found[0]


def check_words(batch: LoadBatch) -> None:
    """Every rejection and warning has its words, and every row is accounted for."""
    report = batch.report
    assert report.read == report.kept + report.skipped + report.rejected
    for row in [*report.rejections, *report.warnings]:
        assert row.reason("fr")
        assert row.reason("en")


def rejected(batch: LoadBatch) -> list[tuple[str, str]]:
    check_words(batch)
    return [(row.row, row.code) for row in batch.report.rejections]


def refused(error: MaillageError) -> str:
    assert error.message("en")
    assert error.message("fr")
    return error.code


# --- bundled ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def official() -> LoadBatch:
    return SPEC.read([], LoadContext())


def test_bundled_levels_need_no_file(official: LoadBatch) -> None:
    assert not SPEC.needs_path
    assert official.report.read == official.report.kept == 36764
    assert official.parts is None
    keys = [(claim.id, claim.source) for claim in official.claims]
    assert len(set(keys)) == len(keys)
    assert {source for _, source in keys} == {source.id for source in official.sources}


def resolved(batch: LoadBatch, ref: str) -> Territory:
    sources = {source.id: source for source in batch.sources}
    pairs = [(claim, sources[claim.source]) for claim in batch.claims if claim.id == ref]
    found = resolve("territory", pairs)
    assert isinstance(found, Territory)
    return found


def test_bundled_commune_resolves_with_every_value(official: LoadBatch) -> None:
    commune = resolved(official, "commune:94038")
    assert commune.name == "L'Haÿ-les-Roses"
    assert (commune.population, commune.population_65) == (31188, 5704)
    assert commune.population_75 is None
    assert commune.parents == (
        "arrondissement:943",
        "intercommunalite:200058014",
        "departement:94",
        "region:11",
    )
    assert commune.geometry is not None
    assert shapely.from_wkb(commune.geometry).is_valid
    assert set(commune.sources) == {"insee-cog-2026", "insee-iris-2021", "ign-admin-express"}


def test_derived_polygon_is_not_said_to_be_ign_s_own(official: LoadBatch) -> None:
    sources = {c.source for c in official.claims if c.id == "commune:93066"}
    assert sources == {"insee-cog-2026", "insee-iris-2021", "contours-completes"}


def test_departements_asked_limit_the_load() -> None:
    batch = SPEC.read([], LoadContext(departements=("94",)))
    check_words(batch)
    refs = {claim.id for claim in batch.claims}
    assert sum(ref.startswith("commune:") for ref in refs) == 47
    assert {"departement:94", "region:11", "arrondissement:941"} <= refs
    assert {ref for ref in refs if ref.startswith("intercommunalite:")} == {
        "intercommunalite:200057941",
        "intercommunalite:200058006",
        "intercommunalite:200058014",
    }
    assert batch.parts == frozenset({"94"})
    assert "departement:91" not in refs


# --- polygons ---------------------------------------------------------------------------


def outline(level: str, code: str) -> shapely.Geometry:
    row = bundled().get(level, code)
    assert row is not None
    shape = shape_of(row)
    assert shape is not None
    return shape


def synthetic(*rows: tuple[str, str, Any], crs: str = "EPSG:4326") -> gpd.GeoDataFrame:
    """Synthetic layer of (code, name, polygon)."""
    codes, names, shapes = zip(*rows, strict=True)
    return gpd.GeoDataFrame(
        {"insee_com": codes, "nom": names}, geometry=list(shapes), crs="EPSG:4326"
    ).to_crs(crs)


CRETEIL = ("94028", "Créteil", outline("commune", "94028"))
MAISONS = ("94046", "Maisons-Alfort", outline("commune", "94046"))


@pytest.mark.parametrize("name", ["c.geojson", "c.gpkg", "c.shp.zip", "c.parquet"])
def test_every_format_is_read_in_its_own_projection(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    frame = synthetic(CRETEIL, MAISONS, crs="EPSG:2154")
    if name.endswith(".parquet"):
        frame.to_parquet(path)
    elif name.endswith(".zip"):
        frame.to_file(path, driver="ESRI Shapefile")
    else:
        frame.to_file(path)
    batch = SPEC.read([path], LoadContext())
    assert rejected(batch) == []
    claim = claim_of(batch, "commune:94028")
    assert claim.part == "94"
    assert claim.name is None
    drawn = shapely.from_wkb(claim.geometry)
    assert drawn.symmetric_difference(CRETEIL[2]).area < 1e-7 * CRETEIL[2].area


def test_metres_without_a_projection_are_recognised(tmp_path: Path) -> None:
    path = tmp_path / "lambert.geojson"
    frame = synthetic(CRETEIL, crs="EPSG:2154").set_crs("EPSG:4326", allow_override=True)
    frame.to_file(path)
    drawn = shapely.from_wkb(claim_of(SPEC.read([path], LoadContext()), "commune:94028").geometry)
    assert drawn.intersects(shapely.Point(2.455, 48.79))


def test_unknown_metres_are_refused_with_the_option_that_helps(tmp_path: Path) -> None:
    path = tmp_path / "far.geojson"
    far = shapely.box(9e6, 9e6, 9.1e6, 9.1e6)
    synthetic(("94028", "Créteil", far)).to_file(path)
    with pytest.raises(InputError) as caught:
        SPEC.read([path], LoadContext())
    assert refused(caught.value) == "territories.unknown_crs"
    assert "EPSG:2154" in caught.value.message()
    with pytest.raises(InputError):
        SPEC.read([path], LoadContext(options={"crs": "nonsense"}))


def test_finer_polygon_wins_over_the_bundled_one_and_keeps_the_official_name(
    tmp_path: Path, official: LoadBatch
) -> None:
    path = tmp_path / "fines.geojson"
    synthetic(("94028", "Creteil", CRETEIL[2].buffer(1e-4))).to_file(path)
    finer = SPEC.read([path], LoadContext())
    sources: dict[str, SourceRecord] = {s.id: s for s in (*official.sources, *finer.sources)}
    claims = [c for c in (*official.claims, *finer.claims) if c.id == "commune:94028"]
    shown = resolve("territory", [(claim, sources[claim.source]) for claim in claims])
    assert isinstance(shown, Territory)
    assert shown.name == "Créteil"
    assert shown.geometry == claim_of(finer, "commune:94028").geometry


def test_invalid_polygon_is_mended_and_told(tmp_path: Path) -> None:
    x, y, right, top = CRETEIL[2].bounds
    bow_tie = shapely.Polygon([(x, y), (right, top), (right, y), (x, top)])
    path = tmp_path / "invalid.geojson"
    synthetic(("94028", "Créteil", bow_tie), MAISONS).to_file(path)
    batch = SPEC.read([path], LoadContext())
    check_words(batch)
    assert [row.code for row in batch.report.warnings] == ["territories.repaired"]
    assert shapely.from_wkb(claim_of(batch, "commune:94028").geometry).is_valid


def test_features_that_cannot_be_taken_are_rejected_each_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "mixed.geojson"
    valid = [CRETEIL, MAISONS]
    valid += [
        (c, bundled().get("commune", c).name, outline("commune", c))
        for c in ("94002", "94081", "94022")
    ]  # type: ignore[union-attr]
    wrong = [
        ("94001", "Créteil", CRETEIL[2]),  # Ablon's code on Créteil
        ("75056", "Paris", outline("commune", "75101")),
        ("94999", "Nulle part", CRETEIL[2]),
        ("94054", "Orly", shapely.Point(2.4, 48.74)),
        ("94017", "Champigny-sur-Marne", None),
    ]
    synthetic(*valid, *wrong).to_file(path)
    batch = SPEC.read([path], LoadContext())
    assert rejected(batch) == [
        ("6", "territories.elsewhere"),
        ("7", "territories.city"),
        ("8", "territories.code"),
        ("9", "territories.not_polygon"),
        ("10", "territories.no_geometry"),
    ]
    assert batch.report.kept == 5


def test_merged_communes_are_united_and_a_part_alone_is_refused(tmp_path: Path) -> None:
    whole = outline("commune", "93066")
    x, _, right, top = whole.bounds
    north = shapely.intersection(whole, shapely.box(x, 48.955, right, top))
    south = shapely.difference(whole, north)
    both, alone = tmp_path / "both.gpkg", tmp_path / "alone.gpkg"
    old = ("93059", "Pierrefitte-sur-Seine", north)
    synthetic(("93066", "Saint-Denis", south), old).to_file(both)
    batch = SPEC.read([both], LoadContext())
    assert rejected(batch) == []
    drawn = shapely.from_wkb(claim_of(batch, "commune:93066").geometry)
    assert drawn.area == pytest.approx(whole.area)
    assert [row.code for row in batch.report.warnings] == ["territories.merged"]
    synthetic(CRETEIL, MAISONS, old).to_file(alone)
    assert rejected(SPEC.read([alone], LoadContext())) == [("3", "territories.part")]


def test_level_of_its_own_is_taken_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "cpts.geojson"
    synthetic(("La Bièvre", "CPTS de la Bièvre", outline("commune", "94038"))).to_file(path)
    batch = SPEC.read([path], LoadContext(options={"level": "cpts"}))
    claim = claim_of(batch, "cpts:la-bievre")
    assert claim.name == "CPTS de la Bièvre"
    with pytest.raises(UsageError) as caught:
        SPEC.read([path], LoadContext(options={"level": "canton"}))
    assert refused(caught.value) == "territories.level"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        (
            "cut.geojson",
            b'{"type": "FeatureCollection", "features": [{"ty',
            "territories.unreadable",
        ),
        ("pdf.geojson", b"%PDF-1.7", "territories.unreadable"),
        ("x.parquet", b"PAR1 not parquet", "territories.unreadable"),
        (
            "none.geojson",
            b'{"type": "FeatureCollection", "features": []}',
            "territories.no_polygon",
        ),
        ("empty.geojson", b"", "tabular.empty"),
    ],
)
def test_bad_polygon_files_are_named(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        SPEC.read([path], LoadContext())
    assert refused(caught.value) == code


def test_codes_of_no_level_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "plots.geojson"
    synthetic(("A1", "Parcelle 1", CRETEIL[2])).to_file(path)
    with pytest.raises(InputError) as caught:
        SPEC.read([path], LoadContext())
    assert refused(caught.value) == "territories.unknown_level"
    renamed = synthetic(CRETEIL).rename(columns={"insee_com": "identifiant"})
    renamed.to_file(path)
    with pytest.raises(InputError) as caught:
        SPEC.read([path], LoadContext())
    assert refused(caught.value) == "territories.no_code"
    batch = SPEC.read([path], LoadContext(options={"code": "identifiant"}))
    assert rejected(batch) == []


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("file", "level", "codes"),
    [
        ("ign2018_communes-94-val-de-marne.geojson", "commune", 47),
        ("ign2018_departements-ile-de-france.geojson", "departement", 8),
    ],
)
def test_real_ign_files(shared_data: Path, file: str, level: str, codes: int) -> None:
    batch = SPEC.read([shared_data / file], LoadContext())
    assert rejected(batch) == []
    assert {claim.id.partition(":")[0] for claim in batch.claims} == {level}
    assert len(batch.claims) == codes


@pytest.mark.realdata
def test_ign_2018_arrondissements_are_not_taken_for_communes(shared_data: Path) -> None:
    """Their codes 94001-94003 are communes' (94001 is Ablon-sur-Seine)."""
    path = shared_data / "ign2018_arrondissements-94-val-de-marne.geojson"
    batch = SPEC.read([path], LoadContext())
    assert rejected(batch) == []
    shapes = {c.id: c.geometry for c in batch.claims if isinstance(c, TerritoryClaim)}
    areas = (
        gpd.GeoSeries(shapely.from_wkb(list(shapes.values())), crs="EPSG:4326").to_crs(2154).area
    )
    measured = dict(zip(shapes, areas / 1e6, strict=True))
    assert measured == {
        "arrondissement:941": pytest.approx(100.307, rel=5e-4),
        "arrondissement:942": pytest.approx(56.261, rel=5e-4),
        "arrondissement:943": pytest.approx(88.323, rel=5e-4),
    }


@pytest.mark.realdata
def test_paris_s_own_file_draws_both_levels(shared_data: Path) -> None:
    batch = SPEC.read([shared_data / "opendataparis_arrondissements.geojson"], LoadContext())
    assert rejected(batch) == []
    refs = {claim.id for claim in batch.claims}
    assert refs == {
        f"{level}:751{k:02d}" for level in ("commune", "arrondissement") for k in range(1, 21)
    }


# --- population by age ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "band"),
    [
        ("P22_POP", Band(0, 200, "")),
        ("P22_POP7589", Band(75, 89, "")),
        ("P22_POP90P", Band(90, 200, "")),
        ("P22_H65P", Band(65, 200, "h")),
        ("Population municipale 2023", Band(0, 200, "")),
        ("Population de 75 ans et plus", Band(75, 200, "")),
        ("pop_65p", Band(65, 200, "")),
        ("85+", Band(85, 200, "")),
        ("Femmes 65 à 69 ans", Band(65, 69, "f")),
        ("Moins de 20 ans", Band(0, 19, "")),
        ("Part des 75 ans et plus (%)", None),
        ("C22_POP15P_CS1", None),
        ("Libellé", None),
    ],
)
def test_headers_of_age_columns(header: str, band: Band | None) -> None:
    assert band_of(header) == band


def test_bands_that_straddle_an_age_do_not_count_it() -> None:
    bands = [Band(60, 74, ""), Band(75, 89, ""), Band(90, 200, "")]
    assert cover(bands, 75) == (bands[1], bands[2])
    assert cover(bands, 65) is None
    assert cover([Band(65, 200, "f")], 65) is None  # women alone are not everybody


def test_insee_table_gives_65_and_75(tmp_path: Path) -> None:
    """Synthetic figures under the real column names of base-cc-evol-struct-pop."""
    path = tmp_path / "base-cc-evol-struct-pop-2022.csv"
    path.write_text(
        "CODGEO;P22_POP;P22_POP6074;P22_POP7589;P22_POP90P;P22_H65P;P22_F65P\n"
        "94028;1000;120;60,4;10,3;80;100\n94046;500;60;20;s;30;40\n94999;1;0;0;0;0;0\n"
        "75056;9;0;0;0;1;1\n94081;5;0;0;0;;\n94002;10;0;8;8;1;1\n",
        encoding="utf-8",
    )
    batch = POPULATION_SPEC.read([path], LoadContext())
    creteil = claim_of(batch, "commune:94028")
    assert (creteil.population, creteil.population_65, creteil.population_75) == (1000, 180, 71)
    assert creteil.population_85 is None
    secret = claim_of(batch, "commune:94046")
    assert (secret.population_65, secret.population_75) == (70, None)
    assert rejected(batch) == [
        ("ligne 4", "territories.code"),
        ("ligne 5", "territories.city"),
        ("ligne 7", "territories.ages_grow"),
    ]
    assert batch.sources[0].vintage == "2022"
    assert batch.parts == frozenset({"94"})


def test_workbook_with_title_lines_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ages.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Lisez-moi").write(0, 0, "Population par âge")
        sheet = book.add_worksheet("Communes")
        sheet.write(0, 0, "Population par âge")
        sheet.write_row(3, 0, ["Code commune", "Commune", "65 ans et plus", "75 ans et plus"])
        sheet.write_row(4, 0, ["94028", "Créteil", 180, 70.6])
    batch = POPULATION_SPEC.read([path], LoadContext())
    assert rejected(batch) == []
    claim = claim_of(batch, "commune:94028")
    assert (claim.population_65, claim.population_75, claim.locator) == (180, 71, "ligne 5")


def test_merged_communes_are_summed_and_uppers_need_all_members(tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    members = bundled().members["intercommunalite:200057867"]  # Plaine Commune
    rows = [f"{code},10" for code in members] + ["93059,5", "94028,10", "94028,11"]
    path.write_text("code_insee,75 ans et plus\n" + "\n".join(rows), encoding="utf-8")
    batch = POPULATION_SPEC.read([path], LoadContext())
    assert claim_of(batch, "commune:93066").population_75 == 15
    assert claim_of(batch, "intercommunalite:200057867").population_75 == 10 * len(members) + 5
    assert not [claim for claim in batch.claims if claim.id == "departement:93"]
    assert rejected(batch) == [(f"ligne {len(members) + 4}", "territories.twice")]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.csv", "code_insee;population\n94028;5\n", "territories.no_ages"),
        ("b.csv", "titre;autre\n1;2\n", "territories.no_header"),
        ("c.csv", "code;75 ans et plus\nAA;1\nBB;2\n", "territories.unknown_level"),
        ("d.json", '{"c": {"94028": 1}}', "territories.ages_json"),
        ("e.json", '{"c": ', "territories.ages_json"),
        ("f.xlsx", "not a workbook", "territories.workbook"),
    ],
)
def test_bad_population_files_are_named(tmp_path: Path, name: str, text: str, code: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        POPULATION_SPEC.read([path], LoadContext())
    assert refused(caught.value) == code


def test_ages_that_the_columns_do_not_give_are_named(tmp_path: Path) -> None:
    path = tmp_path / "pop_2022.csv"
    path.write_text("CODGEO;P22_POP7589;P22_POP90P\n94028;60;10\n", encoding="utf-8")
    batch = POPULATION_SPEC.read([path], LoadContext())
    said = {item.code: item for item in batch.report.warnings}
    assert said["territories.ages_missing"].value == "65, 85"
    assert "territories.no_total" in said
    commune = claim_of(batch, "commune:94028")
    assert (commune.population_75, commune.population_65, commune.population) == (70, None, None)


@pytest.mark.parametrize("newest_first", [True, False])
def test_of_two_censuses_the_newest_is_shown_whatever_the_order(
    tmp_path: Path, *, newest_first: bool
) -> None:
    paths = []
    for year, people in (("21", 60), ("22", 66)):
        path = tmp_path / f"ages_20{year}.csv"
        path.write_text(f"CODGEO;P{year}_POP;P{year}_POP75P\n94028;900;{people}\n", "utf-8")
        paths.append(path)
    ordered = paths[::-1] if newest_first else paths
    batch = POPULATION_SPEC.read(ordered, LoadContext())
    assert resolved(batch, "commune:94028").population_75 == 66


@pytest.mark.realdata
def test_real_population_by_age_of_val_de_marne(shared_data: Path) -> None:
    path = shared_data / "population_ages_rp2023_rouages_94-ages.json"
    batch = POPULATION_SPEC.read([path], LoadContext())
    assert rejected(batch) == []
    assert batch.report.kept == 47
    whole = json.loads(path.read_text(encoding="utf-8"))["dep"]
    department = claim_of(batch, "departement:94")
    for age, found in (
        (65, department.population_65),
        (75, department.population_75),
        (85, department.population_85),
    ):
        assert found == pytest.approx(sum(sum(bands[age // 5 :]) for bands in whole), abs=1)
    assert department.population is None  # the file states no total
    assert batch.sources[0].vintage == "2023"
    assert {c.id for c in batch.claims if c.id.startswith("arrondissement:")} == {
        "arrondissement:941",
        "arrondissement:942",
        "arrondissement:943",
    }


# --- named sets -------------------------------------------------------------------------


def test_set_of_communes_by_code_and_by_name(tmp_path: Path) -> None:
    path = tmp_path / "ensembles.csv"
    path.write_text(
        "code_ensemble;nom_ensemble;commune;departement\n"
        "bassin;Bassin de Créteil;94028;\nbassin;Bassin de Créteil;Maisons Alfort;\n"
        "bassin;Bassin de Créteil;Saint-Denis;\nbassin;Bassin de Créteil;Atlantide;\n"
        "bassin;Bassin de Créteil;St Denis;93\n;;94028;\nparis;Paris;Paris;\n",
        encoding="utf-8",
    )
    batch = SETS_SPEC.read([path], LoadContext())
    assert rejected(batch) == [
        ("ligne 4", "territories.commune_ambiguous"),
        ("ligne 5", "territories.commune"),
        ("ligne 7", "territories.set_missing"),
    ]
    assert "93066" in batch.report.rejections[0].reason()
    shown = resolved(batch, "set:bassin")
    assert shown.name == "Bassin de Créteil"
    assert shown.members == ("commune:93066", "commune:94028", "commune:94046")
    assert shown.population == 149_077 + 93_397 + resolved_population("94046")
    assert shown.geometry is not None
    assert len(resolved(batch, "set:paris").members) == 20


def resolved_population(code: str) -> int:
    row = bundled().get("commune", code)
    assert row is not None
    assert row.population is not None
    return row.population


def test_set_with_an_undrawn_member_has_no_polygon(tmp_path: Path) -> None:
    path = tmp_path / "ensembles.csv"
    path.write_text("ensemble,commune\nCantal,15141\nCantal,15031\n", encoding="utf-8")
    shown = resolved(SETS_SPEC.read([path], LoadContext()), "set:cantal")
    assert shown.geometry is None
    assert shown.population_65 is None
    assert shown.population == 824 + 217


def test_table_without_a_set_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nothing.csv"
    path.write_text("ensemble,commune\nX,Atlantide\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        SETS_SPEC.read([path], LoadContext())
    assert refused(caught.value) == "territories.no_set"
