"""Classic FINESS files: each trap of the format, on synthetic lines."""

from pathlib import Path

import pytest

from graph.errors import UsageError
from graph.messages import LANGUAGES
from graph.model import Fact, StructureClaim
from graph.store.port import LoadBatch, Rejection
from loaders import finess
from loaders.base import LoadContext
from loaders.finess.layout import ESTABLISHMENT, detect
from loaders.finess.positions import precision, read_geocoding
from loaders.finess.values import classic_place, departement_of, insee_place, read_date
from tests.support.finess_rows import entity, establishment, position, write
from tests.support.memory_store import MemoryStore


def load(
    *paths: Path, departements: tuple[str, ...] = (), store: MemoryStore | None = None
) -> LoadBatch:
    return finess.read(paths, LoadContext(departements=departements, store=store))


def read(
    tmp_path: Path, *lines: str, encoding: str = "utf-8", comment: str | None = None
) -> LoadBatch:
    given = {} if comment is None else {"comment": comment}
    return load(write(tmp_path / "synthetic.csv", *lines, encoding=encoding, **given))


def one(batch: LoadBatch, number: str = "940000001") -> StructureClaim:
    (claim,) = [claim for claim in batch.claims if claim.id == number]
    assert isinstance(claim, StructureClaim)
    return claim


def codes(found: list[Rejection]) -> list[str]:
    for item in found:
        assert all(item.reason(language) for language in LANGUAGES)
    return [item.code.removeprefix("finess.") for item in found]


def test_an_establishment_is_read_whole(tmp_path: Path) -> None:
    batch = read(tmp_path, establishment(), position())
    assert one(batch) == StructureClaim(
        id="940000001",
        source="finess-etalab-et",
        locator="structureet 940000001",
        part="94",
        name="ETABLISSEMENT INVENTE",
        other_names=("ETS INVENTE",),
        kind="EHPAD",
        level="ET",
        category="500",
        commune="94028",
        address="12 RUE DE L'ESSAI, 94000 CRETEIL",
        longitude=2.452227,
        latitude=48.790247,
        precision="adresse",
        legal_entity="940900001",
        opened="1999-02-28",
        siret="12345678901234",
    )
    assert batch.series == "finess:etalab"
    assert batch.parts == {"94"}
    assert {source.vintage for source in batch.sources} == {"2026-05-12"}
    assert (batch.report.read, batch.report.kept) == (1, 1)
    assert batch.report.warnings == []


def test_a_legal_entity_is_read_whole(tmp_path: Path) -> None:
    batch = read(tmp_path, entity(statutjuridique="14"))
    assert one(batch, "940900001") == StructureClaim(
        id="940900001",
        source="finess-etalab-ej",
        locator="structureej 940900001",
        part="ej:94",
        name="ENTITE JURIDIQUE INVENTEE",
        other_names=("EJ INVENTEE",),
        kind="HOPITAL",
        level="EJ",
        legal_status="public",
        legal_form="Etablissement Public Intercommunal d'Hospitalisation",
        commune="94028",
        address="1 AVENUE DE L'ESSAI, 94000 CRETEIL",
        opened="2001-01-01",
    )
    assert batch.parts == {"ej:94"}


def test_no_telephone_is_kept(tmp_path: Path) -> None:
    batch = read(tmp_path, establishment(), entity())
    assert "0145678" not in str(batch.claims)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
def test_both_encodings_of_the_years(tmp_path: Path, encoding: str) -> None:
    batch = read(tmp_path, establishment(rslongue="MAISON D'ÉTÉ"), encoding=encoding)
    assert one(batch).name == "MAISON D'ÉTÉ"
    assert batch.report.warnings[0].code == "finess.no_positions"


def test_a_line_in_another_encoding_is_read_in_its_own_and_told(tmp_path: Path) -> None:
    path = tmp_path / "synthetic.csv"
    write(path, *(establishment(f"94000000{i}", rs="ÉTÉ", rslongue="") for i in range(3)))
    odd = establishment("940000009", rs="ÉTÉ", rslongue="").encode("latin-1") + b"\n"
    path.write_bytes(path.read_bytes() + odd)
    batch = load(path)
    assert {claim.name for claim in batch.claims if isinstance(claim, StructureClaim)} == {"ÉTÉ"}
    (warning,) = [item for item in batch.report.warnings if item.code == "finess.mixed_encoding"]
    assert warning.row == "ligne 5"


