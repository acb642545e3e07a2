"""What a signature and a departure change in the network: by hand, and by a real agreement."""

from datetime import date

import networkx as nx
import pytest

from explorer.selection import Selection
from explorer.services.analysis import graph_of
from explorer.services.analysis_departure import departure
from explorer.services.coverage import coverage_of
from explorer.services.coverage_network import MEASURES, changed_ground
from explorer.services.coverage_reading import CoverageQuestion
from explorer.services.coverage_simulation import trial_in_store, trial_of
from graph.analysis import network_summary
from graph.errors import UsageError
from graph.store.open import open_store
from tests.support.coverage_store import small_store
from tests.support.small_world import FOCUS, OWN, agreement, member, structure

ENTITY = "940000200"
THINGS = [
    structure("940000101", "EHPAD", (1, 0), name="Relais"),
    structure("940000102", "EHPAD", (2, 3), name="Membre du relais"),
    structure("940000103", "EHPAD", (4, 4), name="Sans lien"),
    structure("940000104", "EHPAD", (3, 3), name="Autre partie"),
    structure(ENTITY, "EHPAD", (2, 2), name="Entité"),
    structure("940000201", "EHPAD", (3, 2), name="Site", legal_entity=ENTITY),
    member("940000102", "940000101"),
    member("940000103", "940000104"),
]
SIGNED = [agreement("c1", "940000101"), agreement("c2", "940000101", "940000104")]


def question(**values):
    selection = Selection(
        focus=FOCUS,
        on=date(2026, 11, 25),
        kinds=frozenset({"EHPAD"}),
        territories=frozenset({"departement:94"}),
    )
    own = {"selection": selection, "level": "arrondissement", "radius_km": 1.5}
    return CoverageQuestion(**own | values)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    url = small_store(tmp_path_factory.mktemp("net") / "net.db", THINGS, SIGNED)
    held = open_store(url)
    yield held
    held.close()


@pytest.fixture(scope="module")
def answer(store):
    return coverage_of(store, question())


def test_a_signature_is_what_the_same_agreement_in_the_store_would_be(store, answer, tmp_path):
    real = small_store(tmp_path / "real.db", THINGS, [*SIGNED, agreement("new", ENTITY)])
    held = open_store(real)
    after = coverage_of(held, question())
    held.close()
    found = trial_of(store, answer, ["EHPAD"], [ENTITY], [])
    for standing in found.kinds["EHPAD"].after.values():
        (row,) = [each for each in after.rows if each.territory == standing.row.territory]
        assert standing.row == row
    expected = network_summary(graph_of(after.read.network))
    assert {name: found.network.measures[name][1] for name in MEASURES} == pytest.approx(
        {name: expected[name] for name in MEASURES}
    )
    # the site comes with its entity, by attachment
    assert (found.also_joined, found.network.direct) == (("940000201",), (2, 3))


def test_a_departure_is_that_of_the_page_analyse(store, answer):
    found = trial_of(store, answer, ["EHPAD"], [], ["940000101"])
    other = departure(store, answer.read.network, ["940000101"])
    assert nx.utils.graphs_equal(
        graph_of(changed_ground(answer.read, [], ["940000101"]).network), graph_of(other.after)
    )
    assert found.network.measures["nodes"][1] == other.removal.after.nodes - len(other.former)
    # who was reached only through it leaves, the other party of the same agreement stays
    assert found.also_left == ("940000102",)
    assert "940000104" not in found.network.left
    before, after = found.network.roles["940000101"]
    assert before.ties == 3
    assert before.depend == ("940000102",)
    assert after is None


def test_measures_by_hand(store, answer):
    found = trial_of(store, answer, [], [ENTITY], [])
    # the group and its site, the relay, the other party, a member of each; then entity and site
    assert found.network.measures["nodes"] == (6, 8)
    # the site of an entity hangs on no agreement of its own: it is reached, and no tie
    assert found.network.measures["ties"] == (6, 7)
    assert found.network.measures["density"] == pytest.approx((6 / 15, 7 / 28))
    assert found.network.measures["components"] == (1, 2)
    assert (found.network.gained, found.network.lost) == (1, 0)
    before, after = found.network.roles[ENTITY]
    assert before is None
    assert (after.ties, after.betweenness, after.depend) == (1, 0, ("940000201",))


@pytest.mark.parametrize(
    ("add", "remove", "code"),
    [
        (["nobody"], [], "unknown"),
        (["940000103"], ["940000103"], "both"),
        (["940000101"], [], "held"),
        ([OWN], [], "held"),
        ([], [ENTITY], "no_partner"),
    ],
)
def test_what_cannot_be_simulated_is_said_why(store, add, remove, code):
    with pytest.raises(UsageError) as error:
        trial_in_store(store, question(), add, remove)
    assert error.value.code == f"coverage_trial.{code}"


def test_without_focus_or_with_other_statuses_there_is_nothing_to_sign(store):
    asked = question().selection
    for change, code in (({"focus": None}, "no_focus"), ({"statuses": {"echue"}}, "status")):
        selection = Selection(
            **{
                "focus": asked.focus,
                "on": asked.on,
                "kinds": asked.kinds,
                "territories": asked.territories,
            }
            | change
        )
        with pytest.raises(UsageError) as error:
            trial_in_store(store, question(selection=selection), [ENTITY], [])
        assert error.value.code == f"coverage_trial.{code}"
