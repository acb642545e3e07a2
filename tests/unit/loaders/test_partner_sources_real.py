"""Partner sources on the real files, counted again from the rows without the loaders' own code."""

import csv
import gzip
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from click.testing import CliRunner
from pyproj import Transformer

from explorer.cli import main
from explorer.services.changes import changes_of
from graph.errors import InputError
from graph.model import CooperationClaim, Party, SourceRecord, StructureClaim
from graph.resolve import conflicts
from graph.store.open import open_store
from graph.store.port import LoadBatch, ReadReport
from loaders import cpts, finess, ght, reference, sae
from loaders.base import LoadContext
from loaders.kind_sources import CLINIQUES, CMS, EHPAD
from loaders.neighbourhood import MARGIN_METRES, flagged
from loaders.territories.bundled import bundled, shape_of
from tests.support import fhir, price_popups

pytestmark = pytest.mark.realdata

FEED = "finess-structures-mensuel-202607-echantillon.json.gz"
MONTSOURIS, BEFORE, AFTER = "750150104", "750720476", "750078115"
CHIC = "940110018"


@pytest.fixture(scope="module")
def raw(shared_data: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(gzip.decompress((shared_data / FEED).read_bytes()))
    return document


@pytest.fixture(scope="module")
def feed(shared_data: Path) -> LoadBatch:
    return finess.read([shared_data / FEED], LoadContext())


@pytest.fixture(scope="module")
def idf(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fhir.rewrite(shared_data, tmp_path_factory.mktemp("idf") / "cs1100507.csv")


@pytest.fixture(scope="module")
def tables(shared_data: Path) -> LoadBatch:
    return sae.read(sorted(shared_data.glob("sae_2023_*_idf.csv")), LoadContext())


def structures(batch: LoadBatch) -> list[StructureClaim]:
    return [claim for claim in batch.claims if isinstance(claim, StructureClaim)]


def sites(raw: dict[str, Any], *categories: str) -> list[dict[str, Any]]:
    return [
        site
        for entity in raw["pmej"]
        for site in entity["ege"]
        if site["categorieentiteGeographiqueExercice"] in categories
    ]


def number(site: dict[str, Any]) -> str:
    return str(site["informationsGeneralesEGE"]["numFinessEge"])


@pytest.mark.parametrize(
    ("spec", "categories"),
    [
        (CMS, ("124",)),
        (EHPAD, ("500", "501", "502")),
        (CLINIQUES, ("365", "128", "129", "122", "109", "161")),
    ],
    ids=["cms", "ehpad", "cliniques"],
)
def test_kind_loaders_take_every_site_of_their_categories(shared_data, raw, spec, categories):
    wanted = sites(raw, *categories)
    claims = structures(spec.read([shared_data / FEED], LoadContext()))
    assert sorted(claim.id for claim in claims) == sorted(map(number, wanted))
    open_ones = {number(site) for site in wanted if site["etatObjet"] == "A"}
    assert {claim.id for claim in claims if claim.closed is None} == open_ones
    assert len(wanted) > 0


def test_municipal_centres_of_the_region_by_name(idf):
    """No file of 2021 states whose a centre is: names alone tell, and the report says so."""
    with idf.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.reader(stream, delimiter=";") if row[0] == "structureet"]
    centres = {row[1]: f"{row[3]} {row[4]}" for row in rows if row[18] == "124"}
    municipal = {
        key
        for key, name in centres.items()
        if re.search(r"\b(CMS|MUNICIPAL|INTERCOMMUNAL)\b", name)
    }
    batch = CMS.read([idf], LoadContext())
    assert {claim.id for claim in structures(batch)} == set(centres)
    assert {claim.id for claim in structures(batch) if claim.kind == "CMS"} == municipal
    assert len(municipal) > 80
    (said,) = [item for item in batch.report.warnings if item.code == "kind.no_status"]
    assert said.params["n"] == len(centres) - len(municipal)


def test_the_seats_of_cpts_in_the_region(idf):
    """Category 604 counted in the rows; none in Val-de-Marne in 2021 (FORMATS.md, section 3)."""
    with idf.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.reader(stream, delimiter=";") if row[0] == "structureet"]
    seats = {row[1]: row[13] for row in rows if row[18] == "604"}
    found = structures(cpts.read([idf], LoadContext()))
    assert {claim.id for claim in found if claim.level == "ET"} == set(seats)
    assert len(seats) > 0
    assert "94" not in seats.values()
    assert all(not claim.covers for claim in found)


