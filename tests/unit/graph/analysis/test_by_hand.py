"""Each measure on a network small enough to be worked out by hand.

The kite: A, B, C tied to one another, D hangs on A, E on D; F stands alone.

    B
    | \\
    C--A--D--E        F
"""

import math

import networkx as nx
import pandas as pd
import pytest

from graph.analysis import (
    brokerage,
    fragmentation,
    multiplexity,
    multiplexity_summary,
    network_summary,
    structure_metrics,
    two_mode_summary,
)

KITE = nx.Graph(["AB", "AC", "BC", "AD", "DE"])
KITE.add_node("F")
SIDE = {"A": "x", "B": "x", "C": "y", "D": "y", "E": "x", "F": "x"}

EXPECTED = {
    "degree": [3, 2, 2, 2, 1, 0],
    # A is between {B, C} and {D, E}; D between E and the three others.
    "betweenness": [4, 0, 0, 3, 0, 0],
    # four reached of five others, at distances 1+1+1+2, 1+1+2+3, 1+1+2+3, 1+1+2+2, 1+2+3+3
    "closeness": [16 / 25, 16 / 35, 16 / 35, 16 / 30, 16 / 45, 0],
    # A: ties to B, C, D; B-C closes. (1/3 (1 + 1/2))² twice and (1/3)².
    "constraint": [0.5**2 * 2 + 1 / 9, (4 / 3 / 2) ** 2 + 0.75**2, None, 0.5, 1.0, math.nan],
    "effective_size": [3 - 2 / 3, 1, 1, 2, 1, math.nan],
    "core_number": [2, 2, 2, 1, 1, 0],
    "community": [0, 0, 0, 1, 1, 2],
    "is_cut_point": [True, False, False, True, False, False],
}
EXPECTED["constraint"][2] = EXPECTED["constraint"][1]


@pytest.mark.parametrize("measure", EXPECTED)
def test_structures(measure):
    found = structure_metrics(KITE)[measure]
    order = sorted(found.index)
    assert list(found[order]) == pytest.approx(EXPECTED[measure], nan_ok=True)


def test_strength_sums_what_an_agreement_of_k_parties_weighs():
    graph = nx.MultiGraph()
    graph.add_edge("A", "B", weight=1)
    graph.add_edge("A", "B", weight=0.5)
    graph.add_edge("A", "C", weight=0.5)
    graph.add_edge("A", "A", weight=9)
    assert structure_metrics(graph)["strength"].to_dict() == {"A": 2, "B": 1.5, "C": 0.5}


def test_eigenvector_of_a_star_and_a_pair():
    graph = nx.disjoint_union(nx.star_graph(4), nx.path_graph(2))
    found = structure_metrics(graph)["eigenvector"]
    # the centre weighs as much as its four leaves together, in squares
    assert list(found[:5]) == pytest.approx([0.5**0.5] + [0.125**0.5] * 4)
    assert list(found[5:]) == pytest.approx([0.5**0.5] * 2)


def test_network():
    found = network_summary(KITE, SIDE)
    assert (found["nodes"], found["ties"], found["components"]) == (6, 5, 2)
    assert found["density"] == pytest.approx(5 / 15)
    assert found["degree_centralization"] == pytest.approx((0 + 1 + 1 + 1 + 2 + 3) / 20)
    assert found["betweenness_centralization"] == pytest.approx((4 * 6 - 7) / (25 * 4 / 2))
    # on the largest component: closeness 4/5, 4/7, 4/7, 4/6, 4/9
    lower = 5 * 4 / 5 - (4 / 5 + 4 / 7 + 4 / 7 + 4 / 6 + 4 / 9)
    assert found["closeness_centralization"] == pytest.approx(lower / (4 * 3 / 7))
    assert found["transitivity"] == pytest.approx(3 / (3 + 1 + 1 + 1))
    assert found["mean_distance"] == pytest.approx((5 + 7 + 7 + 6 + 9) / 20)
    assert (found["bridges"], found["isolates"]) == (2, 1)
    # AB stays within x; AC, BC, AD, DE cross
    assert found["ei_index"] == pytest.approx((4 - 1) / 5)
    # ends: x has A3 B2 E1 = 6, y has C2 D2 = 4
    by_chance = 0.6**2 + 0.4**2
    assert found["assortativity"] == pytest.approx((1 / 5 - by_chance) / (1 - by_chance))
    # {A, B, C} holds 3 ties of 5 and degrees 7, {D, E} 1 and 3
    assert found["modularity"] == pytest.approx(3 / 5 + 1 / 5 - 0.7**2 - 0.3**2)


