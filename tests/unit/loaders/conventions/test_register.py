"""A whole register read: what is kept, what is refused and why. All rows are synthetic."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph.errors import ConfirmationNeeded, InputError, UsageError
from graph.model import Party, StructureClaim
from graph.store.port import LoadBatch
from loaders.conventions import SPEC, read_register, write_template
from tests.support.registers import (
    BOYER,
    CHEMINOTS,
    FOCUS,
    GALIEN,
    MONTSOURIS,
    NORTH,
    NORTH_SITE,
    SAINT_CAMILLE,
    SOUTH,
    SOUTH_SITE,
    agreements,
    context,
    synthetic_store,
    table,
    write_csv,
    write_ods,
    write_xls,
    write_xlsx,
)

Read = Callable[..., LoadBatch]
FULL = {
    "N°": "C-2021-014",
    "Intitulé": "Partenariat de soins critiques",
    "Type": "Convention de partenariat",
    "Objet": "Lits de soins critiques",
    "Partenaires": "Clinique Boyer (Villeneuve-Saint-Georges)",
    "Signataire": "SUD",
    "Fonction du signataire": "Directrice générale",
    "Sites concernés": "les deux",
    "Thèmes": "soins critiques ; urgences",
    "Étape du parcours": "aval",
    "Territoire": "Val-de-Marne ; Créteil",
    "Date de demande": "été 2021",
    "Date de signature": "15/12/2021",
    "Date d’effet": "1er janvier 2022",
    "Date de fin": "31/12/2024",
    "Tacite reconduction": "oui, par période d’un an, 2 fois",
    "Préavis": "3 mois",
    "Avis nécessaires": "ARS, DAF",
    "Avis rendus": "DAF (12/03/2021)",
    "Montant (€)": "12 500 €",
    "Sens du montant": "dépense",
    "Référent médical": "Dr Martin, cheffe du service de réanimation",
    "Boîte générique": "conventions@exemple.fr",
    "Vivante ou dormante": "vivante",
    "Confidentialité": "interne",
    "Remarques": "Appeler Mme Durand au 06 12 34 56 78",
}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def from_rows(*rows: dict[str, str], **options: str) -> LoadBatch:
        return read_register([write_csv(tmp_path / "registre.csv", rows)], context(**options))

    return from_rows


def row(number: str, **more: str) -> dict[str, str]:
    return {
        "N°": number,
        "Intitulé": f"Synthétique {number}",
        "Partenaires": "Clinique Boyer",
    } | more


def refusals(batch: LoadBatch) -> list[tuple[str | None, str]]:
    for rejection in batch.report.rejections:
        assert rejection.reason("fr")
        assert rejection.reason("en")
    return [(item.field, item.code.removeprefix("register.")) for item in batch.report.rejections]


def warnings(batch: LoadBatch) -> list[str]:
    for warning in batch.report.warnings:
        assert warning.reason("fr")
        assert warning.reason("en")
    return [item.code.removeprefix("register.") for item in batch.report.warnings]


def test_a_full_row(read: Read) -> None:
    batch = read(FULL)
    assert (batch.report.read, batch.report.kept, batch.report.rejected) == (1, 1, 0)
    claim = agreements(batch)["C-2021-014"]
    assert claim.locator == "ligne 2 (n° C-2021-014)"
    assert (claim.type, claim.object) == ("convention_partenariat", "Lits de soins critiques")
    assert claim.parties[0] == Party(structure=SOUTH, level="EJ", signatory="Directrice générale")
    assert claim.parties[1].structure == BOYER
    assert claim.parties[1].stated_name == FULL["Partenaires"]
    assert (claim.sites, claim.sites_stated) == ((NORTH_SITE, SOUTH_SITE), True)
    assert claim.themes == ("soins critiques", "urgences")
    assert claim.pathway == ("aval",)
    assert claim.territory == ("departement:94", "commune:94028")
    assert (claim.requested, claim.signed) == ("2021-06..2021-09", "2021-12-15")
    assert (claim.effective, claim.end) == ("2022-01-01", "2024-12-31")
    assert (claim.tacit_renewal, claim.renewal_months, claim.renewals_limit) == (True, 12, 2)
    assert claim.notice_months == 3
    assert [(item.body, item.given, item.date) for item in claim.approvals] == [
        ("ARS", None, None),
        ("DAF", True, "2021-03-12"),
    ]
    assert (claim.amount, claim.amount_direction) == (12500.0, "depense")
    assert claim.alive is True
    assert claim.confidentiality == "interne"


def test_persons_stay_out_of_claims_and_of_the_report(read: Read) -> None:
    batch = read(FULL | {"Boîte générique": "jean.martin@exemple.fr"})
    claim = agreements(batch)["C-2021-014"]
    assert claim.medical_referent == "cheffe du service de réanimation"
    assert claim.referent_mailbox is None
    assert {"left_out_person", "left_out_mailbox", "masked_phone", "masked_person"} <= set(
        warnings(batch)
    )
    everything = repr(batch)
    for secret in ("Martin", "Durand", "06 12", "jean.martin"):
        assert secret not in everything


def test_persons_are_loaded_only_when_asked(read: Read) -> None:
    batch = read(FULL, persons="yes")
    assert agreements(batch)["C-2021-014"].medical_referent == FULL["Référent médical"]


def test_a_person_is_no_partner(read: Read) -> None:
    batch = read(row("1") | {"Partenaires": "Dr Martin", "Type de structure": "Autre"})
    assert refusals(batch) == [("Partenaires", "partner_is_person")]
    assert "Martin" not in repr(batch.report.rejections)


def test_the_groups_side(read: Read) -> None:
    batch = read(
        row("1", Signataire="NORD"),
        row("2", Signataire="les deux"),
        row("3", Signataire="NORD et SUD"),
        row("4", Signataire="GHT"),
        row("5", Signataire=""),
        row("6", Signataire="EST"),
        row("7", Partenaires="NORD ; Clinique Boyer"),
    )
    sides = {
        key: [party.structure for party in claim.parties[:-1]]
        for key, claim in agreements(batch).items()
    }
    assert sides == {
        "1": [NORTH],
        "2": [NORTH, SOUTH],
        "3": [NORTH, SOUTH],
        "4": [FOCUS],
        "5": [FOCUS],
        "7": [NORTH],
    }
    assert agreements(batch)["5"].parties[0].note == "signataire non précisé"
    assert agreements(batch)["1"].parties[0].note is None
    assert refusals(batch) == [("Signataire", "own_side_unknown")]
    assert "NORD, SUD" in batch.report.rejections[0].reason("fr")


def test_without_a_known_group_the_partner_stands_alone_and_it_is_said(read: Read) -> None:
    batch = read(row("1"), focus="")
    assert [party.structure for party in agreements(batch)["1"].parties] == [BOYER]
    assert warnings(batch) == ["own_side_not_known"]


def test_several_partners_in_one_cell(read: Read) -> None:
    batch = read(
        row("1", Partenaires="Clinique Boyer ; Hôpital Saint-Camille"),
        row("2", Partenaires="1) Clinique Boyer\n2) Hôpital Saint-Camille"),
        row("3", Partenaires="Clinique Boyer et Hôpital Saint-Camille"),
        row("4", Partenaires="Clinique Boyer, Hôpital Saint-Camille et DAC 94 Nord"),
        row("5", Partenaires="Réanimation et soins"),
        row("6", Partenaires="GH Diaconesses – Croix Saint-Simon"),
        row("7", Partenaires="- Clinique Boyer\n- Institut mutualiste Montsouris"),
    )
    partners = {
        key: [party.structure for party in claim.parties[1:]]
        for key, claim in agreements(batch).items()
    }
    both = [BOYER, SAINT_CAMILLE]
    assert partners == {
        "1": both,
        "2": both,
        "3": both,
        "4": [*both, "dac:dac-94-nord"],
        "5": ["association:reanimation-et-soins"],
        "6": ["groupe:diaconesses"],
        "7": [BOYER, MONTSOURIS],
    }


def test_a_clear_match_keeps_its_score_and_the_name_written(read: Read) -> None:
    batch = read(row("1", Partenaires="Hôpital privé Claude Gallien"))
    party = agreements(batch)["1"].parties[1]
    assert party.structure == GALIEN
    assert party.stated_name == "Hôpital privé Claude Gallien"
    assert party.match is not None
    assert 88 <= party.match < 100


def test_an_ambiguous_name_is_refused_with_its_candidates(read: Read) -> None:
    batch = read(
        row("1", Partenaires="EHPAD Les Tilleuls"),
        row("2", Partenaires="EHPAD Les Tilleuls (Brunoy)"),
        row("3", Partenaires="EHPAD Les Tilleuls", Commune="Yerres"),
        row("4", Partenaires="CHU Bichat"),
        row("5", Partenaires="CHU Bichat") | {"Type de structure": "Hôpital"},
        row("6", Partenaires="GH les Cheminots"),
    )
    found = {key: claim.parties[1].structure for key, claim in agreements(batch).items()}
    assert found == {"2": "990000074", "3": "990000082", "5": "750100232", "6": CHEMINOTS}
    assert refusals(batch) == [("Partenaires", "partner_ambiguous")] * 2
    reason = batch.report.rejections[0].reason("fr")
    assert "990000074" in reason
    assert "Brunoy" in reason
    assert "Yerres" in reason


def test_a_departement_in_brackets_must_be_the_right_one(read: Read) -> None:
    batch = read(
        row("1", Partenaires="Clinique Boyer (94)"),
        row("2", Partenaires="Clinique Boyer (13)"),
        row("3", Partenaires="EHPAD Les Tilleuls, Brunoy"),
    )
    found = {key: claim.parties[1].structure for key, claim in agreements(batch).items()}
    assert found == {"1": BOYER, "3": "990000074"}
    assert refusals(batch) == [("Partenaires", "partner_ambiguous")]


def test_other_names_of_the_group_can_be_stated(read: Read) -> None:
    batch = read(row("1", Signataire="Hôpital du haut"), aliases=f"Hôpital du haut={NORTH}")
    assert agreements(batch)["1"].parties[0].structure == NORTH


def test_an_unknown_partner_needs_its_kind(read: Read) -> None:
    batch = read(
        row("1", Partenaires="Restaurants solidaires synthétiques"),
        row("2", Partenaires="Restaurants solidaires synthétiques")
        | {"Type de structure": "Association"},
        row("3", Partenaires="Restaurants solidaires synthétiques", Commune="Créteil")
        | {"Type de structure": "Association"},
        row("4", Partenaires="Clinique Boyer") | {"Type de structure": "vaisseau"},
    )
    assert refusals(batch) == [
        ("Partenaires", "partner_unknown"),
        ("Type de structure", "unknown_value"),
    ]
    created = {claim.id: claim for claim in batch.claims if isinstance(claim, StructureClaim)}
    assert list(created) == [
        "association:restaurants-solidaires-synthetiques",
        "association:restaurants-solidaires-synthetiques-creteil",
    ]
    claim = created["association:restaurants-solidaires-synthetiques-creteil"]
    assert (claim.source, claim.kind, claim.commune) == ("register", "ASSOCIATION", "94028")


def test_finess_numbers(read: Read) -> None:
    batch = read(
        row("1", FINESS="940300502", Partenaires="Boyer"),
        row("2", FINESS="10000024", Partenaires=""),
        row("3", FINESS="94030050", Partenaires=""),
        row("4", FINESS="940300503", Partenaires=""),
        row("5", FINESS="9,40301E+08", Partenaires=""),
        row("6", FINESS="920100021", Partenaires="Hôpital synthétique"),
        row("7", Partenaires="Clinique Boyer (FINESS 940300502)"),
        row("8", FINESS="2A0000147", Partenaires="CH synthétique de Corse"),
        row("9", FINESS="940300502", Partenaires="Institut mutualiste Montsouris"),
    )
    found = {key: claim.parties[1].structure for key, claim in agreements(batch).items()}
    assert found == {
        "1": BOYER,
        "2": "010000024",
        "6": "920100021",
        "7": BOYER,
        "8": "2A0000147",
        "9": BOYER,
    }
    assert refusals(batch) == [
        ("FINESS", "finess_eight_digits"),
        ("FINESS", "finess_invalid"),
        ("FINESS", "finess_damaged"),
    ]
    assert [item.value for item in batch.report.rejections] == [
        "94030050",
        "940300503",
        "9,40301E+08",
    ]
    assert warnings(batch) == [
        "finess_padded",
        "finess_not_loaded",
        "finess_not_loaded",
        "finess_name_differs",
    ]


def test_a_number_among_the_partners_is_refused_where_it_stands(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "registre.csv", [{"N°": "1", "Objet": "a", "Partenaires": "94030050"}]
    )
    batch = read_register([path], context())
    assert refusals(batch) == [("Partenaires", "finess_eight_digits")]
    assert "94030050" in batch.report.rejections[0].reason("fr")


def test_a_patients_number_in_the_wrong_column_is_not_repeated(read: Read) -> None:
    batch = read(row("1", FINESS="1 85 05 94 028 123 45"))
    assert refusals(batch) == [("FINESS", "finess_invalid")]
    assert batch.report.rejections[0].value == "[…]"


def test_values_go_to_their_partner_or_are_refused(read: Read) -> None:
    batch = read(
        row("1", Partenaires="EHPAD Les Tilleuls ; EHPAD Les Tilleuls", Commune="Brunoy ; Yerres"),
        row("2", Partenaires="Clinique Boyer ; DAC 94 Nord ; Montsouris", Commune="a ; b"),
    )
    assert [p.structure for p in agreements(batch)["1"].parties[1:]] == ["990000074", "990000082"]
    assert refusals(batch)[0] == ("Commune", "not_aligned")


def test_all_that_is_wrong_with_a_row_is_said_and_it_counts_once(read: Read) -> None:
    batch = read(
        row("1", Type="contrat de mariage", Statut="bof", Commune="Villeneuve-les-Nulle-Part")
        | {"Date de signature": "08-oct", "Date d’effet": "01/01/2024", "Date de fin": "2021"}
    )
    assert (batch.report.read, batch.report.kept, batch.report.rejected) == (1, 0, 1)
    assert refusals(batch) == [
        ("Type", "unknown_value"),
        ("Date de signature", "date_damaged"),
        ("Commune", "commune_unknown"),
        ("Statut", "unknown_value"),
        ("Date de fin", "end_before_start"),
    ]
    assert "Convention cadre" in batch.report.rejections[0].reason("fr")


def test_identical_rows_count_once_and_differing_ones_are_both_refused(read: Read) -> None:
    batch = read(row("1"), row("1"), row("2"), row("2", Objet="autre chose"), row("3"))
    report = batch.report
    assert (report.read, report.kept, report.skipped, report.rejected) == (5, 2, 1, 2)
    assert sorted(agreements(batch)) == ["1", "3"]
    assert warnings(batch) == ["row_twice"]
    assert [item.row for item in report.rejections] == ["ligne 4 (n° 2)", "ligne 5 (n° 2)"]
    assert refusals(batch) == [("N°", "number_twice")] * 2


def test_without_a_number_title_and_partners_name_the_agreement(read: Read) -> None:
    first = read(row("") | {"Intitulé": "Filière gériatrique"})
    moved = read(row("9"), row("") | {"Intitulé": "Filière gériatrique"})
    assert list(agreements(first)) == ["filiere-geriatrique-clinique-boyer"]
    assert set(agreements(moved)) == {"9", *agreements(first)}
    nameless = read(row("", Intitulé=""))
    assert refusals(nameless) == [("Intitulé", "unnamed")]


def test_amendments_are_children(read: Read) -> None:
    batch = read(
        row("C-1"),
        {
            "N°": "C-1-A1",
            "Type": "Avenant",
            "Avenant à": "c-1",
            "Effet de l’avenant": "Un an de plus",
        },
        {"N°": "C-2-A1", "Type": "Avenant", "Intitulé": "Seul"},
        {"N°": "C-3-A1", "Avenant à": "C-9", "Intitulé": "Orphelin"},
    )
    child = agreements(batch)["C-1-A1"]
    assert (child.parent, child.type, child.parties) == ("C-1", None, ())
    assert child.facts[0].value == "Un an de plus"
    assert refusals(batch) == [("Type", "amendment_without_parent")]
    assert warnings(batch) == ["link_unknown"]


@pytest.mark.parametrize(
    ("status", "field", "value"),
    [
        ("en projet", "stage", "en_projet"),
        ("en attente de signature", "stage", "a_signer"),
        ("en vigueur", "effective", "..2026-03-01"),
        ("reconduite tacitement", "tacit_renewal", True),
        ("échue", "end", "..2026-02-28"),
        ("échue mais appliquée", "still_applied", True),
        ("dénoncée", "denounced", "..2026-03-01"),
        ("résiliée", "terminated", "..2026-03-01"),
        ("sans suite", "abandoned", "..2026-03-01"),
        ("suspendue", "suspended", "..2026-03-01"),
        ("attestée", "attested", "2026-03-01"),
    ],
)
def test_a_status_without_dates_gives_the_bound_that_follows(
    read: Read, status: str, field: str, value: object
) -> None:
    claim = agreements(read(row("1", Statut=status)))["1"]
    assert getattr(claim, field) == value


def test_how_a_refused_row_was_understood_is_not_told(read: Read) -> None:
    batch = read(row("1", Statut="en vigueur") | {"Date d’effet": "31/02/2025"})
    assert refusals(batch) == [("Date d’effet", "date_no_such_day")]
    assert warnings(batch) == []


def test_a_status_that_the_dates_contradict_is_told(read: Read) -> None:
    dates = {"Date d’effet": "2020-01-01", "Date de fin": "2022-12-31"}
    batch = read(row("1", Statut="en vigueur") | dates)
    assert warnings(batch) == ["status_differs"]
    assert "échue" in batch.report.warnings[0].reason("fr")


def test_a_word_that_could_mean_two_things_must_be_mapped(read: Read) -> None:
    assert refusals(read(row("1", Statut="en cours"))) == [("Statut", "unknown_value")]


def test_titles_above_and_other_sheets(tmp_path: Path) -> None:
    cells = [["Registre de la direction"], [], *table([row("1")])]

    def more(book: Any, _page: Any) -> None:
        book.add_worksheet("Notes").write_row(0, 0, ["Ceci", "n’est", "rien"])

    path = write_xlsx(tmp_path / "r.xlsx", cells, more=more)
    batch = read_register([path], context())
    assert agreements(batch)["1"].locator == "feuille « Registre », ligne 4 (n° 1)"
    assert warnings(batch) == ["other_sheets"]


def test_two_sheets_that_could_be_the_register(tmp_path: Path) -> None:
    def more(book: Any, _page: Any) -> None:
        other = book.add_worksheet("2024")
        for number, cells in enumerate(table([row("2")])):
            other.write_row(number, 0, cells)

    path = write_xlsx(tmp_path / "r.xlsx", table([row("1")]), more=more)
    with pytest.raises(InputError) as caught:
        read_register([path], context())
    assert "Registre, 2024" in caught.value.message("fr")
    assert list(agreements(read_register([path], context(sheet="2024")))) == ["2"]
    with pytest.raises(UsageError) as unknown:
        read_register([path], context(sheet="2023"))
    assert "2024" in unknown.value.message("fr")


def test_hidden_rows_are_read_and_told(tmp_path: Path) -> None:
    def hide(_book: Any, page: Any) -> None:
        page.set_row(2, None, None, {"hidden": True})

    path = write_xlsx(tmp_path / "r.xlsx", table([row("1"), row("2")]), more=hide)
    batch = read_register([path], context())
    assert set(agreements(batch)) == {"1", "2"}
    assert warnings(batch) == ["hidden_rows"]
    ods = write_ods(tmp_path / "r.ods", table([row("1"), row("2")]), hidden=[3])
    assert warnings(read_register([ods], context())) == ["hidden_rows"]
    xls = write_xls(tmp_path / "r.xls", [[str(c) for c in cells] for cells in table([row("1")])])
    assert warnings(read_register([xls], context())) == ["hidden_not_checked"]


def test_formulas_without_value_and_cells_in_error_are_refused(tmp_path: Path) -> None:
    def spoil(_book: Any, page: Any) -> None:
        page.write_formula(1, 1, '="a"&"b"', value="")
        page.write_formula(2, 2, "=1/0", value="#DIV/0!")

    path = write_xlsx(tmp_path / "r.xlsx", table([row("1"), row("2")]), more=spoil)
    batch = read_register([path], context())
    assert refusals(batch)[:2] == [
        ("Intitulé", "formula_no_value"),
        ("Partenaires", "cell_in_error"),
    ]
    text = write_csv(tmp_path / "r.csv", [row("1", Objet="#REF!")])
    assert refusals(read_register([text], context())) == [("Objet", "cell_in_error")]


def test_a_merged_cell_speaks_for_all_its_rows(tmp_path: Path) -> None:
    rows = [
        {"N°": "1", "Intitulé": "Une", "Partenaires": "Clinique Boyer", "Filière": "gériatrique"},
        {"N°": "", "Intitulé": "", "Partenaires": "DAC 94 Nord", "Filière": ""},
        {"N°": "2", "Intitulé": "Deux", "Partenaires": "Clinique Boyer", "Filière": ""},
    ]

    def merge(_book: Any, page: Any) -> None:
        page.merge_range(1, 0, 2, 0, "1")
        page.merge_range(1, 1, 2, 1, "Une")
        page.merge_range(1, 3, 3, 3, "gériatrique")

    batch = read_register([write_xlsx(tmp_path / "r.xlsx", table(rows), more=merge)], context())
    found = agreements(batch)
    assert [party.structure for party in found["1"].parties[1:]] == [BOYER, "dac:dac-94-nord"]
    assert [claim.filiere for claim in found.values()] == ["gériatrique", "gériatrique"]
    assert found["1"].locator == "feuille « Registre », lignes 2 à 3 (n° 1)"
    assert (batch.report.read, batch.report.kept) == (3, 3)


def test_missing_columns_say_what_looks_alike(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "r.csv", [{"Numéro": "1", "Partenr. conv.": "x", "Titre": "t"}])
    with pytest.raises(InputError) as caught:
        read_register([path], context())
    message = caught.value.message("fr")
    assert caught.value.code == "register.columns_alike"
    assert "Partenaires" in message
    assert "Partenr. conv." in message
    other = write_csv(tmp_path / "autre.csv", [{"a": "1", "b": "2"}])
    with pytest.raises(InputError) as none:
        read_register([other], context())
    assert none.value.code == "register.columns"


def test_two_columns_for_one_field_are_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "r.csv", [row("1") | {"Référence": "x"}])
    with pytest.raises(InputError) as caught:
        read_register([path], context())
    assert caught.value.code == "register.columns_twice"
    assert "Référence" in caught.value.message("fr")


def test_unknown_headings_are_told_and_not_read(read: Read) -> None:
    batch = read(row("1") | {"Couleur du dossier": "bleu", "Partenaries": "DAC 94 Nord"})
    assert sorted(warnings(batch)) == ["heading_close", "heading_unknown"]
    assert len(agreements(batch)["1"].parties) == 3


def test_units_in_headings(read: Read) -> None:
    batch = read(row("1") | {"Durée (mois)": "36", "Préavis (jours)": "90"})
    claim = agreements(batch)["1"]
    assert (claim.duration_months, claim.notice_months) == (36, 3)


def test_an_empty_sheet_and_several_files(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_register([write_xlsx(tmp_path / "r.xlsx", [])], context())
    assert caught.value.code == "register.no_cell"
    with pytest.raises(UsageError):
        read_register([tmp_path / "a", tmp_path / "b"], context())
    with pytest.raises(UsageError):
        read_register([write_csv(tmp_path / "d.csv", [row("1")])], context(date="demain"))


def test_the_same_register_twice_changes_nothing_and_a_short_one_asks(tmp_path: Path) -> None:
    store = synthetic_store()
    whole = write_csv(tmp_path / "r.csv", [row(str(number)) for number in range(20)])
    first = store.apply(read_register([whole], context(store)))
    again = store.apply(read_register([whole], context(store)))
    assert (first.added, again.added, again.updated, again.unchanged) == (20, 0, 0, 20)
    short = write_csv(tmp_path / "s.csv", [row(str(number)) for number in range(15)])
    with pytest.raises(ConfirmationNeeded):
        store.apply(read_register([short], context(store)))
    assert store.apply(read_register([short], context(store)), allow_removals=True).removed == 5


def test_a_moved_row_is_the_same_agreement(tmp_path: Path) -> None:
    store = synthetic_store()
    store.apply(
        read_register([write_csv(tmp_path / "a.csv", [row("1"), row("2")])], context(store))
    )
    moved = write_csv(tmp_path / "b.csv", [row("2"), row("1")])
    outcome = store.apply(read_register([moved], context(store)))
    assert (outcome.added, outcome.updated, outcome.unchanged) == (0, 0, 2)


def test_the_template_itself_has_no_row(tmp_path: Path) -> None:
    batch = read_register([write_template(tmp_path / "modele.xlsx")], context())
    assert (batch.report.read, batch.claims) == (0, [])


def test_the_declaration() -> None:
    assert SPEC.id == "conventions"
    assert SPEC.guarded
    assert {".csv", ".xlsx", ".xls", ".ods"} <= set(SPEC.extensions)


def test_a_torn_workbook_changes_nothing(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "r.xlsx", table([row("1")]))
    target = tmp_path / "torn.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as torn:
        for name in source.namelist():
            data = source.read(name)
            torn.writestr(name, data[: len(data) // 2] if "sheet1" in name else data)
    with pytest.raises(InputError):
        read_register([target], context())
