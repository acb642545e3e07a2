"""Empty, one node, two nodes, self-loops, unknown names: the stated answers."""

import networkx as nx
import pytest

from graph.analysis import (
    brokerage,
    compare,
    fragmentation,
    key_players,
    network_summary,
    outside_ties,
    sampled_betweenness,
    side_by_side,
    sole_relays,
    structure_metrics,
)
from graph.analysis.structures import MEASURES
from graph.errors import UsageError

NOTHING = {
    "nodes": 0,
    "ties": 0,
    "density": 0,
    "components": 0,
    "degree_centralization": None,
    "betweenness_centralization": None,
    "closeness_centralization": None,
    "transitivity": 0,
    "mean_distance": None,
    "ei_index": None,
    "assortativity": None,
    "modularity": None,
    "bridges": 0,
    "isolates": 0,
}


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph])
def test_an_empty_graph(kind):
    assert network_summary(kind()) == NOTHING
    assert network_summary(kind(), "kind") == NOTHING
    found = structure_metrics(kind(), "kind")
    assert found.empty
    assert list(found)[: len(MEASURES)] == list(MEASURES)
    assert brokerage(kind(), "kind").empty
    assert fragmentation(kind()) == {"F": None, "DF": None}
    assert key_players(kind(), 2).nodes == ()
    assert sole_relays(kind(), []).cut_off == {}
    assert outside_ties(kind(), []).empty
    assert sampled_betweenness(kind()).margin == 0


def test_one_node():
    graph = nx.Graph([(0, 0)])
    assert network_summary(graph) == NOTHING | {"nodes": 1, "components": 1, "isolates": 1}
    row = structure_metrics(graph).loc[0]
    assert row.isna().to_dict() == {
        name: name in {"constraint", "effective_size"} for name in MEASURES
    }
    assert row.fillna(0).astype(float).sum() == 0
    assert fragmentation(graph) == {"F": None, "DF": None}


def test_two_nodes():
    tied, apart = nx.path_graph(2), nx.empty_graph(2)
    found = network_summary(tied)
    assert (found["density"], found["bridges"], found["mean_distance"]) == (1, 1, 1)
    assert found["degree_centralization"] is None
    assert found["closeness_centralization"] is None
    assert network_summary(apart)["mean_distance"] is None
    assert network_summary(apart)["components"] == 2
    assert fragmentation(tied) == {"F": 0, "DF": 0}
    assert fragmentation(apart) == {"F": 1, "DF": 1}
    assert structure_metrics(tied)["closeness"].to_list() == [1, 1]


def test_three_nodes_without_ties():
    found = network_summary(nx.empty_graph(3), dict.fromkeys(range(3), "a"))
    assert found["degree_centralization"] == 0
    assert found["betweenness_centralization"] == 0
    assert found["closeness_centralization"] is None
    assert found["ei_index"] is None


def test_a_removal_that_leaves_nothing():
    graph = nx.path_graph(3)
    assert fragmentation(graph, [0, 1, 2]) == {"F": None, "DF": None}
    assert fragmentation(graph, [0, 1]) == {"F": None, "DF": None}
    everyone = key_players(graph, 5)
    assert (set(everyone.nodes), everyone.after) == ({0, 1, 2}, None)
    rest = side_by_side(graph, [0, 1, 2], dict.fromkeys(range(3), "a"))
    assert rest["degree", "without"].isna().all()


def test_a_group_stated_for_the_focus_only_is_no_error():
    graph = nx.path_graph(3)
    graph.nodes[0]["kind"] = "HOPITAL"
    assert side_by_side(graph, [0], "kind")["liaison", "without"][2] == 0
    rest = graph.subgraph([1, 2])
    assert compare(graph, rest, "kind").left == (0,)
    with pytest.raises(UsageError):
        compare(rest, rest, "kind")


def test_comparing_with_an_empty_network():
    found = compare(nx.path_graph(2), nx.Graph(), {0: "a", 1: "b"})
    assert found.left == (0, 1)
    assert found.structures["degree_after"].isna().all()
    assert found.network.loc["nodes", "change"] == -2


def test_an_edge_without_stated_weight_weighs_one():
    graph = nx.Graph()
    graph.add_edge(0, 1, weight=None)
    assert structure_metrics(graph)["strength"].to_list() == [1, 1]


@pytest.mark.parametrize(
    "ask",
    [
        lambda graph: fragmentation(graph, ["nobody"]),
        lambda graph: key_players(graph, 1, protected=["nobody"]),
        lambda graph: key_players(graph, 6),
        lambda graph: key_players(graph, 0),
        lambda graph: sole_relays(graph, ["nobody"]),
        lambda graph: network_summary(graph, "no_such_attribute"),
        lambda graph: structure_metrics(graph, "no_such_attribute"),
        lambda graph: brokerage(graph, "no_such_attribute"),
    ],
)
def test_what_is_unknown_is_answered_clearly(ask):
    with pytest.raises(UsageError) as caught:
        ask(nx.path_graph(4))
    assert len(caught.value.message("fr")) > 20
    assert caught.value.exit_code == 2