def test_doubled_quotes_and_a_separator_inside_quotes(tmp_path: Path) -> None:
    name = 'LIEU DE VIE "MAVOUNA"; SITE 1'
    batch = read(tmp_path, establishment(rslongue=name, rs=name))
    assert one(batch).name == name


def test_a_lone_quote_swallows_no_other_line(tmp_path: Path) -> None:
    lone = establishment("940000001", rslongue="X").replace(";X;", ';"LONE;')
    batch = read(tmp_path, lone, establishment("940000002"))
    assert [claim.id for claim in batch.claims] == ["940000001", "940000002"]
    assert one(batch).name == '"LONE'


def test_a_line_cut_or_with_a_field_too_many_is_rejected_alone(tmp_path: Path) -> None:
    cut = establishment("940000002")[:80]
    long = establishment("940000003") + "x;y"
    batch = read(tmp_path, establishment(), cut, long)
    assert [claim.id for claim in batch.claims] == ["940000001"]
    assert codes(batch.report.rejections) == ["wrong_fields", "wrong_fields"]
    assert [item.row for item in batch.report.rejections] == ["ligne 3", "ligne 4"]
    assert (batch.report.read, batch.report.kept, batch.report.rejected) == (3, 1, 2)


@pytest.mark.parametrize("tail", ["", ";;;;"])
def test_a_missing_last_column_or_empty_ones_too_many_are_no_matter(
    tmp_path: Path, tail: str
) -> None:
    line = establishment().removesuffix(";") + tail
    assert one(read(tmp_path, line)).siret == "12345678901234"


def test_other_lines_are_reported_and_empty_ones_are_not(tmp_path: Path) -> None:
    batch = read(tmp_path, establishment(), ";;;", "activite;940000001;x")
    assert codes(batch.report.rejections) == ["unknown_record"]
    assert batch.report.read == 2


@pytest.mark.parametrize(
    ("departement", "suffix", "postal_code", "commune", "part"),
    [
        ("94", "028", "94010", "94028", "94"),
        ("75", "113", "75013", "75113", "75"),
        ("2A", "004", "20000", "2A004", "2A"),
        ("9A", "105", "97100", "97105", "971"),
        ("9A", "123", "97133", "97701", "977"),
        ("9A", "127", "97150", "97801", "978"),
        ("9B", "209", "97200", "97209", "972"),
        ("9C", "302", "97300", "97302", "973"),
        ("9D", "411", "97400", "97411", "974"),
        ("9E", "502", "97500", "97502", "975"),
        ("9F", "608", "97600", "97608", "976"),
        ("9J", "613", "98600", "98613", "986"),
        # what a spreadsheet leaves of 01004 and of 94028
        ("1", "4", "1500", "01004", "01"),
        ("94", "28", "94000", "94028", "94"),
        # merged into Saint-Denis; Paris as a whole, told by the post code
        ("93", "059", "93380", "93066", "93"),
        ("75", "056", "75013", "75113", "75"),
        ("75", "056", "", None, "75"),
        ("94", "999", "94000", None, "94"),
        ("94", "", "94000", None, "94"),
        ("", "028", "94000", None, ""),
    ],
)
def test_places(
    departement: str, suffix: str, postal_code: str, commune: str | None, part: str
) -> None:
    assert classic_place(departement, suffix, postal_code) == (commune, part)


def test_a_separator_inside_a_code_is_no_matter(tmp_path: Path) -> None:
    batch = read(tmp_path, establishment(commune="0;2", departement="9;4"), position())
    assert (one(batch).commune, one(batch).part) == (None, "")
    assert codes(batch.report.warnings) == ["unknown_commune"]


