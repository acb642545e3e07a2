"""Every page in both languages, with nothing loaded, with the ecosystem, with a dated register."""

import json
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer.register_state import LISTS
from explorer.services.agreements import QUEUES
from explorer.ui.opening import PAGES
from explorer.view_state import agreement_key
from graph.messages import catalogue, text
from graph.methods import METHODS
from graph.store.open import open_store
from tests.app.pages.test_network_page import link, problems, state, texts, walk
from tests.support.confluence_synthetic import CLINIC, FOCUS, HOSTILE
from tests.support.dated_register import DAY, RESERVED, dated_store
from tests.support.pages import plain

SHORTEST = 9
"""Pieces of messages shorter than this may be in any text."""


def open_page(monkeypatch, name: str, store: Path, **query: str | list[str]) -> AppTest:
    monkeypatch.setenv("MAILLAGE_STORE", f"sqlite:///{store.as_posix()}")
    script = f"""
from explorer.pages import {name} as page
from explorer.ui import session
session.begin()
page.show()
session.finish()
"""
    app = AppTest.from_string(script, default_timeout=120)
    for parameter, value in query.items():
        app.query_params[parameter] = value
    return app.run()


def nodes_of(app: AppTest, key: str) -> list:
    (found,) = [item for item in walk(app.main) if getattr(item, "key", None) == key]
    return json.loads(found.proto.json)["nodes"]


def words(app: AppTest, key: str) -> str:
    return plain(" ".join(texts(nodes_of(app, key))))


def openers(nodes) -> dict[str, str]:
    """Return what each button of a panel opens, by its words."""
    found = {}
    for node in nodes:
        if not isinstance(node, str):
            if opens := node[1].get("data-open"):
                found[plain(" ".join(texts(node[2])))] = opens
            found |= openers(node[2])
    return found


def everything(app: AppTest) -> str:
    """Return all that a page says: texts, labels, helps, choices, tables, panels."""
    said: list[str] = []
    for root in (app.main, app.sidebar):
        for item in walk(root):
            proto = getattr(item, "proto", None)
            for name in ("value", "label", "help", "placeholder", "body", "options"):
                if name == "value" and hasattr(item, "options"):
                    continue  # what is chosen, as the program names it; its words are an option
                found = getattr(proto, name, None) or getattr(item, name, None)
                said += [found] if isinstance(found, str) else []
                said += (
                    [part for part in found if isinstance(part, str)]
                    if isinstance(found, list | tuple)
                    else []
                )
            if isinstance(nodes := _nodes(proto), list):
                said += texts(nodes)
    for frame in app.dataframe:
        said += [*map(str, frame.value.columns), *map(str, frame.value.to_numpy().ravel())]
    return plain("\n".join(said)).replace("\\", "").replace("\u2060", "")


def _nodes(proto) -> object:
    try:
        return json.loads(proto.json)["nodes"]
    except (AttributeError, TypeError, KeyError, ValueError):
        return None


def pieces(language: str) -> set[str]:
    """Return what the catalogue of a language writes between values."""
    found = {
        piece for said in catalogue(language).values() for piece in re.split(r"\{\w+[^}]*\}", said)
    }
    return {plain(piece).strip(" .,;:()") for piece in found}


def data_of(path: Path) -> str:
    """Return what the sources of a store write themselves, in whatever language."""
    store = open_store(f"sqlite:///{path.as_posix()}")
    held = [*store.cooperations(), *store.structures(), *store.sources(), *store.memberships()]
    store.close()
    return plain(repr(held))


@cache
def only(language: str, other: str) -> tuple[str, ...]:
    """Return what a language writes and the other one does not."""
    others = "\n".join(pieces(other))
    return tuple(
        piece for piece in pieces(language) if len(piece) >= SHORTEST and piece not in others
    )


@pytest.fixture(scope="module")
def written(bundled) -> str:
    return data_of(bundled)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("language", "other"), [("en", "fr"), ("fr", "en")])
