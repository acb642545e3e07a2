"""Dates in words: no more precise than the source, correct in both languages."""

from datetime import UTC, date, datetime

import pytest

from explorer.wording import (
    age_in_words,
    date_in_words,
    dated,
    day_in_words,
    joined,
    moment_in_words,
    number_in_words,
    place_in_words,
    since,
)
from graph.dates import PartialDate


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        ("2017", "2017", "2017"),
        ("2017-07", "juillet 2017", "July 2017"),
        ("2017-07-12", "12 juillet 2017", "12 July 2017"),
        ("2026-02-01", "1er février 2026", "1 February 2026"),
        ("2021..2022", "entre 2021 et 2022", "between 2021 and 2022"),
        (
            "2019-06-21..2019-09",
            "entre le 21 juin 2019 et septembre 2019",
            "between 21 June 2019 and September 2019",
        ),
        ("..2019", "au plus tard 2019", "2019 at the latest"),
        ("2019-01-01..", "au plus tôt le 1er janvier 2019", "1 January 2019 at the earliest"),
    ],
)
def test_partial_dates(value, french, english):
    assert date_in_words(PartialDate(value), "fr") == french
    assert date_in_words(PartialDate(value), "en") == english


@pytest.mark.parametrize(
    ("value", "when", "begun"),
    [
        ("2017", "en 2017", "depuis 2017"),
        ("2017-07", "en juillet 2017", "depuis juillet 2017"),
        ("2017-07-12", "le 12 juillet 2017", "depuis le 12 juillet 2017"),
        ("2021..2022", "entre 2021 et 2022", "début entre 2021 et 2022"),
    ],
)
def test_when_and_since(value, when, begun):
    assert dated(PartialDate(value), "fr") == when
    assert since(PartialDate(value), "fr") == begun


@pytest.mark.parametrize(
    ("value", "on", "french"),
    [
        ("2026-11-01", date(2026, 11, 22), "il y a moins d’un mois"),
        ("2026-10", date(2026, 11, 30), "il y a moins d’un mois"),
        ("2026-10-22", date(2026, 11, 22), "il y a 1 mois"),
        ("2026-01", date(2026, 11, 22), "il y a 9 mois"),
        ("2023", date(2026, 11, 22), "il y a 2 ans"),
        ("2021-01-08", date(2026, 1, 7), "il y a 4 ans"),
        ("2021-01-08", date(2026, 1, 8), "il y a 5 ans"),
        ("2030", date(2026, 1, 8), "il y a moins d’un mois"),
    ],
)
def test_age(value, on, french):
    assert age_in_words(PartialDate(value), on, "fr") == french


def test_numbers_lists_and_moments():
    assert number_in_words(180000, "fr") == "180\u202f000"
    assert number_in_words(0.5, "en") == "0.5"
    assert joined([], "fr") == ""
    assert joined(["A"], "fr") == "A"
    assert joined(["A", "B", "C"], "fr") == "A, B et C"
    assert joined(["A", "B"], "en") == "A and B"
    assert day_in_words(date(2026, 1, 1), "fr") == "1er janvier 2026"
    assert day_in_words(date(2026, 1, 11), "fr") == "11 janvier 2026"
    local = datetime(2026, 11, 22, 9, 5).astimezone(UTC)
    assert moment_in_words(local, "fr") == "22 novembre 2026, 09:05"


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("ligne 3 (n° C-2)", "row 3 (no. C-2)"),
        ("feuille « Registre », lignes 4 à 6", "sheet “Registre”, rows 4 to 6"),
        ("lignes 2-4", "rows 2 to 4"),
        ("pmej 940110018", "pmej 940110018"),
    ],
)
def test_the_place_of_a_row_in_both_languages(kept, said):
    assert place_in_words(kept, "en") == said
    assert place_in_words(kept, "fr").replace("\xa0", " ") == kept.replace("2-4", "2 à 4")
