"""Plans: whom to sign with under rules, whether that holds elsewhere, the remedy of a gap."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from explorer.services.coverage import (
    CoverageAnswer,
    Proposal,
    check_count,
    demand_of,
    suggestion_in,
    with_activity,
)
from explorer.services.coverage_reading import CoverageGround, CoverageQuestion, read_ground
from graph.analysis.plan_rules import Constraints
from graph.analysis.proximity import LARGEST_RADIUS, check_radius
from graph.analysis.remedies import Remedies, remedies
from graph.analysis.sensitivity import SHARES, Sensitivity, sensitivity
from graph.analysis.suggestions import NO_RULE, field_of
from graph.analysis.watch import SILENT, Watch
from graph.errors import UsageError
from graph.store.port import GraphStore

METRES = 1000.0

MOST_PAIRS = 100_000
"""Pairs of a point and a structure beyond which twenty exact choices would take many minutes."""


class Plan(NamedTuple):
    """A choice, the rules it respects, and the same at other radii and detours if asked for.

    `names` are those of every structure that was read.
    """

    proposal: Proposal
    constraints: Constraints
    names: dict[str, str]
    sensitivity: Sensitivity | None = None


def plan_of(
    store: GraphStore,
    question: CoverageQuestion,
    count: int,
    constraints: Constraints = NO_RULE,
    *,
    sensitive: bool = False,
) -> Plan:
    """Return whom to sign with of the one kind of `question`; with `sensitive`, if it holds.

    Raises
    ------
    UsageError
        As :func:`explorer.services.coverage.suggestion_of`.
    """
    check_count(count)
    read = read_ground(store, question)
    (kind,) = question.kinds
    proposal = suggestion_in(read, question, kind, count, constraints)
    names = {item.id: item.name or item.id for item in read.situation.structures}
    if not sensitive:
        return Plan(proposal, constraints, names)
    other = sensitivity_in(read, question, kind, count, constraints)
    return Plan(proposal, constraints, names, other)


def remedies_of(answer: CoverageAnswer, territory: str, kind: str) -> tuple[Remedies, str]:
    """Return who could close the gap of a kind in a territory, and which people are counted.

    Raises
    ------
    UsageError
        No radius, or a kind or territory that is not known.
    """
    read, question = answer.read, answer.question
    metres = check_radius((question.radius_km or 0) * METRES)
    demand, basis = demand_of(read, question, kind)
    found = remedies(with_activity(read, question), territory, kind, demand, metres)
    return found, basis


def sensitivity_in(
    read: CoverageGround,
    question: CoverageQuestion,
    kind: str,
    count: int,
    constraints: Constraints = NO_RULE,
    watch: Watch = SILENT,
) -> Sensitivity:
    """Return whom to sign with at other radii and detours: what changes with them is fragile.

    Raises
    ------
    UsageError
        As :func:`explorer.services.coverage.suggestion_of`, or too many pairs of a point and a
        structure to choose twenty times.
    """
    check_count(count)
    metres = check_radius((question.radius_km or 0) * METRES)
    demand, _ = demand_of(read, question, kind)
    if not np.nansum(demand.people):
        raise UsageError("coverage.no_people")
    widest = min(metres * max(SHARES), LARGEST_RADIUS)
    able = field_of(with_activity(read, question), kind, demand, widest)
    if len(able.cost) > MOST_PAIRS:
        raise UsageError("coverage_rule.wide", pairs=len(able.cost), most=MOST_PAIRS)
    return sensitivity(able, metres, count, constraints, watch=watch)
