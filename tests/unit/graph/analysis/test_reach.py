"""Reach on 25 square communes: by hand, against every point, and what must always hold."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.analysis.demand import demand_points
from graph.analysis.reach import nearest_partners, positions, reach, weighted_quantiles
from graph.analysis.service_areas import Atlas
from graph.errors import UsageError
from graph.model import Structure
from tests.support import small_world as world

SOUTH, NORTH, ALL = "arrondissement:941", "arrondissement:942", "departement:94"
SQUARES = {world.code(c, r): world.square(c, r) for c in range(5) for r in range(5)}
PEOPLE = dict.fromkeys(SQUARES, 100)
DEMAND = demand_points(SQUARES, PEOPLE)
PARTNER = world.structure("P", "EHPAD", (2, 2))
DEAL = world.agreement("p", "P")


def one(seen, territory, radius, **options):
    return reach(seen, [territory], "EHPAD", options.pop("demand", DEMAND), radius, **options)[0]


def test_a_partner_by_hand():
    # Points of its own commune are 354 m away; the nearest two of each neighbour 791 m.
    seen = world.situation([PARTNER], [DEAL])
    for radius, people in ((353, 0), (354, 100), (790, 100), (791, 300), (1061, 400)):
        found = one(seen, ALL, radius)
        assert found.population_covered == people
        assert found.share_covered == people / 2500


def test_own_sites_are_supply_but_no_partners_unless_asked():
    seen = world.situation([PARTNER], [DEAL])
    found = one(seen, ALL, 400)
    assert (found.population_covered, found.population_near_supply) == (100, 200)
    mine = one(seen, ALL, 400, covering={"agreed", "attested", "own"})
    assert mine.population_covered == 200


def test_supply_outside_the_border_counts():
    # P stands in the north, 500 m from the border: points 250 m beyond it are 791 m away
    seen = world.situation([PARTNER], [DEAL])
    assert one(seen, SOUTH, 790).population_covered == 0
    assert one(seen, SOUTH, 791).population_covered == 50
    lone = world.structure("X", "EHPAD", commune="92044", longitude=2.0, latitude=48.0)
    assert one(world.situation([lone]), SOUTH, 300_000).population_near_supply == 1000


def test_without_partner_supply_or_register():
    seen = world.situation([PARTNER])
    found = one(seen, NORTH, 400)
    assert (found.population_covered, found.share_covered, found.population_near_supply) == (
        0,
        0,
        100,
    )
    assert found.metres == {}
    blind = one(world.situation([PARTNER], [DEAL], registers={}), NORTH, 400)
    assert (blind.population_covered, blind.population_near_supply) == (100, None)
    scoped = one(world.situation([PARTNER], registers={"EHPAD": frozenset({"75"})}), NORTH, 400)
    assert scoped.population_near_supply is None


def test_people_not_known_are_none_and_not_zero():
    seen = world.situation([PARTNER], [DEAL])
    part = demand_points(SQUARES, PEOPLE | {world.code(0, 4): None})
    found = one(seen, NORTH, 400, demand=part)
    assert (found.population, found.population_covered, found.share_covered) == (None, None, None)
    assert one(seen, SOUTH, 400, demand=part).population == 1000
    undrawn = demand_points(SQUARES | {world.code(0, 4): None}, PEOPLE)
    assert one(seen, NORTH, 400, demand=undrawn).population is None
    empty = one(seen, NORTH, 400, demand=demand_points(SQUARES, dict.fromkeys(SQUARES, 0)))
    assert (empty.population, empty.population_covered, empty.share_covered) == (0, 0, None)


def test_the_distribution_not_only_the_mean():
    seen = world.situation([PARTNER], [DEAL])
    found = one(seen, "commune:" + world.code(2, 2), 400)
    assert list(found.metres.values()) == pytest.approx([353.553] * 5, abs=0.01)
    whole = one(seen, ALL, 400).metres
    assert list(whole) == [0.1, 0.25, 0.5, 0.75, 0.9]
    assert list(whole.values()) == sorted(whole.values())
    assert whole[0.9] > whole[0.1]


def test_a_zone_reaches_the_communes_that_it_covers_whatever_the_distance():
    zones = [
        world.structure("Z", "HAD", (0, 0), covers=("commune:94001", "commune:94002", NORTH)),
        world.structure("Y", "HAD", (0, 0), covers=("commune:94002", "commune:94003")),
        world.structure("silent", "HAD", (4, 4)),
    ]
    seen = world.situation(zones, [world.agreement("y", "Y")], registers={"HAD": None})
    found = {r.territory: r for r in reach(seen, [SOUTH, NORTH], "HAD", DEMAND, 400)}
    assert found[SOUTH].population_covered == 200
    assert found[SOUTH].population_near_supply == 300
    assert found[NORTH].population_covered == 0
    assert found[NORTH].population_near_supply == 1500
    assert found[SOUTH].metres == {}


def test_positions_that_are_only_a_commune_are_flagged():
    atlas = Atlas(world.territories())
    known = [
        PARTNER,
        Structure(id="C", kind="EHPAD", commune=world.code(1, 1)),
        world.structure("D", "EHPAD", (1, 1), precision="commune"),
        Structure(id="N", kind="EHPAD"),
        Structure(id="O", kind="EHPAD", longitude=0.0, latitude=0.0),
    ]
    found = positions(known, atlas)
    assert found.approximate == ("C", "D")
    assert found.missing == ("N", "O")
    middle = np.array([found.points.x[1] - world.WEST, found.points.y[1] - world.SOUTH])
    assert ((middle > 1000) & (middle < 2000)).all()


def test_greenwich_is_a_place():
    home = Structure(id="G", kind="EHPAD", longitude=0.0, latitude=48.0)
    assert positions([home], Atlas([])).missing == ()


def test_the_nearest_partner_of_each_commune():
    seen = world.situation(
        [PARTNER, world.structure("Q", "EHPAD", (0, 4)), world.structure("R", "EHPAD", (4, 4))],
        [DEAL, world.agreement("q", "Q")],
    )
    middles = demand_points(SQUARES, PEOPLE, "centroid")
    found = nearest_partners(seen, "EHPAD", middles).set_index("commune")
    assert found.loc[world.code(0, 4), "partner"] == "Q"
    assert found.loc[world.code(4, 4), "partner"] == "P"
    assert found.loc[world.code(4, 4), "metres"] == pytest.approx(math.hypot(2000, 2000), abs=0.01)
    none = nearest_partners(world.situation([PARTNER]), "EHPAD", middles)
    assert none["partner"].isna().all()


@pytest.mark.parametrize("radius", [0, -1, 1_000_000, math.nan])
def test_a_radius_that_cannot_be_meant_is_refused(radius):
    with pytest.raises(UsageError):
        one(world.situation([PARTNER]), SOUTH, radius)


def test_a_territory_or_kind_that_is_not_known_is_refused():
    seen = world.situation([PARTNER])
    with pytest.raises(UsageError):
        reach(seen, ["arrondissement:999"], "EHPAD", DEMAND, 400)
    with pytest.raises(UsageError):
        reach(seen, [SOUTH], "MAISON", DEMAND, 400)


places = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()), max_size=6)


@settings(max_examples=40)
@given(places, st.integers(100, 6000))
def test_every_point_tried_gives_the_same(homes, radius):
    built = [world.structure(f"h{n}", "EHPAD", (c, r)) for n, (c, r, _) in enumerate(homes)]
    deals = [world.agreement(f"d{n}", f"h{n}") for n, home in enumerate(homes) if home[2]]
    seen = world.situation(built, deals)
    found = {
        item.territory: item for item in reach(seen, [SOUTH, NORTH, ALL], "EHPAD", DEMAND, radius)
    }
    for ref, item in found.items():
        codes = seen.atlas.communes(ref)
        spots = [
            (c * 1000 + dx, r * 1000 + dy)
            for c in range(5)
            for r in range(5)
            if world.code(c, r) in codes
            for dx in (250, 750)
            for dy in (250, 750)
        ]
        partners = [(c * 1000 + 500, r * 1000 + 500) for c, r, signed in homes if signed]
        everything = [(500, 500), *((c * 1000 + 500, r * 1000 + 500) for c, r, _ in homes)]
        for sites, people in (
            (partners, item.population_covered),
            (everything, item.population_near_supply),
        ):
            near = [spot for spot in spots if any(math.dist(spot, s) <= radius for s in sites)]
            border = [
                spot
                for spot in spots
                if any(abs(math.dist(spot, s) - radius) < 0.01 for s in sites)
            ]
            assert border or people == pytest.approx(25 * len(near))
    assert found[ALL].population_covered == pytest.approx(
        found[SOUTH].population_covered + found[NORTH].population_covered
    )
    assert found[ALL].population_covered <= found[ALL].population_near_supply
    assert 0 <= found[ALL].share_covered <= 1


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), max_size=8),
    st.sampled_from([0.1, 0.5, 0.9, 1.0]),
)
def test_quantiles_count_people_one_by_one(pairs, share):
    everyone = sorted(value for value, weight in pairs for _ in range(weight))
    values, weights = (
        np.array(side, dtype=float) for side in (zip(*pairs, strict=True) if pairs else ([], []))
    )
    found = weighted_quantiles(values, weights, [share])
    expected = {share: everyone[math.ceil(round(share * len(everyone), 9)) - 1]} if everyone else {}
    assert found == expected
