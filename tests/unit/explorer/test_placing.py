"""Where structures stand, on a synthetic world; metres of Lambert-93."""

import pytest
import shapely

from explorer.viewmodel.placing import Geography, Placer, needed_territories
from graph.model import Membership, Structure, membership_id

CRETEIL = {"longitude": 2.464503, "latitude": 48.797605}
VILLENEUVE = {"longitude": 2.450263, "latitude": 48.723165}
SQUARE = shapely.box(650_000, 6_850_000, 652_000, 6_852_000)


def placer(*structures: Structure, memberships=(), shapes=None) -> Placer:
    return Placer({item.id: item for item in structures}, memberships, Geography(shapes or {}))


def member(structure: str, group: str, role: str = "partie") -> Membership:
    return Membership(
        id=membership_id(structure, group, role), member=structure, group=group, role=role
    )


def test_a_position_is_drawn_in_lambert_93():
    # The origin of Lambert-93 by its definition: 3° E, 46.5° N is (700 km, 6 600 km).
    origin = Structure(id="a", longitude=3.0, latitude=46.5, precision="adresse")
    place = placer(origin).place("a")
    assert (place.x, place.y) == pytest.approx((700_000, 6_600_000), abs=0.01)
    assert (place.placement, place.precision) == ("place", "adresse")


def test_a_ght_stands_at_its_support_or_between_its_members():
    sites = [
        Structure(id="E1"),
        Structure(id="E2"),
        Structure(id="S1", legal_entity="E1", **CRETEIL),
        Structure(id="S2", legal_entity="E2", **VILLENEUVE),
        Structure(id="G", kind="GHT"),
    ]
    known = placer(*sites, memberships=[member("E1", "G", "support"), member("E2", "G")])
    assert known.place("G")[:2] == known.place("S1")[:2]
    unknown = placer(*sites, memberships=[member("E1", "G"), member("E2", "G")])
    between = unknown.place("G")
    assert between.x == pytest.approx((unknown.place("S1").x + unknown.place("S2").x) / 2)
    assert between.placement == "rattachement"


def test_a_filiere_has_no_place():
    sites = [Structure(id="S", **CRETEIL), Structure(id="F", kind="FILIERE")]
    assert placer(*sites, memberships=[member("S", "F")]).place("F") is None


def test_an_entity_stands_at_its_earliest_establishment_of_its_kind():
    sites = [
        Structure(id="E", kind="HOPITAL"),
        Structure(id="S1", kind="HOPITAL", legal_entity="E", opened="1990", **VILLENEUVE),
        Structure(id="S2", kind="HOPITAL", legal_entity="E", opened="1937", **CRETEIL),
        Structure(id="S3", kind="EHPAD", legal_entity="E", opened="1900", **VILLENEUVE),
    ]
    found = placer(*sites)
    assert found.main_establishment("E") == "S2"
    assert found.place("E").placement == "rattachement"


def test_an_entity_stands_at_the_establishment_that_bears_its_name():
    others = [
        Structure(id=f"S{i}", kind="HOPITAL", legal_entity="E", opened="1900", **VILLENEUVE)
        for i in range(6)
    ]
    named = Structure(id="T", name="chi synthétique", kind="HOPITAL", legal_entity="E", **CRETEIL)
    entity = Structure(id="E", name="CHI Synthétique", kind="HOPITAL")
    assert placer(entity, named, *others).main_establishment("E") == "T"
    assert placer(Structure(id="E", kind="HOPITAL"), *others).main_establishment("E") is None


def test_an_entity_with_many_establishments_has_no_main_one():
    sites = [Structure(id=f"S{i}", legal_entity="E", **CRETEIL) for i in range(4)]
    found = placer(Structure(id="E"), *sites)
    assert found.main_establishment("E") is None
    assert found.place("E").placement == "rattachement"


def test_a_cpts_stands_in_its_perimeter_whatever_its_address():
    cpts = Structure(id="C", kind="CPTS", covers=("commune:75114",), **CRETEIL)
    place = placer(cpts, shapes={"commune:75114": SQUARE}).place("C")
    assert SQUARE.contains(shapely.Point(place.x, place.y))
    assert place.placement == "rattachement"


def test_a_commune_alone_places_at_its_middle_and_says_so():
    found = placer(Structure(id="a", commune="94028"), shapes={"commune:94028": SQUARE}).place("a")
    assert (found.placement, found.precision) == ("place", "commune")


def test_nothing_known_is_nowhere():
    assert placer(Structure(id="a")).place("a") is None
    assert placer().place("nobody") is None


def test_groups_inside_groups_do_not_turn_round():
    sites = [Structure(id="G", kind="GROUPEMENT"), Structure(id="H", kind="GROUPEMENT")]
    assert placer(*sites, memberships=[member("G", "H"), member("H", "G")]).place("G") is None


def test_a_position_in_the_commune_that_it_left_is_not_used():
    moved = Structure(id="a", commune="92044", **CRETEIL)
    place = placer(moved, shapes={"commune:92044": SQUARE}).place("a")
    assert (place.placement, place.precision) == ("place", "commune")
    assert SQUARE.contains(shapely.Point(place.x, place.y))


def test_only_the_polygons_that_may_place_something_are_needed():
    found = needed_territories(
        [
            Structure(id="a", commune="94028"),
            Structure(id="b", commune="94017", **CRETEIL),
            Structure(id="c", covers=("set:x",)),
        ]
    )
    assert found == {"commune:94028", "commune:94017", "set:x"}
