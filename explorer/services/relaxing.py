"""When nothing matches: which filter to relax, and what would then be seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from explorer.selection import Selection


class Relaxed(NamedTuple):
    """A filter that could be relaxed: its name, the selection without it, partners then seen."""

    name: str
    selection: Selection
    partners: int


def relaxations(
    selection: Selection, today: date, partners_of: Callable[[Selection], int]
) -> Sequence[Relaxed]:
    """Return the filters of `selection` that, relaxed alone, give partners; the best first.

    `partners_of` counts the partners that a selection shows, as the page itself counts them.
    """
    found = []
    for name, without in _without_one(selection, today):
        if partners := partners_of(without):
            found.append(Relaxed(name, without, partners))
    return sorted(found, key=lambda item: -item.partners)


def _without_one(selection: Selection, today: date) -> list[tuple[str, Selection]]:
    empty = frozenset[str]()
    changes: list[tuple[str, dict[str, object]]] = [
        (name, {name: empty})
        for name in ("kinds", "territories", "statuses", "themes")
        if getattr(selection, name)
    ]
    if not selection.inherit:
        changes.append(("inherit", {"inherit": True}))
    if selection.on != today:
        changes.append(("on", {"on": today}))
    return [(name, msgspec.structs.replace(selection, **change)) for name, change in changes]


def is_filtered(selection: Selection) -> bool:
    """Tell whether a filter is set, the date and the focus apart."""
    lists = (selection.kinds, selection.territories, selection.statuses, selection.themes)
    switches = (selection.instances, selection.contacts, selection.supply, not selection.inherit)
    return any(lists) or any(switches)
