"""Synthetic structures, agreements and territories for benchmarks/neo4j.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.model import (
    AnyClaim,
    CooperationClaim,
    Party,
    SourceRecord,
    StructureClaim,
    TerritoryClaim,
)
from graph.store.port import LoadBatch, ReadReport

COMMUNES, ARRONDISSEMENTS = 500, 50
HUB, HUB_AGREEMENTS = 5, 150
"""A register is an ego network: one structure is party to its agreements, whatever the size."""
KINDS = ("EHPAD", "CLINIQUE", "HOPITAL", "CMS")
SOURCE = SourceRecord(id="synthetic", family="finess", title="Synthetic")


def structures(count: int, first: int = 0) -> list[StructureClaim]:
    """Return synthetic establishments, ten to a legal entity."""
    return [
        StructureClaim(
            id=f"{990_000_000 + number}",
            source=SOURCE.id,
            locator=f"ligne {number}",
            name=f"Établissement synthétique {number}",
            kind=KINDS[number % len(KINDS)],
            level="ET",
            category="500",
            commune=f"{99_000 + number % COMMUNES}",
            address=f"{number % 200} rue de l’Essai",
            longitude=2.0 + number % 1000 / 1000,
            latitude=48.0 + number % 997 / 1000,
            precision="adresse",
            legal_entity=f"{980_000_000 + number // 10}",
        )
        for number in range(first, first + count)
    ]


def network(size: int) -> Iterator[AnyClaim]:
    """Return `size` structures, their communes, and an agreement of three for every five."""
    for number in range(ARRONDISSEMENTS):
        yield _territory("arrondissement", f"9{number:02}", ())
    for number in range(COMMUNES):
        parent = f"arrondissement:9{number % ARRONDISSEMENTS:02}"
        yield _territory("commune", f"{99_000 + number}", (parent,))
    yield from structures(size)
    for number in range(size // 5):
        parties = {(number * 5 + step) % size for step in (0, 1, 7)}
        if number < HUB_AGREEMENTS:
            parties.add(HUB)
        yield CooperationClaim(
            id=f"conv-{number}",
            source=SOURCE.id,
            locator=f"ligne {number}",
            title=f"Convention {number}",
            type="convention_cadre",
            signed="2020-01-01",
            parties=tuple(Party(structure=f"{990_000_000 + party}") for party in sorted(parties)),
        )


def _territory(level: str, code: str, parents: tuple[str, ...]) -> TerritoryClaim:
    return TerritoryClaim(
        id=f"{level}:{code}",
        source=SOURCE.id,
        locator=code,
        level=level,
        code=code,
        name=f"{level} {code}",
        parents=parents,
    )


def batch(claims: Sequence[AnyClaim]) -> LoadBatch:
    """Return one load of `claims`."""
    report = ReadReport(read=len(claims), kept=len(claims))
    return LoadBatch(
        loader="finess",
        series="finess:bench",
        sources=(SOURCE,),
        claims=list(claims),
        report=report,
    )
