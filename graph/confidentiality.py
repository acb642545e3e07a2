"""Agreements that are not to leave the directorate unless somebody asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph.amendments import is_amendment
from graph.model import Cooperation

RESTRICTED = "restreint"


def restricted(cooperations: Sequence[Cooperation]) -> frozenset[str]:
    """Return the restricted agreements, with what amends them and what they amend.

    An amendment gives its agreement its terms, so that one without the other would either tell
    what is restricted or state an end that no longer holds.
    """
    known = {item.id: item for item in cooperations}
    parents = {item.id: _amended(item, known) for item in cooperations}
    heads = {_head(item.id, parents) for item in cooperations if is_restricted(item)}
    return frozenset(key for key in parents if _head(key, parents) in heads)


def is_restricted(cooperation: Cooperation) -> bool:
    """Tell whether a source marks this agreement itself as restricted."""
    return cooperation.confidentiality == RESTRICTED


def _amended(item: Cooperation, known: Mapping[str, Cooperation]) -> str | None:
    parent = known.get(item.parent or "")
    return parent.id if parent is not None and is_amendment(item, parent) else None


def _head(key: str, parents: Mapping[str, str | None]) -> str:
    """Return the agreement at the head of a family; of parents in a circle, the first by id."""
    path = [key]
    while (above := parents[path[-1]]) is not None:
        if above in path:
            return min(path[path.index(above) :])
        path.append(above)
    return path[-1]
