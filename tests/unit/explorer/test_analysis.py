"""Services of the analysis: values worked out by hand on a small group, counts of the reference.

The group: F (grouping), N and S (its hospitals). Partners: CL (clinic), CP (CPTS), CH (charity).
Ties: N-CL (S-1), S-CH (S-2), F-CP (S-3, S-4), CP-CH and F-CH (S-4), N-F and S-F (members).
"""

from datetime import date

import msgspec
import pytest

from explorer.selection import Selection
from explorer.services.analysis import critical, measured, ranked, situation
from explorer.services.analysis_dates import compared
from explorer.services.analysis_departure import departure, lapse, removable, sole_partners
from explorer.services.analysis_places import served
from explorer.services.analysis_tables import (
    comparison_rows,
    filtered,
    matrix_rows,
    network_rows,
    ranking_rows,
)
from explorer.services.analysis_words import STRUCTURE, names_in, told_apart
from explorer.services.network import network_of
from graph.analysis.matrix import signature_matrix
from graph.errors import UsageError
from graph.messages import text
from graph.model import Structure, TerritoryClaim
from graph.store.open import open_store
from tests.support.confluence_synthetic import FOCUS, batch
from tests.support.signed_register import CHARITY, CLINIC, CPTS, NORTH, SOUTH, signed_store
from tests.support.stores import fill_reference

ON = date(2026, 1, 1)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = signed_store(tmp_path_factory.mktemp("signed"))
    opened = open_store(f"sqlite:///{path.as_posix()}")
    yield opened
    opened.close()


@pytest.fixture
def answer(store):
    return network_of(store, Selection(focus=FOCUS, on=ON))


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    url = fill_reference(tmp_path_factory.mktemp("reference") / "reference.db")
    opened = open_store(url)
    yield opened
    opened.close()


def test_the_network_measured_by_hand(answer):
    found = measured(answer)
    summary = found.summary
    assert (summary["nodes"], summary["ties"], summary["components"]) == (6, 7, 1)
    assert summary["density"] == pytest.approx(7 / 15)
    assert summary["transitivity"] == pytest.approx(2 * 3 / 12)
    assert (summary["bridges"], summary["isolates"], summary["ei_index"]) == (2, 0, 1.0)
    assert found.multiplexity == pytest.approx(6 / 5)
    rows = found.structures
    assert rows["degree"].to_dict() == {
        FOCUS: 4,
        NORTH: 2,
        SOUTH: 2,
        CPTS: 2,
        CHARITY: 3,
        CLINIC: 1,
    }
    assert rows.loc[FOCUS, "strength"] == pytest.approx(1.5 + 0.5 + 1 + 1)
    assert rows["betweenness"].to_dict() == pytest.approx(
        {FOCUS: 6.5, NORTH: 4.0, CHARITY: 0.5, SOUTH: 0.0, CPTS: 0.0, CLINIC: 0.0}
    )
    assert set(rows.index[rows["is_cut_point"]]) == {FOCUS, NORTH}


def test_without_the_focus_partners_and_their_own_ties_remain(answer):
    found = measured(answer, without_focus=True)
    assert set(found.structures.index) == {CLINIC, CPTS, CHARITY}
    assert found.summary["ties"] == 1
    both = ranked(answer)
    assert both.loc[CHARITY, ("degree", "with")] == 3
    assert both.loc[CHARITY, ("degree", "without")] == 1
    assert both["degree", "without"].isna().loc[[FOCUS, NORTH, SOUTH]].all()


def test_the_situation_of_the_group(answer):
    found = situation(answer)
    assert set(found.direct) == {CLINIC, CPTS, CHARITY}
    assert found.inherited == ()
    assert [set(pair) for pair in found.outside[["a", "b"]].to_numpy()] == [{CHARITY, CPTS}]
    assert found.relays.cut_off == {}
    best = critical(answer, 1)
    assert (best.nodes, best.before, best.after) == ((CHARITY,), 0.0, 0.0)


