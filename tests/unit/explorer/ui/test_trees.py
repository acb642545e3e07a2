"""Panels are trees of tags and texts: whatever a name holds, it stays a text."""

import re
from datetime import date
from pathlib import Path

import pytest

from explorer.palette import SYMBOLS
from explorer.selection import Selection
from explorer.services.network import network_of
from explorer.services.sheet import sheet_of
from explorer.services.view import view_from
from explorer.ui import tree
from explorer.ui.lists import directory_nodes, hit_nodes, unplaced_nodes
from explorer.ui.plain import plain as shown_plainly
from explorer.ui.sheet_tree import sheet_nodes
from explorer.ui.tree import el, icon, opener, plain
from graph.store.port import Hit
from tests.support.confluence_synthetic import CHARITY, CLINIC, FOCUS, HOSTILE, synthetic_store

TODAY = date(2026, 11, 22)
SCRIPT = Path(tree.__file__).with_name("panel.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return synthetic_store(tmp_path_factory.mktemp("trees"))


def flat(nodes):
    for node in nodes:
        yield node
        if not isinstance(node, str):
            yield from flat(node[2])


def test_only_known_tags_and_attributes():
    for tag, attributes in (("script", {}), ("a", {"href": "x"}), ("p", {"onclick": "x"})):
        with pytest.raises(ValueError, match="not allowed"):
            el(tag, **attributes)


def test_the_browser_knows_the_same_lists():
    for name, known in (("TAGS", tree.TAGS), ("ATTRIBUTES", tree.ATTRIBUTES)):
        written = re.search(rf"const {name} = new Set\((.*?)\.split", SCRIPT, re.DOTALL)
        assert written is not None
        words = " ".join(re.findall(r'"([^"]*)"', written[1])).split()
        assert set(words) == known
    assert "innerHTML" not in SCRIPT


def test_attributes_are_written_for_the_browser():
    node = el("button", "x", class_="open", data_open="940000573", aria_hidden="true", open=False)
    assert node[1] == {"class": "open", "data-open": "940000573", "aria-hidden": "true"}
    assert opener("x", None) == ["span", {}, ["x"]]


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_every_symbol_has_an_icon(symbol):
    shape = icon(symbol, "#123456")[2][0]
    assert shape[0] == ("polygon" if SYMBOLS[symbol] else "circle")


def test_a_sheet_holds_hostile_names_as_texts(store):
    nodes = sheet_nodes(sheet_of(store, CHARITY, TODAY, "fr"), "fr")
    assert HOSTILE in [node for node in flat(nodes) if isinstance(node, str)]
    assert {node[0] for node in flat(nodes) if not isinstance(node, str)} <= tree.TAGS


def test_a_sheet_reads_in_the_order_of_the_questions(store):
    words = plain(sheet_nodes(sheet_of(store, CLINIC, TODAY, "fr"), "fr"))
    order = [
        "Clinique synthétique",
        "Convention d’imagerie",
        "Depuis le 1er février 2024",
        "Sites concernés",
        "Identité",
        "Sources en désaccord",
        "FINESS synthétique",
    ]
    places = [words.index(item) for item in order]
    assert places == sorted(places)


def test_citations_say_where(store):
    nodes = sheet_nodes(sheet_of(store, CLINIC, TODAY, "fr"), "fr")
    titles = {node[1].get("title") for node in flat(nodes) if node[0] == "sup"}
    assert "FINESS synthétique, 8 janvier 2021 · ligne 1" in titles


def test_every_partner_and_every_unplaced_structure_can_be_opened(store):
    answer = network_of(store, Selection(focus=FOCUS, on=TODAY))
    view = view_from(store, answer, (), "fr")

    def opened(nodes):
        return {node[1]["data-open"] for node in flat(nodes) if "data-open" in node[1]}

    listed = directory_nodes(view, answer.network)
    assert opened(listed) == {node.id for node in view.nodes}
    assert [node[1]["data-key"] for node in listed if node[1].get("open") is None] == ["Le groupe"]
    unplaced = unplaced_nodes(view.unplaced, "fr", opened=True)
    assert opened(unplaced) == {item.id for item in view.unplaced}
    assert "position non renseignée" in plain(unplaced)
    assert unplaced_nodes((), "fr", opened=True) == []


def opened_by(nodes):
    return [
        node[1]["data-open"]
        for node in flat(nodes)
        if not isinstance(node, str) and "data-open" in node[1]
    ]


def test_hits_say_kind_and_commune():
    hits = [Hit(id="990000020", name=HOSTILE, kind="CLINIQUE", commune="99002")]
    nodes = hit_nodes(hits, {"99002": "Faux-sur-Marne"}, "fr")
    assert opened_by(nodes) == ["990000020"]
    assert plain(nodes) == f"{HOSTILE} Clinique · Faux-sur-Marne"
    assert "Aucune structure" in plain(hit_nodes([], {}, "fr"))


@pytest.mark.parametrize(
    "hostile",
    [
        "**gras** _a_ `code` # titre",
        "[x](javascript:alert(1))",
        ":red[x] :smile: :material/home:",
        "$x^2$ www.example.org a@b.org https://example.org",
        "a -> b <- c -- d >= e ~= f",
        "<b>x</b> | 1. x",
    ],
)
def test_plain_escapes_every_sign_of_markdown(hostile):
    made = shown_plainly(hostile)
    assert re.sub(r"\\(.)", r"\1", made).replace("\u2060", "") == hostile
    assert not re.search(r"(?<!\\)[*_`\[\]<>#$|~]", made)
    assert "https:" not in made.replace("\\", "")
    assert ":smile" not in made.replace("\\", "")


def test_plain_keeps_to_one_line():
    assert shown_plainly("a\n\n# b") == "a \\# b"
