"""Loader ``ehpad``: nursing homes (500; 501 and 502 apart), capacity and prices from the CNSA."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from graph.errors import UsageError
from graph.model import StructureClaim
from graph.store.port import LoadBatch
from loaders import finess
from loaders.base import LoadContext, SourceSpec
from loaders.kind_sources.ehpad import cnsa, cnsa_files
from loaders.kind_sources.narrow import read_narrowed

KINDS = frozenset({"EHPAD", "EHPA"})


def read(paths: Sequence[Path], context: LoadContext) -> LoadBatch:
    """Read EHPAD and EHPA from FINESS files, the CNSA price list or the CNSA directory.

    Raises
    ------
    InputError
        A file that is none of these, or holds no EHPAD.
    UsageError
        CNSA files beside FINESS files in one load.
    """
    lists = [cnsa_files.recognise(path) for path in paths]
    if any(lists):
        if len(set(lists)) > 1:
            raise UsageError("kind.mixed", source="ehpad")
        return cnsa.read(paths, context)
    return read_narrowed("ehpad", paths, context, _home)


def _home(claim: StructureClaim) -> StructureClaim | None:
    return claim if claim.kind in KINDS and claim.level == "ET" else None


SPEC = SourceSpec(
    id="ehpad",
    family="cnsa",
    read=read,
    by_departement=True,
    extensions=(*finess.SPEC.extensions, ".xlsx"),
    publisher="CNSA, Agence du Numérique en Santé, DREES",
    licence="Licence Ouverte 2.0 (Etalab)",
    address="https://www.pour-les-personnes-agees.gouv.fr",
)