def test_nothing_is_left_in_the_other_language(
    monkeypatch, bundled, written, name, language, other
):
    app = open_page(monkeypatch, name, bundled, lang=language, fiche="940300502")
    assert problems(app) == []
    said = everything(app)
    assert len(said) > 400
    assert len(only(other, language)) > 1000
    left = [piece for piece in only(other, language) if piece in said and piece not in written]
    # the button that offers the other language speaks it
    offer = plain(text("page.other_language_help", language)).strip(" .")
    assert [piece for piece in left if piece != offer] == []


@pytest.fixture(scope="module")
def register(tmp_path_factory) -> Path:
    return dated_store(tmp_path_factory.mktemp("dated"))


@pytest.fixture
def ours(monkeypatch, register) -> Path:
    """Give the synthetic group with its register of agreements."""
    monkeypatch.setenv("MAILLAGE_FOCUS", FOCUS)
    monkeypatch.setenv("MAILLAGE_TERRITORIES", "departement:99")
    return register


def test_the_overview_says_what_is_due_and_where_to_deal_with_it(monkeypatch, ours):
    app = open_page(monkeypatch, "overview", ours, date=DAY, comparer="2025-02-01")
    assert problems(app) == []
    ahead = openers(nodes_of(app, "overview_ahead"))
    assert ahead["Préavis synthétique"] == f"agreement/{agreement_key('R-1')}"
    assert "Dernier jour pour dénoncer : 30 novembre 2026" in words(app, "overview_ahead")
    figures = openers(nodes_of(app, "overview_figures"))
    assert figures["en vigueur"] == "page/agreements?liste=registre&statuts=en_vigueur"
    assert figures["Association"] == "page/network?types=ASSOCIATION"
    missing = openers(nodes_of(app, "overview_missing"))
    assert missing["1 convention sans terme connu"] == "page/agreements?liste=sans_terme"
    assert "Préavis synthétique" not in words(app, "overview_changed")
    assert "attestée (terme non renseigné) → résiliée" in words(app, "overview_changed")
    assert "start_load" not in {button.key for button in app.button}


def test_the_first_start_offers_the_register(monkeypatch, bundled):
    app = open_page(monkeypatch, "overview", bundled)
    assert app.button(key="start_load").label == "Charger mon registre"
    assert "46" not in words(app, "overview_ahead")
    assert "Aucune échéance" in words(app, "overview_ahead")


def test_since_must_be_before_the_day_looked_at(monkeypatch, bundled):
    app = open_page(monkeypatch, "overview", bundled, date="2023-01-01", comparer="2024-01-01")
    assert problems(app) == []
    assert text("overview.since_later", "fr") in [item.value for item in app.info]


@pytest.mark.parametrize("part", LISTS)
def test_every_list_opens(monkeypatch, ours, part):
    app = open_page(monkeypatch, "agreements", ours, date=DAY, liste=part)
    assert problems(app) == []
    assert app.session_state["w_list"] == part
    if part in {item.id for item in QUEUES}:
        assert plain(text(f"agreements.queue.{part}.rule", "fr")) in words(app, "queue")


def test_what_is_restricted_is_in_no_file_and_counted(monkeypatch, ours):
    said = plain(text("agreements.left_out", "fr", n=1))
    app = open_page(monkeypatch, "agreements", ours, date=DAY)
    assert said in [plain(item.value) for item in app.caption]
    monkeypatch.setenv("MAILLAGE_RESTRICTED", "1")
    app = open_page(monkeypatch, "agreements", ours, date=DAY)
    assert said not in [plain(item.value) for item in app.caption]


def test_the_register_is_searched_narrowed_and_ticked(monkeypatch, ours):
    app = open_page(monkeypatch, "agreements", ours, date=DAY, natures="convention_cooperation")
    assert list(app.dataframe[0].value["Numéro"]) == ["C-1"]
    app.multiselect(key="w_natures").set_value([]).run()
    assert "natures" not in link(app)
    app.text_input(key="w_words").set_value("preavis").run()
    assert list(app.dataframe[0].value["Intitulé"]) == ["Préavis synthétique"]
    app.text_input(key="w_words").set_value("zzz").run()
    assert text("agreements.no_match", "fr") in [item.value for item in app.info]
    assert problems(app) == []


