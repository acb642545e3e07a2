"""The CNSA price list: euros per day, by kind of room and degree of dependence (GIR)."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from graph.dates import PartialDate, latest, partial
from graph.model import Fact

PRICE_KEY = "finessEt"
UPDATED = "DATE_MAJ"
"""Column of the day on which the establishment last updated its prices."""

LODGING = (
    ("prixHebPermCs", "prix_hebergement_permanent_chambre_simple"),
    ("prixHebPermCd", "prix_hebergement_permanent_chambre_double"),
    ("prixHebPermCsa", "prix_hebergement_permanent_chambre_simple_aide_sociale"),
    ("prixHebPermCda", "prix_hebergement_permanent_chambre_double_aide_sociale"),
    ("prixHebTempCs", "prix_hebergement_temporaire_chambre_simple"),
    ("prixHebTempCd", "prix_hebergement_temporaire_chambre_double"),
    ("prixHebTempCsa", "prix_hebergement_temporaire_chambre_simple_aide_sociale"),
    ("prixHebTempCda", "prix_hebergement_temporaire_chambre_double_aide_sociale"),
    ("tarifHebJour", "tarif_accueil_de_jour"),
)
DEPENDENCE = (
    ("TARIF_GIR_12", "tarif_dependance_gir_1_2"),
    ("TARIF_GIR_34", "tarif_dependance_gir_3_4"),
    ("TARIF_GIR_56", "tarif_dependance_gir_5_6"),
)
HIGHEST_LODGING = 400
HIGHEST_DEPENDENCE = 80
"""Euros per day above which a price is one of a month: none of the raw exports reaches them."""
PRICES = (
    *((name, topic, HIGHEST_LODGING) for name, topic in LODGING),
    *((name, topic, HIGHEST_DEPENDENCE) for name, topic in DEPENDENCE),
)
PRICE_COLUMNS = tuple(name for name, _, _ in PRICES)

UNIT = "EUR/jour"
_PRICE = re.compile(r"(\d{1,3}(?:[ \u00a0\u202f]?\d{3})*|\d+)(?:[.,](\d{1,2})\d*)?\s*(?:€|euros?)?")
_NOTHING = frozenset({"", "0", "0,00", "0.00", "nc", "nd", "na", "-"})
_TIME = r"(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_DAYS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)" + _TIME, re.ASCII),
    re.compile(r"(?P<day>\d\d)/(?P<month>\d\d)/(?P<year>\d{4})" + _TIME, re.ASCII),
)
_FIRST_YEAR = 2005
"""The CNSA is of that year: a day before it is what some program writes for no day."""


class Refused(NamedTuple):
    """A cell that is no price a day: the code of its rejection, and the limit that it passes."""

    code: str
    cell: str
    limits: dict[str, float]


Read = Fact | Refused | None
"""What a cell states: a price, what is wrong with it, or nothing."""


def read_price(topic: str, highest: float, cell: str, day: PartialDate | None) -> Read:
    """Return what a cell states of a price a day, which is that of `day`."""
    cell = cell.strip()
    if cell.casefold() in _NOTHING:
        return None
    price = price_of(cell)
    if price is None:
        return Refused("kind.price", cell, {})
    if price > highest:
        return Refused("kind.price_month", cell, {"highest": highest})
    return Fact(topic=topic, value=price, unit=UNIT, date=day)


@lru_cache(maxsize=16384)
def price_of(cell: str) -> float | None:
    """Return the euros that `cell` states, None if it is no price."""
    found = _PRICE.fullmatch(cell.strip())
    if found is None:
        return None
    whole = re.sub(r"\D", "", found[1])
    return float(f"{whole}.{found[2] or '0'}")


class Update(NamedTuple):
    """What a cell of :data:`UPDATED` says.

    `date` is that of the prices; `day` the one stated, None if there is none that can be believed;
    `remark` the code of a warning, empty if there is none.
    """

    date: PartialDate | None
    day: PartialDate | None = None
    remark: Literal["", "kind.price_date", "kind.price_date_late", "kind.price_date_future"] = ""


def update_of(cell: str, vintage: PartialDate | None, today: date) -> Update:
    """Return the date of the prices beside `cell`: the one that it states, else the file's.

    A day to come cannot be that of an update. One after the month of the file can, since that
    month is most often read in a name.
    """
    text = cell.strip()
    if not text:
        return Update(vintage)
    day = _day(text)
    if day is None:
        return Update(vintage, remark="kind.price_date")
    if latest(day) > today:
        return Update(vintage, remark="kind.price_date_future")
    late = vintage is not None and latest(day) > latest(vintage)
    return Update(day, day, "kind.price_date_late" if late else "")


def _day(text: str) -> PartialDate | None:
    found = next(filter(None, (pattern.fullmatch(text) for pattern in _DAYS)), None)
    if found is None or int(found["year"]) < _FIRST_YEAR:
        return None
    try:
        return partial(f"{found['year']}-{found['month']}-{found['day']}")
    except ValueError:
        return None
