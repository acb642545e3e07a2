"""Cells read one by one: lengths, amounts, closed lists, personal data. Values are synthetic."""

import pytest

from loaders.communes import CommuneIndex
from loaders.conventions.choices import CHOICES, choose, label, labels
from loaders.conventions.places import Places
from loaders.conventions.privacy import clean_function, clean_text, is_generic
from loaders.conventions.problems import CellError
from loaders.conventions.terms import parse_count, parse_duration, parse_notice, parse_renewal
from loaders.conventions.values import READERS, Reading, is_stated, split_values


@pytest.mark.parametrize(
    ("written", "months"),
    [
        ("3 ans", 36),
        ("36 mois", 36),
        ("un an", 12),
        ("1 an et 6 mois", 18),
        ("un an et demi", 18),
        ("1,5 an", 18),
        ("trois (3) ans", 36),
        ("annuelle", 12),
        ("triennale", 36),
        ("365 jours", 12),
        ("2 trimestres", 6),
    ],
)
def test_durations(written: str, months: int) -> None:
    assert parse_duration(written).duration_months == months


def test_durations_that_are_no_length() -> None:
    assert parse_duration("durée indéterminée").indefinite is True
    assert parse_duration("durée du projet").stated == "durée du projet"
    both = parse_duration("1 an, tacite reconduction 2 fois")
    assert (both.duration_months, both.tacit_renewal, both.renewals_limit) == (12, True, 2)
    for written, code in (("longtemps", "length_unreadable"), ("2 semaines", "length_not_months")):
        with pytest.raises(CellError) as caught:
            parse_duration(written)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("written", "tacit", "months", "times"),
    [
        ("oui", True, None, None),
        ("X", True, None, None),
        ("tacite reconduction", True, None, None),
        ("oui, par période d’un an, 3 fois au plus", True, 12, 3),
        ("3 fois", True, None, 3),
        ("annuelle", True, 12, None),
        ("non", False, None, None),
        ("reconduction expresse", False, None, None),
        ("sans tacite reconduction", False, None, None),
        ("renouvelable une fois", None, None, 1),
    ],
)
def test_tacit_renewal(written: str, tacit: object, months: int | None, times: int | None) -> None:
    terms = parse_renewal(written)
    assert (terms.tacit_renewal, terms.renewal_months, terms.renewals_limit) == (
        tacit,
        months,
        times,
    )


@pytest.mark.parametrize(
    ("written", "months", "rounded"),
    [
        ("3 mois", 3, False),
        ("préavis de trois mois par LRAR", 3, False),
        ("6 mois avant échéance", 6, False),
        ("90 jours", 3, False),
        ("45 jours", 2, True),
        ("sans préavis", 0, False),
    ],
)
def test_notice(written: str, months: int, rounded: object) -> None:
    terms = parse_notice(written)
    assert (terms.notice_months, terms.rounded) == (months, rounded)


def test_counts() -> None:
    assert (parse_count("2"), parse_count("trois fois")) == (2, 3)
    with pytest.raises(CellError):
        parse_count("plusieurs")


def reading(field: str, seen: list[str] | None = None, **mapped: str) -> Reading:
    def warn(_field: str, code: str, _value: str | None = None) -> None:
        if seen is not None:
            seen.append(code)

    places = Places(CommuneIndex.bundled())
    return Reading(field, "dmy", {field: mapped}, places, persons=False, warn=warn)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("12 500 €", 12500.0),
        ("12 500,50 €", 12500.5),
        ("12.500", 12500.0),
        ("12.500,75", 12500.75),
        ("1,250,000", 1250000.0),
        ("1,5 k€", 1500.0),
        ("2 M€/an", 2e6),
        ("99.5", 99.5),
        ("à titre gracieux", 0.0),
    ],
)
def test_amounts(written: str, amount: float) -> None:
    assert READERS["amount"](written, reading("amount")) == amount


def test_an_amount_in_words_is_refused() -> None:
    with pytest.raises(CellError):
        READERS["amount"]("environ mille euros", reading("amount"))


