"""Big JSON documents against the standard library's reader, whatever the blocks."""

import io
import json
import math
from typing import Any, TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders import json_stream
from loaders.json_stream import JsonError, roots

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
RECORDS = st.lists(st.fixed_dictionaries({"id": SCALARS, "inner": VALUES}), max_size=6)
"""Items that begin alike, as in the official feeds: many are read at once."""
DOCUMENTS = st.dictionaries(st.text(max_size=4), RECORDS | VALUES, max_size=4)
LAYOUTS = st.sampled_from(
    [{}, {"separators": (",", ":")}, {"indent": 2}, {"indent": "\t"}, {"ensure_ascii": False}]
)
BLOCKS = st.integers(min_value=1, max_value=200)


def read(document: bytes, block: int) -> Any:
    """Read a document whole through blocks of `block` bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "BLOCK", block)
        return [(key, [*items]) for key, items in roots(io.BytesIO(document))]


class OnlyId(TypedDict, total=False):
    """What a reader may want of `RECORDS`."""

    id: Any


def members(document: Any) -> list[tuple[str | None, list[Any]]]:
    if isinstance(document, list):
        return [(None, document)]
    return [(key, value if isinstance(value, list) else [value]) for key, value in document.items()]


def same(found: object, expected: object) -> bool:
    """Compare to the type of each number: 1 is not 1.0, nor True."""
    return repr(found) == repr(expected)


@given(document=DOCUMENTS | RECORDS, layout=LAYOUTS, block=BLOCKS, mark=st.booleans())
def test_any_document_is_read_as_the_standard_library_does(
    document: Any, layout: dict[str, Any], block: int, *, mark: bool
) -> None:
    text = json.dumps(document, **layout)
    found = read(text.encode("utf-8-sig" if mark else "utf-8"), block)
    assert same(found, members(json.loads(text)))


@given(records=RECORDS, others=st.lists(VALUES, max_size=2), layout=LAYOUTS, block=BLOCKS)
def test_members_that_nobody_reads_are_left_out_and_nothing_else(
    records: list[Any], others: list[Any], layout: dict[str, Any], block: int
) -> None:
    items = [*records, *others, *records]
    text = json.dumps({"items": items}, **layout).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "BLOCK", block)
        ((_, found),) = ((key, [*read]) for key, read in roots(io.BytesIO(text), shape=OnlyId))
    assert len(found) == len(items)
    for item, expected in zip(found, items, strict=True):
        short = {"id": expected["id"]} if isinstance(expected, dict) and "id" in expected else {}
        assert same(item, expected) or same(item, short)


def test_of_items_of_the_shape_only_the_last_of_a_block_is_whole() -> None:
    items = [{"id": number, "inner": {"id": [{"id": 1}]}} for number in range(9)]
    text = json.dumps(items, separators=(",", ":")).encode()
    ((_, found),) = ((key, [*read]) for key, read in roots(io.BytesIO(text), shape=OnlyId))
    assert found == [*({"id": number} for number in range(8)), items[-1]]


@given(document=DOCUMENTS, layout=LAYOUTS, block=BLOCKS, data=st.data())
def test_a_document_that_stops_too_early_is_cut_wherever_it_stops(
    document: dict[str, Any], layout: dict[str, Any], block: int, data: st.DataObject
) -> None:
    whole = json.dumps(document, **layout).encode()
    end = data.draw(st.integers(min_value=0, max_value=len(whole) - 1))
    with pytest.raises(JsonError) as caught:
        read(whole[:end], block)
    assert caught.value.cut


@pytest.mark.parametrize(
    "text", [b'{"a": [1.', b'{"a": [1.5e', b'{"a": [1.5e+', b'{"a": [-', b'{"a"']
)
def test_a_document_can_stop_within_a_number(text: bytes) -> None:
    with pytest.raises(JsonError) as caught:
        read(text, json_stream.BLOCK)
    assert caught.value.cut


@pytest.mark.parametrize("rest", [".", "e", "e+", "E-"])
def test_a_number_within_an_object_can_be_cut(rest: str) -> None:
    with pytest.raises(JsonError) as caught:
        read(f'{{"a": {{"b": 2.5{rest}'.replace("2.5.", "2.").encode(), 1)
    assert caught.value.cut


@given(document=DOCUMENTS, block=BLOCKS, data=st.data())
def test_what_the_standard_library_refuses_is_refused_or_read_alike(
    document: dict[str, Any], block: int, data: st.DataObject
) -> None:
    text = bytearray(json.dumps(document).encode())
    at = data.draw(st.integers(min_value=0, max_value=len(text) - 1))
    text[at] = data.draw(st.sampled_from(b'{}[],:"\\0-.eE+ntf \x00\n'))
    try:
        expected = members(finite(text.decode()))
    except (ValueError, AttributeError):
        with pytest.raises(JsonError):
            read(bytes(text), block)
    else:
        assert same(dict(read(bytes(text), block)), dict(expected))  # a key can stand twice now


def finite(text: str) -> Any:
    """Return a document whose numbers are finite and whose root is an object or an array."""

    def refuse(name: str) -> None:
        raise ValueError(name)

    found = json.loads(text, parse_constant=refuse)
    if not isinstance(found, dict | list):
        refuse(text)
    return found


@given(block=BLOCKS)
def test_a_root_that_stands_twice_is_given_twice(block: int) -> None:
    found = read(b'{"a": [1, 2], "b": 3, "a": [4]}', block)
    assert found == [("a", [1, 2]), ("b", [3]), ("a", [4])]


@given(block=BLOCKS, size=st.integers(min_value=0, max_value=3000))
def test_an_item_can_be_longer_than_any_block(block: int, size: int) -> None:
    items = [{"id": 1, "text": "é" * size}, {"id": 2, "list": [*range(size)]}, {"id": 3}]
    assert read(json.dumps({"a": items}, ensure_ascii=False).encode(), block) == [("a", items)]


def test_items_left_unread_are_stepped_over() -> None:
    found = []
    for key, items in roots(io.BytesIO(b'{"a": [{"id": 1}, {"id": 2}, {"id": 3}], "b": 4}')):
        found.append((key, next(items)))
    assert found == [("a", {"id": 1}), ("b", 4)]


@pytest.mark.parametrize(
    "text",
    [
        b'{"a": NaN}',
        b'{"a": [1, -Infinity]}',
        b'{"a": "\x00"}',
        b'{"a": "b\nc"}',
        b'{"a": [{"id": 1}, {"id": 2,}, {"id": 3}]}',
        b'{"a": [1, 2}}',
        b'{"a": 1} {"a": 2}',
        b'{"a": "\xe9"}',
        b"{a: 1}",
        b'{1: "a"}',
        b'"a"',
        b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a": [{"id": 1}, {"id": ' + b"[" * 100_000 + b'0]}, {"id": 2}]}',
    ],
)
def test_a_malformed_document_is_not_called_cut(text: bytes) -> None:
    with pytest.raises(JsonError) as caught:
        read(text, json_stream.BLOCK)
    assert not caught.value.cut


def test_numbers_keep_their_size_and_their_type() -> None:
    text = (
        b'{"a": [{"n": 1}, {"n": 1.0}, {"n": 123456789012345678901234567890}, {"n": 0}], "b": 2.5}'
    )
    found = read(text, json_stream.BLOCK)
    assert same(found, members(json.loads(text)))
    assert math.isclose(found[1][1][0], 2.5)
