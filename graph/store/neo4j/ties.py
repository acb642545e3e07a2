"""What ties a thing to others: the relationships that its values make, as rows for Cypher.

A relationship belongs to the thing whose values state it, and is written anew with it. The other
end may be described by nobody: it is then an ``:Entity`` with a `ref` and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, cast

from graph.identifiers import territory_ref
from graph.model import AnyClaim, Entity, EntityKind
from graph.store.neo4j.labels import entity_ref
from graph.store.neo4j.things import (
    AnyCooperation,
    AnyMembership,
    AnyStructure,
    AnyTerritory,
    dates_of,
)

BY_PARENTS, BY_MEMBERS = "parents", "members"


class Tie(NamedTuple):
    """A relationship: its type, both ends, and the values that it carries (see `CARRIED`)."""

    type: str
    start: str
    end: str
    values: Sequence[Any]


CARRIED: dict[str, tuple[str, ...]] = {
    "MANAGED_BY": ("since", "since_earliest", "since_latest"),
    "LOCATED_IN": (),
    "COVERS": (),
    "PARTY_TO": ("role", "level", "signatory", "stated_name"),
    "CONCERNS": (),
    "ABOUT": (),
    "AMENDS": (),
    "MEMBER_OF": (
        *("id", "role", "level", "inferred", "since", "since_earliest", "since_latest"),
        *("until", "until_earliest", "until_latest"),
    ),
    "PART_OF": ("by",),
}
"""Every type that a thing's values make, with the properties of the relationship."""

OWNED: dict[EntityKind, tuple[str, ...]] = {
    "structure": ("(e)-[t:MANAGED_BY|LOCATED_IN|COVERS]->(o)",),
    "cooperation": ("(e)<-[t:PARTY_TO]-(o)", "(e)-[t:CONCERNS|ABOUT|COVERS|AMENDS]->(o)"),
    "membership": ("()-[t:MEMBER_OF {id: e.id}]->(o)",),
    "territory": (
        f"(e)-[t:PART_OF {{by: '{BY_PARENTS}'}}]->(o)",
        f"(e)<-[t:PART_OF {{by: '{BY_MEMBERS}'}}]-(o)",
    ),
}
"""The relationships that belong to a thing `e`, and their other end `o`."""


def ties_of(kind: EntityKind, ref: str, values: AnyClaim | Entity) -> Iterator[Tie]:
    """Return the relationships that the values of a thing make."""
    return _TIES[kind](ref, values)


def _structure(ref: str, item: AnyStructure) -> Iterator[Tie]:
    if item.legal_entity:
        target = entity_ref("structure", item.legal_entity)
        yield Tie("MANAGED_BY", ref, target, dates_of(item.legal_entity_since))
    if item.commune:
        yield Tie("LOCATED_IN", ref, _place(territory_ref("commune", item.commune)), [])
    for place in dict.fromkeys(item.covers):
        yield Tie("COVERS", ref, _place(place), [])


def _cooperation(ref: str, item: AnyCooperation) -> Iterator[Tie]:
    for party in item.parties:
        carried = [party.role, party.level, party.signatory, party.stated_name]
        yield Tie("PARTY_TO", entity_ref("structure", party.structure), ref, carried)
    for site in dict.fromkeys(item.sites):
        yield Tie("CONCERNS", ref, entity_ref("structure", site), [])
    for place in dict.fromkeys(item.territory):
        yield Tie("COVERS", ref, _place(place), [])
    for theme in dict.fromkeys(item.themes):
        yield Tie("ABOUT", ref, f"theme:{theme}", [])
    if item.parent:
        yield Tie("AMENDS", ref, entity_ref("cooperation", item.parent), [])


def _membership(_: str, item: AnyMembership) -> Iterator[Tie]:
    stated = (item.id, item.role, item.level, item.inferred)
    carried = (*stated, *dates_of(item.since), *dates_of(item.until))
    start, end = entity_ref("structure", item.member), entity_ref("structure", item.group)
    yield Tie("MEMBER_OF", start, end, carried)


def _territory(ref: str, item: AnyTerritory) -> Iterator[Tie]:
    for parent in dict.fromkeys(item.parents):
        yield Tie("PART_OF", ref, _place(parent), [BY_PARENTS])
    for member in dict.fromkeys(item.members):
        yield Tie("PART_OF", _place(member), ref, [BY_MEMBERS])


def _place(ref: str) -> str:
    return entity_ref("territory", ref)


_TIES: dict[EntityKind, Callable[[str, Any], Iterator[Tie]]] = {
    "structure": _structure,
    "cooperation": _cooperation,
    "membership": cast("Callable[[str, Any], Iterator[Tie]]", _membership),
    "territory": _territory,
}


OUTGOING: dict[EntityKind, tuple[str, ...]] = {
    "structure": ("MANAGED_BY", "LOCATED_IN", "COVERS"),
    "cooperation": ("CONCERNS", "COVERS", "ABOUT", "AMENDS"),
    "membership": (),
    "territory": ("PART_OF",),
}
"""The relationships that start at a thing of a kind: they can be written along with its node."""


_NAMED = {"ABOUT": " ON CREATE SET o:Theme, o.name = substring(o.ref, 6)"}
"""What nobody describes but everybody looks for: it is more than a reference."""


def writing(kind: str) -> str:
    """Return the query that writes relationships of one type, over rows of a batch."""
    return (
        "UNWIND $rows AS r\n"
        "MERGE (e:Entity {ref: r[0]})\n"
        f"MERGE (o:Entity {{ref: r[1]}}){_NAMED.get(kind, '')}\n"
        f"CREATE (e)-[:{kind}{_carried(kind, 'r', 2)}]->(o)"
    )


def writing_from(kind: str, place: str) -> str:
    """Return the clause that writes relationships of one type from `e`.

    Their rows, without the start of each, are the list at `place`.
    """
    return (
        f"FOREACH (t IN {place} |"
        f" MERGE (o:Entity {{ref: t[0]}}){_NAMED.get(kind, '')}"
        f" CREATE (e)-[:{kind}{_carried(kind, 't', 1)}]->(o))"
    )


def _carried(kind: str, row: str, first: int) -> str:
    carried = ", ".join(f"{name}: {row}[{n}]" for n, name in enumerate(CARRIED[kind], first))
    return f" {{{carried}}}" if carried else ""
