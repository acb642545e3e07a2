"""Stores that each break one promise, to show that the contract notices.

They differ from the SQLite store by one fault only, of a kind that is easily made.
"""

from __future__ import annotations

import sqlite3
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from graph.dates import PartialDate, earliest
from graph.errors import ConfirmationNeeded, StoreBusy, StoreError
from graph.model import (
    Cooperation,
    EntityKind,
    Membership,
    SourceRecord,
    Structure,
    StructureClaim,
    Territory,
    entity_kind,
)
from graph.resolve import resolve
from graph.store.port import (
    Hit,
    LoadBatch,
    LoadOutcome,
    LoadRecord,
    ReadReport,
    ReplacedClaim,
    StoredClaim,
    StoreStatus,
    StructureQuery,
    TerritoryQuery,
)
from graph.store.sqlite import SqliteStore
from tests.contract.store.synthetic import many

replace = msgspec.structs.replace


class Broken(SqliteStore):
    """The SQLite store, opened by its URL as a contract check does."""

    def __init__(self, url: str) -> None:
        super().__init__(url.removeprefix("sqlite:///"), wait=0.2)


# --- loads ----------------------------------------------------------------------------
class DuplicatesEachLoad(Broken):
    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        series = f"{batch.series}#{len(self.loads())}"
        return super().apply(replace(batch, series=series), **options)


class ForgetsParts(Broken):
    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        return super().apply(replace(batch, parts=None), **options)


class MergesSeries(Broken):
    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        return super().apply(replace(batch, series=batch.loader), **options)


class NeverRemoves(Broken):
    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        return super().apply(replace(batch, parts=frozenset()), **options)


class RemovesStructuresOnly(Broken):
    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        held = [
            item.claim for item in self.claims("cooperation", [c.id for c in self.cooperations()])
        ]
        return super().apply(replace(batch, claims=batch.claims + held), **options)


class ShowsTheLatestClaim(Broken):
    def structures(self, query: StructureQuery = StructureQuery()) -> list[Structure]:  # noqa: B008
        found = []
        for item in super().structures(query):
            last = max(self.claims("structure", [item.id]), key=lambda claim: claim.load_id)
            source = {record.id: record for record in self.sources()}[last.claim.source]
            shown = resolve("structure", [(last.claim, source)])
            assert isinstance(shown, Structure)
            found.append(shown)
        return found


class TakesLocatorsAsContent(Broken):
    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        claims = [
            replace(claim, address=claim.locator) if isinstance(claim, StructureClaim) else claim
            for claim in batch.claims
        ]
        return super().apply(replace(batch, claims=claims), **options)