def test_the_timeline_is_also_written(monkeypatch, ours):
    app = open_page(monkeypatch, "agreements", ours, date=DAY, liste="frise", lang="en")
    said = words(app, "frieze")
    assert "in force; begins: 1 January 2024; term: 31 December 2026" in said
    # as a text of the tree, never as markup
    assert HOSTILE in said
    assert openers(nodes_of(app, "frieze"))["Préavis synthétique"].startswith("agreement/")


def test_another_day_gives_another_register(monkeypatch, ours):
    app = open_page(monkeypatch, "agreements", ours, date="2021-06-30")
    rows = app.dataframe[0].value.set_index("Numéro")
    assert rows.loc["R-1", "Statut"] == "non renseigné"
    assert rows.loc["C-2", "Statut"] == "en vigueur"


def test_a_selection_without_agreements_says_what_to_do(monkeypatch, ours):
    app = open_page(monkeypatch, "agreements", ours, date=DAY, statuts="sans_suite")
    assert problems(app) == []
    assert text("agreements.none", "fr") in [item.value for item in app.info]


def test_unknown_agreements_lists_and_types_are_said_and_left_out(monkeypatch, ours):
    app = open_page(
        monkeypatch, "agreements", ours, convention="0123456789ab", liste="<b>", natures="x"
    )
    assert problems(app) == []
    said = " ".join(item.value for item in app.warning)
    for name in ("convention", "liste", "natures"):
        assert plain(text(f"page.parameter.{name}", "fr")) in plain(said)
    assert state(app).agreement is None
    assert not {"convention", "liste", "natures"} & set(link(app))


def test_a_method_is_asked_for_by_link_with_the_settings_in_use(monkeypatch, ours):
    app = open_page(monkeypatch, "methods", ours, date=DAY, mesure="within_reach", rayon="7")
    assert problems(app) == []
    asked = words(app, "methods_asked")
    assert "Habitants à portée" in asked
    assert "Rayon – 7 km" in asked
    assert "Situation au – 26 novembre 2026" in asked
    assert plain(text("methods.count", "fr", n=len(METHODS))) in [
        plain(c.value) for c in app.caption
    ]
    app.text_input(key="w_method").set_value("brandes").run()
    assert "Partenaire relais" in words(app, "methods_all")
    assert "Habitants à portée" not in words(app, "methods_all")


APPLICATION = "from explorer.pages.application import run\nrun()\n"


def run_application(monkeypatch, store: Path, **query: str) -> AppTest:
    monkeypatch.setenv("MAILLAGE_STORE", f"sqlite:///{store.as_posix()}")
    app = AppTest.from_string(APPLICATION, default_timeout=120)
    for parameter, value in query.items():
        app.query_params[parameter] = value
    return app.run()


def test_the_sheet_of_an_agreement_stands_beside_and_holds_back_what_is_restricted(
    monkeypatch, ours
):
    key = agreement_key("R-4")
    app = run_application(monkeypatch, ours, convention=key, date=DAY)
    assert problems(app) == []
    said = words(app, "beside")
    assert "Restreinte synthétique" in said
    assert RESERVED not in said
    assert link(app)["convention"] == [key]
    monkeypatch.setenv("MAILLAGE_RESTRICTED", "1")
    assert RESERVED in words(run_application(monkeypatch, ours, convention=key, date=DAY), "beside")


def test_the_sheet_of_a_partner_stands_beside_the_first_page(monkeypatch, ours):
    app = run_application(monkeypatch, ours, fiche=CLINIC, date=DAY, lang="en")
    assert problems(app) == []
    said = words(app, "beside")
    for part in ("territories", "neighbours", "measures"):
        key = "page.sheet.place" if part == "territories" else f"page.sheet.{part}"
        assert text(key, "en") in said
    app.button(key="close").click().run()
    assert "fiche" not in link(app)
    assert state(app).selection.on == date.fromisoformat(DAY)
