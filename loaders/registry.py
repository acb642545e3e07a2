"""The loaders, in the order in which people read them. A new source is one module and one line."""

from __future__ import annotations

from collections.abc import Sequence

from graph.errors import UsageError
from loaders import (
    activites,
    apl,
    conventions,
    cpts,
    finess,
    ght,
    kind_sources,
    reference,
    sae,
    territories,
)
from loaders.base import SourceSpec

REGISTRY: tuple[SourceSpec, ...] = (
    reference.SPEC,
    territories.SPEC,
    territories.POPULATION_SPEC,
    territories.SETS_SPEC,
    finess.SPEC,
    ght.SPEC,
    cpts.SPEC,
    kind_sources.CMS,
    kind_sources.EHPAD,
    kind_sources.CLINIQUES,
    activites.SPEC,
    sae.SPEC,
    apl.SPEC,
    conventions.SPEC,
)


def check_departements(spec: SourceSpec, departements: Sequence[str]) -> None:
    """Refuse to limit to `departements` a load by a loader that would take everything.

    Raises
    ------
    UsageError
        Départements are named and `spec` knows none; the message lists the loaders that do.
    """
    if departements and not spec.by_departement:
        allowed = ", ".join(item.id for item in REGISTRY if item.by_departement)
        raise UsageError("not_by_departement", source=spec.id, allowed=allowed)


def loader(source: str) -> SourceSpec:
    """Return the loader named `source`.

    Raises
    ------
    UsageError
        No such loader; the message lists those there are.
    """
    for spec in REGISTRY:
        if spec.id == source:
            return spec
    raise UsageError(
        "unknown_source", value=source, allowed=", ".join(item.id for item in REGISTRY)
    )
