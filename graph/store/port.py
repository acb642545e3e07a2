"""The store's port: what a network store promises, whatever keeps it (SQLite, Neo4j).

A load is one :class:`LoadBatch`, applied in one transaction. Its scope is the series, and within
the series the parts (départements) that the batch speaks of: what vanished from the batch is
removed within that scope and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from datetime import date, datetime
from typing import Protocol

import msgspec

from graph.messages import text
from graph.model import (
    AnyClaim,
    Cooperation,
    EntityKind,
    Membership,
    Record,
    SourceRecord,
    Structure,
    Territory,
)

Progress = Callable[[str, int, int | None], None]
"""Called with a stage (catalogue key), what is done, and the total if known."""

SCHEMA_VERSION = 1
UNSTATED = "unknown"
"""Under this key :class:`StoreStatus` counts structures of which no source states the kind."""
REMOVALS_SHARE = 0.10
"""Share of a guarded series' rows above which removals must be confirmed."""


class Rejection(Record, frozen=True, kw_only=True):
    """A row that was not taken: where, which value, why (message code and parameters)."""

    row: str
    field: str | None = None
    value: str | None = None
    code: str
    params: dict[str, str | int | float | list[str]] = {}  # noqa: RUF012 - msgspec copies defaults

    def reason(self, language: str = "fr") -> str:
        """Return the reason in words: what is wrong, what is allowed, what to do."""
        return text(f"rejection.{self.code}", language, **{"value": self.value, **self.params})


class ReadReport(msgspec.Struct, kw_only=True):
    """What a loader made of a file: read = kept + skipped + rejected."""

    read: int = 0
    kept: int = 0
    skipped: int = 0
    rejected: int = 0
    rejections: list[Rejection] = []
    warnings: list[Rejection] = []


class LoadBatch(msgspec.Struct, kw_only=True):
    """One load, ready to be applied.

    `series` names the file series (``finess:etalab-et``), `loader` the loader that a person
    names. `parts` limits removals to these départements (None: the whole series). `guarded`
    asks for confirmation when more than :data:`REMOVALS_SHARE` of the series would go.
    """

    loader: str
    series: str
    sources: tuple[SourceRecord, ...]
    claims: list[AnyClaim]
    report: ReadReport
    parts: frozenset[str] | None = None
    file: str | None = None
    checksum: str | None = None
    guarded: bool = False


class LoadOutcome(Record, frozen=True, kw_only=True):
    """What a load changed (or would change): claims added, updated, removed, unchanged.

    `structures`, `cooperations`, `memberships` and `territories` count what the batch speaks of.
    `samples` lists up to 200 ids for each kind of change, for a preview.
    """

    load_id: int | None
    series: str
    added: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0
    structures: int = 0
    cooperations: int = 0
    memberships: int = 0
    territories: int = 0
    samples: dict[str, list[str]] = {}  # noqa: RUF012 - msgspec copies defaults


class LoadRecord(Record, frozen=True, kw_only=True):
    """One recorded load.

    `changed` tells whether it changed anything, were it only where a statement stands in its file
    or how a source is described, which the counts of `outcome` leave out.
    """

    id: int
    loader: str
    series: str
    loaded_at: datetime
    file: str | None = None
    checksum: str | None = None
    changed: bool = True
    undone: bool = False
    report: ReadReport
    outcome: LoadOutcome


class StoredClaim(Record, frozen=True, kw_only=True):
    """A claim and the series and load that brought it."""

    claim: AnyClaim
    series: str
    load_id: int


class ReplacedClaim(Record, frozen=True, kw_only=True):
    """A claim that a load changed or removed, and what the load states in its place (or None).

    The sources are as they were described then: their vintages date both statements.
    """

    before: AnyClaim
    before_source: SourceRecord | None = None
    after: AnyClaim | None = None
    after_source: SourceRecord | None = None


class LoadState(Record, frozen=True, kw_only=True, tag_field="item", tag="load"):
    """A recorded load as it is moved to another store.

    `undoable` tells whether what it replaced is still kept.
    """

    record: LoadRecord
    parts: frozenset[str] | None = None
    undoable: bool = True


