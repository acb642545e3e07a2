"""Stores that each break one promise of selections, counts, neighbourhoods and chains."""

from __future__ import annotations

import msgspec

from graph.model import Cooperation
from graph.status import standing
from graph.store.port import (
    CooperationQuery,
    EgoQuery,
    Neighbourhood,
    Path,
    PathQuery,
    StructureQuery,
    TieFilter,
)
from tests.contract.store.broken import Broken

replace = msgspec.structs.replace


class SelectsAnyParty(Broken):
    def select_cooperations(self, query: CooperationQuery) -> list[Cooperation]:
        return super().select_cooperations(replace(query, parties=frozenset()))


class ForgetsAmendments(Broken):
    def select_cooperations(self, query: CooperationQuery) -> list[Cooperation]:
        found = super().select_cooperations(replace(query, on=None, statuses=frozenset()))
        standings = [query.on and standing(item, query.on) for item in found]
        return [
            item
            for item, now in zip(found, standings, strict=True)
            if not query.on or (now and (not query.statuses or now.status in query.statuses))
        ]


class CountsEverything(Broken):
    def structure_counts(self, query: StructureQuery = StructureQuery()) -> dict[str, int]:  # noqa: B008
        return super().structure_counts()


class WalksOneStep(Broken):
    def neighbourhood(self, query: EgoQuery) -> Neighbourhood:
        return super().neighbourhood(replace(query, depth=1))


class WalksOn(Broken):
    def neighbourhood(self, query: EgoQuery) -> Neighbourhood:
        return super().neighbourhood(replace(query, limit=500))


class LivesOutsideTime(Broken):
    def neighbourhood(self, query: EgoQuery) -> Neighbourhood:
        return super().neighbourhood(replace(query, ties=_any_day(query.ties)))

    def paths(self, query: PathQuery) -> list[Path]:
        return super().paths(replace(query, ties=_any_day(query.ties)))


class TakesTheLongWay(Broken):
    def paths(self, query: PathQuery) -> list[Path]:
        return super().paths(replace(query, every=True))


class TakesAnyWay(Broken):
    def neighbourhood(self, query: EgoQuery) -> Neighbourhood:
        return super().neighbourhood(replace(query, ties=TieFilter()))


def _any_day(ties: TieFilter) -> TieFilter:
    return replace(ties, on=None, statuses=frozenset())
