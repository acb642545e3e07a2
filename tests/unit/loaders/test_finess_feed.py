"""The JSON feed: both month variants, closed records, mislabelled coordinates, GHT; synthetic."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from graph.messages import LANGUAGES
from graph.model import Fact, MembershipClaim, StructureClaim
from graph.store.port import LoadBatch, Rejection
from loaders import finess
from loaders.base import LoadContext

DEGREES = ("2.452227", "48.790247")
METRES = ("659757.0", "6854602.0")

Record = dict[str, Any]


def address(**values: Any) -> Record:
    usual = {
        "usageAdresse": "03",
        "ligneQuatre": "12 RUE DE L'ESSAI",
        "lieuDit": "\\ ",
        "cogCommune": "94028",
        "codePostal": "94000",
        "ligneAcheminement": "CRETEIL",
        "coordonneesGeographique": located(*DEGREES, METRES[1], METRES[0]),
    }
    return usual | values


def located(x: str, y: str, latitude: str, longitude: str, **values: Any) -> Record:
    usual = {
        "coordonneeX": x,
        "coordonneeY": y,
        "directionLatitude": latitude,
        "directionLongitude": longitude,
        "cleInInteropBAN": "94028_0515_00012",
        "scoreBAN": "0.9674",
    }
    return usual | values


def site(number: str = "940000001", **values: Any) -> Record:
    info = {
        "egeId": "1",
        "numFinessEge": number,
        "nomEgeCourt": "ETS  INVENTE ",
        "nomEgeLong": "ETABLISSEMENT INVENTE",
        "siret": "12345678901234",
        "dateOuverture": "1999-02-28",
        "dateFermeture": None,
        "espic": ["6"],
    }
    named = {key: values.pop(key) for key in list(values) if key in info}
    usual = {
        "informationsGeneralesEGE": info | named,
        "categorieentiteGeographiqueExercice": "365",
        "modefixationtarifaire": "04",
        "adresse": [address()],
        "contact": [{"telecom": {"telephone": "0145678901", "courriel": "x@example.org"}}],
        "etatObjet": "A",
    }
    return usual | values


def owner(number: str = "940900001", internal: str = "1", *sites: Record, **values: Any) -> Record:
    info = {
        "pmSmsseId": internal,
        "numFinessPm": number,
        "denominationPm": "EJ INVENTEE",
        "denominationLonguePmSmsse": "ENTITE INVENTEE",
        "statutJuridique": "61",
        "dateCreation": "2001-01-01",
        "dateFermeture": None,
    }
    named = {key: values.pop(key) for key in list(values) if key in info}
    usual = {
        "informationsGeneralesPMEJ": info | named,
        "adresse": [address(usageAdresse="02")],
        "contact": [{"telecom": {"telephone": "0145678901"}}],
        "ege": list(sites),
        "etatObjet": "A",
    }
    return usual | values


def group(*links: tuple[str, str], **values: Any) -> Record:
    usual = {
        "gccId": "7",
        "nomGcc": "94 Est",
        "typeGcc": "001",
        "numFinessGcc": "49824516535",
        "evenement": [{"codeEvenement": "003", "dateEvenement": "2016-07-01"}],
        "pmejDuGcc": [{"pmSmsseId": i, "typeRoleEntiteGroupe": role} for i, role in links],
        "etatObjet": "A",
    }
    return usual | values


def feed(*owners: Record, gcc: tuple[Record, ...] = (), **roots: Any) -> Record:
    head = {"schemaVersion": "v1.0.0", "generatedAt": "2026-08-13T02:07:30.57Z", "gco": []}
    return head | {"gcc": list(gcc), "pmej": list(owners)} | roots


def load(tmp_path: Path, content: Record, departements: tuple[str, ...] = ()) -> LoadBatch:
    path = tmp_path / "synthetic.json.gz"
    path.write_bytes(gzip.compress(json.dumps(content).encode()))
    batch = finess.read([path], LoadContext(departements=departements))
    report = batch.report
    assert report.read == report.kept + report.skipped + report.rejected
    assert report.kept == len(batch.claims)
    return batch


def structure(batch: LoadBatch, ident: str) -> StructureClaim:
    (claim,) = [item for item in batch.claims if item.id == ident]
    assert isinstance(claim, StructureClaim)
    return claim


def codes(found: list[Rejection]) -> list[str]:
    for item in found:
        assert all(item.reason(language) for language in LANGUAGES)
    return [item.code.removeprefix("finess.") for item in found]


def test_an_entity_and_its_establishment_are_read_whole(tmp_path: Path) -> None:
    batch = load(tmp_path, feed(owner("940900001", "1", site())))
    assert structure(batch, "940000001") == StructureClaim(
        id="940000001",
        source="finess-json",
        locator="ege 940000001",
        part="94",
        name="ETABLISSEMENT INVENTE",
        other_names=("ETS INVENTE",),
        kind="HOPITAL",
        level="ET",
        category="365",
        legal_status="espic",
        commune="94028",
        address="12 RUE DE L'ESSAI, 94000 CRETEIL",
        longitude=2.452227,
        latitude=48.790247,
        precision="adresse",
        legal_entity="940900001",
        opened="1999-02-28",
        siret="12345678901234",
    )
    assert structure(batch, "940900001") == StructureClaim(
        id="940900001",
        source="finess-json",
        locator="pmej 940900001",
        part="94",
        name="ENTITE INVENTEE",
        other_names=("EJ INVENTEE",),
        kind="GESTIONNAIRE",
        level="EJ",
        legal_status="non_lucratif",
        legal_form="Association Loi 1901 Reconnue d'Utilité Publique",
        commune="94028",
        address="12 RUE DE L'ESSAI, 94000 CRETEIL",
        longitude=2.452227,
        latitude=48.790247,
        precision="adresse",
        opened="2001-01-01",
    )
    assert (batch.series, batch.parts) == ("finess:json", {"94"})
    assert batch.sources[0].vintage == "2026-08-13"
    assert "0145678901" not in str(batch)
    assert "@" not in str(batch)


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


def test_absent_keys_and_nulls_are_the_same(tmp_path: Path) -> None:
    bare = {"siret": None, "espic": None, "nomEgeLong": None, "dateOuverture": None}
    content = feed(
        owner("940900001", "1", site(**bare), adresse=None, dateCreation=None, contact=None),
        gcc=(group(("1", "S"), evenement=None),),
    )
    july, march = load(tmp_path, content), load(tmp_path, without_nulls(content))
    assert july.claims == march.claims
    assert july.report == march.report


@pytest.mark.parametrize("name", ["numFinessGcc", "gccIdentifiantExterne"])
def test_the_code_of_a_ght_under_both_names(tmp_path: Path, name: str) -> None:
    ght = group(("1", "S")) | {"numFinessGcc": None, name: "11111"}
    batch = load(tmp_path, feed(owner(), gcc=(ght,)))
    facts = structure(batch, "ght:940900001").facts
    assert facts == (Fact(topic="code_ght", value="11111", qualifier=name),)


# --- closed ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "closing", "closed"),
    [
        ("A", None, None),
        ("I", "2015-12-31", "2015-12-31"),
        ("I", None, "..2026-08-13"),
        (None, "2015-12-31", "2015-12-31"),
        (None, None, None),
        ("A", "2027-01-01", "2027-01-01"),
    ],
)
def test_closed_records_are_kept_as_closed(
    tmp_path: Path, state: str | None, closing: str | None, closed: str | None
) -> None:
    ended = {"etatObjet": state, "dateFermeture": closing}
    batch = load(tmp_path, feed(owner("940900001", "1", site(**ended), **ended)))
    assert structure(batch, "940000001").closed == closed
    assert structure(batch, "940900001").closed == closed


def test_closed_nobody_knows_when_is_rejected(tmp_path: Path) -> None:
    content = feed(owner("940900001", "1", site(etatObjet="I"))) | {"generatedAt": None}
    batch = load(tmp_path, content)
    assert [claim.id for claim in batch.claims] == ["940900001"]
    assert codes(batch.report.rejections) == ["closed_undated"]
    assert codes(batch.report.warnings) == ["no_vintage"]


def test_an_end_before_its_start_drops_the_start_and_says_so(tmp_path: Path) -> None:
    batch = load(tmp_path, feed(owner("940900001", "1", site(dateFermeture="1990-01-01"))))
    claim = structure(batch, "940000001")
    assert (claim.opened, claim.closed) == (None, "1990-01-01")
    assert codes(batch.report.warnings) == ["closed_before_opened"]


def test_unknown_states_and_bad_values_are_told(tmp_path: Path) -> None:
    odd = site(etatObjet="Z", dateOuverture="2026-02-30", siret="12")
    batch = load(tmp_path, feed(owner("940900001", "1", odd)))
    assert codes(batch.report.warnings) == ["bad_date", "unknown_state", "bad_siret"]


# --- addresses and positions ------------------------------------------------------------------


@pytest.mark.parametrize(
    "labels",
    [
        (*DEGREES, METRES[1], METRES[0]),
        (*DEGREES[::-1], *METRES),
        (*METRES, *DEGREES[::-1]),
        (*METRES[::-1], *DEGREES),
    ],
)
def test_degrees_are_told_from_metres_by_size(tmp_path: Path, labels: tuple[str, ...]) -> None:
    home = address(coordonneesGeographique=located(*labels))
    batch = load(tmp_path, feed(owner("940900001", "1", site(adresse=[home]))))
    claim = structure(batch, "940000001")
    assert (claim.longitude, claim.latitude) == (2.452227, 48.790247)


def test_metres_alone_are_turned_into_degrees(tmp_path: Path) -> None:
    home = address(coordonneesGeographique={"coordonneeX": METRES[1], "coordonneeY": METRES[0]})
    batch = load(tmp_path, feed(owner("940900001", "1", site(adresse=[home]))))
    claim = structure(batch, "940000001")
    assert (claim.longitude, claim.latitude) == (2.452227, 48.790247)
    assert claim.precision == "inconnue"


@pytest.mark.parametrize("pair", [("0", "0"), ("55.5", "-21.1"), ("1000000", "1000000")])
def test_a_position_elsewhere_is_dropped_and_told(tmp_path: Path, pair: tuple[str, str]) -> None:
    home = address(
        coordonneesGeographique=dict(zip(("coordonneeX", "coordonneeY"), pair, strict=True))
    )
    batch = load(tmp_path, feed(owner("940900001", "1", site(adresse=[home]))))
    claim = structure(batch, "940000001")
    assert (claim.longitude, claim.precision) == (None, None)
    assert codes(batch.report.warnings) == ["position_outside"]


@pytest.mark.parametrize(
    ("key", "score", "precision"),
    [
        ("94028_0515_00012", "0.97", "adresse"),
        ("94028_0515", "0.97", "voie"),
        ("94028", "0.97", "inconnue"),
        (None, "0.97", "inconnue"),
        ("94028_0515_00012", None, "adresse"),
        ("94028_0515_00012", "0.31", "inconnue"),
    ],
)
def test_precision_comes_from_the_address_found(
    tmp_path: Path, key: str | None, score: str | None, precision: str
) -> None:
    place = located(*DEGREES, "", "", cleInInteropBAN=key, scoreBAN=score)
    home = address(coordonneesGeographique=place)
    claim = structure(
        load(tmp_path, feed(owner("940900001", "1", site(adresse=[home])))), "940000001"
    )
    assert claim.precision == precision
    assert [fact.value for fact in claim.facts] == ([31.0] if score == "0.31" else [])


def test_among_150_addresses_its_own_is_chosen(tmp_path: Path) -> None:
    branches = [address(usageAdresse="04", cogCommune="94078") for _ in range(149)]
    own = address(coordonneesGeographique=None)
    batch = load(tmp_path, feed(owner("940900001", "1", site(adresse=[*branches, own]))))
    claim = structure(batch, "940000001")
    # a branch's position is not its own: it stays unknown
    assert (claim.commune, claim.longitude) == ("94028", None)


def test_without_an_address_the_number_tells_the_departement(tmp_path: Path) -> None:
    numbers = {"940000001": "94", "970400024": "974", "980502199": "976", "2A0000014": "2A"}
    sites = [site(number, adresse=[]) for number in numbers]
    batch = load(tmp_path, feed(owner("940900001", "1", *sites)))
    assert {number: structure(batch, number).part for number in numbers} == numbers
    assert structure(batch, "940000001").address is None


def test_old_commune_codes_are_followed_and_unknown_ones_told(tmp_path: Path) -> None:
    sites = [
        site("970100001", adresse=[address(cogCommune="97127", coordonneesGeographique=None)]),
        site("930000001", adresse=[address(cogCommune="93059", coordonneesGeographique=None)]),
        site("940000003", adresse=[address(cogCommune="94999", coordonneesGeographique=None)]),
    ]
    batch = load(tmp_path, feed(owner("940900001", "1", *sites)))
    assert structure(batch, "970100001").commune == "97801"
    assert structure(batch, "930000001").commune == "93066"
    assert structure(batch, "940000003").commune is None
    assert codes(batch.report.warnings) == ["unknown_commune"]


# --- legal status -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "espic", "kind", "status"),
    [
        ("95", ["0"], "CLINIQUE", "commercial"),
        ("61", ["6"], "HOPITAL", "espic"),
        ("61", ["7"], "HOPITAL", "non_lucratif"),
        ("14", None, "HOPITAL", "public"),
        (None, ["1"], "HOPITAL", "public"),
        (None, ["0"], None, None),
        (None, ["0", "6"], None, None),
        (None, "6", "HOPITAL", "espic"),
        (None, [], None, None),
    ],
)
def test_kind_comes_from_the_legal_status(
    tmp_path: Path, form: str | None, espic: Any, kind: str | None, status: str | None
) -> None:
    one = site(espic=espic, modefixationtarifaire="07")
    claim = structure(
        load(tmp_path, feed(owner("940900001", "1", one, statutJuridique=form))), "940000001"
    )
    assert (claim.kind, claim.legal_status) == (kind, status)


def test_a_natural_person_is_never_named(tmp_path: Path) -> None:
    person = {"statutJuridique": "70", "denominationPm": "MME UNTEL"}
    sites = [site(nomEgeLong="MME UNTEL"), site("940000002", nomEgeLong="PHARMACIE DE LA GARE")]
    batch = load(tmp_path, feed(owner("940900001", "1", *sites, **person)))
    assert [claim.id for claim in batch.claims] == ["940000002"]
    assert "UNTEL" not in str(batch)
    assert batch.report.skipped == 2
    assert codes(batch.report.warnings) == ["natural_person", "natural_person"]


# --- rows that do not hold --------------------------------------------------------------------


def test_bad_and_repeated_numbers_are_rejected_alone(tmp_path: Path) -> None:
    sites = [site("94000001"), site(""), site("940000001"), site("940000001")]
    batch = load(tmp_path, feed(owner("XYZ", "1", *sites)))
    assert [claim.id for claim in batch.claims] == ["940000001"]
    assert structure(batch, "940000001").legal_entity is None
    assert codes(batch.report.rejections) == ["bad_number"] * 3 + ["duplicate"]


def test_departements_asked_limit_the_load(tmp_path: Path) -> None:
    far = site("750000001", adresse=[address(cogCommune="75113", coordonneesGeographique=None)])
    content = feed(owner("940900001", "1", site(), far), gcc=(group(("1", "S")),))
    batch = load(tmp_path, content, ("75",))
    assert [claim.id for claim in batch.claims] == ["750000001"]
    assert batch.parts == {"75"}
    assert batch.report.skipped == 4
    assert {claim.id for claim in load(tmp_path, content, ("94",)).claims} == {
        *("940900001", "940000001", "ght:940900001", "940900001>ght:940900001#support")
    }


# --- GHT ------------------------------------------------------------------------------------------


def three() -> tuple[Record, ...]:
    return tuple(owner(f"94090000{i}", str(i)) for i in (1, 2, 3))


def test_a_ght_is_a_structure_with_members(tmp_path: Path) -> None:
    batch = load(tmp_path, feed(*three(), gcc=(group(("1", "M"), ("2", "S"), ("3", "M")),)))
    assert structure(batch, "ght:940900002") == StructureClaim(
        id="ght:940900002",
        source="finess-json",
        locator="gcc 7",
        part="94",
        name="94 Est",
        kind="GHT",
        opened="2016-07-01",
        facts=(Fact(topic="code_ght", value="49824516535", qualifier="numFinessGcc"),),
    )
    links = [claim for claim in batch.claims if isinstance(claim, MembershipClaim)]
    assert {(link.member, link.group, link.role) for link in links} == {
        ("940900001", "ght:940900002", "membre"),
        ("940900002", "ght:940900002", "support"),
        ("940900003", "ght:940900002", "membre"),
    }
    assert links[0].locator == "gcc 7, pmSmsseId 1"
    assert {link.level for link in links} == {"EJ"}


def test_groupings_after_the_entities_are_found_too(tmp_path: Path) -> None:
    content = feed(*three(), gcc=(group(("1", "S"), ("2", "M")),))
    last = {key: content[key] for key in ("generatedAt", "pmej", "gcc")}
    first = load(tmp_path, content)
    assert load(tmp_path, last).claims == first.claims
    assert len(first.claims) == 6


def test_a_member_that_is_not_in_the_file_is_reported_and_not_invented(tmp_path: Path) -> None:
    ght = group(("1", "S"), ("9", "M"), ("2", "X"), ("3", "M"), ("3", "M"))
    batch = load(tmp_path, feed(*three(), gcc=(ght,)))
    assert codes(batch.report.rejections) == ["ght_member", "ght_role", "duplicate"]
    assert batch.report.rejections[0].value == "9"
    assert sum(isinstance(claim, MembershipClaim) for claim in batch.claims) == 2


@pytest.mark.parametrize("links", [(), (("1", "M"),), (("9", "S"),), (("1", "S"), ("2", "S"))])
def test_a_ght_without_one_known_support_cannot_be_identified(
    tmp_path: Path, links: tuple[tuple[str, str], ...]
) -> None:
    batch = load(tmp_path, feed(*three(), gcc=(group(*links),)))
    assert len(batch.claims) == 3
    assert set(codes(batch.report.rejections)) == {"ght_no_support"}
    assert batch.report.rejected == 1 + len(links)


def test_other_groupings_are_skipped_and_a_second_ght_of_a_support_rejected(tmp_path: Path) -> None:
    groups = (group(("1", "S")), group(("1", "S"), gccId="8"), group(("2", "S"), typeGcc="002"))
    batch = load(tmp_path, feed(*three(), gcc=groups, gco=[{"pmSmsseId": "4"}]))
    assert codes(batch.report.rejections) == ["ght_duplicate", "ght_duplicate"]
    assert batch.report.skipped == 3
    assert [c.id for c in batch.claims if c.id.startswith("ght:")] == ["ght:940900001"]


def test_a_closed_ght_is_closed(tmp_path: Path) -> None:
    batch = load(tmp_path, feed(*three(), gcc=(group(("1", "S"), etatObjet="I"),)))
    assert structure(batch, "ght:940900001").closed == "..2026-08-13"


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int | None]] = []
    path = tmp_path / "synthetic.json"
    path.write_text(json.dumps(feed(*three())), encoding="utf-8")
    finess.read([path], LoadContext(progress=lambda *call: seen.append(call)))
    size = path.stat().st_size
    assert seen[-1] == ("progress.reading", size, size)
