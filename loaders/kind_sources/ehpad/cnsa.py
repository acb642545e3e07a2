"""CNSA files on EHPAD: the price list (raw export) and the directory, one row per establishment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from graph.dates import PartialDate, latest
from graph.errors import InputError
from graph.model import AnyClaim, SourceRecord
from graph.store.port import LoadBatch
from loaders.base import LoadContext, Reporter, checksum
from loaders.kind_sources.ehpad.cnsa_files import Kind, recognise
from loaders.kind_sources.ehpad.directory_rows import DirectoryRows
from loaders.kind_sources.ehpad.price_rows import PriceRows
from loaders.neighbourhood import flagged
from loaders.partner_lists import vintage_of, warn_if_older

_TITLES = {
    "prices": "Prix hébergement et tarifs dépendance des EHPAD, données brutes",
    "directory": "Annuaire des établissements pour personnes âgées",
}


def read(paths: Sequence[Path], context: LoadContext) -> LoadBatch:
    """Read CNSA files of one kind.

    Of files of different months, whatever their order, only the latest is kept; a structure that
    stands twice keeps its newest row where both say when they were updated, else its last.

    Raises
    ------
    InputError
        A file that cannot be read, or without the identifier column.
    """
    kind = recognise(paths[0])
    if kind is None:
        raise InputError("kind.not_cnsa", file=paths[0].name)
    reporter = Reporter()
    months = {path: vintage_of(path, context, (), reporter).date for path in paths}
    vintage = max((month for month in months.values() if month), key=latest, default=None)
    warn_if_older(context.store, f"cnsa-{kind}", vintage, reporter)
    make = PriceRows if kind == "prices" else DirectoryRows
    rows = make(vintage, context.departements, reporter)
    for path, month in months.items():
        if month == vintage:
            rows.add(path)
        else:
            rows.skip(path)
            reporter.warn(path.name, "kind.older_month", value=month or "–", latest=vintage or "–")
    return flagged(
        _batch(kind, paths, vintage, list(rows.claims.values()), reporter, context.departements)
    )


def _batch(
    kind: Kind,
    paths: Sequence[Path],
    vintage: PartialDate | None,
    claims: list[AnyClaim],
    reporter: Reporter,
    departements: Sequence[str],
) -> LoadBatch:
    return LoadBatch(
        loader="ehpad",
        series=f"ehpad:cnsa-{kind}",
        sources=(
            SourceRecord(
                id=f"cnsa-{kind}",
                family="cnsa",
                title=_TITLES[kind],
                publisher="CNSA",
                licence="Licence Ouverte 2.0 (Etalab)",
                vintage=vintage,
            ),
        ),
        claims=claims,
        report=reporter.report,
        parts=frozenset(departements or (claim.part for claim in claims)),
        file=", ".join(path.name for path in paths),
        checksum=checksum(paths),
    )
