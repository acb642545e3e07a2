"""What the store in plain dictionaries holds, given out and taken in as the port says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

import msgspec

from graph.model import EntityKind, SourceRecord, entity_kind
from graph.store.port import (
    ClaimState,
    LoadRecord,
    LoadState,
    SourceState,
    StateItem,
    StoredClaim,
)

KINDS: tuple[EntityKind, ...] = ("structure", "cooperation", "membership", "territory")

Key = tuple[EntityKind, str, str]
"""Kind, id and source of a claim of a series."""
Series = dict[Key, StoredClaim]
Sources = dict[str, tuple[int, SourceRecord]]


class Loaded(msgspec.Struct):
    """A recorded load and the state of its series before it."""

    record: LoadRecord
    claims: Series
    sources: Sources
    parts: frozenset[str] | None = None
    undoable: bool = True

    def keeps_before(self) -> bool:
        return self.undoable and not self.record.undone


class State(msgspec.Struct):
    """All that the store holds: claims and sources by series, loads by number."""

    claims: dict[str, Series] = {}
    sources: dict[str, Sources] = {}
    loads: list[Loaded] = []

    def after(self, load: Loaded) -> tuple[Series, Sources]:
        """Return the state of the series of `load` after it."""
        series = load.record.series
        later = [
            item
            for item in self.loads
            if item.record.series == series and item.record.id > load.record.id
        ]
        if later:
            return later[0].claims, later[0].sources
        return self.claims.get(series, {}), self.sources.get(series, {})


def dumped(state: State) -> Iterator[StateItem]:
    for item in state.loads:
        yield LoadState(record=item.record, parts=item.parts, undoable=item.undoable)
    yield from sorted(_sources(state), key=_source_order)
    yield from sorted(_claims(state), key=_claim_order)


def _sources(state: State) -> Iterator[SourceState]:
    for series, sources in state.sources.items():
        for ident, (load, record) in sources.items():
            yield SourceState(id=ident, series=series, source=record, load_id=load)
    for load in state.loads:
        now = state.after(load)[1]
        for ident in load.sources.keys() | now.keys() if load.keeps_before() else ():
            number, record = load.sources.get(ident, (None, None))
            if now.get(ident) != load.sources.get(ident):
                yield SourceState(
                    id=ident,
                    series=load.record.series,
                    source=record,
                    load_id=number,
                    replaced_by=load.record.id,
                )


def _claims(state: State) -> Iterator[ClaimState]:
    for item in chain.from_iterable(series.values() for series in state.claims.values()):
        yield ClaimState(claim=item.claim, series=item.series, load_id=item.load_id)
    for load in state.loads:
        now = state.after(load)[0]
        for key, item in load.claims.items() if load.keeps_before() else ():
            if now.get(key) != item:
                yield ClaimState(
                    claim=item.claim,
                    series=item.series,
                    load_id=item.load_id,
                    replaced_by=load.record.id,
                )


def _source_order(item: SourceState) -> tuple[int, str, str]:
    return item.replaced_by or 0, item.id, item.series


def _claim_order(item: ClaimState) -> tuple[int, int, str, str, str]:
    kind = KINDS.index(entity_kind(item.claim))
    return item.replaced_by or 0, kind, item.claim.id, item.series, item.claim.source


def rebuilt(items: Iterable[StateItem]) -> State:
    """Return the state that `items` describe; each load's state before it is worked out."""
    state = State()
    claims_before: dict[int, Series] = {}
    sources_before: dict[int, dict[str, tuple[int, SourceRecord] | None]] = {}
    for item in items:
        if isinstance(item, LoadState):
            state.loads.append(Loaded(item.record, {}, {}, item.parts, item.undoable))
        elif isinstance(item, SourceState):
            pair = None if item.source is None else (item.load_id or 0, item.source)
            if item.replaced_by:
                sources_before.setdefault(item.replaced_by, {})[item.id] = pair
            elif pair:
                state.sources.setdefault(item.series, {})[item.id] = pair
        else:
            stored = StoredClaim(claim=item.claim, series=item.series, load_id=item.load_id)
            home = (
                claims_before.setdefault(item.replaced_by, {})
                if item.replaced_by
                else state.claims.setdefault(item.series, {})
            )
            home[entity_kind(item.claim), item.claim.id, item.claim.source] = stored
    for load in reversed(state.loads):
        claims, sources = state.after(load)
        number = load.record.id
        if load.keeps_before():
            known = sources | sources_before.get(number, {})
            load.sources = {ident: pair for ident, pair in known.items() if pair is not None}
            left = {key: item for key, item in claims.items() if item.load_id != number}
            load.claims = left | claims_before.get(number, {})
        else:
            load.claims, load.sources = claims, sources
    return state
