"""The coverage table on a country of 25 communes, and on Val-de-Marne and Paris."""

import math

import pytest

from graph.analysis.coverage import coverage_table
from graph.analysis.service_areas import Atlas
from graph.analysis.situation import Situation, kind_offers
from graph.errors import UsageError
from graph.model import Structure, Territory
from graph.projection import Layers, partner_network
from loaders.territories.bundled import bundled
from tests.support import small_world as world

SOUTH, NORTH = "arrondissement:941", "arrondissement:942"


def rows(situation, territories, kinds=("EHPAD",), **options):
    table = coverage_table(situation, list(territories), list(kinds), **options)
    return {(row.territory, row.kind): row for row in table.rows}


def one(situation, territory, kind="EHPAD", **options):
    return rows(situation, [territory], [kind], **options)[territory, kind]


EHPADS = [
    world.structure("A", "EHPAD", (1, 0)),
    world.structure("B", "EHPAD", (2, 0)),
    world.structure("C", "EHPAD", (3, 0)),
    world.structure("D", "EHPAD", (4, 0)),
]
DEALS = [
    world.agreement("a", "A"),
    world.agreement("b", "B", signed=None, indefinite=None, attested="2021..2022"),
    world.agreement("c", "C", type="contact_regulier"),
]


def test_each_state_once():
    seen = world.situation(EHPADS, DEALS)
    row = one(seen, SOUTH)
    assert (row.supply, row.own, row.agreed, row.attested, row.linked, row.unsigned) == (
        5,
        *[1] * 5,
    )
    assert row.state == "agreed"
    assert row.structures == {
        "own": (world.OWN,),
        "agreed": ("A",),
        "attested": ("B",),
        "linked": ("C",),
        "unsigned": ("D",),
    }
    by_commune = rows(seen, [f"commune:{world.code(c, 0)}" for c in range(5)])
    assert [row.state for row in by_commune.values()] == [
        "own",
        "agreed",
        "attested",
        "linked",
        "unsigned",
    ]
    assert row.partnership_rate == 2 / 4


def test_no_supply_is_not_unknown():
    here, there = f"commune:{world.code(4, 4)}", f"commune:{world.code(1, 0)}"
    seen = world.situation(EHPADS, DEALS)
    row = one(seen, here)
    assert (row.state, row.supply, row.capacity, row.places_per_1000) == ("no_supply", 0, 0, 0)
    assert row.partnership_rate is None
    blind = world.situation(EHPADS, DEALS, registers={})
    row = one(blind, here)
    assert (row.state, row.supply, row.capacity, row.places_per_1000) == ("unknown", *[None] * 3)
    row = one(blind, there)
    assert (row.state, row.supply, row.agreed, row.partnership_rate) == ("agreed", None, 1, None)


def test_a_register_of_other_departements_says_nothing_here():
    for scope, supply in ((frozenset({"94"}), 5), (frozenset({"91"}), None), (None, 5)):
        seen = world.situation(EHPADS, DEALS, registers={"EHPAD": scope})
        assert one(seen, "departement:94").supply == supply
    assert one(world.situation(EHPADS, registers={"HAD": None}), SOUTH).supply is None


@pytest.mark.parametrize(
    ("deal", "state"),
    [
        ({"end": "2025-12-31", "indefinite": None}, "unsigned"),
        ({"end": "2025-12-31", "indefinite": None, "still_applied": True}, "agreed"),
        ({"end": "2027", "indefinite": None}, "agreed"),
        ({"signed": None, "stage": "a_signer"}, "unsigned"),
        ({"terminated": "2024"}, "unsigned"),
        ({"type": "participation_instance"}, "linked"),
        ({"signed": "2027"}, "unsigned"),
    ],
)
def test_only_agreements_that_count_on_the_day(deal, state):
    seen = world.situation(EHPADS, [world.agreement("a", "A", **deal)])
    assert one(seen, f"commune:{world.code(1, 0)}").state == state


def test_an_agreement_beats_an_attestation_of_the_same_structure():
    both = [DEALS[0], world.agreement("a2", "A", signed=None, indefinite=None, attested="2022")]
    assert one(world.situation(EHPADS, both), f"commune:{world.code(1, 0)}").state == "agreed"


