"""The partner network on small synthetic worlds whose answers are worked out by hand."""

from datetime import date

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import Cooperation, Membership, Party, Structure, membership_id
from graph.projection import Layers, partner_network, to_networkx

ON = date(2026, 11, 22)


def agreement(key: str, *parties: str, **values: object) -> Cooperation:
    roles = values.pop("roles", {})
    return Cooperation(
        id=key,
        parties=tuple(Party(structure=item, role=roles.get(item, "partie")) for item in parties),
        **{"attested": "2021", "type": "convention_partenariat"} | values,
    )


def member(structure: str, group: str, role: str = "partie", **values: object) -> Membership:
    return Membership(
        id=membership_id(structure, group, role), member=structure, group=group, role=role, **values
    )


def world(*keys: str, **entities: str) -> list[Structure]:
    return [Structure(id=key, name=key, legal_entity=entities.get(key)) for key in keys]


GHT = world("G", "E1", "E2", "S1", "P", "PE", "PS", "Q", "M", S1="E1", PS="PE")
MEMBERS = [member("E1", "G"), member("E2", "G")]


def network(cooperations, memberships=MEMBERS, focus="G", on=ON, structures=GHT, **layers):
    return partner_network(focus, structures, cooperations, memberships, on, Layers(**layers))


def test_the_focus_set_is_the_focus_its_members_and_their_establishments():
    assert network([]).focus_set == {"G", "E1", "E2", "S1"}


def test_a_partner_is_party_to_an_agreement_with_any_of_the_focus_set():
    found = network([agreement("a", "G", "P"), agreement("b", "S1", "Q"), agreement("c", "P", "M")])
    assert set(found.partners) == {"P", "Q"}
    assert found.partners["P"].cooperations == ("a",)
    assert {(tie.a, tie.b, tie.kind) for tie in found.ties} == {
        ("G", "P", "cooperation"),
        ("Q", "S1", "cooperation"),
        ("E1", "G", "membership"),
        ("E2", "G", "membership"),
    }


def test_an_entity_reaches_its_sites_only_by_name_and_only_when_asked():
    found = network([agreement("a", "G", "PE")])
    assert found.partners["PS"].via == "EJ"
    assert found.partners["PS"].through == "PE"
    inherited = [tie for tie in found.ties if tie.kind == "inherited"]
    assert [(tie.a, tie.b, tie.via, tie.through) for tie in inherited] == [("G", "PS", "EJ", "PE")]
    assert set(network([agreement("a", "G", "PE")], inherit=False).partners) == {"PE"}


def test_a_grouping_reaches_its_members():
    memberships = [*MEMBERS, member("M", "P", "membre")]
    found = network([agreement("a", "G", "P")], memberships)
    assert (found.partners["M"].via, found.partners["M"].through) == ("groupement", "P")


def test_a_direct_partner_is_never_shown_as_inherited():
    found = network([agreement("a", "G", "PE"), agreement("b", "G", "PS")])
    assert found.partners["PS"].via is None
    assert found.partners["PS"].cooperations == ("b",)


def test_partners_of_the_ght_are_not_in_it():
    memberships = [*MEMBERS, member("Q", "G", "partenaire"), member("P", "G", "associe")]
    assert network([], memberships).focus_set == {"G", "E1", "E2", "S1"}


def test_membership_is_dated():
    memberships = [member("E1", "G", until="2020"), member("E2", "G", since="2027")]
    assert network([], memberships).focus_set == {"G"}
    assert network([], memberships, on=date(2020, 5, 1)).focus_set == {"G", "E1", "S1"}


@pytest.mark.parametrize(
    ("values", "tied"),
    [
        ({"attested": "2021"}, True),
        ({"attested": None, "effective": "2020", "end": "2024"}, False),
        ({"attested": None, "effective": "2020", "end": "2024", "still_applied": True}, True),
        ({"attested": None, "stage": "a_signer"}, False),
        ({"attested": None, "effective": "2020", "indefinite": True, "denounced": "2022"}, False),
    ],
)
def test_a_tie_exists_under_counted_statuses_only(values, tied):
    assert bool(network([agreement("a", "G", "P", **values)]).partners) is tied


