"""Names beside symbols: held against a slow oracle, on made-up places of every kind."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.figures import clearance, labels
from explorer.figures.drawing import Box
from explorer.figures.labels import Around, Spot, place_labels, place_names
from explorer.figures.making import Style
from explorer.figures.networks import network_alone, network_map
from explorer.figures.paper import paper_of, theme_of
from tests.support.figure_checks import faults, group, on_line, panel_faults
from tests.support.figure_views import view_of

FRAME = Box(0, 0, 120, 90)
PLACES = st.lists(
    st.tuples(st.integers(2, 118), st.integers(2, 88), st.integers(6, 40)),
    min_size=1,
    max_size=14,
    unique_by=lambda place: place[:2],
)


def around(places, radius=1.5, boxes=()):
    discs = np.array([(x, y, radius) for x, y, _ in places], dtype=float)
    ties = np.array([(60, 45, x, y) for x, y, _ in places], dtype=float)
    return Around(FRAME, discs, ties, boxes)


def spots(places, radius=1.5):
    return [
        Spot(f"s{at}", x, y, radius, ((wide, 3.0), (wide / 2, 6.5)), at % 3)
        for at, (x, y, wide) in enumerate(places)
    ]


def boxes_of(found):
    return {key: item.box for key, item in found.items()}


def leaders_of(found):
    return {key: item.leader for key, item in found.items() if item.leader}


@settings(max_examples=30)
@given(PLACES)
def test_names_never_touch_names_symbols_leaders_or_the_frame(places):
    reserved = (Box(0, 70, 30, 20),)
    found = place_labels(spots(places), around(places, boxes=reserved))
    discs = [(x, y, 1.5) for x, y, _ in places]
    assert faults(boxes_of(found), discs, leaders_of(found), FRAME, reserved) == []
    assert {key: (round(b.width, 6), round(b.height, 6)) for key, b in boxes_of(found).items()} == {
        key: sizes[item.variant]
        for key, item in found.items()
        for sizes in [{s.key: s.sizes for s in spots(places)}[key]]
    }


@settings(max_examples=10)
@given(PLACES, st.randoms())
def test_the_order_in_which_they_come_does_not_matter(places, random):
    listed = spots(places)
    shuffled = random.sample(listed, len(listed))
    assert place_labels(listed, around(places)) == place_labels(shuffled, around(places))


def test_the_oracle_finds_each_fault():
    box = Box(10, 10, 20, 3)
    assert faults({"a": box, "b": Box(25, 11, 9, 3)}, [], {}, FRAME) == ["a on b"]
    assert faults({"a": box}, [(20.0, 14.0, 1.5)], {}, FRAME) == ["a on a symbol"]
    assert faults({"a": Box(110, 10, 20, 3)}, [], {}, FRAME) == ["a leaves the frame"]
    assert faults({"a": box}, [], {"b": ((0, 0), (30, 20))}, FRAME) == ["a on the leader of b"]


def test_a_lone_name_stands_at_the_right_of_its_symbol():
    place = [(60, 45, 20)]
    found = place_labels(spots(place), around(place)._replace(ties=np.empty((0, 4))))["s0"]
    assert (found.variant, found.leader) == (0, None)
    assert found.box.left == pytest.approx(60 + 1.5 + labels.GAP)
    assert found.box.middle[1] == pytest.approx(45)


def test_a_name_goes_where_no_tie_passes():
    place = [(60, 45, 20)]
    tie = np.array([(60.0, 45.0, 119.0, 45.0)])
    found = place_labels(spots(place), around(place)._replace(ties=tie))["s0"]
    assert not on_line((60, 45), (119, 45), found.box)


def test_one_pushes_another_to_a_place_that_only_the_other_has():
    # both fit at the right of the first only; the second can also stand at its own left
    frame = Box(0, 0, 60, 4)
    discs = np.array([(2.0, 2.0, 1.0), (40.0, 2.0, 1.0)])
    asked = [Spot("a", 2, 2, 1, ((20.0, 3.0),)), Spot("b", 40, 2, 1, ((20.0, 3.0),))]
    found = place_labels(asked, Around(frame, discs, np.empty((0, 4))))
    assert sorted(found) == ["a"] or not boxes_of(found)["a"].overlaps(boxes_of(found)["b"])
    assert "a" in found


def test_segments_against_boxes_are_those_of_the_oracle():
    draw = np.random.default_rng(3)
    lines = draw.uniform(0, 100, (14, 4))
    corners = draw.uniform(0, 90, (12, 2))
    boxes = np.hstack([corners, corners + draw.uniform(3, 25, (12, 2))])
    found = clearance.segments_cross_boxes(lines, boxes, 0.0)
    for line, row in zip(lines, found, strict=True):
        for box, crossed in zip(boxes, row, strict=True):
            plain = on_line(line[:2], line[2:], Box(*box[:2], *(box[2:] - box[:2])), 800)
            # a corner may be cut between two places of the oracle, never the other way round
            assert crossed or not plain
    assert clearance.segments_cross_boxes(np.full((1, 4), np.nan), boxes, 0.0).sum() == 0
    assert clearance.ties_over(boxes, lines).tolist() == found.sum(axis=0).tolist()


def test_names_of_places_keep_clear_and_the_first_comes_first():
    free, taken = Box(5, 5, 10, 3), Box(8, 6, 10, 3)
    clear = Around(FRAME, np.empty((0, 3)), np.empty((0, 4)))
    assert place_names([("a", [free]), ("b", [taken])], clear) == {"a": free}
    tie = np.array([(0.0, 6.5, 120.0, 6.5)])
    assert place_names([("a", [free])], clear._replace(ties=tie)) == {}
    assert place_names([("a", [free])], clear._replace(ties=tie), most_ties=1) == {"a": free}


def named(drawing):
    """Return whose names are on the figure, and whose numbers, the inset included."""
    items = [*group(drawing, "labels"), *group(drawing, "inset")]
    texts = {}
    for item in items:
        if item.name.startswith("label:"):
            texts.setdefault(item.name, []).append(item.text)
    numbers = {key for key, lines in texts.items() if lines[0].isdigit()}
    return texts.keys() - numbers, numbers


@pytest.mark.parametrize(
    ("page", "orientation"), [("16:9", "landscape"), ("A4", "portrait"), ("A3", "landscape")]
)
def test_nine_of_ten_names_are_placed_at_60_structures(page, orientation):
    style = Style(paper_of(page, orientation), theme_of("light"), "fr")
    drawing = network_map(view_of(59), style)
    names, numbers = named(drawing)
    assert panel_faults(drawing) == []
    assert len(names) >= 0.9 * 60
    key = {item.text for item in group(drawing, "legend") if item.name == "number"}
    assert {str(at) for at in range(1, len(numbers) + 1)} == key


def test_a_dense_centre_is_drawn_larger_with_a_frame_and_a_scale_of_its_own():
    style = Style(paper_of("16:9", "landscape"), theme_of("light"), "fr")
    drawing = network_map(view_of(40, dense=14, unplaced=0), style)
    inset = group(drawing, "inset")
    part = next(item for item in group(drawing, "frame") if item.name == "part")
    frame = next(item for item in inset if item.name == "inset")
    assert frame.box.width >= 3 * part.box.width
    assert any(item.name == "scale" for item in inset)
    shown = {item.name for item in inset if item.name.startswith(("Clinique", "Hôpital", "EHPAD"))}
    assert len(shown) >= 6
    assert panel_faults(drawing) == []
    sparse = network_map(view_of(12), style)
    assert group(sparse, "inset") == []


def test_a_network_alone_has_no_scale_and_takes_the_places_given():
    view = view_of(12)
    style = Style(paper_of("A4", "landscape"), theme_of("light"), "fr")
    places = {node.id: (float(at % 5), float(at // 5)) for at, node in enumerate(view.nodes)}
    drawing = network_alone(view, places, style)
    assert panel_faults(drawing) == []
    assert {"scale", "inset"}.isdisjoint(found.name for found in drawing.groups)
    spots_of = {item.name: (item.x, item.y) for item in group(drawing, "structures")}
    by_name = {node.label: places[node.id] for node in view.nodes}
    lefts = [spots_of[name][0] for name, (x, y) in by_name.items() if y == 1.0]
    assert lefts == sorted(lefts)


def test_many_structures_bear_names_numbers_or_are_counted():
    style = Style(paper_of("A3", "landscape"), theme_of("light"), "fr")
    drawing = network_map(view_of(160, dense=20), style)
    names, numbers = named(drawing)
    said = [text for text in drawing.words() if "sans nom" in text]
    assert len(said) == 1
    assert int(said[0].split()[0]) == 161 - len(names | numbers)
    key = {item.text for item in group(drawing, "legend") if item.name == "number"}
    assert {str(at) for at in range(1, len(numbers) + 1)} == key
    assert panel_faults(drawing) == []