def test_fragmentation():
    # without A: BC, DE, F; two pairs of ten reach one another, directly
    assert fragmentation(KITE, ["A"]) == pytest.approx({"F": 0.8, "DF": 0.8})
    whole = fragmentation(nx.path_graph(3))
    assert whole == pytest.approx({"F": 0, "DF": 1 - (1 + 1 + 0.5) / 3})


def test_brokerage():
    found = brokerage(nx.Graph(["AV", "VB"]), {"A": 1, "V": 1, "B": 2})
    # A V B is A A B: representative; B V A is A B B: gatekeeper
    assert found.loc["V"].to_dict() == {
        "coordinator": 0,
        "itinerant": 0,
        "gatekeeper": 1,
        "representative": 1,
        "liaison": 0,
    }
    assert found.loc[["A", "B"]].to_numpy().sum() == 0


def test_paths_of_an_unknown_group_are_no_brokerage():
    graph = nx.Graph(["AV", "VB", "VC"])
    found = brokerage(graph, {"A": 1, "V": 1, "B": 1, "C": None})
    assert found.loc["V", "coordinator"] == 2
    assert found.to_numpy().sum() == 2


def test_ties_of_an_unknown_group_are_left_out():
    graph = nx.path_graph(4)
    found = network_summary(graph, {0: "a", 1: "a", 2: float("nan")})
    assert found["ei_index"] == -1
    assert found["assortativity"] is None


def test_multiplexity_counts_agreements_not_lines():
    graph = nx.MultiGraph()
    graph.add_edge("A", "B", kind="cooperation", cooperations=("a", "b"))
    graph.add_edge("A", "B", kind="inherited", cooperations=("b",))
    graph.add_edge("B", "C", kind="cooperation", cooperations=("c",))
    graph.add_edge("C", "D", kind="membership", cooperations=())
    graph.add_edge("D", "E")
    assert multiplexity(graph).set_index(["a", "b"])["cooperations"].to_dict() == {
        ("A", "B"): 2,
        ("B", "C"): 1,
        ("C", "D"): 0,
        ("D", "E"): 1,
    }
    assert multiplexity_summary(graph) == {
        "mean": pytest.approx(4 / 3),
        "multiple_share": pytest.approx(1 / 3),
        "most": 2,
    }
    assert multiplexity_summary(nx.empty_graph(3)) == {
        "mean": None,
        "multiple_share": None,
        "most": 0,
    }


def test_two_modes():
    graph = nx.Graph()
    graph.add_nodes_from(["A", "B", "C", "D"], bipartite=0)
    graph.add_nodes_from(["a", "b"], bipartite=1)
    graph.add_edges_from([("A", "a"), ("B", "a"), ("C", "a"), ("A", "b"), ("B", "b")])
    assert two_mode_summary(graph) == {
        "structures": 4,
        "cooperations": 2,
        "participations": 5,
        "density": 5 / 8,
        "mean_parties": 2.5,
        "mean_cooperations": 1.25,
        "multilateral_share": 0.5,
    }
    nobody = two_mode_summary(nx.Graph())
    assert (nobody["density"], nobody["mean_parties"], nobody["mean_cooperations"]) == (
        0,
        None,
        None,
    )


def test_tuples_may_name_structures():
    found = structure_metrics(nx.Graph([(("commune", "94028"), "B")]))
    assert not isinstance(found.index, pd.MultiIndex)
    assert found.index[0] == ("commune", "94028")
