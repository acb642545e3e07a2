"""Amendments: children of an agreement that change its terms from the day they take effect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import msgspec

from graph.dates import earliest
from graph.model import Cooperation

TERMS = (
    "end",
    "duration_months",
    "indefinite",
    "tacit_renewal",
    "renewal_months",
    "renewals_limit",
    "notice_months",
)
"""What an amendment can change of the agreement that it amends."""


def is_amendment(item: Cooperation, parent: Cooperation) -> bool:
    """Tell whether `item` amends `parent`: its child, with no other type of its own."""
    return item.parent == parent.id and item.type in {None, parent.type}


def as_amended(cooperations: Iterable[Cooperation], on: date) -> list[Cooperation]:
    """Return the cooperations with the terms that their amendments give them on day `on`.

    Parameters
    ----------
    cooperations : iterable of Cooperation
        Agreements and amendments together.
    on : datetime.date
        An amendment counts from the earliest day of its effect, else of its signature.

    Returns
    -------
    list of Cooperation
        In the same order; amendments themselves are left as they are.
    """
    known = list(cooperations)
    children: dict[str, list[Cooperation]] = defaultdict(list)
    for item in known:
        if item.parent is not None:
            children[item.parent].append(item)
    return [_amended(item, children.get(item.id, []), on) for item in known]


def _amended(item: Cooperation, children: Iterable[Cooperation], on: date) -> Cooperation:
    found = [
        (earliest(start), child.id, child)
        for child in children
        if is_amendment(child, item) and (start := child.effective or child.signed)
    ]
    for since, _, child in sorted(found, key=lambda entry: entry[:2]):
        changed = {name: value for name in TERMS if (value := getattr(child, name)) is not None}
        if since <= on and changed:
            item = msgspec.structs.replace(item, **changed)
    return item
