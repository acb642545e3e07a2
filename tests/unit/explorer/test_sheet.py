"""The sheet of a structure: what, since when, for which site, says who; nothing invented."""

from datetime import date

import pytest

from explorer.selection import Selection
from explorer.services.network import network_of
from explorer.services.sheet import sheet_of, tie_sheet_of
from explorer.viewmodel.model import ViewTie
from graph.errors import UsageError
from graph.store.port import GraphStore
from tests.support.confluence_synthetic import (
    CHARITY,
    CLINIC,
    CLINIC_ENTITY,
    COMMITTEE,
    ENTITY,
    FOCUS,
    HOSTILE,
    SITE,
    synthetic_store,
)

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> GraphStore:
    return synthetic_store(tmp_path_factory.mktemp("sheet"))


def sheet(store, key, on=TODAY, language="fr", **switches):
    selection = Selection(focus=FOCUS, on=on, **switches)
    network = network_of(store, selection).network
    return sheet_of(store, key, on, language, network, inherit=selection.inherit)


def entries(found):
    return {entry.label: entry for entry in found}


def test_identity_says_who_says_it(store):
    clinic = sheet(store, CLINIC)
    assert clinic.name == "Clinique synthétique"
    assert clinic.commune == "Faux-sur-Marne"
    identity = entries(clinic.identity)
    assert identity["Numéro FINESS"].text == CLINIC
    assert identity["Autres noms"].text == "POLYCLINIQUE SYNTHETIQUE"
    assert identity["Statut juridique"].text == "Privé commercial"
    assert identity["Capacité"].text == "120 lits de MCO"
    assert identity["Ouverture"].text == "mars 1999"
    assert identity["Position"].text == "au centre de la commune"
    assert identity["Entité juridique"].link == CLINIC_ENTITY
    places = {item.number: item for item in clinic.references}
    (cited,) = identity["Capacité"].cites
    assert places[cited].source == "FINESS synthétique, 8 janvier 2021"
    assert places[cited].locator == "ligne 1"


def test_what_no_source_says_is_named_and_not_invented(store):
    clinic = sheet(store, CLINIC)
    assert clinic.unknown == ("adresse", "activités")
    charity = sheet(store, CHARITY)
    assert "numéro FINESS" in charity.unknown
    assert {"commune", "position", "capacité"} <= set(charity.unknown)


def test_a_candidate_number_is_marked_as_one(store):
    entry = entries(sheet(store, CHARITY).identity)["Numéro FINESS possible"]
    assert (entry.text, entry.mark) == ("990000099", "candidate")
    assert entry.note is not None
    assert entry.note.startswith("À confirmer")


def test_sources_that_differ_are_shown_the_one_believed_first(store):
    conflicts = {item.label: item.statements for item in sheet(store, CLINIC).conflicts}
    legal = conflicts["Statut juridique"]
    assert [item.text for item in legal] == [
        "Privé commercial",
        "Privé d’intérêt collectif (ESPIC)",
    ]
    assert [item.label for item in legal] == ["Affiché", "Aussi dit"]
    assert "Nom" not in conflicts


def test_an_agreement_says_since_when_until_when_and_for_which_site(store):
    (card,) = [item for item in sheet(store, ENTITY).agreements if item.id == "C-1"]
    assert card.title == "Convention d’imagerie synthétique"
    assert card.status_label == "en vigueur"
    assert card.counted
    assert card.certain
    assert card.when == "Depuis le 1er février 2024. Terme\u00a0: 31 janvier 2027."
    assert card.sites == "Site Nord synthétique"
    assert card.via is None
    assert [item.text for item in card.parties] == ["CH synthétique", "SA Clinique synthétique"]
    assert "signataire\u00a0: directrice générale" in card.parties[0].note
    assert "score 91 sur 100" in card.parties[1].note
    assert entries(card.entries)["Préavis"].text == "3 mois"
    assert entries(card.entries)["Avenant ou suite"].text == "Avenant synthétique"
    (end,) = card.conflicts
    assert [item.text for item in end.statements] == ["31 janvier 2027", "31 décembre 2026"]


def test_an_alert_stands_beside_the_status(store):
    card = next(item for item in sheet(store, ENTITY).agreements if item.id == "C-1")
    assert card.alerts == ()
    before = sheet(store, ENTITY, on=date(2026, 9, 1))
    card = next(item for item in before.agreements if item.id == "C-1")
    assert card.alerts == ("préavis", "dénonciation possible jusqu’au 31 octobre 2026")
    assert card.status_label == "en vigueur"


def test_status_is_that_of_the_date(store):
    later = next(
        item for item in sheet(store, ENTITY, on=date(2028, 1, 1)).agreements if item.id == "C-1"
    )
    assert later.status_label == "reconduite tacitement"
    before = [item.id for item in sheet(store, ENTITY, on=date(2023, 1, 1)).agreements]
    assert "C-1" not in before


