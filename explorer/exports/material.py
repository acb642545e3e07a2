"""What every writer is given: the view, the network behind it, and what was asked of the file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time

import msgspec

from explorer.exports.options import COVERAGE, TABLES, Options
from explorer.services.coverage import CoverageAnswer
from explorer.services.network import NetworkAnswer
from explorer.viewmodel.model import ViewModel
from explorer.viewmodel.placing import Place
from graph.model import SourceRecord, Territory


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a file can be made of; nothing here knows of a store.

    Attributes
    ----------
    view : ViewModel
        What the screen shows; its caption already has the title asked for.
    answer : NetworkAnswer
        The network and its records. Restricted agreements are already gone if not asked for.
    places : mapping of id to Place
        Where structures stand, metres of ``view.crs``; one without a position is absent.
    drawn_with : mapping of id to id
        Main establishments, by the legal entity that the view draws in their place.
    territories : tuple of Territory
        Those behind the network, polygons included (WKB, WGS 84).
    communes : mapping of code to name
        Names of the communes that structures are in.
    sources : mapping of id to SourceRecord
        Every source known.
    entities : mapping of id to name
        Legal entities of the structures, where a source names them.
    coverage : CoverageAnswer or None
        Who serves each territory, where it was asked for.
    left_out : int
        Restricted agreements that were left out of the ties.
    """

    view: ViewModel
    answer: NetworkAnswer
    places: Mapping[str, Place]
    drawn_with: Mapping[str, str]
    territories: tuple[Territory, ...]
    communes: Mapping[str, str]
    sources: Mapping[str, SourceRecord]
    entities: Mapping[str, str]
    options: Options = Options()
    coverage: CoverageAnswer | None = None
    left_out: int = 0

    @property
    def language(self) -> str:
        """Return the reader's language."""
        return self.view.language

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the structures of the file, sorted: the whole network, and the supply if shown."""
        return tuple(sorted({*self.answer.network.structures, *self.answer.supply}))

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the tables of the file, in the order of its sheets."""
        return TABLES if self.coverage is None else (*TABLES, COVERAGE)

    @property
    def moment(self) -> datetime:
        """Return the moment written into files: the day looked at, never that of the export."""
        return datetime.combine(self.answer.selection.on, time(), tzinfo=UTC)

    def name(self, key: str) -> str:
        """Return what the structure `key` is called, its id where no source says."""
        structure = self.answer.structures.get(key)
        return (structure.name if structure else None) or key
