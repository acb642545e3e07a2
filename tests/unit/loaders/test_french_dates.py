"""Dates as French registers write them; every case says what a register would mean."""

import pytest

from loaders.french_dates import DateError, parse_date


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024-01-31", "2024-01-31"),
        ("31/01/2024", "2024-01-31"),
        ("31.1.24", "2024-01-31"),
        ("01/02/71", "1971-02-01"),
        ("2024-01-31 00:00:00", "2024-01-31"),
        ("20240131", "2024-01-31"),
        ("1er janvier 2024", "2024-01-01"),
        ("le lundi 3 mars 2025", "2025-03-03"),
        ("signée le 12/03/2021", "2021-03-12"),
        ("à compter du 01/09/2023", "2023-09-01"),
        ("15 sept. 2022", "2022-09-15"),
        ("janvier 2024", "2024-01"),
        ("janv.-24", "2024-01"),
        ("AOÛT 2023", "2023-08"),
        ("12/2024", "2024-12"),
        ("2021-11", "2021-11"),
        ("2024", "2024"),
        ("en 2017", "2017"),
        ("courant 2024", "2024"),
        ("depuis 2017", "2017"),
    ],
)
def test_a_day_a_month_a_year(written: str, read: str) -> None:
    assert parse_date(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("été 2022", "2022-06..2022-09"),
        ("hiver 2022-2023", "2022-12..2023-03"),
        ("hiver 2022", "2022-01..2023-03"),
        ("printemps-été 2022", "2022-03..2022-09"),
        ("début 2024", "2024-01..2024-04"),
        ("mi-2024", "2024-05..2024-08"),
        ("fin 2025", "2025-09..2025-12"),
        ("fin février 2024", "2024-02-21..2024-02-29"),
        ("mi-mars 2025", "2025-03-11..2025-03-20"),
        ("T3 2024", "2024-07..2024-09"),
        ("3ème trimestre 2024", "2024-07..2024-09"),
        ("1er semestre 2024", "2024-01..2024-06"),
        ("2021-2022", "2021..2022"),
        ("2021/22", "2021..2022"),
        ("de mars à juin 2022", "2022-03..2022-06"),
        ("du 1er janvier 2024 au 31 décembre 2025", "2024-01-01..2025-12-31"),
        ("01/01/2022–31/12/2024", "2022-01-01..2024-12-31"),
        ("vers 2017", "2016..2018"),
        ("avant 2019", "..2018"),
        ("au plus tard le 31/12/2024", "..2024-12-31"),
        ("après 2019", "2020.."),
    ],
)
def test_no_more_precise_than_what_is_written(written: str, read: str) -> None:
    assert parse_date(written) == read


def test_excel_day_numbers() -> None:
    assert parse_date("45292") == "2024-01-01"
    assert parse_date("45292.5") == "2024-01-01"


@pytest.mark.parametrize("written", ["08-oct", "24-oct.", "4 avril", "#####", "2,69401E+13"])
def test_what_a_spreadsheet_spoilt_is_refused(written: str) -> None:
    with pytest.raises(DateError) as caught:
        parse_date(written)
    assert caught.value.code == "date_damaged"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("31/02/2024", "date_no_such_day"),
        ("12/25/2024", "date_no_such_day"),
        ("2022-2021", "date_reversed"),
        ("31/12/0224", "date_year"),
        ("bientôt", "date_unreadable"),
        ("14:30", "date_unreadable"),
        ("123456789", "date_unreadable"),
        ("", "date_unreadable"),
    ],
)
def test_what_is_no_date_says_why(written: str, code: str) -> None:
    with pytest.raises(DateError) as caught:
        parse_date(written)
    assert caught.value.code == code


def test_order_of_day_and_month_is_a_choice() -> None:
    assert parse_date("03/04/2024") == "2024-04-03"
    assert parse_date("03/04/2024", "mdy") == "2024-03-04"
    assert parse_date("24/03/04", "ymd") == "2024-03-04"
