"""The SQLite store: a file on a local disk, no server, no administrator rights."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path as FilePath

from graph.model import (
    Cooperation,
    EntityKind,
    Membership,
    SourceRecord,
    Structure,
    Territory,
)
from graph.store.encoding import CODES, Incoming, arrange
from graph.store.port import (
    UNSTATED,
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
    StateItem,
    StoredClaim,
    StoreStatus,
    StructureQuery,
    TerritoryQuery,
)
from graph.store.rules import check_claims, check_removals
from graph.store.sqlite import (
    history,
    journal,
    reader,
    schema,
    search,
    ties,
    transfer,
    undo,
    writer,
)
from graph.store.sqlite.compare import Difference, compare, outcome
from graph.store.sqlite.connections import WAIT_SECONDS, Pool, translated
from graph.store.sqlite.keys import Keys
from graph.store.sqlite.location import check_local, make_folder
from graph.store.sqlite.materialise import drop_orphan_polygons, materialise
from graph.store.sqlite.resolver import source_records

NO_STRUCTURE_QUERY = StructureQuery()
_FILE_REVISIONS = 1_000_000_000
"""More than the changes that one file ever counts."""


class SqliteStore:
    """A network kept in one SQLite file (see :class:`graph.store.port.GraphStore`).

    Parameters
    ----------
    path : str or pathlib.Path
        The file; it and its folder are made where they do not exist.
    wait : float
        Seconds to wait for another load to end.

    Raises
    ------
    StoreError
        The place is a network share or cannot be written to, or the file is no store, is
        damaged or is of a newer version. The file is left as it was.
    """

    def __init__(self, path: str | FilePath, wait: float = WAIT_SECONDS) -> None:
        check_local(str(path))
        self.path = FilePath(path).expanduser().absolute()
        self.url = f"sqlite:///{self.path.as_posix()}"
        make_folder(self.path)
        self._pool = Pool(self.path, wait)
        with translated(self.path):
            schema.check_file(self.path, wait)
            self._pool.prepare()

    def apply(
        self,
        batch: LoadBatch,
        *,
        allow_removals: bool = False,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> LoadOutcome:
        """Apply `batch` in one transaction; with `dry_run` say what it would change."""
        tell = progress or _silent
        tell("progress.store.comparing", 0, len(batch.claims))
        incoming = arrange(batch)
        if dry_run:
            with self._pool.reading() as connection:
                return outcome(batch, incoming, _compared(connection, batch, incoming), None)
        with self._pool.writing() as connection:
            found = _compared(connection, batch, incoming)
            if not allow_removals:
                check_removals(batch, found.held, found.removed_by_kind())
            return _write(connection, batch, incoming, found, tell)

    def undo(self, loader: str) -> LoadOutcome:
        """Undo the last load of `loader` that changed something and is not undone yet."""
        with self._pool.writing() as connection:
            keys = Keys(connection)
            load = undo.load_to_undo(connection, loader)
            restored = undo.undo_load(connection, keys, load)
            if restored.touched.is_empty() and not restored.sources:
                return restored.outcome
            materialise(connection, keys, restored.touched, restored.sources, _untold)
            drop_orphan_polygons(connection)
            writer.bump_revision(connection)
            return restored.outcome

    def structures(self, query: StructureQuery = NO_STRUCTURE_QUERY) -> list[Structure]:
        """Return the structures that `query` asks for, sorted by id."""
        with self._pool.reading() as connection:
            return reader.read_structures(connection, query)

    def cooperations(self, ids: frozenset[str] = frozenset()) -> list[Cooperation]:
        """Return the cooperations named (all if none is), sorted by id."""
        with self._pool.reading() as connection:
            return reader.read_cooperations(connection, ids)

    def select_cooperations(self, query: CooperationQuery) -> list[Cooperation]:
        """Return the cooperations that `query` asks for, as stated, sorted by id."""
        with self._pool.reading() as connection:
            return ties.read_selected(connection, query)

    def structure_counts(self, query: StructureQuery = NO_STRUCTURE_QUERY) -> dict[str, int]:
        """Return how many structures `query` asks for, by kind."""
        counts = Counter(item.kind or UNSTATED for item in self.structures(query))
        return dict(sorted(counts.items()))

    def neighbourhood(self, query: EgoQuery) -> Neighbourhood:
        """Return what lies around structures."""
        with self._pool.reading() as connection:
            return ties.read_neighbourhood(connection, query)

    def paths(self, query: PathQuery) -> list[Path]:
        """Return chains between two structures."""
        with self._pool.reading() as connection:
            return ties.read_paths(connection, query)

    def memberships(self) -> list[Membership]:
        """Return all memberships, sorted by id."""
        with self._pool.reading() as connection:
            return reader.read_memberships(connection)

    def territories(self, query: TerritoryQuery) -> list[Territory]:
        """Return the territories that `query` asks for, sorted by id."""
        with self._pool.reading() as connection:
            return reader.read_territories(connection, query)

    def claims(self, kind: EntityKind, ids: Sequence[str]) -> list[StoredClaim]:
        """Return every claim about the things named, in order of precedence for each."""
        with self._pool.reading() as connection:
            return reader.read_claims(connection, kind, ids)

    def replaced_claims(self, kind: EntityKind, load_id: int) -> list[ReplacedClaim]:
        """Return the claims that a load changed or removed, sorted by id and source."""
        with self._pool.reading() as connection:
            return history.read_replaced(connection, kind, load_id)

    def search(self, words: str, limit: int = 50) -> list[Hit]:
        """Return structures that hold all `words` (prefixes; accents ignored), best first."""
        with self._pool.reading() as connection:
            return search.find(connection, words, limit)

    def sources(self) -> list[SourceRecord]:
        """Return the sources of what is stored, sorted by id."""
        with self._pool.reading() as connection:
            return reader.read_sources(connection)

    def loads(self) -> list[LoadRecord]:
        """Return the recorded loads, latest first."""
        with self._pool.reading() as connection:
            return journal.read_loads(connection)

    def scopes(self) -> dict[int, frozenset[str] | None]:
        """Return the parts that each load spoke of, by its number; None is its whole series."""
        with self._pool.reading() as connection:
            return journal.read_scopes(connection)

    def status(self) -> StoreStatus:
        """Return counts by kind, level and source."""
        with self._pool.reading() as connection:
            return journal.read_status(connection, self.url)

    def revision(self) -> int:
        """Return a number that grows with every change of content (for caches).

        So it does when another file, which counts for itself, was put in the place of this one.
        """
        with self._pool.reading() as connection:
            return journal.read_revision(connection) + self._pool.generation * _FILE_REVISIONS

    def dump(self) -> Generator[StateItem, None, None]:
        """Yield all that the file keeps, as of one moment."""
        with self._pool.reading() as connection:
            yield from transfer.dump(connection)

    def restore(
        self,
        items: Iterable[StateItem],
        *,
        replace: bool = False,
        progress: Progress | None = None,
    ) -> None:
        """Write what another store dumped, in one transaction."""
        with self._pool.writing() as connection:
            if replace:
                transfer.clear(connection)
            else:
                transfer.check_empty(connection, self.url)
            transfer.restore(connection, items, progress or _silent)

    def close(self) -> None:
        """Release the file."""
        self._pool.close()


def _compared(connection: sqlite3.Connection, batch: LoadBatch, incoming: Incoming) -> Difference:
    check_claims(batch, incoming.groups, source_records(connection))
    return compare(connection, Keys(connection), batch, incoming)


def _write(
    connection: sqlite3.Connection,
    batch: LoadBatch,
    incoming: Incoming,
    found: Difference,
    tell: Progress,
) -> LoadOutcome:
    keys = Keys(connection)
    load = writer.next_load(connection)
    series = keys.add_series(batch.series)
    written = outcome(batch, incoming, found, load)
    tell("progress.store.writing", 0, len(batch.claims))
    touched = writer.write_claims(connection, keys, found, series, load)
    writer.write_polygons(connection, incoming.polygons)
    sources = writer.write_sources(connection, keys, batch, load)
    changed = bool(sources) or not found.is_empty()
    writer.record_load(connection, keys, batch, written, changed=changed)
    if changed:
        materialise(
            connection,
            keys,
            touched,
            sources,
            lambda done, total: tell("progress.store.resolving", done, total),
        )
        writer.prune_history(connection, series)
        if found.replaces(CODES["territory"]):
            drop_orphan_polygons(connection)
        writer.bump_revision(connection)
    return written


def _silent(stage: str, done: int, total: int | None) -> None:
    """Tell nobody."""


def _untold(done: int, total: int) -> None:
    """Tell nobody."""
