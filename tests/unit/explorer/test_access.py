"""``maillage coverage`` with times, the nearest and places in reach, on squares of 1 km."""

import csv
import io
import json
import socket  # noqa: TID251 - for a port that nobody listens to

import pytest
import shapely
from click.testing import CliRunner

from explorer.cli import main
from graph.dates import PartialDate
from graph.model import Fact, Territory
from tests.support.coverage_store import small_store
from tests.support.routing_server import refusing, routing
from tests.support.small_world import (
    FOCUS,
    agreement,
    code,
    commune,
    degrees,
    structure,
    territories,
    upper,
)

PARTNER, CORNER, RAISED = "940000101", "940000103", "940000104"
HOMES = [
    structure(PARTNER, "EHPAD", (1, 0), name="Partenaire", capacity={"places_hebergement": 60}),
    structure(CORNER, "EHPAD", (4, 4), name="Coin", capacity={"places_hebergement": 25}),
    structure("940000105", "EHPAD", commune=code(2, 4), name="Au milieu"),
    structure("940000106", "EHPAD", (0, 4), name="Absurde", capacity={"places_hebergement": -3}),
    structure("940000107", "CDS", (2, 2), name="Centre"),
]
SIGNED = [agreement("convention-1", PARTNER)]
OFFICIAL = "apl_generalistes"
WHERE = ("--focus", FOCUS, "--territory", "departement:94", "--as-of", "2026-11-25")
EHPAD = ("--level", "arrondissement", "--kind", "EHPAD")


def country():
    """The squares, each with an official figure that grows eastward, and a neighbour in the 91."""
    for item in territories():
        figure = Fact(
            topic=OFFICIAL, value=float(int(item.code) % 5), unit="u", date=PartialDate("2024")
        )
        yield Territory(
            **{name: getattr(item, name) for name in item.__struct_fields__ if name != "figures"},
            figures=(figure,) if item.level == "commune" else (),
        )
    beyond = [degrees(x, y) for x, y in ((0, -1), (1, -1), (1, 0), (0, 0))]
    yield commune(
        0,
        0,
        id="commune:91001",
        code="91001",
        parents=("departement:91", "region:11"),
        geometry=shapely.to_wkb(shapely.Polygon(beyond)),
    )
    for ident, (south, north) in (("94", (0, 5)), ("91", (-1, 0))):
        corners = [degrees(x, y) for x, y in ((0, south), (5, south), (5, north), (0, north))]
        yield upper("departement", ident, geometry=shapely.to_wkb(shapely.Polygon(corners)))


def without_94(items):
    return [item for item in items if item.id != "departement:94" or item.geometry is not None]


ACROSS = structure(
    "910000101",
    "EHPAD",
    commune="91001",
    longitude=degrees(0.5, -0.5)[0],
    latitude=degrees(0.5, -0.5)[1],
    name="Voisin",
    capacity={"places_hebergement": 40},
)


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    registers = (("ehpad", frozenset({"94", "91"})), ("cms", frozenset({"94", "91"})))
    path = tmp_path_factory.mktemp("access") / "access.db"
    return small_store(path, [*HOMES, ACROSS], SIGNED, registers, country=without_94(country()))


@pytest.fixture(scope="module")
def server():
    with routing() as held:
        yield held


def run(url, *arguments, language="en"):
    return CliRunner().invoke(main, ["--store", url, "--lang", language, "coverage", *arguments])


