"""Health centres, EHPAD and private hospitals: their own kinds only, in a scope of their own."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
import xlsxwriter

from graph.errors import InputError, UsageError
from graph.store.open import open_store
from loaders import finess
from loaders.base import LoadContext
from loaders.kind_sources import CLINIQUES, CMS, EHPAD
from loaders.kind_sources.cms import specialities
from loaders.kind_sources.ehpad.numbers import finess_of
from loaders.kind_sources.ehpad.prices import price_of
from tests.contract.loaders import samples_kinds
from tests.support import fhir
from tests.support.finess_rows import establishment, write


def read(spec, sample):
    return spec.read(sample.paths, LoadContext())


def by_id(batch):
    return {claim.id: claim for claim in batch.claims}


def test_municipal_centres_are_told_from_the_others(tmp_path):
    claims = by_id(read(CMS, samples_kinds.cms(tmp_path)))
    assert {key: claim.kind for key, claim in claims.items()} == {
        "940000001": "CMS",
        "940000002": "CDS",
    }
    assert claims["940000002"].activities == ("centre_dentaire",)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CENTRE DE SANTE DENTAIRE", ("centre_dentaire",)),
        ("CENTRE OPHTALMOLOGIQUE ET DENTAIRE", ("centre_dentaire", "centre_ophtalmologique")),
        ("CENTRE DE SOINS INFIRMIERS", ("centre_infirmier",)),
        ("CENTRE MEDICAL ET DENTAIRE", ("centre_dentaire", "centre_medical")),
        ("CMS HENRI DRET", ()),
        ("CENTRE DE LA PROVIDENCE", ()),
    ],
)
def test_a_speciality_is_what_the_name_states(name, expected):
    assert specialities(name) == expected


def test_private_hospitals_are_clinics_only_when_commercial(tmp_path):
    claims = by_id(read(CLINIQUES, samples_kinds.cliniques(tmp_path)))
    assert {key: claim.kind for key, claim in claims.items()} == {
        "940000001": "CLINIQUE",
        "940000002": "HOPITAL",
    }


def test_without_a_legal_status_the_kind_stays_unknown(tmp_path):
    path = write(
        tmp_path / "s.csv", establishment("940000001", categetab="365", codesph="", codemft="")
    )
    assert by_id(CLINIQUES.read([path], LoadContext()))["940000001"].kind is None


def test_ehpad_and_ehpa_are_apart(tmp_path):
    claims = by_id(read(EHPAD, samples_kinds.ehpad(tmp_path)))
    assert {key: claim.kind for key, claim in claims.items()} == {
        "940000001": "EHPAD",
        "940000002": "EHPA",
    }


def test_prices_are_euros_per_day_and_a_price_per_month_is_refused(tmp_path):
    batch = read(EHPAD, samples_kinds.ehpad_prices(tmp_path))
    claims = by_id(batch)
    assert set(claims) == {"940000001", "010000002"}
    prices = {fact.topic: (fact.value, fact.unit, fact.date) for fact in claims["940000001"].facts}
    assert prices["prix_hebergement_permanent_chambre_simple"] == (58.45, "EUR/jour", "2023-01-12")
    assert claims["940000001"].activities == ("hebergement_temporaire", "accueil_de_jour")
    assert [item.code for item in batch.report.rejections] == ["kind.price_month", "kind.number"]
    assert [item.row for item in batch.report.rejections] == ["ligne 5", "ligne 6"]
    assert batch.report.rejections[0].field == "prixHebPermCs"
    assert {fact.date for fact in claims["010000002"].facts} == {"2023-02"}


@pytest.mark.parametrize(
    ("cell", "euros"),
    [
        ("58,45", 58.45),
        ("58.4", 58.4),
        ("1 829,00", 1829.0),
        ("60 €", 60.0),
        ("1\u00a0829", 1829.0),
    ],
)
def test_prices_are_read(cell, euros):
    assert price_of(cell) == euros


@pytest.mark.parametrize("cell", ["environ 60", "60-70", "-5", "6e1"])
def test_what_is_no_price_is_not(cell):
    assert price_of(cell) is None


@pytest.mark.parametrize(
    ("cell", "number"),
    [("10000002", "010000002"), ("2A0000014", "2A0000014"), ("09400001", None), ("94", None)],
)
def test_a_lost_zero_is_put_back_only_where_it_is_certain(cell, number):
    assert finess_of(cell) == number


def test_the_directory_gives_kind_capacity_and_place(tmp_path):
    batch = read(EHPAD, samples_kinds.ehpad_directory(tmp_path))
    claims = by_id(batch)
    home = claims["940000001"]
    assert (home.kind, home.legal_status, home.commune) == ("EHPAD", "non_lucratif", "94028")
    assert home.capacity == {"places_hebergement": 80.0}
    assert (home.longitude, home.latitude) == (2.46, 48.79)
    assert home.activities == ("pole_activites_soins_adaptes",)
    assert [item.code for item in batch.report.rejections] == ["kind.capacity"]
    other = claims["940000003"]
    assert (other.kind, other.commune, other.longitude) == ("RESIDENCE", None, None)
    assert {item.code for item in batch.report.warnings} == {
        "kind.commune",
        "kind.position",
        "kind.legal_status",
        "lists.no_vintage",
    }


def test_loading_ehpad_never_removes_clinics(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'k.db'}")
    store.apply(read(CLINIQUES, samples_kinds.cliniques(tmp_path)))
    outcome = store.apply(read(EHPAD, samples_kinds.ehpad(tmp_path)))
    assert outcome.removed == 0
    fewer = write(tmp_path / "less.csv", establishment("940000001", categetab="500"))
    assert store.apply(EHPAD.read([fewer], LoadContext())).removed == 1
    assert {item.id for item in store.structures()} == {"940000001", "940000002"}
    store.close()


def test_files_of_two_natures_are_refused(tmp_path):
    paths = (*samples_kinds.ehpad(tmp_path).paths, *samples_kinds.ehpad_prices(tmp_path).paths)
    with pytest.raises(UsageError):
        EHPAD.read(paths, LoadContext())


def test_a_file_without_the_kind_says_so(tmp_path):
    path = write(tmp_path / "s.csv", establishment("940000001", categetab="365"))
    with pytest.raises(InputError) as caught:
        EHPAD.read([path], LoadContext())
    assert "ehpad" in caught.value.message("fr")


def test_sae_tables_without_identification_ask_for_it(tmp_path):
    path = tmp_path / "mco.csv"
    path.write_text(
        "BOR;AN;FI;RS;FI_EJ;LIT_MCO;PLA_MCO\nMCO;2023;940000001;X;940900001;1;0\n", "utf-8"
    )
    with pytest.raises(InputError) as caught:
        CLINIQUES.read([path], LoadContext())
    assert caught.value.code == "kind.needs_identification"
    assert "ID" in caught.value.message("fr")


@pytest.mark.parametrize("content", ['[{"noFinesset": "9400', '{"x": [{"noFinesset": 1}'])
def test_a_cut_directory_is_named(tmp_path, content):
    path = tmp_path / "annuaire.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        EHPAD.read([path], LoadContext())
    assert caught.value.code == "kind.json"


HEADER = "finessEt;prixHebPermCs;prixHebPermCd"


def prices(path: Path, *lines: str, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def simple(batch) -> dict[str, object]:
    return {claim.id: claim.facts[0].value for claim in batch.claims}


def warned(batch) -> list[str]:
    return [item.code for item in batch.report.warnings]


@pytest.mark.parametrize("newest_first", [True, False])
def test_of_two_months_the_latest_counts_whatever_the_order(tmp_path, newest_first):
    old = prices(tmp_path / "prix_202302.csv", "940000001;50;", "940000009;70;")
    new = prices(tmp_path / "prix_202306.csv", "940000001;60;")
    batch = EHPAD.read([new, old] if newest_first else [old, new], LoadContext())
    assert simple(batch) == {"940000001": 60.0}
    assert batch.sources[0].vintage == "2023-06"
    assert "kind.older_month" in warned(batch)
    report = batch.report
    assert (report.read, report.kept, report.skipped) == (3, 1, 2)


def test_two_parts_of_one_month_are_both_read(tmp_path):
    parts = [
        prices(tmp_path / f"prix_{name}_202302.csv", f"{number};50;")
        for name, number in (("nord", "940000001"), ("sud", "940000002"))
    ]
    assert set(simple(EHPAD.read(parts, LoadContext()))) == {"940000001", "940000002"}


def test_missing_price_columns_are_named_with_what_looks_alike(tmp_path):
    path = prices(
        tmp_path / "prix_202302.csv",
        "940000001;50;55",
        header="finessEt;prixHebPermCs;prixHebPermCd2",
    )
    batch = EHPAD.read([path], LoadContext())
    (said,) = [item for item in batch.report.warnings if item.code == "kind.columns"]
    assert "prixHebPermCd" in str(said.value)
    assert "prixHebPermCd ≈ prixHebPermCd2" in said.reason("fr")


def test_a_list_without_any_price_is_refused(tmp_path):
    path = prices(tmp_path / "prix_202302.csv", "940000001;x", header="finessEt;nom")
    with pytest.raises(InputError) as caught:
        EHPAD.read([path], LoadContext())
    assert "prixHebPermCs" in caught.value.message("fr")


@pytest.mark.parametrize(
    "header",
    [
        "FINESSET;PRIXHEBPERMCS;PRIXHEBPERMCD",
        "Prix des EHPAD\n\nfinessEt;prixHebPermCs;prixHebPermCd",
    ],
)
def test_case_of_the_header_and_titles_above_do_not_matter(tmp_path, header):
    path = prices(tmp_path / "prix_202302.csv", "940000001;50;", header=header)
    assert simple(EHPAD.read([path], LoadContext())) == {"940000001": 50.0}


def test_prices_in_a_workbook_are_read(tmp_path):
    path = tmp_path / "prix_202302.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        rows = [("Prix",), ("finessEt", "prixHebPermCs", "prixHebPermCd"), ("940000001", 50.5, "")]
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    assert simple(EHPAD.read([path], LoadContext())) == {"940000001": 50.5}


def test_a_ragged_row_is_rejected_alone(tmp_path):
    path = prices(tmp_path / "prix_202302.csv", "940000001;50;;7", "940000002;50", "940000003;50;")
    batch = EHPAD.read([path], LoadContext())
    assert simple(batch) == {"940000003": 50.0}
    assert [item.code for item in batch.report.rejections] == ["kind.cells"] * 2
    assert (batch.report.read, batch.report.kept) == (3, 1)


DATED = "finessEt;prixHebPermCs;DATE_MAJ"


def dated(tmp_path, *lines: str):
    path = prices(tmp_path / "prix_202302.csv", *lines, header=DATED)
    return EHPAD.read([path], LoadContext())


@pytest.mark.parametrize(
    ("said", "day", "code"),
    [
        ("2023-01-05", "2023-01-05", None),
        ("2023-01-05T23:59:59.123+01:00", "2023-01-05", None),
        ("2023-01-05 08:00", "2023-01-05", None),
        ("05/01/2023", "2023-01-05", None),
        ("", "2023-02", None),
        ("2023-03-01", "2023-03-01", "kind.price_date_late"),
        ("2999-01-01", "2023-02", "kind.price_date_future"),
        ("2023-02-30", "2023-02", "kind.price_date"),
        ("hier", "2023-02", "kind.price_date"),
        ("01/13/2023", "2023-02", "kind.price_date"),
        ("0001-01-01T00:00:00", "2023-02", "kind.price_date"),
    ],
)
def test_prices_are_dated_by_their_update_else_by_the_file(tmp_path, said, day, code):
    batch = dated(tmp_path, f"940000001;50;{said}")
    (claim,) = batch.claims
    assert [fact.date for fact in claim.facts] == [day]
    found = [item for item in batch.report.warnings if item.code.startswith("kind.price")]
    assert [(item.row, item.field, item.value, item.code) for item in found] == (
        [("ligne 2", "DATE_MAJ", said, code)] if code else []
    )
    for language in ("fr", "en"):
        assert all("2023-02" in item.reason(language) for item in found)


def test_a_price_list_without_a_month_takes_the_dates_of_its_rows(tmp_path):
    lines = ("940000001;50;2023-03-01", "940000002;50;")
    batch = EHPAD.read([prices(tmp_path / "prix.csv", *lines, header=DATED)], LoadContext())
    assert [claim.facts[0].date for claim in batch.claims] == ["2023-03-01", None]
    assert warned(batch) == ["lists.no_vintage", "kind.columns"]


@pytest.mark.parametrize(
    ("days", "price", "code"),
    [
        (("2023-01-05", "2023-01-09"), 60.0, "kind.twice_dated"),
        (("2023-01-09", "2023-01-05"), 50.0, "kind.twice_dated"),
        (("2023-01-05", "2023-01-05"), 60.0, "kind.twice"),
        (("2023-01-05", ""), 60.0, "kind.twice"),
        (("2023-01-05", "2999-01-01"), 60.0, "kind.twice"),
    ],
)
def test_of_two_rows_the_newest_counts_where_both_are_dated(tmp_path, days, price, code):
    lines = (f"94000000{1};{euros};{day}" for euros, day in zip((50, 60), days, strict=True))
    batch = dated(tmp_path, *lines)
    assert simple(batch) == {"940000001": price}
    (said,) = [item for item in batch.report.warnings if item.code.startswith("kind.twice")]
    assert (said.row, said.code, said.value) == ("ligne 3", code, "940000001")
    assert code == "kind.twice" or "2023-01-09" in said.reason("fr")
    assert (batch.report.read, batch.report.kept, batch.report.skipped) == (2, 1, 1)


WITH_TEXT = "finessEt;prixHebPermCs;AUTRES_PRIX_OU_PRESTATIONS;TARIF_GIR_12"


@pytest.mark.parametrize(
    "text",
    [
        '"Coiffeur',
        'Coiffeur"',
        'le "grand" salon',
        '"Coiffeur" 18 euros',
        '"<b>Coiffeur</b>\n18 euros ; repas ""invité"""',
        '"Repas "invité" 12 euros\n\nCoiffeur"',
        '"\n"',
    ],
)
def test_quotes_in_a_free_text_spoil_no_row(tmp_path, text):
    lines = (f"940000001;50;{text};20", "940000002;60;;21", '940000003;70;"a;b";22')
    batch = EHPAD.read(
        [prices(tmp_path / "prix_202302.csv", *lines, header=WITH_TEXT)], LoadContext()
    )
    found = {claim.id: [fact.value for fact in claim.facts] for claim in batch.claims}
    assert found == {
        "940000001": [50.0, 20.0],
        "940000002": [60.0, 21.0],
        "940000003": [70.0, 22.0],
    }
    assert batch.report.rejections == []


