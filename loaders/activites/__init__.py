"""Loader ``activites``: activities, capacities and intervention zones of the FINESS feed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from graph.dates import PartialDate, latest
from graph.errors import UsageError
from graph.model import SourceRecord
from graph.store.port import LoadBatch
from loaders.activites.feed import entities, generated_at
from loaders.activites.rows import SOURCE, ActivityRows
from loaders.base import LoadContext, Reporter, SourceSpec, checksum

PUBLISHER = "Agence du Numérique en Santé"
LICENCE = "Licence Ouverte 2.0 (Etalab)"
ADDRESS = "https://www.data.gouv.fr/datasets/finess-activites-1"


def read(paths: Sequence[Path], context: LoadContext) -> LoadBatch:
    """Read the FINESS feed of activities of any month, compressed or not.

    The feed holds numbers and codes only: names, kinds and places come from ``finess``. The
    département of a row is the one that its FINESS number tells.

    Parameters
    ----------
    paths : sequence of Path
        One feed.
    context : LoadContext
        `departements` limits the load.

    Returns
    -------
    LoadBatch
        One claim for each establishment with an activity in force, and for each legal entity that
        holds an authorisation whose meaning is certain.

    Raises
    ------
    InputError
        Cut, damaged, or another JSON document.
    UsageError
        Several files.
    """
    if len(paths) != 1:
        raise UsageError("activites.one_file", count=len(paths))
    (path,) = paths
    reporter = Reporter()
    vintage = generated_at(path)
    _warn_if_older(vintage, context, reporter)
    rows = ActivityRows(reporter, context.departements)
    for item in entities(path, context.progress):
        rows.add(item)
    return LoadBatch(
        loader="activites",
        series="activites",
        sources=(_source(vintage),),
        claims=[*rows.claims],
        report=reporter.report,
        parts=frozenset(claim.part for claim in rows.claims),
        file=path.name,
        checksum=checksum(paths),
    )


def _source(vintage: PartialDate | None) -> SourceRecord:
    return SourceRecord(
        id=SOURCE,
        family="finess",
        title="FINESS activités, flux JSON",
        publisher=PUBLISHER,
        date=vintage,
        licence=LICENCE,
        url=ADDRESS,
        vintage=vintage,
    )


def _warn_if_older(vintage: PartialDate | None, context: LoadContext, reporter: Reporter) -> None:
    if vintage is None:
        reporter.warn("generatedAt", "activites.no_vintage")
        return
    stored = (
        [item for item in context.store.sources() if item.id == SOURCE] if context.store else []
    )
    for item in stored:
        if item.vintage and latest(item.vintage) > latest(vintage):
            reporter.warn("generatedAt", "activites.older", value=vintage, stored=item.vintage)


SPEC = SourceSpec(
    id="activites",
    family="finess",
    read=read,
    by_departement=True,
    extensions=(".json", ".json.gz", ".gz"),
    publisher=PUBLISHER,
    licence=LICENCE,
    address=ADDRESS,
)
