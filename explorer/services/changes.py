"""What changed among the structures that matter: the focus set, its partners and their entities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from explorer.selection import Selection
from explorer.services.network import network_of
from explorer.wording import date_in_words
from graph.changes import Change, Side, Version, changes_in, to_look_at
from graph.dates import PartialDate, latest, partial
from graph.errors import UsageError
from graph.model import Cooperation, SourceRecord, Structure, StructureClaim
from graph.resolve import OFFICIAL
from graph.status import standing
from graph.store.port import GraphStore, ReplacedClaim, StoredClaim, StructureQuery, TerritoryQuery
from graph.vocabulary import Status
from loaders.communes import CommuneIndex

OVER = frozenset({Status.EXPIRED, Status.TERMINATED, Status.ABANDONED})
"""Statuses under which an agreement calls for nothing any more."""


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """An agreement to look at, with its status on the day.

    `via` is ``EJ`` where not the structure but its legal entity is a party.
    """

    id: str
    title: str
    status: str | None
    via: str | None = None


class SideShown(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a change, with the words for its value."""

    value: str | None
    label: str | None
    source: str
    family: str
    vintage: PartialDate | None
    locator: str | None


class ChangeShown(msgspec.Struct, frozen=True, kw_only=True):
    """A change as ``maillage changes --json`` prints it."""

    id: str
    name: str
    role: str | None
    change: str
    before: SideShown
    after: SideShown
    distance_m: int | None
    load: int | None
    cooperations: list[Agreement]


class _World(msgspec.Struct, frozen=True, kw_only=True):
    """What the changes are about: the structures that matter, their claims, the agreements."""

    roles: dict[str, str | None]
    cooperations: list[Cooperation]
    versions: dict[str, list[Version]]
    entities: dict[str, str | None]


def changes_of(
    store: GraphStore,
    focus: str | None,
    on: date,
    language: str,
    *,
    since: date | None = None,
    load: int | None = None,
) -> list[ChangeShown]:
    """Return what changed for the partners and the focus set, sorted by id.

    Parameters
    ----------
    store : GraphStore
        Its sources of different dates are compared, and what its loads replaced.
    focus : str or None
        The centre; None looks at every party of an agreement.
    on : datetime.date
        The day of the network and of the statuses.
    language : {'fr', 'en'}
        Language of the labels.
    since : datetime.date, optional
        Only changes that a source of this day or later shows.
    load : int, optional
        Only what this load changed.

    Raises
    ------
    UsageError
        The focus or the load is not in the store.
    """
    if load is not None and load not in {record.id for record in store.loads()}:
        raise UsageError("changes.unknown_load", value=load)
    world = _world(store, focus, on, load)
    found = [
        change
        for key in sorted(world.versions)
        for change in changes_in(key, world.versions[key], _same_place)
        if since is None or (change.after.vintage and latest(change.after.vintage) >= since)
    ]
    return _shown(store, world, found, on, language)


def _world(store: GraphStore, focus: str | None, on: date, load: int | None) -> _World:
    answer = network_of(store, Selection(focus=focus, on=on))
    network, structures = answer.network, answer.structures
    cooperations = list(answer.cooperations.values())
    roles: dict[str, str | None] = dict.fromkeys(
        party.structure for item in cooperations for party in item.parties
    )
    roles |= dict.fromkeys(network.partners, "partner")
    roles |= dict.fromkeys(network.focus_set, "focus") if focus else {}
    entities = {key: structures[key].legal_entity for key in roles if key in structures}
    for entity in sorted({value for value in entities.values() if value} - roles.keys()):
        roles[entity] = None
    versions = _versions(store, frozenset(roles), load)
    for key in versions.keys() - roles.keys():
        roles[key] = None
    return _World(roles=roles, cooperations=cooperations, versions=versions, entities=entities)


def _versions(
    store: GraphStore, wanted: frozenset[str], load: int | None
) -> dict[str, list[Version]]:
    """Return what official sources state and stated of the structures wanted, by id.

    An establishment that left its file is no longer known as a site of its entity: it is taken
    where that entity is wanted.
    """
    found: dict[str, list[Version]] = defaultdict(list)
    for record in store.loads():
        changed = record.outcome.updated or record.outcome.removed
        if record.undone or not changed or load not in {None, record.id}:
            continue
        for item in store.replaced_claims("structure", record.id):
            claim = item.before
            if isinstance(claim, StructureClaim) and {claim.id, claim.legal_entity} & wanted:
                found[claim.id] += _both(item, claim, record.id)
    if load is None:
        sources = {source.id: source for source in store.sources()}
        for stored in store.claims("structure", sorted(wanted | found.keys())):
            found[stored.claim.id] += _current(stored, sources)
    return found


