"""Kinds and legal statuses: the table of DOMAIN.md, written out, and the official nomenclatures."""

import csv
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from graph.vocabulary import KINDS, LEGAL_STATUSES
from loaders import kinds

HOSPITALS = ("355", "101", "106", "292", "131", "114")
PRIVATE = ("365", "128", "129", "122", "109", "161")
PLAIN = {
    "603": "MSP",
    "604": "CPTS",
    "500": "EHPAD",
    "501": "EHPA",
    "502": "EHPA",
    "202": "RESIDENCE",
    "127": "HAD",
    "354": "SSIAD",
    "460": "SAD",
    "209": "SAD",
    "207": "ACCUEIL_JOUR",
    "141": "DIALYSE",
    "146": "DIALYSE",
    "606": "DAC",
    "463": "CLIC",
    "617": "MMG_SAMI",
    "695": "GROUPEMENT",
    "696": "GROUPEMENT",
    "697": "GROUPEMENT",
    "698": "AUTRE",
    "362": "AUTRE",
    "156": "AUTRE",
    "405": "AUTRE",
    "219": "AUTRE",
    "620": "AUTRE",
}
AFTER_2021 = {"606", "617"}
"""Categories opened after the nomenclatures at hand were published (TRE_R66: 2022 and 2023)."""


@pytest.mark.parametrize("category", HOSPITALS)
@pytest.mark.parametrize("status", [*LEGAL_STATUSES, None])
def test_hospital_categories_are_hospitals_whatever_their_status(
    category: str, status: str | None
) -> None:
    assert kinds.kind_of(category, status, "CLINIQUE", None) == "HOPITAL"


@pytest.mark.parametrize("category", PRIVATE)
def test_a_clinic_is_commercial_and_an_unknown_status_decides_nothing(category: str) -> None:
    by_status = {s: kinds.kind_of(category, s, "CLINIQUE X", None) for s in (*LEGAL_STATUSES, None)}
    assert by_status == {
        "public": "HOPITAL",
        "espic": "HOPITAL",
        "non_lucratif": "HOPITAL",
        "commercial": "CLINIQUE",
        None: None,
    }


@pytest.mark.parametrize(("category", "kind"), PLAIN.items())
def test_the_other_categories(category: str, kind: str) -> None:
    for status in (*LEGAL_STATUSES, None):
        assert kinds.kind_of(category, status, "SANS INDICE", None) == kind


@pytest.mark.parametrize(
    ("name", "municipal", "kind"),
    [
        ("CENTRE DE SANTE PIERRE ROUQUES", True, "CMS"),
        ("CENTRE MUNICIPAL DE SANTE", None, "CMS"),
        ("CMS DU GRAND ENSEMBLE ALFORTVILLE", None, "CMS"),
        ("CDS MUNICIPAL D ALFORTVILLE", None, "CMS"),
        ("CDS DENTAIRE DE JOINVILLE", None, "CDS"),
        ("CMSEA", None, "CDS"),
        # the legal status of the manager goes before the name
        ("CMS CROIX ROUGE", False, "CDS"),
        (None, None, "CDS"),
    ],
)
def test_a_health_centre_is_municipal_by_its_manager_else_by_its_name(
    name: str | None, *, municipal: bool | None, kind: str
) -> None:
    assert kinds.kind_of("124", None, name, municipal) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("RESEAU PERINATALITE VAL DE MARNE", "RESEAU"),
        ("CENTRE IRM LIBERALE 94", "IMAGERIE"),
        ("CENTRE MEDECINE NUCLEAIRE CHAMPIGNY", "IMAGERIE"),
        ("CENTRE DE RADIOTHERAPIE", "IMAGERIE"),
        ("UNITE DIALYSE", "DIALYSE"),
        ("INSTITUT MEDICAL", "AUTRE"),
    ],
)
def test_other_hospital_law_establishments_are_told_by_name(name: str, kind: str) -> None:
    assert kinds.kind_of("698", None, name, None) == kind


@pytest.mark.parametrize(
    ("form", "name", "kind"),
    [
        ("14", "CHI DE CRETEIL", "HOPITAL"),
        ("11", "AP-HP", "HOPITAL"),
        ("16", "SIH", "GROUPEMENT"),
        ("89", "GCS", "GROUPEMENT"),
        ("03", "COMMUNE D'IVRY", "INSTITUTION"),
        ("17", "CCAS", "INSTITUTION"),
        ("02", "DEPARTEMENT", "INSTITUTION"),
        ("01", "ETAT", "INSTITUTION"),
        ("26", "EPT GRAND ORLY SEINE BIEVRE", "INSTITUTION"),
        ("26", "AUTRE ETABLISSEMENT", "GESTIONNAIRE"),
        ("40", "CPAM DU VAL DE MARNE", "INSTITUTION"),
        ("40", "UGECAM", "GESTIONNAIRE"),
        ("61", "CROIX ROUGE FRANCAISE", "GESTIONNAIRE"),
        ("95", "SAS HOPITAL PRIVE", "GESTIONNAIRE"),
        ("21", "MAISON DE RETRAITE", "GESTIONNAIRE"),
        (None, "CLINIQUE", None),
        (None, "COMMUNE DE GENTILLY", "INSTITUTION"),
    ],
)
def test_legal_entities(form: str | None, name: str, kind: str | None) -> None:
    assert kinds.entity_kind(form, name) == kind


