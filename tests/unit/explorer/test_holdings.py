"""What is loaded, how old it is, what can be undone; what a load would change."""

from datetime import date

import msgspec
import pytest

from explorer.services.holdings import load_rows, rejection_rows, source_rows, to_undo, undoable
from explorer.services.preview import file_name, preview_of
from graph.dates import PartialDate
from graph.model import CooperationClaim, StructureClaim
from graph.store.port import ReadReport, Rejection
from graph.store.rules import SAMPLES_KEPT
from tests.support.confluence_synthetic import (
    CLINIC,
    batch,
    cooperations,
    memberships,
    structures,
    synthetic_store,
)

TODAY = date(2026, 11, 22)


@pytest.fixture
def store(tmp_path):
    return synthetic_store(tmp_path)


def test_sources_say_who_when_and_how_much(store):
    rows = {row["source"]: row for row in source_rows(store, TODAY, "fr")}
    article = rows["Article synthétique"]
    assert article["publisher"] == "Éditeur synthétique"
    assert article["vintage"] == "13 novembre 2023"
    assert article["age"] == "il y a 3 ans"
    assert article["note"] == "Une remarque."
    assert (article["structures"], article["cooperations"]) == (4, 3)
    assert rows["FINESS synthétique"]["publisher"] == "non renseigné"


def test_loads_are_listed_the_latest_first_with_the_name_of_the_file_only(store):
    given = batch("reference", [*structures(), *cooperations(), *memberships()])
    given.file = "/somewhere/of/mine/registre.csv"
    store.apply(given)
    rows = load_rows(store.loads(), "fr")
    assert len(rows) == 3
    assert rows[0]["file"] == "registre.csv"
    assert rows[0]["state"] == "en place"
    assert (rows[0]["added"], rows[0]["unchanged"]) == (0, 17)
    assert rows[0]["loader"] == "Écosystème de référence"


def test_each_loader_can_undo_its_last_load_once(store):
    store.apply(batch("reference", structures()))
    assert [item.loader for item in undoable(store.loads(), "fr")] == ["reference", "territoires"]
    store.undo("reference")
    assert [(item.loader, item.idle) for item in undoable(store.loads(), "fr")] == [
        ("reference", 0),
        ("territoires", 0),
    ]
    store.undo("reference")
    assert [item.loader for item in undoable(store.loads(), "fr")] == ["territoires"]
    assert load_rows(store.loads(), "en")[0]["state"] == "undone"


def test_the_load_to_undo_is_the_last_that_changed_something(store):
    first = to_undo(store.loads())["reference"].load
    for _ in range(2):
        store.apply(batch("reference", [*structures(), *cooperations(), *memberships()]))
    assert to_undo(store.loads())["reference"] == (first, 2)
    assert [item.loader for item in undoable(store.loads(), "fr")] == ["reference", "territoires"]
    assert store.undo("reference").load_id == first.id
    assert [row["state"] for row in load_rows(store.loads(), "fr")] == ["annulé"] * 3 + ["en place"]


def test_rejections_are_in_words():
    found = Rejection(row="12", field="end", value="31/02/2023", code="reference.bad_date")
    (row,) = rejection_rows([found], "fr")
    assert (row["row"], row["field"], row["value"]) == ("12", "end", "31/02/2023")
    assert "31/02/2023" in row["reason"]


def test_a_preview_says_what_changes_and_changes_nothing(store):
    revision = store.revision()
    later = [
        msgspec.structs.replace(claim, end=PartialDate("2030-01-31"))
        if isinstance(claim, CooperationClaim) and claim.id == "C-1" and claim.effective
        else claim
        for claim in cooperations()
        if claim.id != "C-4"
    ]
    new = StructureClaim(id="990000077", name="Nouvelle synthétique", source="finess", locator="l")
    preview = preview_of(
        store, batch("reference", [*structures(), *later, *memberships(), new]), TODAY, "fr"
    )
    rows = {(row["change"], row["name"]): row for row in preview.changes}
    assert set(rows) == {
        ("ajout", "Nouvelle synthétique"),
        ("modification", "Convention d’imagerie synthétique"),
        ("suppression", "Contacts synthétiques"),
    }
    changed = rows["modification", "Convention d’imagerie synthétique"]
    assert changed["detail"] == "Date de fin\u00a0: 31 janvier 2027 → 31 janvier 2030"
    assert changed["thing"] == "convention ou coopération"
    assert not preview.is_empty
    assert store.revision() == revision


@pytest.mark.parametrize("more", [0, 1])
def test_a_preview_says_whether_it_leaves_changes_out(store, more):
    new = [
        StructureClaim(id=f"{990_100_000 + n}", name=f"N {n}", source="finess", locator="l")
        for n in range(SAMPLES_KEPT + more)
    ]
    claims = [*structures(), *cooperations(), *memberships(), *new]
    preview = preview_of(store, batch("reference", claims), TODAY, "fr")
    assert len(preview.changes) == SAMPLES_KEPT
    assert preview.outcome.added == SAMPLES_KEPT + more
    assert preview.is_cut is bool(more)


def test_a_preview_names_both_ends_of_a_membership(store):
    kept = [item for item in memberships() if "comite" not in item.id]
    preview = preview_of(
        store, batch("reference", [*structures(), *cooperations(), *kept]), TODAY, "fr"
    )
    (row,) = preview.changes
    assert row["name"] == "Groupe synthétique → Comité synthétique"


def test_the_same_file_again_changes_nothing(store):
    same = batch("reference", [*structures(), *cooperations(), *memberships()])
    assert preview_of(store, same, TODAY, "fr").is_empty


def test_a_preview_names_territories(store):
    preview = preview_of(store, batch("territoires", structures()[:1]), TODAY, "fr")
    assert ("suppression", "Synthville") in {(r["change"], r["name"]) for r in preview.changes}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("registre.xlsx", "registre.xlsx"),
        ("C:\\Users\\x\\registre 2026.csv", "registre 2026.csv"),
        ("../../etc/passwd", "passwd"),
        ("a<b>|c.csv", "a_b_c.csv"),
        ("...", "fichier"),
        ("é" * 300 + ".json", "é" * 80 + ".json"),
    ],
)
def test_an_uploaded_file_keeps_a_name_and_never_a_path(given, kept):
    assert file_name(given) == kept


def test_an_empty_report_is_fine():
    assert rejection_rows(ReadReport().rejections, "fr") == []
    assert CLINIC not in file_name("x")