def test_an_unknown_commune_is_told_and_the_row_kept(tmp_path: Path) -> None:
    batch = read(tmp_path, establishment(commune="999"), position())
    assert one(batch).commune is None
    assert codes(batch.report.warnings) == ["unknown_commune"]
    assert insee_place("99999", "") is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-05-12", "2026-05-12"),
        ("12/05/2026", "2026-05-12"),
        ("1884-04-01", "1884-04-01"),
        ("2026-02-30", None),
        ("31/02/2026", None),
        ("2026", None),
        ("", None),
    ],
)
def test_dates(text: str, date: str | None) -> None:
    assert read_date(text) == date


def test_a_bad_date_is_dropped_and_told(tmp_path: Path) -> None:
    batch = read(tmp_path, establishment(dateouv="2026-02-30"), entity(datecrea="x"), position())
    assert one(batch).opened is None
    assert codes(batch.report.warnings) == ["bad_date", "bad_date"]
    assert {item.field for item in batch.report.warnings} == {"dateouv", "datecrea"}


def test_excel_damage_is_detected_and_never_repaired_by_guess(tmp_path: Path) -> None:
    damaged = establishment(siret="2,69401E+13", numvoie="08-oct", compldistrib="04-juin")
    batch = read(tmp_path, damaged, position(), comment="finess;etalab;93;07/01/2026;;;;")
    claim = one(batch)
    assert claim.siret is None
    assert claim.address == "RUE DE L'ESSAI, 94000 CRETEIL"
    found = {(item.code.removeprefix("finess."), item.field) for item in batch.report.warnings}
    assert found == {
        ("excel_number", "siret"),
        ("excel_month", "numvoie"),
        ("excel_month", "compldistrib"),
    }
    assert batch.sources[0].vintage == "2026-01-07"


@pytest.mark.parametrize(
    ("number", "departement", "kept"),
    [
        ("10000024", "1", "010000024"),
        ("10000024", "01", "010000024"),
        # eight characters, but the zero would put it in another département: not certain
        ("94000001", "94", None),
        ("10000024", "94", None),
        ("94000A001", "94", None),
        ("9400000010", "94", None),
        ("", "94", None),
    ],
)
def test_a_lost_zero_comes_back_only_where_it_is_certain(
    tmp_path: Path, number: str, departement: str, kept: str | None
) -> None:
    line = establishment(number, departement=departement, commune="004", nofinessej="10900001")
    batch = read(tmp_path, line, establishment("940000077"), position("940000077"))
    assert [claim.id for claim in batch.claims] == [*filter(None, [kept]), "940000077"]
    if kept:
        assert "lost_zero" in codes(batch.report.warnings)
        assert one(batch, kept).legal_entity == "010900001"
    else:
        assert codes(batch.report.rejections) == ["bad_number"]
        assert batch.report.rejections[0].value == number


def test_a_lost_zero_of_a_legal_entity(tmp_path: Path) -> None:
    owner = entity("10900001", departement="1", commune="004", statutjuridique="95")
    site = establishment(
        "10000024", departement="1", commune="004", nofinessej="10900001", categetab="365"
    )
    batch = read(tmp_path, owner, entity("10900002"), site, position("010000024", "", ""))
    assert one(batch, "010900001").legal_status == "commercial"
    assert (one(batch, "010000024").kind, one(batch, "010000024").legal_entity) == (
        "CLINIQUE",
        "010900001",
    )
    assert codes(batch.report.rejections) == ["bad_number"]


def test_a_second_row_of_the_same_number_is_rejected(tmp_path: Path) -> None:
    batch = read(tmp_path, establishment(), establishment(rs="AUTRE"), entity(), entity())
    assert len(batch.claims) == 2
    assert codes(batch.report.rejections) == ["duplicate", "duplicate"]


def test_a_bad_siret_or_entity_is_dropped_and_told(tmp_path: Path) -> None:
    batch = read(tmp_path, establishment(siret="123", nofinessej="ABC"), position())
    assert (one(batch).siret, one(batch).legal_entity) == (None, None)
    assert set(codes(batch.report.warnings)) == {"bad_siret", "bad_entity"}


