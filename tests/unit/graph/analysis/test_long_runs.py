"""Estimates, progress, stops and the cache."""

import networkx as nx
import numpy as np
import pytest

from graph.analysis import (
    Stopped,
    Watch,
    key_players,
    sampled_betweenness,
    side_by_side,
    structure_metrics,
)
from graph.analysis import betweenness as module
from graph.analysis.cache import clear, no_cache
from graph.analysis.simple import read

GRAPH = nx.gnm_random_graph(120, 300, seed=1)


@pytest.fixture(autouse=True)
def _fresh():
    clear()


def test_all_pivots_give_the_exact_value():
    found = sampled_betweenness(GRAPH, len(GRAPH))
    expected = nx.betweenness_centrality(GRAPH, normalized=False)
    np.testing.assert_allclose(found.values.to_list(), list(expected.values()), atol=1e-9)
    assert found.exact
    assert found.margin == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    "graph",
    [GRAPH, nx.barabasi_albert_graph(300, 2, seed=1), nx.random_labeled_tree(200, seed=1)],
    ids=["random", "hubs", "tree"],
)
def test_an_estimate_stays_within_its_margin(graph):
    exact = np.array(list(nx.betweenness_centrality(graph, normalized=False).values()))
    found = [sampled_betweenness(graph, 60, seed) for seed in range(20)]
    assert not any(item.exact for item in found)
    within = [np.abs(item.values - exact).max() <= item.margin for item in found]
    assert np.mean(within) >= 0.95
    assert np.mean([item.margin for item in found]) < exact.max()


def test_the_same_seed_gives_the_same_estimate():
    first, again = sampled_betweenness(GRAPH, 20, 3), sampled_betweenness(GRAPH, 20, 3)
    assert first.values.equals(again.values)


def test_blocks_of_sources_change_nothing(monkeypatch):
    whole = sampled_betweenness(GRAPH, 40)
    monkeypatch.setattr(module, "BLOCK_CELLS", 500)
    parts = sampled_betweenness(GRAPH, 40)
    np.testing.assert_allclose(whole.values, parts.values)
    assert whole.margin == pytest.approx(parts.margin)


def test_progress_names_the_stages():
    seen = []
    structure_metrics(GRAPH, watch=Watch(progress=lambda stage, *_: seen.append(stage)))
    assert {"betweenness", "closeness", "eigenvector", "constraint", "community"} <= set(seen)


@pytest.mark.parametrize("steps", [0, 1, 4, 9])
def test_a_computation_can_be_stopped_at_any_stage(steps):
    asked = iter(range(100_000))
    watch = Watch(stop=lambda: next(asked) >= steps)
    with pytest.raises(Stopped) as caught:
        structure_metrics(GRAPH, watch=watch)
    assert "arrêté" in caught.value.message("fr")
    assert structure_metrics(GRAPH).shape[0] == len(GRAPH)


def test_key_players_can_be_stopped():
    with pytest.raises(Stopped):
        key_players(GRAPH, 2, watch=Watch(stop=lambda: True))


def test_a_long_betweenness_runs_apart_and_can_be_stopped(monkeypatch):
    monkeypatch.setattr(module, "LONG", 0)
    found = structure_metrics(GRAPH, watch=Watch(stop=lambda: False))["betweenness"]
    np.testing.assert_allclose(found, module.exact(read(GRAPH)), atol=1e-9)
    clear()
    large = nx.gnm_random_graph(4000, 16000, seed=1)
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.01)
    asked = iter(range(100))
    with pytest.raises(Stopped):
        module.betweenness(read(large), Watch(stop=lambda: next(asked) > 1))


def test_the_same_ties_are_computed_once(monkeypatch):
    calls = []
    exact = module.exact
    monkeypatch.setattr(module, "exact", lambda simple: calls.append(1) or exact(simple))
    structure_metrics(GRAPH)
    structure_metrics(nx.relabel_nodes(GRAPH, lambda node: f"structure {node}"))
    assert len(calls) == 1
    with no_cache():
        structure_metrics(GRAPH)
    assert len(calls) == 2
    other = GRAPH.copy()
    other.remove_edge(*next(iter(GRAPH.edges)))
    structure_metrics(other)
    assert len(calls) == 3


def test_what_is_kept_cannot_be_spoilt():
    first = structure_metrics(GRAPH)
    before = first["betweenness"].copy()
    first["betweenness"] = first["betweenness"] + 1
    first.loc[0, "closeness"] = 99.0
    again = structure_metrics(GRAPH)
    assert again["betweenness"].equals(before)
    assert again.loc[0, "closeness"] < 1


def test_the_focus_is_left_out_of_one_half_only():
    found = side_by_side(GRAPH, [0])
    assert found["degree", "with"].sum() == 600
    assert found["degree", "without"].sum() == 600 - 2 * GRAPH.degree(0)
