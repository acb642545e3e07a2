"""The register of a selection, its queues, why a status holds, and one agreement's sheet."""

from datetime import date

import pytest

from explorer.selection import Selection
from explorer.services.agreement_sheet import agreement_sheet_of
from explorer.services.agreement_words import register_rows, why
from explorer.services.agreements import QUEUES, dues, moved, narrowed, queued, register_of
from explorer.services.network import network_of
from explorer.services.overview import a_year_before, changed_since, missing_from
from explorer.services.sheet import sheet_of
from explorer.services.sheet_around import with_surroundings
from explorer.view_state import agreement_key
from graph.errors import UsageError
from graph.store.open import open_store
from tests.support.confluence_synthetic import CLINIC, ENTITY, FOCUS, SITE
from tests.support.dated_register import DAY, RESERVED, dated_store
from tests.support.pages import plain

TODAY = date.fromisoformat(DAY)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = dated_store(tmp_path_factory.mktemp("register"))
    held = open_store(f"sqlite:///{path.as_posix()}")
    yield held
    held.close()


def asked(store, on=TODAY, **switches):
    answer = network_of(store, Selection(focus=FOCUS, on=on, **switches))
    return answer, register_of(store, answer)


def ids(rows):
    return [row.record.id for row in rows]


def test_every_status_is_in_the_register_and_amendments_stand_below(store):
    _, register = asked(store)
    assert set(ids(register.rows)) == {"C-1", "C-2", "C-3", "R-1", "R-2", "R-3", "R-4", "R-5"}
    (first,) = [row for row in register.rows if row.record.id == "R-1"]
    assert first.amendments == ("R-6",)
    assert first.partners == (CLINIC,)


def test_without_focus_agreements_of_others_are_there(store):
    answer = network_of(store, Selection(focus=None, on=TODAY))
    assert "R-7" in ids(register_of(store, answer).rows)


@pytest.mark.parametrize(
    ("switches", "kept"),
    [
        ({"statuses": frozenset({"a_signer"})}, {"R-3"}),
        ({"themes": frozenset({"imagerie"})}, {"C-1"}),
        ({"kinds": frozenset({"ASSOCIATION"})}, {"C-3"}),
        ({"contacts": True, "kinds": frozenset({"ASSOCIATION"})}, {"C-3", "C-4"}),
        ({"territories": frozenset({"commune:99001"})}, set()),
    ],
)
def test_filters_of_the_selection_hold(store, switches, kept):
    _, register = asked(store, **switches)
    assert set(ids(register.rows)) == kept


def test_words_and_types_narrow_without_accents(store):
    _, register = asked(store)
    assert ids(narrowed(register, (), "preavis SYNTH")) == ["R-1"]
    assert ids(narrowed(register, {"convention_cooperation"}, "")) == ["C-1"]
    assert narrowed(register, (), "zzz") == ()


def test_each_queue_holds_what_its_rule_says(store):
    _, register = asked(store)
    found = {queue.id: set(ids(queued(register.rows, queue.id))) for queue in QUEUES}
    assert found == {
        "preavis": {"R-1"},
        "a_renouveler": {"R-1", "R-2"},
        "appliquees": {"R-2"},
        "a_signer": {"R-3"},
        "bilan": {"R-4"},
        "sans_referent": {"C-1", "C-3", "R-2", "R-3", "R-4"},
        "sans_document": {"C-1", "C-3", "R-2", "R-3", "R-4"},
        "sans_terme": {"C-3"},
    }


def test_what_is_due_and_what_changed(store):
    answer, register = asked(store)
    assert [(due.agreement, due.what) for due in dues(register, 90)] == [
        ("R-3", "signature"),
        ("R-1", "notice"),
        ("R-1", "lapse"),
        ("C-1", "renewal"),
    ]
    found = moved(answer, register, date(2025, 2, 1))
    changes = {item.record.id: (item.before, item.after) for item in found}
    assert changes["R-5"] == ("attestee", "resiliee")
    assert changes["R-3"] == (None, "a_signer")
    assert "R-4" not in changes


def test_partners_gained_since_a_day(store):
    answer, register = asked(store)
    found = changed_since(store, answer, register, date(2018, 1, 1))
    assert set(found.arrived) >= {CLINIC}
    assert found.left == ()
    assert found.names[CLINIC] == "Clinique synthétique"
    assert found.loads == 3
    assert changed_since(store, answer, register, date(2200, 1, 1)).loads == 0


def test_what_is_missing_names_kinds_without_a_register(store):
    answer, register = asked(store)
    found = missing_from(store, answer, register)
    assert "EHPAD" in found.kinds
    assert found.register
    assert dict(found.queues)["sans_terme"] == 1


def test_one_year_before_a_leap_day():
    assert a_year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    assert a_year_before(TODAY) == date(2025, 11, 26)


def sheet(store, key, language="fr", **more):
    return agreement_sheet_of(store, agreement_key(key), TODAY, language, **more)


def test_a_sheet_says_why_its_status_holds_and_who_says_so(store):
    found = sheet(store, "R-1")
    assert plain(found.why) == "En vigueur : début le 1er janvier 2024, terme le 31 décembre 2026."
    assert (
        sheet(store, "R-1", "en").why == "In force: start on 1 January 2024, term 31 December 2026."
    )
    assert [entry.link for entry in found.card.parties] == [ENTITY, CLINIC]
    assert [card.title for card in found.amendments] == ["Avenant au préavis"]
    assert {item.locator for item in found.references} == {"ligne 1", "ligne 6"}
    assert sheet(store, "C-1").card.conflicts[0].label == "Date de fin"


def test_partial_dates_are_said_to_be_partial(store):
    _, register = asked(store, on=date(2024, 7, 1))
    (row,) = [row for row in register.rows if row.record.id == "R-2"]
    assert "une autre lecture" in why(row.record, row.standing, date(2024, 7, 1), "fr")
    (said,) = register_rows([row], register.names, "en")
    assert (said["begins"], said["term"]) == ("2019", "31 December 2024")


def flat(found):
    return repr(found)


def test_what_is_restricted_is_shown_only_where_it_is_asked_for(store):
    hidden, shown = sheet(store, "R-4"), sheet(store, "R-4", restricted=True)
    assert RESERVED not in flat(hidden)
    assert "MAILLAGE_RESTRICTED" in hidden.card.reserved
    assert [entry.link for entry in hidden.sites] == [SITE]
    assert RESERVED in flat(shown)
    assert shown.card.reserved is None
    partner = sheet_of(store, CLINIC, TODAY, "fr")
    assert RESERVED not in flat(partner)
    assert RESERVED in flat(sheet_of(store, CLINIC, TODAY, "fr", restricted=True))
    _, register = asked(store)
    assert narrowed(register, (), RESERVED) == ()


def test_an_agreement_that_is_not_there_is_an_error(store):
    with pytest.raises(UsageError, match="0123456789ab"):
        agreement_sheet_of(store, "0123456789ab", TODAY, "fr")


def test_a_partner_has_territories_ties_and_measures(store):
    answer, _ = asked(store)
    found = sheet_of(store, CLINIC, TODAY, "fr", answer.network)
    around = with_surroundings(found, store, answer, {"degree": 2.0, "unheard": 1.0}, "fr")
    assert [(item.label, item.text) for item in around.place] == [("Département", "Syntheticois")]
    assert ENTITY in [item.link for item in around.neighbours]
    assert [(item.label, item.text) for item in around.measures] == [
        ("Nombre de partenaires directs", "2")
    ]
