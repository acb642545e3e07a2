"""Synthetic batches for the store's contract: small, invented, no real organisation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from graph.dates import PartialDate
from graph.identifiers import split_ref
from graph.model import (
    AnyClaim,
    Cooperation,
    CooperationClaim,
    MembershipClaim,
    Party,
    SourceRecord,
    Structure,
    StructureClaim,
    TerritoryClaim,
    membership_id,
)
from graph.store.port import (
    GraphStore,
    LoadBatch,
    ReadReport,
    Rejection,
    StructureQuery,
    TerritoryQuery,
)

WORDS = ("alpha", "beta", "gamma", "renomme", "zz", "saint")
"""Words that the content of a store is searched for when two states are compared."""


def source(ident: str = "s1", family: str = "finess", **values: Any) -> SourceRecord:
    return SourceRecord(id=ident, family=family, title=f"Synthetic source {ident}", **values)


def structure(ident: str, by: str = "s1", **values: Any) -> StructureClaim:
    values = {"locator": f"row {ident}", "name": f"Alpha {ident}", "kind": "EHPAD"} | values
    return StructureClaim(id=ident, source=by, **values)


def cooperation(ident: str, *parties: str, by: str = "s1", **values: Any) -> CooperationClaim:
    values = {"locator": f"row {ident}", "title": f"Convention {ident}"} | values
    members = tuple(Party(structure=party) for party in parties)
    return CooperationClaim(id=ident, source=by, parties=members, **values)


def membership(member: str, group: str, by: str = "s1", **values: Any) -> MembershipClaim:
    ident = membership_id(member, group, "membre")
    return MembershipClaim(
        id=ident, source=by, locator=f"row {ident}", member=member, group=group, **values
    )


def territory(ref: str, by: str = "s1", **values: Any) -> TerritoryClaim:
    level, code = split_ref(ref)
    values = {"locator": f"row {ref}", "name": f"Territoire {code}"} | values
    return TerritoryClaim(id=ref, source=by, level=level, code=code, **values)


def batch(*claims: AnyClaim, series: str = "finess:et", **values: Any) -> LoadBatch:
    """Return a batch whose sources are those that its claims cite, unless they are given."""
    cited = sorted({claim.source for claim in claims} or {"s1"})
    defaults: dict[str, Any] = {
        "loader": series.partition(":")[0],
        "sources": tuple(source(ident) for ident in cited),
        "report": ReadReport(read=len(claims), kept=len(claims)),
    }
    return LoadBatch(series=series, claims=list(claims), **defaults | values)


def everything() -> LoadBatch:
    """Return a batch with a thing of each kind, and a report with a rejection."""
    rejection = Rejection(
        row="3", field="commune", value="Xyz", code="commune_unknown", params={"near": ["Xy"]}
    )
    return batch(
        structure("940000001", level="ET", commune="94001", legal_entity="940000002"),
        structure("940000002", level="EJ", opened=PartialDate("2001"), capacity={"lits": 12.0}),
        cooperation("conv-1", "940000001", "940000002", signed=PartialDate("2017-07")),
        membership("940000001", "ght:940000002", since=PartialDate("2016..2017")),
        territory("commune:94001", parents=("departement:94",), geometry=b"\x01synthetic"),
        territory("departement:94", population=1_400_000),
        file="synthetic.csv",
        checksum="00ff",
        report=ReadReport(read=8, kept=6, skipped=1, rejected=1, rejections=[rejection]),
    )


def many(count: int, *, name: str = "Beta", series: str = "bulk:all", by: str = "s2") -> LoadBatch:
    """Return a batch of `count` structures."""
    claims = (structure(f"{910000000 + n}", by, name=f"{name} {n}") for n in range(count))
    return batch(*claims, series=series)


def content(store: GraphStore) -> bytes:
    """Return all that a store holds, its loads apart, as text to compare two states."""
    structures, cooperations = store.structures(StructureQuery()), store.cooperations(frozenset())
    memberships = store.memberships()
    territories = store.territories(TerritoryQuery(geometry=True))
    return msgspec.json.encode(
        {
            "structures": structures,
            "cooperations": cooperations,
            "memberships": memberships,
            "territories": territories,
            "sources": store.sources(),
            "status": msgspec.structs.replace(store.status(), store=""),
            "found": {word: sorted(hit.id for hit in store.search(word, 10**6)) for word in WORDS},
            "claims": [
                *store.claims("structure", [item.id for item in structures]),
                *store.claims("cooperation", [item.id for item in cooperations]),
                *store.claims("membership", [item.id for item in memberships]),
                *store.claims("territory", [item.id for item in territories]),
            ],
        }
    )


def ids(things: Iterable[Structure | Cooperation]) -> list[str]:
    return [thing.id for thing in things]