def test_what_the_network_shows_beside_agreements_does_not_count():
    here = f"commune:{world.code(1, 0)}"
    contact = [world.agreement("a", "A", type="contact_regulier")]
    shown = Layers(contacts=True)
    assert one(world.situation(EHPADS, contact, layers=shown), here).state == "linked"
    lapsed = [world.agreement("a", "A", end="2025", indefinite=None)]
    shown = Layers(statuses=frozenset({"echue"}))
    assert one(world.situation(EHPADS, lapsed, layers=shown), here).state == "unsigned"


def test_inheritance_reaches_establishments_and_can_be_off():
    group = [
        world.structure("E", "GESTIONNAIRE", level="EJ"),
        world.structure("S", "EHPAD", (2, 2), legal_entity="E", level="ET"),
    ]
    deal = [world.agreement("e", "E")]
    assert one(world.situation(group, deal), NORTH).state == "agreed"
    assert (
        one(world.situation(group, deal, layers=Layers(inherit=False)), NORTH).state == "unsigned"
    )


def test_members_partners_and_committees_are_links():
    others = [
        world.structure("I", "INSTANCE"),
        world.structure("E", "HOPITAL", level="EJ"),
        world.structure("H", "HOPITAL", (1, 1), legal_entity="E", level="ET"),
        world.structure("G", "GROUPEMENT", (2, 1)),
    ]
    held = [
        world.member("E", world.FOCUS, "associe"),
        world.member(world.OWN, "G"),
        world.member(world.OWN, "I", "siege"),
        world.member("D", "I", "siege"),
    ]
    registers = {"HOPITAL": None, "EHPAD": None, "GROUPEMENT": None}
    seen = world.situation([*EHPADS, *others], [], held, registers)
    assert one(seen, SOUTH, "HOPITAL").structures["linked"] == ("H",)
    assert one(seen, SOUTH, "GROUPEMENT").state == "linked"
    # a seat in the same committee is no link between those who sit in it
    assert one(seen, f"commune:{world.code(4, 0)}").state == "unsigned"


def test_a_legal_entity_is_not_a_second_supply():
    hospitals = [
        world.structure("E", "HOPITAL", (0, 0), level="EJ"),
        world.structure("S", "HOPITAL", (0, 0), level="ET", legal_entity="E"),
        world.structure("L", "HOPITAL", (0, 0), level="EJ"),
    ]
    row = one(world.situation(hospitals, registers={"HOPITAL": None}), SOUTH, "HOPITAL")
    assert row.structures["unsigned"] == ("L", "S")


def test_open_on_the_day():
    homes = [
        world.structure("past", "EHPAD", (1, 1), closed="2026-11-24"),
        world.structure("last day", "EHPAD", (1, 1), closed="2026-11-25"),
        world.structure("future", "EHPAD", (1, 1), opened="2027"),
        world.structure("this year", "EHPAD", (1, 1), opened="2026"),
    ]
    row = one(world.situation(homes), f"commune:{world.code(1, 1)}")
    assert row.structures["unsigned"] == ("last day", "this year")


def test_without_focus_nobody_is_ours():
    structures = world.situation(EHPADS).structures
    network = partner_network(None, structures, DEALS, [], world.ON)
    seen = world.situation(EHPADS, DEALS, network=network)
    assert one(seen, SOUTH).structures["unsigned"] == (world.OWN, "A", "B", "C", "D")


def test_capacity_and_places_per_thousand_concerned():
    homes = [
        world.structure("A", "EHPAD", (0, 2), capacity={"places_hebergement": 60.0}),
        world.structure(
            "B",
            "EHPAD",
            (1, 2),
            capacity={"places_hebergement_permanent": 25.0, "places_hebergement_temporaire": 5.0},
        ),
        world.structure("C", "EHPAD", (2, 2)),
    ]
    row = one(world.situation(homes), NORTH)
    assert (row.capacity, row.capacity_stated, row.supply) == (90, 2, 3)
    assert (row.population, row.basis, row.places_per_1000) == (150, "75", 600)
    assert one(world.situation(homes), NORTH, population="65").places_per_1000 == 300
    assert one(world.situation(homes), NORTH, population="total").places_per_1000 == 60


