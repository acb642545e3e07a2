"""The coverage table: territory by territory and kind by kind, who serves it and on what terms.

The seven states of DOMAIN.md: conventionné, attesté, en propre, lien sans convention, offre non
conventionnée; else aucune offre recensée, or non renseigné. What is not known is None, never zero.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, cast

from graph.analysis.partnership import PARTNER_STATES, STATES, State
from graph.analysis.people import Basis, People, Population, counts_of, people_concerned
from graph.analysis.service_areas import Communes, service_rule
from graph.analysis.situation import Offer, Situation, is_registered, kind_offers, unplaced
from graph.analysis.supply import CAPACITIES, doubtful_capacity
from graph.model import Record

RowState = Literal[State, "no_supply", "unknown"]


class CoverageRow(Record, frozen=True, kw_only=True):
    """One territory and one kind.

    `population` counts people of `basis` (``total``, ``65``, ``75``...). `supply` is how many
    structures serve the territory, None where no register of the kind is loaded for all of it:
    the counts by state are then those known, and there may be more. `unstated` are structures of
    the kind in the same région whose zone or perimeter no source states. `capacity` adds what is
    stated by `capacity_stated` of the structures. `structures` are their ids by state.
    """

    territory: str
    name: str | None
    kind: str
    state: RowState
    population: float | None
    basis: str
    supply: int | None
    own: int
    agreed: int
    attested: int
    linked: int
    unsigned: int
    capacity: float | None
    capacity_stated: int
    places_per_1000: float | None
    partnership_rate: float | None
    unstated: int
    structures: dict[State, tuple[str, ...]]


class CoverageTable(NamedTuple):
    """Rows in the order asked, and by kind the structures that could not be counted as stated.

    `unplaced` serve no known commune (no commune, zone or perimeter stated); of kinds that serve
    their place, those of other départements than asked are left out. `doubtful` state a capacity
    that cannot be believed, taken as not stated.
    """

    rows: list[CoverageRow]
    unplaced: dict[str, tuple[str, ...]]
    doubtful: dict[str, tuple[str, ...]]


def coverage_table(
    situation: Situation,
    territories: Sequence[str],
    kinds: Sequence[str],
    population: Population | People = "concerned",
    activity: str | None = None,
) -> CoverageTable:
    """Return who serves each territory, kind by kind.

    Parameters
    ----------
    situation : Situation
        What is known on the day.
    territories : sequence of str
        References (``level:code``) of any levels.
    kinds : sequence of str
        Kinds of structure.
    population : {'concerned', 'total', '65', '75'} or People
        Which people: those whom the kind concerns by default; or a weight of one's own (stays).
    activity : str, optional
        Only structures with this activity, and its beds and places.

    Returns
    -------
    CoverageTable
        A row for each kind and territory.

    Raises
    ------
    UsageError
        A kind or territory that is not known.
    """
    communes = {ref: situation.atlas.communes(situation.atlas[ref].id) for ref in territories}
    asked: Communes = frozenset().union(*communes.values())
    table = CoverageTable([], {}, {})
    for kind in kinds:
        found = kind_offers(situation, kind, activity)
        concerned = asked.union(*(item.communes or () for item in found))
        people = _people(situation, asked, concerned, kind, population)
        reading = _Reading(situation, kind, found, people, activity)
        for ref, serving in _serving(found, communes).items():
            table.rows.append(reading.row(ref, serving))
        table.unplaced[kind] = unplaced(found, asked, kind)
        table.doubtful[kind] = tuple(
            item.structure.id for item in found if doubtful_capacity(item.structure, kind, activity)
        )
    return table


def _people(
    situation: Situation,
    asked: Communes,
    concerned: Communes,
    kind: str,
    population: Population | People,
) -> People:
    """Return the people of all communes concerned, on the basis that those asked about have."""
    if isinstance(population, People):
        return population
    found = people_concerned(situation.atlas, asked, kind, population)
    everywhere = counts_of(situation.atlas, concerned, cast("Basis", found.basis))
    return found._replace(by_commune=everywhere)


def _serving(found: Sequence[Offer], communes: Mapping[str, Communes]) -> dict[str, list[Offer]]:
    """Return the offers that serve any commune of each territory."""
    holders: dict[str, list[str]] = defaultdict(list)
    for ref, codes in communes.items():
        for code in codes:
            holders[code].append(ref)
    serving: dict[str, list[Offer]] = {ref: [] for ref in communes}
    for offer in found:
        for ref in {ref for code in offer.communes or () for ref in holders.get(code, ())}:
            serving[ref].append(offer)
    return serving


@dataclass(frozen=True)
class _Reading:
    """One kind, read over every territory."""

    situation: Situation
    kind: str
    found: Sequence[Offer]
    people: People
    activity: str | None

    def row(self, ref: str, serving: Sequence[Offer]) -> CoverageRow:
        """Return the row of the territory `ref`, which `serving` serve."""
        territory = self.situation.atlas[ref]
        communes = self.situation.atlas.communes(ref)
        by_state = {
            state: tuple(offer.structure.id for offer in serving if offer.state == state)
            for state in STATES
        }
        counts = {state: len(ids) for state, ids in by_state.items()}
        unstated = self._unstated(communes)
        registered = is_registered(self.situation.registers, self.kind, communes)
        known = registered and (bool(serving) or not unstated)
        population = self.people.of(territory, communes)
        return CoverageRow(
            territory=ref,
            name=territory.name,
            kind=self.kind,
            state=_state(counts, known=known),
            population=population,
            basis=self.people.basis,
            supply=len(serving) if known else None,
            **counts,
            capacity=self._capacity(serving, known=known),
            capacity_stated=sum(offer.capacity is not None for offer in serving),
            places_per_1000=self._density(serving, communes, population, known=known),
            partnership_rate=_rate(counts) if known else None,
            unstated=unstated,
            structures=by_state,
        )

    def _capacity(self, serving: Sequence[Offer], *, known: bool) -> float | None:
        """Return the places stated; 0 where it is known that there are none."""
        stated = [offer.capacity for offer in serving if offer.capacity is not None]
        counted = self.activity is not None or self.kind in CAPACITIES
        nothing = known and not serving and counted
        return math.fsum(stated) if stated or nothing else None

    @cached_property
    def _silent(self) -> list[Communes]:
        """The régions where structures sit of which no zone or perimeter is stated."""
        if service_rule(self.kind) == "place":
            return []
        atlas = self.situation.atlas
        return [
            atlas.parents(offer.structure.commune or "", "region")
            for offer in self.found
            if offer.communes is None
        ]

    def _unstated(self, communes: Communes) -> int:
        """Return how many structures may serve `communes`: in a région in common, or unknown."""
        if not self._silent:
            return 0
        atlas = self.situation.atlas
        regions = frozenset().union(*(atlas.parents(code, "region") for code in communes))
        return sum(not seats or not seats.isdisjoint(regions) for seats in self._silent)

    def _density(
        self,
        serving: Sequence[Offer],
        communes: Communes,
        population: float | None,
        *,
        known: bool,
    ) -> float | None:
        """Return places per 1,000 people; those of a zone are shared among the people of it."""
        if not known or not population or self._capacity(serving, known=known) is None:
            return None
        stated = [
            (offer.capacity, self._share(offer, communes))
            for offer in serving
            if offer.capacity is not None
        ]
        if any(share is None for _, share in stated):
            return None
        return 1000 * math.fsum(places * (share or 0) for places, share in stated) / population

    def _share(self, offer: Offer, communes: Communes) -> float | None:
        served = offer.communes or frozenset()
        if served <= communes:
            return 1.0
        inside, everywhere = (
            self.people.living_in(served & communes),
            self.people.living_in(served),
        )
        return None if inside is None or not everywhere else inside / everywhere


def _state(counts: Mapping[State, int], *, known: bool) -> RowState:
    found = next((state for state in STATES if counts[state]), None)
    return found or ("no_supply" if known else "unknown")


def _rate(counts: Mapping[State, int]) -> float | None:
    """Return the share of the structures of others that are partners, None if there are none."""
    others = sum(counts.values()) - counts["own"]
    return sum(counts[state] for state in PARTNER_STATES) / others if others else None