def test_a_text_cut_within_quotes_is_rejected_alone(tmp_path):
    lines = ('940000001;50;"Coiffeur ; 20', "940000002;60;;21", "940000003;70;x;22")
    path = prices(tmp_path / "prix_202302.csv", *lines, header=f"{WITH_TEXT};TARIF_GIR_34")
    path.write_text(path.read_text("utf-8").replace(";21", ";21;").replace(";22", ";22;"), "utf-8")
    batch = EHPAD.read([path], LoadContext())
    assert set(simple(batch)) == {"940000002", "940000003"}
    (said,) = batch.report.rejections
    assert (said.row, said.code) == ("ligne 2", "kind.cells")


def test_a_capacity_in_beds_is_no_number_of_places(tmp_path):
    record = {"noFinesset": "940000001", "title": "Essai", "capacity": "12 lits"}
    path = tmp_path / "annuaire_202302.json"
    path.write_text(json.dumps([record, "oops"]), encoding="utf-8")
    batch = EHPAD.read([path], LoadContext())
    assert batch.claims == []
    assert {item.code for item in batch.report.rejections} == {"kind.capacity", "kind.record"}


def test_a_directory_that_is_no_list_says_so(tmp_path):
    path = tmp_path / "annuaire.json"
    path.write_text('{"noFinesset": "940000001"}', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        EHPAD.read([path], LoadContext())
    assert caught.value.code == "kind.records"


def test_an_older_file_is_judged_by_what_the_loader_itself_brought(tmp_path):
    """A newer file of the FINESS loader is no newer file of the EHPAD loader."""
    line = establishment("940000001", categetab="500")
    may = write(tmp_path / "may.csv", line)
    before = tmp_path / "before.csv"
    before.write_text(may.read_text("utf-8").replace("2026-05-12", "2026-01-07"), "utf-8")
    store = open_store(f"sqlite:///{tmp_path / 'k.db'}")
    store.apply(finess.read([may], LoadContext()))
    context = LoadContext(store=store)
    first = EHPAD.read([before], context)
    assert not {"lists.older", "finess.older"} & set(warned(first))
    store.apply(EHPAD.read([may], context))
    assert warned(EHPAD.read([before], context)).count("lists.older") == 1
    store.close()


@pytest.mark.parametrize(("spec", "category"), [(CMS, "124"), (CLINIQUES, "365")])
def test_kinds_that_rest_on_an_unknown_status_are_counted(tmp_path, spec, category):
    """Without the file of legal entities nobody knows whose a centre or a clinic is."""
    line = establishment("940000001", categetab=category, codesph="", codemft="")
    batch = spec.read([write(tmp_path / "s.csv", line)], LoadContext())
    (said,) = [item for item in batch.report.warnings if item.code == "kind.no_status"]
    assert said.params["n"] == 1


@pytest.fixture(scope="module")
def idf(tmp_path_factory, shared_data) -> Path:
    return fhir.rewrite(shared_data, tmp_path_factory.mktemp("fhir") / "cs1100507.csv")


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.reader(stream, delimiter=";") if row[0] == "structureet"]


