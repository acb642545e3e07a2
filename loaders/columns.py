"""Columns of text, checked and joined as a whole by Arrow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Table = Any
"""A pyarrow table: the library ships no types."""

Value = TypeVar("Value")
Other = TypeVar("Other")


def joined(columns: Iterable[Any], separator: str) -> Any:  # noqa: ANN401
    """Return the columns joined row by row, empty ones left out."""
    filled = [pc.if_else(pc.equal(column, ""), None, column) for column in map(flat, columns)]
    # led by an empty text: Arrow drops the rows in which everything is skipped
    joined = pc.binary_join_element_wise("", *filled, separator, null_handling="skip")
    return pc.utf8_slice_codeunits(joined, len(separator))


def flat(column: Any) -> Any:  # noqa: ANN401
    """Return a column in one piece: joins need pieces of the same length."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


class Coded(NamedTuple, Generic[Value]):
    """A column as distinct values and, for each row, the place of its value among them."""

    values: list[Value]
    codes: npt.NDArray[np.intp]


def coded(column: Any) -> Coded[str]:  # noqa: ANN401
    """Return an Arrow column of texts by its distinct values."""
    encoded = flat(column).dictionary_encode()
    return Coded(encoded.dictionary.to_pylist(), encoded.indices.to_numpy().astype(np.intp))


def listed(values: Iterable[Value]) -> Coded[Value]:
    """Return values of Python, which can be keys, as a column of its distinct ones."""
    places: dict[Value, int] = {}
    codes = [places.setdefault(value, len(places)) for value in values]
    return Coded([*places], np.array(codes, dtype=np.intp))


def paired(one: Coded[Value], other: Coded[Other]) -> Coded[tuple[Value, Other]]:
    """Return two columns as one of pairs, each distinct pair once."""
    count = max(len(other.values), 1)
    encoded = pa.array(one.codes * count + other.codes).dictionary_encode()
    found = (divmod(key, count) for key in encoded.dictionary.to_pylist())
    pairs = [(one.values[first], other.values[second]) for first, second in found]
    return Coded(pairs, encoded.indices.to_numpy().astype(np.intp))


def taken(values: Sequence[Value], places: npt.NDArray[np.intp]) -> list[Value]:
    """Return the value at each place; quicker than one by one."""
    found: list[Value] = np.fromiter(values, object, len(values))[places].tolist()
    return found


def mapped(column: Any, read: Callable[[str], Value]) -> list[Value]:  # noqa: ANN401
    """Return `read` of each value of an Arrow column; each distinct value is read once."""
    values, codes = coded(column)
    return taken([read(value) for value in values], codes)


def checked(
    table: Table, name: str, pattern: str, mend: Callable[[str, int], str | None]
) -> list[str | None]:
    """Return a column with None for empty values, and what `mend` makes of unsound ones."""
    sound = matches(table.column(name), pattern)
    values: list[str | None] = [value or None for value in texts(table, name)]
    for row in np.flatnonzero(~sound):
        value = values[row]
        if value:
            values[row] = mend(value, int(row))
    return values


def texts(table: Table, name: str) -> list[str]:
    """Return a column as Python texts."""
    found: list[str] = table.column(name).to_pylist()
    return found


def matches(column: Any, pattern: str) -> npt.NDArray[np.bool_]:  # noqa: ANN401
    """Tell which values of an Arrow column match a regular expression."""
    held: npt.NDArray[np.bool_] = pc.match_substring_regex(column, pattern).to_numpy(
        zero_copy_only=False
    )
    return np.array(held)