@pytest.mark.parametrize("name", list(CHOICES))
def test_every_label_is_understood(name: str) -> None:
    for language in ("fr", "en"):
        for value in CHOICES[name].values:
            assert choose(name, label(name, value, language)) == value
            assert choose(name, value) == value


def test_an_unknown_word_lists_what_is_allowed_unless_mapped() -> None:
    with pytest.raises(CellError) as caught:
        choose("confidentiality", "secret")
    assert caught.value.params["allowed"] == " ; ".join(labels("confidentiality"))
    assert choose("confidentiality", "Secret", {"secret": "restreint"}) == "restreint"


@pytest.mark.parametrize(("written", "said"), [("oui", True), ("Non", False), ("X", True)])
def test_yes_and_no(written: str, said: object) -> None:
    assert READERS["yes_no"](written, reading("still_applied")) is said


@pytest.mark.parametrize("written", ["", " - ", "?", "N/A", "néant", "à définir", "Non renseigné"])
def test_cells_that_say_nothing(written: str) -> None:
    assert not is_stated(written)


def test_values_of_a_cell() -> None:
    assert split_values("a ; b\n- c\n• d") == ["a", "b", "c", "d"]
    assert split_values("Sport-Santé") == ["Sport-Santé"]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Appeler le 06 12 34 56 78", "phone"),
        ("tél. 01.49.84.77.90", "phone"),
        ("+33 6 12 34 56 78", "phone"),
        ("NIR 1 85 05 78 006 084 36", "nir"),
        ("185057800608436", "nir"),
        ("IPP n° 8001234567", "ipp"),
        ("dossier 8001234", "ipp"),
        ("écrire à jean.dupont@exemple.fr", "mailbox"),
        ("voir Mme Dupont", "person"),
        ("relancer le Dr Martin", "person"),
    ],
)
def test_personal_data_is_masked(written: str, kind: str) -> None:
    cleaned = clean_text(written)
    assert cleaned.found == (kind,)
    assert "[…]" in cleaned.text


@pytest.mark.parametrize(
    "written",
    [
        "Convention avec la Clinique du Docteur Boyer",
        "FINESS 940110018 à vérifier",
        "montant de 1250000 €",
        "signée le 12/03/2021, n° 2021-014",
        "écrire à secretariat.direction@exemple.fr",
        "bilan du 20240131",
    ],
)
def test_what_is_no_personal_data_stays(written: str) -> None:
    assert clean_text(written) == (written, ())


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Mme Dupont, cadre de santé", "cadre de santé"),
        ("Directrice des soins (Mme Durand)", "Directrice des soins"),
        ("Dr Martin - chef du service de gériatrie", "chef du service de gériatrie"),
        ("DRH", "DRH"),
        ("Jean Dupont", ""),
        ("DUPONT", ""),
    ],
)
def test_functions_are_kept_names_are_not(written: str, kept: str) -> None:
    assert clean_function(written).text == kept


@pytest.mark.parametrize(
    ("mailbox", "generic"),
    [
        ("conventions@exemple.fr", True),
        ("direction.generale@exemple.fr", True),
        ("cpts94@exemple.fr", True),
        ("irma@irma.exemple.fr", True),
        ("jean.dupont@exemple.fr", False),
        ("jdupont@exemple.fr", False),
        ("jean.dupont2@exemple.fr", False),
    ],
)
def test_mailboxes(mailbox: str, generic: object) -> None:
    assert is_generic(mailbox) is generic


def test_territories_by_name_or_reference() -> None:
    seen: list[str] = []
    at = reading("territory", seen)
    assert READERS["territory"]("Créteil, Brunoy", at) == ("commune:94028", "commune:91114")
    assert READERS["territory"]("commune:94028", at) == ("commune:94028",)
    assert seen == []
    assert READERS["territory"]("Saint-Denis ; Atlantide", at) == ()
    assert seen == ["territory_ambiguous", "territory_unknown"]
    assert READERS["territory"]("Saint-Denis (93)", at) == ("commune:93066",)
