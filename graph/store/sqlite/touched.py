"""Which things a load touched, with the claims it has in hand about them."""

from __future__ import annotations

from collections.abc import Sequence

from graph.model import AnyClaim
from graph.store.encoding import KINDS, code_of


class Touched:
    """Things to resolve again, by kind: all ids, and the claim written last where there is one.

    Ids stay in the order in which they come, mostly sorted: sorting them then costs little.

    `rows` are the claims that were changed or removed: what shared their text is out of date.
    """

    def __init__(self) -> None:
        self.ids: list[dict[str, None]] = [{} for _ in KINDS]
        self.stated: list[dict[str, tuple[int, AnyClaim]]] = [{} for _ in KINDS]
        self.rows: list[int] = []

    def add(self, written: Sequence[tuple[int, AnyClaim]]) -> None:
        """Note claims that were added, each with its row."""
        stated = self.stated
        for row in written:
            claim = row[1]
            stated[code_of(claim)][claim.id] = row
        for kind, claims in enumerate(stated):
            self.ids[kind].update(dict.fromkeys(claims))

    def change(self, written: Sequence[tuple[int, AnyClaim]]) -> None:
        """Note claims that were changed, each with its row."""
        self.rows.extend(key for key, _ in written)
        self.add(written)

    def forget(self, key: int, kind: int, ident: str) -> None:
        """Note that the claim `key` changed or went: what is in hand does not stand for it."""
        self.rows.append(key)
        self.ids[kind][ident] = None
        self.stated[kind].pop(ident, None)

    def is_empty(self) -> bool:
        """Tell whether nothing has to be resolved."""
        return not any(self.ids)
