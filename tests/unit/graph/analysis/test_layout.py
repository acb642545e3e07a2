"""The unfolded network: finite, apart, repeatable, and stable when only a part is asked for."""

import networkx as nx
import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.stats import spearmanr

from graph.analysis import layout
from graph.analysis.layout import ROOM, settle, unfold


def array(found):
    return np.array(list(found.values()))


GRAPHS = {
    "empty": nx.empty_graph(0),
    "alone": nx.empty_graph(1),
    "isolates": nx.empty_graph(40),
    "pair": nx.path_graph(2),
    "star": nx.star_graph(60),
    "complete": nx.complete_graph(12),
    "parts": nx.disjoint_union_all([nx.cycle_graph(9), nx.path_graph(4), nx.empty_graph(7)]),
    "loops": nx.Graph([(1, 1), (1, 2), (2, 3)]),
    "large": nx.gnm_random_graph(600, 1200, seed=3),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_every_node_has_a_place_of_its_own(name):
    graph = GRAPHS[name]
    found = unfold(graph)
    assert list(found) == list(graph)
    at = array(found).reshape(-1, 2)
    assert np.isfinite(at).all()
    if len(at) > 1:
        assert cKDTree(at).query(at, 2)[0][:, 1].min() >= ROOM


def test_the_same_network_gives_the_same_picture_and_another_seed_another():
    graph = GRAPHS["parts"]
    assert unfold(graph) == unfold(graph.copy())
    assert unfold(graph, seed=2) != unfold(graph)


@pytest.mark.parametrize("count", [60, 500])  # summed pair by pair, and on the mesh
def test_neighbours_are_near(count):
    graph = nx.grid_2d_graph(count // 20, 20)
    found = unfold(graph)
    at, keys = array(found), list(found)
    steps = dict(nx.all_pairs_shortest_path_length(graph))
    first, second = np.triu_indices(len(keys), 1)
    apart = np.hypot(*(at[first] - at[second]).T)
    hops = [steps[keys[a]][keys[b]] for a, b in zip(first, second, strict=True)]
    assert spearmanr(apart, hops).statistic > 0.8


def test_the_mesh_sums_the_repulsion_of_all_pairs():
    at = np.random.default_rng(4).normal(scale=900, size=(700, 2))
    exact, quick = layout._pairwise(at), layout._on_mesh(at)
    error = np.hypot(*(exact - quick).T)
    assert np.median(error / np.hypot(*exact.T)) < 0.1
    far = np.hypot(*at.T) > 2000  # where no near neighbour decides
    assert np.corrcoef(exact[far].ravel(), quick[far].ravel())[0, 1] > 0.995


def test_parts_without_a_tie_between_them_do_not_overlap():
    graph = nx.disjoint_union_all([nx.cycle_graph(9), nx.path_graph(4), nx.star_graph(5)])
    found = unfold(graph)
    boxes = []
    for part in nx.connected_components(graph):
        at = np.array([found[node] for node in part])
        boxes.append((at.min(axis=0), at.max(axis=0)))
    for i, (low, high) in enumerate(boxes):
        for other_low, other_high in boxes[i + 1 :]:
            assert ((high < other_low) | (other_high < low)).any()


def test_a_part_of_the_network_keeps_its_places():
    whole = nx.gnm_random_graph(80, 130, seed=5)
    base = unfold(whole)
    part = whole.subgraph([node for node in whole if node % 3])
    assert settle(part, base, {}) == {node: base[node] for node in part}


def test_newcomers_stand_near_their_neighbours_and_on_nobody():
    whole = nx.gnm_random_graph(80, 130, seed=5)
    base = unfold(whole)
    more = whole.copy()
    more.add_edges_from([("new", 3), ("newer", "new"), ("between", 3), ("between", 4)])
    found = settle(more, base, {})
    assert {node: found[node] for node in base} == base
    at = array(found)
    assert cKDTree(at).query(at, 2)[0][:, 1].min() >= ROOM - 0.2
    assert np.hypot(*np.subtract(found["new"], base[3])) < 6 * ROOM
    assert np.hypot(*np.subtract(found["newer"], found["new"])) < 6 * ROOM


def test_isolates_stand_in_rows_below_kind_by_kind():
    base = unfold(nx.cycle_graph(20))
    graph = nx.cycle_graph(20)
    kinds = {f"n{i}": "AB"[i % 2] for i in range(30)}
    graph.add_nodes_from(kinds)
    found = settle(graph, base, kinds)
    lowest = min(y for _, y in base.values())
    alone = {node: found[node] for node in kinds}
    assert all(y < lowest for _, y in alone.values())
    rows = sorted({y for _, y in alone.values()}, reverse=True)
    read = sorted(alone, key=lambda node: (rows.index(alone[node][1]), alone[node][0]))
    assert [kinds[node] for node in read] == ["A"] * 15 + ["B"] * 15
