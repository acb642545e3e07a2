"""A claim that stands for the thing itself must be what resolving it would give."""

import typing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.dates import PartialDate
from graph.model import (
    AnyClaim,
    Approval,
    CooperationClaim,
    Fact,
    MembershipClaim,
    Party,
    SourceRecord,
    Structure,
    StructureClaim,
    TerritoryClaim,
    entity_kind,
)
from graph.resolve import resolve
from graph.store.encoding import decode_claim, decode_entity, encode, statement
from graph.store.sharing import is_plain

SOURCE = SourceRecord(id="s1", family="seed", title="Synthetic")
WORDS = st.sampled_from(["Alpha", "ALPHA", "Bêta", "", 'a,"locator":'])
KINDS: list[type[Any]] = [StructureClaim, CooperationClaim, MembershipClaim, TerritoryClaim]
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: WORDS,
    float: st.sampled_from([0.0, 2.5]),
    int: st.sampled_from([0, 3]),
    PartialDate: st.sampled_from(["2017", "2017-07-12", "2021..2022"]),
    Fact: st.builds(
        Fact,
        topic=WORDS,
        source=st.sampled_from([None, "s1", "s2"]),
        locator=st.sampled_from([None, "row 9"]),
    ),
    Party: st.builds(Party, structure=st.sampled_from(["a", "b"]), role=WORDS),
    Approval: st.builds(Approval, body=WORDS),
}


def _values(hint: Any) -> st.SearchStrategy[Any]:
    """Return values of a field of the model, whatever fields it grows."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return st.lists(_values(inner[0]), min_size=1, max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(_values(inner[0]), _values(inner[1]), max_size=2)
    if origin is typing.Literal:
        return st.sampled_from(inner)
    if inner:
        return st.one_of(*map(_values, inner))
    return SIMPLE[hint] if hint in SIMPLE else st.from_type(hint)


@st.composite
def _claims(draw: st.DrawFn, kinds: tuple[type[Any], ...] = tuple(KINDS)) -> AnyClaim:
    kind = draw(st.sampled_from(kinds))
    hints = typing.get_type_hints(kind)
    fields = [name for name in kind.__struct_fields__ if name not in {"id", "source"}]
    required = {"locator", "member", "group", "level", "code"} & set(fields)
    chosen = draw(st.sets(st.sampled_from(fields), max_size=4)) | required
    values = {name: draw(_values(hints[name])) for name in sorted(chosen)}
    claim: AnyClaim = kind(id="a", source="s1", **values)
    return claim


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=120)
@given(st.data())
def test_a_plain_claim_is_the_thing_itself(kind: type[Any], data: st.DataObject) -> None:
    claim = data.draw(_claims((kind,)))
    resolved = resolve(entity_kind(claim), [(claim, SOURCE)])
    if is_plain(claim):
        assert decode_entity(entity_kind(claim), encode(claim), "s1") == resolved
    else:
        assert decode_entity(entity_kind(claim), encode(resolved), None) == resolved


def test_usual_claims_are_plain() -> None:
    for claim in (
        StructureClaim(id="a", source="s1", locator="1", name="Alpha", other_names=("Beta",)),
        StructureClaim(id="a", source="s1", locator="1", longitude=2.0, latitude=48.0),
        StructureClaim(id="a", source="s1", locator="1", facts=(Fact(topic="x", value=2.0),)),
        StructureClaim(id="a", source="s1", locator="1", activities=("had", "ssr")),
        CooperationClaim(id="a", source="s1", locator="1", parties=(Party(structure="b"),)),
        TerritoryClaim(id="a:b", source="s1", locator="1", level="a", code="b"),
    ):
        assert is_plain(claim)


@given(st.lists(SIMPLE[Fact], min_size=1, max_size=3).map(tuple), WORDS)
def test_facts_take_up_the_source_and_the_place_of_their_claim(facts, locator) -> None:
    claim = StructureClaim(id="a", source="s1", locator=locator, part="94", facts=facts)
    shown = decode_entity("structure", encode(claim), "s1")
    assert is_plain(claim)
    assert shown == resolve("structure", [(claim, SOURCE)])


@given(_claims(), WORDS, WORDS)
def test_a_statement_leaves_out_where_it_is_made(claim: AnyClaim, locator: str, part: str) -> None:
    values = {name: getattr(claim, name) for name in claim.__struct_fields__}
    moved = type(claim)(**values | {"locator": locator, "part": part})
    assert statement(encode(moved)) == statement(encode(claim))
    assert decode_claim(encode(moved)) == moved


@given(_claims(), _claims())
def test_other_statements_differ(one: AnyClaim, other: AnyClaim) -> None:
    same_place = {"locator": "x", "part": ""}
    values = {name: getattr(other, name) for name in other.__struct_fields__} | same_place
    theirs = type(other)(**values)
    values = {name: getattr(one, name) for name in one.__struct_fields__} | same_place
    ours = type(one)(**values)
    assert (statement(encode(ours)) == statement(encode(theirs))) == (ours == theirs)


def test_a_position_on_the_meridian_is_kept() -> None:
    claim = StructureClaim(id="a", source="s1", locator="1", longitude=0.0, latitude=49.3)
    resolved = resolve("structure", [(claim, SOURCE)])
    assert isinstance(resolved, Structure)
    assert (resolved.longitude, resolved.latitude) == (0.0, 49.3)
