"""The real nursing homes and health centres of Val-de-Marne (January 2021), by arrondissement.

The counts expected come from the FHIR copies and the polygons of IGN 2018, without our loaders.
"""

import json
from collections import Counter
from pathlib import Path

import pytest
import shapely
from shapely.geometry import shape

from graph.analysis.coverage import coverage_table
from graph.analysis.demand import demand_points
from graph.analysis.reach import reach
from graph.analysis.service_areas import Atlas
from graph.analysis.situation import Situation
from graph.model import Structure, Territory
from graph.projection import partner_network
from graph.resolve import resolve
from loaders.base import LoadContext
from loaders.finess import SPEC
from loaders.territories.bundled import bundled
from tests.support import fhir
from tests.support.small_world import ON

pytestmark = pytest.mark.realdata

ARRONDISSEMENTS = ("941", "942", "943")
REFS = [f"arrondissement:{code}" for code in ARRONDISSEMENTS]
FOCUS = "940110018"


@pytest.fixture(scope="module")
def situation(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Situation:
    path = fhir.rewrite(shared_data, tmp_path_factory.mktemp("finess") / "cs1100507.csv")
    batch = SPEC.read([path], LoadContext())
    sources = {source.id: source for source in batch.sources}
    structures = [resolve("structure", [(claim, sources[claim.source])]) for claim in batch.claims]
    assert all(isinstance(item, Structure) for item in structures)
    fields = ("level", "code", "name", "population", "population_65", "parents", "geometry")
    territories = [
        Territory(id=row.ref, **{name: getattr(row, name) for name in fields})
        for row in bundled().rows
        if row.region == "11" or row.ref == "region:11"
    ]
    return Situation(
        atlas=Atlas(territories),
        structures=structures,
        network=partner_network(FOCUS, structures, [], [], ON),
        registers={"EHPAD": frozenset({"94"}), "CDS": frozenset({"94"}), "CMS": frozenset({"94"})},
    )


@pytest.fixture(scope="module")
def counted(shared_data: Path) -> Counter[tuple[str, str]]:
    """Establishments by FINESS category and arrondissement, from the files themselves."""
    path = shared_data / "ign2018_arrondissements-94-val-de-marne.geojson"
    layer = json.loads(path.read_text(encoding="utf-8"))
    # IGN writes 94001 where the official code is 941
    areas = {
        each["properties"]["code"].replace("00", ""): shape(each["geometry"])
        for each in layer["features"]
    }
    found: Counter[tuple[str, str]] = Counter()
    kinds: dict[str, str] = {}
    for line in (shared_data / fhir.FILES[0]).read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        if item["resourceType"] == "Organization":
            codings = [coding for part in item["type"] for coding in part["coding"]]
            kinds[item["id"]] = next(c["code"] for c in codings if c["system"].endswith("CAT_ETAB"))
            continue
        at = shapely.Point(item["position"]["longitude"], item["position"]["latitude"])
        nearest = min(areas, key=lambda code: areas[code].distance(at))
        found[kinds[item["managingOrganization"]["reference"].partition("/")[2]], nearest] += 1
    return found


def test_supply_by_arrondissement(situation, counted):
    table = coverage_table(situation, REFS, ["EHPAD", "CDS", "CMS"])
    rows = {(row.kind, row.territory.partition(":")[2]): row for row in table.rows}
    homes = [rows["EHPAD", code].supply for code in ARRONDISSEMENTS]
    centres = [rows["CDS", code].supply + rows["CMS", code].supply for code in ARRONDISSEMENTS]
    assert (sum(homes), sum(centres)) == (73, 87)
    assert homes == [counted["500", code] for code in ARRONDISSEMENTS]
    assert centres == [counted["124", code] for code in ARRONDISSEMENTS]
    assert {row.state for row in table.rows} == {"unsigned"}
    assert {row.capacity for row in table.rows} == {None}


def test_next_door_nothing_is_known(situation):
    (row,) = coverage_table(situation, ["arrondissement:913"], ["EHPAD"]).rows
    assert (row.supply, row.state) == (None, "unsigned")
    (row,) = coverage_table(situation, ["arrondissement:941"], ["HAD"]).rows
    assert (row.supply, row.state) == (None, "unknown")


def test_nobody_is_far_from_a_nursing_home(situation):
    atlas = situation.atlas
    communes = sorted(atlas.communes("departement:94") | atlas.communes("arrondissement:941"))
    shapes = {code: shapely.from_wkb(atlas[f"commune:{code}"].geometry) for code in communes}
    people = {code: atlas[f"commune:{code}"].population for code in communes}
    found = reach(situation, REFS, "EHPAD", demand_points(shapes, people), 5_000)
    assert [item.population for item in found] == pytest.approx([325_348, 517_705, 583_876])
    assert all(item.population_near_supply == pytest.approx(item.population) for item in found)
    assert all(item.population_covered == 0 for item in found)
