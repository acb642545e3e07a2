"""What a thing looks like as a node: properties for Cypher and Neo4j Browser, and its full text.

`payload` is the whole thing as JSON, from which a read makes the record again; the properties
beside it are those that people filter by or look at. Where a thing has one plain claim the text of
that claim serves: it is sent and kept once, and `payload` is empty. `known_from` and
`over_from` bound the days on which a cooperation can count (its status is never stored),
`open_from` and `open_until` those on which a structure may be open; they are never empty (where a
row says nothing the query fills them), so that an index serves. A list of nothing is not written:
the server gives each list a record of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple, cast

from graph.dates import PartialDate, bounds, earliest, latest
from graph.identifiers import fold
from graph.model import (
    AnyClaim,
    Cooperation,
    CooperationClaim,
    Entity,
    EntityKind,
    Membership,
    MembershipClaim,
    Structure,
    StructureClaim,
    Territory,
    TerritoryClaim,
)
from graph.status import known_from, over_from

LONGITUDE, LATITUDE = 180.0, 90.0

AnyStructure = Structure | StructureClaim
AnyCooperation = Cooperation | CooperationClaim
AnyMembership = Membership | MembershipClaim
AnyTerritory = Territory | TerritoryClaim
Names = Mapping[str, str | None]
"""Names of communes by code."""


class Shown(NamedTuple):
    """A thing to write: its values, and its text if that of its only claim does not serve."""

    values: AnyClaim | Entity
    payload: str | None


COMMON = ("ref", "id", "payload")
COLUMNS: dict[EntityKind, tuple[str, ...]] = {
    "structure": (
        *COMMON,
        *("name", "kind", "level", "category", "legal_status", "legal_form", "activities"),
        *("commune", "address", "precision", "legal_entity", "siret", "other_names"),
        *("opened", "opened_earliest", "opened_latest"),
        *("closed", "closed_earliest", "closed_latest"),
        *("open_from", "open_until", "words", "name_end", "name_length", "position"),
    ),
    "cooperation": (
        *COMMON,
        *("title", "type", "object", "themes", "filiere", "activity", "stage", "confidentiality"),
        *("signed", "signed_earliest", "signed_latest"),
        *("effective", "effective_earliest", "effective_latest"),
        *("end", "end_earliest", "end_latest"),
        *("attested", "attested_earliest", "attested_latest"),
        *("indefinite", "tacit_renewal", "duration_months", "known_from", "over_from"),
    ),
    "membership": (
        *COMMON,
        *("member", "group", "role", "level", "inferred"),
        *("since", "since_earliest", "since_latest"),
        *("until", "until_earliest", "until_latest"),
    ),
    "territory": (
        *COMMON,
        *("level", "code", "name", "detail", "parents", "members", "geometry"),
        *("population", "population_65", "population_75", "population_85"),
    ),
}
"""The properties of a node, in the order in which a row holds them."""

_FILLED: dict[str, str] = {
    "position": "point({{longitude: r[{n}][0], latitude: r[{n}][1], crs: 'WGS-84'}})",
    "open_from": "coalesce(r[{n}], date('0001-01-01'))",
    "open_until": "coalesce(r[{n}], date('9999-12-31'))",
}


def properties(kind: EntityKind) -> str:
    """Return the map of a node's properties, read from a row `r`, as Cypher writes it."""
    parts = (
        f"{name}: {_FILLED.get(name, 'r[{n}]').format(n=n)}" for n, name in enumerate(COLUMNS[kind])
    )
    return "{" + ", ".join(parts) + "}"


def row_of(kind: EntityKind, ref: str, item: Shown, communes: Names) -> list[Any]:
    """Return the row that :func:`properties` reads, for one thing."""
    values = cast("Any", item.values)
    return [ref, values.id, item.payload, *_ROWS[kind](values, communes)]


def _structure(item: AnyStructure, communes: Names) -> list[Any]:
    name = item.name or ""
    # A number is found by its beginning; a plain word is no part of what a structure is called.
    number = item.id if ":" in item.id or item.id[:1].isdigit() else ""
    name_words = fold(name)
    # by which names of equal worth are ordered when they are searched
    length = len(name if name.isascii() else name_words)
    others = fold(" ".join((*item.other_names, number, communes.get(item.commune or "") or "")))
    return [
        *(item.name, item.kind, item.level, item.category, item.legal_status, item.legal_form),
        *(
            list(item.activities) or None,
            item.commune,
            item.address,
            item.precision,
            item.legal_entity,
        ),
        *(
            item.siret,
            list(item.other_names) or None,
            *dates_of(item.opened),
            *dates_of(item.closed),
        ),
        *(item.opened and earliest(item.opened), item.closed and latest(item.closed)),
        *(f"{name_words} {others}".strip(), len(name_words), length, _point(item)),
    ]


def _cooperation(item: AnyCooperation, _: Names) -> list[Any]:
    return [
        *(item.title, item.type, item.object, list(item.themes), item.filiere, item.activity),
        *(item.stage, item.confidentiality, *dates_of(item.signed), *dates_of(item.effective)),
        *(*dates_of(item.end), *dates_of(item.attested)),
        *(item.indefinite, item.tacit_renewal, item.duration_months),
        *(known_from(item), over_from(item)),
    ]


def _membership(item: AnyMembership, _: Names) -> list[Any]:
    values = (item.member, item.group, item.role, item.level, item.inferred)
    return [*values, *dates_of(item.since), *dates_of(item.until)]


def _territory(item: AnyTerritory, _: Names) -> list[Any]:
    return [
        *(item.level, item.code, item.name, item.detail, list(item.parents), list(item.members)),
        *(digest_text(item.geometry), item.population, item.population_65),
        *(item.population_75, item.population_85),
    ]


_ROWS: dict[EntityKind, Callable[[Any, Names], list[Any]]] = {
    "structure": _structure,
    "cooperation": _cooperation,
    "membership": _membership,
    "territory": _territory,
}


def digest_text(digest: bytes | None) -> str | None:
    """Return the key of a polygon, of which a claim holds the digest in the polygon's place."""
    return None if digest is None else digest.hex()


def dates_of(value: PartialDate | None) -> tuple[str | None, date | None, date | None]:
    """Return a partial date as stated, with its first and last day (None where it is open)."""
    if value is None:
        return None, None, None
    first, last = bounds(value)
    return value, None if first == date.min else first, None if last == date.max else last


def _point(item: AnyStructure) -> list[float] | None:
    longitude, latitude = item.longitude, item.latitude
    if longitude is None or latitude is None:
        return None
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        return None
    if abs(longitude) > LONGITUDE or abs(latitude) > LATITUDE:
        return None
    return [longitude, latitude]
