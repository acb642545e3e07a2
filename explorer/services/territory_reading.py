"""Territories read once for several questions: they are the same whatever day is asked about."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from weakref import WeakKeyDictionary

from graph.model import Territory
from graph.store.port import GraphStore, TerritoryQuery

MOST_KEPT = 24
"""Answers kept of a store; the communes of a région with their polygons take some megabytes."""

_Answers = OrderedDict[tuple[int, TerritoryQuery], tuple[Territory, ...]]
_KEPT: WeakKeyDictionary[GraphStore, _Answers] = WeakKeyDictionary()
_LOCK = Lock()


def territories_of(store: GraphStore, query: TerritoryQuery) -> tuple[Territory, ...]:
    """Return what `store` answers to `query`, read again once its content has changed."""
    key = store.revision(), query
    with _LOCK:
        answers = _KEPT.setdefault(store, OrderedDict())
        if key in answers:
            answers.move_to_end(key)
            return answers[key]
    found = tuple(store.territories(query))
    with _LOCK:
        answers[key] = found
        while len(answers) > MOST_KEPT:
            answers.popitem(last=False)
    return found
