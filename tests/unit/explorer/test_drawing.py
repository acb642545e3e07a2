"""What the canvas draws: places that stay, chains, neighbours, colours, sizes, two days."""

from collections import Counter
from datetime import date

import msgspec
import networkx as nx
import pandas as pd
import pytest

from explorer.canvas_state import COLOURS, SIZES, Board, CanvasState, Pin, heard, with_board
from explorer.palette import GROUP_COLOURS, LARGEST, NEUTRAL, SMALLEST
from explorer.selection import Selection
from explorer.services.analysis import measured
from explorer.services.drawing import Ground, drawn, drawn_as, in_sight, near, too_many
from explorer.services.exploring import (
    chains_between,
    neighbours,
    whole_network,
    with_structures,
)
from explorer.services.network import network_of
from explorer.services.unfolding import base_positions, unfolded_view
from explorer.services.view import view_from
from explorer.services.view_tables import structure_columns, structure_rows, tie_rows
from explorer.viewmodel.styling import Groups, Measure, coloured, sized
from graph.projection_graphs import analysis_graph
from tests.app.canvas.synthetic_view import synthetic_view
from tests.support.confluence_synthetic import (
    CHARITY,
    CLINIC,
    CLINIC_ENTITY,
    COMMITTEE,
    ENTITY,
    FOCUS,
    SITE,
    synthetic_store,
)

TODAY = date(2026, 11, 22)
BEFORE = date(2020, 6, 1)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return synthetic_store(tmp_path_factory.mktemp("drawing"))


def ask(store, **changes):
    return network_of(store, Selection(focus=FOCUS, on=TODAY, **changes))


def draw(store, answer, compared=None, **canvas):
    base = base_positions(store, answer.selection.focus)
    ground = Ground((), base, view_from(store, answer, (), "fr", base))
    measures = measured(answer).structures
    return drawn(store, answer, ground, CanvasState(**canvas), compared, measures)


def test_filters_and_dates_move_nothing(store):
    base = base_positions(store, FOCUS)
    whole = unfolded_view(ask(store), base)
    for changes in (
        {"kinds": frozenset({"ASSOCIATION"})},
        {"inherit": False},
        {"instances": True},
        {"statuses": frozenset({"echue"})},
    ):
        part = unfolded_view(ask(store, **changes), base)
        assert part
        assert {key: base[key] for key in part} == part
    past = network_of(store, Selection(focus=FOCUS, on=BEFORE))
    assert set(unfolded_view(past, base).items()) <= set(base.items())
    assert set(whole) <= set(base)


def test_every_structure_drawn_has_a_place_unfolded(store):
    view = draw(store, ask(store)).view
    assert all(node.unfolded is not None for node in view.nodes)
    assert any(node.x is None for node in view.nodes)


def test_chains_are_all_the_shortest_ones(store):
    answer = ask(store)
    whole = whole_network(store, answer)
    found = chains_between(answer, whole, (CHARITY, CLINIC))
    graph = analysis_graph(answer.network, answer.structures.values(), relays=True)
    expected = {tuple(path) for path in nx.all_shortest_paths(graph, CHARITY, CLINIC)}
    assert {chain.nodes for chain in found.found} == expected
    first = found.found[0]
    assert [hop.cooperations for hop in first.hops if hop.cooperations] == [("C-3",), ("C-1",)]
    assert {kind for hop in first.hops for kind in hop.kinds} == {
        "cooperation",
        "membership",
        "relay",
    }
    for hop, pair in zip(first.hops, zip(first.nodes, first.nodes[1:], strict=False), strict=True):
        assert (hop.a, hop.b) == pair


def test_chains_of_one_step_more_are_asked_for(store):
    answer = ask(store)
    whole = whole_network(store, answer)
    shortest = chains_between(answer, whole, (CHARITY, ENTITY)).found
    longer = chains_between(answer, whole, (CHARITY, ENTITY), every=True).found
    assert set(shortest) <= set(longer)
    assert all(len(chain.nodes) <= len(shortest[0].nodes) + 1 for chain in longer)
    assert chains_between(answer, whole, (CHARITY, "nobody")).found == ()


