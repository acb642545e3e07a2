"""Values of FINESS records: dates, addresses, communes, departments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from graph.dates import PartialDate, partial
from graph.errors import UsageError
from graph.identifiers import departement_of_commune, is_finess
from loaders.communes import CommuneIndex

OVERSEAS = {
    "9A": "971",
    "9B": "972",
    "9C": "973",
    "9D": "974",
    "9E": "975",
    "9F": "976",
    "9J": "986",
}
"""FINESS codes of the overseas départements; Saint-Barthélemy and Saint-Martin stand in 9A."""

_FORMER = {"97123": "97701", "97127": "97801"}
"""Saint-Barthélemy and Saint-Martin, communes of Guadeloupe until 2007."""
_ISLANDS = {"97133": "97701", "97150": "97801"}
"""The same two, by postal code."""

EXCEL_MONTH = (
    r"(?i)^\d{1,2}-(janv|févr|fevr|mars|avr|mai|juin|juil|ao[uû]t|sept|oct|nov|d[ée]c)\.?$"
)
"""A street number such as 8-10 that a spreadsheet made a date: ``08-oct``."""
_DEPARTEMENT = re.compile(r"0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-8]|98[678]")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})|(\d{2})/(\d{2})/(\d{4})")

STREETS = {
    "ALL": "ALLEE",
    "AV": "AVENUE",
    "BD": "BOULEVARD",
    "CHE": "CHEMIN",
    "CRS": "COURS",
    "FG": "FAUBOURG",
    "IMP": "IMPASSE",
    "LOT": "LOTISSEMENT",
    "PAS": "PASSAGE",
    "PL": "PLACE",
    "PROM": "PROMENADE",
    "QU": "QUAI",
    "R": "RUE",
    "RES": "RESIDENCE",
    "RPT": "ROND-POINT",
    "RTE": "ROUTE",
    "SQ": "SQUARE",
}
"""Abbreviations of street types that are beyond doubt; any other is left as it is."""


class Place(NamedTuple):
    """Where a row is: today's commune (None if not known) and the département of the row."""

    commune: str | None
    departement: str


@lru_cache(maxsize=65536)
def read_date(value: str) -> PartialDate | None:
    """Return a date written yyyy-mm-dd or dd/mm/yyyy (older and Excel copies), else None."""
    match = _DAY.fullmatch(value.strip()[:10])
    if match is None:
        return None
    year, month, day = match[1] or match[6], match[2] or match[5], match[3] or match[4]
    try:
        return partial(f"{year}-{month}-{day}")
    except ValueError:
        return None


def departement_of(code: str) -> str:
    """Return the département (INSEE code) that a FINESS département code means."""
    upper = code.strip().upper()
    if upper in OVERSEAS:
        return OVERSEAS[upper]
    return upper.zfill(2) if upper else ""


def is_departement(code: str) -> bool:
    """Tell whether a code is one of a département or overseas collectivity."""
    return _DEPARTEMENT.fullmatch(code) is not None


def departements_named(written: Sequence[str]) -> tuple[str, ...]:
    """Return the INSEE codes of the départements that a person names (94, 2a, 9A for 971).

    Raises
    ------
    UsageError
        No such département.
    """
    codes = tuple(map(departement_of, written))
    for code, value in zip(codes, written, strict=True):
        if not is_departement(code):
            raise UsageError("finess.departement", value=value)
    return codes


@lru_cache(maxsize=65536)
def classic_place(departement: str, suffix: str, postal_code: str) -> Place:
    """Return the place of a classic row: département, last three digits of the commune, post code.

    A spreadsheet drops leading zeros; both parts have a fixed width, so they come back for sure.
    """
    code = departement_of(departement)
    if not is_departement(code):
        return Place(None, "")
    if not suffix.strip():
        return Place(None, code)
    prefix = code[:2] if code[:2] in {"97", "98"} else code
    return insee_place(prefix + suffix.strip().zfill(3), postal_code) or Place(None, code)


@lru_cache(maxsize=65536)
def insee_place(code: str, postal_code: str) -> Place | None:
    """Return the place that an INSEE commune code means today, None if there is no such code.

    Old codes are followed; Paris, Lyon and Marseille as a whole are told apart by post code.
    """
    if code.startswith("971"):
        code = _ISLANDS.get(postal_code, _FORMER.get(code, code))
    index = CommuneIndex.bundled()
    found = index.current(code)
    if len(found) > 1:
        named = [index.by_code(item) for item in found]
        found = tuple(item.code for item in named if item and postal_code in item.postal_codes)
    if not index.current(code):
        return None
    return Place(found[0] if len(found) == 1 else None, departement_of_commune(code))


def lost_zero(number: str, departement: str) -> str | None:
    """Return a FINESS number with the leading zero that a spreadsheet dropped.

    Only where it is certain: eight characters, and with the zero the number begins with the
    département of its row.
    """
    padded = f"0{number}"
    if is_finess(padded) and padded[:2] == departement_of(departement):
        return padded
    return None


def street_type(code: str) -> str:
    """Return a type of street in full where its abbreviation is beyond doubt."""
    return STREETS.get(code, code)


def address(*lines: str) -> str | None:
    """Return the lines of an address on one, None if there is none."""
    kept = [line for line in lines if line]
    return ", ".join(kept) or None


def clean(value: str | None) -> str:
    """Return a text without the blanks, and the lone backslashes, that the feed leaves in."""
    if not value:
        return ""
    if value.isalnum():
        return value
    if "\\" in value:
        value = value.replace("\\", " ")
    return " ".join(value.split())
