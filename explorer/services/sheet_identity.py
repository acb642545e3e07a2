"""Who a structure is: what is stated of it, with its sources, and what nobody states."""

from __future__ import annotations

from collections.abc import Mapping

from explorer.services.sheet_citing import Desk, small, word
from explorer.services.sheet_model import Entry
from explorer.wording import number_in_words, since
from graph.identifiers import is_finess
from graph.messages import text
from graph.model import Structure
from graph.resolve import Statement

_FIELDS = (
    "other_names",
    "level",
    "legal_status",
    "category",
    "legal_form",
    "siret",
    "activities",
    "address",
    "covers",
    "opened",
    "closed",
)
_EXPECTED = ("legal_status", "address", "activities", "opened")
"""What a directorate expects of a structure: named as « non renseigné » where nobody states it."""


def identity_of(
    structure: Structure, stated: Mapping[str, list[Statement]], desk: Desk
) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Return what is stated, and the labels of what is expected and stated by nobody."""
    found = [entry for entry in (_number(structure, stated, desk),) if entry]
    found += [
        Entry(
            label=desk.say(f"field.{field}"),
            text=desk.value(field, getattr(structure, field)),
            cites=desk.cites(stated.get(field, ())[: None if field == "other_names" else 1]),
        )
        for field in _FIELDS
        if getattr(structure, field) not in (None, ())
    ]
    found += [*_place(structure, stated, desk), *_capacity(structure, stated, desk)]
    found += _legal_entity(structure, stated, desk)
    missing = [field for field in _EXPECTED if getattr(structure, field) in (None, ())]
    missing += ["commune"] if structure.commune is None else []
    missing += ["position"] if structure.longitude is None else []
    missing += ["capacity"] if not structure.capacity else []
    if not is_finess(structure.id):
        missing.insert(0, "finess")
    return tuple(found), tuple(small(desk.say(f"field.{field}")) for field in missing)


def _number(
    structure: Structure, stated: Mapping[str, list[Statement]], desk: Desk
) -> Entry | None:
    label = desk.say("field.finess")
    if is_finess(structure.id):
        return Entry(label=label, text=structure.id)
    if not structure.candidates:
        return None
    return Entry(
        label=desk.say("field.candidates"),
        text=", ".join(structure.candidates),
        note=desk.say("sheet.candidate"),
        mark="candidate",
        cites=desk.cites(stated.get("candidates", ())),
    )


def _place(structure: Structure, stated: Mapping[str, list[Statement]], desk: Desk) -> list[Entry]:
    found = []
    if structure.commune:
        name = desk.territories.get(f"commune:{structure.commune}", structure.commune)
        cites = desk.cites(stated.get("commune", ())[:1])
        label = desk.say("field.commune")
        found.append(Entry(label=label, text=f"{name} ({structure.commune})", cites=cites))
    if structure.longitude is not None:
        found.append(
            Entry(
                label=desk.say("field.position"),
                text=text(f"precision.{structure.precision or 'inconnue'}", desk.language),
                cites=desk.cites(stated.get("longitude", ())[:1]),
            )
        )
    return found


def _capacity(
    structure: Structure, stated: Mapping[str, list[Statement]], desk: Desk
) -> list[Entry]:
    said = ", ".join(
        f"{number_in_words(count, desk.language)} {word('capacity', name, desk.language)}"
        for name, count in structure.capacity.items()
    )
    cites = desk.cites(stated.get("capacity", ()))
    return [Entry(label=desk.say("field.capacity"), text=said, cites=cites)] if said else []


def _legal_entity(
    structure: Structure, stated: Mapping[str, list[Statement]], desk: Desk
) -> list[Entry]:
    entity = structure.legal_entity
    if entity is None:
        return []
    begun = structure.legal_entity_since
    return [
        Entry(
            label=desk.say("field.legal_entity"),
            text=desk.name(entity),
            link=desk.link(entity),
            note=since(begun, desk.language) if begun else None,
            cites=desk.cites(stated.get("legal_entity", ())[:1]),
        )
    ]
