"""Covering programs: who can be covered by whom, and the solver."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Hashable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from graph.analysis.frames import COLUMNS, Floats, numbers, read_costs, unique_index
from graph.errors import UsageError

SAME = 1e-9
"""Relative difference below which two objectives are equal: sums of many shares of people."""

SCALE = 1e5
"""Largest weight given to the solver."""

LONGEST_SECONDS = 60.0
"""Time that the solver is given for a choice; then the best found is said not to be proven."""

LEAST_SECONDS = 1.0
_INFEASIBLE, _LATE = 2, 1
"""SciPy's codes."""

Site = Hashable
Picks = tuple[int, ...]
Row = tuple[Floats, float, float]


class Solved(NamedTuple):
    """A choice found (none where there is none), and the score that no choice goes beyond."""

    picks: list[Picks]
    bound: float
    timely: bool = True


class Allowed(NamedTuple):
    """Bounds of each candidate, and rows over all of them."""

    lower: Floats
    upper: Floats
    rows: list[Row]


class World(NamedTuple):
    """Who can be covered by whom.

    `reach` (groups x candidates, 0 or 1; `columns` is the same by column) and `people` are of the
    demand that fixed sites leave; origins within reach of the same candidates are one group.
    """

    candidates: list[Site]
    reach: sparse.csr_array
    columns: sparse.csc_array
    people: Floats
    before: float
    coverable: npt.NDArray[np.bool_]


def read_world(
    cost: pd.DataFrame, demand: pd.Series, radius: float, fixed: Sequence[Site]
) -> World:
    """Return who can be covered by whom, from a cost table.

    Raises
    ------
    ValueError
        Unknown, empty or duplicate ids; a radius, cost or demand that is negative or not known.
    """
    if not radius >= 0:
        raise ValueError(f"radius must not be negative: {radius}")
    if missing := [name for name in COLUMNS if name not in cost.columns]:
        raise ValueError(f"cost has no column {', '.join(missing)}")
    people = numbers(demand, "demand")
    sites = pd.Index(list(cost["destination"].dropna().unique())).sort_values()
    reach = read_costs(cost, unique_index(demand.index, "demand"), sites)
    reach.data = (reach.data <= radius).astype(np.float64)
    reach.eliminate_zeros()
    columns = reach.tocsc()
    standing = list(fixed)
    kept = sites.get_indexer(pd.Index(standing, dtype=None if standing else sites.dtype))
    if (kept < 0).any():
        lost = [site for site, place in zip(standing, kept, strict=True) if place < 0]
        raise ValueError(f"fixed names a site that cost does not: {lost[:5]}")
    covered = np.zeros(len(people), dtype=bool)
    covered[columns[:, kept].tocoo().row] = True
    others = np.setdiff1d(np.arange(len(sites)), kept)
    groups, totals = _grouped(columns[:, others].tocsr(), np.where(covered, 0.0, people))
    return World(
        candidates=sites[others].tolist(),
        reach=groups,
        columns=groups.tocsc(),
        people=totals,
        before=math.fsum(people[covered]),
        coverable=np.diff(reach.indptr) > 0,
    )


def _grouped(reach: sparse.csr_array, people: Floats) -> tuple[sparse.csr_array, Floats]:
    """Return the origins that can still be covered, those with the same candidates together."""
    reach.sort_indices()
    first: dict[bytes, int] = {}
    totals: dict[int, list[float]] = {}
    for row in np.flatnonzero((people > 0) & (np.diff(reach.indptr) > 0)):
        key = reach.indices[reach.indptr[row] : reach.indptr[row + 1]].tobytes()
        totals.setdefault(first.setdefault(key, int(row)), []).append(float(people[row]))
    rows = np.array(list(totals), dtype=np.intp)
    return reach[rows], np.array([math.fsum(shares) for shares in totals.values()])