@pytest.mark.parametrize("absurd", [-1.0, math.nan, math.inf, 5001.0, 1e9])
def test_an_absurd_capacity_is_not_believed_and_is_named(absurd):
    homes = [
        world.structure("A", "EHPAD", (0, 2), capacity={"places_hebergement": absurd}),
        world.structure("B", "EHPAD", (0, 2), capacity={"places_hebergement": 40.0}),
    ]
    table = coverage_table(world.situation(homes), [NORTH], ["EHPAD"])
    assert (table.rows[0].capacity, table.rows[0].capacity_stated) == (40, 1)
    assert table.doubtful == {"EHPAD": ("A",)}


def test_an_absurd_part_does_not_hide_in_the_sum():
    parts = {"places_hebergement_permanent": 25.0, "places_hebergement_temporaire": -5.0}
    homes = [world.structure("A", "EHPAD", (0, 2), capacity=parts)]
    table = coverage_table(world.situation(homes), [NORTH], ["EHPAD"])
    assert (table.rows[0].capacity, table.doubtful) == (None, {"EHPAD": ("A",)})


def test_a_capacity_that_nobody_states_is_none():
    row = one(world.situation(EHPADS), SOUTH)
    assert (row.supply, row.capacity, row.places_per_1000, row.capacity_stated) == (
        5,
        None,
        None,
        0,
    )
    cpts = one(world.situation([], registers={"CPTS": None}), SOUTH, "CPTS")
    assert (cpts.state, cpts.capacity, cpts.places_per_1000) == ("no_supply", None, None)


def test_sixty_five_stand_in_for_seventy_five_and_it_is_said():
    atlas = Atlas(world.territories(population_75=None))
    row = one(world.situation(EHPADS, atlas=atlas), SOUTH)
    assert (row.population, row.basis) == (200, "65")
    nobody = Atlas(world.territories(population_75=None, population_65=None))
    row = one(world.situation(EHPADS, atlas=nobody), SOUTH)
    assert (row.population, row.places_per_1000, row.supply) == (None, None, 5)


def test_territories_are_read_on_one_basis():
    mixed = [world.commune(0, 0, population_75=None), *world.territories()[1:]]
    found = rows(world.situation(EHPADS, atlas=Atlas(mixed)), [SOUTH, NORTH])
    assert (found[SOUTH, "EHPAD"].population, found[SOUTH, "EHPAD"].basis) == (200, "65")
    assert (found[NORTH, "EHPAD"].population, found[NORTH, "EHPAD"].basis) == (300, "65")
    # what is known elsewhere does not decide: the north alone has all of its 75 and over
    alone = rows(world.situation(EHPADS, atlas=Atlas(mixed)), [NORTH])
    assert (alone[NORTH, "EHPAD"].population, alone[NORTH, "EHPAD"].basis) == (150, "75")
    bare = [world.commune(0, 0, population_75=None, population_65=None), *world.territories()[1:]]
    found = rows(world.situation(EHPADS, atlas=Atlas(bare)), [SOUTH, NORTH])
    assert (found[SOUTH, "EHPAD"].population, found[SOUTH, "EHPAD"].basis) == (None, "75")


def test_the_basis_is_that_of_the_territories_asked_and_not_of_neighbours():
    south_only = [
        world.commune(c, r, population_75=10 if r < 2 else None)
        for r in range(world.SIDE)
        for c in range(world.SIDE)
    ]
    atlas = Atlas([*south_only, *world.territories()[world.SIDE**2 :]])
    found = rows(world.situation(EHPADS, atlas=atlas), [NORTH])
    assert (found[NORTH, "EHPAD"].population, found[NORTH, "EHPAD"].basis) == (300, "65")


def test_nobody_lives_there():
    atlas = Atlas(world.territories(population=0, population_65=0, population_75=0))
    row = one(world.situation(EHPADS, atlas=atlas), SOUTH)
    assert (row.population, row.places_per_1000, row.state) == (0, None, "own")


def had(ident, *covers, **values):
    return world.structure(ident, "HAD", (0, 0), covers=covers, **values)


