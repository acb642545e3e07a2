"""What every loader shares: its declaration, its context, and helpers to report rows.

A loader is a pure reader: paths and a context in, one :class:`graph.store.port.LoadBatch` out. It
never writes to the store, so each can be tested alone and a dry run is free.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from graph.store.port import LoadBatch, Progress, ReadReport, Rejection

if TYPE_CHECKING:
    from graph.store.port import GraphStore

REJECTIONS_KEPT = 1000
"""How many rejections a report lists; its counts are never capped."""


class LoadContext(msgspec.Struct, kw_only=True):
    """What a loader may look at besides its files.

    `store` is read only (names to match, communes known), None in a first load. `departements`
    limits the load to these codes. `options` holds what one loader alone understands (a mapping
    profile, a sheet name).
    """

    store: GraphStore | None = None
    departements: tuple[str, ...] = ()
    progress: Progress | None = None
    options: dict[str, str] = {}


class SourceSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A loader as the registry lists it. Texts are catalogue keys ``source.<id>.*``.

    `by_departement` tells that it honours the départements of a context.
    """

    id: str
    family: str
    read: Callable[[Sequence[Path], LoadContext], LoadBatch]
    by_departement: bool = False
    needs_path: bool = True
    extensions: tuple[str, ...] = ()
    publisher: str = ""
    licence: str = ""
    address: str = ""
    guarded: bool = False


class Reporter:
    """Counts rows and keeps the first rejections."""

    def __init__(self) -> None:
        self.report = ReadReport()

    def read(self, count: int = 1) -> None:
        """Count `count` rows read."""
        self.report.read += count

    def keep(self, count: int = 1) -> None:
        """Count `count` rows kept."""
        self.report.kept += count

    def skip(self, count: int = 1) -> None:
        """Count `count` rows left aside on purpose (out of scope, empty)."""
        self.report.skipped += count

    def reject(
        self,
        row: str,
        code: str,
        *,
        field: str | None = None,
        value: object = None,
        **params: object,
    ) -> None:
        """Count a row that could not be taken, and keep why."""
        self.report.rejected += 1
        if len(self.report.rejections) < REJECTIONS_KEPT:
            self.report.rejections.append(_rejection(row, code, field, value, params))

    def reject_also(
        self,
        row: str,
        code: str,
        *,
        field: str | None = None,
        value: object = None,
        **params: object,
    ) -> None:
        """Keep another reason for a row that is already counted as rejected."""
        if len(self.report.rejections) < REJECTIONS_KEPT:
            self.report.rejections.append(_rejection(row, code, field, value, params))

    def warn(
        self,
        row: str,
        code: str,
        *,
        field: str | None = None,
        value: object = None,
        **params: object,
    ) -> None:
        """Keep a remark on a row that was taken all the same."""
        if len(self.report.warnings) < REJECTIONS_KEPT:
            self.report.warnings.append(_rejection(row, code, field, value, params))


def _rejection(
    row: str, code: str, field: str | None, value: object, params: dict[str, object]
) -> Rejection:
    shown = None if value is None else str(value)[:200]
    kept = {
        key: msgspec.convert(item, str | int | float | list[str]) for key, item in params.items()
    }
    return Rejection(row=row, code=code, field=field, value=shown, params=kept)


def checksum(paths: Sequence[Path]) -> str:
    """Return the SHA-256 of the files' bytes, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