def test_what_no_longer_counts_can_be_asked_for():
    lapsed = agreement("a", "G", "P", attested=None, effective="2020", end="2024")
    assert set(network([lapsed], statuses=frozenset({"echue"})).partners) == {"P"}


def test_committees_and_contacts_are_layers_of_their_own():
    contact = agreement("a", "G", "P", type="contact_regulier")
    seat = member("G", "Q", "siege")
    assert network([contact], [*MEMBERS, seat]).partners == {}
    assert set(network([contact], contacts=True).partners) == {"P"}
    found = network([contact], [*MEMBERS, seat], instances=True)
    assert set(found.partners) == {"Q"}
    assert ("G", "Q", "membership") in {(tie.a, tie.b, tie.kind) for tie in found.ties}


def test_support_and_concern_make_no_party():
    item = agreement("a", "G", "P", "Q", "M", roles={"Q": "soutien", "M": "concerne"})
    assert set(network([item]).partners) == {"P"}


def test_themes_keep_the_agreements_that_have_one_of_them():
    items = [agreement("a", "G", "P", themes=("sport",)), agreement("b", "G", "Q")]
    assert set(network(items, themes=frozenset({"sport"})).partners) == {"P"}


def test_newman_weights_and_the_star_round_the_lead():
    three = agreement("a", "G", "P", "Q")
    weights = {(tie.a, tie.b): tie.weight for tie in network([three], []).ties}
    assert weights == {("G", "P"): 0.5, ("G", "Q"): 0.5, ("P", "Q"): 0.5}
    led = agreement("a", "G", "P", "Q", roles={"G": "lead"})
    assert {(tie.a, tie.b) for tie in network([led], []).ties} == {("G", "P"), ("G", "Q")}


def test_two_agreements_are_one_tie_that_names_both():
    (tie,) = network([agreement("a", "G", "P"), agreement("b", "G", "P")], []).ties
    assert (tie.cooperations, tie.weight) == (("a", "b"), 2.0)


def test_ties_between_partners_are_shown_those_outside_are_not():
    items = [
        agreement("a", "G", "P"),
        agreement("b", "G", "Q"),
        agreement("c", "P", "Q"),
        agreement("d", "P", "M"),
    ]
    pairs = {(tie.a, tie.b) for tie in network(items, []).ties}
    assert pairs == {("G", "P"), ("G", "Q"), ("P", "Q")}


def test_without_focus_every_tie_is_there_and_nobody_is_a_partner():
    found = network([agreement("a", "P", "M")], MEMBERS, focus=None)
    assert found.partners == {}
    assert found.structures == {"P", "M", "G", "E1", "E2"}


def test_nothing_gives_an_empty_network():
    found = partner_network(None, [], [], [], ON)
    assert (found.structures, found.ties) == (frozenset(), ())
    assert to_networkx(found, []).number_of_nodes() == 0


KEYS = st.sampled_from(["G", "P", "Q", "M", "PE", "PS"])


@given(st.lists(st.lists(KEYS, min_size=2, max_size=4, unique=True), max_size=8))
def test_direct_partners_are_those_that_a_slow_reading_finds(sets):
    items = [agreement(f"a{index}", *parties) for index, parties in enumerate(sets)]
    found = network(items, MEMBERS)
    slow = {p for parties in sets if "G" in parties for p in parties if p != "G"}
    assert {key for key, item in found.partners.items() if item.via is None} == slow
    graph = to_networkx(found, GHT)
    assert set(graph) == found.structures
    assert nx.number_of_selfloops(graph) == 0


def test_an_amendment_changes_the_term_from_the_day_it_takes_effect():
    signed = {"attested": None, "effective": "2020-01-01", "end": "2024-12-31"}
    amended = Cooperation(id="a1", parent="a", effective="2024-06-01", end="2030-12-31")
    items = [agreement("a", "G", "P", **signed), amended]
    assert set(network(items).partners) == {"P"}
    assert network(items).standings["a"].term == date(2030, 12, 31)
    assert network(items, on=date(2024, 5, 1)).standings["a"].term == date(2024, 12, 31)
    other = Cooperation(id="a2", parent="a", type="prado", effective="2024", end="2030")
    assert network([items[0], other]).partners == {}