def test_neighbours_beyond_the_network_are_drawn_as_such_and_measured_by_nobody(store):
    narrow = network_of(store, Selection(focus=CHARITY, on=TODAY))
    whole = whole_network(store, narrow)
    around = neighbours(whole, {ENTITY})
    assert {ENTITY, CLINIC_ENTITY, FOCUS} <= around
    wider = with_structures(narrow, whole, around)
    assert wider.network.structures == narrow.network.structures
    assert CLINIC_ENTITY in wider.beyond
    view = draw(store, narrow, opened=(ENTITY,)).view
    roles = {node.id: node.role for node in view.nodes}
    assert roles[CLINIC_ENTITY] == "neighbour"
    assert roles[CHARITY] == "focus"
    ties = {frozenset((tie.source, tie.target)) for tie in view.ties}
    assert frozenset((ENTITY, CLINIC_ENTITY)) in ties
    assert {row["id"] for row in structure_rows(view, narrow)} == set(roles)


def test_committees_are_neighbours_only_where_their_layer_is_on(store):
    around = {}
    for instances in (False, True):
        whole = whole_network(store, ask(store, instances=instances))
        around[instances] = neighbours(whole, {FOCUS})
    assert around[True] - around[False] == {COMMITTEE}


def test_a_chain_brings_what_it_passes_into_view(store):
    narrow = network_of(store, Selection(focus=CHARITY, on=TODAY))
    found = draw(store, narrow, path=(CHARITY, CLINIC_ENTITY))
    (chain,) = found.chains.found
    assert set(chain.nodes) <= set(drawn_as(found.view))


@pytest.mark.parametrize("colour", COLOURS[1:])
def test_colours_come_with_signs_and_a_legend_that_counts(store, colour):
    view = draw(store, ask(store), colour=colour).view
    codes = {entry.code: entry for entry in view.legend_groups}
    assert sum(entry.count for entry in view.legend_groups) == len(view.nodes)
    assert view.group_title
    for node in view.nodes:
        assert node.colour == codes[node.code].colour
        assert (node.group is None) == (node.code == "–")
        assert view.group_title in node.lines[-1]
    assert {kind.colour for kind in view.legend_kinds} == {NEUTRAL}
    assert "coloured_by" in structure_columns(view)


def test_what_structures_are_coloured_by_is_what_the_sources_say(store):
    answer = ask(store)
    status = {node.id: node.group for node in draw(store, answer, colour="status").view.nodes}
    assert status[CHARITY] == "attestée (terme non renseigné)"
    assert status[FOCUS] is None
    theme = {node.id: node.group for node in draw(store, answer, colour="theme").view.nodes}
    assert theme[CHARITY] == "Précarité"
    place = {node.id: node.group for node in draw(store, answer, colour="territory").view.nodes}
    assert place[SITE if SITE in place else ENTITY] == "Syntheticois"
    assert place[CHARITY] is None


def test_groups_beyond_the_colours_are_told_together():
    view = synthetic_view(partners=40)
    groups = {node.id: f"G{i % 12:02}" for i, node in enumerate(view.nodes)}
    found = coloured(view, Groups("Titre", groups, "aucun", "autres"))
    codes = [entry.code for entry in found.legend_groups]
    assert codes == [*"1234567", "+"]
    assert len({entry.colour for entry in found.legend_groups}) == len(GROUP_COLOURS) + 1
    assert sum(entry.count for entry in found.legend_groups) == len(view.nodes)
    assert [node.symbol for node in found.nodes] == [node.symbol for node in view.nodes]


@pytest.mark.parametrize("size", SIZES[1:])
def test_any_measure_of_structures_sizes_them(store, size):
    view = draw(store, ask(store), size=size).view
    column = measured(ask(store)).structures[size].astype(float)
    for node in view.nodes:
        keys = [key for key in (node.id, *node.stands_for) if key in column.index]
        known = [column[key] for key in keys if pd.notna(column[key])]
        assert node.value == (max(known) if known else None)
        assert SMALLEST <= node.size <= LARGEST
    valued = sorted((node.value, node.size) for node in view.nodes if node.value is not None)
    assert [size for _, size in valued] == sorted(size for _, size in valued)
    assert view.size_title
    assert "sized_by" in structure_columns(view)


