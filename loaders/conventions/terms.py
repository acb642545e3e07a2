"""Lengths, tacit renewal and notice as registers write them.

``3 ans``, ``un an et demi``, ``indéterminée``, ``oui, par période d’un an, 3 fois au plus``,
``6 mois avant échéance``.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from loaders.conventions.problems import CellError

NUMBERS = {
    "un": 1,
    "une": 1,
    "deux": 2,
    "trois": 3,
    "quatre": 4,
    "cinq": 5,
    "six": 6,
    "sept": 7,
    "huit": 8,
    "neuf": 9,
    "dix": 10,
    "douze": 12,
    "quinze": 15,
    "dix-huit": 18,
    "vingt-quatre": 24,
    "trente": 30,
    "trente-six": 36,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
}
MONTHS_IN = {
    "an": 12,
    "annee": 12,
    "year": 12,
    "semestre": 6,
    "trimestre": 3,
    "mois": 1,
    "month": 1,
}
ADJECTIVES = {
    "mensuel": 1,
    "trimestriel": 3,
    "semestriel": 6,
    "annuel": 12,
    "biennal": 24,
    "triennal": 36,
    "quadriennal": 48,
    "quinquennal": 60,
    "decennal": 120,
}
DAYS_A_MONTH = 30
DAYS_A_YEAR = (365, 366)

_NUMBER = r"\d+(?:[.,]\d+)?|" + "|".join(sorted(NUMBERS, key=len, reverse=True))
_LENGTH = re.compile(
    rf"\b(?P<number>{_NUMBER}) ?(?:\(\d+\) ?)?"
    r"(?P<unit>ans?|annees?|years?|mois|months?|semestres?|trimestres?|semaines?|weeks?|jours?|days?"
    r"|j|m)\b(?P<half> et demie?)?"
)
_ADJECTIVE = re.compile(rf"\b({'|'.join(ADJECTIVES)})(?:l?e)?s?\b")
_TIMES = re.compile(
    rf"\b(?P<number>{_NUMBER}) ?(?:\(\d+\) ?)?(?:fois|times|reconductions?|renouvellements?)\b"
)
_INDEFINITE = re.compile(
    r"\b(?:indeterminee?|illimitee?|sans limitation|sans terme|indefinite|perenne)\b"
)
_EXPRESS = re.compile(r"\b(?:express(?:e|ement)?|avenant|accord|demande)\b")
_TACIT = re.compile(r"\b(?:tacite(?:ment)?|automatique(?:ment)?|tr|tacit)\b")
_YES = re.compile(r"^(?:oui|o|yes|y|x|vrai|true|1)\b")
_NO = re.compile(r"^(?:non|n|no|faux|false|0)\b|\b(?:sans|aucune?|pas de|non) (?:tacite |re|tr\b)")
_RENEWABLE = re.compile(r"\b(?:renouvelable|reconductible|renouvellement|reconduction|renewable)\b")


class Terms(NamedTuple):
    """What a cell says of an agreement's term; None where it does not say.

    `stated` is the text of a duration that is no length ("durée du projet"); `rounded` tells that
    days were turned into months.
    """

    duration_months: int | None = None
    indefinite: bool | None = None
    tacit_renewal: bool | None = None
    renewal_months: int | None = None
    renewals_limit: int | None = None
    notice_months: int | None = None
    stated: str | None = None
    rounded: bool = False


def plain(text: str) -> str:
    """Return `text` in lower case without accents, words parted by one space."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("½", " et demi"))
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9.,()%-]+", " ", kept).strip()


def parse_duration(text: str) -> Terms:
    """Read how long an agreement holds, and the renewal written beside it.

    Examples
    --------
    >>> parse_duration("1 an renouvelable tacitement 2 fois").renewals_limit
    2
    """
    words = plain(text)
    head, renewal = _split_renewal(words)
    terms = parse_renewal(renewal) if renewal else Terms()
    if _INDEFINITE.search(head):
        return terms._replace(indefinite=True)
    length = months(head)
    if length is not None:
        return terms._replace(duration_months=length[0], rounded=length[1])
    if re.search(r"\b(?:duree|jusqu|terme|fin) ", head) and not re.search(r"\d", head):
        return terms._replace(stated=text.strip())
    raise CellError("length_unreadable")


def _split_renewal(words: str) -> tuple[str, str]:
    starts = [found.start() for mark in (_RENEWABLE, _TACIT) if (found := mark.search(words))]
    return (words[: min(starts)].strip(), words[min(starts) :]) if starts else (words, "")


def parse_renewal(text: str) -> Terms:
    """Read whether an agreement renews by itself, for how long and how many times."""
    words = plain(text)
    times = _TIMES.search(words)
    limit = _number(times["number"]) if times else None
    length = months(_TIMES.sub(" ", words))
    known = Terms(
        renewal_months=length[0] if length else None,
        renewals_limit=int(limit) if limit is not None else None,
        rounded=bool(length and length[1]),
    )
    if _NO.search(words) or _EXPRESS.search(words):
        return known._replace(tacit_renewal=False)
    if _TACIT.search(words) or _YES.search(words):
        return known._replace(tacit_renewal=True)
    if length or times or _RENEWABLE.search(words):
        # "3 fois" answers the heading "tacite reconduction"; "renouvelable" alone does not say how
        return known._replace(tacit_renewal=None if _RENEWABLE.search(words) else True)
    raise CellError("renewal_unreadable")


def parse_notice(text: str) -> Terms:
    """Read how long before the term notice must be given; days are rounded up to months."""
    words = plain(text)
    if re.search(r"\b(?:sans|aucun|pas de)\b", words):
        return Terms(notice_months=0)
    length = months(words, round_up=True)
    if length is None:
        raise CellError("length_unreadable")
    return Terms(notice_months=length[0], rounded=length[1])


def parse_count(text: str) -> int:
    """Read a number of times, in digits or in words."""
    found = re.search(rf"\b({_NUMBER})\b", plain(text))
    number = _number(found[1]) if found else None
    if number is None or not float(number).is_integer():
        raise CellError("count_unreadable")
    return int(number)


def months(text: str, *, round_up: bool = False) -> tuple[int, bool] | None:
    """Return the length written in `text` in months, and whether it was rounded; None if none is.

    Raises
    ------
    CellError
        A length in days or weeks that makes no whole months, unless `round_up`.
    """
    words = plain(text)
    total, days = 0.0, 0.0
    matches = list(_LENGTH.finditer(words))
    for found in matches:
        number = _number(found["number"]) + (0.5 if found["half"] else 0.0)
        unit = found["unit"].rstrip("s") if found["unit"] != "mois" else "mois"
        unit = {"m": "mois", "j": "jour", "day": "jour", "week": "semaine"}.get(unit, unit)
        if unit in {"jour", "semaine"}:
            days += number * (7 if unit == "semaine" else 1)
        else:
            total += number * MONTHS_IN[unit]
    if not matches:
        adjective = _ADJECTIVE.search(words)
        return (ADJECTIVES[adjective[1]], False) if adjective else None
    return _whole(total, days, round_up=round_up)


def _whole(total: float, days: float, *, round_up: bool) -> tuple[int, bool]:
    exact = total + (12 if days in DAYS_A_YEAR else days / DAYS_A_MONTH)
    if float(exact).is_integer():
        return int(exact), False
    if round_up:
        return int(exact) + 1, True
    raise CellError("length_not_months")


def _number(text: str) -> float:
    return float(NUMBERS[text]) if text in NUMBERS else float(text.replace(",", "."))