class SourceState(Record, frozen=True, kw_only=True, tag_field="item", tag="source"):
    """A source as a series describes it, or described it before the load `replaced_by`.

    `source` and `load_id` (the load that brought the description) are None where the series did
    not know the source before that load.
    """

    id: str
    series: str
    source: SourceRecord | None = None
    load_id: int | None = None
    replaced_by: int | None = None


class ClaimState(Record, frozen=True, kw_only=True, tag_field="item", tag="claim"):
    """A claim, polygon included, that stands or that the load `replaced_by` changed or removed."""

    claim: AnyClaim
    series: str
    load_id: int
    replaced_by: int | None = None


StateItem = LoadState | SourceState | ClaimState
"""What a store is made of. All that it shows follows from these."""


class StructureQuery(Record, frozen=True, kw_only=True):
    """Which structures: every condition given must hold; empty means no condition.

    `territories` are references (``arrondissement:941``); a structure is in one if its commune
    is. `open_on` leaves out those closed before, or opened after, that day.
    """

    ids: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    territories: frozenset[str] = frozenset()
    legal_entities: frozenset[str] = frozenset()
    open_on: date | None = None


class TieFilter(Record, frozen=True, kw_only=True):
    """Which ties count: every condition given must hold; empty means no condition.

    On the day `on`, a cooperation has one of `statuses` (those under which a tie exists, if none
    is named), its amendments considered; a membership or management holds or may hold. Without a
    day nothing is asked of dates. A cooperation must have one of `themes`. `ways` are relationship
    types of the network: ``PARTY_TO``, ``MEMBER_OF``, ``MANAGED_BY``.
    """

    on: date | None = None
    statuses: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    ways: frozenset[str] = frozenset()


class CooperationQuery(Record, frozen=True, kw_only=True):
    """Which cooperations: every condition given must hold; empty means no condition.

    `parties` are structures, one of which is a party. On the day `on` a cooperation has one of
    `statuses` (any that is known, if none is named), its amendments considered.
    """

    ids: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    on: date | None = None
    statuses: frozenset[str] = frozenset()


class EgoQuery(Record, frozen=True, kw_only=True):
    """What lies around structures, up to `depth` relationships away.

    An agreement is a node: a partner by an agreement is two relationships away, and so is another
    member of the same group. At most `limit` nodes are reached beside the centres, the nearest
    first, then in order of reference.
    """

    ids: frozenset[str]
    depth: int = 2
    limit: int = 500
    ties: TieFilter = TieFilter()


class Neighbourhood(Record, frozen=True, kw_only=True):
    """What an :class:`EgoQuery` reaches.

    `distances` holds every node reached by its reference (``structure:940110018``,
    ``cooperation:…``), the centres at 0, also those that no source describes. `memberships` are
    those between structures reached. `truncated` tells that the limit cut nodes off.
    """

    distances: dict[str, int]
    structures: tuple[Structure, ...] = ()
    cooperations: tuple[Cooperation, ...] = ()
    memberships: tuple[Membership, ...] = ()
    truncated: bool = False


class PathQuery(Record, frozen=True, kw_only=True):
    """Chains between two structures that meet no node twice.

    The shortest ones, or with `every` all of up to `longest` relationships; at most `limit`, the
    shortest first, then in order of what they pass.
    """

    start: str
    end: str
    longest: int = 6
    every: bool = False
    limit: int = 100
    ties: TieFilter = TieFilter()


class Path(Record, frozen=True, kw_only=True):
    """A chain: references of the nodes passed (see :class:`Neighbourhood`), and by which ways."""

    nodes: tuple[str, ...]
    ways: tuple[str, ...]


class TerritoryQuery(Record, frozen=True, kw_only=True):
    """Which territories: by reference, level, or parent. Geometry only where asked."""

    ids: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    parents: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    geometry: bool = False


class Hit(Record, frozen=True, kw_only=True):
    """A structure found by text; `sources` are the ids of the sources that speak of it."""

    id: str
    name: str
    kind: str | None
    commune: str | None
    sources: tuple[str, ...] = ()


class SourceStatus(Record, frozen=True, kw_only=True):
    """A source and how much of the network it speaks of."""

    source: SourceRecord
    structures: int
    cooperations: int


