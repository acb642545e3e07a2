"""What the page *Méthode* says and what docs/methods.md says are the same words."""

import re

import pytest

from explorer.services.agreements import QUEUES
from explorer.services.method_words import matching
from graph.analysis import METRICS
from graph.messages import LANGUAGES
from graph.methods import CHAPTERS, METHODS, NOTHING, method
from tests.support.pages import page

METHODS_PAGE = page("docs/methods.md")
WRITTEN = [item for item in METHODS if item.measure is None]


def test_ids_are_unique_and_every_measure_and_queue_is_there():
    ids = [item.id for item in METHODS]
    assert len(set(ids)) == len(ids)
    assert {item.id for item in METRICS} <= set(ids)
    assert {f"queue_{item.id}" for item in QUEUES} <= set(ids)
    assert method("betweenness").measure.id == "betweenness"
    assert method("<script>") is None


@pytest.mark.parametrize("item", WRITTEN, ids=lambda item: item.id)
def test_every_method_is_in_the_documentation_in_the_same_words(item):
    caveat = item.caveats("en")[0] if item.caveats("en") else NOTHING
    with_source = f"| {item.name('en')} | {item.how('en')} | {item.source('en')} | {caveat} |"
    without = f"| {item.name('en')} | {item.how('en')} | {caveat} |"
    rule = f"| {item.name('en')} | {item.how('en')} |"
    wanted = {"partners": without, "queues": rule}.get(item.chapter, with_source)
    assert wanted in METHODS_PAGE


def test_every_number_of_coverage_that_is_documented_is_on_the_page():
    chapter = METHODS_PAGE.split("## Couverture")[1].split("On the page:")[0]
    documented = re.findall(r"^\| ([^|-][^|]*) \|", chapter, re.MULTILINE)
    assert len(documented) > 20
    names = {item.name("en") for item in METHODS} | {"What"}
    assert [name for name in documented if name not in names] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_method_says_what_it_is_in_both_languages(language):
    for item in METHODS:
        assert item.name(language)
        assert item.how(language)
        assert item.chapter in CHAPTERS


def test_methods_are_found_by_name_formula_and_author():
    assert [item.id for item in matching("brandes", "fr")] == ["betweenness"]
    assert "siting" in [item.id for item in matching("revelle", "en")]
    assert "queue_preavis" in [item.id for item in matching("préavis dénoncer", "fr")]
    assert matching("", "fr") == METHODS
    assert matching("zzz", "fr") == ()
