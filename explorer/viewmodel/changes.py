"""Two days in one view: what is new, what has ended, what goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from explorer.viewmodel.model import Change, LegendChange, ViewModel, ViewNode, ViewTie

_IN_NETWORK = frozenset({"focus", "focus_site", "partner"})
CHANGES: tuple[Change, ...] = ("new", "ended", "kept")


class ChangeWords(NamedTuple):
    """Heading of the legend, and the words of each change: in the legend, and of one thing."""

    title: str
    legend: dict[tuple[str, Change], str]
    one: dict[tuple[str, Change], str]


def compared_view(
    view: ViewModel, other: ViewModel, words: ChangeWords, *, other_is_earlier: bool
) -> ViewModel:
    """Return `view` with what `other` (the same question on another day) shows beside it.

    Parameters
    ----------
    view, other : ViewModel
        The day looked at, and the day compared with; in one language, positions of one base.
    words : ChangeWords
        In the language of the views.
    other_is_earlier : bool
        Which of the two days comes first: what is new is new on the later one.
    """
    first, last = (other, view) if other_is_earlier else (view, other)
    before, after = _present(first), _present(last)
    nodes = [_node(node, before, after, words) for node in _both(view.nodes, other.nodes)]
    others = _redrawn(other.ties, _aliases(view, other))
    known, beside = ({tie.id for tie in side} for side in (view.ties, others))
    was, now = (beside, known) if other_is_earlier else (known, beside)
    ties = (*view.ties, *(tie for tie in others if tie.id not in known))
    shown = [_tie(tie, was, now, words) for tie in ties]
    return msgspec.structs.replace(
        view,
        nodes=tuple(sorted(nodes, key=lambda node: node.id)),
        ties=tuple(sorted(shown, key=lambda tie: tie.id)),
        legend_changes=_legend(nodes, shown, words),
        change_title=words.title,
    )


def _present(view: ViewModel) -> frozenset[str]:
    """Return who is in the network, under every id that is drawn as one."""
    found = (node for node in view.nodes if node.role in _IN_NETWORK)
    return frozenset(key for node in found for key in (node.id, *node.stands_for))


def _both(nodes: Sequence[ViewNode], others: Sequence[ViewNode]) -> list[ViewNode]:
    known = {key for node in nodes for key in (node.id, *node.stands_for)}
    return [*nodes, *(node for node in others if known.isdisjoint((node.id, *node.stands_for)))]


def _aliases(view: ViewModel, other: ViewModel) -> dict[str, str]:
    """Return as whom `view` draws what `other` draws as somebody else: an entity, its site."""
    drawn = {key: node.id for node in view.nodes for key in (node.id, *node.stands_for)}
    found = {}
    for node in other.nodes:
        same = (drawn[key] for key in (node.id, *node.stands_for) if key in drawn)
        found[node.id] = next(same, node.id)
    return found


def _redrawn(ties: Sequence[ViewTie], aliases: Mapping[str, str]) -> list[ViewTie]:
    """Return `ties` between the structures as drawn; one within a single symbol is none."""
    found: dict[str, ViewTie] = {}
    for tie in ties:
        ends = sorted((aliases[tie.source], aliases[tie.target]))
        key = "--".join(ends)
        if ends[0] != ends[1]:
            moved = msgspec.structs.replace(tie, id=key, source=ends[0], target=ends[1])
            found.setdefault(key, tie if key == tie.id else moved)
    return list(found.values())


def _node(
    node: ViewNode, before: Collection[str], after: Collection[str], words: ChangeWords
) -> ViewNode:
    keys = (node.id, *node.stands_for)
    change = _change(any(key in before for key in keys), any(key in after for key in keys))
    if change is None:
        return node
    lines = (*node.lines, words.one["node", change]) if change != "kept" else node.lines
    return msgspec.structs.replace(node, change=change, lines=lines)


def _tie(
    tie: ViewTie, before: Collection[str], after: Collection[str], words: ChangeWords
) -> ViewTie:
    change = _change(tie.id in before, tie.id in after)
    if change in {None, "kept"}:
        return msgspec.structs.replace(tie, change=change)
    label = f"{tie.label} · {words.one['tie', change]}"
    return msgspec.structs.replace(tie, change=change, label=label)


def _change(was: bool, now: bool) -> Change | None:  # noqa: FBT001 - two facts, of one kind
    if was and now:
        return "kept"
    if was or now:
        return "new" if now else "ended"
    return None


def _legend(
    nodes: Sequence[ViewNode], ties: Sequence[ViewTie], words: ChangeWords
) -> tuple[LegendChange, ...]:
    kinds: tuple[Literal["node", "tie"], ...] = ("node", "tie")
    counts = {
        "node": Counter(node.change for node in nodes),
        "tie": Counter(tie.change for tie in ties),
    }
    return tuple(
        LegendChange(what=what, change=change, label=words.legend[what, change], count=found)
        for what in kinds
        for change in CHANGES
        if (found := counts[what][change])
    )
