"""Claims on establishments and legal entities, from the activities of the feed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from graph.identifiers import is_finess, territory_ref
from graph.model import Fact, StructureClaim
from loaders.activites.codes import AUTHORISED, INSTALLED, Code, Meaning, meaning_of
from loaders.activites.records import (
    BadCapacityError,
    Capacity,
    Record,
    code_in,
    is_active,
    is_carried_out,
    total_of,
    zone_of,
)
from loaders.base import Reporter
from loaders.communes import CommuneIndex
from loaders.finess.feed_values import place_of

SOURCE = "finess-activites"
CODES = "codes_activites_finess"
ZONE = "zone_intervention"


class Activity(NamedTuple):
    """An activity in force of an establishment."""

    code: Code
    meaning: Meaning | None
    carried_out: bool
    installed: Capacity | None
    authorised: Capacity | None
    zone: tuple[str, ...]


class ActivityRows:
    """Claims of a feed.

    Parameters
    ----------
    reporter : Reporter
        Told of every legal entity and establishment.
    departements : collection of str
        Those asked for; all if empty.
    """

    def __init__(self, reporter: Reporter, departements: Collection[str]) -> None:
        self._reporter = reporter
        self._wanted = frozenset(departements)
        self._seen: set[str] = set()
        self.claims: list[StructureClaim] = []

    def add(self, item: Record) -> None:
        """Add one legal entity and its establishments."""
        entity = str(item.get("numFiness") or "").upper()
        granted = item.get("activitesAutorisees") or ()
        sites = item.get("ege") or ()
        self._reporter.read(1 + len(sites))
        self._entity(entity, granted)
        by_id = {
            (record.get("caracteristiquesGeneriques") or {}).get("activiteAeId"): record
            for record in granted
        }
        for site in sites:
            self._establishment(site, entity if is_finess(entity) else None, by_id)

    def _entity(self, number: str, granted: Sequence[Record]) -> None:
        part = self._accepted(number, "EJ")
        if part is None:
            return
        meanings = (meaning_of(code) for code in map(code_in, filter(is_active, granted)) if code)
        words = sorted({word for meaning in meanings if meaning for word in meaning.words})
        if not words:
            self._reporter.skip()
            return
        self._reporter.keep()
        self.claims.append(
            StructureClaim(
                id=number,
                source=SOURCE,
                locator=f"numFiness {number}",
                part=part,
                level="EJ",
                activities=tuple(words),
            )
        )

    def _establishment(
        self, site: Record, entity: str | None, granted: Mapping[Any, Record]
    ) -> None:
        number = str(site.get("numFinessEge") or "").upper()
        part = self._accepted(number, "ET")
        if part is None:
            return
        records = [record for record in site.get("activitesExercees") or () if is_active(record)]
        found = [self._activity(record, number, granted) for record in records]
        activities = [activity for activity in found if activity]
        if not activities:
            self._reporter.skip()
            return
        self._reporter.keep()
        self.claims.append(self._claim(number, entity, part, activities))

    def _accepted(self, number: str, level: str) -> str | None:
        """Return the département of a number, None where it is not taken, which is then said."""
        if not is_finess(number):
            self._reporter.reject(number or "–", "activites.bad_number", value=number, level=level)
            return None
        if number in self._seen:
            self._reporter.reject(number, "activites.duplicate", value=number)
            return None
        departement = place_of(None, number).departement
        if self._wanted and departement not in self._wanted:
            self._reporter.skip()
            return None
        self._seen.add(number)
        return departement

    def _activity(
        self, record: Record, number: str, granted: Mapping[Any, Record]
    ) -> Activity | None:
        code = code_in(record)
        if code is None:
            nature = (record.get("nature") or {}).get("codeNature")
            self._reporter.warn(number, "activites.no_code", field="nature", value=nature)
            return None
        general = record.get("caracteristiquesGeneriques") or {}
        authorisation = granted.get(general.get("identifiantAutorisation"))
        return Activity(
            code,
            meaning_of(code),
            is_carried_out(record),
            self._total(record, INSTALLED, number, code),
            self._total(record, AUTHORISED, number, code),
            zone_of((record, authorisation)),
        )

    def _total(self, record: Record, state: str, number: str, code: Code) -> Capacity | None:
        try:
            return total_of(record, state)
        except BadCapacityError as error:
            where = f"{number}, {code.text}"
            self._reporter.warn(where, "activites.capacity", field="nombre", value=error)
            return None

    def _claim(
        self, number: str, entity: str | None, part: str, activities: Sequence[Activity]
    ) -> StructureClaim:
        running = [activity for activity in activities if activity.carried_out]
        words = {word for item in running if item.meaning for word in item.meaning.words}
        covers, apart = self._zones(number, running)
        return StructureClaim(
            id=number,
            source=SOURCE,
            locator=f"numFinessEge {number}",
            part=part,
            level="ET",
            legal_entity=entity,
            activities=tuple(sorted(words)),
            capacity=dict(_capacities(running)),
            covers=covers,
            facts=(_codes(activities), *_authorised(running), *apart),
        )

    def _zones(
        self, number: str, running: Sequence[Activity]
    ) -> tuple[tuple[str, ...], tuple[Fact, ...]]:
        """Return the territories reached, and the zones of their own of other activities."""
        zoned = [activity for activity in running if activity.zone]
        first = [item for item in zoned if item.meaning and item.meaning.zone == 1]
        reached = first or zoned
        refs = sorted({ref for item in reached for ref in self._communes(number, item)})
        others = [item for item in zoned if item not in reached]
        apart = tuple(
            Fact(
                topic=ZONE,
                value=len(self._communes(number, item)),
                unit="communes",
                note=_named(item),
            )
            for item in others
        )
        return tuple(refs), apart

    def _communes(self, number: str, activity: Activity) -> set[str]:
        index = CommuneIndex.bundled()
        refs: set[str] = set()
        for code in activity.zone:
            current = index.current(code)
            if not current:
                self._reporter.warn(number, "activites.commune", field="communeZI", value=code)
            refs.update(territory_ref("commune", item) for item in current)
        return refs


def _named(activity: Activity) -> str:
    label = f" : {activity.meaning.label}" if activity.meaning else ""
    return f"{activity.code.text}{label}"


def _capacities(running: Sequence[Activity]) -> Iterator[tuple[str, float]]:
    """Yield installed capacities by key, activities of one key added up."""
    totals: dict[str, float] = defaultdict(float)
    for activity in running:
        key = _key(activity, activity.installed)
        if key and activity.installed:
            totals[key] += activity.installed.number
    yield from sorted(totals.items())


def _authorised(running: Sequence[Activity]) -> Iterator[Fact]:
    """Yield the authorised capacities that differ from the installed ones."""
    for activity in running:
        authorised = activity.authorised
        key = _key(activity, authorised)
        if key and authorised and authorised != activity.installed:
            yield Fact(
                topic="capacite_autorisee",
                value=authorised.number,
                unit=authorised.unit,
                note=_named(activity),
            )


def _key(activity: Activity, capacity: Capacity | None) -> str | None:
    if capacity is None or activity.meaning is None or activity.meaning.capacity is None:
        return None
    return activity.meaning.capacity.replace("places", capacity.unit)


def _codes(activities: Sequence[Activity]) -> Fact:
    """Return the official codes by nature and activity, each with how often and what capacity."""
    found: dict[tuple[str, str], list[Activity]] = defaultdict(list)
    for activity in activities:
        found[activity.code.nature, activity.code.parts[0]].append(activity)
    said = [_listed(f"{nature} {code}", items) for (nature, code), items in sorted(found.items())]
    return Fact(topic=CODES, value=" ; ".join(said))


def _listed(code: str, items: Sequence[Activity]) -> str:
    totals: dict[str, int] = defaultdict(int)
    for item in items:
        if item.installed:
            totals[item.installed.unit] += item.installed.number
    capacity = ", ".join(f"{number} {unit}" for unit, number in sorted(totals.items()))
    times = f" × {len(items)}" if len(items) > 1 else ""
    return f"{code}{times} ({capacity})" if capacity else f"{code}{times}"