def test_areas_grow_with_the_value_and_the_unknown_is_not_a_zero():
    view = synthetic_view()
    values = {node.id: float(i) for i, node in enumerate(view.nodes[1:])}
    found = sized(view, Measure("Mesure", values, lambda value: f"= {value}"))
    assert found.nodes[0].value is None
    assert found.nodes[0].lines[-1] == "Mesure · = None"
    half = next(node for node in found.nodes if node.value == len(values) // 2)
    share = (half.size**2 - SMALLEST**2) / (LARGEST**2 - SMALLEST**2)
    assert share == pytest.approx(half.value / (len(values) - 1), abs=0.01)
    assert found.legend_sizes[0].size == LARGEST


def test_two_days_tell_what_began_and_what_ended(store):
    answer = ask(store)
    view = draw(store, answer, compared=BEFORE).view
    changes = {node.id: node.change for node in view.nodes}
    now = {node.id for node in draw(store, answer).view.nodes}
    assert changes[CHARITY] == "new"
    assert changes[FOCUS] == "kept"
    # The clinic had signed itself; today it is drawn as its legal entity, which signed another.
    ended = {tie.id for tie in view.ties if tie.change == "ended"}
    assert ended == {f"{CLINIC_ENTITY}--{FOCUS}"}
    counts = {(entry.what, entry.change): entry.count for entry in view.legend_changes}
    assert counts["tie", "ended"] == len(ended)
    assert counts["node", "new"] == sum(change == "new" for change in changes.values())
    assert now <= set(changes)
    assert "1er juin 2020" in view.change_title
    assert {row["evolution"] for row in tie_rows(view)} == {"nouveau", "terminé", "aux deux dates"}


def test_the_order_of_the_days_decides_what_is_new(store):
    later = draw(store, ask(store), compared=BEFORE).view
    earlier = draw(store, network_of(store, Selection(focus=FOCUS, on=BEFORE)), compared=TODAY).view
    assert Counter(tie.change for tie in later.ties) == Counter(tie.change for tie in earlier.ties)
    assert {tie.change for tie in later.ties} == {"new", "ended", "kept"}
    same = draw(store, ask(store), compared=TODAY).view
    assert same.legend_changes == ()
    assert {node.change for node in same.nodes} == {None}


def test_the_reseau_proche_goes_along_the_ties_drawn():
    view = synthetic_view()
    graph = nx.Graph((tie.source, tie.target) for tie in view.ties)
    for depth in (1, 2, 3):
        expected = nx.single_source_shortest_path_length(graph, "p3", cutoff=depth)
        assert near(view, ("p3",), depth) == set(expected)
    sight = in_sight(view, CanvasState(hidden=("940000001",), near=("p3",), depth=2))
    assert "940000001" not in {node.id for node in sight.nodes}
    assert {tie.source for tie in sight.ties} <= {node.id for node in sight.nodes}
    assert in_sight(view, CanvasState()) is view


def test_more_than_the_canvas_draws_is_known():
    assert not too_many(synthetic_view())
    view = synthetic_view()
    node, tie = view.nodes[0], view.ties[0]
    nodes = tuple(msgspec.structs.replace(node, id=f"n{i}") for i in range(5_001))
    assert too_many(msgspec.structs.replace(view, nodes=nodes))
    assert not too_many(msgspec.structs.replace(view, nodes=nodes[1:]))
    assert too_many(msgspec.structs.replace(view, ties=(tie,) * 20_001))


BOARD = {
    "turn": 3,
    "layout": "reseau",
    "chosen": ["a", "b"],
    "hidden": ["c"],
    "near": ["a"],
    "depth": 2,
    "path": ["a", "b"],
    "opened": [],
    "pins": [{"layout": "carte", "id": "a", "x": 1, "y": -2}],
}


def test_what_people_do_on_the_canvas_is_taken():
    state = with_board(CanvasState(colour="theme", path=("a", "b"), every=True), heard(BOARD))
    assert state == CanvasState(
        layout="reseau",
        colour="theme",
        chosen=("a", "b"),
        hidden=("c",),
        near=("a",),
        depth=2,
        path=("a", "b"),
        every=True,
        pins=(Pin("carte", "a", 1, -2),),
    )
    other = msgspec.convert({**BOARD, "path": ["b", "a"]}, Board)
    assert with_board(state, other).every is False


@pytest.mark.parametrize(
    "wrong",
    [
        {"layout": "shell"},
        {"hidden": ["<script>"]},
        {"hidden": ["a"] * 500},
        {"path": ["a"]},
        {"depth": 9},
        {"turn": "x"},
        {"pins": [{"layout": "carte", "id": "a", "x": 1.5, "y": 0}]},
    ],
)
def test_a_board_of_another_form_is_not_believed(wrong):
    assert heard({**BOARD, **wrong}) is None
    assert heard(None) is None
