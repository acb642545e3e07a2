"""What every store applies alike: checks of a batch, its scope, the guard, order, what is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import groupby, islice

from graph.dates import earliest, latest
from graph.errors import ConfirmationNeeded, StoreError
from graph.model import EntityKind, SourceRecord, Structure
from graph.resolve import ordered
from graph.store.port import REMOVALS_SHARE, LoadBatch, LoadOutcome, StoredClaim

SAMPLES_KEPT = 200
"""How many ids a preview lists for each kind of change."""

KEPT_LOADS = 5
"""How many loads of a series can be undone, the latest first."""

COUNTED: dict[EntityKind, str] = {
    "structure": "structures",
    "cooperation": "cooperations",
    "membership": "memberships",
    "territory": "territories",
}


Groups = Mapping[tuple[EntityKind, str], Collection[str]]
"""Ids that a batch speaks of, by kind and source."""


def check_claims(batch: LoadBatch, groups: Groups, known_sources: Collection[str]) -> None:
    """Refuse a batch that is not sound: a claim twice, or of a source that nobody describes.

    Raises
    ------
    StoreError
        The loader is at fault; nothing was changed.
    """
    described = {source.id for source in batch.sources}.union(known_sources)
    if unknown := {source for _, source in groups} - described:
        raise StoreError("store.source_unknown", source=min(unknown), series=batch.series)
    if sum(map(len, groups.values())) < len(batch.claims):
        keys = Counter((type(claim), claim.id, claim.source) for claim in batch.claims)
        (_, ident, source), _ = keys.most_common(1)[0]
        raise StoreError("store.duplicate_claim", id=ident, source=source, series=batch.series)


def in_scope(part: str, parts: frozenset[str] | None) -> bool:
    """Tell whether a batch that speaks of `parts` may remove a row of `part`."""
    return parts is None or part in parts


def check_removals(
    batch: LoadBatch, held: Mapping[EntityKind, int], removed: Mapping[EntityKind, int]
) -> None:
    """Ask before a guarded batch removes more than the allowed share of its series' rows.

    The rows of a register are its agreements; where a series holds none, every claim is a row.

    Raises
    ------
    ConfirmationNeeded
        The load is allowed once confirmed.
    """
    if not batch.guarded:
        return
    kinds = ("cooperation",) if held.get("cooperation") else tuple(COUNTED)
    gone = sum(removed.get(kind, 0) for kind in kinds)
    total = sum(held.get(kind, 0) for kind in kinds)
    if gone > REMOVALS_SHARE * total:
        share = round(100 * gone / total)
        raise ConfirmationNeeded(
            "removals", n=gone, removed=gone, total=total, share=share, series=batch.series
        )


def outcome_of(
    batch: LoadBatch,
    groups: Groups,
    changes: Mapping[str, Sequence[str]],
    unchanged: int,
    load_id: int | None,
) -> LoadOutcome:
    """Return the outcome of a load: `changes` holds the ids added, updated and removed."""
    return LoadOutcome(
        load_id=load_id,
        series=batch.series,
        **{change: len(ids) for change, ids in changes.items()},
        unchanged=unchanged,
        **spoken_of(groups),
        samples=samples(changes),
    )


def spoken_of(groups: Groups) -> dict[str, int]:
    """Return how many things of each kind a batch speaks of."""
    things: dict[EntityKind, set[str]] = {}
    for (kind, _), ids in groups.items():
        things.setdefault(kind, set()).update(ids)
    return {COUNTED[kind]: len(ids) for kind, ids in things.items()}


def samples(ids: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the first ids of each kind of change, sorted, each once."""
    # Most often they come sorted: going through them once more is then all that sorting takes.
    return {
        change: [ident for ident, _ in islice(groupby(sorted(values)), SAMPLES_KEPT)]
        for change, values in ids.items()
        if values
    }


def in_precedence(
    claims: Sequence[StoredClaim], sources: Mapping[str, SourceRecord]
) -> list[StoredClaim]:
    """Return claims about one thing, the one believed first at the head."""
    rows = {id(item.claim): item for item in claims}
    pairs = [(item.claim, sources[item.claim.source]) for item in claims]
    return [rows[id(claim)] for claim, _ in ordered(pairs)]


def may_be_open(item: Structure, day: date) -> bool:
    """Tell whether a structure is neither closed before `day` for sure, nor opened after it."""
    return not (item.opened and earliest(item.opened) > day) and not (
        item.closed and latest(item.closed) < day
    )
