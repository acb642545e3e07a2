"""Places in reach territory by territory, beside the official figures of accessibility."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from explorer.services.coverage_reading import CoverageGround
from graph.analysis.access import Ranked, mean_over, rank_correlation
from graph.analysis.demand import Demand
from graph.analysis.service_areas import Communes
from graph.analysis.situation import is_registered
from graph.dates import latest
from graph.model import Fact, Record, Territory

MEASURED = "apl_"
"""How the topics of official accessibility figures begin."""


class AccessRow(Record, frozen=True, kw_only=True):
    """Places in reach of the people of a territory, by side; None where it is not known.

    `official` are the latest published figures of accessibility of the territory.
    """

    territory: str
    name: str
    population: float | None
    partner: float | None
    supply: float | None
    official: tuple[Fact, ...] = ()


class AccessTable:
    """Figures by territory, from those of each point.

    `unsure` marks points that have a structure in reach of which no capacity can be used.
    """

    def __init__(
        self,
        read: CoverageGround,
        kind: str,
        demand: Demand,
        reached: Mapping[str, npt.NDArray[np.float64]],
        unsure: Mapping[str, npt.NDArray[np.bool_]],
    ) -> None:
        self._atlas = read.situation.atlas
        self._registers = read.situation.registers
        self._kind = kind
        self._demand = demand
        self._reached = reached
        self._unsure = unsure

    def row(self, territory: Territory) -> AccessRow:
        """Return the figures of one territory."""
        communes = self._atlas.communes(territory.id)
        here = np.asarray(self._demand.points.ids.isin(communes), dtype=np.bool_)
        total = float(self._demand.people[here].sum())
        return AccessRow(
            territory=territory.id,
            name=territory.name or territory.code,
            population=None if np.isnan(total) or not communes else total,
            partner=self._mean("partner", communes),
            supply=self._supply(communes),
            official=_official(territory),
        )

    def _supply(self, communes: Communes) -> float | None:
        if not is_registered(self._registers, self._kind, communes):
            return None
        return self._mean("supply", communes)

    def _mean(self, side: str, communes: Communes) -> float | None:
        """Return the mean; where it is nothing, but someone silent is in reach, it is not known."""
        found = mean_over(communes, self._demand, self._reached[side])
        if found:
            return found
        here = np.asarray(self._demand.points.ids.isin(communes), dtype=np.bool_)
        return None if (self._unsure[side] & here).any() else found


def _official(territory: Territory) -> tuple[Fact, ...]:
    """Return the latest published figure of each kind of accessibility."""
    found: dict[str, Fact] = {}
    for fact in territory.figures:
        if fact.topic.startswith(MEASURED) and isinstance(fact.value, float | int):
            held = found.get(fact.topic)
            if held is None or _when(held) < _when(fact):
                found[fact.topic] = fact
    return tuple(found[topic] for topic in sorted(found))


def _when(fact: Fact) -> str:
    return latest(fact.date).isoformat() if fact.date else ""


def ranks_of(communes: list[AccessRow]) -> dict[str, tuple[Ranked, str]]:
    """Return by topic the rank correlation of our supply with official figures, and their date."""
    facts = {row.territory: {fact.topic: fact for fact in row.official} for row in communes}
    topics = sorted({topic for each in facts.values() for topic in each})
    found = {}
    for topic in topics:
        held = [facts[row.territory].get(topic) for row in communes]
        theirs = [float(fact.value) if fact and fact.value is not None else None for fact in held]
        dates = sorted({str(fact.date) for fact in held if fact and fact.date})
        ranked = rank_correlation([row.supply for row in communes], theirs)
        found[topic] = (ranked, ", ".join(dates))
    return found