class Model(NamedTuple):
    """A program for the solver, which minimises: the first variables say which sites are chosen.

    `rules` are rows over the sites alone, each with its least and most; `links` tie the demand
    counted to the sites; `score` tells, exactly, how good a choice is, and `unscaled` the score
    that a cost of the solver stands for.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    rules: list[Row]
    links: list[LinearConstraint]
    sites: int
    score: Callable[[Picks], float]
    unscaled: Callable[[float], float]

    def solve(self, forbidden: Collection[Picks], seconds: float) -> Solved:
        """Return one best choice that is not forbidden, in a list; none if there is none.

        After `seconds` it is the best found until then.

        Raises
        ------
        UsageError
            Nothing was found in the time.
        """
        if not self.sites:
            return Solved([] if forbidden else [()], self.score(()))
        limited = {} if seconds == math.inf else {"time_limit": max(seconds, LEAST_SECONDS)}
        found = milp(
            self.cost,
            integrality=self._wide(np.ones(self.sites)),
            bounds=Bounds(self.lower, self.upper),
            constraints=[*self.links, *self._rows(), *self._cuts(forbidden)],
            options={"mip_rel_gap": 0.0, **limited},
        )
        if found.status == _INFEASIBLE:
            return Solved([], -math.inf)
        late = found.status == _LATE
        if found.x is None:
            if late:
                raise UsageError("coverage_rule.late", seconds=seconds)
            raise RuntimeError(f"the solver gave no answer: {found.message}")
        picks: Picks = tuple(np.flatnonzero(found.x[: self.sites] > 1 / 2).tolist())
        bound = self.unscaled(found.mip_dual_bound) if late else self.score(picks)
        return Solved([picks], bound, timely=not late)

    def allows(self, picks: Picks) -> bool:
        """Tell whether a choice respects bounds and rules."""
        chosen = np.zeros(self.sites)
        chosen[list(picks)] = 1
        fits = (chosen >= self.lower[: self.sites]) & (chosen <= self.upper[: self.sites])
        return bool(fits.all()) and all(
            least <= row @ chosen <= most for row, least, most in self.rules
        )

    def _wide(self, row: Floats) -> Floats:
        return np.append(row, np.zeros(len(self.cost) - self.sites))

    def _rows(self) -> list[LinearConstraint]:
        return [LinearConstraint(self._wide(row), least, most) for row, least, most in self.rules]

    def _cuts(self, forbidden: Collection[Picks]) -> list[LinearConstraint]:
        """Return, for each set found already, that it may not be chosen whole again."""
        if not forbidden:
            return []
        sizes = np.array([len(picks) for picks in forbidden])
        rows = np.repeat(np.arange(len(forbidden)), sizes)
        columns = np.array([site for picks in forbidden for site in picks], dtype=np.intp)
        shape = len(forbidden), len(self.cost)
        cuts = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
        return [LinearConstraint(cuts, ub=sizes - 1)]


def most_covered(world: World, allowed: Allowed, size: int) -> Model:
    """Return the program: a group counts only if one of its `size` sites is chosen."""
    width, groups = len(world.candidates), len(world.people)
    counted = sparse.hstack([world.reach, -sparse.eye_array(groups)], format="csr")
    # the solver stops within 1e-6 of the best: shares of a person must weigh more than that
    scale = SCALE / world.people.max() if groups else 1.0
    scaled = world.people * scale
    return Model(
        cost=np.append(np.zeros(width), -scaled),
        lower=np.append(allowed.lower, np.zeros(groups)),
        upper=np.append(allowed.upper, np.ones(groups)),
        rules=[*allowed.rows, (np.ones(width), size, size)],
        links=[LinearConstraint(counted, lb=0)] if groups else [],
        sites=width,
        score=partial(_covered, world),
        unscaled=lambda cost: world.before - cost / scale,
    )


def fewest_sites(world: World) -> Model:
    """Return the program: every group has one of its sites."""
    width = len(world.candidates)
    return Model(
        cost=np.ones(width),
        lower=np.zeros(width),
        upper=np.ones(width),
        rules=[],
        links=[LinearConstraint(world.reach, lb=1)] if len(world.people) else [],
        sites=width,
        score=lambda picks: -float(len(picks)),
        unscaled=lambda cost: -float(cost),
    )


def _covered(world: World, picks: Picks) -> float:
    """Return the demand that the sites cover, counted anew: a solver's own sum is not exact."""
    reached = world.columns[:, list(picks)].sum(axis=1) > 0
    return math.fsum([world.before, *world.people[reached]])
