"""The state in the URL: a link restores the view, and nothing from a link is believed unread."""

from datetime import date

import pytest

from explorer.selection import Selection
from explorer.view_state import Reading, ViewState, from_query, theme_id, to_query

TODAY = date(2026, 11, 22)
DEFAULT = ViewState(selection=Selection(focus="ght:940110018", on=TODAY), language="fr")


def read(**query: str | list[str]) -> Reading:
    listed = {key: [value] if isinstance(value, str) else value for key, value in query.items()}
    return from_query(listed, DEFAULT)


def listed(state: ViewState) -> dict[str, list[str]]:
    query = to_query(state, DEFAULT)
    return {key: [value] if isinstance(value, str) else value for key, value in query.items()}


def test_nothing_asked_is_the_default_and_writes_nothing():
    assert from_query({}, DEFAULT) == Reading(state=DEFAULT)
    assert to_query(DEFAULT, DEFAULT) == {}


def test_a_link_restores_the_view():
    state = ViewState(
        selection=Selection(
            focus="940110018",
            on=date(2023, 1, 31),
            kinds=frozenset({"EHPAD", "HAD"}),
            territories=frozenset({"arrondissement:941", "commune:2A004"}),
            statuses=frozenset({"echue"}),
            themes=frozenset({theme_id("Santé bucco-dentaire")}),
            inherit=False,
            instances=True,
            contacts=True,
            supply=True,
        ),
        language="en",
        selected="association:vaincre-la-mucoviscidose",
    )
    assert from_query(listed(state), DEFAULT) == Reading(state=state)


def test_a_tie_is_restored_and_gives_way_to_a_sheet():
    assert read(lien="940000573--ght:940110018").state.tie == "940000573--ght:940110018"
    both = read(lien="a--b", fiche="940000573").state
    assert (both.selected, both.tie) == ("940000573", None)


def test_no_focus_is_said_in_the_link():
    state = read(centre="tous").state
    assert state.selection.focus is None
    assert to_query(state, DEFAULT) == {"centre": "tous"}


def test_the_link_names_no_theme():
    key = theme_id("Patients de M. X")
    assert key == theme_id("patients de m x")
    assert len(key) == 8
    assert set(key) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("centre", "<script>alert(1)</script>"),
        ("centre", ["940110018", "940110042"]),
        ("fiche", "../../etc/passwd"),
        ("fiche", "x" * 200),
        ("lien", "a b"),
        ("date", "2026-13-01"),
        ("date", "hier"),
        ("date", "0001-01-01"),
        ("types", "INCONNU"),
        ("territoires", "planete:3"),
        ("territoires", "commune:"),
        ("statuts", "presque"),
        ("themes", "imagerie"),
        ("lang", "de"),
        ("lang", "javascript:"),
    ],
)
def test_what_has_not_the_expected_form_is_left_out_and_named(name, value):
    reading = read(**{name: value})
    assert reading.state == DEFAULT
    assert reading.dropped == (name,)


def test_a_list_keeps_what_is_right():
    reading = read(types=["EHPAD", "<b>"])
    assert reading.state.selection.kinds == {"EHPAD"}
    assert reading.dropped == ("types",)


def test_switches_take_only_their_own_value():
    assert read(instances="1", rattachement="0").state.selection.instances
    assert not read(instances="1", rattachement="0").state.selection.inherit
    assert read(instances="oui", rattachement="non").state == DEFAULT


def test_unknown_parameters_are_not_ours():
    assert read(utm_source="x", embed="true") == Reading(state=DEFAULT)
