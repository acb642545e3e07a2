"""Loader ``cliniques``: private hospitals by category and legal status; beds from SAE tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from graph.model import StructureClaim
from graph.store.port import LoadBatch
from loaders import finess
from loaders.base import LoadContext, SourceSpec
from loaders.kind_sources.narrow import read_narrowed

CATEGORIES = frozenset({"365", "128", "129", "122", "109", "161"})
"""Private hospitals; commercial ones are CLINIQUE, the others HOPITAL (data/kinds.csv)."""


def read(paths: Sequence[Path], context: LoadContext) -> LoadBatch:
    """Read the private hospitals of FINESS files of any layout, or of SAE tables.

    The legal status decides between clinic and non-profit hospital; where no file states it the
    kind stays unknown. An SAE table without the table ID does not say what is private: it is
    read for the private hospitals that the store knows already.

    Raises
    ------
    InputError
        A file that is neither, or holds no private hospital.
    """
    known = _known(context)

    def private(claim: StructureClaim) -> StructureClaim | None:
        if claim.level == "EJ":
            return None
        stated = claim.category in CATEGORIES
        return claim if stated or (claim.category is None and claim.id in known) else None

    return read_narrowed("cliniques", paths, context, private)


def _known(context: LoadContext) -> frozenset[str]:
    if context.store is None:
        return frozenset()
    return frozenset(item.id for item in context.store.structures() if item.category in CATEGORIES)


SPEC = SourceSpec(
    id="cliniques",
    family="finess",
    read=read,
    by_departement=True,
    extensions=finess.SPEC.extensions,
    publisher="Agence du Numérique en Santé, DREES",
    licence=finess.SPEC.licence,
    address=finess.SPEC.address,
)
