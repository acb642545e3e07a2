"""What changed from one official file to a newer one, structure by structure.

Sources of different dates are laid out in time; where a newer one states another thing than the
one before it, that is a change: closed, gone from the file, opened again, moved, renamed, passed to
another legal entity, put into another category. Two sources of the same date that differ are a
conflict, not a change, and are not listed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from math import asin, cos, radians, sin, sqrt
from typing import Literal, NamedTuple

from graph.dates import PartialDate, latest
from graph.identifiers import fold
from graph.model import Cooperation, Record, SourceRecord, StructureClaim
from graph.resolve import OFFICIAL

ChangeKind = Literal["closed", "vanished", "reopened", "entity", "moved", "renamed", "category"]
CHANGE_KINDS: tuple[ChangeKind, ...] = (
    "closed",
    "vanished",
    "reopened",
    "entity",
    "moved",
    "renamed",
    "category",
)
"""The most telling first: the order in which changes of a structure are listed."""

DIRECTORY = "finess"
"""The family that names and classes structures; other official ones repeat it later."""
MOVED_METRES = 500.0
PRECISE = frozenset({"adresse", "voie", "lieu_dit"})
_EARTH_RADIUS = 6_371_008.8

SameCommune = Callable[[str, str], bool]


class Version(Record, frozen=True, kw_only=True):
    """What a source said of a structure; no claim: its file no longer has it.

    `order` tells versions of one file series apart (the later loaded is greater), `load` is the
    load that brought it in the place of another, None if it did not.
    """

    claim: StructureClaim | None
    source: SourceRecord
    order: int = 0
    load: int | None = None

    @property
    def day(self) -> date | None:
        """Return the last day that the source describes, None if it does not say."""
        stated = self.source.vintage or self.source.date
        return latest(stated) if stated else None


class Side(Record, frozen=True, kw_only=True):
    """One side of a change: the value, who states it, of when."""

    value: str | None
    source: str
    family: str
    vintage: PartialDate | None = None
    locator: str | None = None


class Change(Record, frozen=True, kw_only=True):
    """A change of a structure between two sources; `distance` in metres where it moved."""

    structure: str
    kind: ChangeKind
    before: Side
    after: Side
    distance: float | None = None
    load: int | None = None


class Step(NamedTuple):
    """Two versions that follow one another, both with a claim."""

    old: StructureClaim
    new: StructureClaim
    same_series: bool


class Seen(NamedTuple):
    """What a rule sees in a step: the values to show."""

    kind: ChangeKind
    before: str | None
    after: str | None
    distance: float | None = None


States = Callable[[StructureClaim], object]
Rule = Callable[[Step, SameCommune], Seen | None]


def changes_in(
    structure: str, versions: Iterable[Version], same_commune: SameCommune = str.__eq__
) -> list[Change]:
    """Return what changed for `structure` from version to version, the oldest change first.

    Parameters
    ----------
    structure : str
        Its id.
    versions : iterable of Version
        In any order; those of sources that are not official or not dated are left aside.
    same_commune : callable, optional
        Whether two commune codes are one place (merged communes); by default equal codes are.

    Returns
    -------
    list of Change
    """
    line = _in_time(versions)
    directory = [version for version in line if version.source.family == DIRECTORY]
    found = _presence(structure, directory)
    for states, rule, everybody in RULES:
        among = [v for v in (line if everybody else directory) if v.claim and states(v.claim)]
        found += _steps(structure, _settled(among, states), rule, same_commune)
    unique = {(item.kind, item.before.value, item.after.value): item for item in reversed(found)}
    return sorted(unique.values(), key=_order)


def to_look_at(
    structure: str, entities: Iterable[str], cooperations: Iterable[Cooperation]
) -> dict[str, bool]:
    """Return the agreements that a change of `structure` concerns, by id, sorted.

    The value tells whether the structure itself is a party; False if only one of its legal
    entities is.
    """
    above = frozenset(entities)
    found = {}
    for item in sorted(cooperations, key=lambda item: item.id):
        parties = {party.structure for party in item.parties}
        if structure in parties or parties & above:
            found[item.id] = structure in parties
    return found


def _in_time(versions: Iterable[Version]) -> list[Version]:
    """Return the dated official versions in order of date; on one day the directory leads."""
    dated = [
        (day, version.source.family != DIRECTORY, version.order, version.source.id, version)
        for version in versions
        if version.source.family in OFFICIAL and (day := version.day) is not None
    ]
    return [version for *_, version in sorted(dated, key=lambda item: item[:4])]


def _settled(versions: Sequence[Version], states: States) -> list[Version]:
    """Leave out late repeats: what others state between two files of the directory that agree.

    Statistics of a year are published after newer files of the directory, and would otherwise
    show a change and its contrary.
    """
    told = [states(version.claim) if version.claim else None for version in versions]
    own = [place for place, v in enumerate(versions) if v.source.family == DIRECTORY]
    kept = []
    for place, version in enumerate(versions):
        before = [told[other] for other in own if other < place]
        after = [told[other] for other in own if other > place]
        late = place not in own and before and after and before[-1] == after[0]
        if not late or told[place] == before[-1]:
            kept.append(version)
    return kept


def _steps(
    structure: str, versions: Sequence[Version], rule: Rule, same_commune: SameCommune
) -> list[Change]:
    found = []
    last: Version | None = None
    for version in versions:
        if last is not None:
            same = last.source.id == version.source.id
            if last.day == version.day and not same:
                continue
            if last.claim and version.claim:
                seen = rule(Step(last.claim, version.claim, same), same_commune)
                if seen is not None:
                    found.append(_change(structure, seen, last, version))
        last = version
    return found


def _presence(structure: str, directory: Sequence[Version]) -> list[Change]:
    """Tell what left its file without a word, and what came back to it."""
    found = []
    for place, version in enumerate(directory):
        own = [item for item in directory[:place] if item.source.id == version.source.id]
        if not own:
            continue
        last = own[-1]
        if version.claim is None and last.claim and not last.claim.closed:
            if not any(item.claim for item in directory[place + 1 :]):
                found.append(_change(structure, Seen("vanished", None, None), last, version))
        elif version.claim and last.claim is None:
            found.append(_change(structure, Seen("reopened", None, None), last, version))
    return found


def _closing(step: Step, _: SameCommune) -> Seen | None:
    if step.new.closed and not step.old.closed:
        return Seen("closed", None, step.new.closed)
    # A partial record of another series that says nothing of a closing reopens nothing.
    if step.old.closed and not step.new.closed and step.same_series:
        return Seen("reopened", step.old.closed, None)
    return None


def _entity(step: Step, _: SameCommune) -> Seen | None:
    old, new = step.old.legal_entity, step.new.legal_entity
    return Seen("entity", old, new) if old != new else None


def _commune(step: Step, same_commune: SameCommune) -> Seen | None:
    old, new = step.old.commune, step.new.commune
    if not old or not new or old == new or same_commune(old, new):
        return None
    return Seen("moved", old, new, _distance(step.old, step.new))


def _position(step: Step, same_commune: SameCommune) -> Seen | None:
    """Tell a move inside a commune; from one commune to another :func:`_commune` tells it."""
    old, new = step.old.commune, step.new.commune
    distance = _distance(step.old, step.new)
    if distance is None or distance <= MOVED_METRES:
        return None
    if old and new and old != new and not same_commune(old, new):
        return None
    return Seen("moved", step.old.address or old, step.new.address or new, distance)


def _name(step: Step, _: SameCommune) -> Seen | None:
    """Tell a new name, unless one is a spelling of the other or its beginning (cut at 38 signs)."""
    old, new = _spellings(step.old), _spellings(step.new)
    if any(a.startswith(b) or b.startswith(a) for a in old for b in new):
        return None
    return Seen("renamed", step.old.name, step.new.name)


def _category(step: Step, _: SameCommune) -> Seen | None:
    old, new = step.old.category, step.new.category
    return Seen("category", old, new) if old != new else None


def _spellings(claim: StructureClaim) -> set[str]:
    return {fold(name) for name in (claim.name, *claim.other_names) if name}


def _precise(claim: StructureClaim) -> bool:
    located = claim.longitude is not None and claim.latitude is not None
    return located and claim.precision in PRECISE


RULES: tuple[tuple[States, Rule, bool], ...] = (
    (lambda claim: claim.id, _closing, False),
    (lambda claim: claim.legal_entity, _entity, True),
    (lambda claim: claim.commune, _commune, True),
    (_precise, _position, False),
    (lambda claim: claim.name, _name, False),
    (lambda claim: claim.category, _category, False),
)
"""What a version must state, the rule that compares two of them, and whether every official source
counts or the directory alone."""


def _distance(old: StructureClaim, new: StructureClaim) -> float | None:
    """Return the metres between two precise positions, on the sphere; None if one is not."""
    if not (_precise(old) and _precise(new)):
        return None
    points = (old.longitude, old.latitude, new.longitude, new.latitude)
    west, south, east, north = (radians(value or 0.0) for value in points)
    half = sin((north - south) / 2) ** 2
    half += cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * _EARTH_RADIUS * asin(sqrt(half))


def _change(structure: str, seen: Seen, old: Version, new: Version) -> Change:
    return Change(
        structure=structure,
        kind=seen.kind,
        before=_side(seen.before, old),
        after=_side(seen.after, new),
        distance=seen.distance,
        load=new.load,
    )


def _side(value: str | None, version: Version) -> Side:
    return Side(
        value=value,
        source=version.source.id,
        family=version.source.family,
        vintage=version.source.vintage or version.source.date,
        locator=version.claim.locator if version.claim else None,
    )


def _order(change: Change) -> tuple[date, int, str]:
    day = latest(change.after.vintage) if change.after.vintage else date.min
    return day, CHANGE_KINDS.index(change.kind), str(change.after.value)
