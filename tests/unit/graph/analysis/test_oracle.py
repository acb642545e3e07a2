"""Every engine gives what plain NetworkX gives, to 1e-9, on graphs of every shape."""

from itertools import permutations

import networkx as nx
import numpy as np
import pytest

from graph.analysis import brokerage, fragmentation, network_summary, structure_metrics
from graph.analysis.broker_roles import ROLES
from graph.analysis.cache import no_cache
from tests.unit.graph.analysis.worlds import SHAPES

shapes = pytest.mark.parametrize("graph", SHAPES.values(), ids=SHAPES.keys())


@pytest.fixture(autouse=True)
def _computed_anew():
    with no_cache():
        yield


def plain(graph):
    """Return `graph` as simple and undirected, weights summed, the slow and obvious way."""
    simple = nx.Graph()
    simple.add_nodes_from(graph)
    for a, b, weight in graph.edges(data="weight", default=1):
        if a != b:
            before = simple.get_edge_data(a, b, {"weight": 0})["weight"]
            simple.add_edge(a, b, weight=before + weight)
    return simple


def same(found, expected):
    values = [expected[node] for node in found.index]
    np.testing.assert_allclose(found.to_numpy(dtype=float), values, rtol=1e-9, atol=1e-9)


def leading_vector(graph):
    found = dict.fromkeys(graph, 0.0)
    for members in nx.connected_components(graph):
        part = graph.subgraph(members)
        if len(part) > 1:
            vector = np.linalg.eigh(nx.to_numpy_array(part, weight=None))[1][:, -1]
            found |= dict(zip(part, np.abs(vector), strict=True))
    return found


@shapes
def test_structures(graph):
    found, simple = structure_metrics(graph), plain(graph)
    assert list(found.index) == list(graph)
    same(found["degree"], dict(simple.degree()))
    same(found["strength"], dict(simple.degree(weight="weight")))
    same(found["betweenness"], nx.betweenness_centrality(simple, normalized=False))
    same(found["closeness"], nx.closeness_centrality(simple))
    same(found["constraint"], nx.constraint(simple))
    same(found["effective_size"], nx.effective_size(simple))
    same(found["core_number"], nx.core_number(simple))
    cut = set(nx.articulation_points(simple))
    same(found["is_cut_point"], {node: node in cut for node in simple})


@shapes
def test_eigenvector(graph):
    found, simple = structure_metrics(graph)["eigenvector"], plain(graph)
    same(found, leading_vector(simple))
    for members in nx.connected_components(simple):
        norm = np.linalg.norm(found[list(members)])
        assert norm == pytest.approx(1 if len(members) > 1 else 0)


@pytest.mark.parametrize("seed", [1, 2])
def test_eigenvector_of_a_graph_too_large_for_the_dense_way(seed):
    graph = nx.gnm_random_graph(450, 1200, seed=seed)
    same(structure_metrics(graph)["eigenvector"], leading_vector(graph))


@shapes
def test_network(graph):
    group = {node: node % 3 for node in graph}
    found, simple = network_summary(graph, group), plain(graph)
    nx.set_node_attributes(simple, group, "group")
    assert found["nodes"] == len(simple)
    assert found["ties"] == simple.size()
    assert found["density"] == pytest.approx(nx.density(simple), abs=1e-9)
    assert found["components"] == nx.number_connected_components(simple)
    assert found["transitivity"] == pytest.approx(nx.transitivity(simple), abs=1e-9)
    assert found["bridges"] == len(list(nx.bridges(simple)))
    assert found["isolates"] == nx.number_of_isolates(simple)
    expected = nx.attribute_assortativity_coefficient(simple, "group")
    assert found["assortativity"] == pytest.approx(expected, abs=1e-9)
    crossing = [group[a] != group[b] for a, b in simple.edges]
    external = sum(crossing)
    expected = (external - (len(crossing) - external)) / len(crossing)
    assert found["ei_index"] == pytest.approx(expected)
    lengths = dict(nx.all_pairs_shortest_path_length(simple))
    distances = [d for row in lengths.values() for d in row.values() if d]
    assert found["mean_distance"] == pytest.approx(np.mean(distances), abs=1e-9)


@shapes
def test_modularity_is_that_of_the_communities_shown(graph):
    communities = structure_metrics(graph)["community"]
    parts = [set(members.index) for _, members in communities.groupby(communities)]
    expected = nx.community.modularity(plain(graph), parts, weight=None)
    assert network_summary(graph)["modularity"] == pytest.approx(expected, abs=1e-9)


@shapes
def test_fragmentation(graph):
    gone = list(graph)[:2]
    found, simple = fragmentation(graph, gone), plain(graph)
    simple.remove_nodes_from(gone)
    pairs = len(simple) * (len(simple) - 1)
    joined = sum(len(part) * (len(part) - 1) for part in nx.connected_components(simple))
    assert found["F"] == pytest.approx(1 - joined / pairs, abs=1e-9)
    assert found["DF"] == pytest.approx(1 - nx.global_efficiency(simple), abs=1e-9)


def brokered(graph, group):
    """Count open two-paths one by one."""
    counts = {node: dict.fromkeys(ROLES, 0) for node in graph}
    for a, v, b in permutations(graph, 3):
        if graph.has_edge(a, v) and graph.has_edge(v, b) and not graph.has_edge(a, b):
            counts[v][role(group[a], group[v], group[b])] += 1
    return counts


def role(a, v, b):
    if a == v == b:
        return "coordinator"
    if a == b:
        return "itinerant"
    if v == b:
        return "gatekeeper"
    return "representative" if a == v else "liaison"


@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize("name", ["random", "star", "tree", "clique", "tangled", "directed"])
def test_brokerage(name, groups):
    graph = SHAPES[name]
    group = {node: node * 7 % 5 % groups for node in graph}
    found = brokerage(graph, group)
    expected = brokered(graph, group)
    assert found.to_dict("index") == expected
    if not graph.is_directed():
        assert structure_metrics(graph, group)[list(ROLES)].equals(found)
