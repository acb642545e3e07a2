"""What goes to the browser, from synthetic views."""

import json

import pytest

from explorer import palette
from explorer.canvas.component import Pick, _backdrop, _network, _pick
from explorer.canvas.payload import CURVED_UP_TO, frame, network, payload
from explorer.viewmodel.model import LegendChange, LegendGroup, ViewModel, ViewNode
from graph.messages import catalogue
from tests.app.canvas.synthetic_view import HOSTILE, synthetic_view


def test_pyvis_builds_the_placed_structures_in_drawing_order():
    view = synthetic_view()
    network = payload(view)["network"]
    assert {node["id"] for node in network["nodes"]} == {node.id for node in view.nodes}
    assert network["nodes"][-1]["role"] == "focus"
    first = network["nodes"][0]
    node = next(node for node in view.nodes if node.id == first["id"])
    assert (first["x"], first["y"]) == (round(node.x, 1), round(node.y, 1))
    assert (first["shape"], first["color"]) == palette.mark(node.kind)


def test_nothing_moves_and_nothing_is_markup():
    network = payload(synthetic_view())["network"]
    assert network["options"]["physics"] == {"enabled": False}
    assert network["options"]["nodes"]["fixed"] is True
    # vis-network would show a title as a tooltip of its own.
    assert not any("title" in item for item in network["nodes"] + network["edges"])


def test_structures_without_a_place_are_left_to_the_list():
    view = synthetic_view()
    lost = {node.id for node in view.nodes if node.id == "p1"}
    nodes = tuple(
        type(node)(**{**fields(node), "x": None, "y": None}) if node.id in lost else node
        for node in view.nodes
    )
    part = payload(type(view)(**{**fields(view), "nodes": nodes}))
    assert "p1" not in {node["id"] for node in part["network"]["nodes"]}
    assert not any("p1" in (tie["from"], tie["to"]) for tie in part["network"]["edges"])
    assert "1 structure sans position" in part["frame"]["caption"]


def fields(record):
    return {name: getattr(record, name) for name in record.__struct_fields__}


def test_ties_go_outwards_from_the_focus_without_arrows():
    network = payload(synthetic_view())["network"]
    roles = {node["id"]: node["role"] for node in network["nodes"]}
    assert network["edges"]
    for tie in network["edges"]:
        assert (roles[tie["from"]], roles[tie["to"]]) == ("focus_site", "partner")
        assert tie["arrows"] == ""


@pytest.mark.parametrize(("ties", "curved"), [(None, True), (CURVED_UP_TO + 400, False)])
def test_many_ties_are_straight(ties, curved):
    network = payload(synthetic_view(partners=200, ties=ties))["network"]
    assert network["options"]["edges"]["smooth"]["enabled"] is curved


def test_how_a_position_is_known_is_said():
    part = payload(synthetic_view())
    said = {node["id"]: node["approximate"] for node in part["network"]["nodes"]}
    assert said["ght"] == "attached"
    assert said["p5"] == "centroid"
    assert said["p1"] == ""
    signs = [entry["mark"] for entry in part["frame"]["legend"][-1]["entries"]]
    assert signs == ["focus", "focus_site", "centroid", "attached"]


def test_the_legend_of_each_layout_counts_what_it_draws():
    view = synthetic_view()
    lost = {"p1", "p2"}
    nodes = [
        {**fields(node), "unfolded": (1.0, 2.0), "code": "1", "change": "new"}
        for node in view.nodes
    ]
    nodes = tuple(
        ViewNode(**{**node, "x": None, "y": None} if node["id"] in lost else node) for node in nodes
    )
    legend = {
        "legend_groups": (LegendGroup(code="1", label="Un", colour="#000000", count=len(nodes)),),
        "group_title": "Groupes",
        "legend_changes": (LegendChange(what="node", change="new", label="N", count=len(nodes)),),
        "change_title": "Dates",
    }
    view = ViewModel(**{**fields(view), "nodes": nodes, **legend})
    for layout, count in (("carte", len(nodes) - 2), ("reseau", len(nodes))):
        groups = {group["title"]: group["entries"] for group in frame(view, layout)["legend"]}
        assert [entry["n"] for entry in groups["Groupes"]] == [count]
        assert [entry["n"] for entry in groups["Dates"]] == [count]
    sent = {node["id"]: node for node in network(view)["nodes"]}
    assert (sent["p1"]["x"], sent["p1"]["net"]) == (None, (1.0, 2.0))
    assert "distances ne sont pas celles du terrain" in frame(view, "reseau")["caption"]


def test_the_legend_names_what_is_there_and_nothing_else():
    frame = payload(synthetic_view(kinds=("HOPITAL", "CLINIQUE")))["frame"]
    groups = {group["title"]: group["entries"] for group in frame["legend"]}
    assert [entry["label"] for entry in groups["Structures"]] == ["GHT", "Hôpital", "Clinique"]
    assert payload(synthetic_view(empty=True))["frame"]["legend"] == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_words_are_in_the_language_of_the_view(language):
    frame = payload(synthetic_view(language=language))["frame"]
    assert frame["language"] == language
    assert frame["texts"]["fit"] == catalogue(language)["canvas.ui.fit"]
    assert frame["caption"].startswith("Sources\u00a0: " if language == "fr" else "Sources: ")


def test_the_payload_is_plain_json_and_keeps_names_as_they_are():
    part = payload(synthetic_view(hostile=True))
    again = json.loads(json.dumps(part))
    names = {node["name"] for node in again["network"]["nodes"]}
    assert set(HOSTILE) <= names


def test_polygons_are_whole_metres():
    territory = payload(synthetic_view())["backdrop"]["territories"][1]
    assert territory["fill"] == "inside"
    assert all(isinstance(value, int) for ring in territory["rings"] for value in ring)


def test_parts_change_apart():
    one, other = synthetic_view(), synthetic_view(kinds=("HOPITAL",))
    assert _backdrop(one) == _backdrop(other)
    assert _network(one).digest != _network(other).digest
    assert len(_network(one).digest) == 32
    assert _network(synthetic_view()) is _network(one)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"kind": "node", "id": "p1"}, Pick("node", "p1")),
        ({"kind": "none", "id": ""}, Pick("none", "")),
        (None, None),
        ("node", None),
        ({"kind": "node"}, None),
        ({"kind": "shell", "id": "x"}, None),
        ({"kind": "node", "id": 3}, None),
    ],
)
def test_only_picks_come_back_from_the_browser(sent, expected):
    assert _pick(sent) == expected
