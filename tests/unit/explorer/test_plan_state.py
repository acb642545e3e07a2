"""What was asked of the plans, to and from the URL."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.cover_state import CoverState, cover_query, read_cover
from explorer.plan_state import PlanState, per_territory, plan_query, read_plan
from graph.analysis.plan_rules import PARTITIONS, Constraints
from graph.vocabulary import KINDS

ids = st.text("abzABZ019:._-", max_size=12).map("9{}".format)
several = st.frozensets(ids, max_size=3)
kinds = st.none() | st.sampled_from(KINDS)
levels = st.none() | st.sampled_from(PARTITIONS)


def lists(query):
    return {name: [v] if isinstance(v, str) else v for name, v in query.items()}


@settings(max_examples=40)
@given(st.data())
def test_a_link_restores_what_was_asked(data):
    include, level = data.draw(several), data.draw(levels)
    state = PlanState(
        kind=data.draw(kinds),
        count=data.draw(st.integers(1, 20)),
        include=include,
        exclude=data.draw(several) - include,
        level=level,
        most=data.draw(st.integers(1, 20)) if level else 1,
        least_capacity=data.draw(st.none() | st.integers(1, 5000).map(float)),
        trial_kind=data.draw(kinds),
        add=data.draw(several),
        remove=data.draw(several),
        gap=data.draw(kinds),
    )
    dropped = []
    assert read_plan(lists(plan_query(state)), dropped) == state
    assert dropped == []
    whole = CoverState(plan=state)
    assert read_cover(lists(cover_query(whole)), dropped) == whole


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("signer", ["CRECHE"]),
        ("signer", ["EHPAD", "CMS"]),
        ("signatures", ["0"]),
        ("signatures", ["21"]),
        ("signatures", ["٣"]),
        ("signatures", ["-1"]),
        ("plafond", ["cpts:1"]),
        ("plafond", ["arrondissement"]),
        ("plafond", ["arrondissement:0"]),
        ("capacite", ["nan"]),
        ("capacite", ["-5"]),
        ("capacite", ["1e9"]),
        ("avec", ["<script>"]),
        ("ajouter", ["a b"]),
        ("manque", ["<b>"]),
    ],
)
def test_what_cannot_be_meant_is_left_out_and_named(name, values):
    dropped = []
    assert read_plan({name: values}, dropped) == PlanState()
    assert dropped == [name]


def test_nobody_is_both_in_and_out():
    dropped = []
    found = read_plan({"avec": ["a"], "sans": ["a", "b"], "signatures": ["2"]}, dropped)
    assert found == PlanState(include=frozenset({"a"}), count=2)
    assert dropped == ["sans"]


def test_rules_are_those_of_the_core():
    assert PlanState().constraints == Constraints()
    asked = PlanState(level="commune", most=2, least_capacity=10.0)
    assert asked.constraints == Constraints(level="commune", most=2, least_capacity=10.0)
    assert per_territory("commune:2") == ("commune", 2)
