"""What if structures leave or agreements end: worked out by hand."""

import networkx as nx
import pytest

from graph.analysis import (
    compare,
    direct_partners,
    key_players,
    lost_supply,
    outside_ties,
    removal,
    side_by_side,
    sole_relays,
    without,
)
from graph.errors import UsageError


def ego():
    """Return us (U), partners A B C; D and E behind A, F behind D; B and C tied; X elsewhere."""
    graph = nx.Graph()
    for a, b in ("UA", "UB", "UC", "BC", "AD", "AE", "DF"):
        graph.add_edge(a, b, cooperations=(f"{a}{b}".lower(),), kinds=("cooperation",))
    graph.edges["U", "A"]["cooperations"] = ("ua", "framework")
    graph.edges["U", "B"]["cooperations"] = ("framework",)
    graph.add_node("X")
    return graph


def test_sole_relays_name_who_depends_on_whom():
    found = sole_relays(ego(), ["U"])
    assert found.cut_off == {"A": ("D", "E", "F"), "D": ("F",)}
    assert found.through == {"D": ("A",), "E": ("A",), "F": ("A", "D")}
    assert found.unreached == ("X",)
    assert next(iter(found.cut_off)) == "A"


def test_two_ways_to_us_make_no_sole_relay():
    graph = ego()
    graph.add_edge("E", "B")
    graph.add_edge("E", "F")
    assert sole_relays(graph, ["U"]).cut_off == {}


def test_a_focus_of_several_sites_is_one():
    graph = nx.Graph(["PA", "PB", "QB", "QC", "AD"])
    found = sole_relays(graph, ["P", "Q"])
    assert found.cut_off == {"A": ("D",)}
    assert direct_partners(graph, ["P", "Q"]) == ("A", "B", "C")


def test_ties_among_partners_outside_us():
    found = outside_ties(ego(), ["U"])
    assert set(zip(found["a"], found["b"], strict=True)) == {
        ("A", "D"),
        ("A", "E"),
        ("B", "C"),
        ("D", "F"),
    }
    assert set(found["cooperations"]) == {1}
    assert "U" not in without(ego(), ["U"])


def test_measures_with_and_without_us():
    found = side_by_side(ego(), ["U"])
    assert found.loc["A", ("degree", "with")] == 3
    assert found.loc["A", ("degree", "without")] == 2
    assert found["degree", "without"].isna().to_dict()["U"]


def test_a_departure_cuts_off_and_breaks_up():
    found = removal(ego(), nodes=["A"], focus=["U"])
    assert found.cut_off == ("D", "E", "F")
    assert set(found.lost_ties) == {("U", "A"), ("A", "D"), ("A", "E")}
    assert (found.before.components, found.after.components) == (2, 4)
    assert [set(piece) for piece in found.pieces] == [{"U", "B", "C"}, {"D", "F"}, {"E"}]
    # before: 42 of 56 ordered pairs reach one another; after: 6 + 2 of 42
    fragmentation = [found.before.F, found.after.F]
    assert fragmentation == pytest.approx([1 - 42 / 56, 1 - 8 / 42])


def test_the_end_of_an_agreement_ends_only_what_nothing_else_holds():
    found = removal(ego(), cooperations=["framework"], focus=["U"])
    assert found.lost_ties == (("U", "B"),)
    assert found.cut_off == ()
    found = removal(ego(), cooperations=["framework", "ua"], focus=["U"])
    assert set(found.lost_ties) == {("U", "A"), ("U", "B")}
    assert set(found.cut_off) == {"A", "D", "E", "F"}


def test_a_membership_outlives_the_agreement_beside_it():
    graph = nx.Graph()
    graph.add_edge("U", "A", cooperations=("a",), kinds=("cooperation", "membership"))
    graph.add_edge("U", "B", cooperations=(), kinds=("membership",))
    assert removal(graph, cooperations=["a"]).lost_ties == ()


def test_a_tie_ends_with_all_its_parallel_edges():
    graph = nx.MultiDiGraph([("U", "A"), ("A", "U"), ("U", "A"), ("A", "B")])
    found = removal(graph, ties=[("A", "U")], focus=["U"])
    assert found.lost_ties == (("U", "A"),)
    assert found.cut_off == ("A", "B")


def test_when_we_leave_all_who_reached_us_are_cut_off():
    found = removal(ego(), nodes=["U"], focus=["U"])
    assert set(found.cut_off) == set("ABCDEF")


@pytest.mark.parametrize(
    "gone", [{"nodes": ["Z"]}, {"ties": [("A", "B")]}, {"cooperations": ["nothing"]}]
)
def test_what_is_not_there_cannot_leave(gone):
    with pytest.raises(UsageError):
        removal(ego(), **gone)


def test_the_graph_given_is_left_as_it_was():
    graph = ego()
    removal(graph, ["A"], [("U", "B")], ["ua"], ["U"])
    assert nx.utils.graphs_equal(graph, ego())


def test_territories_that_lose_their_last_partner_of_a_kind():
    kinds = {"A": "EHPAD", "B": "EHPAD", "C": "HAD", "D": None}
    territories = {"A": ["94", "91"], "B": ["94"], "C": ["94"], "D": ["94"]}
    assert lost_supply("ABCD", "BD", kinds, territories) == {
        ("91", "EHPAD"): ("A",),
        ("94", "HAD"): ("C",),
    }


def test_key_players_spare_the_protected_and_say_how_they_were_found():
    exact = key_players(ego(), 1, protected=["U"])
    assert (exact.nodes, exact.method) == (("A",), "exact")
    greedy = key_players(ego(), 2, protected=["U"], exact_limit=0)
    assert (greedy.nodes[0], greedy.method) == ("A", "greedy")
    assert greedy.after >= exact.after


def test_greedy_key_players_may_miss_the_best_set():
    graph = nx.karate_club_graph()
    best, found = key_players(graph, 3), key_players(graph, 3, exact_limit=0)
    assert (best.method, found.method) == ("exact", "greedy")
    assert best.after >= found.after


@pytest.mark.parametrize("criterion", ["F", "DF"])
def test_greedy_takes_each_time_the_one_that_breaks_most(criterion):
    graph = nx.gnm_random_graph(24, 26, seed=11)
    left = graph.copy()
    for node in key_players(graph, 4, criterion=criterion, exact_limit=0).nodes:
        best = key_players(left, 1, criterion=criterion)
        assert node in left
        left.remove_node(node)
        found = key_players(left, 1, criterion=criterion).before
        assert found == pytest.approx(best.after)


def test_comparison_of_two_dates():
    before = nx.Graph(["UA", "UB"])
    after = nx.Graph(["UA", "UC", "AC"])
    found = compare(before, after)
    assert (found.arrived, found.left) == (("C",), ("B",))
    assert {frozenset(tie) for tie in found.gained} == {frozenset("UC"), frozenset("AC")}
    assert {frozenset(tie) for tie in found.lost} == {frozenset("UB")}
    rows = found.structures
    assert rows["presence"].to_dict() == {"U": "stayed", "A": "stayed", "B": "left", "C": "arrived"}
    assert rows["gained"].to_dict() == {"U": 1, "A": 1, "B": 0, "C": 2}
    assert rows["lost"].to_dict() == {"U": 1, "A": 0, "B": 1, "C": 0}
    assert rows.loc["A", "degree_change"] == 1
    assert rows.loc["U", "betweenness_change"] == -1
    assert "community_change" not in rows
    assert found.network.loc["ties"].to_dict() == {"before": 2, "after": 3, "change": 1}
