"""Columns by their distinct values, against the values themselves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from loaders.columns import Coded, coded, listed, mapped, paired, taken

cells = st.lists(st.text(max_size=3))


def column(values: Sequence[str]) -> pa.ChunkedArray:
    """Return values as an Arrow column in two pieces."""
    half = len(values) // 2
    return pa.chunked_array([values[:half], values[half:]], pa.string())


@given(cells)
def test_coded_values_are_distinct_and_stand_for_the_column(values: list[str]) -> None:
    found = coded(column(values))
    assert len(set(found.values)) == len(found.values)
    assert taken(*found) == values


@given(st.lists(st.one_of(st.none(), st.booleans(), st.tuples(st.text(max_size=2)))))
def test_listed_values_keep_their_type(values: list[object]) -> None:
    found = listed(values)
    assert len(found.values) == len(set(values))
    assert taken(*found) == values


@given(st.lists(st.tuples(st.text(max_size=1), st.integers(0, 3))))
def test_each_pair_stands_once(pairs: list[tuple[str, int]]) -> None:
    one = coded(column([text for text, _ in pairs]))
    found = paired(one, listed([number for _, number in pairs]))
    assert sorted(found.values) == sorted(set(pairs))
    assert taken(*found) == pairs


def test_a_pair_of_empty_columns_is_empty() -> None:
    nothing: Coded[str] = Coded([], np.empty(0, dtype=np.intp))
    assert paired(nothing, nothing).values == []


def test_taken_hands_out_tuples_as_they_are() -> None:
    assert taken([(1, 2), (3, 4)], np.array([1, 0, 1])) == [(3, 4), (1, 2), (3, 4)]


@given(cells)
def test_mapped_reads_each_distinct_value_once(values: list[str]) -> None:
    read: list[str] = []

    def longer(value: str) -> str:
        read.append(value)
        return value + "!"

    assert mapped(column(values), longer) == [value + "!" for value in values]
    assert len(read) == len(set(values))
