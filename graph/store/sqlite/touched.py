"""Which things a load touched, with the claims it has in hand about them."""

from __future__ import annotations

from collections.abc import Iterable

from graph.model import AnyClaim
from graph.store.sqlite.encoding import KINDS, Encoded


class Touched:
    """Things to resolve again, by kind: all ids, and the claim written last where there is one."""

    def __init__(self) -> None:
        self.ids: list[set[str]] = [set() for _ in KINDS]
        self.stated: list[dict[str, tuple[int, AnyClaim]]] = [{} for _ in KINDS]

    def state(self, written: Iterable[tuple[int, Encoded]]) -> None:
        """Note the claims that were written, each with its row."""
        stated = self.stated
        for key, (kind, claim, _) in written:
            stated[kind][claim.id] = (key, claim)
        for kind, claims in enumerate(stated):
            self.ids[kind].update(claims)

    def forget(self, kind: int, ident: str) -> None:
        """Note that the claims about a thing changed: what is in hand does not stand for them."""
        self.ids[kind].add(ident)
        self.stated[kind].pop(ident, None)

    def is_empty(self) -> bool:
        """Tell whether nothing has to be resolved."""
        return not any(self.ids)
