"""Changes in words: rows of a table, for the page and the command."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.services.changes import ChangeShown, SideShown
from explorer.services.view_tables import Row
from explorer.wording import date_in_words, joined, number_in_words
from graph.messages import text

CHANGE_COLUMNS = ("structure", "role", "change", "before", "after", "seen", "to_look_at")


def change_rows(changes: Sequence[ChangeShown], language: str) -> list[Row]:
    """Return one row a change, in words, for a table."""
    return [
        {
            "structure": f"{item.name} ({item.id})",
            "role": text(f"changes.role.{item.role or 'linked'}", language),
            "change": change_in_words(item, language),
            "before": _side_in_words(item.before),
            "after": _side_in_words(item.after),
            "seen": seen_in_words(item, language),
            "to_look_at": to_look_at_in_words(item, language),
        }
        for item in changes
    ]


def change_in_words(item: ChangeShown, language: str) -> str:
    """Return the kind of a change, with how far where it moved."""
    words = text(f"changes.kind.{item.change}", language)
    if item.distance_m is None:
        return words
    metres = number_in_words(item.distance_m, language)
    return text("changes.distance", language, change=words, metres=metres)


def seen_in_words(item: ChangeShown, language: str) -> str:
    """Return between which two sources a change is seen."""
    unknown = text("word.unknown", language)
    values = {
        name: date_in_words(side.vintage, language) if side.vintage else unknown
        for name, side in (("before", item.before), ("after", item.after))
    }
    sources = {"old": item.before.family.upper(), "new": item.after.family.upper()}
    return text("changes.seen", language, **values, **sources)


def to_look_at_in_words(item: ChangeShown, language: str) -> str | None:
    """Return the agreements to look at: the structure's own, then those of its legal entity."""
    own = [deal.title for deal in item.cooperations if deal.via is None]
    above = [deal.title for deal in item.cooperations if deal.via is not None]
    parts = [joined(own, language)] if own else []
    if above:
        parts.append(text("changes.by_entity", language, titles=joined(above, language)))
    return " ; ".join(parts) or None


def _side_in_words(side: SideShown) -> str | None:
    if side.label and side.value and side.label != side.value:
        return f"{side.label} ({side.value})" if side.value.isalnum() else side.label
    return side.label or side.value
