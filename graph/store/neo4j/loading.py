"""One load or its undoing, inside one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph.store.encoding import Incoming
from graph.store.neo4j import claims, journal, sources
from graph.store.neo4j.claims import Difference, Place, Written
from graph.store.neo4j.journal import LoadToUndo, Taken
from graph.store.neo4j.labels import split_entity
from graph.store.neo4j.materialise import Load, Tell, Touched, materialise
from graph.store.neo4j.server import Cypher, in_batches
from graph.store.neo4j.things import digest_text
from graph.store.port import LoadBatch, LoadOutcome, Progress
from graph.store.rules import COUNTED, check_claims, check_removals, samples

POLYGONS = """
UNWIND $rows AS r
MERGE (g:Geometry {digest: r[0]})
ON CREATE SET g.wkb = r[1]
"""


def compared(cypher: Cypher, batch: LoadBatch, incoming: Incoming, load: int) -> Difference:
    """Check a batch and return what it would change."""
    check_claims(batch, incoming.groups, sources.source_records(cypher))
    return claims.compare(cypher, batch, incoming, load)


def preview(cypher: Cypher, batch: LoadBatch, incoming: Incoming) -> LoadOutcome:
    """Return what `batch` would change."""
    return claims.outcome(batch, incoming, compared(cypher, batch, incoming, 0), None)


def apply(
    cypher: Cypher,
    taken: Taken,
    batch: LoadBatch,
    incoming: Incoming,
    tell: Progress,
    *,
    allow_removals: bool,
) -> LoadOutcome:
    """Apply `batch`; nobody else loads meanwhile."""
    found = compared(cypher, batch, incoming, taken.number)
    if not allow_removals:
        check_removals(batch, found.held, found.removed_by_kind())
    outcome = claims.outcome(batch, incoming, found, taken.number)
    tell("progress.store.writing", 0, len(batch.claims))
    changed = _write(cypher, batch, incoming, found, taken.number, tell)
    journal.record_load(cypher, batch, taken, outcome, changed=changed)
    if changed and journal.prune_history(cypher, batch.series) | found.replaces_territories():
        journal.drop_unused_polygons(cypher)
    journal.unlock(cypher, taken.number, changed=changed)
    return outcome


def _write(
    cypher: Cypher,
    batch: LoadBatch,
    incoming: Incoming,
    found: Difference,
    number: int,
    tell: Progress,
) -> bool:
    """Write claims, sources and what people see; tell whether anything changed."""
    known = set(sources.source_records(cypher))
    changed = sources.write_sources(cypher, batch, number)
    touched = replace_claims(cypher, batch.series, number, found)
    write_polygons(cypher, incoming.polygons, [*found.added, *found.updated, *found.moved])
    if not found.is_empty() or changed:
        materialise(_load(cypher, tell, touched), touched, changed & known)
    dropped = sources.drop_sources(cypher, batch, number)
    if dropped - changed:
        # Another series may describe such a source otherwise: its rank changes.
        again = Touched()
        materialise(_load(cypher, tell, again), again, dropped & known)
    sources.show_sources(cypher, changed | dropped)
    return bool(changed or dropped) or not found.is_empty()


def _load(cypher: Cypher, tell: Progress, touched: Touched) -> Load:
    counted = Tell(
        lambda done, total: tell("progress.store.resolving", done, total), touched.count()
    )
    return Load(cypher, sources.source_records(cypher), counted)


def undo(cypher: Cypher, taken: Taken, loader: str) -> LoadOutcome:
    """Put back the claims and sources of before the last load of `loader` that changed any."""
    load = journal.load_to_undo(cypher, loader)
    touched, changes = restore_claims(cypher, load)
    before = sources.replaced_by(cypher, load.id)
    sources.restore_sources(cypher, load.series, before)
    restored = {ident for ident, _, _ in before}
    changed = touched.count() > 0 or bool(restored)
    outcome = LoadOutcome(
        load_id=load.id,
        series=load.series,
        **{change: len(ids) for change, ids in changes.items()},
        **{COUNTED[kind]: len(things) for kind, things in touched.things.items()},
        samples=samples(changes),
    )
    if changed:
        materialise(_load(cypher, untold, touched), touched, restored)
        sources.show_sources(cypher, restored)
    journal.mark_undone(cypher, load)
    if changed:
        journal.drop_unused_polygons(cypher)
    journal.unlock(cypher, taken.number - 1, changed=changed)
    return outcome


def restore_claims(cypher: Cypher, load: LoadToUndo) -> tuple[Touched, dict[str, list[str]]]:
    """Remove what a load wrote, and note what it replaced as to be written."""
    changes: dict[str, list[str]] = {"added": [], "updated": [], "removed": []}
    before = {Place(item.ref, item.claim.source): item for item in claims.replaced(cypher, load)}
    after = claims.stated_by_load(cypher, load)
    for place, stated in after.items():
        old = before.get(place)
        if old is None:
            changes["removed"].append(split_entity(place.ref)[1])
        elif old.stated != stated:
            changes["updated"].append(old.claim.id)
    changes["added"] = [item.claim.id for place, item in before.items() if place not in after]
    claims.remove(cypher, after, load.series)
    touched = Touched()
    touched.state(before.values())
    touched.forget(place.ref for place in after)
    return touched, changes


def untold(stage: str, done: int, total: int | None) -> None:
    """Tell nobody."""


def replace_claims(cypher: Cypher, series: str, number: int, found: Difference) -> Touched:
    """Keep and remove what is replaced; return what has to be written."""
    changed = [*found.updated, *found.moved]
    places = [Place(item.ref, item.claim.source) for item in changed] + found.removed
    claims.keep(cypher, places, series, number)
    claims.remove(cypher, places, series)
    touched = Touched()
    touched.state(found.added)
    touched.state(changed)
    touched.forget(place.ref for place in found.removed)
    return touched


def write_polygons(
    cypher: Cypher, polygons: Mapping[bytes, bytes], stated: Iterable[Written]
) -> None:
    """Keep the polygons of claims that are added or changed."""
    digests = {
        digest: None
        for item in stated
        if item.kind == "territory"
        for digest in [getattr(item.claim, "geometry", None)]
        if digest is not None
    }
    rows = ([digest_text(digest), polygons[digest]] for digest in digests)
    in_batches(cypher, POLYGONS, rows)
