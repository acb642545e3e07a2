"""The registry: every measure has its words, its source and its place in docs/methods.md."""

from pathlib import Path

import networkx as nx
import pytest

from graph.analysis import (
    METRICS,
    estimate_reading,
    key_players,
    key_players_reading,
    metric,
    network_summary,
    reading,
    said_value,
    sampled_betweenness,
    structure_metrics,
)
from graph.messages import LANGUAGES, catalogue

CHECKOUT = Path(__file__).resolve().parents[4]
CENTRALITIES = {
    "degree",
    "strength",
    "betweenness",
    "closeness",
    "eigenvector",
    "constraint",
    "effective_size",
    "core_number",
    "is_cut_point",
}


def test_ids_are_unique():
    assert len({item.id for item in METRICS}) == len(METRICS)


def test_every_column_and_key_is_a_measure():
    graph = nx.path_graph(3)
    group = dict.fromkeys(graph, "a")
    found = [*structure_metrics(graph, group), *network_summary(graph, group), "F", "DF"]
    assert set(found) <= {item.id for item in METRICS}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("item", METRICS, ids=lambda item: item.id)
def test_every_measure_has_its_words(item, language):
    assert item.name(language)
    assert item.unit_name(language)
    assert len(item.parameter_texts(language)) == len(item.parameters)
    assert len(item.caveat_texts(language)) == len(item.caveats)
    assert item.formula
    assert item.source
    assert catalogue(language)[f"analysis.kind.{item.kind}"]
    if item.id != "key_players":
        for value in (0, 1, 2, 0.5, None):
            said = reading(item.id, value, language, structure="HAD", through="le DAC")
            assert said.endswith(".")
            assert "{" not in said


def test_every_centrality_carries_the_caveat_of_ego_registers():
    assert {item.id for item in METRICS if item.centrality} >= CENTRALITIES
    assert "avec et sans" in metric("betweenness").caveat_texts("fr")[0]


def test_every_measure_is_in_the_methods():
    methods = (CHECKOUT / "docs" / "methods.md").read_text(encoding="utf-8")
    missing = [item.id for item in METRICS if _row(item) not in methods]
    assert missing == []


def _row(item):
    formula = item.formula.replace("|", "\\|")
    fixed, caveats = ", ".join(item.parameters) or "–", ", ".join(item.caveats) or "–"
    said = (item.name("en"), formula, item.unit_name("en"), item.source, fixed, caveats)
    return f"| `{item.id}`: {' | '.join(said)} |"


def test_readings_are_plain_sentences():
    assert reading("sole_relays", 14, "fr", through="le DAC 94 Est") == (
        "14 partenaires ne nous sont reliés que par le DAC 94 Est."
    )
    assert reading("sole_relays", 1, "fr", through="le DAC") == (
        "1 partenaire ne nous est relié que par le DAC."
    )
    assert reading("sole_relays", 14, "en", through="the DAC") == (
        "14 partners reach us only through the DAC."
    )
    assert reading("density", None, "en") == "Density: not defined on this network."
    assert "charnière" in reading("is_cut_point", value=True, language="fr", structure="Le CMS")


def test_values_are_written_as_their_language_does():
    assert said_value("density", 0.25, "fr") == "0,25"
    assert said_value("density", 0.25, "en") == "0.25"
    assert said_value("betweenness", 1234.5, "en") == "1,234.5"
    assert said_value("is_cut_point", value=False, language="fr") == "non"
    assert said_value("constraint", float("nan"), "fr") == "non défini"


def test_an_unknown_measure_is_a_fault():
    with pytest.raises(KeyError):
        metric("no_such_measure")


def test_key_players_say_how_they_were_found():
    graph = nx.star_graph(5)
    found = key_players(graph, 1)
    said = key_players_reading(found, ("le CMS",), "fr")
    assert said == (
        "Sans le CMS, la fragmentation passerait de 0,0 à 1,0 "
        "(tous les groupes possibles ont été essayés)."
    )
    both = key_players_reading(key_players(graph, 2), ("le CMS", "la HAD"), "fr")
    assert both.startswith("Sans le CMS et la HAD, ")
    assert "not defined" in key_players_reading(key_players(nx.Graph(), 1), (), "en")
    greedy = key_players(graph, 1, exact_limit=0)
    assert "a better group may exist" in key_players_reading(greedy, ("A",), "en")


def test_an_estimate_says_that_it_is_one():
    graph = nx.gnm_random_graph(50, 100, seed=1)
    assert estimate_reading(sampled_betweenness(graph, 10), "fr").startswith("Estimation")
    assert estimate_reading(sampled_betweenness(graph, 50), "en") == "Exact values."