@pytest.mark.parametrize(
    ("form", "name", "expected"),
    [
        ("03", "X", True),
        ("17", "X", True),
        ("08", "X", True),
        ("07", "X", True),
        ("26", "EPT PLAINE COMMUNE", True),
        ("26", "ETABLISSEMENT PUBLIC TERRITORIAL EST ENSEMBLE", True),
        ("26", "COMMUNAUTE D'AGGLOMERATION DE X", True),
        ("26", "INSTITUT X", False),
        ("60", "COMMUNE LIBRE", False),
        (None, "MAIRIE DE VITRY", True),
        (None, "ASSOCIATION X", None),
        (None, None, None),
        ("ZZ", "inconnu", False),
    ],
)
def test_municipal_managers(form: str | None, name: str | None, *, expected: bool | None) -> None:
    assert kinds.is_municipal(form, name) is expected


@pytest.mark.parametrize(
    ("form", "sph", "mft", "status"),
    [
        ("14", "1", "03", "public"),
        ("61", "6", "04", "espic"),
        ("61", "7", None, "non_lucratif"),
        ("61", "1", None, "non_lucratif"),
        ("95", "6", None, "commercial"),
        ("95", "0", "07", "commercial"),
        (None, "1", None, "public"),
        (None, "6", None, "espic"),
        (None, "7", None, "non_lucratif"),
        (None, "2", None, "non_lucratif"),
        (None, None, "03", "public"),
        (None, "9", "04", "non_lucratif"),
        (None, "0", "07", None),
        (None, "9", "99", None),
        ("90", None, None, None),
        (None, None, None, None),
    ],
)
def test_legal_status(
    form: str | None, sph: str | None, mft: str | None, status: str | None
) -> None:
    assert kinds.legal_status(form, sph, mft) == status


def test_the_tables_use_the_vocabulary_and_reach_their_last_row() -> None:
    rules = kinds._rules()
    assert {rule.kind for rule in rules} - {None} <= set(KINDS)
    for level in ("ET", "EJ"):
        last = [rule for rule in rules if rule.level == level][-1]
        assert not any([last.categories, last.forms, last.statuses, last.manager, last.name])


def test_legal_statuses_are_the_nomenclature() -> None:
    forms = kinds.legal_forms()
    assert len([code for code in forms if code]) == 69
    assert len(kinds.form_codes()) == 69
    for form in forms.values():
        assert form.legal_status in {*LEGAL_STATUSES, None}
        assert form.municipal in {"", "yes"} or re.compile(form.municipal)


def nomenclature(shared_data: Path) -> dict[str, str]:
    (path,) = shared_data.glob("nomenclature_categorie_finess_*.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader((line for line in stream if not line.startswith("#")), delimiter=";")
        return {row["code"]: row["libelle"] for row in rows}


@pytest.mark.realdata
def test_every_category_of_the_table_is_in_the_official_nomenclature(shared_data: Path) -> None:
    labels = nomenclature(shared_data)
    used = {code for rule in kinds._rules() for code in rule.categories}
    assert used - set(labels) == AFTER_2021
    assert "Centre de Santé" in labels["124"]
    assert "Résidences autonomie" in labels["202"]
    assert "Maladies Mentales" in labels["161"]
    assert "C.L.I.C" in labels["463"]
    assert "CPTS" in labels["604"]
    assert "dialyse" in labels["141"].lower()
    assert "dialyse" in labels["146"].lower()


@pytest.mark.realdata
def test_the_xml_nomenclature_agrees_on_every_category_of_the_table(shared_data: Path) -> None:
    (path,) = shared_data.glob("finess_cs1500106_*.xml")
    entries = ET.parse(path).getroot().iter("nomenclcategorieETavecagr")  # noqa: S314 - our own file
    aggregates = {e.findtext("code", ""): e.findtext("codeagr2", "") for e in entries}
    used = {code for rule in kinds._rules() for code in rule.categories} - AFTER_2021
    assert used <= set(aggregates)
    # all but the armed forces stand under "établissements relevant de la loi hospitalière"
    by_law = {*HOSPITALS, *PRIVATE, "127"} - {"114"}
    assert {aggregates[code][:2] for code in by_law} <= {"11", "12"}
    assert {aggregates[code] for code in ("500", "501", "502", "202", "207")} == {"4400"}
