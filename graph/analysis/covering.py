"""Covering programs: who can be covered by whom, the solver, and all of its equal optima."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from graph.analysis.frames import COLUMNS, Floats, numbers, read_costs, unique_index
from graph.analysis.watch import SILENT, Watch

SAME = 1e-9
"""Relative difference below which two objectives are equal: sums of many shares of people."""

SCALE = 1e5
"""Largest weight given to the solver."""

Site = Hashable
Sites = tuple[Site, ...]
Picks = tuple[int, ...]
Row = tuple[Floats, float, float]


class Optima(NamedTuple):
    """The best score, the sets of sites that reach it, sorted, and whether there may be more."""

    score: float
    sites: tuple[Sites, ...]
    truncated: bool


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
    counted to the sites; `score` tells, exactly, how good a choice is.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    rules: list[Row]
    links: list[LinearConstraint]
    sites: int
    score: Callable[[Picks], float]

    def solve(self, forbidden: Collection[Picks]) -> list[Picks]:
        """Return one best choice that is not forbidden, in a list; none if there is none."""
        if not self.sites:
            return [] if forbidden else [()]
        found = milp(
            self.cost,
            integrality=self._wide(np.ones(self.sites)),
            bounds=Bounds(self.lower, self.upper),
            constraints=[*self.links, *self._rows(), *self._cuts(forbidden)],
            options={"mip_rel_gap": 0.0},
        )
        if found.status == 2:  # noqa: PLR2004 - SciPy's code for "infeasible"
            return []
        if found.x is None:
            raise RuntimeError(f"the solver gave no answer: {found.message}")
        return [tuple(np.flatnonzero(found.x[: self.sites] > 1 / 2).tolist())]

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
    scaled = world.people * (SCALE / world.people.max()) if groups else world.people
    return Model(
        cost=np.append(np.zeros(width), -scaled),
        lower=np.append(allowed.lower, np.zeros(groups)),
        upper=np.append(allowed.upper, np.ones(groups)),
        rules=[*allowed.rows, (np.ones(width), size, size)],
        links=[LinearConstraint(counted, lb=0)] if groups else [],
        sites=width,
        score=partial(_covered, world),
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
    )


def all_optima(model: Model, world: World, limit: int, watch: Watch = SILENT) -> Optima:
    """Solve; then solve again without what was found, as long as it is as good.

    Sites that serve the same communes make hundreds of equal optima: those one exchange away
    are found without the solver, which then proves that there is no other.
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1: {limit}")
    found: dict[Picks, float] = {}
    waiting: list[Picks] = []
    while len(found) <= limit:
        watch.step("siting", len(found), limit + 1)
        if waiting:
            fresh = _exchanges(model, world, waiting.pop())
        else:
            fresh = model.solve(found)
            if not fresh or _worse(model.score(fresh[0]), found):
                break
        news = [picks for picks in fresh if picks not in found]
        found |= {picks: model.score(picks) for picks in news}
        waiting += news
    if not found:
        raise ValueError("no choice of sites respects the rules: relax one of them")
    return _result(found, world, limit)


def _result(found: Mapping[Picks, float], world: World, limit: int) -> Optima:
    best = max(found.values())
    equal = [picks for picks, score in found.items() if _same(score, best)]
    optima = sorted(tuple(world.candidates[place] for place in picks) for picks in equal[:limit])
    return Optima(best, tuple(optima), truncated=len(equal) > limit)


def _exchanges(model: Model, world: World, picks: Picks) -> list[Picks]:
    """Return the choices as good as `picks` that differ from it by one site."""
    chosen = world.columns[:, list(picks)]
    times = chosen.sum(axis=1)
    found = []
    for place, site in enumerate(picks):
        here = chosen[:, [place]].toarray().ravel()
        lone = np.where(here * times == 1, world.people, 0.0)
        opened = np.where(times - here == 0, world.people, 0.0)
        gains = world.reach.T @ opened
        others = np.flatnonzero(np.isclose(gains, lone.sum(), rtol=SAME, atol=SAME))
        rest = [each for each in picks if each != site]
        found += [tuple(sorted([*rest, other])) for other in others.tolist() if other not in picks]
    best = model.score(picks)
    return [each for each in found if model.allows(each) and _same(model.score(each), best)]


def _worse(score: float, found: Mapping[Picks, float]) -> bool:
    return bool(found) and score < max(found.values()) and not _same(score, max(found.values()))


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=SAME, abs_tol=0.0)


def _covered(world: World, picks: Picks) -> float:
    """Return the demand that the sites cover, counted anew: a solver's own sum is not exact."""
    reached = world.columns[:, list(picks)].sum(axis=1) > 0
    return math.fsum([world.before, *world.people[reached]])
