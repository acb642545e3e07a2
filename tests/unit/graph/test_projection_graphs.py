"""The graphs that are measured, on small synthetic worlds."""

from datetime import date

from graph.model import Cooperation, Membership, Party, Structure, membership_id
from graph.projection import Layers, partner_network
from graph.projection_graphs import analysis_graph, lapsing, two_mode_graph

ON = date(2026, 11, 22)


def agreement(key, *parties, **values):
    return Cooperation(
        id=key,
        parties=tuple(Party(structure=item, role="partie") for item in parties),
        **{"attested": "2021", "type": "convention_partenariat"} | values,
    )


STRUCTURES = [
    Structure(id=key, name=key, kind="HOPITAL", legal_entity=entity)
    for key, entity in {"G": None, "E": None, "S": "E", "P": None, "PS": "P", "Q": None}.items()
]
MEMBERS = [Membership(id=membership_id("E", "G", "partie"), member="E", group="G", role="partie")]
ITEMS = [
    agreement("a", "G", "P"),
    agreement("b", "G", "P", "Q"),
    agreement("c", "E", "G"),
    agreement("elsewhere", "Y", "Z"),
]


def network(items=ITEMS, on=ON, **layers):
    return partner_network("G", STRUCTURES, items, MEMBERS, on, Layers(**layers))


def test_one_edge_a_pair_with_its_agreements_and_kinds():
    graph = analysis_graph(network(), STRUCTURES)
    assert list(graph) == ["E", "G", "P", "PS", "Q", "S"]
    assert graph.edges["G", "P"] == {
        "weight": 1.5,
        "cooperations": ("a", "b"),
        "kinds": ("cooperation",),
    }
    assert graph.edges["E", "G"] == {
        "weight": 2.0,
        "cooperations": ("c",),
        "kinds": ("cooperation", "membership"),
    }
    assert graph.nodes["S"] == {"focus": True, "name": "S", "kind": "HOPITAL"}
    assert graph.nodes["P"]["focus"] is False


def test_an_inherited_partner_has_no_tie_but_a_relay_on_request():
    assert dict(analysis_graph(network(), STRUCTURES).degree())["PS"] == 0
    graph = analysis_graph(network(), STRUCTURES, relays=True)
    assert graph.edges["P", "PS"]["kinds"] == ("relay",)
    assert graph.edges["E", "S"]["kinds"] == ("relay",)
    assert not graph.has_edge("G", "PS")


def test_kinds_of_ties_can_be_left_out():
    memberships = analysis_graph(network(), STRUCTURES, ("membership",))
    assert set(memberships.edges) == {("E", "G")}
    assert memberships.edges["E", "G"]["weight"] == 1


def test_two_modes():
    graph = two_mode_graph(network(), ITEMS)
    assert set(graph["cooperation:b"]) == {"G", "P", "Q"}
    assert "cooperation:elsewhere" not in graph
    assert {node for node, side in graph.nodes(data="bipartite") if side == 0} == {
        *("E", "G", "P", "PS", "Q", "S")
    }


def test_two_modes_with_those_outside():
    items = [agreement("a", "G", "P"), agreement("b", "P", "Z")]
    assert set(two_mode_graph(network(items), items)["cooperation:b"]) == {"P"}
    assert set(two_mode_graph(network(items), items, everyone=True)["cooperation:b"]) == {"P", "Z"}


def test_what_lapses_before_a_day():
    dated = {"attested": None, "effective": "2020-01-01"}
    items = [
        agreement("ends", "G", "P", end="2027-03-31", **dated),
        agreement("renews", "G", "P", end="2027-03-31", tacit_renewal=True, **dated),
        agreement("lasts", "G", "P", end="2030-12-31", **dated),
        agreement("ended", "G", "P", end="2025-12-31", **dated),
        agreement("attested", "G", "P"),
    ]
    assert lapsing(items, ON, date(2027, 6, 30)) == {"ends"}
    assert lapsing(items, ON, ON) == frozenset()