def test_the_ght_has_the_members_of_the_file(raw, shared_data):
    (group,) = [item for item in raw["gcc"] if item["typeGcc"] == "001"]
    entities = {
        item["informationsGeneralesPMEJ"]["pmSmsseId"]: item["informationsGeneralesPMEJ"][
            "numFinessPm"
        ]
        for item in raw["pmej"]
    }
    stated = {
        (entities[link["pmSmsseId"]], link["typeRoleEntiteGroupe"]) for link in group["pmejDuGcc"]
    }
    links = ght.read([shared_data / FEED], LoadContext()).claims
    roles = {"S": "support", "M": "membre"}
    assert {(link.member, link.role) for link in links if hasattr(link, "member")} == {
        (entity, roles[role]) for entity, role in stated
    }
    assert len(stated) == 9


@pytest.mark.parametrize(
    ("table", "source", "key", "column"),
    [
        ("MCO", "sae-mco", "lits_mco", "LIT_MCO"),
        ("MCO", "sae-mco", "places_mco", "PLA_MCO"),
        ("USLD", "sae-usld", "lits_usld", "LIT"),
        ("HAD", "sae-had", "places_had", "PLATOT"),
    ],
)
def test_beds_and_places_are_those_of_the_rows(shared_data, tables, table, source, key, column):
    path = shared_data / f"sae_2023_{table}_2023r_idf.csv"
    with path.open(encoding="latin-1", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    stated = {row["FI"]: float(row[column]) for row in rows if row[column].strip()}
    claims = [claim for claim in structures(tables) if claim.source == source]
    assert {c.id: c.capacity[key] for c in claims if key in c.capacity} == stated


def test_prices_per_day_are_read_as_they_stand(shared_data, tmp_path):
    rows = price_popups.monthly(shared_data)
    path = tmp_path / "cnsa_export_prix_ehpad_202302_brute.csv"
    batch = EHPAD.read([price_popups.rewrite(shared_data, path, per_day=True)], LoadContext())
    assert (batch.report.read, batch.report.kept, batch.report.rejected) == (680, 680, 0)
    facts = [fact for claim in structures(batch) for fact in claim.facts]
    counted = Counter(fact.topic for fact in facts)
    assert counted["prix_hebergement_permanent_chambre_simple"] == 680
    assert counted["prix_hebergement_permanent_chambre_double"] == 315
    assert len(facts) == sum(map(len, rows)) == 680 * 4 + 315
    expected = sum(
        round(value / price_popups.DAYS_A_MONTH, 2) for row in rows for value in row.values()
    )
    assert sum(float(str(fact.value)) for fact in facts) == pytest.approx(expected)
    assert {(fact.unit, fact.date) for fact in facts} == {("EUR/jour", "2023-02")}


def test_prices_per_month_are_refused_one_and_all(shared_data, tmp_path):
    path = price_popups.rewrite(shared_data, tmp_path / "prix_202302.csv", per_day=False)
    batch = EHPAD.read([path], LoadContext())
    assert batch.claims == []
    assert (batch.report.read, batch.report.rejected) == (680, 680)
    assert {item.code for item in batch.report.rejections} == {"kind.price_month"}


def test_a_map_of_prices_is_no_price_list(shared_data):
    with pytest.raises(InputError) as caught:
        EHPAD.read([shared_data / price_popups.FILE], LoadContext())
    assert price_popups.FILE in caught.value.message("fr")


@pytest.mark.parametrize(
    "layer",
    ["ign2018_communes-94-val-de-marne", "ign2018_arrondissements-94-val-de-marne"],
)
def test_a_layer_of_territories_is_no_layer_of_cpts(shared_data, layer):
    with pytest.raises(InputError) as caught:
        cpts.read([shared_data / f"{layer}.geojson"], LoadContext())
    assert caught.value.code == "cpts.territories"


def metres_outside(claims: list[StructureClaim]) -> dict[str, float]:
    """Return the metres in Lambert-93 between each position and the polygon of its commune."""
    to_metres = Transformer.from_crs(4326, 2154, always_xy=True)
    found = {}
    for claim in claims:
        row = bundled().get("commune", claim.commune or "")
        shape = shape_of(row) if row else None
        if shape is None or claim.longitude is None or (claim.commune or "").startswith("97"):
            continue
        near = shapely.shortest_line(shapely.Point(claim.longitude, claim.latitude), shape)
        ends = [to_metres.transform(*point) for point in near.coords]
        found[claim.id] = shapely.LineString(ends).length
    return found


def test_every_position_is_near_its_commune(feed, idf):
    """All real positions: the JSON feed, the region in the classic layout, the reference."""
    region = finess.read([idf], LoadContext())
    bundle = reference.read([], LoadContext())
    for batch, least in ((feed, 900), (region, 5600), (bundle, 15)):
        distances = metres_outside(structures(batch))
        assert len(distances) > least
        assert max(distances.values()) < MARGIN_METRES
        assert not [w for w in batch.report.warnings if w.code == "finess.position_far"]


def test_a_real_position_put_elsewhere_is_flagged(feed):
    """Two real sites exchange their positions: both are named, neither counts as an address."""
    import msgspec

    placed = [claim for claim in structures(feed) if claim.longitude is not None]
    dijon = next(claim for claim in placed if claim.commune == "21231")
    other = next(claim for claim in placed if claim.commune not in {None, "21231"})
    swapped = [
        msgspec.structs.replace(a, longitude=b.longitude, latitude=b.latitude)
        for a, b in ((dijon, other), (other, dijon))
    ]
    report = ReadReport(read=2, kept=2)
    batch = flagged(msgspec.structs.replace(feed, claims=swapped, report=report))
    assert [item.code for item in batch.report.warnings] == ["finess.position_far"] * 2
    assert [claim.precision for claim in structures(batch)] == ["inconnue"] * 2
    assert "km" in batch.report.warnings[0].reason("fr")


FIELDS = ("legal_entity", "commune", "category", "legal_status", "kind")


def test_every_hospital_of_two_sources_agrees_or_is_listed(tables, feed, idf):
    """SAE 2023 beside FINESS of 2026 and of 2021: each difference is listed as a conflict."""
    for other, least in ((feed, 5), (finess.read([idf], LoadContext()), 400)):
        sources = {item.id: item for item in (*tables.sources, *other.sources)}
        theirs = {claim.id: claim for claim in structures(other) if claim.level == "ET"}
        both = [c for c in structures(tables) if c.source == "sae-id" and c.id in theirs]
        assert len(both) > least
        for claim in both:
            pair = (claim, theirs[claim.id])
            listed = conflicts([(item, sources[item.source]) for item in pair])
            for field in FIELDS:
                ours, its = (getattr(item, field) for item in pair)
                differ = ours is not None and its is not None and ours != its
                assert differ == (field in listed), (claim.id, field, ours, its)


def agreement(parties: tuple[str, ...]) -> LoadBatch:
    """Return a synthetic agreement between real structures."""
    claim = CooperationClaim(
        id="essai-montsouris",
        source="essai",
        locator="ligne 1",
        title="Convention d’essai",
        parties=tuple(Party(structure=item) for item in parties),
    )
    source = SourceRecord(id="essai", family="register", title="Essai")
    return LoadBatch(
        loader="conventions",
        series="essai",
        sources=(source,),
        claims=[claim],
        report=ReadReport(read=1, kept=1),
    )


def test_montsouris_from_the_survey_to_the_feed(shared_data, tmp_path):
    """Real rows only: SAE 2023, then the JSON feed of July 2026; the agreement is to look at."""
    url = f"sqlite:///{tmp_path / 'imm.db'}"
    store = open_store(url)
    store.apply(sae.read(sorted(shared_data.glob("sae_2023_*_idf.csv")), LoadContext()))
    store.apply(agreement((CHIC, MONTSOURIS)))
    on = date(2026, 11, 25)
    assert changes_of(store, None, on, "fr") == []
    store.apply(finess.read([shared_data / FEED], LoadContext(store=store)))
    (change,) = [c for c in changes_of(store, None, on, "fr") if c.id == MONTSOURIS]
    store.close()
    assert (change.change, change.before.value, change.after.value) == ("entity", BEFORE, AFTER)
    assert (change.before.family, change.before.vintage) == ("sae", "2023")
    assert (change.after.source, change.after.vintage) == ("finess-json", "2026-08-13")
    assert [deal.id for deal in change.cooperations] == ["essai-montsouris"]
    result = CliRunner().invoke(main, ["--store", url, "changes", "--focus", "none", "--json"])
    assert result.exit_code == 0, result.stderr
    assert [item["id"] for item in json.loads(result.stdout)] == [MONTSOURIS]
