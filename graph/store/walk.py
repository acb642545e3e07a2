"""Walks along ties: what lies around, and chains; a store says what is beside some nodes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from graph.store.port import EgoQuery, Path, PathQuery

LONGEST = 10
"""How many relationships a chain has at most, whatever is asked."""

Around = Callable[[Collection[str]], Iterable[str]]
"""Gives the nodes beside some nodes, by reference; the ties to them hold."""


class Step(NamedTuple):
    """A tie seen from one end."""

    start: str
    way: str
    end: str


Beside = Callable[[Collection[str]], Iterable[Step]]
"""Gives the ties that hold beside some nodes."""


class Reached(NamedTuple):
    """Distances by reference, and whether the limit cut nodes off."""

    distances: dict[str, int]
    truncated: bool


def structure_ref(ident: str) -> str:
    """Return the reference of a structure."""
    return f"structure:{ident}"


def reach(query: EgoQuery, around: Around) -> Reached:
    """Return what `query` reaches, level by level, each in order of reference."""
    distances = {structure_ref(ident): 0 for ident in sorted(query.ids)}
    centres = len(distances)
    frontier = list(distances)
    for distance in range(1, query.depth + 1):
        found = sorted(set(around(frontier)).difference(distances)) if frontier else []
        room = query.limit - (len(distances) - centres)
        distances.update(dict.fromkeys(found[:room], distance))
        if len(found) > room:
            return Reached(distances, truncated=True)
        frontier = found
    return Reached(distances, truncated=False)


def chains(query: PathQuery, beside: Beside) -> list[Path]:
    """Return the chains that `query` asks for.

    Distances to the end come first, so that no step is tried that cannot arrive in time.
    """
    start, end = structure_ref(query.start), structure_ref(query.end)
    if start == end or query.limit < 1:
        return []
    left, steps = _towards(end, start, query, beside)
    if start not in left:
        return []
    longest = min(query.longest, LONGEST) if query.every else left[start]
    found = set(_chains([start], [], end, longest, left, steps))
    kept = sorted(found, key=lambda path: (len(path.nodes), path.nodes, path.ways))
    return kept[: query.limit]


def _towards(
    end: str, start: str, query: PathQuery, beside: Beside
) -> tuple[dict[str, int], dict[str, set[tuple[str, str]]]]:
    """Return distances to `end` and, from each node, the steps: way and next node."""
    left, steps = {end: 0}, dict[str, set[tuple[str, str]]]()
    frontier = [end]
    for distance in range(1, min(query.longest, LONGEST) + 1):
        if not frontier or (start in left and not query.every):
            break
        found = []
        for step in beside(frontier):
            steps.setdefault(step.end, set()).add((step.way, step.start))
            if step.end not in left:
                left[step.end] = distance
                found.append(step.end)
        frontier = found
    return left, steps


def _chains(
    nodes: list[str],
    ways: list[str],
    end: str,
    room: int,
    left: dict[str, int],
    steps: dict[str, set[tuple[str, str]]],
) -> Iterator[Path]:
    if nodes[-1] == end:
        yield Path(nodes=tuple(nodes), ways=tuple(ways))
        return
    for way, after in steps.get(nodes[-1], ()):
        if after not in nodes and left[after] < room:
            yield from _chains([*nodes, after], [*ways, way], end, room - 1, left, steps)
