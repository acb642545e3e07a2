"""What a thing looks like as a node: properties for Cypher and Neo4j Browser, and its full text.

`payload` is the whole thing as JSON, from which a read makes the record again; the properties
beside it are those that people filter by or look at. Where a thing has one plain claim the text of
that claim serves (`shared` names its source): it is sent and kept once. `known_from` and
`over_from` bound the days on which a cooperation can count (its status is never stored),
`open_from` and `open_until` those on which a structure may be open; they are never empty, so that
an index serves.
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
    """A thing to write: its values, and its text or the source of the claim whose text serves."""

    values: AnyClaim | Entity
    payload: str | None
    shared: str | None


COMMON = ("ref", "id", "sources", "payload", "shared")
COLUMNS: dict[EntityKind, tuple[str, ...]] = {
    "structure": (
        *COMMON,
        *("name", "kind", "level", "category", "legal_status", "legal_form", "activities"),
        *("commune", "address", "precision", "legal_entity", "siret", "other_names"),
        *("opened", "opened_earliest", "opened_latest"),
        *("closed", "closed_earliest", "closed_latest"),
        *("open_from", "open_until", "words", "name_words", "name_length", "position"),
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
    sources = [values.source] if item.shared is not None else list(values.sources)
    return [ref, values.id, sources, item.payload, item.shared, *_ROWS[kind](values, communes)]


def _structure(item: AnyStructure, communes: Names) -> list[Any]:
    name = item.name or ""
    # A number is found by its beginning; a plain word is no part of what a structure is called.
    number = item.id if ":" in item.id or item.id[:1].isdigit() else ""
    known = (name, *item.other_names, number, communes.get(item.commune or "") or "")
    return [
        *(item.name, item.kind, item.level, item.category, item.legal_status, item.legal_form),
        *(list(item.activities), item.commune, item.address, item.precision, item.legal_entity),
        *(item.siret, list(item.other_names), *dates_of(item.opened), *dates_of(item.closed)),
        *(_opened(item), _closed(item)),
        *(fold(" ".join(known)), fold(name), name_length(name), _point(item)),
    ]


def _opened(item: AnyStructure) -> date:
    return earliest(item.opened) if item.opened else date.min


def _closed(item: AnyStructure) -> date:
    return latest(item.closed) if item.closed else date.max


def name_length(name: str) -> int:
    """Return the length by which names of equal worth are ordered when they are searched."""
    return len(name if name.isascii() else fold(name))


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
