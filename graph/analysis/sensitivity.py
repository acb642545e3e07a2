"""Whether a choice of partners holds at other radii and detours: what does not is fragile."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from graph.analysis.covering import SAME
from graph.analysis.plan_rules import Constraints
from graph.analysis.proximity import Travel
from graph.analysis.suggestions import NO_RULE, Field, Suggestion
from graph.analysis.watch import SILENT, Watch
from graph.errors import UsageError
from graph.model import Record

SHARES = (0.5, 0.8, 1.0, 1.25, 1.5)
"""Radii at which a choice is tried again, as shares of the radius asked."""

DETOURS = (1.0, 1.15, 1.3, 1.5)
"""Detour factors at which it is tried again: as the crow flies, to a river that must be rounded."""

TRIAL_SECONDS = 15.0
"""Time for each of the twenty choices: one that is not proven says nothing on what holds."""

LATE = "coverage_rule.late"


class Trial(Record, frozen=True, kw_only=True):
    """The same choice at another radius and detour.

    `radius` is in metres by road, so that people within ``radius / detour`` as the crow flies are
    reached. `people_kept` are those reached if the choice made at the radius asked is kept;
    `people_best` those that the best choice here reaches. `holds` where keeping it loses nobody.
    `found` is None where no choice respects the rules here.
    """

    radius: float
    detour: float
    found: Suggestion | None
    people_kept: float
    holds: bool

    @property
    def people_best(self) -> float | None:
        """People reached by the best choice here."""
        return None if self.found is None else self.found.people_covered_after


class Sensitivity(Record, frozen=True, kw_only=True):
    """A choice, and the same at every radius and detour tried.

    `stable` are the structures chosen at every one of them where anybody can be, by at least one of
    the equal optima.
    """

    reference: Suggestion
    trials: tuple[Trial, ...]
    stable: tuple[str, ...]

    @property
    def fragile(self) -> bool:
        """Tell whether another choice would be better anywhere."""
        return not all(trial.holds for trial in self.trials)

    @property
    def worst(self) -> float:
        """The most people that keeping the choice would lose, over all trials."""
        losses = [(trial.people_best or 0) - trial.people_kept for trial in self.trials]
        return max([0.0, *losses])


class Turning(NamedTuple):
    """Where a choice changes first, moving one thing only; None where it never does.

    `nearer` and `farther` are radii in metres, `detour` a factor.
    """

    nearer: float | None
    farther: float | None
    detour: float | None


def sensitivity(
    field: Field,
    radius: float,
    count: int,
    constraints: Constraints = NO_RULE,
    *,
    shares: Sequence[float] = SHARES,
    detours: Sequence[float] = DETOURS,
    watch: Watch = SILENT,
) -> Sensitivity:
    """Choose again at every radius and detour: a choice that changes with them is fragile.

    Parameters
    ----------
    field : Field
        Who could serve whom (:func:`graph.analysis.suggestions.field_of`); radii that it does not
        hold are not tried.
    radius : float
        Metres as the crow flies at which the choice was made.
    count : int
        How many to sign with.
    constraints : Constraints, optional
        What else must hold of them.
    shares : sequence of float
        Radii to try, as shares of `radius`.
    detours : sequence of float
        Detour factors to try, at least 1.
    watch : Watch
        Progress and stop.

    Returns
    -------
    Sensitivity
        Trials by radius, then by detour.

    Raises
    ------
    UsageError
        A radius or detour that cannot be meant, or constraints that no choice respects at the
        radius asked.
    """
    for detour in detours:
        Travel(detour=detour)
    reference = field.choose(radius, count, constraints, watch)
    tried = [share * radius for share in shares if share * radius <= field.radius]
    cells = list(product(tried, detours))
    trials = []
    for done, (metres, detour) in enumerate(cells):
        watch.step("sensitivity", done, len(cells))
        trials.append(_trial(field, reference, metres, detour, constraints))
    # where nobody is in reach of anyone there is nothing to choose
    named = [
        {site for sites in trial.found.solutions for site in sites} if trial.found else set()
        for trial in trials
        if trial.found is None or trial.found.candidates
    ]
    stable = set[str].intersection(*named) if named else set()
    return Sensitivity(reference=reference, trials=tuple(trials), stable=tuple(sorted(stable)))


def turning(found: Sensitivity) -> Turning:
    """Return where the choice changes first: a smaller, a larger radius, a longer detour."""
    asked = found.reference.radius
    straight = sorted(
        (t for t in found.trials if t.detour == 1), key=lambda trial: abs(trial.radius - asked)
    )
    around = sorted(
        (t for t in found.trials if math.isclose(t.radius, asked)), key=lambda trial: trial.detour
    )
    return Turning(
        nearer=next((t.radius for t in straight if not t.holds and t.radius < asked), None),
        farther=next((t.radius for t in straight if not t.holds and t.radius > asked), None),
        detour=next((t.detour for t in around if not t.holds), None),
    )


def _trial(
    field: Field, reference: Suggestion, radius: float, detour: float, constraints: Constraints
) -> Trial:
    crow = radius / detour
    kept = max(field.covered(reference.solutions, crow))
    try:
        found = field.choose(crow, reference.count, constraints, seconds=TRIAL_SECONDS)
    except UsageError as error:
        if error.code == LATE:
            raise
        # a structure that must be chosen reaches nobody here: there is nothing to compare with
        return Trial(radius=radius, detour=detour, found=None, people_kept=kept, holds=False)
    if not found.proven:
        raise UsageError(LATE, seconds=TRIAL_SECONDS)
    best = found.people_covered_after
    holds = math.isclose(kept, best, rel_tol=SAME, abs_tol=SAME)
    return Trial(radius=radius, detour=detour, found=found, people_kept=kept, holds=holds)