def _both(item: ReplacedClaim, before: StructureClaim, load: int) -> list[Version]:
    """Return the statement that a load replaced and what it stated instead."""
    versions = []
    if item.before_source is not None:
        versions.append(Version(claim=before, source=item.before_source, order=2 * load - 1))
    if item.after_source is not None:
        after = item.after if isinstance(item.after, StructureClaim) else None
        versions.append(Version(claim=after, source=item.after_source, order=2 * load, load=load))
    return versions


def _current(stored: StoredClaim, sources: dict[str, SourceRecord]) -> list[Version]:
    source = sources[stored.claim.source]
    if source.family not in OFFICIAL or not isinstance(stored.claim, StructureClaim):
        return []
    return [Version(claim=stored.claim, source=source, order=2 * stored.load_id)]


def _same_place(old: str, new: str) -> bool:
    """Tell whether two commune codes are one place today: one may have been merged into another."""
    index = CommuneIndex.bundled()
    return not {old, *index.current(old)}.isdisjoint({new, *index.current(new)})


def _shown(
    store: GraphStore, world: _World, found: Sequence[Change], on: date, language: str
) -> list[ChangeShown]:
    ids = {change.structure for change in found} | _entities_named(found)
    known = store.structures(StructureQuery(ids=frozenset(ids))) if ids else []
    structures = {item.id: item for item in known}
    labels = _Labels(structures, _commune_names(store, found), language)
    by_id = {item.id: item for item in world.cooperations}
    return [
        ChangeShown(
            id=change.structure,
            name=_name(change, structures, world),
            role=world.roles.get(change.structure),
            change=change.kind,
            before=labels.side(change, change.before),
            after=labels.side(change, change.after),
            distance_m=None if change.distance is None else round(change.distance),
            load=change.load,
            cooperations=[
                _agreement(by_id[key], on, direct=direct)
                for key, direct in _concerned(change, world).items()
                if _calls(by_id[key], on)
            ],
        )
        for change in found
    ]


def _entities_named(found: Iterable[Change]) -> set[str]:
    sides = (side for item in found if item.kind == "entity" for side in (item.before, item.after))
    return {side.value for side in sides if side.value}


def _concerned(change: Change, world: _World) -> dict[str, bool]:
    """Return the agreements of the structure and of its legal entities, then and now."""
    entity = world.entities.get(change.structure)
    entities = {*_entities_named([change]), *([entity] if entity else [])}
    return to_look_at(change.structure, entities, world.cooperations)


def _name(change: Change, structures: dict[str, Structure], world: _World) -> str:
    """Return the name shown today, else the last that a source gave."""
    structure = structures.get(change.structure)
    if structure and structure.name:
        return structure.name
    named = (v.claim.name for v in reversed(world.versions[change.structure]) if v.claim)
    return next((name for name in named if name), change.structure)


def _calls(cooperation: Cooperation, on: date) -> bool:
    now = standing(cooperation, on)
    return now is None or now.status not in OVER


def _agreement(cooperation: Cooperation, on: date, *, direct: bool) -> Agreement:
    now = standing(cooperation, on)
    return Agreement(
        id=cooperation.id,
        title=cooperation.title or cooperation.object or cooperation.id,
        status=str(now.status) if now else None,
        via=None if direct else "EJ",
    )


def _commune_names(store: GraphStore, found: Iterable[Change]) -> dict[str, str]:
    moves = [item for item in found if item.kind == "moved"]
    refs = frozenset(f"commune:{s.value}" for item in moves for s in (item.before, item.after))
    known = store.territories(TerritoryQuery(ids=refs)) if refs else []
    return {item.code: item.name or item.code for item in known}


class _Labels(msgspec.Struct, frozen=True):
    """Words for the values of changes."""

    structures: dict[str, Structure]
    communes: dict[str, str]
    language: str

    def side(self, change: Change, side: Side) -> SideShown:
        """Return one side with its words."""
        return SideShown(
            value=side.value,
            label=self._label(change, side.value),
            source=side.source,
            family=side.family,
            vintage=side.vintage,
            locator=side.locator,
        )

    def _label(self, change: Change, value: str | None) -> str | None:
        if value is None:
            return None
        if change.kind == "entity":
            entity = self.structures.get(value)
            return entity.name if entity and entity.name else None
        if change.kind == "moved":
            return self.communes.get(value)
        if change.kind in {"closed", "reopened"}:
            return date_in_words(partial(value), self.language)
        return None
