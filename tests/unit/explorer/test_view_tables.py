"""The canvas as tables, and as files that a spreadsheet opens without harm."""

from datetime import date

import pytest

from explorer.selection import Selection
from explorer.services.network import network_of
from explorer.services.view import view_from
from explorer.services.view_tables import as_csv, headed, structure_rows, tie_rows
from tests.support.confluence_synthetic import CHARITY, CLINIC_EAST, FOCUS, HOSTILE, synthetic_store


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    store = synthetic_store(tmp_path_factory.mktemp("tables"))
    answer = network_of(store, Selection(focus=FOCUS, on=date(2026, 11, 22)))
    return view_from(store, answer, (), "fr"), answer


def test_every_structure_of_the_canvas_has_its_row(shown):
    view, answer = shown
    rows = structure_rows(view, answer)
    assert {row["id"] for row in rows} == {node.id for node in view.nodes}
    assert rows[0]["id"] == FOCUS
    clinic = next(row for row in rows if row["id"] == CLINIC_EAST)
    assert clinic["commune"] == "Faux-sur-Marne"
    assert clinic["via"] == "via l’entité juridique SA Clinique synthétique"
    assert clinic["status"] == "en vigueur"
    charity = next(row for row in rows if row["id"] == CHARITY)
    assert (charity["commune"], charity["position"]) == ("non renseigné", "non renseigné")
    assert charity["name"] == HOSTILE


def test_every_tie_of_the_canvas_has_its_row(shown):
    view, _ = shown
    rows = tie_rows(view)
    assert len(rows) == len(view.ties)
    dashed = next(row for row in rows if HOSTILE in (row["from"], row["to"]))
    assert dashed["style"] == "tirets"


def test_headings_are_in_the_language(shown):
    view, answer = shown
    rows = headed(structure_rows(view, answer), ["name", "kind"], "en")
    assert list(rows[0]) == ["Name", "Kind"]


def test_csv_opens_in_excel_and_runs_no_formula():
    rows = [{"Nom": "=HYPERLINK(1)", "N": 3}, {"Nom": "Hôpital ; « A »", "N": None}]
    text = as_csv(rows).decode("utf-8-sig")
    assert as_csv(rows).startswith(b"\xef\xbb\xbf")
    assert text.splitlines() == ["Nom;N", "'=HYPERLINK(1);3", '"Hôpital ; « A »";']
    assert as_csv([]) == b"\xef\xbb\xbf"
