"""Perimeters: communes and people in none, one, several; a hole is told from what is not loaded."""

import pytest

from graph.analysis.perimeters import perimeter_cover
from graph.analysis.service_areas import Atlas
from graph.errors import UsageError
from tests.support import small_world as world

SOUTH = "arrondissement:941"


def cpts(ident, *codes):
    covers = tuple(f"commune:{code}" for code in codes)
    return world.structure(ident, "CPTS", (0, 0), covers=covers)


GROUPS = [
    cpts("east", "94004", "94005", "94009"),
    cpts("wide", "94005", "94009", "94011"),
    cpts("seat only"),
]


def test_none_one_several():
    seen = world.situation(GROUPS, registers={"CPTS": None})
    found = perimeter_cover(seen, SOUTH, "CPTS")
    assert found.communes == {
        "none": ("94001", "94002", "94003", "94006", "94007", "94008", "94010"),
        "one": ("94004",),
        "several": ("94005", "94009"),
    }
    assert found.people == {"none": 700, "one": 100, "several": 200}
    assert found.holders == {
        "94004": ("east",),
        "94005": ("east", "wide"),
        "94009": ("east", "wide"),
    }
    assert found.unstated == ("seat only",)
    assert (found.known, found.basis) == (True, "total")


def test_without_a_register_there_are_no_holes():
    found = perimeter_cover(world.situation(GROUPS, registers={}), SOUTH, "CPTS")
    assert (found.known, found.communes, found.people) == (False, {}, {})
    other = world.situation(GROUPS, registers={"CPTS": frozenset({"75"})})
    assert not perimeter_cover(other, SOUTH, "CPTS").known


def test_people_not_known_are_none():
    atlas = Atlas([world.commune(0, 0, population=None), *world.territories()[1:]])
    seen = world.situation(GROUPS, registers={"CPTS": None}, atlas=atlas)
    assert perimeter_cover(seen, SOUTH, "CPTS").people == {"none": None, "one": 100, "several": 200}


def test_nobody_is_in_several_where_there_is_one():
    seen = world.situation(GROUPS[:1], registers={"CPTS": None})
    assert perimeter_cover(seen, SOUTH, "CPTS").people == {"none": 700, "one": 300, "several": 0}


@pytest.mark.parametrize(
    ("territory", "kind"), [(SOUTH, "EHPAD"), (SOUTH, "MAISON"), ("cpts:nowhere", "CPTS")]
)
def test_what_has_no_perimeter_is_refused(territory, kind):
    with pytest.raises(UsageError):
        perimeter_cover(world.situation(GROUPS, registers={"CPTS": None}), territory, kind)
