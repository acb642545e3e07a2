"""GraphML and GEXF read back by NetworkX: the same network, with looks and days."""

import io
from datetime import date
from xml.etree import ElementTree as ET

import networkx as nx
import pytest

from explorer import palette
from explorer.exports.gexf import SPACE, VIZ, write_gexf
from explorer.exports.graphs import METRES_PER_UNIT, write_graphml
from explorer.exports.periods import Period, hull, tie_id
from graph.projection import to_networkx
from tests.support.confluence_synthetic import CHARITY, CLINIC, CLINIC_ENTITY, FOCUS, HOSTILE


@pytest.fixture(scope="module")
def graphml(made):
    return nx.read_graphml(io.BytesIO(write_graphml(made)), force_multigraph=True)


@pytest.fixture(scope="module")
def gexf(made):
    return nx.read_gexf(io.BytesIO(write_gexf(made)))


@pytest.fixture(scope="module")
def tree(made):
    return ET.fromstring(write_gexf(made))  # noqa: S314 - what we wrote ourselves


def pairs(graph) -> list[tuple[str, ...]]:
    kinds = ((*sorted((a, b)), data["tie_kind"]) for a, b, data in graph.edges(data=True))
    return sorted(kinds)


@pytest.mark.parametrize("name", ["graphml", "gexf"])
def test_the_graph_read_back_is_the_network(name, made, request):
    graph = request.getfixturevalue(name)
    expected = to_networkx(made.answer.network, made.answer.structures.values())
    assert set(graph) == set(expected)
    assert pairs(graph) == sorted(
        (*sorted((a, b)), kind) for a, b, kind in expected.edges(keys=True)
    )
    for key, data in graph.nodes(data=True):
        assert data.get("name") == expected.nodes[key].get("name")
        assert data.get("kind") == expected.nodes[key].get("kind")
        assert data["sources"]
    assert graph.nodes[CHARITY]["label"] == HOSTILE


@pytest.mark.parametrize("name", ["graphml", "gexf"])
def test_weights_are_those_of_the_network_and_never_zero(name, made, request):
    graph = request.getfixturevalue(name)
    stated = {tie_id(tie): tie.weight for tie in made.answer.network.ties}
    read = {data.get("id") or key: data for _, _, key, data in _keyed(graph)}
    assert set(read) == set(stated)
    for key, weight in stated.items():
        assert read[key].get("weight", 0.0) == pytest.approx(weight)
        assert read[key].get("weight") != 0  # Gephi drops such an edge


def _keyed(graph):
    if graph.is_multigraph():
        return list(graph.edges(keys=True, data=True))
    return [(a, b, None, data) for a, b, data in graph.edges(data=True)]


def test_places_colours_and_sizes_are_those_of_the_screen(graphml, gexf, made):
    drawn = {node.id: node for node in made.view.nodes}
    first, *_, second = (key for key in sorted(drawn) if drawn[key].x is not None)
    for graph_at in (
        lambda key: (graphml.nodes[key]["x"], graphml.nodes[key]["y"]),
        lambda key: tuple(gexf.nodes[key]["viz"]["position"][axis] for axis in "xy"),
    ):
        (x1, y1), (x2, y2) = graph_at(first), graph_at(second)
        assert (x2 - x1) * METRES_PER_UNIT == pytest.approx(drawn[second].x - drawn[first].x, abs=1)
        assert (y2 - y1) * METRES_PER_UNIT == pytest.approx(drawn[second].y - drawn[first].y, abs=1)
    assert graphml.nodes[FOCUS]["color"] == palette.mark("GHT").colour
    assert gexf.nodes[FOCUS]["viz"]["size"] == 2 * drawn[FOCUS].size
    assert "x" not in graphml.nodes[CHARITY]  # no source places it
    assert "position" not in gexf.nodes[CHARITY]["viz"]


def test_days_are_stated_as_far_as_sources_do(tree):
    edges = {edge.get("id"): edge for edge in tree.iter(f"{{{SPACE}}}edge")}
    renewed = next(
        edge for key, edge in edges.items() if CLINIC_ENTITY in key and "cooperation" in key
    )
    assert renewed.get("start") == "2024-02-01"
    assert renewed.get("end") is None  # it renews itself
    partial = edges[f"{CLINIC}--{FOCUS}--cooperation"]
    assert (partial.get("start"), partial.get("end")) == ("2025-01-01", "2027-03-31")
    assert tree.find(f"{{{SPACE}}}graph").get("timeformat") == "date"
    nodes = {node.get("id"): node for node in tree.iter(f"{{{SPACE}}}node")}
    assert nodes[CLINIC].get("start") == "1999-03-01"


def test_what_is_inferred_is_drawn_dotted_and_without_weight(tree):
    shapes = {
        edge.get("id"): (edge.find(f"{{{VIZ}}}shape").get("value"), edge.get("weight"))
        for edge in tree.iter(f"{{{SPACE}}}edge")
    }
    inherited = {value for key, value in shapes.items() if key.endswith("--inherited")}
    assert inherited == {("dotted", None)}


def test_a_hull_is_open_where_one_of_its_periods_is():
    one, two = Period(date(2020, 1, 1), None), Period(date(2019, 1, 1), date(2021, 1, 1))
    assert hull([one, two]) == Period(date(2019, 1, 1), None)
    assert hull([]) == Period(None, None)
