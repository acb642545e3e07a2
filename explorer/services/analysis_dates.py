"""The network on two days, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import msgspec

from explorer.services.analysis import graph_of, kinds_of
from explorer.services.network import NetworkAnswer, network_of
from graph.analysis import Comparison, Watch, compare
from graph.analysis.watch import SILENT
from graph.errors import UsageError
from graph.store.port import GraphStore


@dataclass(frozen=True)
class Compared:
    """The network on two days, the earlier first, and what changed."""

    before: NetworkAnswer
    after: NetworkAnswer
    changes: Comparison

    def name_of(self, key: str) -> str:
        """Return the name of a structure of either day, its id where no source names it."""
        item = self.after.structures.get(key) or self.before.structures.get(key)
        return (item.name if item else None) or key


def compared(
    store: GraphStore, answer: NetworkAnswer, other: date, *, watch: Watch = SILENT
) -> Compared:
    """Compare the network of `answer` with the same question on the day `other`.

    Raises
    ------
    UsageError
        Both days are the same.
    """
    day = answer.selection.on
    if other == day:
        raise UsageError("analysis.same_day", day=day.isoformat())
    second = network_of(store, msgspec.structs.replace(answer.selection, on=other))
    before, after = (second, answer) if other < day else (answer, second)
    kinds = kinds_of(before) | kinds_of(after)
    changes = compare(graph_of(before), graph_of(after), kinds, watch=watch)
    return Compared(before=before, after=after, changes=changes)
