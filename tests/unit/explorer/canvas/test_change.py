"""A network turned into another by what differs: always the very one that would be sent whole."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.canvas.change import change
from explorer.canvas.component import _change
from explorer.canvas.payload import network
from tests.app.canvas.synthetic_view import synthetic_view

WHOLE = synthetic_view(partners=14, supply=20, ties=60)
IDS = [node.id for node in WHOLE.nodes]


def narrowed(gone, larger=frozenset(), focus=None):
    nodes = tuple(
        msgspec.structs.replace(
            node,
            size=node.size + (node.id in larger),
            role="neighbour" if node.id == focus else node.role,
            x=None if node.id in gone and node.role == "supply" else node.x,
        )
        for node in WHOLE.nodes
        if node.id not in gone or node.role == "supply"
    )
    ids = {node.id for node in nodes}
    ties = tuple(tie for tie in WHOLE.ties if {tie.source, tie.target} <= ids)
    return msgspec.structs.replace(WHOLE, nodes=nodes, ties=ties[len(larger) :])


def applied(base, found):
    """Do what explorer/canvas/assets/change.js does."""
    parts = {}
    for name in ("nodes", "edges"):
        items = {item["id"]: item for item in base[name] if item["id"] not in found["gone"][name]}
        parts[name] = items | {item["id"]: item for item in found["put"][name]}
    ids = set(parts["nodes"])
    edges = [e for e in parts["edges"].values() if e["from"] in ids and e["to"] in ids]
    return parts["nodes"], {edge["id"]: edge for edge in edges}


def by_id(items):
    return {item["id"]: item for item in items}


some = st.frozensets(st.sampled_from(IDS), max_size=6)


@settings(max_examples=30)
@given(some, some, some, some, st.sampled_from([None, *IDS]))
def test_what_differs_makes_the_same_network(gone, other_gone, larger, other_larger, neighbour):
    base, view = narrowed(gone, larger), narrowed(other_gone, other_larger, neighbour)
    found = change(base, view)
    if found is None:
        return
    expected = network(view)
    nodes, edges = applied(network(base), found)
    assert nodes == by_id(expected["nodes"])
    assert edges == by_id(expected["edges"])
    assert found["options"] == expected["options"]


def test_a_filter_costs_ids_and_what_is_the_same_costs_nothing():
    view = narrowed(frozenset(IDS[5:9]))
    found = change(WHOLE, view)
    assert found is not None
    assert set(found["gone"]["nodes"]) == set(IDS[5:9])
    assert found["put"] == {"nodes": [], "edges": []}
    assert len(msgspec.json.encode(found)) < 0.1 * len(msgspec.json.encode(network(WHOLE)))
    assert _change(WHOLE, synthetic_view(partners=14, supply=20, ties=60)) == {}


def test_another_network_or_projection_is_sent_whole():
    assert change(WHOLE, msgspec.structs.replace(WHOLE, crs="EPSG:2975")) is None
    assert change(narrowed(frozenset(IDS[3:])), WHOLE) is None
