"""FINESS loaders on the real files of the shared folder."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from graph.geography import METROPOLE, box_of
from graph.model import MembershipClaim, StructureClaim
from graph.store.port import LoadBatch
from loaders import finess
from loaders.base import LoadContext
from loaders.communes import CommuneIndex
from tests.support import fhir
from tests.support.memory_store import MemoryStore

pytestmark = pytest.mark.realdata

FEED = "finess-structures-mensuel-202607-echantillon.json.gz"
EXTRACT = "etalab-cs1100502-stock-20260512-0339_extrait.csv"
EXCEL = "finess_light_20260107_excel_dep94_extrait.csv"


def load(path: Path, *departements: str) -> LoadBatch:
    batch = finess.read([path], LoadContext(departements=departements))
    report = batch.report
    assert report.read == report.kept + report.skipped + report.rejected
    return batch


def structures(batch: LoadBatch) -> list[StructureClaim]:
    return [claim for claim in batch.claims if isinstance(claim, StructureClaim)]


@pytest.fixture(scope="module")
def feed(shared_data: Path) -> LoadBatch:
    return load(shared_data / FEED)


@pytest.fixture(scope="module")
def idf(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> LoadBatch:
    out = tmp_path_factory.mktemp("fhir") / "etalab-cs1100507.csv"
    return load(fhir.rewrite(shared_data, out))


def test_the_sample_is_taken_whole(feed: LoadBatch) -> None:
    levels = Counter(claim.level for claim in structures(feed))
    assert levels == {"EJ": 24, "ET": 1394, None: 1}
    sites = [claim for claim in structures(feed) if claim.level == "ET"]
    assert sum(claim.closed is not None for claim in sites) == 604
    assert all(claim.closed <= "2026-08-13" for claim in sites if claim.closed)
    # its three organic groupings have no member
    assert (feed.report.read, feed.report.kept, feed.report.skipped) == (1431, 1428, 3)
    assert feed.report.rejections == feed.report.warnings == []


def test_the_ght_has_nine_links(feed: LoadBatch) -> None:
    links = [claim for claim in feed.claims if isinstance(claim, MembershipClaim)]
    assert Counter(link.role for link in links) == {"membre": 8, "support": 1}
    (support,) = [link.member for link in links if link.role == "support"]
    names = {claim.id: claim.name for claim in structures(feed)}
    assert names[support] == "CENTRE HOSPITALIER UNIVERSITAIRE DE DIJON"
    assert {link.group for link in links} == {f"ght:{support}"}
    assert names[f"ght:{support}"] == "21-52 Côte d'Or-Haute-Marne"
    assert all(link.member in names for link in links)


def test_every_position_is_where_its_row_says(feed: LoadBatch) -> None:
    index = CommuneIndex.bundled()
    placed = [claim for claim in structures(feed) if claim.longitude is not None]
    assert len(placed) == 967
    for claim in placed:
        assert claim.commune is not None
        commune = index.by_code(claim.commune)
        assert commune is not None
        assert claim.longitude is not None
        assert claim.latitude is not None
        assert box_of(commune.departement).holds(claim.longitude, claim.latitude)
        if not commune.departement.startswith("97"):
            assert METROPOLE.holds(claim.longitude, claim.latitude)
    assert {claim.precision for claim in placed} == {"adresse", "voie"}


def test_positions_are_those_of_the_chosen_address(feed: LoadBatch, shared_data: Path) -> None:
    """About a third of the records have no position; which ones is counted from the file itself."""
    raw = json.loads(gzip.decompress((shared_data / FEED).read_bytes()))
    with_position = 0
    for item in raw["pmej"]:
        for usage, record in (("02", item), *(("03", site) for site in item["ege"])):
            own = [a for a in record["adresse"] if a["usageAdresse"] == usage]
            with_position += any(address["coordonneesGeographique"] for address in own)
    placed = sum(claim.longitude is not None for claim in structures(feed))
    assert placed == with_position


def test_the_two_records_labelled_the_other_way_round(feed: LoadBatch) -> None:
    by_id = {claim.id: claim for claim in structures(feed)}
    swapped = [c for c in by_id.values() if (c.longitude, c.latitude) == (5.358366, 45.958916)]
    assert [claim.commune for claim in swapped] == ["01004"] * 2


def test_montsouris_has_changed_hands(feed: LoadBatch) -> None:
    (site,) = [claim for claim in structures(feed) if claim.id == "750150104"]
    assert site.legal_entity == "750078115"
    assert (site.kind, site.legal_status) == ("HOPITAL", "espic")


def test_status_of_the_sample_s_private_hospitals(feed: LoadBatch) -> None:
    private = {"365", "128", "129", "122", "109", "161"}
    found = Counter(
        (claim.kind, claim.legal_status) for claim in structures(feed) if claim.category in private
    )
    assert None not in {status for _, status in found}
    assert {kind for kind, status in found if status == "commercial"} == {"CLINIQUE"}
    assert {kind for kind, status in found if status != "commercial"} == {"HOPITAL"}


def test_the_last_classic_extract(shared_data: Path) -> None:
    batch = load(shared_data / EXTRACT)
    found = {claim.id: (claim.commune, claim.part) for claim in structures(batch)}
    assert len(found) == 13
    assert found["010000024"] == ("01451", "01")
    assert found["970102018"] == ("97701", "977")
    assert found["970100400"] == found["970102059"] == ("97801", "978")
    assert found["970210126"] == ("97207", "972")
    assert found["970300026"] == ("97302", "973")
    assert found["970400024"] == ("97411", "974")
    assert found["980502199"] == ("97610", "976")
    assert found["980600027"] == ("98613", "986")
    assert [item.code for item in batch.report.warnings] == ["finess.no_positions"]
    assert {source.vintage for source in batch.sources} == {"2026-05-12"}


def test_the_extract_that_excel_damaged(shared_data: Path) -> None:
    batch = load(shared_data / EXCEL)
    claims = structures(batch)
    assert len(claims) == 16
    assert all(claim.siret is None for claim in claims)
    codes = Counter(item.code for item in batch.report.warnings)
    assert codes == {
        "finess.excel_number": 15,
        "finess.excel_month": 2,
        "finess.no_positions": 1,
    }
    assert {c.id: c.opened for c in claims}["940000631"] == "1884-04-01"
    assert {c.id: c.opened for c in claims}["940000599"] == "1970-11-10"
    assert all(claim.commune and claim.commune.startswith("94") for claim in claims)
    # not concerned by the public service: nothing says whether it is commercial
    assert {c.id: c.kind for c in claims}["940008139"] is None


def test_the_establishments_of_ile_de_france_at_real_size(idf: LoadBatch) -> None:
    claims = structures(idf)
    assert len(claims) == fhir.COUNT == idf.report.read
    assert idf.report.rejected == 0
    val_de_marne = [claim for claim in claims if claim.part == "94"]
    assert len(val_de_marne) == 1549
    kinds = Counter(claim.kind for claim in val_de_marne)
    assert kinds["EHPAD"] == 73
    assert kinds["CMS"] + kinds["CDS"] == 87
    assert (kinds["RESIDENCE"], kinds["SSIAD"]) == (54, 27)
    assert all(METROPOLE.holds(c.longitude or 0, c.latitude or 0) for c in claims)
    assert sum(claim.commune is None for claim in claims) <= 5


def test_a_maison_de_sante_can_be_psychiatry(idf: LoadBatch) -> None:
    (claim,) = [claim for claim in structures(idf) if claim.id == "940310014"]
    assert (claim.category, claim.kind) == ("161", None)


def test_positions_come_back_to_a_few_centimetres(idf: LoadBatch, shared_data: Path) -> None:
    first = next(iter(fhir.establishments([shared_data / fhir.FILES[0]])))
    (claim,) = [item for item in structures(idf) if item.id == first.number]
    assert (claim.longitude, claim.latitude) == pytest.approx(
        (first.longitude, first.latitude), abs=2e-6
    )


def test_a_department_alone_and_the_same_file_twice(shared_data: Path, tmp_path: Path) -> None:
    path = fhir.rewrite(shared_data, tmp_path / "x.csv", encoding="cp1252", files=fhir.FILES[:1])
    store = MemoryStore()
    batch = load(path, "94")
    assert batch.parts == {"94"}
    assert store.apply(batch).added == 1549
    again = store.apply(load(path, "94"))
    assert (again.added, again.updated, again.removed, again.unchanged) == (0, 0, 0, 1549)