def test_home_care_serves_its_zone_and_not_its_seat():
    places = {"places_had": 50.0}
    zones = [had("Z", NORTH, capacity=places), had("W", "commune:94001", capacity=places)]
    found = rows(world.situation(zones, registers={"HAD": None}), [SOUTH, NORTH], ["HAD"])
    assert found[SOUTH, "HAD"].structures["unsigned"] == ("W",)
    assert found[NORTH, "HAD"].structures["unsigned"] == ("Z",)
    whole = one(
        world.situation([had("D", "departement:94", capacity=places)], registers={"HAD": None}),
        SOUTH,
        "HAD",
    )
    # 50 places shared among the 2,500 people of the zone: the 1,000 of the south have 20
    assert (whole.capacity, whole.places_per_1000) == (50, 20)


def test_a_zone_that_no_source_states_is_unknown_not_empty():
    silent = [had("S")]
    seen = world.situation(silent, registers={"HAD": None})
    row = one(seen, SOUTH, "HAD")
    assert (row.state, row.supply, row.unstated) == ("unknown", None, 1)
    assert coverage_table(seen, [SOUTH], ["HAD"]).unplaced == {"HAD": ("S",)}
    known = one(world.situation([*silent, had("Z", NORTH)], registers={"HAD": None}), NORTH, "HAD")
    assert (known.state, known.supply, known.unstated) == ("unsigned", 1, 1)
    far = Structure(id="F", kind="HAD", commune="13001")
    elsewhere = Territory(id="commune:13001", level="commune", code="13001", parents=("region:93",))
    atlas = Atlas([*world.territories(), elsewhere])
    row = one(world.situation([far], registers={"HAD": None}, atlas=atlas), SOUTH, "HAD")
    assert (row.state, row.supply, row.unstated) == ("no_supply", 0, 0)


def test_a_hospital_with_the_authorisation_is_home_care_as_well():
    hospital = world.structure("H", "HOPITAL", (0, 0), activities=("had", "mco"), covers=(SOUTH,))
    seen = world.situation([hospital], registers={"HAD": None, "HOPITAL": None})
    assert one(seen, SOUTH, "HAD").supply == 1
    assert one(seen, SOUTH, "HOPITAL").supply == 1
    assert one(seen, NORTH, "HAD").supply == 0


def test_an_activity_narrows_the_kind():
    hospitals = [
        world.structure("M", "HOPITAL", (0, 0), activities=("mco",), capacity={"lits_mco": 300.0}),
        world.structure(
            "S",
            "HOPITAL",
            (0, 0),
            activities=("mco", "smr"),
            capacity={"lits_mco": 100.0, "lits_smr": 40.0, "places_smr": 10.0},
        ),
    ]
    seen = world.situation(hospitals, registers={"HOPITAL": None})
    assert one(seen, SOUTH, "HOPITAL").capacity == 440
    row = one(seen, SOUTH, "HOPITAL", activity="smr")
    assert (row.supply, row.capacity) == (1, 50)


def test_sets_perimeters_and_polygons_are_territories_too():
    area = world.square(1, 1).union(world.square(2, 1)).buffer(1e-5)
    extra = [
        world.upper("set", "pair", members=("commune:94001", "commune:94002")),
        world.upper("set", "nested", members=("set:pair", NORTH)),
        world.upper("set", "itself", members=("set:itself", "commune:94003")),
        world.upper("set", "drawn", geometry=area.wkb),
        world.upper("set", "nowhere"),
    ]
    atlas = Atlas([*world.territories(), *extra])
    assert atlas.communes("set:pair") == {"94001", "94002"}
    assert len(atlas.communes("set:nested")) == 17
    assert atlas.communes("set:itself") == {"94003"}
    assert atlas.communes("set:drawn") == {"94007", "94008"}
    seen = world.situation(EHPADS, DEALS, atlas=atlas)
    assert one(seen, "set:pair").supply == 2
    row = one(seen, "set:nowhere")
    assert (row.state, row.supply, row.population) == ("unknown", None, None)


def test_what_is_not_known_is_refused():
    seen = world.situation(EHPADS)
    for territories, kinds, options in (
        (["arrondissement:999"], ["EHPAD"], {}),
        ([SOUTH], ["MAISON"], {}),
        ([SOUTH], ["EHPAD"], {"population": "80"}),
    ):
        with pytest.raises(UsageError) as refused:
            coverage_table(seen, territories, kinds, **options)
        assert refused.value.message("fr") != refused.value.message("en")


