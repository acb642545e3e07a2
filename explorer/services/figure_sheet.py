"""A sheet as sections of one page: what a partnership officer asks first stands first.

Referents and other persons, references to the row of a file and restricted agreements stay on
screen: a page goes round.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from explorer.figures.making import Style
from explorer.services.sheet_model import AgreementCard, Entry, Sheet
from graph.messages import text

Plain = tuple[str, tuple[str, ...]]


def sections_of(sheet: Sheet, restricted: Collection[str], style: Style) -> Iterator[Plain]:
    """Yield heading and lines of each part of `sheet` that has anything to say."""

    def title(key: str) -> str:
        return text(f"page.sheet.{key}", style.language)

    for key in ("agreements", "past", "elsewhere", "instances", "contacts"):
        cards = [card for card in getattr(sheet, key) if card.id not in restricted]
        if cards or key == "agreements":
            yield title(key), tuple(_card(card, style) for card in cards)
    for key in ("identity", "belongs", "members", "establishments", "facts"):
        entries = getattr(sheet, key)
        if entries:
            yield title(key), tuple(_entry(entry, style) for entry in entries)
    if sheet.unknown:
        unknown = text("page.sheet.unknown", style.language, fields=", ".join(sheet.unknown))
        yield style.say("good_to_know"), (unknown, *sheet.notes)


def _card(card: AgreementCard, style: Style) -> str:
    parts = [
        f"{card.title} ({card.type_label})" if card.type_label != card.title else card.title,
        card.status_label,
        *card.alerts,
        card.when,
        text("page.sheet.sites", style.language, sites=card.sites),
        card.via or "",
    ]
    return style.say("separator").join(part.rstrip(".") for part in parts if part)


def _entry(entry: Entry, style: Style) -> str:
    said = style.say("labelled", label=entry.label, value=entry.text)
    return f"{said} ({entry.note})" if entry.note else said
