"""A network unfolded in the plane: related structures near one another, none on another.

Force-directed (Fruchterman & Reingold 1991) from a start by pivot distances (Brandes & Pich 2007).
In large networks the repulsion of all pairs is summed on a mesh by FFT, as in particle-mesh codes
(Hockney & Eastwood 1988), so that a round costs n + m + mesh, not n². Nothing is random but the
seeded start: the same network gives the same picture.

Coordinates are in no unit of the ground: about :data:`LINK` lies between two neighbours, and at
least :data:`ROOM` between any two structures, in pixels at scale 1; x to the right, y upwards.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from scipy import fft
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from graph.analysis.simple import AnyGraph, Floats, Ints, Mask, Node, Simple, read

LINK = 64.0
ROOM = 34.0
EXACT_UP_TO = 400
"""Nodes whose repulsion is summed pair by pair; above, on a mesh."""
MESH = 128
PIVOTS = 24
ROUNDS = ((400, 260), (1500, 220), (10**9, 160))
"""Up to so many nodes, so many rounds."""
_GOLDEN = np.pi * (3 - np.sqrt(5))
_PATIENCE = 40  # rounds of parting before all is spread a little wider
_TINY = 1e-9
_SOFT = 0.6  # cells of the mesh within which repulsion no longer grows

Positions = dict[Any, tuple[float, float]]


def unfold(graph: AnyGraph, *, seed: int = 1) -> Positions:
    """Return where each node of `graph` is drawn.

    Parameters
    ----------
    graph : networkx graph
        Read as simple and undirected; weights do not matter.
    seed : int
        Of the jitter that parts nodes which the start puts at one place.

    Returns
    -------
    dict
        ``(x, y)`` by node, in the order of the graph. Parts without a tie between them stand side
        by side, the largest first; isolated nodes in rows below.
    """
    simple = read(graph)
    found = np.zeros((simple.size, 2))
    tied = simple.degree > 0
    parts = _parts(simple, tied)
    boxes = [_part(simple, part, seed) for part in parts]
    for part, placed in zip(parts, _side_by_side(boxes), strict=True):
        found[part] = placed
    if tied.any():
        found[tied] -= (found[tied].min(axis=0) + found[tied].max(axis=0)) / 2
    result = {node: _pair(found[at]) for at, node in enumerate(simple.nodes) if tied[at]}
    return _in_order(simple.nodes, result | in_rows(_loners(simple, tied), result))


def settle(
    graph: AnyGraph, known: Mapping[Any, tuple[float, float]], group: Mapping[Any, Hashable]
) -> Positions:
    """Return positions for `graph` in which nothing that is `known` moves.

    Parameters
    ----------
    graph : networkx graph
        What is to be drawn: any part of the network that was unfolded, and more.
    known : mapping of node to (x, y)
        From :func:`unfold`, of the whole network.
    group : mapping of node to group
        Isolated newcomers of one group stand together, in rows below what is known.

    Returns
    -------
    dict
        ``(x, y)`` by node. A newcomer stands at the nearest free place to the middle of its
        neighbours that have one.
    """
    simple = read(graph)
    placed = {node: known[node] for node in simple.nodes if node in known}
    taken = dict(known)
    waiting = [node for node in simple.nodes if node not in known]
    beside = _neighbours(simple, waiting)
    while waiting:
        ready = [node for node in waiting if any(other in taken for other in beside[node])]
        if not ready:
            break
        for node in ready:
            middle = np.mean([taken[other] for other in beside[node] if other in taken], axis=0)
            taken[node] = placed[node] = _free_place(middle, taken)
        waiting = [node for node in waiting if node not in placed]
    waiting.sort(key=lambda node: (str(group.get(node, "")), str(node)))
    return _in_order(simple.nodes, placed | in_rows(waiting, taken))


def in_rows(nodes: Sequence[Node], above: Mapping[Any, tuple[float, float]]) -> Positions:
    """Return `nodes` in rows as wide as what is `above`, a little below it."""
    if not nodes:
        return {}
    step = ROOM * 1.15
    box = np.array(list(above.values())) if above else np.zeros((1, 2))
    left, bottom = float(box[:, 0].min()), float(box[:, 1].min())
    width = float(np.ptp(box[:, 0]))
    columns = int(max(width // step + 1, np.ceil(np.sqrt(len(nodes) * 2)), 1))
    start = left if width >= (columns - 1) * step else float(box[:, 0].mean())
    shift = 0.0 if start == left else (min(columns, len(nodes)) - 1) * step / 2
    return {
        node: (start - shift + at % columns * step, bottom - 2 * step - at // columns * step)
        for at, node in enumerate(nodes)
    }


def _in_order(nodes: Sequence[Node], found: Positions) -> Positions:
    return {node: found[node] for node in nodes}


def _loners(simple: Simple, tied: Mask) -> list[Node]:
    return [node for node, has in zip(simple.nodes, tied.tolist(), strict=True) if not has]


def _parts(simple: Simple, tied: Mask) -> list[Ints]:
    """Return the positions of the nodes of each component of two or more, the largest first."""
    members = np.flatnonzero(tied)
    by_part: dict[int, list[int]] = {}
    for at in members.tolist():
        by_part.setdefault(int(simple.component[at]), []).append(at)
    ordered = sorted(by_part.values(), key=lambda part: (-len(part), part[0]))
    return [np.array(part, dtype=np.int64) for part in ordered]


def _part(simple: Simple, part: Ints, seed: int) -> Floats:
    kept = np.zeros(simple.size, dtype=bool)
    kept[part] = True
    own = simple.keep(kept)
    return _apart(_forces(own, _start(own, seed)))


def _start(simple: Simple, seed: int) -> Floats:
    """Return first places from distances to a few far-off nodes, a little jittered."""
    chosen = [int(np.argmax(simple.degree))]
    rows: list[Floats] = []
    for _ in range(min(PIVOTS, simple.size)):
        rows.append(csgraph.dijkstra(simple.matrix, indices=chosen[-1], unweighted=True))
        chosen.append(int(np.argmax(np.min(rows, axis=0))))
    squared = np.array(rows).T ** 2
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1, keepdims=True) + squared.mean()
    _, _, axes = np.linalg.svd(centred.T @ centred)
    flat: Floats = -0.5 * centred @ axes[:2].T
    if flat.shape[1] < 2:  # noqa: PLR2004 - a plane has two
        flat = np.column_stack([flat, np.zeros(len(flat))])
    spread = float(np.abs(flat).max()) or 1.0
    jitter = np.random.default_rng(seed).normal(scale=0.05, size=flat.shape)
    start: Floats = (flat / spread + jitter) * LINK * np.sqrt(simple.size)
    return start


def _forces(simple: Simple, at: Floats) -> Floats:
    rounds = next(count for most, count in ROUNDS if simple.size <= most)
    a, b = simple.ends.T
    repulsion = _pairwise if simple.size <= EXACT_UP_TO else _on_mesh
    for turn in range(rounds):
        along = at[a] - at[b]
        pull = along * (np.hypot(along[:, 0], along[:, 1]) / LINK)[:, None]
        # A structure with many partners would swing: its pull counts by its square root.
        pull /= np.sqrt(np.maximum(simple.degree[a], simple.degree[b]))[:, None] ** 0.5
        move = LINK**2 * repulsion(at)
        for axis in (0, 1):
            move[:, axis] += np.bincount(b, pull[:, axis], simple.size)
            move[:, axis] -= np.bincount(a, pull[:, axis], simple.size)
        move -= at * 0.02  # what hangs on by little does not drift away
        length = np.maximum(np.hypot(move[:, 0], move[:, 1]), 1e-9)
        most = LINK * np.sqrt(simple.size) * 0.12 * (1 - turn / rounds) ** 1.5 + 0.5
        at = at + move * (np.minimum(length, most) / length)[:, None]
    return at


def _pairwise(at: Floats) -> Floats:
    """Return the sum of r/|r|² from every other node, pair by pair."""
    x, y = (at[:, axis, None] - at[None, :, axis] for axis in (0, 1))
    squared = x * x + y * y
    np.fill_diagonal(squared, 1.0)
    inverse = 1 / np.maximum(squared, 1.0)
    return np.column_stack([(x * inverse).sum(axis=1), (y * inverse).sum(axis=1)])


def _on_mesh(at: Floats) -> Floats:
    """Return the same, with the nodes spread on a mesh: exact far off, softened within a cell."""
    low = at.min(axis=0)
    cell = max(float(np.ptp(at, axis=0).max()) / (MESH - 2), 1e-9)
    place = (at - low) / cell
    corner = place.astype(np.int64)
    part = place - corner
    cells, shares = _corners(corner, part)
    mass = np.bincount(cells.ravel(), shares.ravel(), MESH * MESH).reshape(MESH, MESH)
    spectrum = fft.rfft2(mass, (2 * MESH, 2 * MESH))
    found = np.empty_like(at)
    for axis, kernel in enumerate(_kernels()):
        field = fft.irfft2(spectrum * kernel, (2 * MESH, 2 * MESH))[:MESH, :MESH].ravel()
        found[:, axis] = (field[cells] * shares).sum(axis=0) / cell
    return found


def _corners(corner: Ints, part: Floats) -> tuple[Ints, Floats]:
    """Return, for each of the four cells around each node, its number and the share it takes."""
    steps = [(i, j) for i in (0, 1) for j in (0, 1)]
    cells = np.array([(corner[:, 0] + i) * MESH + corner[:, 1] + j for i, j in steps])
    shares = np.array([np.abs(1 - i - part[:, 0]) * np.abs(1 - j - part[:, 1]) for i, j in steps])
    return cells, shares


@cache
def _kernels() -> tuple[Any, Any]:
    steps = fft.fftfreq(2 * MESH, 1 / (2 * MESH))
    x, y = np.meshgrid(steps, steps, indexing="ij")
    inverse = 1 / np.maximum(x * x + y * y, _SOFT**2)
    return fft.rfft2(x * inverse), fft.rfft2(y * inverse)


def _apart(at: Floats) -> Floats:
    """Return `at` with no two nodes nearer than :data:`ROOM`."""
    at = at.copy()
    for turn in range(400):
        pairs = cKDTree(at).query_pairs(ROOM + 0.3, output_type="ndarray")
        if not len(pairs):
            return at
        if turn % _PATIENCE == _PATIENCE - 1:
            at *= 1.06  # too crowded to be parted where they stand
        pairs = pairs[np.lexsort(pairs.T[::-1])]
        a, b = pairs.T
        along = at[a] - at[b]
        length = np.hypot(along[:, 0], along[:, 1])
        angle = (a + b) * _GOLDEN
        same = length < _TINY
        along[same] = np.column_stack([np.cos(angle), np.sin(angle)])[same]
        length = np.where(same, 1.0, length)
        gap = np.where(same, ROOM + 0.3, ROOM + 0.3 - length)
        push = along / length[:, None] * (gap * 0.52 + 0.01)[:, None]
        for axis in (0, 1):
            at[:, axis] += np.bincount(a, push[:, axis], len(at))
            at[:, axis] -= np.bincount(b, push[:, axis], len(at))
    return at


def _side_by_side(boxes: Sequence[Floats]) -> list[Floats]:
    """Return the parts moved so that none covers another: the first, then rows at its right."""
    placed: list[Floats] = []
    x = y = row = 0.0
    height = max((float(np.ptp(box[:, 1])) for box in boxes), default=0.0)
    for box in boxes:
        size = np.ptp(box, axis=0) + ROOM * 1.6
        if placed and y + size[1] > height + ROOM * 1.6:
            x, y, row = x + row, 0.0, 0.0
        placed.append(box - box.min(axis=0) + (x, y))
        y, row = y + float(size[1]), max(row, float(size[0]))
    return placed


def _neighbours(simple: Simple, wanted: Sequence[Node]) -> dict[Node, list[Node]]:
    found: dict[Node, list[Node]] = {node: [] for node in wanted}
    for a, b in simple.ends.tolist():
        for one, other in ((a, b), (b, a)):
            if simple.nodes[one] in found:
                found[simple.nodes[one]].append(simple.nodes[other])
    return found


def _free_place(middle: Floats, taken: Mapping[Any, tuple[float, float]]) -> tuple[float, float]:
    """Return the first place on a spiral around `middle` that is :data:`ROOM` from all others."""
    others = np.array(list(taken.values()))
    for step in range(20_000):
        distance, angle = ROOM * 0.5 * np.sqrt(step), _GOLDEN * step
        at = middle + distance * np.array([np.cos(angle), np.sin(angle)])
        if (np.hypot(*(others - at).T) >= ROOM).all():
            return _pair(at)
    return _pair(middle)


def _pair(at: Floats) -> tuple[float, float]:
    return round(float(at[0]), 1), round(float(at[1]), 1)
