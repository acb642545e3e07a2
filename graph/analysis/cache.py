"""Results kept by the content of the graph they were computed from.

A graph with the same ties in the same order of nodes has the same key, whatever its names and
weights: only what depends on the ties alone is kept here.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TypeVar, cast

import numpy as np

from graph.analysis.simple import Simple
from graph.analysis.watch import SILENT, Watch

CAPACITY = 96
"""Results kept; a whole panel of one graph takes about ten."""

Result = TypeVar("Result")
Measure = Callable[[Simple, Watch], Result]

_kept: OrderedDict[tuple[str, str], object] = OrderedDict()
_lock = threading.Lock()
_switch = threading.local()


def remembered(measure: Measure[Result]) -> Measure[Result]:
    """Keep the results of `measure` by the content of the graph; the least recent leave first."""

    @wraps(measure)
    def answer(simple: Simple, watch: Watch = SILENT) -> Result:
        if getattr(_switch, "off", False):
            return measure(simple, watch)
        key = (measure.__name__, simple.digest)
        with _lock:
            if key in _kept:
                _kept.move_to_end(key)
                return cast(Result, _kept[key])
        result = measure(simple, watch)
        _freeze(result)
        with _lock:
            _kept[key] = result
            while len(_kept) > CAPACITY:
                _kept.popitem(last=False)
        return result

    return answer


@contextmanager
def no_cache() -> Iterator[None]:
    """Compute everything anew within the block, in this thread: for benchmarks and tests."""
    before = getattr(_switch, "off", False)
    _switch.off = True
    try:
        yield
    finally:
        _switch.off = before


def clear() -> None:
    """Forget every result."""
    with _lock:
        _kept.clear()


def _freeze(result: object) -> None:
    """Make the arrays of a kept result read-only: it is given to everyone who asks."""
    parts = result if isinstance(result, tuple) else (result,)
    for part in parts:
        if isinstance(part, np.ndarray):
            part.setflags(write=False)
