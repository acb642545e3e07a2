"""Whatever a register says, reading it is total, exact and independent of the order of its rows."""

import csv
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.dates import add_months, bounds, partial
from graph.store.port import LoadBatch
from loaders.conventions import read_register
from loaders.conventions.fields import FIELDS, heading
from loaders.conventions.parties import has_finess_key
from loaders.conventions.privacy import clean_text
from loaders.conventions.problems import CellError
from loaders.conventions.terms import parse_duration, parse_notice, parse_renewal
from loaders.conventions.values import split_values
from loaders.french_dates import DateError, parse_date
from tests.support.memory_store import MemoryStore
from tests.support.registers import agreements, context, synthetic_store

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@cache
def store() -> MemoryStore:
    return synthetic_store()


@given(DAYS)
def test_one_day_however_it_is_written(day: date) -> None:
    first = "er" if day.day == 1 else ""
    for written in (
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day}{first} {MONTHS[day.month - 1]} {day.year}",
        f"le {day.day} {MONTHS[day.month - 1].upper()} {day.year}",
        f"{day:%Y%m%d}",
    ):
        assert parse_date(written) == day.isoformat()


@given(DAYS, DAYS)
def test_a_window_holds_both_its_days(one: date, other: date) -> None:
    start, end = sorted((one, other))
    found = bounds(parse_date(f"du {start:%d/%m/%Y} au {end:%d/%m/%Y}"))
    assert found == (start, end)


@given(st.integers(1900, 2099), st.integers(1, 12))
def test_a_month_is_that_month(year: int, month: int) -> None:
    for written in (f"{MONTHS[month - 1]} {year}", f"{month:02}/{year}", f"{year}-{month:02}"):
        first, last = bounds(parse_date(written))
        assert first == date(year, month, 1)
        assert last == add_months(first, 1) - timedelta(days=1)


@given(DAYS, st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"]), st.booleans())
def test_a_partial_date_reads_as_itself(day: date, shape: str, open_end: object) -> None:
    text = f"{day:{shape}}"
    assert parse_date(text) == text
    interval = f"{text}.." if open_end else f"..{text}"
    assert parse_date(interval) == interval


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_is_refused(written: str) -> None:
    try:
        found = parse_date(written)
    except DateError:
        return
    assert partial(found) == found


@given(st.text(alphabet="0123456789 anmoisjourtéenvcp.,()x", max_size=30))
def test_any_text_is_a_length_or_is_refused(written: str) -> None:
    for read in (parse_duration, parse_renewal, parse_notice):
        try:
            terms = read(written)
        except CellError:
            continue
        for months in (terms.duration_months, terms.renewal_months, terms.notice_months):
            assert months is None or months >= 0


@given(st.integers(1, 600))
def test_months_and_years_agree(count: int) -> None:
    assert parse_duration(f"{count} mois").duration_months == count
    assert parse_duration(f"{count} ans").duration_months == 12 * count


@given(st.lists(st.from_regex(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ '’]{2,20}[a-z]", fullmatch=True), max_size=6))
def test_values_joined_are_values_parted(names: Sequence[str]) -> None:
    stated = [name for name in names if split_values(name)]
    assert split_values(" ; ".join(stated)) == [
        part for name in stated for part in split_values(name)
    ]


@given(st.integers(0, 99_999_999))
def test_a_finess_number_has_one_key(body: int) -> None:
    numbers = [f"{body:08}{key}" for key in range(10)]
    assert sum(map(has_finess_key, numbers)) == 1


@given(st.integers(600_000_000, 799_999_999))
def test_no_mobile_number_is_left(number: int) -> None:
    digits = f"0{number}"
    spaced = " ".join(digits[at : at + 2] for at in range(0, 10, 2))
    for written in (digits, spaced, spaced.replace(" ", "."), f"+33 {spaced[1:]}"):
        assert not any(char.isdigit() for char in clean_text(f"Appeler le {written}.").text)


def _read(rows: Sequence[dict[str, str]]) -> LoadBatch:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "registre.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            names = [heading(field.id) for field in FIELDS]
            writer = csv.DictWriter(stream, names, delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
        return read_register([path], context(store()))


CELLS = st.one_of(
    st.sampled_from(
        [
            "Clinique Boyer",
            "CHIC",
            "oui",
            "3 ans",
            "été 2022",
            "12/03/2024",
            "940300502",
            "en vigueur",
        ]
    ),
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=30),
)
ROWS = st.lists(
    st.dictionaries(st.sampled_from([heading(field.id) for field in FIELDS]), CELLS, max_size=12),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS)
def test_any_register_is_read_and_every_row_accounted_for(rows: list[dict[str, str]]) -> None:
    report = _read(rows).report
    assert report.read == report.kept + report.skipped + report.rejected
    assert bool(report.rejections) is (report.rejected > 0)
    for item in (*report.rejections, *report.warnings):
        assert item.reason("fr")
        assert item.reason("en")


NUMBERED = st.lists(
    st.fixed_dictionaries(
        {
            heading("title"): st.sampled_from(["Une convention", "Une autre"]),
            heading("partners"): st.sampled_from(["Clinique Boyer", "DAC 94 Nord ; SUD"]),
            heading("effective"): st.sampled_from(["2021", "été 2022", "01/01/2023"]),
            heading("status"): st.sampled_from(["", "en vigueur", "dénoncée"]),
        }
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(NUMBERED, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_count(rows: list[dict[str, str]], dice: object) -> None:
    numbered = [row | {heading("number"): f"C-{at}"} for at, row in enumerate(rows)]
    shuffled = list(numbered)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = agreements(_read(numbered)), agreements(_read(shuffled))
    assert first.keys() == second.keys()
    for key, claim in first.items():
        other = second[key]
        names = [name for name in claim.__struct_fields__ if name != "locator"]
        assert all(getattr(claim, name) == getattr(other, name) for name in names)
