"""What filters offer, what a link may ask, which filter to relax."""

from datetime import date

import msgspec
import pytest

from explorer.selection import Selection
from explorer.services.choices import asked, checked, choices_of
from explorer.services.network import network_of
from explorer.services.relaxing import is_filtered, relaxations
from explorer.settings import Settings
from explorer.view_state import ViewState, theme_id
from graph.store.port import GraphStore
from tests.support.confluence_synthetic import CHARITY, ENTITY, FOCUS, synthetic_store

TODAY = date(2026, 11, 22)
SETTINGS = Settings(focus=FOCUS, territories=("departement:99",))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> GraphStore:
    return synthetic_store(tmp_path_factory.mktemp("choices"))


@pytest.fixture(scope="module")
def choices(store):
    return choices_of(store, SETTINGS, "fr")


def state(**changes) -> ViewState:
    selected = changes.pop("selected", None)
    return ViewState(
        selection=Selection(**{"focus": FOCUS, "on": TODAY, **changes}),
        language="fr",
        selected=selected,
    )


def test_filters_offer_what_the_store_holds(choices):
    assert [item.label for item in choices.focuses] == ["Groupe synthétique", "CH synthétique"]
    assert {item.value for item in choices.kinds} == {
        "GHT",
        "HOPITAL",
        "CLINIQUE",
        "GESTIONNAIRE",
        "ASSOCIATION",
        "INSTANCE",
    }
    assert [item.label for item in choices.themes] == ["imagerie", "Précarité"]
    assert [item.label for item in choices.territories] == [
        "Syntheticois · Département 99",
        "Faux-sur-Marne · Commune 99002",
        "Synthville · Commune 99001",
    ]
    assert choices.structures == 8


def test_themes_are_asked_in_the_words_of_the_sources(choices):
    selection = asked(state(themes=frozenset({theme_id("precarite")})).selection, choices)
    assert selection.themes == {"Précarité"}


def test_what_the_store_does_not_have_is_left_out_and_named(store, choices):
    found, dropped = checked(
        store,
        state(
            focus="940110018",
            territories=frozenset({"commune:99001", "commune:00000"}),
            themes=frozenset({"00000000", theme_id("imagerie")}),
            selected="nobody",
        ),
        choices,
    )
    assert set(dropped) == {"centre", "territoires", "themes", "fiche"}
    assert found.selected is None
    assert found.selection.focus == FOCUS
    assert found.selection.territories == {"commune:99001"}
    assert found.selection.themes == {theme_id("imagerie")}


def test_what_exists_is_kept(store, choices):
    wanted = state(focus=ENTITY, selected=CHARITY)
    assert checked(store, wanted, choices) == (wanted, ())


def test_an_empty_store_offers_nothing_and_breaks_nothing(tmp_path):
    from graph.store.sqlite import SqliteStore

    empty = SqliteStore(tmp_path / "empty.db")
    found = choices_of(empty, SETTINGS, "fr")
    assert found.structures == 0
    assert found.focuses == ()
    kept, dropped = checked(empty, state(), found)
    assert kept.selection.focus is None
    assert dropped == ("centre",)


def partners_of(store):
    return lambda selection: len(network_of(store, selection).network.partners)


def test_the_filter_to_relax_is_the_one_that_hides_partners(store):
    selection = Selection(focus=FOCUS, on=TODAY, kinds=frozenset({"EHPAD"}), inherit=False)
    assert [item.name for item in relaxations(selection, TODAY, partners_of(store))] == ["kinds"]
    best = relaxations(selection, TODAY, partners_of(store))[0]
    assert best.partners == 2
    assert best.selection == msgspec.structs.replace(selection, kinds=frozenset())


def test_the_date_can_be_what_hides_partners(store):
    early = Selection(focus=FOCUS, on=date(2001, 1, 1))
    assert [item.name for item in relaxations(early, TODAY, partners_of(store))] == ["on"]


def test_is_filtered():
    assert not is_filtered(Selection(focus=FOCUS, on=date(2001, 1, 1)))
    assert is_filtered(Selection(focus=FOCUS, on=TODAY, inherit=False))
    assert is_filtered(Selection(focus=FOCUS, on=TODAY, themes=frozenset({"x"})))
