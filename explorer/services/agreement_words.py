"""Agreements in words: rows of the register, why a status holds, what is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from explorer.services.agreements import Agreement, Moved, title_of
from explorer.services.view_tables import Row
from explorer.view_state import agreement_key
from explorer.wording import date_in_words, dated, day_in_words, joined
from graph.agenda import Due
from graph.dates import PartialDate
from graph.messages import text
from graph.model import Cooperation
from graph.status import Standing, current_term
from graph.vocabulary import Status

REGISTER_COLUMNS = (
    "title",
    "partners",
    "status",
    "begins",
    "term",
    "notice_by",
    "alerts",
    "nature",
    "themes",
    "number",
)
_EVENTS = {
    Status.SUSPENDED: "suspended",
    Status.DENOUNCED: "denounced",
    Status.TERMINATED: "terminated",
    Status.ABANDONED: "abandoned",
    Status.ATTESTED: "attested",
    Status.DRAFT: "requested",
    Status.UNDER_REVIEW: "requested",
    Status.TO_SIGN: "sent",
}
"""The date that decides a status, where it is neither the start nor the term."""


def register_rows(rows: Iterable[Agreement], names: dict[str, str], language: str) -> list[Row]:
    """Return one row an agreement, in words, in the same order."""
    return [_row(item, names, language) for item in rows]


def _row(row: Agreement, names: dict[str, str], language: str) -> Row:
    item = row.record
    unknown = text("word.unknown", language)
    return {
        "title": title_of(item),
        "partners": joined([names[key] for key in row.partners], language) or unknown,
        "nature": text(f"type.{item.type or 'unknown'}", language),
        "status": status_word(row.status, language),
        "begins": begins(item, language),
        "term": ends(item, row.standing, language),
        "notice_by": day_in_words(row.deadline, language) if row.deadline else None,
        "alerts": ", ".join(text(f"alert.{alert}", language) for alert in row.alerts) or None,
        "themes": ", ".join(item.themes) or None,
        "number": item.id,
    }


def status_word(status: Status | None, language: str) -> str:
    """Return a status in words; None is said."""
    return text(f"status.{status or 'unknown'}", language)


def begins(item: Cooperation, language: str) -> str:
    """Return when an agreement begins, as precisely as stated."""
    start = item.effective or item.signed
    if start:
        return date_in_words(start, language)
    if item.attested:
        return text("agreements.attested_in", language, when=dated(item.attested, language))
    return text("word.unknown", language)


def ends(item: Cooperation, now: Standing | None, language: str) -> str:
    """Return when an agreement ends: a day, never, or not stated."""
    if now is not None and now.term is not None:
        renewed = text("agreements.renews", language) if item.tacit_renewal else ""
        return f"{day_in_words(now.term, language)}{renewed}"
    if item.indefinite:
        return text("agreements.open_ended", language)
    return text("word.unknown", language)


def why(item: Cooperation, now: Standing | None, on: date, language: str) -> str:
    """Return why an agreement has its status on the day, from the dates that decide it."""
    if now is None:
        return text("agreements.why.unknown", language, day=day_in_words(on, language))
    term = current_term(item, on)
    event = getattr(item, _EVENTS.get(now.status, "signed"))
    words = {
        "day": day_in_words(on, language),
        "start": _said(item.effective or item.signed, language),
        "term": day_in_words(term, language) if term else text("word.unknown", language),
        "event": _said(event, language),
    }
    form = now.status.value
    if now.status is Status.IN_FORCE and term is None:
        form = "en_vigueur_ouverte"
    if now.status is Status.ATTESTED and not item.attested:
        form = "attestee_sans_terme"
    said = text(f"agreements.why.{form}", language, **words)
    return said if now.certain else f"{said} {text('agreements.why.uncertain', language)}"


def _said(value: PartialDate | None, language: str) -> str:
    return dated(value, language) if value else text("agreements.undated", language)


def due_words(due: Due, language: str) -> str:
    """Return what is to be done, and by when."""
    if due.day is None:
        return text(f"agreements.due.{due.what}_undated", language)
    return text(f"agreements.due.{due.what}", language, day=day_in_words(due.day, language))


def moved_words(moves: Sequence[Moved], language: str) -> list[tuple[str, str, str]]:
    """Return (opaque id, title, « before → after ») of the agreements whose status changed."""
    return [
        (
            agreement_key(item.record.id),
            title_of(item.record),
            text(
                "agreements.moved",
                language,
                before=status_word(item.before, language),
                after=status_word(item.after, language),
            ),
        )
        for item in moves
    ]
