"""Narrowing what another loader read to the structures of one kind, in a series of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from graph.errors import InputError, UsageError
from graph.model import SourceRecord, StructureClaim
from graph.store.port import GraphStore, LoadBatch
from loaders import finess, sae, tabular
from loaders.base import LoadContext, Reporter
from loaders.partner_lists import warn_if_older

Take = Callable[[StructureClaim], StructureClaim | None]
"""Returns the claim to keep, completed where its loader knows more, or None."""

_OLDER = frozenset({"finess.older", "sae.older"})
"""Remarks of the other loaders, which compare with what they brought themselves."""
_WITHOUT_STATUS = frozenset({"CDS", None})
"""Kinds that a structure has as long as nobody states whose it is."""

_SAE_HEADER = re.compile(r'\W*"?bor"?\s*;\s*"?an"?\s*;', re.IGNORECASE)


def is_sae(path: Path) -> bool:
    """Tell whether `path` is a table of the SAE base, by its header."""
    return bool(_SAE_HEADER.match(tabular.start_lines(path)[0]))


def read_narrowed(
    loader: str, paths: Sequence[Path], context: LoadContext, take: Take
) -> LoadBatch:
    """Read FINESS files or SAE tables and keep what `take` keeps.

    Parameters
    ----------
    loader : str
        Id of the loader; it names the series and the sources.
    paths : sequence of Path
        FINESS files of any layout, or SAE tables; not both in one load.
    context : LoadContext
        As for the loaders that read these files.
    take : callable
        Which claims are kept.

    Raises
    ------
    InputError
        A file that is neither, or holds none of the kinds.
    UsageError
        FINESS files and SAE tables in one load.
    """
    tables = [is_sae(path) for path in paths]
    if any(tables) and not all(tables):
        raise UsageError("kind.mixed", source=loader)
    read = sae.read if any(tables) else finess.read
    return narrow(loader, read(paths, context), take, context.store)


def narrow(loader: str, batch: LoadBatch, take: Take, store: GraphStore | None = None) -> LoadBatch:
    """Return `batch` with only what `take` keeps, as a load of `loader`.

    A file older than the one that the store holds is judged by what `loader` itself brought.
    """
    structures = (claim for claim in batch.claims if isinstance(claim, StructureClaim))
    kept = [claim for item in structures if (claim := take(item)) is not None]
    if not kept:
        uncategorised = batch.loader == sae.SPEC.id and not any(
            isinstance(claim, StructureClaim) and claim.category for claim in batch.claims
        )
        code = "kind.needs_identification" if uncategorised else "kind.none"
        raise InputError(code, file=batch.file, source=loader, read=batch.report.read)
    report = msgspec.structs.replace(
        batch.report,
        kept=len(kept),
        skipped=batch.report.read - batch.report.rejected - len(kept),
        warnings=[item for item in batch.report.warnings if item.code not in _OLDER],
    )
    reporter = Reporter()
    reporter.report = report
    _warn_without_status(loader, kept, reporter)
    stated = {claim.source for claim in kept}
    sources = tuple(_own(loader, source) for source in batch.sources if source.id in stated)
    for source in sources:
        warn_if_older(store, source.id, source.vintage, reporter)
    return msgspec.structs.replace(
        batch,
        loader=loader,
        series=f"{loader}:{batch.series}",
        sources=sources,
        claims=[_renamed(loader, claim) for claim in kept],
        report=report,
    )


def _warn_without_status(loader: str, claims: Sequence[StructureClaim], reporter: Reporter) -> None:
    """Say how many kinds rest on a legal status that no file states."""
    unknown = [
        item
        for item in claims
        if item.kind in _WITHOUT_STATUS and item.category and item.legal_status is None
    ]
    if unknown:
        reporter.warn(loader, "kind.no_status", n=len(unknown))


def _own(loader: str, source: SourceRecord) -> SourceRecord:
    return msgspec.structs.replace(source, id=f"{loader}-{source.id}")


def _renamed(loader: str, claim: StructureClaim) -> StructureClaim:
    return msgspec.structs.replace(claim, source=f"{loader}-{claim.source}")