# --- positions ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "epsg", "score", "geocoder"),
    [
        ("1,ATLASANTE,100,IGN,BD_ADRESSE,V2.1,LAMBERT_93", 2154, 100.0, "IGN BD_ADRESSE V2.1"),
        ("1,ATLASANTE,96,BAN,L93_METROPOLE", 2154, 96.0, "BAN"),
        ("2,ATLASANTE,53,BAN,EPSG:2975 RGR92 / UTM zone 40S", 2975, 53.0, "BAN"),
        ("1,ATLASANTE,.,ADMIN-EXPRESS,EPSG:2154 RGF93", 2154, None, "ADMIN-EXPRESS"),
        ("", 0, None, ""),
    ],
)
def test_the_three_spellings_of_the_source_of_a_position(
    source: str, epsg: int, score: float | None, geocoder: str
) -> None:
    found = read_geocoding(source)
    assert (found.epsg, found.score, found.geocoder) == (epsg, score, geocoder)


@pytest.mark.parametrize(
    ("source", "flags", "expected"),
    [
        ("1,A,96,BAN,L93", (True, True, False), "adresse"),
        ("1,A,96,BAN,L93", (False, True, False), "voie"),
        ("1,A,96,BAN,L93", (False, False, True), "lieu_dit"),
        ("1,A,96,BAN,L93", (False, False, False), "inconnue"),
        ("1,A,30,BAN,L93", (True, True, True), "inconnue"),
        ("1,A,.,BAN,L93", (True, True, True), "inconnue"),
        ("1,A,.,ADMIN-EXPRESS,L93", (True, True, True), "commune"),
        ("1,A,99,ADMIN_EXPRESS,L93", (True, True, True), "commune"),
    ],
)
def test_precision_is_no_more_than_the_address(
    source: str, flags: tuple[bool, bool, bool], expected: str
) -> None:
    number, way, place = flags
    found = precision(read_geocoding(source), has_number=number, has_way=way, has_place=place)
    assert found == expected


def test_a_commune_centroid_and_a_weak_score_are_flagged(tmp_path: Path) -> None:
    batch = read(
        tmp_path,
        establishment("940000001"),
        establishment("940000002"),
        position("940000001", source="1,ATLASANTE,.,ADMIN-EXPRESS,EPSG:2154 RGF93"),
        position("940000002", source="1,ATLASANTE,31,BAN,EPSG:2154 RGF93"),
    )
    assert one(batch, "940000001").precision == "commune"
    weak = one(batch, "940000002")
    assert weak.precision == "inconnue"
    assert weak.facts == (Fact(topic="geocodage", value=31.0, unit="/100", qualifier="BAN"),)


OVERSEAS = {
    "971": ("9A", "132", "EPSG:5490 RGAF09 / UTM zone 20N", ("643216.5", "1769918.9")),
    "973": ("9C", "304", "EPSG:2972 RGFG95 / UTM zone 22N", ("317505.88", "571063.87")),
    "974": ("9D", "415", "EPSG:2975 RGR92 / UTM zone 40S", ("315377.53", "7670214.65")),
    "976": ("9F", "611", "EPSG:4471 RGM04 / UTM zone 38S", ("524000.0", "8588000.0")),
    "975": ("9E", "502", "RGSPM06 / UTM zone 21N", ("562000.0", "5181000.0")),
    "986": ("9J", "613", "WGS 84 / UTM zone 1S", ("585000.0", "8530000.0")),
}


@pytest.mark.parametrize("part", OVERSEAS)
def test_each_territory_has_its_projection(tmp_path: Path, part: str) -> None:
    departement, commune, name, (east, north) = OVERSEAS[part]
    source = f"1,ATLASANTE,96,BAN,{name}"
    line = establishment("970100001", departement=departement, commune=commune, nofinessej="")
    batch = read(tmp_path, line, position("970100001", east, north, source))
    claim = one(batch, "970100001")
    assert batch.report.warnings == []
    assert claim.part == part
    assert claim.longitude is not None


def test_a_projection_without_a_name_is_the_usual_one_of_its_departement(tmp_path: Path) -> None:
    batch = read(tmp_path, establishment(), position(source="?"))
    assert (one(batch).longitude, one(batch).latitude) == (2.452227, 48.790247)


