"""Structures coloured by a group or sized by a measure: the view as before, the legend with it.

Symbols keep the kind. A sign stands in the symbol and in the legend, so that colour does not speak
alone; what has no group, or no value, is said and never drawn as if it had one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from explorer.palette import (
    GROUP_COLOURS,
    LARGEST,
    NEUTRAL,
    OTHER_GROUPS,
    SMALLEST,
    SMALLEST_SIGNED,
)
from explorer.viewmodel.model import LegendGroup, LegendSize, ViewModel, ViewNode

REST, NONE = "+", "–"
"""Signs of the groups beyond the colours at hand, and of what has no group."""
_ROOMY = 7.5  # radius from which a sign can be read


class Groups(NamedTuple):
    """What structures are coloured by.

    `of` gives the group of each structure in words; one that it lacks has none. `order` is that of
    the legend where the groups have one, else the largest comes first.
    """

    title: str
    of: Mapping[str, str]
    none: str
    rest: str
    order: Sequence[str] = ()


class Measure(NamedTuple):
    """What structures are sized by: values from 0 up, `said` puts one in words."""

    title: str
    of: Mapping[str, float]
    said: Callable[[float | None], str]
    yes_no: bool = False


def coloured(view: ViewModel, groups: Groups) -> ViewModel:
    """Return `view` coloured by `groups`; kinds keep their symbol and turn grey in the legend."""
    counts = Counter(groups.of[node.id] for node in view.nodes if node.id in groups.of)
    rank = {name: at for at, name in enumerate(groups.order)}
    ordered = sorted(counts, key=lambda name: (rank.get(name, len(rank)), -counts[name], name))
    named = dict(zip(ordered, _marks(), strict=False))
    nodes = tuple(_in_colour(node, groups, named) for node in view.nodes)
    return msgspec.structs.replace(
        view,
        nodes=nodes,
        legend_kinds=tuple(
            msgspec.structs.replace(kind, colour=NEUTRAL) for kind in view.legend_kinds
        ),
        legend_groups=_legend(nodes, groups, named),
        group_title=groups.title,
    )


def _marks() -> list[tuple[str, str]]:
    return [(str(at + 1), colour) for at, colour in enumerate(GROUP_COLOURS)]


def _in_colour(node: ViewNode, groups: Groups, named: Mapping[str, tuple[str, str]]) -> ViewNode:
    group = groups.of.get(node.id)
    if group is None:
        code, colour = NONE, NEUTRAL
    else:
        code, colour = named.get(group, (REST, OTHER_GROUPS))
    said = groups.none if group is None else group
    return msgspec.structs.replace(
        node,
        colour=colour,
        code=code,
        group=group,
        size=max(node.size, _ROOMY) if node.role != "supply" else node.size,
        lines=(*node.lines, f"{groups.title} · {said}"),
    )


def _legend(
    nodes: Sequence[ViewNode], groups: Groups, named: Mapping[str, tuple[str, str]]
) -> tuple[LegendGroup, ...]:
    counts = Counter(node.code for node in nodes)
    labels = {code: (label, colour) for label, (code, colour) in named.items()}
    labels |= {REST: (groups.rest, OTHER_GROUPS), NONE: (groups.none, NEUTRAL)}
    return tuple(
        LegendGroup(code=code, label=label, colour=colour, count=counts[code])
        for code, (label, colour) in labels.items()
        if counts[code]
    )


def sized(view: ViewModel, measure: Measure) -> ViewModel:
    """Return `view` with radii by `measure`: the area above the smallest grows with the value."""
    values = [measure.of[node.id] for node in view.nodes if _has(measure, node)]
    most = max(values, default=0.0)
    scale = Scale(most, SMALLEST_SIGNED if view.legend_groups else SMALLEST)
    nodes = tuple(_of_size(node, measure, scale) for node in view.nodes)
    return msgspec.structs.replace(
        view,
        nodes=nodes,
        legend_sizes=_sizes(measure, scale) if values else (),
        size_title=measure.title,
    )


class Scale(NamedTuple):
    """The greatest value, and the radius in pixels of the least."""

    most: float
    smallest: float = SMALLEST

    def radius(self, value: float | None) -> float:
        """Return the radius in pixels of `value`, the smallest where there is none."""
        if value is None or self.most <= 0:
            return self.smallest
        share = min(max(value / self.most, 0.0), 1.0)
        return round(math.sqrt(self.smallest**2 + (LARGEST**2 - self.smallest**2) * share), 2)


def _has(measure: Measure, node: ViewNode) -> bool:
    return math.isfinite(measure.of.get(node.id, math.nan))


def _of_size(node: ViewNode, measure: Measure, scale: Scale) -> ViewNode:
    value = measure.of[node.id] if _has(measure, node) else None
    return msgspec.structs.replace(
        node,
        value=value,
        size=scale.radius(value),
        lines=(*node.lines, f"{measure.title} · {measure.said(value)}"),
    )


def _sizes(measure: Measure, scale: Scale) -> tuple[LegendSize, ...]:
    most = scale.most
    shown = (1.0, 0.0) if measure.yes_no else (most, most / 3, 0.0)
    found = {measure.said(value): scale.radius(value) for value in shown}
    return tuple(LegendSize(label=label, size=size) for label, size in found.items())