def test_an_agreement_that_lapses_cuts_off_the_partner_it_held(store, answer):
    found = lapse(store, answer, date(2026, 7, 1))
    assert found.cooperations == ("S-1",)
    assert found.unstated == 0
    effect = found.effect
    assert effect is not None
    assert effect.removal.cut_off == (CLINIC,)
    assert effect.removal.before.F == 0.0
    assert pytest.approx(1 - 5 * 4 / (6 * 5)) == effect.removal.after.F
    assert effect.former == (CLINIC,)
    assert effect.losses == {("arrondissement:991", "CLINIQUE"): (CLINIC,)}
    assert set(effect.after.network.partners) == {CPTS, CHARITY}
    assert effect.after.supply == (CLINIC,)
    assert all(CLINIC not in {tie.a, tie.b} for tie in effect.after.network.ties)
    assert lapse(store, answer, date(2026, 6, 30)).effect is None


@pytest.mark.parametrize("day", [ON, date(1900, 1, 1)])
def test_a_lapse_before_the_day_looked_at_is_refused(store, answer, day):
    with pytest.raises(UsageError) as caught:
        lapse(store, answer, day)
    assert caught.value.code == "analysis.lapse_day"


def test_without_the_hospital_that_signed_its_partner_is_lost(store, answer):
    found = departure(store, answer, [NORTH])
    assert found.removal.cut_off == (CLINIC,)
    assert found.former == (CLINIC,)
    found = departure(store, answer, [CPTS])
    assert (found.removal.cut_off, found.former) == ((), ())
    assert found.losses == {("arrondissement:991", "CPTS"): (CPTS,)}
    assert found.after.network.partners[CHARITY].cooperations == ("S-2", "S-4")


def test_a_departure_of_all_leaves_nothing_and_says_so(store, answer):
    found = departure(store, answer, answer.network.structures)
    assert (found.removal.after.nodes, found.removal.after.F, found.former) == (0, None, ())
    assert found.after.network.structures == frozenset()


def test_ids_that_the_network_does_not_hold_are_named(store, answer):
    assert removable(answer, [CPTS, "S-1"]) == ({CPTS}, {"S-1"})
    with pytest.raises(UsageError, match="nobody"):
        removable(answer, ["nobody", CPTS])
    with pytest.raises(UsageError):
        departure(store, answer, ["nobody"])
    with pytest.raises(UsageError):
        departure(store, answer, cooperations=["S-9"])


def test_the_only_partner_of_a_kind_somewhere(store, answer):
    everywhere = sole_partners(store, answer, "arrondissement")
    assert everywhere == {
        CLINIC: ("arrondissement:991",),
        CPTS: ("arrondissement:991",),
    }
    assert sole_partners(store, answer, "arrondissement", ("departement:99",)) == everywhere
    assert sole_partners(store, answer, "arrondissement", ("departement:98",)) == {}


def test_territories_come_from_the_perimeter_else_from_the_commune(tmp_path):
    path = signed_store(tmp_path)
    store = open_store(f"sqlite:///{path.as_posix()}")
    named = TerritoryClaim(
        id="set:x", level="set", code="x", members=("commune:99001",), source="finess", locator="l"
    )
    store.apply(batch("ensembles", [named]))
    asked = [
        Structure(id="a", commune="99001"),
        Structure(id="b", covers=("departement:99",), commune="75056"),
        Structure(id="c", covers=("set:x",)),
        Structure(id="d"),
        Structure(id="e", commune="00000"),
    ]
    here = ("arrondissement:991",)
    assert served(store, asked, "arrondissement") == {"a": here, "b": here, "c": here}
    assert served(store, asked, "commune") == {
        "a": ("commune:99001",),
        "b": ("commune:99001", "commune:99002"),
        "c": ("commune:99001",),
    }
    store.close()


def test_two_dates_by_hand(store, answer):
    found = compared(store, answer, date(2023, 1, 1))
    assert found.before.network.on < found.after.network.on
    assert set(found.changes.arrived) == {CLINIC, CPTS, CHARITY}
    assert (len(found.changes.gained), found.changes.lost, found.changes.left) == (5, (), ())
    rows = comparison_rows(found, ["degree"], "fr")
    assert [row["Présence"] for row in rows] == ["arrivée"] * 3 + ["restée"] * 3
    by_id = {row["Identifiant"]: row for row in rows}
    before, after = (f"Nombre de partenaires directs, {when}" for when in ("avant", "après"))
    assert (by_id[FOCUS][before], by_id[FOCUS][after], by_id[FOCUS]["Liens gagnés"]) == (2, 4, 2)
    assert by_id[CLINIC][before] is None
    later = compared(store, answer, date(2026, 7, 1))
    assert set(later.changes.left) == {CLINIC}
    with pytest.raises(UsageError):
        compared(store, answer, ON)


