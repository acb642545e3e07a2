"""All equal optima of a covering program, or the best that was found in a time."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from time import monotonic
from typing import NamedTuple

import numpy as np

from graph.analysis.covering import LONGEST_SECONDS, SAME, Model, Picks, Site, Solved, World
from graph.analysis.watch import SILENT, Watch
from graph.errors import UsageError

Sites = tuple[Site, ...]


class Optima(NamedTuple):
    """The best score, the sets of sites that reach it, sorted, and whether there may be more.

    `bound` is proven: no choice scores more. It is `score` unless time ran out.
    """

    score: float
    sites: tuple[Sites, ...]
    truncated: bool
    bound: float


def all_optima(
    model: Model,
    world: World,
    limit: int,
    watch: Watch = SILENT,
    seconds: float = LONGEST_SECONDS,
) -> Optima:
    """Solve; then solve again without what was found, as long as it is as good.

    Sites that serve the same communes make hundreds of equal optima: those one exchange away
    are found without the solver, which then proves that there is no other. After `seconds` it is
    not proven: `truncated`, and where the first choice itself was not, `bound` is beyond the score.
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1: {limit}")
    ends = monotonic() + seconds
    found: dict[Picks, float] = {}
    waiting: list[Picks] = []
    bound, late = -math.inf, False
    while len(found) <= limit:
        watch.step("siting", len(found), limit + 1)
        if waiting:
            fresh = _exchanges(model, world, waiting.pop())
        elif late:
            break
        else:
            solved = _solved(model, world, found, ends)
            if solved is None:
                late = True
                break
            fresh, late = solved.picks, not solved.timely
            if not found:
                bound = solved.bound
            if not fresh or _worse(model.score(fresh[0]), found):
                break
        news = [picks for picks in fresh if picks not in found]
        found |= {picks: model.score(picks) for picks in news}
        waiting += news
    if not found:
        raise ValueError("no choice of sites respects the rules: relax one of them")
    return _result(found, world, limit, late=late, bound=bound)


def _solved(model: Model, world: World, found: Collection[Picks], ends: float) -> Solved | None:
    """Return the next choice; None where the time was up for another proof."""
    try:
        solved = model.solve(found, ends - monotonic())
    except UsageError:
        if found:
            return None
        raise
    if solved.timely or found:
        return solved
    return solved._replace(picks=[_climbed(model, world, solved.picks[0])])


def _climbed(model: Model, world: World, picks: Picks) -> Picks:
    """Return a choice at least as good, by exchanges of one site as long as one gains."""
    while True:
        score = model.score(picks)
        better = _best_exchange(model, world, picks)
        if better is None or model.score(better) <= score or _same(model.score(better), score):
            return picks
        picks = better


def _best_exchange(model: Model, world: World, picks: Picks) -> Picks | None:
    chosen = world.columns[:, list(picks)]
    times = chosen.sum(axis=1)
    best: tuple[float, Picks] | None = None
    for place, site in enumerate(picks):
        here = chosen[:, [place]].toarray().ravel()
        gains = world.reach.T @ np.where(times - here == 0, world.people, 0.0)
        gains[list(picks)] = -math.inf
        other = int(np.argmax(gains))
        changed = tuple(sorted([*(each for each in picks if each != site), other]))
        gained = float(gains[other] - np.where(here * times == 1, world.people, 0.0).sum())
        if model.allows(changed) and (best is None or gained > best[0]):
            best = gained, changed
    return best[1] if best else None


def _result(
    found: Mapping[Picks, float], world: World, limit: int, *, late: bool, bound: float
) -> Optima:
    best = max(found.values())
    equal = [picks for picks, score in found.items() if _same(score, best)]
    optima = sorted(tuple(world.candidates[place] for place in picks) for picks in equal[:limit])
    return Optima(best, tuple(optima), late or len(equal) > limit, max(bound, best))


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
