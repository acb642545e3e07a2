"""Before a load: what a file holds and what it would change, in words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from explorer.services.sheet_citing import Desk, small
from explorer.services.view_tables import Row
from explorer.viewmodel.model import View
from graph.messages import catalogue, text
from graph.model import (
    AnyClaim,
    CooperationClaim,
    EntityKind,
    MembershipClaim,
    StructureClaim,
    TerritoryClaim,
    entity_kind,
)
from graph.store.port import (
    GraphStore,
    LoadBatch,
    LoadOutcome,
    Progress,
    ReadReport,
    TerritoryQuery,
)
from graph.store.rules import SAMPLES_KEPT

CHANGE_COLUMNS = ("change", "thing", "name", "detail")
_KINDS: tuple[EntityKind, ...] = ("structure", "cooperation", "membership", "territory")
_FIXED = frozenset({"id", "source", "locator", "part", "geometry", "facts", "parties"})
_PRESENTED = ("effective", "end")
_NOT_IN_NAMES = re.compile(r"[^\w .()\-]+")
MAX_NAME = 120


class Preview(View, frozen=True, kw_only=True):
    """What a load would do. `changes` lists up to a few hundred of them, the counts are whole."""

    report: ReadReport
    outcome: LoadOutcome
    changes: tuple[Row, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the load would change nothing."""
        return not (self.outcome.added or self.outcome.updated or self.outcome.removed)

    @property
    def is_cut(self) -> bool:
        """Whether `changes` leaves some out."""
        counted = (self.outcome.added, self.outcome.updated, self.outcome.removed)
        return max(counted) > SAMPLES_KEPT


def file_name(name: str) -> str:
    """Return the name of an uploaded file, fit for a folder of ours: never a path."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = _NOT_IN_NAMES.sub("_", bare).strip(" .") or "fichier"
    return kept if len(kept) <= MAX_NAME else f"{Path(kept).stem[:80]}{Path(kept).suffix[:20]}"


def preview_of(
    store: GraphStore,
    batch: LoadBatch,
    on: date,
    language: str,
    progress: Progress | None = None,
) -> Preview:
    """Return what `batch` would change in `store`, which stays as it is."""
    outcome = store.apply(batch, allow_removals=True, dry_run=True, progress=progress)
    ids = {key for keys in outcome.samples.values() for key in keys}
    incoming = _by_id(claim for claim in batch.claims if claim.id in ids)
    names = _Names(store, incoming, ids, on, language)
    rows = [
        _row(change, key, names)
        for change in ("added", "updated", "removed")
        for key in outcome.samples.get(change, ())
    ]
    return Preview(report=batch.report, outcome=outcome, changes=tuple(rows))


def _by_id(claims: Iterable[AnyClaim]) -> dict[str, list[AnyClaim]]:
    found: dict[str, list[AnyClaim]] = defaultdict(list)
    for claim in claims:
        found[claim.id].append(claim)
    return found


class _Names:
    """Names of the things that a load speaks of, from the file first, then from the store."""

    def __init__(
        self,
        store: GraphStore,
        incoming: Mapping[str, Sequence[AnyClaim]],
        ids: set[str],
        on: date,
        language: str,
    ) -> None:
        self.desk = Desk(store, on, language)
        self.incoming = incoming
        self.language = language
        self.held: dict[str, list[AnyClaim]] = defaultdict(list)
        for kind in _KINDS[:3]:
            for stored in store.claims(kind, sorted(ids)) if ids else ():
                self.held[stored.claim.id].append(stored.claim)
        refs = frozenset(key for key in ids if ":" in key and key not in self.held)
        found = store.territories(TerritoryQuery(ids=refs)) if refs else []
        self.territories = {item.id: item.name or item.id for item in found}
        self.desk.fetch(self._structures())

    def _structures(self) -> set[str]:
        claims = [
            claim
            for found in (self.incoming, self.held)
            for listed in found.values()
            for claim in listed
        ]
        named = {claim.id for claim in claims if isinstance(claim, StructureClaim)}
        for claim in claims:
            if isinstance(claim, MembershipClaim):
                named |= {claim.member, claim.group}
            if isinstance(claim, StructureClaim) and claim.legal_entity:
                named.add(claim.legal_entity)
            if isinstance(claim, CooperationClaim):
                named |= {party.structure for party in claim.parties} | set(claim.sites)
        return named

    def claims(self, key: str) -> Sequence[AnyClaim]:
        return self.incoming.get(key) or self.held.get(key) or ()

    def thing(self, key: str) -> str:
        claims = self.claims(key)
        kind = entity_kind(claims[0]) if claims else "territory"
        return text(f"page.thing.{kind}", self.language)

    def name(self, key: str) -> str:
        for claim in self.claims(key):
            if isinstance(claim, StructureClaim) and claim.name:
                return claim.name
            if isinstance(claim, CooperationClaim):
                return claim.title or claim.object or key
            if isinstance(claim, MembershipClaim):
                return f"{self.structure(claim.member)} → {self.structure(claim.group)}"
            if isinstance(claim, TerritoryClaim) and claim.name:
                return claim.name
        return self.territories.get(key) or self.structure(key)

    def structure(self, key: str) -> str:
        named = (c.name for c in self.incoming.get(key, ()) if isinstance(c, StructureClaim))
        return next((name for name in named if name), None) or self.desk.name(key)


def _row(change: str, key: str, names: _Names) -> Row:
    return {
        "change": text(f"page.change.{change}", names.language),
        "thing": names.thing(key),
        "name": names.name(key),
        "detail": _DETAILS[change](key, names) if change in _DETAILS else None,
        "id": key,
    }


def _presented(key: str, names: _Names) -> str | None:
    """Return what tells a new thing from others: parties and dates, or kind and commune."""
    for claim in names.incoming.get(key, ()):
        said: list[str] = []
        if isinstance(claim, CooperationClaim):
            parties = dict.fromkeys(names.structure(party.structure) for party in claim.parties)
            said = [", ".join(parties), *_labelled(claim, _PRESENTED, names)]
        elif isinstance(claim, StructureClaim) and claim.kind:
            said = [names.desk.value("kind", claim.kind)]
        if found := " ; ".join(item for item in said if item):
            return found
    return None


def _labelled(claim: CooperationClaim, fields: Iterable[str], names: _Names) -> list[str]:
    return [
        f"{small(_label(field, names.language))} {names.desk.value(field, getattr(claim, field))}"
        for field in fields
        if getattr(claim, field)
    ]


def _difference(key: str, names: _Names) -> str | None:
    """Return what a source says otherwise than before: field, old value, new value."""
    before = {claim.source: claim for claim in names.held.get(key, ())}
    said = []
    for claim in names.incoming.get(key, ()):
        old = before.get(claim.source)
        if old is None or type(old) is not type(claim):
            continue
        said += [
            text(
                "page.change.field",
                names.language,
                field=_label(field, names.language),
                old=names.desk.value(field, getattr(old, field)),
                new=names.desk.value(field, getattr(claim, field)),
            )
            for field in claim.__struct_fields__
            if field not in _FIXED and getattr(old, field) != getattr(claim, field)
        ]
        if getattr(old, "parties", None) != getattr(claim, "parties", None):
            said.append(text("page.change.parties", names.language))
    return " ; ".join(said) or None


_DETAILS = {"added": _presented, "updated": _difference}


def _label(field: str, language: str) -> str:
    return catalogue(language).get(f"page.field.{field}") or field