def test_the_matrix_as_a_table(answer):
    found = signature_matrix(answer.network, answer.structures, answer.cooperations)
    key = text("page.column.id", "en")
    rows = {row[key]: row for row in matrix_rows(answer, found, "en")}
    assert rows[CLINIC]["Hôpital Nord synthétique"] == "signed (1)"
    assert rows[CLINIC]["Hôpital Sud synthétique"] == "concerned (1)"
    assert rows[CPTS]["For the group, signatory not stated"] == "signed (2)"
    only = matrix_rows(answer, found, "en", signed_by=NORTH, not_by=SOUTH)
    assert [row[key] for row in only] == [CLINIC]


def test_entities_of_one_name_keep_a_column_each(answer):
    twin = msgspec.structs.replace(answer.structures[SOUTH], name="Hôpital Nord synthétique")
    answer = msgspec.structs.replace(answer, structures=answer.structures | {SOUTH: twin})
    found = signature_matrix(answer.network, answer.structures, answer.cooperations)
    (row, *_) = matrix_rows(answer, found, "fr")
    assert f"Hôpital Nord synthétique ({SOUTH})" in row


def test_the_ranking_as_a_table(answer):
    rows = ranking_rows(answer, ranked(answer), ["betweenness", "is_cut_point"], "fr", apart=True)
    assert [row["Identifiant"] for row in rows][:3] == [FOCUS, NORTH, CHARITY]
    first = rows[0]
    assert first["Partenaire relais"] == 6.5
    assert first["Partenaire relais (sans le groupe)"] is None
    assert first["Partenaire charnière"] == "oui"
    assert [row["Identifiant"] for row in filtered(rows, "HOPITAL nord", frozenset(), "fr")] == [
        NORTH
    ]
    assert len(filtered(rows, "", frozenset({"Hôpital"}), "fr")) == 2
    assert len(ranking_rows(answer, ranked(answer), STRUCTURE, "en", apart=True)[0]) == 33


def test_the_whole_network_as_a_table(answer):
    rows = network_rows(measured(answer), measured(answer, without_focus=True), "fr")
    by_name = {row["measure"]: row for row in rows}
    assert by_name["Liens"]["with_focus"] == "7"
    assert by_name["Liens"]["without_focus"] == "1"
    assert by_name["Liens"]["reading"] == "Le réseau compte 7 liens."
    assert network_rows(measured(answer), None, "fr")[0]["without_focus"] is None


def test_names_are_told_apart_and_long_lists_are_counted(answer):
    assert told_apart({"b": "Même", "a": "Même", "c": "Autre"}) == {
        "c": "Autre",
        "a": "Même (a)",
        "b": "Même (b)",
    }
    said = names_in(answer, [f"x{n}" for n in range(12)], "fr")
    assert said.endswith("et 4 autres")


@pytest.mark.parametrize("on", [date(1900, 1, 1), date(2200, 12, 31)])
@pytest.mark.parametrize("focus", [FOCUS, None, CLINIC])
def test_any_day_and_any_focus_has_an_answer(store, on, focus):
    answer = network_of(store, Selection(focus=focus, on=on))
    assert measured(answer, without_focus=True).summary["nodes"] >= 0
    assert set(ranked(answer).index) == answer.network.structures
    assert situation(answer).inherited == ()
    assert critical(answer, 5).method in {"exact", "greedy"}
    assert compared(store, answer, date(2026, 1, 1)).changes is not None


def test_counts_of_the_reference_ecosystem(reference):
    answer = network_of(reference, Selection(focus="ght:940110018", on=date(2026, 11, 22)))
    summary = measured(answer).summary
    # 28 partners of article 003, the membership of CHIC and CHIV, the relief agreement of CHIV.
    assert (summary["nodes"], summary["ties"], summary["bridges"]) == (37, 31, 31)
    found = situation(answer)
    assert len(found.direct) == 28
    assert found.relays.cut_off == {
        "750006728": ("750150237", "750150260"),
        "910009539": ("910150085", "910500040"),
    }
    assert set(critical(answer, 2).nodes) == {"750006728", "910009539"}
    assert lapse(reference, answer, date(2030, 1, 1)).unstated == 30
    found = departure(reference, answer, ["910009539"])
    assert found.removal.cut_off == ("910150085", "910500040")
    assert pytest.approx(1 - 34 * 33 / (36 * 35)) == found.removal.after.F
