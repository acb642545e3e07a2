"""Deadlines as a calendar (RFC 5545): ends of agreements, last days of notice, reviews due.

All-day events, without alarm. An end known to the month or year stands on its earliest possible
day, and the event says so: a deadline that may come early must not be found late.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from explorer.exports.material import Material
from explorer.exports.periods import agreements_of
from explorer.exports.plain_text import readable
from explorer.wording import date_in_words
from graph.dates import PartialDate, add_months, earliest, is_exact, latest
from graph.errors import InputError
from graph.messages import text
from graph.model import Cooperation

FOLD_OCTETS = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


class Deadline(NamedTuple):
    """A day that matters for an agreement; `stated` is the partial date that it comes from."""

    agreement: Cooperation
    kind: str
    day: date
    stated: PartialDate | None = None


def deadlines(material: Material) -> list[Deadline]:
    """Return the deadlines on or after the day looked at, in order of days."""
    found = [
        item for agreement in agreements_of(material).values() for item in _of(agreement, material)
    ]
    return sorted(found, key=lambda item: (item.day, item.agreement.id, item.kind))


def _of(agreement: Cooperation, material: Material) -> Iterator[Deadline]:
    on = material.answer.selection.on
    now = material.answer.network.standings.get(agreement.id)
    term = now.term if now else None
    if term is not None and term >= on:
        stated = agreement.end
        partial = stated if stated and not is_exact(stated) and latest(stated) == term else None
        day = max(earliest(partial), on) if partial else term
        yield Deadline(agreement, "end", day, partial)
        if agreement.notice_months is not None:
            notice = add_months(earliest(partial) if partial else term, -agreement.notice_months)
            if notice >= on:
                yield Deadline(agreement, "notice", notice, partial)
    yield from _review(agreement, on)


def _review(agreement: Cooperation, on: date) -> Iterator[Deadline]:
    due, done = agreement.review_due, agreement.review_done
    if due is None or latest(due) < on or (done is not None and latest(done) >= earliest(due)):
        return
    yield Deadline(agreement, "review", max(earliest(due), on), None if is_exact(due) else due)


def write_ics(material: Material) -> bytes:
    """Return the deadlines of the agreements behind the ties.

    Raises
    ------
    InputError
        There is none: a calendar without event is no calendar.
    """
    found = deadlines(material)
    if not found:
        raise InputError("export.no_deadline", day=material.answer.selection.on.isoformat())
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Maillage//Maillage//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(material.view.caption.title)}",
    ]
    for item in found:
        lines += _event(item, material)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event(item: Deadline, material: Material) -> list[str]:
    agreement, language = item.agreement, material.language
    title = agreement.title or agreement.object or agreement.id
    summary = text(f"export.deadline.{item.kind}", language, title=title)
    return [
        "BEGIN:VEVENT",
        f"UID:{uid(item)}",
        f"DTSTAMP:{material.moment:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{item.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{item.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(summary)}",
        f"DESCRIPTION:{escaped(_description(item, material))}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _description(item: Deadline, material: Material) -> str:
    agreement, language = item.agreement, material.language
    parties = ", ".join(material.name(party.structure) for party in agreement.parties)
    sources = [material.sources[key].title for key in agreement.sources if key in material.sources]
    said = [text("export.deadline.parties", language, parties=parties)] if parties else []
    if item.kind == "end" and agreement.tacit_renewal:
        said.append(text("export.deadline.renews", language))
    if item.stated:
        words = date_in_words(item.stated, language)
        said.append(text("export.deadline.partial", language, day=words))
    said.append(text("export.deadline.number", language, id=agreement.id))
    said.append(text("export.deadline.sources", language, sources=", ".join(sources)))
    said.append(material.view.caption.date)
    return "\n".join(said)


def uid(item: Deadline) -> str:
    """Return the same name for the same deadline in every export: a calendar then updates it."""
    key = f"{item.agreement.id}\n{item.kind}".encode()
    return f"{hashlib.sha256(key).hexdigest()[:32]}@maillage"


def escaped(value: str) -> str:
    """Return `value` as a TEXT of RFC 5545."""
    return readable(value).translate(_ESCAPES)


def folded(line: str) -> bytes:
    """Return a content line in UTF-8, folded at 75 octets, no character cut in two."""
    out, room = bytearray(), FOLD_OCTETS
    for character in line:
        encoded = character.encode()
        if len(encoded) > room:
            out += b"\r\n "
            room = FOLD_OCTETS - 1
        out += encoded
        room -= len(encoded)
    return bytes(out + b"\r\n")
