"""Maps by class: published breaks, limits and counts that add up, unknowns apart, real outlines."""

import re
from datetime import date

import mapclassify
import numpy as np
import pytest
import shapely

from explorer.cover_state import MEASURES
from explorer.palette import PAPERS
from explorer.selection import Selection
from explorer.services.coverage import coverage_of
from explorer.services.coverage_map import map_of
from explorer.services.coverage_reading import CoverageQuestion
from explorer.ui.coverage.map_nodes import fitting, map_nodes
from explorer.ui.coverage.nodes import gap_nodes, matrix_nodes, territory_nodes
from explorer.ui.tree import plain
from explorer.viewmodel.choropleth import (
    SCALE,
    STATE_COLOURS,
    UNKNOWN,
    WIDTH,
    MapArea,
    natural_breaks,
    number_classes,
    sheet_of,
    state_classes,
)
from graph.model import Territory
from graph.store.open import open_store
from tests.support.coverage_store import small_store
from tests.support.small_world import (
    FOCUS,
    agreement,
    code,
    commune,
    structure,
    territories,
    upper,
)

SAID = {"one": "{low}", "range": "{low} to {high}", "unknown": "not stated"}
HOSTILE = "<img src=x onerror=alert(1)>"


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_breaks_published_for_58_counties():
    values = [float(value) for value in mapclassify.load_example()]
    found = natural_breaks(values)
    assert found.limits == pytest.approx((75.29, 192.05, 370.50, 722.85, 4111.45))
    assert np.bincount(found.members).tolist() == [49, 3, 4, 1, 1]


def test_few_values_are_classes_of_their_own():
    found = natural_breaks([3.0, 1.0, 3.0])
    assert (found.limits, found.members) == ((1.0, 3.0), (1, 0, 1))


def test_many_values_are_cut_in_equal_parts():
    found = natural_breaks([float(value) for value in range(1000)])
    assert np.bincount(found.members).tolist() == [200] * 5


def test_every_territory_is_in_one_class_and_the_unknown_apart():
    values = {f"r{n}": float(n * n) for n in range(20)} | {"x": None, "y": float("nan")}
    classes, keys = number_classes(values, SAID, lambda value: f"{value:g}")
    assert keys["x"] == keys["y"] == UNKNOWN
    assert sum(item.count for item in classes) == len(values)
    assert [item.hatched for item in classes] == [False] * 5 + [True]
    limits = [tuple(map(float, item.label.split(" to "))) for item in classes[:-1]]
    for (low, high), item in zip(limits, classes, strict=False):
        inside = [values[ref] for ref, key in keys.items() if key == item.key]
        assert (min(inside), max(inside)) == (low, high)
    assert limits == sorted(limits)


def test_nothing_known_is_one_hatched_class():
    classes, keys = number_classes({"a": None}, SAID, str)
    assert [(item.key, item.count, item.hatched) for item in classes] == [(UNKNOWN, 1, True)]
    assert keys == {"a": UNKNOWN}


def test_states_keep_their_order_and_only_those_present():
    words = {state: state for state in STATE_COLOURS}
    classes, _ = state_classes({"a": "unsigned", "b": "own", "c": "unsigned"}, words)
    assert [(item.key, item.count) for item in classes] == [("own", 1), ("unsigned", 2)]


def test_the_scale_grows_darker_and_each_state_has_a_lightness_of_its_own():
    steps = [luminance(colour) for colour in SCALE]
    assert steps == sorted(steps, reverse=True)
    shades = sorted(luminance(colour) for colour in STATE_COLOURS.values())
    assert len(set(STATE_COLOURS.values())) == len(STATE_COLOURS)
    ink = luminance(PAPERS["light"]["ink"])
    assert all((shade + 0.05) / (ink + 0.05) > 2 for shade in shades)


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    homes = [
        structure("940000101", "EHPAD", (1, 0), name="Partenaire"),
        structure("940000102", "EHPAD", (2, 3), name=HOSTILE),
        structure("920000103", "EHPAD", None, name="Sans lieu"),
    ]
    bare = Territory(
        **{
            **{name: getattr(commune(4, 4), name) for name in commune(4, 4).__struct_fields__},
            "geometry": None,
        }
    )
    country = {item.id: item for item in [*territories(), bare, upper("region", "11")]}
    url = small_store(
        tmp_path_factory.mktemp("map") / "map.db",
        homes,
        [agreement("convention-1", "940000101")],
        country=country.values(),
    )
    store = open_store(url)
    selection = Selection(
        focus=FOCUS,
        on=date(2026, 11, 25),
        kinds=frozenset({"EHPAD", "HAD"}),
        territories=frozenset({"departement:94"}),
    )
    question = CoverageQuestion(selection=selection, level="commune", radius_km=1.0)
    yield coverage_of(store, question)
    store.close()


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("kind", ["EHPAD", "HAD"])
def test_every_measure_draws_every_outline(answer, kind, measure):
    drawn = map_of(answer, kind, measure, "fr")
    assert drawn is not None
    assert len(drawn.areas) == 24
    assert drawn.missing == (code(4, 4),)
    assert {area.key for area in drawn.areas} <= {item.key for item in drawn.classes}
    assert sum(item.count for item in drawn.classes) == 25
    assert drawn.height == pytest.approx(WIDTH, rel=0.01)


def test_squares_are_drawn_where_they_are(answer):
    drawn = map_of(answer, "EHPAD", "state", "fr")
    by_ref = {area.ref: area for area in drawn.areas}
    x, y = by_ref[f"commune:{code(1, 0)}"].label_at
    assert (x, y) == pytest.approx((300, 900), abs=2)
    numbers = [float(n) for n in re.findall(r"[\d.]+", by_ref[f"commune:{code(0, 4)}"].path)]
    assert (min(numbers), max(numbers)) == pytest.approx((0, 200), abs=2)
    marks = {mark.id: (mark.role, mark.x, mark.y) for mark in drawn.marks}
    assert marks["940000101"] == ("partner", pytest.approx(300, abs=1), pytest.approx(900, abs=1))
    assert marks["940000102"][0] == "supply"
    assert "920000103" not in marks


def test_a_kind_that_serves_a_zone_stands_for_no_place(answer):
    assert map_of(answer, "HAD", "state", "fr").marks == ()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_is_made_of_known_tags_and_names_stay_texts(answer, language):
    drawn = map_of(answer, "EHPAD", "state", language)
    nodes = map_nodes(drawn, "Carte", language)
    assert HOSTILE in plain(nodes)
    assert code(4, 4) in plain(nodes)
    ref = f"commune:{code(2, 3)}"
    assert HOSTILE in plain(territory_nodes(answer, ref, language))
    table = plain(matrix_nodes(answer, ["EHPAD"], language))
    assert "0/1" in table
    gaps = plain(gap_nodes(answer, ["EHPAD"], language))
    word = "l’offre existe, sans accord" if language == "fr" else "supply exists, nothing is signed"
    assert word in gaps


def test_names_on_the_map_do_not_touch():
    def area(name, x, y, surface):
        spot = {"label_at": (x, y), "surface": surface}
        return MapArea(ref=name, name=name, path="", key="c0", words="", **spot)

    areas = [area("Petite", 100, 100, 1), area("Grande", 110, 110, 9), area("Loin", 400, 100, 2)]
    assert [item.name for item in fitting(areas)] == ["Grande", "Loin"]


def test_without_outline_there_is_no_map():
    assert sheet_of([upper("set", "x")]) is None
    sea = upper("set", "x", geometry=shapely.to_wkb(shapely.box(0, 0, 1, 1)))
    assert sheet_of([sea]) is None
