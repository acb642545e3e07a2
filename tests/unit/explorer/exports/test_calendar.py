"""The calendar of deadlines, read by a small parser of its own (RFC 5545)."""

import re
from datetime import date

import msgspec
import pytest

from explorer.exports.calendar import FOLD_OCTETS, deadlines, escaped, folded, write_ics
from explorer.selection import Selection
from graph.errors import InputError
from tests.support.export_world import FORMULA


def parsed(content: bytes) -> list[dict[str, str]]:
    """Return the events: names with their parameters, and texts unescaped."""
    text = re.sub(r"\r\n[ \t]", "", content.decode())
    events: list[dict[str, str]] = []
    for line in text.split("\r\n"):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and name not in {"END", ""}:
            pairs = re.sub(r"\\([\\;,nN])", lambda m: "\n" if m[1] in "nN" else m[1], value)
            events[-1][name] = pairs
    return events


@pytest.fixture(scope="module")
def events(made):
    return parsed(write_ics(made))


def starts(events, word: str) -> dict[str, str]:
    return {
        item["SUMMARY"].partition("\u00a0: ")[2]: item["DTSTART;VALUE=DATE"]
        for item in events
        if item["SUMMARY"].startswith(word)
    }


def test_ends_notices_and_reviews_stand_on_their_day(events):
    imaging = "Convention d’imagerie synthétique"
    assert starts(events, "Fin") == {imaging: "20270131", FORMULA: "20270301"}
    assert starts(events, "Dernier jour") == {imaging: "20261031", FORMULA: "20270101"}
    assert starts(events, "Bilan") == {FORMULA: "20261201"}


def test_a_partial_date_is_said(events):
    found = next(item for item in events if item["SUMMARY"] == f"Fin\u00a0: {FORMULA}")
    assert "mars 2027" in found["DESCRIPTION"]
    assert "premier jour possible" in found["DESCRIPTION"]
    assert "Registre synthétique" in found["DESCRIPTION"]


def test_lines_end_and_fold_as_the_standard_asks(made):
    content = write_ics(made)
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= FOLD_OCTETS
    long = "SUMMARY:" + "é€🙂" * 60
    assert folded(long).decode().replace("\r\n ", "") == long + "\r\n"
    assert all(len(line) <= FOLD_OCTETS for line in folded(long).split(b"\r\n"))


def test_signs_are_escaped():
    assert escaped("a;b,c\\d\ne") == r"a\;b\,c\\d\ne"


def test_names_of_events_are_stable_and_stamped_with_the_day_looked_at(events, made):
    names = [item["UID"] for item in events]
    assert len(set(names)) == len(names)
    assert {item["DTSTAMP"] for item in events} == {"20260101T000000Z"}
    selection = msgspec.structs.replace(made.answer.selection, on=date(2026, 2, 1))
    answer = msgspec.structs.replace(made.answer, selection=selection)
    later = parsed(write_ics(msgspec.structs.replace(made, answer=answer)))
    assert [item["UID"] for item in later] == names


def test_a_calendar_without_event_is_refused(made):
    selection: Selection = msgspec.structs.replace(made.answer.selection, on=date(2050, 1, 1))
    answer = msgspec.structs.replace(made.answer, selection=selection)
    late = msgspec.structs.replace(made, answer=answer)
    assert [item for item in deadlines(late) if item.kind != "end"] == []
    with pytest.raises(InputError, match="no calendar was written"):
        write_ics(late)
