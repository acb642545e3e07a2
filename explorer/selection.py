"""The selection: what a person looks at, shared by pages, commands and figures."""

from __future__ import annotations

from datetime import date

from graph.model import Record
from graph.projection import Layers
from graph.vocabulary import COUNTED_STATUSES


class Selection(Record, frozen=True, kw_only=True):
    """Focus, date and filters. Empty filters keep everything.

    `territories` are references (``arrondissement:941``); `statuses` empty means those under
    which a tie exists. `supply` also shows structures of `kinds` that are no partner. Without
    `restricted`, agreements marked *restreint* do not exist: what leaves the directorate.
    """

    focus: str | None
    on: date
    kinds: frozenset[str] = frozenset()
    territories: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    inherit: bool = True
    instances: bool = False
    contacts: bool = False
    supply: bool = False
    restricted: bool = True

    @property
    def layers(self) -> Layers:
        """Return the layers that the projection is asked for."""
        return Layers(
            instances=self.instances,
            contacts=self.contacts,
            inherit=self.inherit,
            statuses=self.statuses or frozenset(COUNTED_STATUSES),
            themes=self.themes,
        )
