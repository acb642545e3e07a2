"""Loading: a file in, a report out; the bundled ecosystem on first start."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec

from explorer.services.holdings import to_undo
from explorer.services.preview import preview_of
from explorer.services.view_tables import Row
from explorer.wording import place_in_words
from graph.errors import InputError, UsageError
from graph.store.port import (
    GraphStore,
    LoadBatch,
    LoadOutcome,
    Progress,
    ReadReport,
    Rejection,
)
from loaders.base import LoadContext, SourceSpec
from loaders.downloads import assets_of, cached_files
from loaders.finess.values import departements_named
from loaders.registry import check_departements, loader

BUNDLED = ("territoires", "reference")
"""Loaded on first start, from files that the program ships."""
_USUAL_SWITCH_SECONDS = sys.getswitchinterval()
_SWITCH_SECONDS = 0.0002


class LoadResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a load read and what it changed (or would change).

    `changes` names what a dry run would add, update and remove, up to 200 of each.
    """

    source: str
    file: str | None
    report: ReadReport
    outcome: LoadOutcome
    dry_run: bool = False
    changes: tuple[Row, ...] = ()


def read_batch(spec: SourceSpec, paths: Sequence[Path], context: LoadContext) -> LoadBatch:
    """Return what `spec` reads in `paths`; without path, in the file that was downloaded last.

    Raises
    ------
    InputError
        A path is missing or given where none is taken, or nothing could be kept.
    UsageError
        No such département, or the loader knows none.
    """
    check_departements(spec, context.departements)
    if spec.needs_path and not paths:
        paths = _downloaded(spec)
    wanted = departements_named(context.departements)
    context = msgspec.structs.replace(context, departements=wanted)
    for path in paths:
        if not path.exists():
            raise InputError("file_missing", file=str(path))
    batch = spec.read(paths, context)
    if not batch.claims:
        raise _nothing_kept(_names(paths), batch.report)
    return batch


def _downloaded(spec: SourceSpec) -> list[Path]:
    found = cached_files(spec.id)
    if not found:
        known = bool(assets_of(spec.id))
        raise InputError("fetch.nothing_cached" if known else "path_needed", source=spec.id)
    return found


def run_load(
    store: GraphStore,
    source: str,
    paths: Sequence[Path] = (),
    *,
    context: LoadContext | None = None,
    allow_removals: bool = False,
) -> LoadResult:
    """Read `paths` with the loader `source` and apply the result to `store`.

    Raises
    ------
    UsageError
        No such loader or département, or the loader knows no département.
    InputError
        A file cannot be read, or nothing in it could be kept; the store is as it was.
    ConfirmationNeeded
        The load would remove much and `allow_removals` is off.
    StoreError
        The store cannot be used; it is as it was.
    """
    spec = loader(source)
    context = context or LoadContext()
    context = msgspec.structs.replace(context, store=store)
    with _hurried():
        batch = read_batch(spec, paths, context)
        outcome = store.apply(batch, allow_removals=allow_removals, progress=context.progress)
    return LoadResult(
        source=source,
        file=batch.file or _names(paths) or None,
        report=batch.report,
        outcome=outcome,
    )


@contextmanager
def _hurried() -> Iterator[None]:
    """Have Python look less for garbage and more often for a thread that waits.

    A load makes no reference cycles, and looking for them costs. Rows are written by a thread of
    their own (:mod:`graph.store.sqlite.bulk`), which needs Python's lock often and for a moment.
    Loads that overlap do no harm: the first to end puts back what was.
    """
    was_on = gc.isenabled()
    gc.disable()
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(_USUAL_SWITCH_SECONDS)
        if was_on:
            gc.enable()


def dry_load(
    store: GraphStore,
    source: str,
    paths: Sequence[Path],
    *,
    context: LoadContext,
    on: date,
    language: str,
) -> LoadResult:
    """Say what :func:`run_load` would do on day `on`, in words; `store` stays as it is.

    Raises
    ------
    UsageError, InputError, StoreError
        As :func:`run_load`; large removals are shown, not asked about.
    """
    spec = loader(source)
    context = msgspec.structs.replace(context, store=store)
    batch = read_batch(spec, paths, context)
    seen = preview_of(store, batch, on, language, context.progress)
    return LoadResult(
        source=source,
        file=batch.file or _names(paths) or None,
        report=seen.report,
        outcome=seen.outcome,
        dry_run=True,
        changes=seen.changes,
    )


class Undone(NamedTuple):
    """What an undo changed, and how many loads that had changed nothing were undone with it."""

    outcome: LoadOutcome
    idle: int


def undo_last(store: GraphStore, source: str) -> Undone:
    """Undo the last load of the loader `source` that changed something.

    Raises
    ------
    UsageError
        No such loader, or nothing of it is left to undo.
    """
    loader(source)
    found = to_undo(store.loads()).get(source)
    if found is None:
        raise UsageError("store.nothing_to_undo", loader=source)
    return Undone(store.undo(source), found.idle)


def load_territories(store: GraphStore, progress: Progress | None = None) -> None:
    """Load the territories of France where they never were: every question rests on them."""
    if not any(record.loader == "territoires" for record in store.loads()):
        run_load(store, "territoires", context=LoadContext(progress=progress))


def load_bundled(store: GraphStore, progress: Progress | None = None) -> bool:
    """Load the bundled ecosystem where nothing was ever loaded; tell whether it was.

    Whoever undoes the reference on purpose does not get it back at the next start.
    """
    done = {record.loader for record in store.loads()}
    missing = [source for source in BUNDLED if source not in done]
    for source in missing:
        run_load(store, source, context=LoadContext(progress=progress))
    return bool(missing)


def result_as_json(result: LoadResult, language: str = "fr") -> dict[str, object]:
    """Return the document that ``maillage load --json`` prints (DESIGN.md section 8)."""
    report, outcome = result.report, result.outcome
    return {
        "source": result.source,
        "file": result.file,
        "dry_run": result.dry_run,
        **{name: getattr(report, name) for name in ("read", "kept", "skipped", "rejected")},
        "rejections": [_row_as_json(item, language) for item in report.rejections],
        "warnings": [_row_as_json(item, language) for item in report.warnings],
        **({"changes": list(result.changes)} if result.dry_run else {}),
        **{
            name: getattr(outcome, name)
            for name in (
                "added",
                "updated",
                "removed",
                "unchanged",
                "structures",
                "cooperations",
                "memberships",
                "territories",
            )
        },
    }


def _row_as_json(row: Rejection, language: str) -> dict[str, object]:
    return {
        "row": place_in_words(row.row, language),
        "field": row.field,
        "value": row.value,
        "reason": row.reason(language),
    }


def _names(paths: Sequence[Path]) -> str:
    return ", ".join(path.name for path in paths)


class _Where(NamedTuple):
    """Row and column of a rejection, said when the reader's language is known."""

    row: str
    field: str | None

    def reason(self, language: str) -> str:
        return ", ".join(filter(None, (place_in_words(self.row, language), self.field)))


def _nothing_kept(file: str, report: ReadReport) -> InputError:
    """Return the error of a file without rows, out of scope, or whose rows are bad."""
    if not report.read:
        return InputError("no_rows", file=file)
    if not report.rejections:
        return InputError("nothing_in_scope", file=file, read=report.read)
    counts = {"read": report.read, "skipped": report.skipped, "rejected": report.rejected}
    first = report.rejections[0]
    where = _Where(first.row, first.field)
    return InputError("nothing_kept_because", file=file, where=where, first=first, **counts)