class AppliesByHalves(Broken):
    pause = 0

    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        half = batch.claims[: len(batch.claims) // 2]
        if half and not options.get("dry_run"):
            super().apply(replace(batch, claims=half, parts=frozenset()))
            time.sleep(self.pause)
        return super().apply(batch, **options)


class AppliesByHalvesSlowly(AppliesByHalves):
    # Long in the process that is killed, so that it is killed between the halves.
    pause = 30 if Path(sys.argv[0]).stem == "child" else 0


class TakesAnything(Broken):
    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        claims = {(entity_kind(claim), claim.id, claim.source): claim for claim in batch.claims}
        known = {record.id for record in batch.sources}
        invented = {claim.source for claim in batch.claims} - known
        records = tuple(SourceRecord(id=item, family="", title="") for item in sorted(invented))
        sound = replace(batch, claims=list(claims.values()), sources=batch.sources + records)
        return super().apply(sound, **options)


class DryRunWrites(Broken):
    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        if not options.pop("dry_run", False):
            return super().apply(batch, **options)
        return replace(super().apply(batch, allow_removals=True), load_id=None)


class NeverAsks(Broken):
    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        return super().apply(batch, **options | {"allow_removals": True})


class AsksAlways(Broken):
    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        if super().apply(batch, dry_run=True).removed and not options.get("allow_removals"):
            raise ConfirmationNeeded("removals", n=1, removed=1, total=1, share=1, series="")
        return super().apply(batch, **options)


class CountsEveryClaimAsARow(Broken):
    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        said = super().apply(batch, dry_run=True)
        total = said.removed + said.updated + said.unchanged
        allowed = options.get("allow_removals") or 10 * said.removed <= total
        if batch.guarded and not allowed:
            raise ConfirmationNeeded("removals", n=1, removed=1, total=1, share=1, series="")
        return super().apply(batch, **options | {"allow_removals": True})


class CountsThingsTwice(Broken):
    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        outcome = super().apply(batch, **options)
        return replace(outcome, structures=2 * outcome.structures)


class ListsEverySample(Broken):
    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        outcome = super().apply(batch, **options)
        return replace(outcome, samples={"added": [claim.id for claim in batch.claims]})


class RecordsChangesOnly(Broken):
    def loads(self) -> list[LoadRecord]:
        return [
            record
            for record in super().loads()
            if record.outcome.added or record.outcome.updated or record.outcome.removed
        ]


class KeepsNoScope(Broken):
    def scopes(self) -> dict[int, frozenset[str] | None]:
        return dict.fromkeys(super().scopes())


class DropsRejections(Broken):
    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        return super().apply(replace(batch, report=ReadReport()), **options)


class TellsNoProgress(Broken):
    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        return super().apply(batch, **options | {"progress": None})


# --- undo -----------------------------------------------------------------------------
class UndoesOnPaper(Broken):
    def undo(self, loader: str) -> LoadOutcome:
        standing = [item for item in self.loads() if item.loader == loader and not item.undone]
        if not standing:
            raise StoreError("store.nothing_to_undo", loader=loader)
        with self._pool.writing() as connection:
            connection.execute("UPDATE load SET undone = 1 WHERE id = ?", (standing[0].id,))
        return standing[0].outcome


class UndoesOnce(Broken):
    def undo(self, loader: str) -> LoadOutcome:
        if any(record.undone for record in self.loads()):
            raise StoreError("store.nothing_to_undo", loader=loader)
        return super().undo(loader)


class UndoesWhatever(Broken):
    def undo(self, loader: str) -> LoadOutcome:
        standing = [record for record in self.loads() if not record.undone]
        return super().undo(standing[0].loader if standing else loader)


class SeesCountsOnly(Broken):
    def loads(self) -> list[LoadRecord]:
        return [
            replace(record, changed=bool(record.outcome.added or record.outcome.updated))
            for record in super().loads()
        ]


class MarksLoads(Broken):
    def mark(self, where: str, *, undone: bool) -> None:
        with self._pool.writing() as connection:
            connection.execute(f"UPDATE load SET undone = ? WHERE {where}", (undone,))  # noqa: S608 - written below


class UndoesTheLastLoad(MarksLoads):
    def undo(self, loader: str) -> LoadOutcome:
        standing = [item for item in self.loads() if item.loader == loader and not item.undone]
        if not standing or standing[0].changed:
            return super().undo(loader)
        self.mark(f"id = {standing[0].id}", undone=True)
        return replace(standing[0].outcome, added=0, updated=0, removed=0)


class LeavesIdleLoadsInPlace(MarksLoads):
    def undo(self, loader: str) -> LoadOutcome:
        outcome = super().undo(loader)
        self.mark("changed = 0", undone=False)
        return outcome


class UndoesIdleLoadsAnywhere(MarksLoads):
    def undo(self, loader: str) -> LoadOutcome:
        outcome = super().undo(loader)
        self.mark(f"changed = 0 AND id > {outcome.load_id}", undone=True)
        return outcome


class WaitsForAnyLoad(Broken):
    def undo(self, loader: str) -> LoadOutcome:
        standing = [item for item in self.loads() if not item.undone]
        if standing and standing[0].loader != loader:
            later = standing[0].loader
            raise StoreError("store.undo_later", loader=loader, later=later, series="")
        return super().undo(loader)


class ReplacesWithToday(Broken):
    def replaced_claims(self, kind: EntityKind, load_id: int) -> list[ReplacedClaim]:
        now = {record.id: record for record in self.sources()}
        return [
            replace(
                item,
                after=next((held.claim for held in self.claims(kind, [item.before.id])), None),
                after_source=now.get(item.before.source),
            )
            for item in super().replaced_claims(kind, load_id)
        ]


class ReplacesForever(Broken):
    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.told: dict[int, list[ReplacedClaim]] = {}

    def replaced_claims(self, kind: EntityKind, load_id: int) -> list[ReplacedClaim]:
        found = super().replaced_claims(kind, load_id)
        return self.told.setdefault(load_id, found)


class ReplacesWithoutPolygons(Broken):
    def replaced_claims(self, kind: EntityKind, load_id: int) -> list[ReplacedClaim]:
        found = super().replaced_claims(kind, load_id)
        if kind != "territory":
            return found
        return [replace(item, before=replace(item.before, geometry=None)) for item in found]


# --- reads ----------------------------------------------------------------------------
class BornWithContent(Broken):
    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.apply(many(1))


class MakesDatesExact(Broken):
    def structures(self, query: StructureQuery = StructureQuery()) -> list[Structure]:  # noqa: B008
        return [
            replace(item, opened=item.opened and PartialDate(earliest(item.opened).isoformat()))
            for item in super().structures(query)
        ]


class ForgetsOnClose(Broken):
    def close(self) -> None:
        super().close()
        self.path.unlink(missing_ok=True)


class KeepsOneClaim(Broken):
    def claims(self, kind: EntityKind, ids: Sequence[str]) -> list[StoredClaim]:
        found = {item.claim.id: item for item in super().claims(kind, ids)}
        return list(found.values())


class SortsClaims(Broken):
    def claims(self, kind: EntityKind, ids: Sequence[str]) -> list[StoredClaim]:
        return super().claims(kind, sorted(ids))


class KeepsFirstSourceRecord(Broken):
    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        known = {record.id: record for record in self.sources()}
        kept = tuple(known.get(record.id, record) for record in batch.sources)
        return super().apply(replace(batch, sources=kept), **options)


class KeepsSourcesForever(Broken):
    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.seen: dict[str, SourceRecord] = {}

    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        self.seen |= {record.id: record for record in batch.sources}
        return super().apply(batch, **options)

    def sources(self) -> list[SourceRecord]:
        return sorted(self.seen.values(), key=lambda record: record.id)


class KeepsLastSourcesOnly(KeepsSourcesForever):
    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        self.seen.clear()
        return super().apply(batch, **options)


class IgnoresKinds(Broken):
    def structures(self, query: StructureQuery = StructureQuery()) -> list[Structure]:  # noqa: B008
        return super().structures(replace(query, kinds=frozenset()))


class ReadsDatesAsTheirFirstDay(Broken):
    def structures(self, query: StructureQuery = StructureQuery()) -> list[Structure]:  # noqa: B008
        found = super().structures(query)
        if query.open_on is None:
            return found
        return [item for item in found if not item.closed or earliest(item.closed) >= query.open_on]


class TakesTerritoriesForATree(Broken):
    def structures(self, query: StructureQuery = StructureQuery()) -> list[Structure]:  # noqa: B008
        refs = query.territories
        for _ in range(3):
            inside = self.territories(TerritoryQuery(parents=refs)) if refs else []
            refs = refs | {item.id for item in inside}
        return super().structures(replace(query, territories=refs))


class IgnoresParents(Broken):
    def territories(self, query: TerritoryQuery) -> list[Territory]:
        return super().territories(replace(query, parents=frozenset()))


class AlwaysReadsGeometry(Broken):
    def territories(self, query: TerritoryQuery) -> list[Territory]:
        return super().territories(replace(query, geometry=True))


class ReturnsAllCooperations(Broken):
    def cooperations(self, ids: frozenset[str] = frozenset()) -> list[Cooperation]:
        return super().cooperations(frozenset())


class ReversesMemberships(Broken):
    def memberships(self) -> list[Membership]:
        return super().memberships()[::-1]


class CountsNothingBySource(Broken):
    def status(self) -> StoreStatus:
        status = super().status()
        counted = [replace(item, structures=0) for item in status.sources]
        return replace(status, sources=counted)


class CountsStructuresAsRevision(Broken):
    def revision(self) -> int:
        return len(self.structures())


# --- search ---------------------------------------------------------------------------
class MindsAccents(Broken):
    def search(self, words: str, limit: int = 50) -> list[Hit]:
        found = super().search(words, limit)
        return [hit for hit in found if all(word in hit.name for word in words.split())]


class HidesSources(Broken):
    def search(self, words: str, limit: int = 50) -> list[Hit]:
        return [replace(hit, sources=()) for hit in super().search(words, limit)]


class FindsInOrderOfId(Broken):
    def search(self, words: str, limit: int = 50) -> list[Hit]:
        return sorted(super().search(words, 1000), key=lambda hit: hit.id)[:limit]


class RemembersSearches(Broken):
    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.found: dict[str, list[Hit]] = {}

    def search(self, words: str, limit: int = 50) -> list[Hit]:
        return self.found.setdefault(words, super().search(words, limit))


class SearchesNamesOnly(Broken):
    def search(self, words: str, limit: int = 50) -> list[Hit]:
        found = super().search(words, limit)
        return [hit for hit in found if words.split(maxsplit=1)[0] in hit.name.casefold()]


# --- sharing --------------------------------------------------------------------------
class LosesLoadsWhenBusy(Broken):
    def apply(self, batch: LoadBatch, **options: Any) -> LoadOutcome:
        try:
            return super().apply(batch, **options)
        except StoreBusy:
            return super().apply(batch, dry_run=True)


class BelongsToOneThread(Broken):
    def __init__(self, url: str) -> None:
        super().__init__(url)
        owner, borrow = threading.get_ident(), self._pool._borrow

        def checked() -> sqlite3.Connection:
            if threading.get_ident() != owner:
                raise sqlite3.ProgrammingError(
                    "SQLite objects belong to the thread they are made in"
                )
            return borrow()

        self._pool._borrow = checked  # type: ignore[method-assign]


class NeverCloses(Broken):
    def close(self) -> None:
        return
