"""Records of the feed: is an activity in force and carried out, its capacity, its zone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from loaders.activites.codes import INSTALLED, UNITS, Code, code_of

_CARRIED_OUT = frozenset({"012", "12"})
_STOPPED = frozenset({"015", "15"})
_BREAKDOWNS = ("modeFinancement", "habilitation", "typeLogement", "genre")
"""A capacity with any of these is a part of the total, which stands beside it."""

Record = Mapping[str, Any]


class BadCapacityError(ValueError):
    """A capacity that is no whole number, or a total that stands twice."""


class Capacity(NamedTuple):
    """A total: how many of which unit."""

    number: int
    unit: str


def is_active(record: Record) -> bool:
    """Tell whether an activity is in force (``etatObjet`` A); the feed keeps the others."""
    general = record.get("caracteristiquesGeneriques") or {}
    return str(general.get("etatObjet") or "") == "A"


def code_in(record: Record) -> Code | None:
    """Return the code of an activity."""
    return code_of(record.get("nature") or {})


def is_carried_out(record: Record) -> bool:
    """Tell whether an activity is carried out: its last event of the kind says so (012, not 015).

    Where no event tells, an installed capacity does.
    """
    events = [
        (str(event.get("dateEvenement") or ""), str(event.get("codeEvenement") or ""))
        for event in record.get("evenement") or ()
    ]
    told = sorted(event for event in events if event[1] in _CARRIED_OUT | _STOPPED)
    if told:
        return told[-1][1] in _CARRIED_OUT
    try:
        installed = total_of(record, INSTALLED)
    except BadCapacityError:
        return False
    return installed is not None and installed.number > 0


def total_of(record: Record, state: str) -> Capacity | None:
    """Return the total capacity in `state`, None where the record states none.

    Raises
    ------
    BadCapacityError
        ``12 places``, a negative number, an unknown unit, or two totals.
    """
    totals = [
        item
        for item in record.get("capacite") or ()
        if item.get("statutCapacite") == state and not any(item.get(key) for key in _BREAKDOWNS)
    ]
    if not totals:
        return None
    counts = [str(item.get("nombre")) for item in totals]
    unit = UNITS.get(str(totals[0].get("uniteMesureCapacite")))
    if len(totals) > 1 or not counts[0].isascii() or not counts[0].isdigit() or unit is None:
        raise BadCapacityError(", ".join(counts))
    return Capacity(int(counts[0]), unit)


def zone_of(records: Iterable[Record | None]) -> tuple[str, ...]:
    """Return the commune codes of the zone of an activity: its own, else its authorisation's."""
    for record in records:
        zone = (record or {}).get("zoneIntervention") or {}
        codes = [str(item.get("commune") or "") for item in zone.get("communeZI") or ()]
        if codes:
            return tuple(dict.fromkeys(codes))
    return ()
