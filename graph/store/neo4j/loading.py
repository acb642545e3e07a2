"""One load or its undoing, inside one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph.store.neo4j import claims, journal, sources
from graph.store.neo4j.claims import Difference, Place, Written
from graph.store.neo4j.journal import Taken
from graph.store.neo4j.materialise import Load, Tell, Touched, materialise
from graph.store.neo4j.server import Cypher, in_batches
from graph.store.neo4j.things import digest_text
from graph.store.port import LoadBatch, LoadOutcome, Progress
from graph.store.rules import check_claims, check_removals
from graph.store.encoding import Incoming

POLYGONS = """
UNWIND $rows AS r
MERGE (g:Geometry {digest: r[0]})
ON CREATE SET g.wkb = r[1]
"""


def compared(cypher: Cypher, batch: LoadBatch, incoming: Incoming) -> Difference:
    """Check a batch and return what it would change."""
    check_claims(batch, incoming.groups, sources.source_records(cypher))
    return claims.compare(cypher, batch, incoming)


def apply(
    cypher: Cypher,
    token: str,
    batch: LoadBatch,
    incoming: Incoming,
    tell: Progress,
    *,
    allow_removals: bool,
) -> LoadOutcome:
    """Apply `batch`; nobody else loads meanwhile."""
    taken = journal.lock(cypher, token)
    found = compared(cypher, batch, incoming)
    if not allow_removals:
        check_removals(batch, found.held, found.removed_by_kind())
    return _write(cypher, taken, batch, incoming.polygons, found, incoming, tell)


def _write(
    cypher: Cypher,
    taken: Taken,
    batch: LoadBatch,
    polygons: Mapping[bytes, bytes],
    found: Difference,
    incoming: Incoming,
    tell: Progress,
) -> LoadOutcome:
    number = taken.number
    outcome = claims.outcome(batch, incoming, found, number)
    tell("progress.store.writing", 0, len(batch.claims))
    known = set(sources.source_records(cypher))
    changed = set(sources.write_sources(cypher, batch, number))
    touched = replace_claims(cypher, batch.series, number, found)
    write_polygons(cypher, polygons, [*found.added, *found.updated, *found.moved])
    load = Load(
        cypher,
        batch.series,
        number,
        sources.source_records(cypher),
        Tell(lambda done, total: tell("progress.store.resolving", done, total), touched.count()),
    )
    if not found.is_empty() or changed:
        materialise(load, touched, changed & known)
    dropped = sources.drop_sources(cypher, batch, number)
    something = bool(changed or dropped) or not found.is_empty()
    if dropped - changed:
        again = Touched()
        materialise(load_with(load, cypher), again, dropped & known)
    sources.show_sources(cypher, changed | dropped)
    journal.record_load(cypher, batch, taken, outcome, changed=something)
    if something:
        forgotten = journal.prune_history(cypher, batch.series)
        if forgotten or found.updated or found.removed:
            journal.drop_unused_polygons(cypher)
    journal.unlock(cypher, number, changed=something)
    return outcome


def load_with(load: Load, cypher: Cypher) -> Load:
    """Return the load with the sources as they are described now."""
    return Load(cypher, load.series, load.number, sources.source_records(cypher), load.tell)


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
