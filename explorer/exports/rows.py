"""The tables of an export: one row a structure, tie, agreement…, values typed, words ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from explorer.exports.columns import COLUMNS, Column
from explorer.exports.material import Material
from explorer.exports.options import TABLES
from explorer.exports.periods import agreements_of, hull, tie_id, tie_periods
from explorer.viewmodel.model import Role
from explorer.viewmodel.placing import LAMBERT_93, from_degrees
from graph.messages import catalogue, text
from graph.model import Cooperation, Structure
from graph.projection import Tie, active
from graph.status import alerts, notice_deadline
from graph.vocabulary import Status

Value = str | int | float | bool | tuple[str, ...] | None
Row = dict[str, Value]

DEGREES = 6
"""Decimals of longitudes and latitudes: 10 cm."""


def table(material: Material, name: str) -> list[Row]:
    """Return the rows of the table `name` (:data:`TABLES`), sorted by id."""
    return _MAKERS[name](material)


def columns_of(material: Material, name: str) -> tuple[Column, ...]:
    """Return the columns of a table; those that may name a person only if asked."""
    return tuple(item for item in COLUMNS[name] if material.options.persons or not item.person)


def structure_rows(material: Material) -> list[Row]:
    """Return one row a structure of the network, and of the supply where it is shown."""
    return [_structure(key, material) for key in material.ids]


def _structure(key: str, material: Material) -> Row:
    item = material.answer.structures.get(key) or Structure(id=key)
    partner = material.answer.network.partners.get(key)
    role = role_of(key, material)
    through = partner.through if partner else None
    own = {
        name: getattr(item, name) or None
        for name in ("name", "category", "address", "opened", "closed", "siret", "other_names")
    }
    return {
        "id": key,
        **own,
        "kind": item.kind,
        "kind_label": _say(material, f"kind.{item.kind or 'unknown'}"),
        "role": role,
        "role_label": _say(material, f"page.role.{role}"),
        "agreements": len(partner.cooperations) if partner else None,
        "statuses": _statuses(partner.cooperations if partner else (), material),
        "via": _say(material, f"via.{partner.via}") if partner and partner.via else None,
        "through": through,
        "through_name": material.name(through) if through else None,
        "level": _word(material, "structure_level", item.level),
        "legal_status": _word(material, "legal_status", item.legal_status),
        "legal_entity": item.legal_entity,
        "legal_entity_name": material.entities.get(item.legal_entity or ""),
        "commune_code": item.commune,
        "commune": material.communes.get(item.commune or ""),
        **_position(key, material),
        "drawn_with": material.drawn_with.get(key),
        "capacity": tuple(
            f"{_word(material, 'capacity', name)} : {value:g}"
            for name, value in sorted(item.capacity.items())
        ),
        "activities": tuple(_word(material, "activity", name) or "" for name in item.activities),
        "sources": item.sources,
    }


def role_of(key: str, material: Material) -> Role:
    """Return the place of a structure in the network."""
    network = material.answer.network
    if key == network.focus:
        return "focus"
    if key in network.partners:
        return "partner"
    if key in material.answer.supply:
        return "supply"
    return "focus_site" if network.focus else "partner"


def _position(key: str, material: Material) -> Row:
    place = material.places.get(key)
    if place is None:
        return dict.fromkeys(("longitude", "latitude", "x_lambert93", "y_lambert93", "precision"))
    longitude, latitude = degrees(place.x, place.y, material.view.crs)
    in_lambert = material.view.crs == LAMBERT_93
    return {
        "longitude": longitude,
        "latitude": latitude,
        "x_lambert93": round(place.x, 1) if in_lambert else None,
        "y_lambert93": round(place.y, 1) if in_lambert else None,
        "precision": _say(material, f"precision.{place.precision}"),
    }


def degrees(x: float, y: float, crs: str) -> tuple[float, float]:
    """Return longitude and latitude (WGS 84) of a point in metres of `crs`."""
    longitude, latitude = from_degrees(crs).transform(x, y, direction="INVERSE")
    return round(float(longitude), DEGREES), round(float(latitude), DEGREES)


def tie_rows(material: Material) -> list[Row]:
    """Return one row a tie: between two structures there may be an agreement and a membership."""
    periods = tie_periods(material)
    cited = _membership_sources(material)
    rows = []
    for tie in material.answer.network.ties:
        span = hull(periods[tie_id(tie)])
        rows.append(
            _tie(tie, material)
            | {
                "start": span.start.isoformat() if span.start else None,
                "end": span.end.isoformat() if span.end else None,
                "sources": cited.get((tie.a, tie.b), ())
                if tie.kind == "membership"
                else _agreement_sources(tie, material),
            }
        )
    return sorted(rows, key=lambda row: str(row["id"]))


def _tie(tie: Tie, material: Material) -> Row:
    kinds = {material.answer.cooperations[key].type or "unknown" for key in tie.cooperations}
    kind = "membership" if tie.kind == "membership" else kinds.pop() if len(kinds) == 1 else None
    return {
        "id": tie_id(tie),
        "a": tie.a,
        "a_name": material.name(tie.a),
        "b": tie.b,
        "b_name": material.name(tie.b),
        "tie_kind": tie.kind,
        "tie_label": _say(material, f"type.{kind or 'multiple'}"),
        "style": style_of(tie, material),
        "weight": round(tie.weight, 6),
        "agreement_count": len(tie.cooperations),
        "agreement_ids": tie.cooperations,
        "statuses": _statuses(tie.cooperations, material),
        "via": _say(material, f"via.{tie.via}") if tie.via else None,
        "through": tie.through,
        "through_name": material.name(tie.through) if tie.through else None,
    }


def style_of(tie: Tie, material: Material) -> str:
    """Return how a tie is drawn: stated, attested without a term, inferred."""
    if tie.kind != "cooperation":
        return "inferred" if tie.kind == "inherited" else "solid"
    standings = material.answer.network.standings
    attested = all(standings[key].status is Status.ATTESTED for key in tie.cooperations)
    return "dashed" if attested else "solid"


def agreement_rows(material: Material) -> list[Row]:
    """Return one row an agreement that makes a tie, with the terms it has on the day."""
    return [_agreement(item, material) for item in agreements_of(material).values()]


def _agreement(item: Cooperation, material: Material) -> Row:
    day = material.answer.selection.on
    now = material.answer.network.standings.get(item.id)
    notice = notice_deadline(item, day)
    known = material.answer.cooperations
    plain = {
        column.key: getattr(item, column.key)
        for column in COLUMNS["agreements"]
        if hasattr(item, column.key)
    }
    links = {
        name: getattr(item, name) if getattr(item, name) in known else None
        for name in ("parent", "replaces", "replaced_by")
    }
    return {
        **plain,
        **links,
        "type_label": _say(material, f"type.{item.type or 'unknown'}"),
        "status": str(now.status) if now else None,
        "status_label": _say(material, f"status.{now.status if now else 'unknown'}"),
        "certain": now.certain if now else None,
        "parties": tuple(material.name(party.structure) for party in item.parties),
        "sites": tuple(material.name(key) for key in item.sites),
        "pathway": tuple(_word(material, "pathway", step) or "" for step in item.pathway),
        "stage": _word(material, "status", item.stage),
        "term": now.term.isoformat() if now and now.term else None,
        "notice_deadline": notice.isoformat() if notice else None,
        "amount_direction": _word(material, "page.direction", item.amount_direction),
        "alerts": tuple(_say(material, f"alert.{alert}") for alert in alerts(item, day)),
        "confidentiality": _word(material, "confidentiality", item.confidentiality),
    }


def party_rows(material: Material) -> list[Row]:
    """Return one row a party of each agreement, as its source names it."""
    return [
        {
            "agreement": item.id,
            "title": item.title,
            "structure": party.structure,
            "name": material.name(party.structure),
            "party_role": _word(material, "role", party.role),
            "party_level": _word(material, "structure_level", party.level),
            "stated_name": party.stated_name,
            "match": party.match,
            "signatory": party.signatory,
        }
        for item in agreements_of(material).values()
        for party in item.parties
    ]


def membership_rows(material: Material) -> list[Row]:
    """Return one row a membership that holds on the day between structures of the file."""
    shown = set(material.ids)
    held = active(material.answer.memberships, material.answer.selection.on)
    return [
        {
            "id": item.id,
            "member": item.member,
            "member_name": material.name(item.member),
            "group": item.group,
            "group_name": material.name(item.group),
            "party_role": _word(material, "role", item.role),
            "since": item.since,
            "until": item.until,
            "inferred": item.inferred,
            "sources": item.sources,
        }
        for item in sorted(held, key=lambda item: item.id)
        if item.member in shown and item.group in shown
    ]


def territory_rows(material: Material) -> list[Row]:
    """Return one row a territory behind the network."""
    return [
        {
            "id": item.id,
            "territory_level": _say(material, f"level.{item.level}"),
            "code": item.code,
            "name": item.name,
            "population": item.population,
            "population_65": item.population_65,
            "population_75": item.population_75,
            "parents": item.parents,
            "sources": item.sources,
        }
        for item in material.territories
    ]


def coverage_rows(material: Material) -> list[Row]:
    """Return one row a territory and kind; supply that no register tells is unknown, not zero."""
    answer = material.coverage
    return [
        {
            "territory_ref": row.territory,
            "territory_name": row.name,
            "kind": row.kind,
            "kind_label": _say(material, f"kind.{row.kind}"),
            "concerned": row.population,
            "basis": row.basis,
            "supply": row.supply,
            "places": row.capacity,
            "places_per_1000": row.places_per_1000,
            "own": row.own,
            "agreed": row.agreed,
            "attested_supply": row.attested,
            "linked": row.linked,
            "unsigned": row.unsigned,
            "coverage_state": row.state,
            "coverage_label": _say(material, f"coverage.state.{row.state}"),
        }
        for row in (answer.rows if answer else ())
    ]


def source_rows(material: Material) -> list[Row]:
    """Return one row a source that the other tables cite."""
    cited = {
        key
        for name in TABLES
        if name != "sources"
        for row in table(material, name)
        for key in _listed(row.get("sources"))
    }
    known = [material.sources[key] for key in sorted(cited) if key in material.sources]
    names = ("id", "title", "publisher", "date", "vintage", "licence", "url")
    return [{name: getattr(item, name) for name in names} for item in known]


def _listed(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _statuses(keys: tuple[str, ...], material: Material) -> tuple[str, ...]:
    standings = material.answer.network.standings
    found = {standings[key].status for key in keys if key in standings}
    return tuple(_say(material, f"status.{status}") for status in Status if status in found)


def _agreement_sources(tie: Tie, material: Material) -> tuple[str, ...]:
    known = material.answer.cooperations
    return tuple(sorted({source for key in tie.cooperations for source in known[key].sources}))


def _membership_sources(material: Material) -> Mapping[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], set[str]] = {}
    for item in active(material.answer.memberships, material.answer.selection.on):
        pair = (min(item.member, item.group), max(item.member, item.group))
        found.setdefault(pair, set()).update(item.sources)
    return {pair: tuple(sorted(sources)) for pair, sources in found.items()}


def _say(material: Material, key: str) -> str:
    return text(key, material.language)


def _word(material: Material, area: str, key: str | None) -> str | None:
    """Return the catalogue's word for a code of an open list, or the code made readable."""
    if key is None:
        return None
    return catalogue(material.language).get(f"{area}.{key}") or key.replace("_", " ")


_MAKERS: Mapping[str, Callable[[Material], list[Any]]] = {
    "structures": structure_rows,
    "ties": tie_rows,
    "agreements": agreement_rows,
    "parties": party_rows,
    "memberships": membership_rows,
    "territories": territory_rows,
    "sources": source_rows,
    "coverage": coverage_rows,
}
