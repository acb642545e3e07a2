"""What the table ID says of establishments besides figures: legal status, kind, address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from loaders import kinds
from loaders.base import Reporter
from loaders.finess.values import Place, address, street_type
from loaders.sae.files import SaeRow
from loaders.sae.sheets import Sheet

_GROUPED = {"1": ("public",), "2": ("commercial",), "3": ("espic", "non_lucratif")}
"""STJR, the survey's own grouping of legal statuses: public, commercial, non-profit."""

_SIRET_LENGTH = 14
CODES = ("CAT", "STJ", "ESPIC", "STJR")
TEXTS = (
    *("RS", "RSCOM", "SIR"),
    *("COMPD", "NUMVOI", "TYPVOI", "NOMVOI", "BP", "CPO", "LIBCOM"),
)


class Codes(NamedTuple):
    """What the codes of a row mean; `contradict` tells that its legal statuses do."""

    category: str | None
    status: str | None
    kind: kinds.Choice
    contradict: bool


class Identity(NamedTuple):
    """By row: the fields of the claim, and whether its legal statuses contradict each other."""

    fields: list[dict[str, Any]]
    contradict: list[bool]


def identity_of(row: SaeRow, place: Place, reporter: Reporter) -> dict[str, Any]:
    """Return what a row says; a legal status that its own columns contradict is unknown."""
    codes = codes_of(*(row.cells.get(name, "") for name in CODES))
    if codes.contradict:
        stated = ", ".join(f"{name}={row.cells.get(name)}" for name in CODES[1:])
        reporter.warn(row.place, "sae.status_conflict", field="STJ", value=stated)
    return _fields(codes, place, *(row.cells.get(name, "") for name in TEXTS))


def identity_by_row(sheet: Sheet, places: Sequence[Place]) -> Identity:
    """Return the identity of each row of a sheet; combinations of codes are read once each."""
    columns = [sheet.column(name) for name in CODES]
    known = {key: codes_of(*key) for key in {*zip(*columns, strict=True)}}
    codes = [known[key] for key in zip(*columns, strict=True)]
    fields = map(_fields, codes, places, *(sheet.column(name) for name in TEXTS))
    return Identity(list(fields), [item.contradict for item in codes])


def _fields(
    codes: Codes, place: Place, name: str, other: str, siret: str, *lines: str
) -> dict[str, Any]:
    kind = codes.kind
    sound = len(siret) == _SIRET_LENGTH and siret.isdigit()
    return {
        "other_names": (other,) if other and other != name else (),
        "kind": kind.kind if kind.decided else kind.by_name(name),
        "category": codes.category,
        "legal_status": codes.status,
        "commune": place.commune,
        "address": _address(*lines),
        "siret": siret if sound else None,
    }


def _address(
    complement: str, number: str, kind: str, street: str, box: str, postal: str, city: str
) -> str | None:
    way = " ".join(filter(None, (number, street_type(kind), street)))
    return address(complement, way, box, " ".join(filter(None, (postal, city))))


def codes_of(category: str, form: str, service: str, grouped: str) -> Codes:
    """Return what the codes of category, legal status, public service and group mean."""
    whole = category.zfill(3) if category else None
    status = form.zfill(2) if form else None
    stated = kinds.legal_status(status, service)
    allowed = _GROUPED.get(grouped, ())
    contradict = bool(stated and allowed and stated not in allowed)
    if contradict:
        stated = None
    elif not stated and len(allowed) == 1:
        stated = allowed[0]
    choice = kinds.choices(whole, stated, kinds.is_municipal(status, None))
    return Codes(whole, stated, choice, contradict)