class StoreStatus(Record, frozen=True, kw_only=True):
    """What a store holds."""

    store: str
    structures: dict[str, int]
    cooperations: int
    memberships: int
    territories: dict[str, int]
    sources: list[SourceStatus]


class GraphStore(Protocol):
    """A store of the network. Every method is safe to call from several threads.

    Errors are :class:`graph.errors.StoreError` (unavailable, too new, full, on a network
    share...), :class:`graph.errors.StoreBusy` (another load runs) and, for guarded batches,
    :class:`graph.errors.ConfirmationNeeded`. After any error the content is what it was.
    """

    url: str

    def apply(
        self,
        batch: LoadBatch,
        *,
        allow_removals: bool = False,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> LoadOutcome:
        """Apply `batch` in one transaction; with `dry_run` say what it would change."""
        ...

    def undo(self, loader: str) -> LoadOutcome:
        """Undo the last load of `loader` that changed something and is not undone yet.

        Later loads of its series changed nothing, or the undo is refused: they are recorded as
        undone with it, for what they had found in place is there no more. Counts are the undo's
        own.
        """
        ...

    def structures(self, query: StructureQuery = ...) -> list[Structure]:
        """Return the structures that `query` asks for, sorted by id."""
        ...

    def cooperations(self, ids: frozenset[str] = ...) -> list[Cooperation]:
        """Return the cooperations named (all if none is), sorted by id."""
        ...

    def select_cooperations(self, query: CooperationQuery) -> list[Cooperation]:
        """Return the cooperations that `query` asks for, as stated (not amended), sorted by id."""
        ...

    def structure_counts(self, query: StructureQuery = ...) -> dict[str, int]:
        """Return how many structures `query` asks for, by kind (see :data:`UNSTATED`)."""
        ...

    def neighbourhood(self, query: EgoQuery) -> Neighbourhood:
        """Return what lies around structures; records are sorted by id."""
        ...

    def paths(self, query: PathQuery) -> list[Path]:
        """Return chains between two structures; none from a structure to itself."""
        ...

    def memberships(self) -> list[Membership]:
        """Return all memberships, sorted by id."""
        ...

    def territories(self, query: TerritoryQuery) -> list[Territory]:
        """Return the territories that `query` asks for, sorted by id."""
        ...

    def claims(self, kind: EntityKind, ids: Sequence[str]) -> list[StoredClaim]:
        """Return every claim about the things named, in order of precedence for each."""
        ...

    def replaced_claims(self, kind: EntityKind, load_id: int) -> list[ReplacedClaim]:
        """Return the claims that a load changed or removed, sorted by id and source.

        Empty if the load is undone, or too old to be undone.
        """
        ...

    def search(self, words: str, limit: int = 50) -> list[Hit]:
        """Return structures whose names hold all `words` (prefixes, no accents), best first."""
        ...

    def sources(self) -> list[SourceRecord]:
        """Return the sources of what is stored, sorted by id."""
        ...

    def loads(self) -> list[LoadRecord]:
        """Return the recorded loads, latest first."""
        ...

    def scopes(self) -> dict[int, frozenset[str] | None]:
        """Return the parts that each load spoke of, by its number; None is its whole series."""
        ...

    def status(self) -> StoreStatus:
        """Return counts by kind, level and source."""
        ...

    def revision(self) -> int:
        """Return a number that grows with every change of content (for caches)."""
        ...

    def dump(self) -> Generator[StateItem, None, None]:
        """Yield all that the store keeps, as of one moment, for :meth:`restore`.

        Loads by number, then sources, then claims; what stands before what was replaced, each
        sorted by (replaced_by, kind, id, series, source). Two stores of the same content yield
        the same. Close the generator where it is not read to its end.
        """
        ...

    def restore(
        self,
        items: Iterable[StateItem],
        *,
        replace: bool = False,
        progress: Progress | None = None,
    ) -> None:
        """Write what another store dumped; numbers and times of loads stay as they are.

        All or nothing, whatever fails, `items` included. The store must be empty (no load was
        ever recorded); with `replace` all that it holds goes.

        Raises
        ------
        ConfirmationNeeded
            The store is not empty and `replace` was not given.
        """
        ...

    def close(self) -> None:
        """Release files and connections."""
        ...
