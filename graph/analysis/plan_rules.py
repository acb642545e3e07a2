"""The rules of a plan as they are asked: light, so that links and commands read them quickly."""

from __future__ import annotations

import math

from graph.errors import UsageError
from graph.model import Record

PARTITIONS = ("commune", "arrondissement", "intercommunalite", "departement", "region")
"""Levels of which a commune has one territory: a structure counts once. Perimeters overlap."""


class Constraints(Record, frozen=True, kw_only=True):
    """What the structures to sign with must respect, beside reaching the most people.

    `include` and `exclude` are ids that must, and must not, be chosen. At most `most` are chosen in
    each territory of `level`, where they stand (the seat, for a kind that serves a zone). None is
    smaller than `least_capacity` beds or places.
    """

    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    level: str | None = None
    most: int | None = None
    least_capacity: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if both := self.include & self.exclude:
            raise UsageError("coverage_rule.both", value=", ".join(sorted(both)))
        if self.level is not None and self.level not in PARTITIONS:
            raise UsageError("coverage_rule.level", value=self.level, allowed=", ".join(PARTITIONS))
        if (self.level is None) != (self.most is None) or (self.most is not None and self.most < 1):
            raise UsageError("coverage_rule.most", value=self.most)
        if self.least_capacity is not None and not 0 < self.least_capacity < math.inf:
            raise UsageError("coverage_rule.capacity", value=self.least_capacity)
