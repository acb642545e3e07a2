"""Stores that hold the small world of squares, its structures and agreements, as loads bring it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from graph.model import (
    AnyClaim,
    CooperationClaim,
    Entity,
    MembershipClaim,
    SourceRecord,
    StructureClaim,
    TerritoryClaim,
)
from graph.store.open import open_store
from graph.store.port import LoadBatch, ReadReport
from tests.support.small_world import FOCUS, OWN, member, structure, territories

CLAIMS: dict[str, type[Any]] = {
    "Territory": TerritoryClaim,
    "Structure": StructureClaim,
    "Cooperation": CooperationClaim,
    "Membership": MembershipClaim,
}


def claims(things: Iterable[Entity], source: str) -> list[AnyClaim]:
    """Return what `source` says of `things`."""
    found = []
    for item in things:
        values = msgspec.structs.asdict(item)
        values.pop("sources", None)
        claim = CLAIMS[type(item).__name__]
        found.append(claim(**values, source=source, locator=f"row {item.id}"))
    return found


def batch(loader: str, things: Iterable[Entity], parts: frozenset[str] | None = None) -> LoadBatch:
    """Return a load of `loader` that brings `things`."""
    held = claims(things, f"{loader}-test")
    family = {"territoires": "territory", "conventions": "register"}.get(loader, "finess")
    return LoadBatch(
        loader=loader,
        series=f"{loader}:test",
        sources=(SourceRecord(id=f"{loader}-test", family=family, title=loader),),
        claims=held,
        report=ReadReport(read=len(held), kept=len(held)),
        parts=parts,
    )


def small_store(
    path: Path,
    structures: Iterable[Entity],
    agreements: Iterable[Entity] = (),
    registers: tuple[tuple[str, frozenset[str] | None], ...] = (("ehpad", frozenset({"94"})),),
    country: Iterable[Entity] | None = None,
) -> str:
    """Write the small world to `path` and return the address of the store.

    `registers` are loaders with the parts that each brings; the first brings `structures`.
    """
    url = f"sqlite:///{path.as_posix()}"
    store = open_store(url)
    own = [structure(FOCUS, "GHT"), structure(OWN, "EHPAD", (0, 0))]
    ours = [member(OWN, FOCUS, "partie")]
    store.apply(batch("territoires", territories() if country is None else country))
    store.apply(batch("conventions", [*own, *ours, *agreements]))
    things = list(structures)
    for loader, parts in registers:
        store.apply(batch(loader, things, parts))
        things = []
    store.close()
    return url
