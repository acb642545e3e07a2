"""CPTS in FINESS: establishments of category 604, their seat and legal entity, no perimeter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from graph.model import StructureClaim
from graph.store.port import LoadBatch
from loaders import finess
from loaders.base import LoadContext

CATEGORY = "604"


def read_registered(paths: Sequence[Path], context: LoadContext) -> LoadBatch:
    """Read the CPTS of FINESS files of any layout, and the legal entities that manage them.

    The scope is this loader's own: the other establishments of the files are skipped, and an
    earlier load of the FINESS loader keeps what it brought.
    """
    batch = finess.read(paths, context)
    structures = [claim for claim in batch.claims if isinstance(claim, StructureClaim)]
    own = [claim for claim in structures if claim.category == CATEGORY and claim.level == "ET"]
    managers = {claim.legal_entity for claim in own}
    kept = [*own, *(claim for claim in structures if claim.id in managers)]
    report = batch.report
    report.kept = len(kept)
    report.skipped = report.read - report.kept - report.rejected
    named = tuple(claim.id for claim in kept)
    report.warnings = [item for item in report.warnings if _speaks_of(item.row, named)]
    return LoadBatch(
        loader="cpts",
        series=batch.series.replace(finess.SPEC.id, "cpts", 1),
        sources=batch.sources,
        claims=[*kept],
        report=report,
        parts=batch.parts,
        file=batch.file,
        checksum=batch.checksum,
    )


def _speaks_of(row: str, numbers: Sequence[str]) -> bool:
    """Tell whether a remark is on one of the structures kept, or on the file as a whole."""
    words = row.replace("(", " ").replace(")", " ").split()
    numbered = any(len(word) == len(CATEGORY) * 3 and word[2:].isdigit() for word in words)
    return not numbered or any(number in words for number in numbers)
