"""Bars of the timeline: no more precise than the sources."""

from datetime import date

import pytest

from explorer.viewmodel.timeline import timeline
from graph.dates import PartialDate
from graph.model import Cooperation
from graph.status import standing

DAY = date(2026, 7, 1)


def drawn(**values):
    dates = {n: PartialDate(v) if isinstance(v, str) else v for n, v in values.items()}
    item = Cooperation(id="A", **dates)
    found = timeline([(item, standing(item, DAY))], DAY)
    return found, found.bars[0]


def years(found, share):
    return round(found.first + share * (found.last + 1 - found.first), 2)


def test_a_bar_runs_from_its_start_to_its_term():
    found, bar = drawn(effective="2024-01-01", end="2027-12-31", notice_months=6)
    (part,) = bar.parts
    assert (part.kind, bar.end) == ("sure", "term")
    assert years(found, part.start) == 2024
    assert years(found, part.end) == pytest.approx(2028, abs=0.01)
    first, last = bar.notice
    assert years(found, last) - years(found, first) == pytest.approx(0.5, abs=0.02)


def test_partial_dates_leave_room():
    _, bar = drawn(effective="2024", end="2027")
    assert [part.kind for part in bar.parts] == ["doubtful", "sure", "doubtful"]
    assert all(a.end <= b.start for a, b in zip(bar.parts, bar.parts[1:], strict=False))


def test_ends_that_are_open_unknown_or_attested_are_told_apart():
    _, indefinite = drawn(effective="2024-01-01", indefinite=True)
    _, unknown = drawn(effective="2024-01-01")
    _, attested = drawn(attested="2021..2022")
    assert (indefinite.parts[-1].kind, indefinite.end) == ("sure", "open")
    assert (unknown.parts[-1].kind, unknown.end) == ("unknown", "unknown")
    assert [part.kind for part in attested.parts] == ["attested", "unknown"]
    assert attested.end == "unknown"
    assert attested.notice is None


def test_a_tacit_renewal_is_a_stretch_of_its_own():
    _, bar = drawn(effective="2022-01-01", duration_months=12, tacit_renewal=True)
    assert [part.kind for part in bar.parts] == ["sure", "renewed"]


def test_what_ended_by_an_event_stops_there():
    found, bar = drawn(effective="2020-01-01", end="2029-12-31", terminated="2025-07-01")
    assert bar.end == "ended"
    assert years(found, bar.parts[-1].end) == pytest.approx(2025.5, abs=0.01)


def test_nothing_known_is_an_empty_bar_and_the_day_is_always_drawn():
    found, bar = drawn(stage="a_signer")
    assert bar.parts == ()
    assert found.first <= DAY.year <= found.last
    assert 0 < found.today < 1


@pytest.mark.parametrize("end", ["9999-12-31", "..2019", "2030.."])
def test_far_and_open_dates_stay_on_the_drawing(end):
    found, bar = drawn(effective="1900-01-01", end=end)
    assert found.last - found.first <= 80
    assert all(0 <= part.start <= part.end <= 1 for part in bar.parts)
