"""Where an address of the JSON feed is: degrees and metres are told apart by their size."""

from __future__ import annotations

from typing import NamedTuple

from graph.geography import box_of
from graph.model import Fact
from loaders import coordinates as geo
from loaders.finess.feed_values import (
    PAIRS,
    Pair,
    Record,
    ban_precision,
    number_of,
    pair_of,
    record_of,
)
from loaders.finess.positions import WEAK, score_facts

_HUNDRED = 100


class Position(NamedTuple):
    """A position found, or its metres while their projection is still to be undone."""

    degrees: Pair | None = None
    metres: Pair | None = None
    precision: str | None = None
    facts: tuple[Fact, ...] = ()


NOWHERE = Position()


def find_position(home: Record | None, departement: str) -> tuple[Position, Pair | None]:
    """Return where an address is, and the pair of numbers that is nowhere in its département."""
    raw = record_of(home.get("coordonneesGeographique")) if home else None
    if not raw:
        return NOWHERE, None
    box = box_of(departement)
    pairs = []
    for names in PAIRS:
        pair = pair_of(raw, names)
        degrees = pair and geo.degrees((pair,), box)
        if degrees:
            return _located(raw, degrees=degrees), None
        if pair:
            pairs.append(pair)
    metres = geo.metres(pairs)
    if metres:
        return _located(raw, metres=metres), None
    return NOWHERE, next(iter(pairs), None)


def _located(raw: Record, *, degrees: Pair | None = None, metres: Pair | None = None) -> Position:
    score = number_of(raw.get("scoreBAN"))
    percent = None if score is None else score * _HUNDRED
    precise = ban_precision(raw.get("cleInInteropBAN"), percent)
    weak = percent is not None and percent < WEAK
    facts = score_facts(round(percent or 0.0, 1), "BAN") if weak else ()
    return Position(degrees, metres, precise, facts)
