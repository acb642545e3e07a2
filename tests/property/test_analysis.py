"""What must hold of every network."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis import (
    brokerage,
    fragmentation,
    network_summary,
    removal,
    sole_relays,
    structure_metrics,
)

NODES = 9


@st.composite
def networks(draw):
    graph = draw(st.sampled_from([nx.Graph, nx.MultiGraph]))()
    graph.add_nodes_from(range(draw(st.integers(0, NODES))))
    if len(graph):
        ends = st.integers(0, len(graph) - 1)
        pairs = st.tuples(ends, ends, st.floats(0.1, 5))
        graph.add_weighted_edges_from(draw(st.lists(pairs, max_size=25)))
    return graph


@given(networks())
def test_relabelling_changes_nothing(graph):
    group = {node: "ab"[node % 2] for node in graph}
    names = {node: f"structure {NODES - node}" for node in graph}
    renamed = nx.relabel_nodes(graph, names)
    regrouped = {names[node]: value for node, value in group.items()}
    before, after = structure_metrics(graph, group), structure_metrics(renamed, regrouped)
    np.testing.assert_allclose(
        before.to_numpy(float), after.loc[[names[node] for node in before.index]].to_numpy(float)
    )
    assert network_summary(graph, group) == pytest.approx(network_summary(renamed, regrouped))


@given(networks())
def test_an_isolate_changes_only_what_it_should(graph):
    larger = graph.copy()
    larger.add_node("new")
    before, after = structure_metrics(graph), structure_metrics(larger)
    for name in set(before) - {"closeness"}:
        np.testing.assert_allclose(
            before[name].to_numpy(float), after.loc[before.index, name].to_numpy(float), atol=1e-9
        )
    shrunk = before["closeness"] * max(len(graph) - 1, 0) / max(len(graph), 1)
    np.testing.assert_allclose(after.loc[before.index, "closeness"], shrunk)
    old, new = network_summary(graph), network_summary(larger)
    same = ("ties", "closeness_centralization", "transitivity", "mean_distance", "bridges")
    assert {name: new[name] for name in same} == pytest.approx({name: old[name] for name in same})
    assert new["modularity"] == pytest.approx(old["modularity"])
    assert new["isolates"] == old["isolates"] + 1
    assert new["components"] == old["components"] + 1


@given(networks())
def test_self_loops_and_directions_change_nothing(graph):
    looped = graph.copy()
    looped.add_edges_from((node, node) for node in graph)
    assert structure_metrics(looped).equals(structure_metrics(graph))
    assert network_summary(looped) == network_summary(graph)
    arrows = nx.MultiDiGraph()
    arrows.add_nodes_from(graph)
    arrows.add_weighted_edges_from(graph.edges(data="weight"))
    plain = structure_metrics(graph).drop(columns="strength")
    assert structure_metrics(arrows).drop(columns="strength").equals(plain)


@given(networks())
def test_brokerage_counts_each_open_two_path_once(graph):
    found = brokerage(graph, dict.fromkeys(graph, "one"))
    simple = nx.Graph(nx.Graph(graph).edges)
    simple.remove_edges_from(list(nx.selfloop_edges(simple)))
    paths = sum(d * (d - 1) for _, d in simple.degree)
    closed = 2 * sum(nx.triangles(simple).values())
    assert found["coordinator"].sum() == paths - closed
    assert found.drop(columns="coordinator").to_numpy().sum() == 0


@given(networks())
def test_centralisations_and_fragmentation_are_shares(graph):
    values = {**network_summary(graph), **fragmentation(graph)}
    for name, value in values.items():
        if name.endswith("centralization") or name in {"F", "DF", "density", "transitivity"}:
            assert value is None or -1e-9 <= value <= 1 + 1e-9
    assert values["F"] is None or values["F"] <= values["DF"] + 1e-9


@given(networks())
def test_who_depends_on_a_relay_is_who_its_departure_cuts_off(graph):
    if not len(graph):
        return
    found = sole_relays(graph, [0])
    for node in set(graph) - {0}:
        gone = removal(graph, [node], focus=[0])
        assert set(gone.cut_off) == set(found.cut_off.get(node, ()))
