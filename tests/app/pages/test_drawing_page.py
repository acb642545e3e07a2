"""The controls of the canvas, run by Streamlit's own test harness on the bundled ecosystem."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from explorer.canvas_state import COLOURS
from explorer.services import drawing
from graph.analysis import METRICS
from tests.app.pages.test_network_page import link, open_page, problems, state, words

SAINT_CAMILLE, HENRI_MONDOR = "940000649", "940100027"


def buttons(app) -> dict[str, str]:
    return {item.key: item.label for item in app.button if item.key}


def test_colour_and_size_are_chosen_and_kept_in_the_link(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled)
    colours, sizes = app.selectbox(key="w_canvas_colour"), app.selectbox(key="w_canvas_size")
    assert len(colours.options) == len(COLOURS) == 5
    ordered = [m for m in METRICS if m.kind == "structure" and m.id != "community"]
    assert sizes.options[1:] == [item.name("fr") for item in ordered]
    colours.select("theme").run()
    app.selectbox(key="w_canvas_size").select("degree").run()
    assert problems(app) == []
    assert link(app) == {"couleur": ["theme"], "taille": ["degree"]}
    columns = app.main.dataframe[0].value.columns
    assert {"Groupe (couleur)", "Mesure (taille)"} <= set(columns)


def test_two_dates_are_compared_and_no_more(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled)
    assert app.date_input(key="w_canvas_compared").value is None
    app.date_input(key="w_canvas_compared").set_value(date(2020, 1, 1)).run()
    assert problems(app) == []
    assert link(app)["comparer"] == ["2020-01-01"]
    assert "nouveau" in set(app.main.dataframe[0].value["Évolution"])
    app.button(key="no_comparison").click().run()
    assert state(app).compared is None
    assert "Évolution" not in app.main.dataframe[0].value.columns


def test_chains_of_a_link_are_listed_with_their_agreements(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, chemin=[SAINT_CAMILLE, HENRI_MONDOR])
    assert problems(app) == []
    listed = words(app, "beside")
    assert "Chemin 1" in listed
    assert "Hôpital Saint-Camille" in listed
    assert "Convention de partenariat – Hôpitaux universitaires Henri-Mondor" in listed
    app.toggle(key="w_every").set_value(True).run()
    assert link(app)["chemins"] == ["tous"]
    app.button(key="close_chains").click().run()
    assert link(app) == {}


def test_several_structures_of_a_link_are_listed(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, choix=[SAINT_CAMILLE, HENRI_MONDOR], lang="en")
    assert "2 structures chosen" in words(app, "beside")
    assert "No direct tie among them." in words(app, "beside")


@pytest.mark.parametrize("name", ["choix", "masque", "ouvert", "chemin", "fixe"])
def test_what_the_store_does_not_know_is_said_and_left_out(monkeypatch, bundled, name):
    value = "carte~1~2~nobody" if name == "fixe" else ["nobody", SAINT_CAMILLE]
    app = open_page(monkeypatch, bundled, **{name: value})
    assert problems(app) == []
    assert "nobody" not in str(link(app))
    assert len(app.warning) == 1


def test_too_much_to_draw_is_said_with_what_narrows_it(monkeypatch, bundled):
    monkeypatch.setattr(drawing, "MOST_STRUCTURES", 20)
    app = open_page(monkeypatch, bundled)
    assert problems(app) == []
    assert "plus que ce que le dessin peut montrer" in app.warning[0].value
    offers = {key: label for key, label in buttons(app).items() if key.startswith("narrow_")}
    assert len(offers) >= 3
    assert len(app.main.dataframe[0].value) > 20  # the table shows everything
    chosen = next(key for key in offers if "CLINIQUE" in key)
    app.button(key=chosen).click().run()
    assert link(app) == {"types": ["CLINIQUE"]}
    assert not app.warning


def heard_page(order: str):
    """Hide one (turn 1), pick a structure (2), choose two or none (3), in the order asked."""
    from explorer.canvas.component import Pick
    from explorer.canvas_state import Board
    from explorer.ui import drawing, session

    session.begin()
    blank = {"layout": "carte", "near": [], "depth": 0, "path": [], "opened": [], "pins": []}
    acts = {
        "pick": lambda: drawing.picked(Pick("node", "940000649", 2)),
        "choose": lambda: drawing._arranged(Board(turn=3, chosen=["a", "b"], hidden=[], **blank)),
        "hide": lambda: drawing._arranged(Board(turn=1, chosen=["a", "b"], hidden=["c"], **blank)),
        "reset": lambda: drawing._arranged(Board(turn=3, chosen=[], hidden=[], **blank)),
    }
    for name in order.split():
        acts[name]()


@pytest.mark.parametrize(
    ("order", "selected", "chosen", "hidden", "turn"),
    [
        ("pick choose", None, ("a", "b"), (), 3),
        ("choose pick", None, ("a", "b"), (), 3),
        ("pick reset", "940000649", (), (), 3),
        ("reset pick", "940000649", (), (), 3),
        ("hide pick", "940000649", (), ("c",), 2),
        ("pick hide", "940000649", (), ("c",), 2),
    ],
)
def test_what_is_done_in_a_moment_stands_in_whatever_order_it_is_heard(
    order, selected, chosen, hidden, turn
):
    app = AppTest.from_function(heard_page, kwargs={"order": order}).run()
    assert problems(app) == []
    canvas = state(app).canvas
    assert (state(app).selected, canvas.chosen, canvas.hidden) == (selected, chosen, hidden)
    assert app.session_state["maillage_turn"] == turn