@pytest.mark.realdata
def test_real_establishments_of_the_region(idf):
    """Counted independently from the rows: 73 EHPAD and 87 health centres in Val-de-Marne."""
    counts = Counter((row[18], row[13]) for row in rows_of(idf))
    assert (counts["500", "94"], counts["124", "94"]) == (73, 87)
    context = LoadContext(departements=("94",))
    homes = EHPAD.read([idf], context).claims
    assert sum(claim.kind == "EHPAD" for claim in homes) == 73
    centres = CMS.read([idf], context).claims
    assert len(centres) == 87
    named = [specialities(claim.name, *claim.other_names) for claim in centres]
    assert (
        sum("centre_dentaire" in item or "centre_ophtalmologique" in item for item in named) == 53
    )


@pytest.mark.realdata
def test_kind_loaders_and_finess_agree(idf):
    context = LoadContext(departements=("94",))
    everything = by_id(finess.SPEC.read([idf], context))
    for spec in (EHPAD, CMS, CLINIQUES):
        for key, claim in by_id(spec.read([idf], context)).items():
            assert (claim.name, claim.kind) == (everything[key].name, everything[key].kind)


@pytest.mark.realdata
def test_private_hospitals_of_the_sae_by_legal_status(shared_data):
    """DOMAIN.md: 102 of 275 establishments in 365/128/129/109/161 are non-profit in the region."""
    batch = CLINIQUES.read([shared_data / "sae_2023_ID_2023r_idf.csv"], LoadContext())
    five = [claim for claim in batch.claims if claim.category != "122"]
    kinds = Counter(claim.kind for claim in five)
    assert (len(five), kinds["HOPITAL"]) == (275, 102)
