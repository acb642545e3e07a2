"""Which sites serve the most people: covering location problems, solved exactly.

- maximal covering (MCLP): Church & ReVelle, *Papers of the Regional Science Association* 32
  (1974), 101-118;
- set covering (LSCP): Toregas, Swain, ReVelle & Bergman, *Operations Research* 19 (1971),
  1363-1373.

The solver is HiGHS, through SciPy, with no gap allowed. Equal optima are found by solving again
with the sets already found forbidden.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from graph.analysis.covering import (
    LONGEST_SECONDS,
    SAME,
    Allowed,
    Row,
    Site,
    fewest_sites,
    most_covered,
    read_world,
)
from graph.analysis.frames import Floats
from graph.analysis.optima import Optima, Sites, all_optima
from graph.analysis.watch import SILENT, Watch


class SitingResult(NamedTuple):
    """Sites chosen, beside the fixed ones.

    `objective` is the demand covered, that of the fixed sites included (for a set covering: the
    number of sites). `optima` are all sets that do as well, `chosen` the first of them;
    `truncated` tells that there may be more than were looked for.
    """

    objective: float
    chosen: Sites
    optima: tuple[Sites, ...]
    truncated: bool


class Timed(NamedTuple):
    """What was found in a time: `proven`, or else the best so far; no choice goes over `bound`."""

    result: SitingResult
    proven: bool
    bound: float


@dataclass(frozen=True, kw_only=True)
class SitingRules:
    """What else the chosen sites must respect.

    Parameters
    ----------
    include, exclude : sequence of site
        Sites that must, and must not, be among the chosen.
    territory : mapping of site to territory
        Where each candidate stands; with `per_territory`, at most so many are chosen in each.
    capacity : mapping of site to number
        Places of each candidate; with `least_capacity`, no smaller one is chosen; with
        `total_capacity`, the chosen have at least so many together.
    """

    include: Sequence[Site] = ()
    exclude: Sequence[Site] = ()
    territory: Mapping[Site, str] = field(default_factory=dict)
    per_territory: int | None = None
    capacity: Mapping[Site, float] = field(default_factory=dict)
    least_capacity: float | None = None
    total_capacity: float | None = None


def maximal_coverage(  # noqa: PLR0913 - the published arguments, and who looks on
    cost: pd.DataFrame,
    demand: pd.Series,
    radius: float,
    count: int,
    fixed: Sequence[Site] = (),
    rules: SitingRules | None = None,
    limit: int = 100,
    *,
    watch: Watch = SILENT,
) -> SitingResult:
    """Return the sites that together cover the most demand.

    Parameters
    ----------
    cost : DataFrame
        Columns ``origin``, ``destination``, ``cost``; every destination that is not fixed is a
        candidate. Pairs that are absent or NaN are out of reach.
    demand : Series
        People by origin id.
    radius : float
        Largest cost at which a site covers an origin (inclusive).
    count : int
        Exactly min(`count`, candidates) sites are chosen.
    fixed : sequence of site, optional
        Sites that are there already: partners of today.
    rules : SitingRules, optional
        What else must hold; `include` is part of `count`.
    limit : int
        How many equal optima are looked for.
    watch : Watch
        Told of each optimum found; can stop.

    Returns
    -------
    SitingResult
        The objective includes what `fixed` covers.

    Raises
    ------
    ValueError
        Unknown, empty or duplicate ids; a negative or unknown number; or rules that no choice of
        sites respects.
    """
    return coverage_in_time(
        cost, demand, radius, count, fixed, rules, limit, watch=watch, seconds=math.inf
    ).result


def coverage_in_time(  # noqa: PLR0913 - those of maximal_coverage, and the time
    cost: pd.DataFrame,
    demand: pd.Series,
    radius: float,
    count: int,
    fixed: Sequence[Site] = (),
    rules: SitingRules | None = None,
    limit: int = 100,
    *,
    watch: Watch = SILENT,
    seconds: float = LONGEST_SECONDS,
) -> Timed:
    """Return :func:`maximal_coverage`; after `seconds`, the best found and that it is not proven.

    Raises
    ------
    ValueError
        As there.
    UsageError
        No choice at all was found in the time.
    """
    world = read_world(cost, demand, radius, fixed)
    if count < 0 or count != int(count):
        raise ValueError(f"count must be a whole number, not negative: {count}")
    allowed = _allowed(world.candidates, rules or SitingRules())
    size = min(int(count), int(allowed.upper.sum()))
    found = all_optima(most_covered(world, allowed, size), world, limit, watch, seconds)
    proven = math.isclose(found.bound, found.score, rel_tol=SAME)
    return Timed(_result(found), proven, found.bound)


def set_covering(
    cost: pd.DataFrame,
    demand: pd.Series,
    radius: float,
    fixed: Sequence[Site] = (),
    limit: int = 100,
) -> SitingResult:
    """Return the fewest sites so that all demand that any site can cover is within `radius`.

    Parameters are those of :func:`maximal_coverage`. Demand that no site reaches asks for none:
    compare with :func:`within_reach`.
    """
    world = read_world(cost, demand, radius, fixed)
    return _result(all_optima(fewest_sites(world), world, limit, seconds=math.inf))


def within_reach(cost: pd.DataFrame, demand: pd.Series, radius: float) -> pd.Series:
    """Tell for each origin whether any destination is within `radius`."""
    world = read_world(cost, demand, radius, ())
    return pd.Series(world.coverable, index=demand.index, name="within_reach")


def _allowed(candidates: list[Site], rules: SitingRules) -> Allowed:
    """Return what the rules allow."""
    places = {site: place for place, site in enumerate(candidates)}
    lower, upper = np.zeros(len(places)), np.ones(len(places))
    upper[[places[site] for site in rules.exclude if site in places]] = 0
    if rules.least_capacity is not None:
        sizes = _capacities(candidates, rules, upper > 0)
        upper[sizes < rules.least_capacity] = 0
    barred = {site for site, place in places.items() if not upper[place]}
    if lost := [site for site in rules.include if site in barred or site not in places]:
        raise ValueError(f"must be included, but is no candidate: {lost[:5]}")
    lower[[places[site] for site in rules.include]] = 1
    return Allowed(lower, upper, [*_spread(candidates, rules), *_total(candidates, rules, upper)])


def _capacities(candidates: list[Site], rules: SitingRules, asked: npt.NDArray[np.bool_]) -> Floats:
    """Return the capacity of each candidate that is asked about; raise where it is not known."""
    sizes = np.array([rules.capacity.get(site, math.nan) for site in candidates], dtype=np.float64)
    wrong = asked & ~(np.isfinite(sizes) & (sizes >= 0))
    if wrong.any():
        named = [candidates[place] for place in np.flatnonzero(wrong)[:5]]
        raise ValueError(f"capacity missing or negative, state it or exclude the site: {named}")
    return np.where(asked, sizes, 0.0)


def _spread(candidates: list[Site], rules: SitingRules) -> list[Row]:
    if rules.per_territory is None:
        return []
    if lost := [site for site in candidates if site not in rules.territory]:
        raise ValueError(f"territory missing, state it or exclude the site: {lost[:5]}")
    where = np.array([rules.territory[site] for site in candidates], dtype=object)
    return [
        ((where == name).astype(np.float64), 0, rules.per_territory) for name in sorted(set(where))
    ]


def _total(candidates: list[Site], rules: SitingRules, upper: Floats) -> list[Row]:
    if rules.total_capacity is None:
        return []
    return [(_capacities(candidates, rules, upper > 0), rules.total_capacity, math.inf)]


def _result(found: Optima) -> SitingResult:
    return SitingResult(abs(found.score), found.sites[0], found.sites, found.truncated)