def test_a_position_elsewhere_is_dropped_and_told(tmp_path: Path) -> None:
    batch = read(tmp_path, establishment(), position(east="1", north="2"))
    assert one(batch).longitude is None
    assert one(batch).precision is None
    assert codes(batch.report.warnings) == ["position_outside"]


def test_numbers_with_a_comma_and_empty_or_orphan_positions(tmp_path: Path) -> None:
    batch = read(
        tmp_path,
        establishment("940000001"),
        establishment("940000002"),
        position("940000001", "659757,0", "6854602,0"),
        position("940000002", "", ""),
        position("940000099"),
    )
    assert one(batch, "940000001").longitude == 2.452227
    assert one(batch, "940000002").longitude is None
    assert batch.report.warnings == []


def test_a_file_without_positions_says_so(tmp_path: Path) -> None:
    assert codes(read(tmp_path, establishment()).report.warnings) == ["no_positions"]


# --- who manages ------------------------------------------------------------------------


def test_legal_status_comes_from_the_entity_of_the_same_load(tmp_path: Path) -> None:
    sites = write(
        tmp_path / "a.csv",
        establishment("940000001", categetab="365", nofinessej="940900001", codesph="0"),
        establishment("940000002", categetab="365", nofinessej="940900002", codesph="6"),
        establishment("940000003", categetab="124", nofinessej="940900003", rslongue="PASTEUR"),
        establishment("940000004", categetab="124", nofinessej="940900002", rslongue="CMS X"),
        establishment("940000005", categetab="365", nofinessej="940900009", codesph="0"),
    )
    owners = write(
        tmp_path / "b.csv",
        entity("940900001", statutjuridique="95"),
        entity("940900002", statutjuridique="60"),
        entity("940900003", statutjuridique="03"),
    )
    batch = load(sites, owners)
    found = {c.id: (c.kind, c.legal_status) for c in batch.claims if isinstance(c, StructureClaim)}
    assert found == {
        "940900001": ("GESTIONNAIRE", "commercial"),
        "940900002": ("GESTIONNAIRE", "non_lucratif"),
        "940900003": ("INSTITUTION", "public"),
        "940000001": ("CLINIQUE", "commercial"),
        "940000002": ("HOPITAL", "espic"),
        "940000003": ("CMS", "public"),
        "940000004": ("CDS", "non_lucratif"),
        "940000005": (None, None),
    }
    assert batch.parts == {"94", "ej:94"}


def test_legal_status_comes_from_what_the_store_holds(tmp_path: Path) -> None:
    store = MemoryStore()
    store.apply(load(write(tmp_path / "b.csv", entity("940900001", statutjuridique="95"))))
    sites = write(tmp_path / "a.csv", establishment(categetab="365", codesph="0"))
    claim = one(load(sites, store=store))
    assert (claim.kind, claim.legal_status) == ("CLINIQUE", "commercial")
    assert one(load(sites)).kind is None


def test_establishments_and_entities_do_not_remove_each_other(tmp_path: Path) -> None:
    store = MemoryStore()
    sites, owners = write(tmp_path / "a.csv", establishment()), write(tmp_path / "b.csv", entity())
    store.apply(load(sites))
    outcome = store.apply(load(owners, store=store))
    assert (outcome.added, outcome.removed) == (1, 0)
    assert store.apply(load(sites)).removed == 0
    newer = write(tmp_path / "c.csv", establishment("940000002"))
    outcome = store.apply(load(newer))
    assert (outcome.added, outcome.removed) == (1, 1)
    assert [item.id for item in store.structures()] == ["940000002", "940900001"]


def test_a_natural_person_is_never_named(tmp_path: Path) -> None:
    batch = load(
        write(
            tmp_path / "a.csv",
            entity("940900001", statutjuridique="70", rs="MME UNTEL", rslongue="MADAME UNTEL"),
            establishment("940000001", rs="MME UNTEL", rslongue=""),
            establishment("940000002", rs="PHARMACIE DE LA GARE", rslongue=""),
        )
    )
    assert [claim.id for claim in batch.claims] == ["940000002"]
    assert "UNTEL" not in str(batch)
    assert batch.report.skipped == 2
    assert codes(batch.report.warnings).count("natural_person") == 2


