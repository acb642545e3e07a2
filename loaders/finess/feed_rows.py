"""Legal entities and establishments of the JSON feed, open and closed.

Field names drift from month to month; a value that misses and one that is null are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

import msgspec

from graph.dates import PartialDate
from graph.identifiers import is_finess
from graph.model import StructureClaim
from loaders import coordinates as geo
from loaders import kinds
from loaders.base import Reporter
from loaders.finess.entities import Manager, both_names, entity_claim, manager
from loaders.finess.feed_positions import Position, find_position
from loaders.finess.feed_values import (
    ENTITY_NAMES,
    Pair,
    Record,
    address_of,
    only_value,
    own_address,
    place_of,
    record_of,
    records_of,
    text_of,
)
from loaders.finess.values import Place, read_date

SOURCE = "finess-json"

_SEAT = "02"
"""usageAdresse of a legal entity's address."""
_SITE = "03"
"""usageAdresse of the establishment itself; 04 are its branches, 06 another mailing address."""


class Period(NamedTuple):
    """Dates of opening and closing; `closed` set where the record is no longer in force."""

    opened: PartialDate | None
    closed: PartialDate | None


class FeedRows:
    """Claims on the legal entities and establishments of a feed.

    Parameters
    ----------
    reporter : Reporter
        Told of every record.
    departements : collection of str
        Those asked for; all if empty.
    generated : PartialDate or None
        Date of the feed: a closed record without a date was closed by then.
    named : collection of str
        Internal numbers (pmSmsseId) that groupings refer to.
    """

    def __init__(
        self,
        reporter: Reporter,
        departements: Collection[str],
        generated: PartialDate | None,
        named: Collection[str],
    ) -> None:
        self._reporter = reporter
        self._wanted = frozenset(departements)
        self._closed_by = PartialDate(f"..{generated}") if generated else None
        self._named = named
        self._seen: set[str] = set()
        self._claims: list[StructureClaim] = []
        self._pending: list[tuple[int, Pair, str]] = []
        self.members: dict[str, tuple[str, str]] = {}
        self.departements: set[str] = set()

    def add(self, item: Record) -> None:
        """Add one legal entity and its establishments."""
        info = record_of(item.get("informationsGeneralesPMEJ"))
        sites = records_of(item.get("ege"))
        self._reporter.read(1 + len(sites))
        number = str(info.get("numFinessPm") or "")
        names = (text_of(info.get(name)) for name in ENTITY_NAMES)
        known = manager(text_of(info.get("statutJuridique")), *names)
        self._guarded(number, self._entity, number, info, item, known)
        entity = number if is_finess(number) else None
        for site in sites:
            self._guarded(number, self._establishment, site, entity, known)

    def _guarded(self, number: str, take: Callable[..., None], *record: object) -> None:
        """Take a record; one whose values are of another type is rejected alone."""
        try:
            take(*record)
        except (AttributeError, TypeError, ValueError) as error:
            self._reporter.reject(f"pmej {number}", "finess.malformed", why=str(error)[:200])

    def finish(self) -> list[StructureClaim]:
        """Return all claims, projected positions turned into degrees in one go."""
        pairs = [pair for _, pair, _ in self._pending]
        found = geo.from_metres(pairs, [departement for _, _, departement in self._pending])
        for (row, pair, departement), degrees in zip(self._pending, found, strict=True):
            claim = self._claims[row]
            if degrees is None:
                self._warn_outside(claim.locator, pair, departement)
                self._claims[row] = msgspec.structs.replace(claim, precision=None, facts=())
            else:
                self._claims[row] = msgspec.structs.replace(
                    claim, longitude=degrees[0], latitude=degrees[1]
                )
        self._pending.clear()
        return self._claims

    def _entity(self, number: str, info: Record, item: Record, known: Manager) -> None:
        where = f"pmej {number or info.get('pmSmsseId')}"
        if not self._sound(where, "numFinessPm", number):
            return
        home = own_address(item.get("adresse"), _SEAT)
        place = place_of(home, number)
        internal = str(info.get("pmSmsseId"))
        if internal in self._named:
            self.members[internal] = (number, place.departement)
        if self._left_out(place) or known.person:
            self._reporter.skip()
            if known.person and not self._left_out(place):
                self._reporter.warn(where, "finess.natural_person")
            return
        period = self._period(
            where, item.get("etatObjet"), info.get("dateCreation"), info.get("dateFermeture")
        )
        if period is None:
            return
        position = self._position(home, place, where)
        claim = entity_claim(
            number,
            SOURCE,
            locator=where,
            names=(info.get(ENTITY_NAMES[0]), info.get(ENTITY_NAMES[1])),
            form=known.form,
            place=place,
            address_line=address_of(home),
            opened=period.opened,
            closed=period.closed,
            category=text_of(info.get("categorieentiteGeographiqueExercice")),
            position=(*position.degrees, position.precision or "") if position.degrees else None,
        )
        self._keep(claim, place, position)

    def _establishment(self, site: Record, entity: str | None, known: Manager) -> None:
        info = record_of(site.get("informationsGeneralesEGE"))
        number = str(info.get("numFinessEge") or "")
        where = f"ege {number or info.get('egeId')}"
        if not self._sound(where, "numFinessEge", number):
            return
        home = own_address(site.get("adresse"), _SITE)
        place = place_of(home, number)
        name, others = both_names(info.get("nomEgeLong"), info.get("nomEgeCourt"))
        if self._left_out(place):
            self._reporter.skip()
            return
        if known.person and known.person & {name, *others}:
            self._reporter.skip()
            self._reporter.warn(where, "finess.natural_person")
            return
        if home is not None and place.commune is None:
            self._warn_commune(where, home)
        status = kinds.legal_status(
            known.form, only_value(info.get("espic")), text_of(site.get("modefixationtarifaire"))
        )
        category = text_of(site.get("categorieentiteGeographiqueExercice"))
        period = self._period(
            where, site.get("etatObjet"), info.get("dateOuverture"), info.get("dateFermeture")
        )
        if period is None:
            return
        position = self._position(home, place, where)
        longitude, latitude = position.degrees or (None, None)
        claim = StructureClaim(
            id=number,
            source=SOURCE,
            locator=where,
            part=place.departement,
            name=name,
            other_names=others,
            kind=kinds.kind_of(category, status, name, known.municipal),
            level="ET",
            category=category,
            legal_status=status,
            commune=place.commune,
            address=address_of(home),
            longitude=longitude,
            latitude=latitude,
            precision=position.precision,
            legal_entity=entity,
            opened=period.opened,
            closed=period.closed,
            siret=self._siret(where, info.get("siret")),
            facts=position.facts,
        )
        self._keep(claim, place, position)

    def _keep(self, claim: StructureClaim, place: Place, position: Position) -> None:
        if position.metres:
            self._pending.append((len(self._claims), position.metres, place.departement))
        self._claims.append(claim)
        self.departements.add(place.departement)
        self._reporter.keep()

    def _sound(self, where: str, field: str, number: str) -> bool:
        """Tell whether a number is well formed and new; else reject its record."""
        if not is_finess(number):
            self._reporter.reject(where, "finess.bad_number", field=field, value=number)
            return False
        if number in self._seen:
            self._reporter.reject(where, "finess.duplicate", field=field, value=number)
            return False
        self._seen.add(number)
        return True

    def _left_out(self, place: Place) -> bool:
        return bool(self._wanted) and place.departement not in self._wanted

    def _period(
        self, where: str, state: object, opening: str | None, closing: str | None
    ) -> Period | None:
        """Return the dates of a record; None rejects one that is closed nobody knows when."""
        opened, closed = self._date(where, opening), self._date(where, closing)
        if opened and closed and closed < opened:
            self._reporter.warn(
                where, "finess.closed_before_opened", value=closed, opened=str(opened)
            )
            opened = None
        if state not in {"A", "I", None}:
            self._reporter.warn(where, "finess.unknown_state", field="etatObjet", value=state)
        if state == "I" and closed is None:
            closed = self._closed_by
            if closed is None:
                self._reporter.reject(where, "finess.closed_undated", field="dateFermeture")
                return None
        return Period(opened, closed)

    def _date(self, where: str, value: str | None) -> PartialDate | None:
        if not value:
            return None
        found = read_date(value)
        if found is None:
            self._reporter.warn(where, "finess.bad_date", value=value)
        return found

    def _siret(self, where: str, value: object) -> str | None:
        text = text_of(value)
        if text and not (len(text) == 14 and text.isdigit()):  # noqa: PLR2004 - SIRET digits
            self._reporter.warn(where, "finess.bad_siret", field="siret", value=text)
            return None
        return text

    def _position(self, home: Record | None, place: Place, where: str) -> Position:
        found, outside = find_position(home, place.departement)
        if outside:
            self._warn_outside(where, outside, place.departement)
        return found

    def _warn_outside(self, where: str, pair: Pair, departement: str) -> None:
        self._reporter.warn(
            where,
            "finess.position_outside",
            field="coordonneesGeographique",
            value=f"{pair[0]}, {pair[1]}",
            departement=departement,
        )

    def _warn_commune(self, where: str, home: Record) -> None:
        code = text_of(home.get("cogCommune"))
        self._reporter.warn(where, "finess.unknown_commune", field="cogCommune", value=code)
