"""From claims to what is shown: the published order of precedence, evidence and conflicts.

Every claim is kept. For each value the claim of the first family in :data:`PRECEDENCE` that states
it is shown, the latest vintage first within a family; lists that add up (other names, activities,
facts) are united. The order is shown to users on the page *Méthode* and in ``docs/methods.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, cast

from msgspec.structs import replace

from graph.dates import PartialDate, latest
from graph.identifiers import fold
from graph.model import (
    AnyClaim,
    Cooperation,
    Entity,
    EntityKind,
    Fact,
    Membership,
    Party,
    Record,
    SourceRecord,
    Structure,
    StructureClaim,
    Territory,
)

PRECEDENCE = (
    "register",
    "territory",
    "finess",
    "ght",
    "cpts",
    "cnsa",
    "sae",
    "drees",
    "insee",
    "ign",
    "seed",
)
"""Families of sources, the one believed first at the head; a family not listed comes last."""

PRECEDENCE_BY_FIELD = {
    "name": (
        "register",
        "seed",
        *(family for family in PRECEDENCE if family not in {"register", "seed"}),
    ),
}
"""Where the order differs: people know a structure by its usage name, not by FINESS capitals."""

BY_VINTAGE = frozenset({"commune", "address"})
"""Where a structure stands today: the latest vintage among official files is believed."""

OFFICIAL = frozenset({"finess", "sae", "cnsa"})

UNITED = frozenset({"other_names", "activities", "candidates", "notes", "remarks", "annexes"})
NOT_COMPARED = frozenset(
    {
        "name",
        "address",
        "longitude",
        "latitude",
        "precision",
        "notes",
        "facts",
        "figures",
        "other_names",
        "geometry",
    }
)
"""Fields whose differences are not conflicts: two spellings, two geocodings."""

COMPANIONS = {
    "latitude": "longitude",
    "precision": "longitude",
    "legal_entity_since": "legal_entity",
}
"""Values that only mean something beside another one of the same claim."""

_RECAST = UNITED | COMPANIONS.keys() | {"sites_stated", "facts", "figures", "parties", "capacity"}
"""Fields of which even a single claim is not always shown as it stands."""

RESOLVED: dict[EntityKind, type[Entity]] = {
    "structure": Structure,
    "cooperation": Cooperation,
    "membership": Membership,
    "territory": Territory,
}

Stated = tuple[AnyClaim, SourceRecord]


class Statement(Record, frozen=True, kw_only=True):
    """One value of one field, with the source that states it."""

    value: object
    source: str
    locator: str


def ordered(pairs: Iterable[Stated], field: str | None = None) -> list[Stated]:
    """Return claims in order of precedence, for `field` or in general."""
    pairs = list(pairs)
    if len(pairs) == 1:
        return pairs
    named = field if field in PRECEDENCE_BY_FIELD or field in BY_VINTAGE else None
    return sorted(pairs, key=lambda pair: _rank(pair[1].family, pair[1].vintage, pair[1].id, named))


@lru_cache(maxsize=4096)
def _rank(
    family: str, vintage: PartialDate | None, source: str, field: str | None
) -> tuple[int, int, str]:
    """Return the key that sorts sources for `field`: family, then latest vintage, then id."""
    ranking = PRECEDENCE_BY_FIELD.get(field or "", PRECEDENCE)
    if field in BY_VINTAGE and family in OFFICIAL:
        family = "finess"
    age = -latest(vintage).toordinal() if vintage else 0
    return ranking.index(family) if family in ranking else len(ranking), age, source


def resolve(kind: EntityKind, pairs: Sequence[Stated]) -> Entity:
    """Return the thing that `pairs` (claims about one id, with their sources) make together.

    Parameters
    ----------
    kind : {'structure', 'cooperation', 'membership', 'territory'}
        What the claims are about.
    pairs : sequence of (claim, source)
        At least one; in any order.

    Returns
    -------
    Structure, Cooperation, Membership or Territory
    """
    target = RESOLVED[kind]
    ranked = ordered(pairs)
    values: dict[str, object] = {
        "id": ranked[0][0].id,
        "sources": tuple(dict.fromkeys(claim.source for claim, _ in ranked)),
    }
    alone = ranked[0][0] if len(ranked) == 1 else None
    for field in target.__struct_fields__:
        if field in values:
            continue
        if alone is not None and field not in _RECAST:
            values[field] = getattr(alone, field)
            continue
        own_order = field in PRECEDENCE_BY_FIELD or field in BY_VINTAGE
        order = ordered(pairs, field) if own_order else ranked
        if stated := _stated(order, field):
            values[field] = _merge(field, stated)
    if kind == "structure":
        values["other_names"] = _other_names(cast("str | None", values.get("name")), ranked)
    return cast("Entity", cast("Any", target)(**values))


def evidence(pairs: Sequence[Stated]) -> dict[str, list[Statement]]:
    """Return, for each field that any source states, every statement in order of precedence."""
    fields = RESOLVED[_kind(pairs)].__struct_fields__
    found = {field: _statements(ordered(pairs, field), field) for field in fields}
    return {field: statements for field, statements in found.items() if statements}


def conflicts(pairs: Sequence[Stated]) -> dict[str, list[Statement]]:
    """Return the fields on which sources differ, with what each says."""
    return {
        field: statements
        for field, statements in evidence(pairs).items()
        if field not in NOT_COMPARED | UNITED and _differ(field, statements)
    }


def _differ(field: str, statements: Sequence[Statement]) -> bool:
    """Tell whether statements contradict each other; capacities only where they count one thing."""
    if field != "capacity":
        return len({repr(item.value) for item in statements}) > 1
    counts: dict[str, set[float]] = {}
    for item in statements:
        for key, count in cast("dict[str, float]", item.value).items():
            counts.setdefault(key, set()).add(count)
    return any(len(stated) > 1 for stated in counts.values())


def _kind(pairs: Sequence[Stated]) -> EntityKind:
    return cast("EntityKind", pairs[0][0].__struct_config__.tag)


def _stated(order: Sequence[Stated], field: str) -> list[tuple[object, AnyClaim]]:
    """Return the values of `field` that are stated; a companion value only beside its leader."""
    if field in COMPANIONS or field == "sites_stated":
        # The meridian of Greenwich crosses France: a longitude of 0.0 is stated, and equals False.
        leader = COMPANIONS.get(field, field)
        return [
            (getattr(claim, field), claim)
            for claim, _ in order
            if getattr(claim, leader) is not None and getattr(claim, leader) is not False
        ]
    found = []
    for claim, _ in order:
        value = getattr(claim, field)
        if value or (value is not None and value not in ((), {})):
            found.append((value, claim))
    return found


def _statements(order: Sequence[Stated], field: str) -> list[Statement]:
    if field in {"id", "sources", "inferred"}:
        return []
    return [
        Statement(value=value, source=claim.source, locator=claim.locator)
        for value, claim in _stated(order, field)
    ]


def _merge(field: str, stated: Sequence[tuple[object, AnyClaim]]) -> object:
    if field in UNITED:
        lists = (cast("tuple[str, ...]", value) for value, _ in stated)
        return tuple(dict.fromkeys(item for values in lists for item in values))
    if field == "facts":
        return tuple(
            with_source(fact, claim.source, claim.locator)
            for value, claim in stated
            for fact in cast("tuple[Fact, ...]", value)
        )
    if field == "figures":
        figures = (
            with_source(fact, claim.source, claim.locator)
            for value, claim in stated
            for fact in cast("tuple[Fact, ...]", value)
        )
        kept = {(fact.topic, fact.date or ""): fact for fact in [*figures][::-1]}
        return tuple(kept[key] for key in sorted(kept))
    if field == "parties":
        parties = (party for value, _ in stated for party in cast("tuple[Party, ...]", value))
        return tuple(
            {(party.structure, party.role): party for party in reversed(list(parties))}.values()
        )[::-1]
    if field == "capacity":
        tables = (cast("dict[str, float]", value) for value, _ in reversed(stated))
        return {key: count for table in tables for key, count in table.items()}
    return stated[0][0]


def with_source(fact: Fact, source: str, locator: str) -> Fact:
    """Return `fact` as it is shown away from its claim: with the source and place of that."""
    if fact.source is not None:
        return fact
    return replace(fact, source=source, locator=fact.locator or locator)


def _other_names(name: str | None, ranked: Sequence[Stated]) -> tuple[str, ...]:
    """Unite every spelling but the one shown; spellings that fold alike are one."""
    seen = {fold(name)} if name else set()
    kept = []
    for claim, _ in ranked:
        structure = cast("StructureClaim", claim)
        for spelling in (structure.name, *structure.other_names):
            if not spelling or spelling == name:
                continue
            folded = fold(spelling)
            if folded not in seen:
                seen.add(folded)
                kept.append(spelling)
    return tuple(kept)