def test_structures_without_a_commune_are_listed():
    table = coverage_table(world.situation([Structure(id="X", kind="EHPAD")]), [SOUTH], ["EHPAD"])
    assert table.unplaced == {"EHPAD": ("X",)}
    assert table.rows[0].supply == 1


def test_structures_of_other_departements_are_not_listed_as_without_a_commune():
    homes = {
        "nowhere": None,
        "940000001": None,
        "2A0000001": None,
        "970100001": None,
        "old": "94999",
        "far": "13999",
        "940000002": "13999",
        "130000001": "94999",
    }
    lost = [Structure(id=ident, kind="EHPAD", commune=home) for ident, home in homes.items()]
    seen = world.situation(lost)
    here = ("130000001", "940000001", "nowhere", "old")
    assert coverage_table(seen, [SOUTH], ["EHPAD"]).unplaced == {"EHPAD": here}
    assert coverage_table(seen, [SOUTH, SOUTH], ["EHPAD", "HAD"]).unplaced["HAD"] == ()


def test_the_table_counts_as_a_plain_loop_does():
    homes = [
        world.structure(f"{c}{r}", "EHPAD", (c, r), capacity={"places_hebergement": c + r + 1.0})
        for c in range(5)
        for r in range(5)
        if (c * 3 + r * 7) % 4
    ]
    deals = [world.agreement(home.id, home.id) for home in homes[::3]]
    seen = world.situation(homes, deals)
    offers = kind_offers(seen, "EHPAD")
    for row in coverage_table(seen, [SOUTH, NORTH, "departement:94"], ["EHPAD"]).rows:
        inside = seen.atlas.communes(row.territory)
        here = [offer for offer in offers if offer.structure.commune in inside]
        assert row.supply == len(here) == row.own + row.agreed + row.unsigned
        assert row.agreed == sum(offer.structure.id in {d.id for d in deals} for offer in here)
        assert row.capacity == sum(offer.capacity or 0 for offer in here)


@pytest.fixture(scope="module")
def france():
    """The bundled communes of Île-de-France and what they are part of."""
    fields = ("level", "code", "name", "population", "population_65", "parents")
    return [
        Territory(id=row.ref, **{name: getattr(row, name) for name in fields})
        for row in bundled().rows
        if row.region == "11" or row.level == "region"
    ]


ARRONDISSEMENTS = [f"arrondissement:{code}" for code in ("941", "942", "943")]


def sante_service(*covers):
    return Structure(id="920000000", kind="HAD", commune="92044", covers=covers)


def lone(structures, territories, registers):
    network = partner_network("940110018", structures, [], [], world.ON)
    return Situation(
        atlas=Atlas(territories), structures=structures, network=network, registers=registers
    )


def test_had_sante_service_covers_val_de_marne_from_levallois_if_its_zone_says_so(france):
    levallois = "arrondissement:922"
    seen = lone([sante_service("departement:94")], france, {"HAD": None})
    found = rows(seen, [*ARRONDISSEMENTS, levallois], ["HAD"])
    assert [found[ref, "HAD"].supply for ref in (*ARRONDISSEMENTS, levallois)] == [1, 1, 1, 0]
    silent = lone([sante_service()], france, {"HAD": None})
    for row in rows(silent, [*ARRONDISSEMENTS, levallois], ["HAD"]).values():
        assert (row.state, row.supply, row.unstated) == ("unknown", None, 1)


def test_official_populations_and_the_ages_at_hand(france):
    seen = lone([], france, {"EHPAD": None})
    found = rows(seen, ARRONDISSEMENTS, ["EHPAD"], population="total")
    assert [row.population for row in found.values()] == [325_348, 517_705, 583_876]
    row = one(seen, "arrondissement:941")
    assert row.basis == "65"
    assert row.population == next(t.population_65 for t in france if t.id == "arrondissement:941")


def test_paris_is_read_by_municipal_arrondissement(france):
    homes = [Structure(id="75A", kind="EHPAD", commune="75113")]
    level = [item.id for item in france if item.level == "arrondissement"]
    found = rows(lone(homes, france, {"EHPAD": None}), level)
    assert "arrondissement:751" not in level
    assert [f"arrondissement:751{n:02d}" in level for n in range(1, 21)] == [True] * 20
    assert [ref for (ref, _), row in found.items() if row.supply] == ["arrondissement:75113"]
