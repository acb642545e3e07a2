"""Betweenness: exact by rustworkx, or estimated from a sample of sources with its error."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd
import rustworkx as rx
from scipy.special import ndtri

from graph.analysis.cache import remembered
from graph.analysis.simple import AnyGraph, Floats, Ints, Simple, read
from graph.analysis.watch import SILENT, Watch

LONG = 300_000_000
"""Nodes times ties from which the exact answer takes more than about ten seconds."""
PATIENCE_SECONDS = 0.2
"""How often a long computation asks whether it should stop."""
BLOCK_CELLS = 4_000_000
"""Nodes times sources that one block of the estimate holds."""
DECIMALS = 10
"""rustworkx adds up in threads, in an order that varies: the last digits are noise."""
RISK = 0.05
"""Share of draws in which some value may be further off than the margin."""


@dataclass(frozen=True)
class Estimate:
    """An estimated betweenness: it is no exact value, and says so.

    Attributes
    ----------
    values : pandas.Series
        By node id.
    margin : float
        In at least 95 draws of 100, no value is further than this from the exact one: the largest
        standard error, times the normal quantile for as many comparisons as nodes (Bonferroni).
        It is one margin for all, since the standard error of a lesser node is too small: most of
        what it would tell comes from a few sources that were not drawn.
    pivots, sources : int
        Sources drawn, out of how many.
    """

    values: pd.Series[float]
    margin: float
    pivots: int
    sources: int

    @property
    def exact(self) -> bool:
        """Tell whether every source was drawn."""
        return self.pivots == self.sources


@remembered
def betweenness(simple: Simple, watch: Watch = SILENT) -> Floats:
    """Return betweenness (Freeman 1977), unnormalised, each unordered pair counted once.

    Where someone may stop it and it is long, it runs in a process of its own.
    """
    watch.step("betweenness")
    if watch.stop is not None and simple.size * simple.ties > LONG:
        return _apart(simple, watch)
    return exact(simple)


def exact(simple: Simple) -> Floats:
    """Return betweenness by rustworkx, in this process."""
    found = rx.betweenness_centrality(simple.engine, normalized=False)
    values = np.array([found[at] for at in range(simple.size)], dtype=np.float64)
    return np.round(values, DECIMALS)


def _apart(simple: Simple, watch: Watch) -> Floats:
    """Compute in another process, which is ended if the answer is no longer wanted."""
    command = [sys.executable, "-m", "graph.analysis.betweenness_process", str(simple.size)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        asked: bytes | None = np.ascontiguousarray(simple.ends).tobytes()
        answer: bytes | None = None
        try:
            while answer is None:
                try:
                    answer, _ = process.communicate(asked, timeout=PATIENCE_SECONDS)
                except subprocess.TimeoutExpired:
                    asked = None
                    watch.step("betweenness")
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return np.frombuffer(answer, dtype=np.float64).copy()


def sampled_betweenness(
    G: AnyGraph, pivots: int = 256, seed: int = 1, *, watch: Watch = SILENT
) -> Estimate:
    """Estimate betweenness from the shortest paths of some sources, linearly scaled.

    Parameters
    ----------
    G : networkx graph
        Read as simple and undirected.
    pivots : int
        Sources drawn without replacement; all of them give the exact value.
    seed : int
        Seed of the draw: the same seed gives the same estimate.
    watch : Watch
        Progress and stop.

    Returns
    -------
    Estimate
        Unnormalised values as :func:`betweenness`, with their margin, from the spread of what
        each source adds (a mean drawn without replacement).

    Notes
    -----
    Geisberger, Sanders & Schultes (2008); pivots: Brandes & Pich (2007).
    """
    simple = read(G)
    size = simple.size
    drawn = min(max(pivots, 2), size)
    sources = np.sort(np.random.default_rng(seed).choice(size, drawn, replace=False))
    total, squares = np.zeros(size), np.zeros(size)
    width = max(1, BLOCK_CELLS // max(size, 1))
    for first in range(0, drawn, width):
        watch.step("betweenness", first, drawn)
        added = _dependencies(simple, sources[first : first + width])
        total += added.sum(axis=1)
        squares += (added**2).sum(axis=1)
    scale = size / max(drawn, 1)
    spread = np.maximum(squares - total**2 / max(drawn, 1), 0) / max(drawn - 1, 1)
    error = size * np.sqrt(spread / max(drawn, 1) * (1 - drawn / max(size, 1)))
    margin = float(ndtri(1 - RISK / (2 * max(size, 1)))) * float(error.max(initial=0))
    index = pd.Index(simple.nodes, name="id", tupleize_cols=False)
    return Estimate(pd.Series(total * scale, index), margin, drawn, size)


def _dependencies(simple: Simple, sources: Ints) -> Floats:
    """Return what each source (column) adds to each node (row): Brandes (2001), level by level.

    A path from s to t counts for v by the share d(s,v)/d(s,t) of it that lies before v; the path
    back adds the rest. Without this, a node beside a source would be far overestimated.
    """
    matrix = simple.matrix
    columns = np.arange(len(sources))
    depth = np.full((simple.size, len(sources)), -1, dtype=np.int32)
    depth[sources, columns] = 0
    paths = np.zeros(depth.shape)
    paths[sources, columns] = 1
    level, frontier = 0, paths.copy()
    while frontier.any():
        level += 1
        frontier = np.where(depth < 0, matrix @ frontier, 0)
        depth[frontier > 0] = level
        paths += frontier
    added = np.zeros(depth.shape)
    for below in range(level - 1, 1, -1):
        share = np.divide(1 / below + added, paths, out=np.zeros(depth.shape), where=depth == below)
        added += np.where(depth == below - 1, paths * (matrix @ share), 0)
    return added * depth
