"""The Neo4j store: a network on a server, for a team."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import TypeVar

from neo4j.exceptions import IncompleteCommit

from graph.errors import StoreError
from graph.model import (
    Cooperation,
    EntityKind,
    Membership,
    SourceRecord,
    Structure,
    Territory,
)
from graph.store.encoding import arrange
from graph.store.neo4j import (
    address,
    commits,
    history,
    journal,
    loading,
    reader,
    schema,
    search,
    transfer,
    walks,
)
from graph.store.neo4j.journal import Taken
from graph.store.neo4j.server import Cypher, Server
from graph.store.neo4j.sources import source_records
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
    StateItem,
    StoredClaim,
    StoreStatus,
    StructureQuery,
    TerritoryQuery,
)

NO_STRUCTURE_QUERY = StructureQuery()

T = TypeVar("T")


class Neo4jStore:
    """A network kept in a database of a Neo4j server (see :class:`graph.store.port.GraphStore`).

    Parameters
    ----------
    url : str
        ``neo4j://host[:port][/database]``; schemes are those of :data:`address.SCHEMES`. User and
        password come from ``MAILLAGE_NEO4J_USER`` and ``MAILLAGE_NEO4J_PASSWORD``.

    Raises
    ------
    StoreError
        The address is off, the server cannot be reached, refuses the user, is too old, or the
        database holds something else or is of a newer version. It is left as it was.
    """

    def __init__(self, url: str) -> None:
        where = address.parse(url)
        self.url = where.url
        self._server = Server(where, address.login())
        try:
            schema.prepare(self._server)
        except BaseException:
            self._server.close()
            raise

    def apply(
        self,
        batch: LoadBatch,
        *,
        allow_removals: bool = False,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> LoadOutcome:
        """Apply `batch` in one transaction; with `dry_run` say what it would change."""
        tell = progress or loading.untold
        tell("progress.store.comparing", 0, len(batch.claims))
        incoming = arrange(batch)
        if dry_run:
            return self._read(lambda cypher: loading.preview(cypher, batch, incoming))
        token = uuid.uuid4().hex

        def work(cypher: Cypher, taken: Taken) -> LoadOutcome:
            return loading.apply(
                cypher, taken, batch, incoming, tell, allow_removals=allow_removals
            )

        try:
            found = commits.load(self._server, token, work, again=True)
        except StoreError as error:
            if not isinstance(error.__cause__, IncompleteCommit):
                raise
            # The answer to the commit was lost: the journal tells whether the load was kept.
            kept = self._read(lambda cypher: journal.outcome_of(cypher, token))
            if kept is None:
                raise
            return kept
        if found.added + found.updated + found.removed >= schema.MANY:
            schema.count_again(self._server, first=found.load_id == 1)
        return found

    def undo(self, loader: str) -> LoadOutcome:
        """Undo the last load of `loader` that changed something and is not undone yet."""

        def work(cypher: Cypher, taken: Taken) -> LoadOutcome:
            return loading.undo(cypher, taken, loader)

        return commits.load(self._server, "", work, again=True)

    def structures(self, query: StructureQuery = NO_STRUCTURE_QUERY) -> list[Structure]:
        """Return the structures that `query` asks for, sorted by id."""
        return self._read(lambda cypher: reader.read_structures(cypher, query))

    def structure_counts(self, query: StructureQuery = NO_STRUCTURE_QUERY) -> dict[str, int]:
        """Return how many structures `query` asks for, by kind."""
        return self._read(lambda cypher: reader.count_structures(cypher, query))

    def cooperations(self, ids: frozenset[str] = frozenset()) -> list[Cooperation]:
        """Return the cooperations named (all if none is), sorted by id."""
        return self.select_cooperations(CooperationQuery(ids=ids))

    def select_cooperations(self, query: CooperationQuery) -> list[Cooperation]:
        """Return the cooperations that `query` asks for, as stated, sorted by id."""
        return self._read(lambda cypher: reader.read_cooperations(cypher, query))

    def memberships(self) -> list[Membership]:
        """Return all memberships, sorted by id."""
        return self._read(reader.read_memberships)

    def neighbourhood(self, query: EgoQuery) -> Neighbourhood:
        """Return what lies around structures."""
        return self._read(lambda cypher: walks.read_neighbourhood(cypher, query))

    def paths(self, query: PathQuery) -> list[Path]:
        """Return chains between two structures."""
        return self._read(lambda cypher: walks.read_paths(cypher, query))

    def territories(self, query: TerritoryQuery) -> list[Territory]:
        """Return the territories that `query` asks for, sorted by id."""
        return self._read(lambda cypher: reader.read_territories(cypher, query))

    def claims(self, kind: EntityKind, ids: Sequence[str]) -> list[StoredClaim]:
        """Return every claim about the things named, in order of precedence for each."""
        return self._read(lambda cypher: reader.read_claims(cypher, kind, ids))

    def replaced_claims(self, kind: EntityKind, load_id: int) -> list[ReplacedClaim]:
        """Return the claims that a load changed or removed, sorted by id and source."""
        return self._read(lambda cypher: history.read_replaced(cypher, kind, load_id))

    def search(self, words: str, limit: int = 50) -> list[Hit]:
        """Return structures that hold all `words` (prefixes; accents ignored), best first."""
        return self._read(lambda cypher: search.find(cypher, words, limit))

    def sources(self) -> list[SourceRecord]:
        """Return the sources of what is stored, sorted by id."""
        return [record for _, record in sorted(self._read(source_records).items())]

    def loads(self) -> list[LoadRecord]:
        """Return the recorded loads, latest first."""
        return self._read(journal.read_loads)

    def scopes(self) -> dict[int, frozenset[str] | None]:
        """Return the parts that each load spoke of, by its number; None is its whole series."""
        return self._read(journal.read_scopes)

    def status(self) -> StoreStatus:
        """Return counts by kind, level and source."""
        return self._read(lambda cypher: journal.read_status(cypher, self.url))

    def revision(self) -> int:
        """Return a number that grows with every change of content (for caches)."""
        return self._server.read(journal.revision)

    def dump(self) -> Generator[StateItem, None, None]:
        """Yield all that the store keeps, as of one moment; it is read before the first item."""
        yield from transfer.items(self._read(transfer.read_kept))

    def restore(
        self,
        items: Iterable[StateItem],
        *,
        replace: bool = False,
        progress: Progress | None = None,
    ) -> None:
        """Write what another store dumped, in one transaction."""

        def work(cypher: Cypher, _: Taken) -> None:
            if replace:
                transfer.clear(cypher)
            else:
                transfer.check_empty(cypher, self.url)
            transfer.restore(cypher, items, progress or loading.untold)

        # The items can be read once only: nothing is tried again.
        commits.load(self._server, "", work, again=False)
        schema.count_again(self._server, first=True)

    def close(self) -> None:
        """Let go of the server."""
        self._server.close()

    def _read(self, work: Callable[[Cypher], T]) -> T:
        return commits.read_whole(self._server, work)