# --- scope --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        (("94",), ["940900001", "940000001"]),
        (("971",), ["970100001"]),
        (("9A",), ["970100001"]),
        (("94", "971"), ["940900001", "940000001", "970100001"]),
        (("01",), []),
    ],
)
def test_departements_asked_limit_the_load(
    tmp_path: Path, asked: tuple[str, ...], ids: list[str]
) -> None:
    path = write(
        tmp_path / "synthetic.csv",
        establishment("940000001"),
        establishment("970100001", departement="9A", commune="105", ligneacheminement="97100 X"),
        entity("940900001"),
    )
    batch = load(path, departements=asked)
    assert [claim.id for claim in batch.claims] == ids
    report = batch.report
    assert report.skipped == 3 - len(ids)
    assert report.read == report.kept + report.skipped + report.rejected
    wanted = set(map(departement_of, asked))
    assert batch.parts == wanted | {f"ej:{part}" for part in wanted}


def test_an_unknown_departement_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "synthetic.csv", establishment())
    with pytest.raises(UsageError) as caught:
        load(path, departements=("Val-de-Marne",))
    assert all("Val-de-Marne" in caught.value.message(language) for language in LANGUAGES)


def test_an_older_file_than_the_stored_one_is_told(tmp_path: Path) -> None:
    store = MemoryStore()
    store.apply(read(tmp_path, establishment(), position()))
    old = write(
        tmp_path / "b.csv", establishment(), position(), comment="finess;etalab;93;2021-01-08"
    )
    assert codes(load(old, store=store).report.warnings) == ["older"]
    none = write(tmp_path / "c.csv", establishment(), position(), comment="")
    assert codes(load(none, store=store).report.warnings) == ["no_vintage"]


# --- copies with a header -------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [";", ","])
def test_the_re_exposed_copy_is_read_by_the_names_of_its_columns(
    tmp_path: Path, delimiter: str
) -> None:
    cells = dict(zip(ESTABLISHMENT, establishment().split(";"), strict=True))
    del cells["structureet"]
    cells |= {
        "coordxet": "659757.0",
        "coordyet": "6854602.0",
        "sourcecoordet": '"1,ATLASANTE,96,BAN,L93_METROPOLE"',
        "datemaj_geoloc": "2025-09-04",
    }
    path = tmp_path / "synthetic.csv"
    rows = (cells.keys(), cells.values())
    path.write_text("\n".join(delimiter.join(row) for row in rows), encoding="utf-8")
    assert len(cells) == 35
    batch = load(path)
    assert one(batch) == one(read(tmp_path, establishment(), position()))
    assert codes(batch.report.warnings) == ["no_vintage"]
    assert (batch.report.read, batch.report.kept) == (1, 1)


def test_entities_with_a_header(tmp_path: Path) -> None:
    path = tmp_path / "synthetic.csv"
    path.write_text(
        "nofiness;rs;commune;departement;statutjuridique\n940900001;EJ;028;94;95\n",
        encoding="utf-8",
    )
    claim = one(load(path), "940900001")
    assert (claim.name, claim.legal_status, claim.commune) == ("EJ", "commercial", "94028")


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_classic_file_saved_with_another_delimiter(tmp_path: Path, delimiter: str) -> None:
    line = establishment().replace(";", delimiter)
    comment = f"finess{delimiter}etalab{delimiter}93{delimiter}12/05/2026"
    batch = read(tmp_path, line, comment=comment)
    assert one(batch) == one(read(tmp_path, establishment()))
    assert batch.sources[0].vintage == "2026-05-12"


def test_layouts_are_told_by_content(tmp_path: Path) -> None:
    path = write(tmp_path / "photo.jpg", establishment())
    assert detect(path).kind == "classic"
    path.write_text(' {"pmej": []}', encoding="utf-8")
    assert detect(path).kind == "json"