def document(url, *arguments, where=WHERE):
    result = run(url, *EHPAD, *arguments, *where, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def refused(url, *arguments, code=2):
    result = run(url, *arguments, *WHERE, "--json")
    assert (result.exit_code, result.stdout) == (code, ""), result.stderr
    assert "Traceback" not in result.stderr
    return result.stderr


def covered(found):
    return {row["territory"].partition(":")[2]: row["population_covered"] for row in found["rows"]}


def test_minutes_are_a_radius_of_stated_assumptions(homes):
    by_time = document(homes, "--minutes", "10", "--detour", "1.2", "--speed-kmh", "6")
    by_distance = document(homes, "--radius-km", str(10 / 12))
    assert covered(by_time) == covered(by_distance)
    assert sum(covered(by_time).values()) > 0
    assert (by_time["minutes"], by_time["radius_km"]) == (10, None)
    assert by_time["travel"] | {"words": ""} == {
        "by": "estimate",
        "unit": "min",
        "detour": 1.2,
        "speed_kmh": 6,
        "words": "",
    }
    assert any("1.2" in each and "6 km/h" in each for each in by_time["caveats"])
    assert by_distance["travel"]["by"] == "distance"
    assert by_time["rows"][0]["median_minutes"] > 0


def times_file(tmp_path, rows, header="origine;destination;minutes"):
    path = tmp_path / "temps.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return str(path)


def test_minutes_of_a_table(homes, tmp_path):
    every = [f"{code(c, r)};{CORNER};99" for c in range(5) for r in range(5)]
    rows = [*every, f"{code(0, 0)};{PARTNER};4", f"{code(3, 3)};{code(1, 0)};9"]
    path = times_file(tmp_path, rows)
    found = document(homes, "--minutes", "9", "--travel-times", path)
    assert covered(found) == {"941": 10, "942": 10}
    assert (found["demand"], found["travel"]["by"]) == ("centroid", "table")
    assert "temps.csv" in found["travel"]["words"]
    near = document(homes, "--nearest", "--travel-times", path)["distances"]
    ends = {row["commune"]: row["partner_minutes"] for row in near["nearest"]}
    assert {c: m for c, m in ends.items() if m is not None} == {code(0, 0): 4, code(3, 3): 9}


def test_a_commune_that_a_table_does_not_know_is_unknown_and_not_out_of_reach(homes, tmp_path):
    rows = [f"{code(c, r)};{PARTNER};5" for c in range(5) for r in range(5)][1:]
    found = document(homes, "--minutes", "9", "--travel-times", times_file(tmp_path, rows))
    assert covered(found) == {"941": None, "942": 150}
    assert "no time from 1 commune" in " ".join(found["caveats"])


def test_minutes_of_a_server(homes, server):
    # the server goes 1 km a minute: the middles at most 1 km away are the partner's and 3 beside
    found = document(homes, "--minutes", "1.05", "--router", server.address)
    assert covered(found) == {"941": 40, "942": 0}
    assert (found["demand"], found["travel"]["by"]) == ("centroid", "router")
    assert server.address.removeprefix("http://") in found["travel"]["words"]
    other = document(homes, "--minutes", "1.05", "--router", f"valhalla+{server.address}")
    assert covered(other) == covered(found)
    reach = document(homes, "--access", "e2sfca", "--router", server.address)["accessibility"]
    assert reach["rows"][0]["supply"] > 0


def test_a_server_that_fails_ends_the_command_and_prints_nothing(homes, server):
    server.fault = refusing("InvalidQuery")
    said = refused(homes, *EHPAD, "--minutes", "5", "--router", server.address, code=3)
    server.fault = None
    assert "InvalidQuery" in said
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{held.getsockname()[1]}"
    said = refused(homes, *EHPAD, "--minutes", "5", "--router", gone, code=3)
    assert "does not answer" in said


def test_the_nearest_of_each_commune(homes):
    found = document(homes, "--nearest")["distances"]
    rows = {row["commune"]: row for row in found["nearest"]}
    assert len(rows) == 25
    corner = rows[code(4, 4)]
    assert (corner["supply_id"], corner["supply_km"]) == (CORNER, pytest.approx(0, abs=0.01))
    assert (corner["partner_id"], corner["partner_km"]) == (PARTNER, pytest.approx(5, abs=0.01))
    assert corner["partner_minutes"] == pytest.approx(5 * 1.3 * 2, abs=0.05)
    assert rows[code(2, 4)]["supply_approximate"] is True
    assert corner["supply_approximate"] is False
    assert any("Au milieu" in each for each in found["caveats"])


def test_supply_outside_the_territory_asked_counts(homes):
    level = ("--level", "commune", "--kind", "EHPAD", "--nearest", "--json")
    middle = ("--focus", FOCUS, "--territory", f"commune:{code(2, 1)}", "--as-of", "2026-11-25")
    found = json.loads(run(homes, *level, *middle).stdout)["distances"]
    (row,) = found["nearest"]
    assert (row["commune"], row["partner_id"]) == (code(2, 1), PARTNER)
    assert (row["partner_outside"], row["supply_outside"]) == (True, True)
    assert {each["to"]: each["within_2_km"] for each in found["distribution"]} == {
        "partner": 1,
        "supply": 1,
    }


def test_the_neighbour_is_nearest_where_the_site_of_the_group_is_not(tmp_path):
    url = small_store(
        tmp_path / "n.db",
        [ACROSS],
        [agreement("a", ACROSS.id)],
        (("ehpad", frozenset({"94", "91"})),),
        country=without_94(country()),
    )
    found = document(url, "--nearest")["distances"]["nearest"]
    row = next(each for each in found if each["commune"] == code(0, 1))
    assert (row["partner_name"], row["partner_outside"]) == ("Voisin", True)
    assert row["partner_km"] == pytest.approx(2, abs=0.01)


def test_the_distribution_adds_up_to_everybody(homes):
    found = document(homes, "--nearest")["distances"]["distribution"]
    rows = {(row["territory"].partition(":")[2], row["to"]): row for row in found}
    south = rows["941", "partner"]
    assert (south["population"], south["population_basis"]) == (100, "75")
    shares = [south[f"within_{limit}_km"] for limit in (2, 5, 10, 20, 30)]
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[1] == 1
    assert south["decile_5_km"] == pytest.approx(1.6, abs=0.4)
    assert rows["941", "supply"]["within_2_km"] >= shares[0]


@pytest.mark.parametrize("method", ["2sfca", "e2sfca", "3sfca"])
def test_places_in_reach_add_up_to_the_places_there_are(homes, method):
    where = ("--focus", FOCUS, "--territory", "departement:94", "--territory", "departement:91")
    asked = ("--level", "commune", "--kind", "EHPAD", "--access", method)
    bands = ("--bands", "0-1:1; 1-3:0,5; 3-20:0.1 km")
    result = run(homes, *asked, *bands, *where, "--as-of", "2026-11-25", "--json")
    found = json.loads(result.stdout)["accessibility"]
    total = sum(row["population"] * row["supply"] / 1000 for row in found["rows"])
    assert total == pytest.approx(60 + 25 + 40)
    partners = sum(row["population"] * row["partner"] / 1000 for row in found["rows"])
    assert partners == pytest.approx(60)
    assert found["unit"] == "places in reach for 1,000 people of 75 and over"
    said = " ".join(found["caveats"])
    assert "Au milieu" in said  # no capacity stated
    assert "Absurde" in said  # -3 places


def test_neighbours_share_the_places(homes):
    far = ("--access", "2sfca", "--bands", "0-20:1 km")
    found = document(homes, *far)["accessibility"]
    # 26 communes of 10 people share 125 places, whoever was asked about
    assert [row["supply"] for row in found["rows"]] == pytest.approx([125 / 260 * 1000] * 2)


def test_official_figures_stand_beside_with_their_rank(homes):
    found = document(homes, "--access", "e2sfca", "--bands", "0-1:1; 1-4:0.3 km")["accessibility"]
    (rank,) = found["official_rank"]
    assert (rank["topic"], rank["n"], rank["period"]) == (OFFICIAL, 25, "2024")
    assert -1 <= rank["spearman"] <= 1
    assert found["communes"][0]["official"][0]["value"] == 1
    lines = run(homes, *EHPAD, "--access", "e2sfca", *WHERE).stdout
    assert "n = 25" in lines
    assert "2024" in lines


def test_the_official_logic_of_nursing_homes(homes):
    found = document(homes, "--access", "drees")["accessibility"]
    assert (found["per"], found["bands"]) == (100_000, None)
    assert found["rows"][0]["supply"] > 10_000
    assert "not the published value" in " ".join(found["caveats"])


def test_a_kind_without_capacities_counts_structures(homes):
    asked = ("--level", "departement", "--kind", "CDS", "--access", "2sfca", *WHERE, "--json")
    found = json.loads(run(homes, *asked).stdout)["accessibility"]
    assert found["unit"] == "structures in reach for 100,000 people"
    assert found["rows"][0]["supply"] == pytest.approx(100_000 / 2600)


def test_nothing_to_count_is_said_and_is_not_zero(tmp_path):
    silent = structure("940000105", "EHPAD", (0, 1))
    register = (("ehpad", frozenset({"94"})),)
    for name, structures, values, why in (
        ("no capacity", [silent], {}, "unknown, not nil"),
        ("no people", HOMES, {"population_75": None, "population_65": None}, "unknown, not nil"),
    ):
        world = territories(**values)
        url = small_store(tmp_path / f"{name}.db", structures, [], register, country=world)
        found = document(url, "--access", "e2sfca")["accessibility"]
        assert found["rows"] == []
        result = run(url, *EHPAD, "--access", "e2sfca", *WHERE, "--csv")
        assert (result.exit_code, result.stdout) == (0, "")
        assert why in result.stderr
        if name == "no people":
            near = document(url, "--nearest")["distances"]["distribution"]
            assert {row["population"] for row in near} == {None}
            assert {row["within_2_km"] for row in near} == {None}


def test_nobody_with_a_register_and_without_one_are_told_apart(tmp_path):
    register = (("cliniques", frozenset({"94"})),)
    url = small_store(tmp_path / "nobody.db", [], [], register)
    for kind, said in (("CLINIQUE", "there is no structure"), ("CDS", "Load a register")):
        result = run(url, "--level", "commune", "--kind", kind, "--access", "2sfca", *WHERE)
        assert (result.exit_code, said in result.stdout) == (0, True), result.stdout
    near = run(url, "--level", "departement", "--kind", "CDS", "--nearest", *WHERE, "--json")
    rows = {row["to"]: row for row in json.loads(near.stdout)["distances"]["distribution"]}
    assert rows["supply"]["population"] is None  # nobody knows who there is
    assert rows["partner"]["within_30_km"] == 0  # there is no partner, for sure


def test_csv_is_the_table_that_was_asked_for(homes):
    result = run(homes, *EHPAD, "--nearest", *WHERE, "--csv")
    near = list(csv.DictReader(io.StringIO(result.stdout), delimiter=";"))
    assert len(near) == 25
    assert near[0]["partner_name"] == "Partenaire"
    assert "as the crow flies" in result.stderr
    result = run(homes, *EHPAD, "--access", "3sfca", *WHERE, "--csv")
    reach = list(csv.DictReader(io.StringIO(result.stdout), delimiter=";"))
    assert len(reach) == 27
    assert reach[2][f"{OFFICIAL}_period"] == "2024"
    assert reach[0]["bands"].endswith("30-60:0.042 min")


REFUSED = {
    "minutes 0": (("--minutes", "0"), "no time that can be used"),
    "minutes -1": (("--minutes", "-1"), "no time that can be used"),
    "minutes 1000": (("--minutes", "1000"), "no time that can be used"),
    "radius 0": (("--radius-km", "0"), "radius"),
    "radius -1": (("--radius-km", "-1"), "radius"),
    "radius 1000": (("--radius-km", "1000"), "radius"),
    "a radius for the nearest": (("--nearest", "--radius-km", "1000"), "radius"),
    "both": (("--minutes", "5", "--radius-km", "5"), "together"),
    "two sources": (
        ("--minutes", "5", "--travel-times", "a.csv", "--router", "http://h"),
        "together",
    ),
    "speed 0": (("--minutes", "5", "--speed-kmh", "0"), "speed"),
    "detour 0.5": (("--minutes", "5", "--detour", "0.5"), "detour"),
    "speed for nothing": (("--speed-kmh", "30"), "--minutes"),
    "router for nothing": (("--router", "http://h"), "--minutes"),
    "grid of a server": (("--minutes", "5", "--router", "http://h", "--demand", "grid"), "grid"),
    "address": (("--minutes", "5", "--router", "h:5000"), "no address"),
    "method": (("--access", "4sfca"), "no method"),
    "bands": (("--access", "e2sfca", "--bands", "x"), "no band"),
    "bands alone": (("--bands", "0-5:1"), "--access"),
    "bands of drees": (("--access", "drees", "--bands", "0-5:1"), "a fall of its own"),
    "units": (
        ("--access", "2sfca", "--bands", "0-5:1 km", "--minutes", "5"),
        "bands are in km",
    ),
}


@pytest.mark.parametrize(("arguments", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_meant_is_refused(homes, arguments, said):
    assert said in refused(homes, *EHPAD, *arguments)


def test_kinds_that_cannot_be_meant_are_refused(homes):
    two = ("--level", "commune", "--kind", "EHPAD", "--kind", "CDS", "--access", "2sfca")
    assert "one --kind" in refused(homes, *two)
    zone = ("--level", "commune", "--kind", "HAD", "--access", "2sfca")
    assert "zone or a perimeter" in refused(homes, *zone)
    centre = ("--level", "commune", "--kind", "CDS", "--access", "drees")
    assert "for EHPAD" in refused(homes, *centre)
    tables = run(homes, *EHPAD, "--access", "2sfca", "--nearest", "--csv", *WHERE)
    assert tables.exit_code == 2
    missing = refused(homes, *EHPAD, "--minutes", "5", "--travel-times", "no.csv", code=3)
    assert "no.csv" in missing


def test_overseas_in_its_own_projection(tmp_path):
    corners = [(55.45, -20.89), (55.46, -20.89), (55.46, -20.88), (55.45, -20.88)]
    parents = ("arrondissement:9741", "departement:974", "region:04")
    there = commune(
        0,
        0,
        id="commune:97411",
        code="97411",
        parents=parents,
        geometry=shapely.to_wkb(shapely.Polygon(corners)),
    )
    above = [upper("arrondissement", "9741"), upper("departement", "974")]
    home = structure(
        "970400001",
        "EHPAD",
        commune="97411",
        longitude=55.455,
        latitude=-20.975,
        capacity={"places_hebergement": 20},
    )
    url = small_store(
        tmp_path / "974.db",
        [home],
        [agreement("a", home.id)],
        (("ehpad", frozenset({"974"})),),
        country=[*territories(), there, *above],
    )
    where = ("--focus", FOCUS, "--territory", "departement:974", "--as-of", "2026-11-25")
    found = document(url, "--nearest", "--access", "2sfca", where=where)
    # 0.09 degrees of latitude, on the ellipsoid at 21 degrees south
    assert found["distances"]["nearest"][0]["partner_km"] == pytest.approx(9.96, abs=0.02)
    assert found["accessibility"]["rows"][0]["partner"] == pytest.approx(2000)


def reached(side):
    fields = ("population_covered", "places_in_reach_per_1000")
    return [row[name] or 0 for row in side["rows"] for name in fields]


def test_a_simulation_counts_in_minutes_and_refuses_what_it_does_not_show(homes):
    add = ("--add", CORNER)
    kilometres = document(homes, "--radius-km", "1.5", *add)
    # 30 km/h straight on: 1.5 km are 3 minutes
    straight = ("--minutes", "3", "--detour", "1", "--speed-kmh", "30")
    timed = document(homes, *straight, *add)
    assert (timed["minutes"], timed["radius_km"]) == (3, None)
    assert reached(timed["after"]) == pytest.approx(reached(kilometres["after"]))
    assert sum(reached(timed["before"])) < sum(reached(timed["after"]))
    # by road the same time does not go as far
    assert sum(reached(document(homes, "--minutes", "3", *add)["after"])) < sum(
        reached(timed["after"])
    )
    for more in (("--nearest",), ("--access", "e2sfca")):
        assert more[0] in refused(homes, *EHPAD, *straight, *add, *more)