def test_partial_dates_leave_the_status_uncertain(store):
    def uncertain(day):
        cards = sheet(store, CLINIC, on=day)
        found = [*cards.agreements, *cards.past]
        return next(not item.certain for item in found if item.id == "C-2")

    assert uncertain(date(2021, 6, 1))
    assert not uncertain(date(2020, 6, 1))


def test_what_lapsed_is_shown_apart(store):
    clinic = sheet(store, CLINIC)
    assert [item.id for item in clinic.past] == ["C-2"]
    assert clinic.past[0].status_label == "échue"
    assert not clinic.past[0].counted


def test_attested_is_not_given_a_start(store):
    (card,) = sheet(store, CHARITY).agreements
    assert card.status == "attestee"
    assert card.when == ("Attestée entre 2021 et 2022\u00a0; date d’effet et terme non renseignés.")
    assert card.sites == "non renseigné"
    assert {"date d’effet", "date de fin", "sites concernés", "signataire"} <= set(card.unknown)


def test_contacts_and_seats_are_no_agreements(store):
    assert [item.id for item in sheet(store, CHARITY).contacts] == ["C-4"]
    belongs = sheet(store, FOCUS).belongs
    assert [(item.text, item.label) for item in belongs] == [
        ("Comité synthétique", "Siège à l’instance")
    ]
    seats = sheet(store, COMMITTEE).members
    assert [item.link for item in seats] == [FOCUS]


def test_the_way_an_agreement_reaches_a_structure_is_named(store):
    site = sheet(store, SITE)
    ways = {item.id: item.via for item in site.agreements}
    assert ways["C-1"] is None  # the site itself is concerned
    assert ways["C-3"] == "via le groupement Groupe synthétique"
    clinic = {item.id: item.via for item in sheet(store, CLINIC).agreements}
    assert clinic["C-1"] == "via l’entité juridique SA Clinique synthétique"
    entity = {item.id: item.via for item in sheet(store, CLINIC_ENTITY).past}
    assert entity["C-2"] == "par son établissement Clinique synthétique"


def test_place_in_the_network_is_said(store):
    assert sheet(store, FOCUS).standing_words == "Au centre de l’étude"
    assert sheet(store, SITE).standing_words == "Fait partie du groupe"
    direct = sheet(store, CLINIC_ENTITY).standing_words
    assert direct == "Partenaire\u00a0: 1 convention ou coopération"
    inherited = sheet(store, CLINIC).standing_words
    assert inherited == "Partenaire atteint via l’entité juridique SA Clinique synthétique"
    assert sheet(store, CLINIC, inherit=False).standing_words.startswith("Pas de lien affiché")


def test_figures_keep_their_reserve(store):
    (fact,) = sheet(store, CLINIC).facts
    assert (fact.label, fact.text) == ("lits", "environ 115 lits")
    assert fact.cites


def test_a_hostile_name_is_kept_as_it_is_written(store):
    charity = sheet(store, CHARITY)
    assert charity.name == HOSTILE
    assert charity.agreements[0].title == HOSTILE


def test_english_is_complete(store):
    clinic = sheet(store, CLINIC, language="en")
    assert clinic.situation == "Situation on 22 November 2026"
    assert entries(clinic.identity)["Opened"].text == "March 1999"
    assert clinic.past[0].status_label == "expired"


def test_a_tie_has_a_sheet_of_its_own(store):
    tie = ViewTie(
        id="x",
        source=ENTITY,
        target=CLINIC_ENTITY,
        type="convention_cooperation",
        label="Convention",
        cooperations=("C-1",),
    )
    found = tie_sheet_of(store, tie, TODAY, "fr")
    assert [item.text for item in found.ends] == ["CH synthétique", "SA Clinique synthétique"]
    assert [item.id for item in found.agreements] == ["C-1"]
    assert found.references


def test_a_membership_tie_says_the_role(store):
    tie = ViewTie(id="x", source=ENTITY, target=FOCUS, type="membership", label="Appartenance")
    (entry,) = tie_sheet_of(store, tie, TODAY, "fr").memberships
    assert (entry.label, entry.note) == ("Établissement support", "depuis juillet 2016")


def test_an_unknown_structure_is_refused(store):
    with pytest.raises(UsageError) as error:
        sheet_of(store, "nobody", TODAY, "fr")
    assert "nobody" in error.value.message("fr")


def test_what_it_has_with_others_stands_apart(store):
    clinic = sheet(store, CLINIC)
    assert clinic.elsewhere == ()
    seen_from_charity = sheet_of(
        store,
        CLINIC,
        TODAY,
        "fr",
        network_of(store, Selection(focus=CHARITY, on=TODAY)).network,
    )
    assert seen_from_charity.agreements == ()
    assert {item.id for item in seen_from_charity.elsewhere} == {"C-1", "C-2"}


def test_without_inheritance_only_its_own_agreements_are_listed(store):
    site = sheet(store, SITE, inherit=False)
    assert [item.id for item in site.agreements] == ["C-1"]
    assert all(item.via is None for item in site.agreements)
