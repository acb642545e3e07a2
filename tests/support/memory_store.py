"""A store in plain dictionaries: slow, simple, the oracle that real stores are compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from datetime import UTC, datetime
from typing import Self, TypeVar

import msgspec

from graph.dates import earliest, latest
from graph.errors import ConfirmationNeeded, StoreError
from graph.identifiers import fold
from graph.model import (
    AnyClaim,
    Cooperation,
    Entity,
    EntityKind,
    Membership,
    SourceRecord,
    Structure,
    Territory,
    entity_kind,
)
from graph.resolve import ordered, resolve
from graph.store.port import (
    CooperationQuery,
    EgoQuery,
    Hit,
    LoadBatch,
    LoadOutcome,
    LoadRecord,
    Neighbourhood,
    Path,
    PathQuery,
    Progress,
    ReplacedClaim,
    SourceStatus,
    StateItem,
    StoredClaim,
    StoreStatus,
    StructureQuery,
    TerritoryQuery,
)
from graph.store.rules import KEPT_LOADS
from tests.support import memory_walking
from tests.support.memory_moving import Key, Loaded, Series, Sources, State, dumped, rebuilt

Change = dict[str, list[Key]]
T = TypeVar("T")

FIELDS: dict[EntityKind, str] = {
    "structure": "structures",
    "cooperation": "cooperations",
    "membership": "memberships",
    "territory": "territories",
}


class MemoryStore:
    """See :class:`graph.store.port.GraphStore`; it ends with the process."""

    url = "memory:"

    def __init__(self) -> None:
        self._claims: dict[str, Series] = {}
        self._sources: dict[str, Sources] = {}
        self._loads: list[Loaded] = []
        self._revision = 0

    def apply(
        self,
        batch: LoadBatch,
        *,
        allow_removals: bool = False,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> LoadOutcome:
        held = self._claims.get(batch.series, {})
        stated = {(entity_kind(claim), claim.id, claim.source): claim for claim in batch.claims}
        change = _change(held, stated, batch.parts)
        number = None if dry_run else len(self._loads) + 1
        outcome = LoadOutcome(
            load_id=number,
            series=batch.series,
            **{name: len(keys) for name, keys in change.items()},
            unchanged=len(held.keys() & stated.keys()) - len(change["updated"]),
            **_spoken(stated),
            samples=_samples(change),
        )
        if dry_run or number is None:
            return outcome
        _guard(batch, held, change["removed"], allowed=allow_removals)
        self._record(batch, outcome, number)
        before = self._state(batch.series)
        self._claims[batch.series] = {
            key: item for key, item in held.items() if key not in change["removed"]
        } | {
            key: StoredClaim(claim=claim, series=batch.series, load_id=number)
            for key, claim in stated.items()
            if key not in held or held[key].claim != claim
        }
        self._keep_sources(batch, number)
        changed = before != self._state(batch.series)
        last = self._loads[-1]
        last.record = msgspec.structs.replace(last.record, changed=changed)
        self._revision += changed
        self._prune(batch.series, changed=changed)
        return outcome

    def _prune(self, series: str, *, changed: bool) -> None:
        kept = [
            item
            for item in self._loads
            if item.record.series == series and item.record.changed and item.keeps_before()
        ]
        for item in kept[:-KEPT_LOADS] if changed else ():
            item.undoable = False

    def _record(self, batch: LoadBatch, outcome: LoadOutcome, number: int) -> None:
        record = LoadRecord(
            id=number,
            loader=batch.loader,
            series=batch.series,
            loaded_at=datetime.now(UTC),
            file=batch.file,
            checksum=batch.checksum,
            report=batch.report,
            outcome=outcome,
        )
        self._loads.append(Loaded(record, *self._state(batch.series), batch.parts))

    def _state(self, series: str) -> tuple[Series, Sources]:
        return dict(self._claims.get(series, {})), dict(self._sources.get(series, {}))

    def _keep_sources(self, batch: LoadBatch, number: int) -> None:
        held = self._sources.get(batch.series, {})
        cited = {source for _, _, source in self._claims[batch.series]}
        kept = {ident: item for ident, item in held.items() if ident in cited}
        for source in batch.sources:
            same = source.id in held and held[source.id][1] == source
            kept[source.id] = held[source.id] if same else (number, source)
        self._sources[batch.series] = kept

    def undo(self, loader: str) -> LoadOutcome:
        standing = [item for item in self._loads if not item.record.undone]
        changed = [item for item in standing if item.record.changed]
        own = [item for item in changed if item.record.loader == loader]
        if not own:
            raise StoreError("store.nothing_to_undo", loader=loader)
        last = own[-1]
        if not last.undoable:
            raise StoreError("store.undo_too_old", loader=loader, load=last.record.id)
        series = last.record.series
        after = [
            item
            for item in standing
            if item.record.series == series and item.record.id >= last.record.id
        ]
        for item in after:
            if item is not last and item.record.changed:
                later = item.record.loader
                raise StoreError("store.undo_later", loader=loader, later=later, series=series)
        before = self._state(series)
        change = _change(
            self._claims[series], {key: item.claim for key, item in last.claims.items()}, None
        )
        moved = [key for key, item in last.claims.items() if self._claims[series].get(key) != item]
        self._claims[series], self._sources[series] = last.claims, last.sources
        for item in after:
            item.record = msgspec.structs.replace(item.record, undone=True)
        self._revision += before != self._state(series)
        touched = dict.fromkeys([*moved, *change["removed"]])
        return LoadOutcome(
            load_id=last.record.id,
            series=series,
            **{name: len(keys) for name, keys in change.items()},
            **_spoken(touched),
            samples=_samples(change),
        )

    def structures(self, query: StructureQuery | None = None) -> list[Structure]:
        query = query or StructureQuery()
        communes = self._communes(query.territories)
        return [
            item
            for item in self._things("structure", Structure)
            if (not query.ids or item.id in query.ids)
            and (not query.kinds or item.kind in query.kinds)
            and (not query.levels or item.level in query.levels)
            and (not query.territories or item.commune in communes)
            and (not query.legal_entities or item.legal_entity in query.legal_entities)
            and (query.open_on is None or _is_open(item, query))
        ]

    def _communes(self, refs: Iterable[str]) -> set[str]:
        wanted = set(refs)
        territories = self._things("territory", Territory)
        members = {ref for item in territories if item.id in wanted for ref in item.members}
        wanted |= members
        named = {ref.removeprefix("commune:") for ref in wanted if ref.startswith("commune:")}
        return named | {
            item.code
            for item in territories
            if item.level == "commune" and wanted & set(item.parents)
        }

    def cooperations(self, ids: frozenset[str] = frozenset()) -> list[Cooperation]:
        everything = self._things("cooperation", Cooperation)
        return [item for item in everything if not ids or item.id in ids]

    def select_cooperations(self, query: CooperationQuery) -> list[Cooperation]:
        return memory_walking.selected(self, query)

    def structure_counts(self, query: StructureQuery | None = None) -> dict[str, int]:
        counts = Counter(item.kind or "unknown" for item in self.structures(query))
        return dict(sorted(counts.items()))

    def neighbourhood(self, query: EgoQuery) -> Neighbourhood:
        return memory_walking.neighbourhood(self, query)

    def paths(self, query: PathQuery) -> list[Path]:
        return memory_walking.paths(self, query)

    def memberships(self) -> list[Membership]:
        return self._things("membership", Membership)

    def territories(self, query: TerritoryQuery) -> list[Territory]:
        found = [
            item
            for item in self._things("territory", Territory)
            if (not query.ids or item.id in query.ids)
            and (not query.levels or item.level in query.levels)
            and (not query.codes or item.code in query.codes)
            and (not query.parents or query.parents & set(item.parents))
        ]
        if query.geometry:
            return found
        return [msgspec.structs.replace(item, geometry=None) for item in found]

    def claims(self, kind: EntityKind, ids: Sequence[str]) -> list[StoredClaim]:
        return [item for ident in dict.fromkeys(ids) for item in self._about(kind, ident)]

    def _about(self, kind: EntityKind, ident: str) -> list[StoredClaim]:
        found = [
            item
            for _, claims in sorted(self._claims.items())
            for key, item in claims.items()
            if key[:2] == (kind, ident)
        ]
        sources = self._records()
        ranked = ordered((item.claim, sources[item.claim.source]) for item in found)
        return [item for claim, _ in ranked for item in found if item.claim is claim]

    def _things(self, kind: EntityKind, record: type[T]) -> list[T]:
        about: dict[str, list[AnyClaim]] = {}
        for _, claims in sorted(self._claims.items()):
            for (stated, ident, _), item in claims.items():
                if stated == kind:
                    about.setdefault(ident, []).append(item.claim)
        sources = self._records()
        things: list[Entity] = [
            resolve(kind, [(claim, sources[claim.source]) for claim in claims])
            for _, claims in sorted(about.items())
        ]
        return [thing for thing in things if isinstance(thing, record)]

    def replaced_claims(self, kind: EntityKind, load_id: int) -> list[ReplacedClaim]:
        load = self._loads[load_id - 1] if 0 < load_id <= len(self._loads) else None
        if load is None or not load.keeps_before():
            return []
        claims, sources = self._everything().after(load)
        found = []
        for key, held in sorted(load.claims.items()):
            now = claims.get(key)
            if key[0] == kind and (now is None or _statement(now.claim) != _statement(held.claim)):
                found.append(
                    ReplacedClaim(
                        before=held.claim,
                        before_source=_record(load.sources, key[2]),
                        after=now.claim if now else None,
                        after_source=_record(sources, key[2]),
                    )
                )
        return found

    def search(self, words: str, limit: int = 50) -> list[Hit]:
        asked = fold(words).split()
        communes = {
            item.code: item.name or ""
            for item in self._things("territory", Territory)
            if item.level == "commune"
        }
        found = []
        for item in self._things("structure", Structure):
            names = (item.name or "", *item.other_names, item.id, communes.get(item.commune or ""))
            known = fold(" ".join(name or "" for name in names)).split()
            if asked and all(any(word.startswith(part) for word in known) for part in asked):
                found.append(item)
        return [
            Hit(
                id=item.id,
                name=item.name or item.id,
                kind=item.kind,
                commune=item.commune,
                sources=item.sources,
            )
            for item in found[:limit]
        ]

    def _records(self) -> dict[str, SourceRecord]:
        stated = [item for sources in self._sources.values() for item in sources.values()]
        stated.sort(key=lambda item: item[0])
        return {record.id: record for _, record in stated}

    def sources(self) -> list[SourceRecord]:
        return [record for _, record in sorted(self._records().items())]

    def loads(self) -> list[LoadRecord]:
        return [item.record for item in reversed(self._loads)]

    def scopes(self) -> dict[int, frozenset[str] | None]:
        return {item.record.id: item.parts for item in self._loads}

    def status(self) -> StoreStatus:
        structures = Counter(item.kind or "unknown" for item in self.structures())
        territories = Counter(item.level for item in self._things("territory", Territory))
        return StoreStatus(
            store=self.url,
            structures=dict(sorted(structures.items())),
            cooperations=len(self.cooperations()),
            memberships=len(self.memberships()),
            territories=dict(sorted(territories.items())),
            sources=[
                SourceStatus(
                    source=record,
                    structures=self._spoken_by(record.id, "structure"),
                    cooperations=self._spoken_by(record.id, "cooperation"),
                )
                for record in self.sources()
            ],
        )

    def _spoken_by(self, source: str, kind: EntityKind) -> int:
        keys = {key for claims in self._claims.values() for key in claims}
        return len({ident for stated, ident, by in keys if (stated, by) == (kind, source)})

    def revision(self) -> int:
        return self._revision

    def _everything(self) -> State:
        return State(self._claims, self._sources, self._loads)

    @classmethod
    def of(cls, items: Iterable[StateItem]) -> Self:
        """Return a store of what another one dumped."""
        store = cls()
        store.restore(items)
        return store

    def dump(self) -> Generator[StateItem, None, None]:
        yield from list(dumped(self._everything()))

    def restore(
        self,
        items: Iterable[StateItem],
        *,
        replace: bool = False,
        progress: Progress | None = None,
    ) -> None:
        if self._loads and not replace:
            raise ConfirmationNeeded("store.not_empty", store=self.url, n=len(self._loads))
        state = rebuilt(items)
        self._claims, self._sources, self._loads = state.claims, state.sources, state.loads
        self._revision += 1

    def close(self) -> None:
        return


def _record(sources: Sources, ident: str) -> SourceRecord | None:
    return sources[ident][1] if ident in sources else None


def _change(held: Series, stated: dict[Key, AnyClaim], parts: frozenset[str] | None) -> Change:
    return {
        "added": [key for key in stated if key not in held],
        "updated": [
            key
            for key, claim in stated.items()
            if key in held and _statement(held[key].claim) != _statement(claim)
        ],
        "removed": [
            key
            for key, item in held.items()
            if key not in stated and (parts is None or item.claim.part in parts)
        ],
    }


def _statement(claim: AnyClaim) -> AnyClaim:
    return msgspec.structs.replace(claim, locator="", part="")


def _guard(batch: LoadBatch, held: Series, removed: list[Key], *, allowed: bool) -> None:
    register = any(kind == "cooperation" for kind, _, _ in held)
    rows = [key for key in held if not register or key[0] == "cooperation"]
    gone = [key for key in removed if key in rows]
    if batch.guarded and not allowed and len(gone) * 10 > len(rows):
        raise ConfirmationNeeded(
            "removals", n=len(gone), total=len(rows), share=0, series=batch.series
        )


def _spoken(keys: Iterable[Key]) -> dict[str, int]:
    things = {(kind, ident) for kind, ident, _ in keys}
    return {field: sum(kind == of for of, _ in things) for kind, field in FIELDS.items()}


def _samples(change: Change) -> dict[str, list[str]]:
    ids = {name: sorted({ident for _, ident, _ in keys})[:200] for name, keys in change.items()}
    return {name: found for name, found in ids.items() if found}


def _is_open(item: Structure, query: StructureQuery) -> bool:
    day = query.open_on
    if day is None:
        return True
    not_yet = item.opened is not None and earliest(item.opened) > day
    no_more = item.closed is not None and latest(item.closed) < day
    return not not_yet and not no_more
