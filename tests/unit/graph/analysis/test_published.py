"""Values published elsewhere (REFERENCE_VALUES.md), computed by software that is not ours.

That page does not name the program behind each figure. NetworkX gives the same assortativity,
constraint and effective size (see test_oracle.py); centralisations, fragmentation and brokerage are
not in NetworkX, and stand here as published.
"""

import networkx as nx
import numpy as np
import pytest

from graph.analysis import (
    brokerage,
    fragmentation,
    key_players,
    network_summary,
    structure_metrics,
)

KARATE = nx.karate_club_graph()


@pytest.mark.parametrize(
    ("graph", "degree", "betweenness", "closeness"),
    [
        (nx.florentine_families_graph(), 0.274725, 0.436813, 0.322452),
        (KARATE, 0.399621, 0.405557, 0.298195),
    ],
)
def test_centralisation(graph, degree, betweenness, closeness):
    found = network_summary(graph)
    assert found["degree_centralization"] == pytest.approx(degree, abs=5e-7)
    assert found["betweenness_centralization"] == pytest.approx(betweenness, abs=5e-7)
    assert found["closeness_centralization"] == pytest.approx(closeness, abs=5e-7)


def test_club_assortativity_of_the_karate_club():
    found = network_summary(KARATE, "club")["assortativity"]
    assert found == pytest.approx(0.717530864, abs=5e-10)


def test_the_best_partition_of_the_karate_club_is_reached():
    assert network_summary(KARATE)["modularity"] == pytest.approx(0.4197896, abs=5e-8)
    sizes = structure_metrics(KARATE)["community"].value_counts().sort_index()
    assert len(sizes) == 4
    assert list(sizes) == sorted(sizes, reverse=True)


def test_constraint_and_effective_size_are_unweighted():
    first = structure_metrics(KARATE).loc[0]
    assert first["constraint"] == pytest.approx(0.155423, abs=5e-7)
    assert first["effective_size"] == pytest.approx(13.75)
    assert first["strength"] == KARATE.degree(0, weight="weight")


@pytest.mark.parametrize(
    ("removed", "expected"),
    [({0}, 0.316288), ({0, 1}, 0.423387), ({0, 32, 33}, 0.569892)],
)
def test_fragmentation_of_the_karate_club(removed, expected):
    assert fragmentation(KARATE, removed)["F"] == pytest.approx(expected, abs=5e-7)
    found = key_players(KARATE, len(removed))
    assert found.method == "exact"
    assert set(found.nodes) == removed
    assert found.after == pytest.approx(expected, abs=5e-7)


def test_brokerage_of_four_nodes():
    matrix = np.array([[0, 1, 1, 0], [0, 0, 1, 1], [0, 0, 0, 1], [1, 0, 0, 0]])
    graph = nx.from_numpy_array(matrix, create_using=nx.DiGraph)
    found = brokerage(graph, {0: 1, 1: 1, 2: 2, 3: 2}).sum()
    assert found["itinerant"] == 2
    assert found["gatekeeper"] == 2
    assert found["representative"] == 2
    assert found.sum() == 6
